"""Callers who are called back instead of waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import CancelCallBack, GoOnBreak, HangUpContact, HoldContact, MoveContact, TransferContact
from cxcore.domain.contact import ContactId, ContactState, Outcome
from cxcore.domain.dialplan import CallBack, Close, Dialplan, Enqueue
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    CallBackAsked,
    CallBackCancelled,
    CallBackEnded,
    CallBackTried,
    ContactAnswered,
    ContactEnded,
    ContactLeftQueue,
    ContactOffered,
    ContactOpened,
    OfferEnded,
    TalkEnded,
)
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.queue import Announcement, CallBackSettings, WaitMenu
from cxcore.domain.schedule import Span, every_day
from cxcore.domain.site import Site
from tests import builders
from tests.fakes.switch import Dialled, Hearing, Hold, Say
from tests.unit.world import PROMPTS, World

LINE = "+31715550105"
KAREL = "+31687654321"
SETTINGS = CallBackSettings(attempts=2, retry_seconds=600)


def site(settings: CallBackSettings = SETTINGS, caller_number: str = "") -> Site:
    """Burgerzaken with a menu while waiting, and a number that leads straight to a call-back."""
    menu = WaitMenu("wachtmenu", {"1": "terugbellen"})
    queue = builders.queue(announcement=Announcement(None, 10, menu=menu), call_back=settings,
                           caller_number=caller_number)  # fmt: skip
    plain = builders.site((queue, builders.queue(builders.RECEPTIE)))
    flows = {**plain.dialplan.flows, "terugbellen": (CallBack(builders.BURGERZAKEN), Enqueue(builders.BURGERZAKEN)),
             "alleen-terugbellen": (CallBack(builders.BURGERZAKEN), Close())}  # fmt: skip
    dialplan = Dialplan({**plain.dialplan.numbers, LINE: "alleen-terugbellen"}, flows)
    return replace(plain, dialplan=dialplan)


def ask(world: World, number: str = KAREL) -> str:
    """Somebody waits, asks to be called back and hears the confirmation; the contact."""
    caller = world.calls(caller=number)
    contact_id = world.contact(caller).contact_id
    world.advance(10)
    world.switch.enters(caller, "1")
    world.settle()
    world.switch.ends_prompt(caller)
    world.settle()
    assert not world.switch.lives(caller)
    return contact_id


def test_request_is_confirmed_and_the_call_ended() -> None:
    world = World(site())
    caller = world.calls(caller=KAREL)
    world.advance(10)
    world.switch.enters(caller, "1")
    world.settle()
    assert world.switch.last(Say, caller).prompts == (PROMPTS["terugbellen-bevestigd"],)
    assert world.last_fact(CallBackAsked).number == KAREL
    world.switch.ends_prompt(caller)
    world.settle()
    assert not world.switch.legs
    assert not world.all_facts(ContactEnded)


def test_caller_who_hangs_up_during_the_confirmation_is_called_back_too() -> None:
    world = World(site())
    caller = world.calls(caller=KAREL)
    world.advance(10)
    world.switch.enters(caller, "1")
    world.settle()
    world.hangs_up(caller)
    world.log_on("bram")
    world.answers(world.ringing())
    assert world.switch.last(Dialled).dial.destination == KAREL


def test_place_in_line_is_kept() -> None:
    world = World(site())
    contact_id = ask(world)
    world.advance(1)
    later = world.calls()
    assert [contact.contact_id for contact in world.floor.waiting(builders.BURGERZAKEN)] == [
        contact_id, world.contact(later).contact_id,
    ]  # fmt: skip
    assert world.floor.position(world.contact(later)) == 2


def test_agent_is_offered_first_and_then_the_caller_is_rung_from_the_number_of_the_queue() -> None:
    world = World(site(caller_number="+31715550177"))
    contact_id = ask(world)
    world.log_on("bram")
    assert world.offered_to() == "bram"
    assert len(world.switch.legs) == 1
    device = world.ringing()
    world.answers(device)
    assert world.switch.hears(device) is Hearing.RINGBACK
    dial = world.switch.last(Dialled).dial
    assert (dial.destination, dial.caller_number) == (KAREL, "+31715550177")
    world.answers(dial.leg_id)
    assert world.switch.bridged_to(device) == dial.leg_id
    assert world.last_fact(ContactAnswered).contact_id == contact_id
    assert world.last_fact(CallBackEnded).reached
    world.advance(60)
    world.hangs_up(dial.leg_id)
    assert world.last_fact(TalkEnded).talked_seconds == 60
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED
    assert not world.switch.legs


def rung(world: World, agent: str = "bram") -> LegId:
    """The agent accepts; the customer's phone rings."""
    if world.offered_to() is None:
        world.log_on(agent)
    world.answers(world.ringing())
    return world.switch.last(Dialled).leg_id


