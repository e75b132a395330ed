"""An agent and a customer talk."""

from __future__ import annotations

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import EndWrapUp, ExtendWrapUp, HangUpContact, HoldContact, LogOff, ResumeContact
from cxcore.domain.contact import Outcome
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    ContactEnded,
    ContactResumed,
    ConversationInterrupted,
    TalkEnded,
    WrapUpEnded,
)
from cxcore.domain.leg import HangUpCause, LegId
from tests.fakes.switch import Hearing
from tests.unit.world import World

ANNA = AgentId("anna")


def talking() -> tuple[World, LegId, LegId]:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.advance(60)
    return world, caller, device


def test_caller_who_hangs_up_ends_the_call_and_wrap_up_begins() -> None:
    world, caller, device = talking()
    world.hangs_up(caller)
    assert not world.switch.legs
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.last_fact(TalkEnded).talked_seconds == 60
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED


def test_agent_who_hangs_up_ends_the_call_for_the_caller_too() -> None:
    world, caller, device = talking()
    world.hangs_up(device)
    assert not world.switch.legs
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_caller_whose_telephone_died_ends_the_call_with_that_cause() -> None:
    world, caller, _ = talking()
    world.hangs_up(caller, HangUpCause.MEDIA_TIMEOUT)
    assert not world.switch.legs
    assert world.last_fact(ContactEnded).cause is HangUpCause.MEDIA_TIMEOUT
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_caller_of_an_agent_whose_telephone_died_waits_again_in_front_and_is_offered_to_a_colleague() -> None:
    world, caller, device = talking()
    later = world.calls(caller="+31687654321")
    world.hangs_up(device, HangUpCause.MEDIA_TIMEOUT)
    assert world.waiting() == [caller, later]
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    assert world.last_fact(ConversationInterrupted).cause is HangUpCause.MEDIA_TIMEOUT
    assert (world.agent("anna").state, world.agent("anna").warning) == (AgentState.WRAP_UP, "unreachable")
    assert world.all_facts(ContactEnded) == []
    world.log_on("bram")
    assert world.offered_to() == "bram"
    world.answers(world.ringing())
    assert world.switch.bridged_to(caller) is not None


def test_agent_whose_telephone_died_with_the_caller_on_hold_does_not_leave_the_caller_held() -> None:
    world, caller, device = talking()
    world.does(HoldContact("anna", ANNA))
    world.hangs_up(device, HangUpCause.MEDIA_TIMEOUT)
    assert world.waiting() == [caller]
    assert world.contact(caller).held_since is None
    assert len(world.all_facts(ContactResumed)) == 1


def test_agent_ends_the_call_from_the_page() -> None:
    world, *_ = talking()
    world.does(HangUpContact("anna", ANNA))
    assert not world.switch.legs
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_nothing_is_offered_in_wrap_up_until_its_deadline() -> None:
    world, caller, _ = talking()
    world.hangs_up(caller)
    world.calls()
    world.advance(29)
    assert world.offered_to() is None
    world.advance(2)
    assert world.offered_to() == "anna"
    assert world.last_fact(WrapUpEnded).by == "deadline"


def test_agent_ends_wrap_up_early_and_gets_the_next_contact() -> None:
    world, caller, _ = talking()
    world.hangs_up(caller)
    world.calls()
    world.advance(5)
    world.does(EndWrapUp("anna", ANNA))
    assert world.offered_to() == "anna"
    assert world.last_fact(WrapUpEnded).lasted_seconds == 5


def test_agent_extends_wrap_up() -> None:
    world, caller, _ = talking()
    world.hangs_up(caller)
    world.does(ExtendWrapUp("anna", ANNA, 60))
    world.advance(85)
    assert world.agent("anna").state is AgentState.WRAP_UP
    world.advance(6)
    assert world.agent("anna").state is AgentState.READY


def test_held_caller_hears_hold_music_and_comes_back() -> None:
    world, caller, device = talking()
    world.does(HoldContact("anna", ANNA))
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.advance(20)
    world.does(ResumeContact("anna", ANNA))
    assert world.switch.bridged_to(caller) == device
    assert world.last_fact(ContactResumed).held_seconds == 20


def test_caller_who_hangs_up_on_hold_ends_the_call() -> None:
    world, caller, _ = talking()
    world.does(HoldContact("anna", ANNA))
    world.hangs_up(caller)
    assert not world.switch.legs
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_contact_on_hold_cannot_be_held_again() -> None:
    world, *_ = talking()
    world.does(HoldContact("anna", ANNA))
    with pytest.raises(NotAllowed, match="on hold already"):
        world.does(HoldContact("anna", ANNA))


def test_agent_who_logs_off_in_a_conversation_finishes_it() -> None:
    world, caller, device = talking()
    world.does(LogOff("anna", ANNA))
    assert world.switch.bridged_to(caller) == device
    world.hangs_up(caller)
    world.calls()
    world.advance(60)
    assert world.offered_to() is None


def test_work_of_all_queues_counts_together() -> None:
    world, caller, _ = talking()
    world.hangs_up(caller)
    world.advance(31)
    anna = world.agent("anna")
    assert (anna.handled_contacts, anna.worked.total_seconds()) == (1, 90)
