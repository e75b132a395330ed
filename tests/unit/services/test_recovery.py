"""The floor agrees with the switch again, whatever happened to either."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cxcore.domain.agent import AgentId, AgentState, AgentStatus
from cxcore.domain.commands import DeclineOffer, EndWrapUp, ExtendWrapUp, GoOnBreak, HoldContact
from cxcore.domain.contact import ContactState, Outcome
from cxcore.domain.events import (
    ContactEnded,
    ContactOffered,
    CoreStarted,
    LeaseHealed,
    OfferEnded,
    SwitchStateChanged,
    TalkEnded,
    WrapUpEnded,
)
from cxcore.domain.leg import LegId, OrderId
from cxcore.domain.offer import OfferEnd, OfferRule
from cxcore.domain.tidings import LegsUnbridged
from cxcore.services import inbound
from tests import builders
from tests.fakes.switch import Ask, HangUp, Hearing, PlayHoldMusic, Say
from tests.unit.world import World


def test_waiting_callers_keep_their_order_and_their_music() -> None:
    world = World()
    callers = []
    for _ in range(5):
        callers.append(world.calls())
        world.advance(1)
    world.restart_core()
    assert world.waiting() == callers
    assert world.last_fact(CoreStarted).taken_up == 5
    assert all(world.switch.hears(each) is Hearing.HOLD_MUSIC for each in callers)


def test_conversation_goes_on_and_ends_as_usual() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.restart_core()
    assert world.switch.bridged_to(caller) == device
    assert world.agent("anna").state is AgentState.TALKING
    world.hangs_up(caller)
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED


def test_held_caller_stays_on_hold() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.does(HoldContact("anna", AgentId("anna")))
    world.restart_core()
    assert world.contact(caller).held_since is not None
    assert world.switch.bridged_to(caller) is None


def test_ringing_agent_goes_on_ringing_and_is_bridged_on_answer() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    device = world.ringing()
    world.restart_core()
    assert world.offered_to() == "anna"
    world.answers(device)
    assert world.switch.bridged_to(caller) == device


def test_agent_who_answered_while_no_core_ran_is_bridged() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    device = world.ringing()
    world.switch.answers(device)
    world.restart_core()
    assert world.switch.bridged_to(caller) == device
    assert world.contact(caller).state is ContactState.TALKING


def in_menu(world: World) -> LegId:
    caller = world.calls(builders.GENERAL)
    world.switch.ends_prompt(caller)
    world.settle()
    return caller


def test_caller_in_the_menu_is_not_asked_again_and_the_key_still_counts() -> None:
    world = World()
    caller = in_menu(world)
    world.restart_core()
    assert len(world.switch.all_of(Ask, caller)) == 1
    world.switch.enters(caller, "1")
    world.settle()
    assert world.waiting() == [caller]


def test_key_that_was_pressed_while_no_core_ran_counts() -> None:
    world = World()
    caller = in_menu(world)
    world.kill_core()
    world.switch.enters(caller, "1")
    world.restart_core()
    assert world.waiting() == [caller]
    assert not world.all_facts(LeaseHealed)


def test_prompt_that_ended_while_no_core_ran_is_not_said_again() -> None:
    world = World()
    caller = world.calls(builders.GENERAL)
    world.kill_core()
    world.switch.ends_prompt(caller)
    world.restart_core()
    assert len(world.switch.all_of(Say, caller)) == 1
    assert world.switch.hears(caller) is Hearing.QUESTION


def test_wrong_key_before_a_kill_still_counts_as_an_attempt() -> None:
    world = World()
    caller = in_menu(world)
    world.switch.enters(caller, "7")
    world.settle()
    world.restart_core()
    world.switch.enters(caller, "7")
    world.settle()
    assert world.waiting(builders.RECEPTIE) == [caller]


def test_prompt_that_ended_while_the_connection_was_lost_is_followed_by_the_next_step() -> None:
    world = World()
    caller = world.calls(builders.GENERAL)
    world.switch.is_lost()
    world.settle()
    world.switch.ends_prompt(caller)
    world.switch.comes_back()
    world.settle()
    assert world.switch.hears(caller) is Hearing.QUESTION


def test_announcement_is_not_repeated_because_of_a_restart() -> None:
    world = World()
    caller = world.calls()
    world.advance(16)
    world.switch.ends_prompt(caller)
    world.restart_core()
    world.advance(28)
    assert len(world.switch.all_of(Say, caller)) == 1
    world.advance(2)
    assert len(world.switch.all_of(Say, caller)) == 2


@pytest.mark.parametrize(("extended", "left"), [(0, 20), (60, 80)])
def test_wrap_up_goes_on_to_its_deadline(extended: int, left: int) -> None:
    world = World()
    world.log_on("anna")
    caller, _ = world.talk()
    world.hangs_up(caller)
    if extended:
        world.does(ExtendWrapUp("anna", AgentId("anna"), extended))
    world.advance(10)
    world.restart_core()
    assert world.agent("anna").state is AgentState.WRAP_UP
    world.advance(left - 1)
    assert not world.agent("anna").can_be_offered
    world.advance(1)
    assert world.agent("anna").can_be_offered
    assert world.last_fact(WrapUpEnded).lasted_seconds == 10 + left
    assert world.agent("anna").worked == timedelta(seconds=10 + left)


def test_wrap_up_whose_deadline_passed_while_no_core_ran_ended_then() -> None:
    world = World()
    world.log_on("anna")
    caller, _ = world.talk()
    world.hangs_up(caller)
    world.kill_core()
    world.advance(3600)
    world.restart_core()
    assert world.agent("anna").can_be_offered
    assert world.last_fact(WrapUpEnded).lasted_seconds == 30


def test_agent_may_end_the_wrap_up_that_another_core_began() -> None:
    world = World()
    world.log_on("anna")
    caller, _ = world.talk()
    world.hangs_up(caller)
    world.restart_core()
    world.does(EndWrapUp("anna", AgentId("anna")))
    assert world.agent("anna").can_be_offered


def test_facts_that_a_killed_core_did_not_write_are_told_from_the_legs() -> None:
    world = World()
    world.log_on("anna")
    known = len(world.log.facts)
    caller, _ = world.talk()
    waiting = world.calls()
    world.kill_core(unwritten_facts=len(world.log.facts) - known)
    world.restart_core()
    [talking, line] = world.log.open_contacts()
    assert talking.contact_id == world.contact(caller).contact_id
    assert talking.agent_id == "anna"
    assert line.contact_id == world.contact(waiting).contact_id
    assert line.visits[builders.BURGERZAKEN].waiting_since == world.contact(waiting).queued_at


def test_leg_whose_contact_has_ended_is_hung_up_when_the_switch_is_back() -> None:
    world = World()
    caller = world.calls()
    contact = world.contact(caller)
    world.switch.will_refuse(HangUp)
    inbound.close(world.work, contact, world.clock.now())
    world.settle()
    assert world.switch.lives(caller)
    world.kill_core()
    world.log.record(world.work.facts)
    world.restart_core()
    assert not world.switch.lives(caller)
    assert world.all_facts(LeaseHealed)[-1].cause == "its contact has ended, and it lives on"


def test_waiting_caller_whose_music_was_refused_hears_it_after_the_next_report() -> None:
    world = World()
    world.switch.will_refuse(PlayHoldMusic)
    caller = world.calls()
    assert world.switch.hears(caller) is Hearing.SILENCE
    world.switch.report_live_legs()
    world.settle()
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC


def test_agent_who_answered_while_the_connection_was_lost_is_bridged() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    device = world.ringing()
    world.switch.is_lost()
    world.settle()
    world.switch.answers(device)
    world.advance(60)
    assert world.offered_to() == "anna"
    world.switch.comes_back()
    world.settle()
    assert world.switch.bridged_to(caller) == device


def test_agent_who_answered_a_withdrawn_offer_unheard_does_not_stay_on_the_line() -> None:
    world = World()
    world.log_on("anna")
    world.calls()
    device = world.ringing()
    world.switch.is_lost()
    world.settle()
    world.does(DeclineOffer("anna", AgentId("anna")))
    world.switch.answers(device)
    world.switch.comes_back()
    world.settle()
    assert not world.switch.lives(device)
    assert world.offered_to() == "anna" or world.agent("anna").can_be_offered


def test_party_outside_that_left_while_no_core_ran_ends_the_call() -> None:
    world = World()
    caller = world.calls(builders.SERVICE_LINE)
    party = world.ringing()
    world.answers(party)
    world.kill_core()
    world.switch.hangs_up(party)
    world.restart_core()
    assert world.last_fact(ContactEnded).outcome is Outcome.TRANSFERRED
    assert not world.switch.lives(caller)


def test_party_outside_that_rings_goes_on_ringing_for_the_next_core() -> None:
    world = World()
    caller = world.calls(builders.SERVICE_LINE)
    party = world.ringing()
    world.restart_core()
    assert world.ringing() == party
    world.answers(party)
    assert world.switch.bridged_to(caller) == party


def test_call_that_the_fallback_took_ends_here() -> None:
    world = World()
    world.switch.is_lost()
    leg = world.switch.arrives(builders.DIRECT)
    world.switch.overflows(leg)
    world.switch.comes_back()
    world.settle()
    assert world.last_fact(ContactEnded).outcome is Outcome.OVERFLOWED
    assert world.switch.lives(leg)
    assert not world.floor.contacts


def test_caller_whose_agent_left_while_no_core_ran_waits_again_in_front() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.advance(30)
    later = world.calls()
    world.switch.hangs_up(device)
    world.agent("anna").status = AgentStatus.LOGGED_OFF
    world.restart_core()
    assert world.waiting() == [caller, later]
    assert world.last_fact(LeaseHealed).cause == "its agent's leg is gone from the switch"


def test_contact_that_ended_while_no_core_ran_gets_its_last_word() -> None:
    world = World()
    caller = world.calls()
    world.kill_core()
    world.switch.hangs_up(caller)
    world.restart_core()
    assert world.last_fact(ContactEnded).outcome is Outcome.LOST
    assert world.floor.day.queues[builders.BURGERZAKEN].closed == 1


def test_contact_whose_conversation_ended_while_no_core_ran_was_answered_and_its_agent_wraps_up() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.advance(60)
    world.kill_core()
    world.switch.hangs_up(caller)
    world.restart_core()
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED
    assert world.last_fact(TalkEnded).talked_seconds == 60
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert not world.switch.lives(device)
    world.advance(31)
    assert world.agent("anna").can_be_offered


def test_leg_that_nobody_took_is_taken_now() -> None:
    world = World()
    leg = LegId("waits-for-a-core")
    world.switch.arrives(builders.DIRECT, leg_id=leg)
    world.restart_core()
    assert world.waiting() == [leg]


def test_agents_are_as_they_were() -> None:
    world = World()
    world.log_on("anna")
    world.restart_core()
    assert world.agent("anna").status is AgentStatus.AVAILABLE
    assert world.agent("bram").status is AgentStatus.LOGGED_OFF
    world.calls()
    assert world.offered_to() == "anna"


@pytest.mark.parametrize("seconds", [0, 10], ids=["at-once", "later"])
def test_switch_that_died_takes_its_contacts_with_it_and_the_facts_say_so(seconds: int) -> None:
    world = World()
    world.switch.comes_back()
    world.log_on("anna")
    world.talk()
    world.calls()
    world.advance(seconds)
    world.switch.restarts()
    world.settle()
    assert not world.floor.contacts
    assert world.agent("anna").leg_id is None
    assert {fact.cause.value for fact in world.all_facts(ContactEnded)} == {"switch-lost"}
    assert {fact.outcome for fact in world.all_facts(ContactEnded)} == {Outcome.ANSWERED, Outcome.LOST}
    assert [fact.connected for fact in world.all_facts(SwitchStateChanged)] == [True, False, True]


def test_nothing_is_offered_while_the_switch_is_away_and_all_of_it_when_it_is_back() -> None:
    world = World()
    caller = world.calls()
    world.switch.is_lost()
    world.settle()
    world.log_on("anna")
    assert world.offered_to() is None
    world.switch.comes_back()
    world.settle()
    assert world.offered_to() == "anna"
    assert world.waiting() == [caller]


def test_agent_whose_leg_vanished_unheard_is_healed_by_the_check() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.advance(30)
    del world.switch.legs[device]
    world.switch.legs[caller].live = replace(world.switch.legs[caller].live, bridged_to=None)
    world.switch.report_live_legs()
    world.settle()
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.last_fact(LeaseHealed).kind == "agent"


def test_new_caller_is_offered_to_nobody_before_it_is_known_who_is_at_work() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.kill_core()
    later = world.switch.arrives(builders.DIRECT)
    world.restart_core()
    assert world.switch.bridged_to(caller) == device
    assert world.waiting() == [later]
    assert world.offered_to() is None


def test_everybody_who_can_be_offered_is_offered_when_the_switch_is_back() -> None:
    world = World()
    first, second = world.calls(), world.calls()
    world.switch.is_lost()
    world.settle()
    world.log_on("anna", "bram")
    world.switch.comes_back()
    world.settle()
    assert {str(offer.agent_id) for offer in world.floor.offers.values()} == {"anna", "bram"}
    assert world.waiting() == [first, second]


def test_late_end_of_a_bridge_does_not_cut_what_the_caller_was_told_since() -> None:
    world = World()
    caller = world.calls(builders.GENERAL)
    world.work.switch.say(caller, world.contact(caller).order_id or OrderId(""), ())
    world.inbox.step(LegsUnbridged(world.clock.now(), caller, LegId("gone")))
    assert world.switch.hears(caller) is Hearing.PROMPTS


def test_offer_whose_device_died_while_no_core_ran_has_an_end() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    first = world.ringing()
    world.kill_core()
    world.switch.loses(first)
    world.restart_core()
    ended = world.all_facts(OfferEnded)
    assert [(each.end, each.cause) for each in ended] == [(OfferEnd.WITHDRAWN, "core-restarted")]
    assert world.ringing() != first
    world.answers(world.ringing())
    world.hangs_up(caller)
    offered = [each.offer_id for each in world.all_facts(ContactOffered)]
    assert sorted(offered) == sorted(each.offer_id for each in world.all_facts(OfferEnded))


@pytest.mark.parametrize("unwritten", range(6))
def test_every_offer_has_one_end_whatever_was_not_written_when_the_core_died(unwritten: int) -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.kill_core(unwritten)
    world.restart_core()
    world.hangs_up(caller)
    offered = sorted(each.offer_id for each in world.log.facts if isinstance(each, ContactOffered))
    assert offered == sorted(each.offer_id for each in world.log.facts if isinstance(each, OfferEnded))
    assert len(offered) == 1


def test_who_spoke_a_caller_last_is_known_after_a_restart_for_as_long_as_the_queue_asks() -> None:
    for later, remembered in ((600, True), (4000, False)):
        sticky = builders.queue(sticky_seconds=3600, wrap_up_seconds=0)
        world = World(builders.site((sticky, builders.queue(builders.RECEPTIE))))
        world.log_on("anna")
        caller, _ = world.talk()
        world.hangs_up(caller)
        world.log_on("bram")
        world.advance(later)
        world.restart_core()
        assert (world.floor.last_talks.get("+31612345678") is not None) is remembered
        if remembered:
            world.calls()
            assert world.last_fact(ContactOffered).reason == OfferRule.LAST_SPOKE
            assert world.offered_to() == "anna"


def test_who_steered_an_agent_is_known_after_a_restart() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.does(GoOnBreak("sofie", AgentId("anna"), "Lunch"))
    world.restart_core()
    assert (world.agent("anna").changed_by, world.agent("bram").changed_by) == ("sofie", "bram")


def test_healing_of_a_contact_stands_in_its_history() -> None:
    world = World()
    caller = world.calls()
    contact_id = world.contact(caller).contact_id
    world.advance(10)
    world.switch.loses(caller)
    world.switch.is_lost()
    world.switch.comes_back()
    world.settle()
    assert world.last_fact(LeaseHealed).contact_id == contact_id
