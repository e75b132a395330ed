"""Customers write by WhatsApp: a chat without a page, whose lines leave by the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from cxcore.domain import commands
from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.chat import Author, ChatPage
from cxcore.domain.contact import Channel, Contact, ContactId, Outcome
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import (
    ChatEnded,
    ChatPresence,
    ChatUndelivered,
    ChatWritten,
    ContactEnded,
    ContactOpened,
)
from cxcore.domain.schedule import Span, every_day
from cxcore.domain.site import Site
from cxcore.domain.tidings import LineNotSent
from cxcore.services import chats
from tests import builders
from tests.unit.world import World

ANNA = AgentId("anna")
VIA, KAREL, LOES = "106540352242922", "+31612345678", "+31687654321"
PAGE = ChatPage("whatsapp", "WhatsApp Noordwijk", builders.BURGERZAKEN, whatsapp=VIA)


def site(**changes: Any) -> Site:
    queue = builders.queue(announcement=None, **changes)
    return replace(builders.site((queue, builders.queue(builders.RECEPTIE))), chat_pages={PAGE.key: PAGE})


def says(world: World, text: str, token: str, sender: str = KAREL, via: str = VIA) -> None:
    world.does(commands.TakeMessage("whatsapp", via, sender, text, "Karel", token))


def accepts(world: World) -> None:
    world.does(commands.AcceptChat(ANNA, ANNA))


def answers(world: World, text: str) -> None:
    world.does(commands.AnswerChat("anna", ANNA, text))


def in_talk() -> World:
    """Anna took the chat that Karel began."""
    world = World(site())
    world.log_on("anna")
    says(world, "Hallo", "m1")
    accepts(world)
    return world


def only(world: World) -> Contact:
    (contact,) = world.floor.contacts.values()
    return contact


def texts(world: World, contact_id: ContactId) -> Sequence[tuple[Author, str]]:
    return [(line.author, line.text) for line in world.floor.chats[contact_id].lines]


def test_message_begins_a_chat_in_the_queue_of_its_number_and_is_offered() -> None:
    world = World(site())
    world.log_on("anna")

    says(world, "Is het loket open?", "m1")

    (opened,) = world.all_facts(ContactOpened)
    assert (opened.channel, opened.dialled_number, opened.caller_number) == (Channel.WHATSAPP, PAGE.name, KAREL)
    assert opened.caller_name == "Karel"
    assert only(world).queue_id == builders.BURGERZAKEN
    assert world.floor.agent(ANNA).state is AgentState.OFFERED


def test_further_messages_of_the_number_go_on_in_its_chat_and_those_of_another_begin_one() -> None:
    world = World(site())
    says(world, "Hallo", "m1")
    says(world, "Is het loket open?", "m2")
    says(world, "Dag", "m3", sender=LOES)

    first, second = (each.contact_id for each in world.all_facts(ContactOpened))
    assert texts(world, first) == [(Author.CUSTOMER, "Hallo"), (Author.CUSTOMER, "Is het loket open?")]
    assert texts(world, second) == [(Author.CUSTOMER, "Dag")]


def test_who_hides_the_phone_number_has_one_chat_and_is_answered_by_the_id() -> None:
    world = World(site())
    hidden = "NL.13491208655302741918"
    says(world, "Hallo", "m1", sender=hidden)
    says(world, "Is het loket open?", "m2", sender=hidden)
    assert only(world).caller_number == hidden


def test_message_that_is_delivered_twice_is_taken_once_also_after_its_chat_has_ended() -> None:
    world = World(site())
    world.log_on("anna")
    says(world, "Hallo", "m1")
    says(world, "Hallo", "m1")
    accepts(world)
    world.does(commands.HangUpContact("anna", ANNA))
    says(world, "Hallo", "m1")

    assert len(world.all_facts(ContactOpened)) == len(world.all_facts(ChatWritten)) == 1


def test_message_after_the_end_begins_another_chat() -> None:
    world = in_talk()
    world.does(commands.HangUpContact("anna", ANNA))
    says(world, "Nog iets", "m2")

    assert len(world.all_facts(ContactOpened)) == 2


def test_nobody_watches_whether_the_customer_is_there_however_long_nothing_is_written() -> None:
    world = World(site(maximum_wait_seconds=None))
    says(world, "Hallo", "m1")
    world.advance(6 * 3600)
    assert only(world).chat is not None
    world.log_on("anna")
    accepts(world)
    world.advance(6 * 3600)

    assert not world.all_facts(ChatPresence)
    assert not world.all_facts(ChatEnded)
    assert world.floor.agent(ANNA).state is AgentState.TALKING


def test_what_the_agent_writes_names_the_number_by_which_it_leaves() -> None:
    world = in_talk()
    answers(world, "Zeker.")

    assert [(fact.author, fact.via) for fact in world.all_facts(ChatWritten)] == [
        (Author.CUSTOMER, VIA), (Author.AGENT, VIA),
    ]  # fmt: skip


def test_closed_queue_answers_once_with_the_reason_and_when_it_opens() -> None:
    world = World(site(hours=every_day(Span(time(13), time(17)))))
    says(world, "Hallo", "m1")
    says(world, "Hallo?", "m2")

    (ended,) = world.all_facts(ContactEnded)
    assert ended.outcome is Outcome.CLOSED
    lines = texts(world, ended.contact_id)
    assert [author for author, _ in lines] == [Author.CUSTOMER, Author.HOUSE]
    assert "gesloten" in lines[1][1]
    assert "Vanaf maandag 2-3 om 13:00 uur zijn wij er weer voor u." in lines[1][1]
    assert world.floor.contacts == {}


def test_who_was_turned_away_can_try_again_once_it_is_open() -> None:
    world = World(site(hours=every_day(Span(time(13), time(17)))))
    says(world, "Hallo", "m1")
    world.advance(4 * 3600)
    says(world, "Hallo", "m2")
    assert only(world).queue_id == builders.BURGERZAKEN


def test_full_queue_answers_with_the_reason() -> None:
    world = World(site(maximum_waiting=1))
    says(world, "Hallo", "m1")
    says(world, "Dag", "m2", sender=LOES)

    (ended,) = world.all_facts(ContactEnded)
    assert "druk" in texts(world, ended.contact_id)[1][1]
    assert [fact.end for fact in world.all_facts(ChatEnded)] == ["full"]


def test_queue_that_closes_writes_to_those_who_wait() -> None:
    world = World(site())
    says(world, "Hallo", "m1")
    contact_id = only(world).contact_id
    chats.turn_away_all(world.work, builders.BURGERZAKEN, world.clock.now())

    assert texts(world, contact_id)[1][0] is Author.HOUSE
    assert world.floor.contacts == {}


def test_line_that_does_not_arrive_says_why_once() -> None:
    world = in_talk()
    answers(world, "Zeker.")
    contact_id = only(world).contact_id
    world.does(commands.NoteUndelivered("whatsapp", contact_id, 2, "131047"))
    world.inbox.step(LineNotSent(world.clock.now(), contact_id, 2, "131047"))
    world.inbox.step(LineNotSent(world.clock.now(), ContactId("unknown"), 2, "131047"))

    assert [line.fault for line in world.floor.chats[contact_id].lines] == ["", "131047"]
    assert len(world.all_facts(ChatUndelivered)) == 1


def test_number_that_no_page_has_and_empty_text_are_refused() -> None:
    world = World(site())
    with pytest.raises(NotFound):
        says(world, "Hallo", "m1", via="999999")
    with pytest.raises(NotFound):
        says(world, "Hallo", "m1", via="")
    with pytest.raises(NotAllowed):
        says(world, " \x00 ", "m1")


def test_chat_goes_on_when_its_number_is_taken_out_of_the_site() -> None:
    world = World(site())
    says(world, "Hallo", "m1")
    world.floor.site = replace(world.floor.site, chat_pages={})
    says(world, "Nog iets", "m2")
    assert [text for _, text in texts(world, only(world).contact_id)] == ["Hallo", "Nog iets"]


def test_number_of_whatsapp_is_no_page_to_chat_on() -> None:
    world = World(site())
    with pytest.raises(NotFound):
        world.does(commands.StartChat("customer", ContactId("c1"), PAGE.key, "Hallo"))


def test_core_that_is_killed_takes_up_the_chat_its_number_and_what_did_not_arrive() -> None:
    world = in_talk()
    answers(world, "Zeker.")
    contact_id = only(world).contact_id
    world.does(commands.NoteUndelivered("whatsapp", contact_id, 2, "131047"))
    world.restart_core()
    says(world, "Hallo", "m1")
    says(world, "Bent u er nog?", "m2")
    answers(world, "Ja.")
    world.advance(3600)

    chat = only(world).chat
    assert chat is not None
    assert [(line.text, line.fault) for line in chat.lines] == [
        ("Hallo", ""), ("Zeker.", "131047"), ("Bent u er nog?", ""), ("Ja.", ""),
    ]  # fmt: skip
    assert world.all_facts(ChatWritten)[-1].via == VIA
    assert world.all_facts(ChatEnded) == []
