"""Requirement 40: incoming chats are shown on the dashboard; an agent picks one out of the queue, or it is offered
automatically."""

from __future__ import annotations

from admin_web.live.views import DeskView
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import AcceptChat, StartChat
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ContactOffered
from cxcore.ports.controller import Subject
from tests.unit.services.test_chats import site
from tests.unit.world import World
from tests.web.conftest import Desk

ANNA, CHAT = AgentId("anna"), ContactId("c1")


def test_chat_is_offered_automatically_to_a_free_agent() -> None:
    world = World(site())
    world.log_on("anna")
    world.does(StartChat("customer", CHAT, "noordwijk", "Hallo"))
    assert [fact.agent_id for fact in world.all_facts(ContactOffered)] == [ANNA]


def test_agent_picks_a_chat_out_of_the_queue() -> None:
    world = World(site(picks_chats=True))
    world.log_on("anna")
    world.does(StartChat("customer", CHAT, "noordwijk", "Hallo"))
    assert world.all_facts(ContactOffered) == []
    world.does(AcceptChat("anna", ANNA, CHAT))
    assert world.floor.contacts[CHAT].agent_id == ANNA


def test_waiting_chats_of_the_own_queues_are_shown_on_the_dashboard(desk: Desk) -> None:
    desk.controller.submit(StartChat("customer", CHAT, "noordwijk", "Hallo"))
    rows = dict(desk.controller.picture().rows)
    for agent, sees in (("anna", True), ("chris", False)):
        view = DeskView(AgentId(agent))
        view.begin(rows)
        assert (view.shape((Subject.CONTACT, CHAT), rows[Subject.CONTACT, CHAT]) is not None) is sees