@pytest.mark.parametrize("cause", [HangUpCause.BUSY, HangUpCause.NO_ANSWER, HangUpCause.UNREACHABLE])
def test_who_does_not_answer_is_tried_again_later_and_then_given_up(cause: HangUpCause) -> None:
    world = World(site())
    contact_id = ask(world)
    world.hangs_up(rung(world), cause)
    assert world.agent("bram").can_be_offered
    assert world.last_fact(CallBackTried).next_at is not None
    world.advance(599)
    assert world.offered_to() is None
    world.advance(2)
    world.hangs_up(rung(world), cause)
    assert [fact.attempt for fact in world.all_facts(CallBackTried)] == [1, 2]
    ended = world.last_fact(ContactEnded)
    assert (ended.contact_id, ended.outcome) == (contact_id, Outcome.NOT_REACHED)
    assert not world.last_fact(CallBackEnded).reached
    assert world.last_fact(ContactLeftQueue).outcome is Outcome.NOT_REACHED
    assert not world.floor.contacts


def test_agent_serves_others_while_a_call_back_rests() -> None:
    world = World(site())
    ask(world)
    world.hangs_up(rung(world), HangUpCause.NO_ANSWER)
    caller = world.calls()
    world.answers(world.ringing())
    assert world.contact(caller).state is ContactState.TALKING


def test_agent_who_hangs_up_before_the_caller_answers_leaves_the_place_to_a_colleague() -> None:
    world = World(site())
    ask(world)
    world.log_on("anna")
    customer = rung(world)
    device = next(leg for leg in world.switch.dialled_legs() if leg != customer)
    world.hangs_up(device)
    assert not world.switch.lives(customer)
    assert not world.all_facts(CallBackTried)
    assert world.agent("anna").state is AgentState.OFFERED
    world.log_on("bram")
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.offered_to() == "bram"


def test_agent_can_end_the_ringing_at_the_page_but_not_hold_it() -> None:
    world = World(site())
    ask(world)
    rung(world)
    with pytest.raises(NotAllowed):
        world.does(HoldContact("bram", AgentId("bram")))
    world.does(HangUpContact("bram", AgentId("bram")))
    assert not world.switch.legs
    assert world.last_fact(CallBackTried).attempt == 1


def test_same_number_cannot_ask_twice_and_keeps_its_place_in_line() -> None:
    world = World(site())
    ask(world)
    caller = world.calls(caller=KAREL)
    world.advance(10)
    world.switch.enters(caller, "1")
    world.settle()
    assert world.switch.last(Say, caller).prompts == (PROMPTS["terugbellen-al-gevraagd"],)
    assert len(world.all_facts(CallBackAsked)) == 1
    assert len(world.floor.lines[builders.BURGERZAKEN]) == 2
    world.switch.ends_prompt(caller)
    world.settle()
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC


@pytest.mark.parametrize("number", [None, "+31900123456", "+4930123456", "anna"])
def test_hidden_costly_foreign_and_odd_numbers_are_not_called_back(number: str | None) -> None:
    world = World(site())
    caller = world.calls(LINE, caller=number)
    assert world.switch.last(Say, caller).prompts == (PROMPTS["terugbellen-kan-niet"],)
    world.switch.ends_prompt(caller)
    world.settle()
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED
    assert not world.all_facts(CallBackAsked)


