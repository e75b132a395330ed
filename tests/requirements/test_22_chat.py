"""Requirement 22: the agent answers a chat that began on the website, or with a WhatsApp message, on the
dashboard."""

from __future__ import annotations

from admin_web.live.views import DeskView
from cxcore.alerting.whatsapp import letters_of
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import AcceptChat, AnswerChat, StartChat, WriteInChat
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ChatWritten
from cxcore.ports.controller import Subject
from cxcore.ports.outbox import Way
from tests.cast import ANNA as ANNAS_ACCOUNT
from tests.unit.services import test_messaging
from tests.unit.services.test_chats import site
from tests.unit.world import World
from tests.web.conftest import Desk

ANNA, CHAT = AgentId("anna"), ContactId("c1")


def test_agent_and_customer_write_to_each_other() -> None:
    world = World(site())
    world.log_on("anna")
    world.does(StartChat("customer", CHAT, "noordwijk", "Wanneer is het loket open?"))
    world.does(AcceptChat("anna", ANNA))
    world.does(AnswerChat("anna", ANNA, "Vanaf half negen."))
    world.does(WriteInChat("customer", CHAT, "Dank u."))
    written = [(line.author, line.text) for line in world.floor.chats[CHAT].lines]
    assert written == [
        ("customer", "Wanneer is het loket open?"), ("agent", "Vanaf half negen."), ("customer", "Dank u."),
    ]  # fmt: skip


def test_agent_answers_a_whatsapp_message_as_any_other_chat() -> None:
    world = World(test_messaging.site())
    world.log_on("anna")
    test_messaging.says(world, "Wanneer is het loket open?", "m1")
    world.does(AcceptChat("anna", ANNA))
    world.does(AnswerChat("anna", ANNA, "Vanaf half negen."))
    written = world.all_facts(ChatWritten)
    assert [(fact.author, fact.via) for fact in written] == [
        ("customer", test_messaging.VIA), ("agent", test_messaging.VIA),
    ]  # fmt: skip
    assert [letter.way for fact in written for letter in letters_of(fact)] == [Way.WHATSAPP]


def test_dashboard_shows_the_agent_what_is_written_and_no_other_agent(desk: Desk) -> None:
    desk.controller.submit(StartChat("customer", CHAT, "noordwijk", "Wanneer is het loket open?"))
    desk.visitor_as(ANNAS_ACCOUNT).command("accept-chat", contact_id=CHAT)
    rows = dict(desk.controller.picture().rows)
    key = (Subject.CHAT_LINE, "c1/1")
    for agent, sees in (("anna", True), ("bram", False)):
        view = DeskView(AgentId(agent))
        view.begin(rows)
        assert (view.shape(key, rows[key]) is not None) is sees
