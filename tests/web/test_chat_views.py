"""Which agent's page is told of which chats, and what is written in them."""

from __future__ import annotations

import pytest

from admin_web.live.views import DeskView, FloorView, ViewOutdated
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import AcceptChat, StartChat
from cxcore.domain.contact import ContactId
from cxcore.ports.controller import Row, Subject
from tests.web.conftest import Desk

CHAT, ANNA, BRAM = ContactId("c1"), AgentId("anna"), AgentId("bram")
CONTACT, LINE = (Subject.CONTACT, "c1"), (Subject.CHAT_LINE, "c1/1")


def rows(desk: Desk) -> dict[tuple[Subject, str], Row]:
    return dict(desk.controller.picture().rows)


def seen(desk: Desk, agent: AgentId) -> set[tuple[Subject, str]]:
    """What a fresh snapshot tells the agent of contacts and chats."""
    view = DeskView(agent)
    view.begin(rows(desk))
    about = [key for key in rows(desk) if key[0] in (Subject.CONTACT, Subject.CHAT, Subject.CHAT_LINE)]
    return {key for key in about if not view.hides(key, rows(desk)[key]) and view.shape(key, rows(desk)[key])}


def in_talk_with_anna(desk: Desk) -> None:
    desk.controller.submit(StartChat("customer", CHAT, "noordwijk", "Hallo"))
    desk.controller.submit(AcceptChat("anna", ANNA, CHAT))


def test_waiting_chat_is_shown_to_members_of_its_queue_without_what_is_written(desk: Desk) -> None:
    desk.controller.submit(StartChat("customer", CHAT, "noordwijk", "Hallo"))
    assert seen(desk, ANNA) == {CONTACT}


def test_agent_who_has_it_reads_it_and_nobody_else_does(desk: Desk) -> None:
    in_talk_with_anna(desk)
    assert seen(desk, ANNA) == {CONTACT, LINE, (Subject.CHAT, "c1")}
    assert seen(desk, BRAM) == set()


def test_chat_that_becomes_ones_own_needs_a_fresh_snapshot_and_so_does_one_that_goes(desk: Desk) -> None:
    desk.controller.submit(StartChat("customer", CHAT, "noordwijk", "Hallo"))
    view = DeskView(ANNA)
    view.begin(rows(desk))
    desk.controller.submit(AcceptChat("anna", ANNA, CHAT))
    with pytest.raises(ViewOutdated):
        view.hides(CONTACT, rows(desk)[CONTACT])
    view.begin(rows(desk))
    view.shape(CONTACT, rows(desk)[CONTACT])
    desk.controller.change_contact(CHAT, agent_id="bram")
    desk.controller.change_agent("anna", state="wrap-up")
    with pytest.raises(ViewOutdated):
        view.hides(CONTACT, rows(desk)[CONTACT])


def test_agent_who_wraps_up_an_assigned_chat_reads_it_no_more(desk: Desk) -> None:
    in_talk_with_anna(desk)
    desk.controller.change_contact(CHAT, agent_id="bram")
    desk.controller.change_agent("anna", state="wrap-up")
    assert seen(desk, ANNA) == set()


def test_agent_who_wraps_up_a_chat_that_ended_still_reads_it(desk: Desk) -> None:
    in_talk_with_anna(desk)
    desk.controller.ends_chat(CHAT, "customer")
    desk.controller.change_agent("anna", state="wrap-up")
    assert LINE in seen(desk, ANNA)


def test_supervisors_floor_shows_the_contact_and_nothing_that_is_written(desk: Desk) -> None:
    in_talk_with_anna(desk)
    view = FloorView(sees_contacts=True)
    assert view.shape(CONTACT, rows(desk)[CONTACT]) is not None
    assert view.shape(LINE, rows(desk)[LINE]) is None