def test_step_of_a_flow_gives_the_last_place() -> None:
    world = World(site())
    waiting = world.calls()
    world.advance(1)
    caller = world.calls(LINE, caller=KAREL)
    world.switch.ends_prompt(caller)
    world.settle()
    first, second = world.floor.waiting(builders.BURGERZAKEN)
    assert first.leg_id == waiting
    assert second.call_back is not None


def test_nobody_is_called_outside_the_hours() -> None:
    world = World(site(CallBackSettings(window=every_day(Span(time(13), time(17))))))
    ask(world)
    world.log_on("bram")
    assert world.offered_to() is None
    world.advance(3 * 3600 - 30)  # the clock on the wall began at ten
    assert world.offered_to() is None
    world.advance(30)
    assert world.offered_to() == "bram"


def test_waiting_call_back_is_neither_announced_to_nor_sent_on_after_the_maximum_wait() -> None:
    world = World(site())
    ask(world)
    world.advance(3600)
    assert len(world.floor.lines[builders.BURGERZAKEN]) == 1


def restart(world: World) -> None:
    """kill -9: the new core knows what the log and the switch know."""
    world.restart_core()


def check_one_end_each(world: World) -> None:
    opened = [fact.contact_id for fact in world.all_facts(ContactOpened)]
    ended = [fact.contact_id for fact in world.all_facts(ContactEnded)]
    assert sorted(opened) == sorted(ended)


def test_call_back_survives_the_core_with_its_place() -> None:
    world = World(site())
    contact_id = ask(world)
    world.advance(1)
    later = world.calls()
    restart(world)
    first, second = world.floor.waiting(builders.BURGERZAKEN)
    assert (first.contact_id, second.leg_id) == (contact_id, later)
    customer = rung(world)
    world.answers(customer)
    world.hangs_up(customer)
    world.hangs_up(later)
    check_one_end_each(world)


def test_caller_who_stood_in_front_and_asked_keeps_that_place_after_a_kill() -> None:
    world = World(site())
    world.log_on("anna")
    caller = world.calls(caller=KAREL)
    world.answers(world.ringing())
    longer = world.calls()
    world.advance(5)
    world.does(GoOnBreak("anna", AgentId("anna"), "Lunch"))
    world.switch.will_refuse(Dialled)
    world.does(TransferContact("anna", AgentId("anna"), "number", "+31612340000"))
    world.advance(10)
    world.switch.enters(caller, "1")
    world.settle()
    world.switch.ends_prompt(caller)
    world.settle()
    restart(world)
    first, second = world.floor.waiting(builders.BURGERZAKEN)
    assert (first.call_back is not None, second.leg_id) == (True, longer)


def test_call_back_that_rests_survives_with_its_time_and_its_attempts() -> None:
    world = World(site())
    ask(world)
    world.hangs_up(rung(world), HangUpCause.NO_ANSWER)
    world.advance(60)
    restart(world)
    world.advance(500)
    assert world.offered_to() is None
    world.advance(60)
    world.hangs_up(rung(world), HangUpCause.NO_ANSWER)
    assert world.last_fact(ContactEnded).outcome is Outcome.NOT_REACHED
    check_one_end_each(world)


@pytest.mark.parametrize("answered_unheard", [False, True])
def test_core_that_dies_while_the_customer_is_rung_does_not_ring_the_customer_a_second_time(
    answered_unheard: bool,
) -> None:
    world = World(site())
    ask(world)
    customer = rung(world)
    if answered_unheard:
        world.kill_core()
        world.switch.answers(customer)
    restart(world)
    assert world.switch.last(Dialled).leg_id == customer
    if not answered_unheard:
        world.answers(customer)
    assert world.agent("bram").state is AgentState.TALKING
    assert world.contact(customer).state is ContactState.TALKING
    assert world.switch.bridged_to(customer) is not None
    world.hangs_up(customer)
    check_one_end_each(world)
    assert len(world.all_facts(OfferEnded)) == len(world.all_facts(ContactOffered))


