"""Customers write on a page of the site, and agents answer: a contact like a call, without a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cxcore.domain import commands
from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.chat import ChatPage
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import (
    ChatEnded,
    ChatPresence,
    ChatWritten,
    ContactAssigned,
    ContactEnded,
    ContactOffered,
    ContactOpened,
    ContactTransferred,
    OfferEnded,
    WrapUpStarted,
)
from cxcore.domain.offer import OfferEnd
from cxcore.domain.site import Site
from cxcore.services import chats
from tests import builders
from tests.fakes.switch import Dialled, Order
from tests.unit.world import World

ANNA, BRAM = AgentId("anna"), AgentId("bram")
FIRST = "t1"
C1, C2 = ContactId("c1"), ContactId("c2")
PAGE = ChatPage("noordwijk", "www.noordwijk.nl", builders.BURGERZAKEN)


def site(**changes: Any) -> Site:
    queue = builders.queue(announcement=None, **changes)
    plain = builders.site((queue, builders.queue(builders.RECEPTIE)))
    return replace(plain, chat_pages={PAGE.key: PAGE})


def starts(world: World, contact_id: ContactId = C1, text: str = "Mag ik iets vragen?", token: str = FIRST) -> None:
    world.does(commands.StartChat("customer", contact_id, "noordwijk", text, "Karel", "karel@example.nl", token))


def accepts(world: World, agent: AgentId = ANNA, contact_id: str = "") -> None:
    world.does(commands.AcceptChat(agent, agent, ContactId(contact_id)))


def texts(world: World, contact_id: ContactId = C1) -> Sequence[str]:
    return [line.text for line in world.floor.chats[contact_id].lines]


def state(world: World, agent: AgentId) -> AgentState:
    return world.floor.agent(agent).state


def dialled(world: World) -> list[Order]:
    return [each for each in world.switch.orders if isinstance(each, Dialled)]


def test_chat_is_offered_to_a_free_agent_and_nothing_rings() -> None:
    world = World(site())
    world.log_on("anna")

    starts(world)

    (offered,) = world.all_facts(ContactOffered)
    (opened,) = world.all_facts(ContactOpened)
    assert (offered.agent_id, opened.channel, opened.dialled_number) == (ANNA, Channel.WEB_CHAT, "www.noordwijk.nl")
    assert (opened.caller_name, opened.caller_number) == ("Karel", "karel@example.nl")
    assert state(world, ANNA) is AgentState.OFFERED
    assert dialled(world) == []


def test_customer_and_agent_write_until_the_agent_ends_it_and_wraps_up() -> None:
    world = World(site())
    world.log_on("anna")
    starts(world)
    accepts(world)

    world.does(commands.AnswerChat("anna", ANNA, "Zeker."))
    world.does(commands.WriteInChat("customer", C1, "Wanneer is u open?", "t2"))
    assert texts(world) == ["Mag ik iets vragen?", "Zeker.", "Wanneer is u open?"]
    world.advance(60)
    world.does(commands.SeeChat("customer", C1))
    world.does(commands.HangUpContact("anna", ANNA))

    (ended,) = world.all_facts(ContactEnded)
    assert ended.outcome is Outcome.ANSWERED
    assert [fact.end for fact in world.all_facts(ChatEnded)] == ["agent"]
    assert len(world.all_facts(WrapUpStarted)) == 1
    assert state(world, ANNA) is AgentState.WRAP_UP
    assert world.floor.contacts == {}


def test_what_was_written_is_a_fact_without_its_text() -> None:
    world = World(site())
    starts(world, text="mijn BSN is 123456782")

    (written,) = world.all_facts(ChatWritten)

    assert "123456782" not in repr(world.facts)
    assert world.transcripts.open(C1, 1, written.sealed) == "mijn BSN is 123456782"


def test_line_that_is_sent_twice_stands_there_once() -> None:
    world = World(site())
    starts(world)
    starts(world)
    world.does(commands.WriteInChat("customer", C1, "Hallo?", "t2"))
    world.does(commands.WriteInChat("customer", C1, "Hallo?", "t2"))
    world.does(commands.WriteInChat("customer", C1, "Hallo?", "t3"))

    assert texts(world) == ["Mag ik iets vragen?", "Hallo?", "Hallo?"]
    assert len(world.all_facts(ContactOpened)) == 1


@pytest.mark.parametrize(
    ("written", "kept"),
    [("a\x00b\x1bc", "abc"), (" twee\r\nregels ", "twee\nregels"), ("x" * 3000, "x" * 2000), ("\u202egnp", "gnp")],
)
def test_control_characters_are_taken_out_and_length_is_limited(written: str, kept: str) -> None:
    world = World(site())
    starts(world, text=written)

    assert texts(world) == [kept]


@pytest.mark.parametrize("nothing", ["", "  \n ", "\x00\x07"])
def test_empty_line_is_refused(nothing: str) -> None:
    world = World(site())
    with pytest.raises(NotAllowed):
        starts(world, text=nothing)
    assert world.facts == []


def test_chat_that_is_missed_goes_to_the_next_agent_and_the_first_stays_logged_on() -> None:
    world = World(site())
    world.log_on("anna", "bram")
    starts(world)

    world.advance(20)

    assert [fact.agent_id for fact in world.all_facts(ContactOffered)] == [ANNA, BRAM]
    (missed,) = world.all_facts(OfferEnded)
    assert missed.end is OfferEnd.MISSED
    assert state(world, ANNA) is AgentState.READY


def test_declined_chat_goes_to_the_next_agent() -> None:
    world = World(site())
    world.log_on("anna", "bram")
    starts(world)

    world.does(commands.DeclineOffer("anna", ANNA))

    assert state(world, BRAM) is AgentState.OFFERED


def test_agent_has_one_contact_at_a_time() -> None:
    world = World(site())
    world.log_on("anna")
    starts(world)
    accepts(world)
    starts(world, C2)
    world.calls()

    assert len(world.all_facts(ContactOffered)) == 1
    world.does(commands.SeeChat("customer", C2))
    world.does(commands.HangUpContact("anna", ANNA))
    world.does(commands.EndWrapUp("anna", ANNA))
    assert [fact.contact_id for fact in world.all_facts(ContactOffered)][1] == C2


def test_queue_whose_agents_pick_offers_no_chat() -> None:
    world = World(site(picks_chats=True))
    world.log_on("anna", "bram")
    starts(world)
    assert world.all_facts(ContactOffered) == []

    accepts(world, BRAM, C1)

    assert state(world, BRAM) is AgentState.TALKING
    with pytest.raises(NotAllowed):
        accepts(world, ANNA, C1)


def test_agent_picks_no_chat_of_a_foreign_queue_nor_on_a_break_nor_beside_another() -> None:
    world = World(site(picks_chats=True))
    world.log_on("anna")
    starts(world)
    starts(world, C2)
    world.floor.drop_membership(BRAM, builders.BURGERZAKEN)
    with pytest.raises(NotAllowed) as foreign:
        accepts(world, BRAM, C1)
    accepts(world, ANNA, C1)
    with pytest.raises(NotAllowed) as second:
        accepts(world, ANNA, C2)
    world.does(commands.HangUpContact("anna", ANNA))
    world.does(commands.GoOnBreak("anna", ANNA, "Lunch"))
    world.does(commands.EndWrapUp("anna", ANNA))
    with pytest.raises(NotAllowed) as resting:
        accepts(world, ANNA, C2)

    codes = [each.value.code for each in (foreign, second, resting)]
    assert codes == ["not-a-member", "engaged", "not-available"]


# --- Assigned [19] ---------------------------------------------------------------------------------------------------


def in_talk_with_anna() -> World:
    world = World(site())
    world.log_on("anna", "bram")
    starts(world)
    accepts(world)
    return world


def test_chat_is_assigned_to_a_colleague_with_all_that_was_written() -> None:
    world = in_talk_with_anna()

    world.does(commands.TransferContact("anna", ANNA, "agent", "bram"))
    accepts(world, BRAM)
    world.does(commands.AnswerChat("bram", BRAM, "Ik neem het over."))

    (assigned,) = world.all_facts(ContactAssigned)
    assert (assigned.agent_id, assigned.by) == (BRAM, "anna")
    assert texts(world) == ["Mag ik iets vragen?", "Ik neem het over."]
    assert (state(world, ANNA), state(world, BRAM)) == (AgentState.WRAP_UP, AgentState.TALKING)
    assert world.floor.day.chats[builders.BURGERZAKEN].answered == 1


def test_colleague_who_does_not_take_it_leaves_it_in_front_of_its_line() -> None:
    world = in_talk_with_anna()
    starts(world, C2)
    world.does(commands.DeclineOffer("bram", BRAM))
    world.does(commands.TransferContact("anna", ANNA, "agent", "bram"))

    world.does(commands.DeclineOffer("bram", BRAM))

    waiting = [each.contact_id for each in world.floor.chats_waiting(builders.BURGERZAKEN)]
    assert waiting == [C1, C2]


def test_chat_is_not_assigned_to_who_is_engaged_or_oneself() -> None:
    world = in_talk_with_anna()
    world.does(commands.GoOnBreak("bram", BRAM, "Lunch"))

    for colleague in ("bram", "anna"):
        with pytest.raises(NotAllowed):
            world.does(commands.TransferContact("anna", ANNA, "agent", colleague))
    assert state(world, ANNA) is AgentState.TALKING


def test_chat_goes_to_another_queue_but_not_to_a_telephone() -> None:
    world = in_talk_with_anna()
    with pytest.raises(NotAllowed):
        world.does(commands.TransferContact("anna", ANNA, "number", "0612345678"))
    with pytest.raises(NotAllowed):
        world.does(commands.Consult("anna", ANNA, "agent", "bram"))

    world.does(commands.TransferContact("anna", ANNA, "queue", builders.RECEPTIE))

    assert world.floor.contacts[C1].queue_id == builders.RECEPTIE
    assert [fact.destination for fact in world.all_facts(ContactTransferred)] == ["Receptie"]


def test_supervisor_assigns_a_chat_that_waits_and_one_that_an_agent_has() -> None:
    world = World(site(picks_chats=True))
    world.log_on("anna", "bram")
    starts(world)
    world.does(commands.AssignContact("sofie", C1, ANNA))
    accepts(world)

    world.does(commands.AssignContact("sofie", C1, BRAM))

    assert state(world, BRAM) is AgentState.OFFERED
    assert state(world, ANNA) is AgentState.WRAP_UP


# --- The customer's page ---------------------------------------------------------------------------------------------


def test_network_that_is_lost_for_20_seconds_costs_nothing() -> None:
    world = World(site())
    starts(world)
    world.advance(20 + 20)
    world.does(commands.SeeChat("customer", C1))

    assert C1 in world.floor.contacts


def test_who_closes_the_page_while_waiting_has_left_when_it_does_not_come_back() -> None:
    world = World(site())
    starts(world)
    world.advance(12)
    world.does(commands.LoseChat("customer", C1))
    world.advance(chats.RELOAD_SECONDS - 1)
    assert C1 in world.floor.contacts
    world.advance(1)

    (ended,) = world.all_facts(ContactEnded)
    assert ended.outcome is Outcome.ABANDONED
    assert world.floor.day.chats[builders.BURGERZAKEN].longest_wait_seconds == 12


def test_who_leaves_within_five_seconds_is_not_counted() -> None:
    world = World(site())
    world.log_on("anna")
    starts(world)
    world.advance(4)
    world.does(commands.LeaveChat("customer", C1))

    (ended,) = world.all_facts(ContactEnded)
    assert ended.outcome is Outcome.QUICK_DROP
    assert world.floor.day.chats[builders.BURGERZAKEN].offered == 0
    assert state(world, ANNA) is AgentState.READY


def test_conversation_waits_for_a_customer_who_is_away_and_ends_when_that_lasts() -> None:
    world = in_talk_with_anna()
    world.advance(chats.AWAY_SECONDS)
    assert [fact.present for fact in world.all_facts(ChatPresence)] == [False]
    world.does(commands.SeeChat("customer", C1))
    assert [fact.present for fact in world.all_facts(ChatPresence)] == [False, True]

    world.advance(chats.AWAY_SECONDS + chats.GIVE_UP_SECONDS)

    assert [fact.end for fact in world.all_facts(ChatEnded)] == ["away"]
    assert world.all_facts(ContactEnded)[0].outcome is Outcome.ANSWERED


def test_customer_ends_the_conversation() -> None:
    world = in_talk_with_anna()
    world.does(commands.LeaveChat("customer", C1))
    world.does(commands.LeaveChat("customer", C1))

    assert [fact.end for fact in world.all_facts(ChatEnded)] == ["customer"]
    with pytest.raises(NotAllowed):
        world.does(commands.WriteInChat("customer", C1, "Bent u er nog?"))


def test_chat_that_ended_is_forgotten_after_a_while() -> None:
    world = in_talk_with_anna()
    world.does(commands.LeaveChat("customer", C1))
    world.advance(chats.LINGER_SECONDS - 1)
    assert C1 in world.floor.chats
    world.advance(1)
    assert C1 not in world.floor.chats


# --- Closed, full, unknown -------------------------------------------------------------------------------------------


def test_closed_or_full_queue_and_unknown_page_take_no_chat() -> None:
    world = World(site(maximum_waiting=1))
    starts(world)
    with pytest.raises(NotAllowed) as full:
        starts(world, C2)
    world.does(commands.CloseQueue("sofie", builders.BURGERZAKEN))
    with pytest.raises(NotAllowed) as closed:
        starts(world, C2)
    with pytest.raises(NotFound):
        world.does(commands.StartChat("customer", C2, "elders", "Hallo"))

    assert [full.value.code, closed.value.code] == ["queue-full", "queue-closed"]


def test_queue_that_closes_at_once_sends_who_waits_away_and_keeps_conversations() -> None:
    world = in_talk_with_anna()
    starts(world, C2)
    world.does(commands.CloseQueue("sofie", builders.BURGERZAKEN, move_waiting=True))

    assert [(fact.contact_id, fact.outcome) for fact in world.all_facts(ContactEnded)] == [(C2, Outcome.CLOSED)]
    assert state(world, ANNA) is AgentState.TALKING
    assert state(world, BRAM) is AgentState.READY


def test_switch_that_dies_or_tells_what_lives_leaves_chats_alone() -> None:
    world = in_talk_with_anna()
    starts(world, C2)
    before = dict(world.floor.contacts)
    for _ in range(6):
        world.advance(10)
        for each in (C1, C2):
            world.does(commands.SeeChat("customer", each))

    assert dict(world.floor.contacts) == before
    assert state(world, ANNA) is AgentState.TALKING


def test_text_is_forgotten_after_its_days_but_not_that_of_a_chat_that_runs() -> None:
    world = World(site())
    world.work.transcript_days = 90
    starts(world)
    for each in (C1, C2):
        world.transcripts.kept.add(each)
        world.transcripts.made[each] = world.clock.now() - timedelta(days=91)

    chats.forget_old(world.work, world.clock.now())

    assert world.transcripts.kept == {C1}


# --- A core that is killed -------------------------------------------------------------------------------------------


def test_killed_core_loses_no_chat_and_no_line() -> None:
    world = in_talk_with_anna()
    world.does(commands.AnswerChat("anna", ANNA, "Zeker.", "a1"))
    starts(world, C2, "Ik wacht.")
    world.does(commands.DeclineOffer("bram", BRAM))

    world.restart_core()

    assert texts(world) == ["Mag ik iets vragen?", "Zeker."]
    assert texts(world, C2) == ["Ik wacht."]
    assert world.floor.contacts[C1].agent_id == ANNA
    assert state(world, ANNA) is AgentState.TALKING
    world.does(commands.AnswerChat("anna", ANNA, "Zeker.", "a1"))
    world.does(commands.WriteInChat("customer", C1, "Fijn.", "t2"))
    assert texts(world) == ["Mag ik iets vragen?", "Zeker.", "Fijn."]
    assert [fact.contact_id for fact in world.all_facts(ContactOffered)][-1] == C2
    world.does(commands.HangUpContact("anna", ANNA))
    assert [fact.contact_id for fact in world.all_facts(ContactEnded)] == [C1]


def test_chat_that_was_being_offered_is_offered_again_by_the_next_core() -> None:
    world = World(site())
    world.log_on("anna")
    starts(world)

    world.restart_core()
    accepts(world)

    assert state(world, ANNA) is AgentState.TALKING
    assert world.all_facts(ContactEnded) == []


def test_assigned_chat_waits_in_front_after_a_restart_too() -> None:
    world = in_talk_with_anna()
    starts(world, C2)
    world.does(commands.DeclineOffer("bram", BRAM))
    world.does(commands.TransferContact("anna", ANNA, "agent", "bram"))
    world.restart_core()

    assert [each.contact_id for each in world.floor.chats_waiting(builders.BURGERZAKEN)] == [C1, C2]