def test_core_that_dies_when_the_agent_is_there_and_before_the_customer_is_dialled_dials_then() -> None:
    world = World(site())
    ask(world)
    customer = rung(world)
    world.kill_core()
    world.switch.loses(customer)
    restart(world)
    second = world.switch.last(Dialled).leg_id
    assert second != customer
    world.answers(second)
    assert world.agent("bram").state is AgentState.TALKING


def test_core_that_dies_while_both_talk_finds_them_talking() -> None:
    world = World(site())
    ask(world)
    customer = rung(world)
    world.answers(customer)
    restart(world)
    assert world.contact(customer).state is ContactState.TALKING
    assert world.contact(customer).caller_number == KAREL
    assert world.agent("bram").state is AgentState.TALKING
    world.hangs_up(customer)
    check_one_end_each(world)


def test_customer_who_is_called_back_and_passed_on_hears_music_although_the_switch_refused_it() -> None:
    world = World(site())
    ask(world)
    world.log_on("anna", "bram")
    device = world.ringing()
    world.answers(device)
    customer = world.ringing()
    world.answers(customer)
    world.switch.will_refuse(Hold)
    talks = next(agent for agent in ("anna", "bram") if world.agent(agent).state is AgentState.TALKING)
    world.does(TransferContact(talks, AgentId(talks), "agent", "bram" if talks == "anna" else "anna"))
    assert world.switch.hears(customer) is Hearing.HOLD_MUSIC


def test_core_that_dies_during_the_confirmation_keeps_the_request_and_ends_the_call() -> None:
    world = World(site())
    caller = world.calls(caller=KAREL)
    world.advance(10)
    world.switch.enters(caller, "1")
    world.settle()
    restart(world)
    assert not world.switch.lives(caller)
    assert len(world.floor.lines[builders.BURGERZAKEN]) == 1


def test_switch_that_restarts_costs_no_attempt() -> None:
    world = World(site())
    ask(world)
    rung(world)
    world.advance(5)
    world.switch.restarts()
    world.settle()
    assert not world.all_facts(CallBackTried)
    assert world.offered_to() == "bram"


def test_day_counts_one_visit_for_a_call_back_however_often_it_was_tried() -> None:
    world = World(site())
    ask(world)
    world.hangs_up(rung(world), HangUpCause.BUSY)
    world.advance(601)
    customer = rung(world)
    world.answers(customer)
    world.hangs_up(customer)
    day = world.floor.day.queues[builders.BURGERZAKEN]
    assert (day.offered, day.answered, day.moved, day.closed) == (1, 1, 0, 0)


# --- A supervisor steers ---------------------------------------------------------------------------------------------


def test_supervisor_moves_a_call_back_to_another_queue_where_it_keeps_its_wait() -> None:
    world = World(site())
    contact_id = ask(world)
    world.advance(60)
    world.does(MoveContact("sofie", ContactId(contact_id), builders.RECEPTIE))
    assert [each.contact_id for each in world.floor.waiting(builders.RECEPTIE)][0] == contact_id
    restart(world)
    assert world.floor.contacts[ContactId(contact_id)].queue_id == builders.RECEPTIE
    world.log_on("anna")
    assert world.offered_to() == "anna"


def test_supervisor_cancels_a_call_back_in_line_and_one_that_rests() -> None:
    for rests in (False, True):
        world = World(site())
        contact_id = ContactId(ask(world))
        if rests:
            customer = rung(world)
            world.hangs_up(customer, HangUpCause.BUSY)
            assert world.floor.contacts[contact_id].state is ContactState.CALL_BACK
        world.does(CancelCallBack("sofie", contact_id))
        assert world.last_fact(CallBackCancelled).by == "sofie"
        assert world.last_fact(ContactEnded).outcome is Outcome.CANCELLED
        world.advance(2000)
        restart(world)
        assert not world.floor.contacts
        check_one_end_each(world)


def test_nobody_is_moved_or_cancelled_who_is_on_the_line() -> None:
    world = World(site())
    contact_id = ContactId(ask(world))
    rung(world)
    for command in (MoveContact("sofie", contact_id, builders.RECEPTIE), CancelCallBack("sofie", contact_id)):
        with pytest.raises(NotAllowed):
            world.does(command)
