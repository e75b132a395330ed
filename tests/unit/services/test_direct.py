"""Direct calls in and out beside the contacts of queues [21]."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import CallNumber, EndDirectCall, TransferContact
from cxcore.domain.contact import ContactState, Direction, Outcome
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactEnded, ContactOpened, DirectCallEnded, OfferEnded
from cxcore.domain.leg import HangUpCause, LegId
from tests import builders
from tests.fakes.switch import Dialled, HangUp, Hearing, Say
from tests.unit.world import World

ANNA, OWN, OUTSIDE = AgentId("anna"), "+31715550111", "+31612340000"


def world_of(unanswered: str | None = None) -> World:
    site = builders.site()
    users = {**site.users, "anna": replace(site.users["anna"], number=OWN, caller_number=OWN)}
    return World(replace(site, users=users, direct_unanswered_flow=unanswered))


def dialled(world: World) -> dict[str, LegId]:
    return {leg.live.dialled_number: leg_id for leg_id, leg in world.switch.legs.items() if not leg.live.inbound}


def talking_directly(world: World) -> tuple[LegId, LegId]:
    caller = world.calls(OWN)
    device = world.ringing()
    world.answers(device)
    return caller, device


def test_call_to_an_own_number_rings_that_agent_though_logged_off_and_the_caller_is_not_answered_yet() -> None:
    world = world_of()
    caller = world.calls(OWN)
    assert world.switch.last(Dialled).dial.destination == "sip:anna@127.0.0.1:5071"
    assert not world.switch.legs[caller].live.answered
    assert world.contact(caller).state is ContactState.DIRECT


def test_agent_who_takes_a_direct_call_is_bridged_and_gets_no_offers_meanwhile() -> None:
    world = world_of()
    world.log_on("anna")
    caller, _ = talking_directly(world)
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    world.calls()
    assert world.offered_to() is None
    world.advance(30)
    world.hangs_up(caller)
    assert world.offered_to() == "anna"


def test_direct_call_is_counted_apart_and_has_no_wrap_up() -> None:
    world = world_of()
    world.log_on("anna")
    caller, _ = talking_directly(world)
    world.advance(60)
    world.hangs_up(caller)
    assert (world.agent("anna").direct_calls, world.agent("anna").handled_contacts) == (1, 0)
    assert world.agent("anna").state is AgentState.READY
    ended = world.last_fact(DirectCallEnded)
    assert (ended.direction, ended.talked_seconds, ended.missed) == (Direction.INBOUND, 60, False)
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED


def test_agent_who_hangs_up_a_direct_call_ends_it_for_the_caller() -> None:
    world = world_of()
    caller, device = talking_directly(world)
    world.hangs_up(device)
    assert not world.switch.lives(caller)


def test_direct_call_that_nobody_takes_ends_and_the_agent_sees_that_it_was_missed() -> None:
    world = world_of()
    caller = world.calls(OWN)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.switch.last(HangUp, caller).cause is HangUpCause.NO_ANSWER
    assert world.last_fact(ContactEnded).outcome is Outcome.UNANSWERED
    assert world.agent("anna").warning == "missed-direct"


def test_direct_call_that_nobody_takes_goes_on_in_the_flow_for_that() -> None:
    world = world_of(unanswered="druk")
    caller = world.calls(OWN)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.switch.last(Say, caller).prompts[0].name == "bel-later-terug.wav"
    assert world.contact(caller).state is ContactState.IN_FLOW


def test_direct_call_to_an_agent_in_conversation_is_not_rung() -> None:
    world = world_of()
    world.log_on("anna")
    world.talk()
    caller = world.calls(OWN)
    assert not world.switch.lives(caller)
    assert world.agent("anna").state is AgentState.TALKING


def test_caller_who_gives_up_a_direct_call_stops_the_ringing() -> None:
    world = world_of()
    caller = world.calls(OWN)
    world.hangs_up(caller)
    assert not dialled(world)
    assert world.last_fact(ContactEnded).outcome is Outcome.UNANSWERED
    assert world.agent("anna").direct_contact_id is None


def calling(world: World, number: str = "06 12340000") -> LegId:
    world.does(CallNumber("anna", ANNA, number))
    return dialled(world)["sip:anna@127.0.0.1:5071"]


def test_agent_who_calls_out_answers_the_own_device_first_then_the_number_rings() -> None:
    world = world_of()
    device = calling(world)
    assert OUTSIDE not in dialled(world)
    world.answers(device)
    assert world.switch.last(Dialled).dial.destination == OUTSIDE
    assert world.switch.hears(device) is Hearing.RINGBACK
    world.answers(dialled(world)[OUTSIDE])
    assert world.switch.hears(device) is Hearing.OTHER_LEG


def test_called_party_sees_the_number_of_the_agent() -> None:
    world = world_of()
    world.answers(calling(world))
    assert world.switch.last(Dialled).dial.caller_number == OWN


def test_agent_who_calls_out_gets_no_offers_until_the_call_has_ended() -> None:
    world = world_of()
    world.log_on("anna")
    device = calling(world)
    world.calls()
    assert world.offered_to() is None
    world.answers(device)
    world.answers(dialled(world)[OUTSIDE])
    world.advance(40)
    world.hangs_up(dialled(world)[OUTSIDE])
    assert world.offered_to() == "anna"
    ended = world.last_fact(DirectCallEnded)
    assert (ended.direction, ended.talked_seconds) == (Direction.OUTBOUND, 40)
    assert world.all_facts(ContactOpened)[0].direction is Direction.OUTBOUND


def test_call_out_that_is_not_answered_ends_for_the_agent_too() -> None:
    world = world_of()
    device = calling(world)
    world.answers(device)
    world.hangs_up(dialled(world)[OUTSIDE], HangUpCause.BUSY)
    assert not world.switch.lives(device)
    assert world.last_fact(ContactEnded).outcome is Outcome.UNANSWERED
    assert world.agent("anna").direct_calls == 0


def test_agent_who_does_not_pick_up_the_own_device_calls_nobody() -> None:
    world = world_of()
    world.hangs_up(calling(world), HangUpCause.NO_ANSWER)
    assert not dialled(world)
    assert world.agent("anna").direct_contact_id is None


@pytest.mark.parametrize("number", ["", "abc", "+", "sip:x@y", "06-12 & rm"])
def test_what_is_no_number_is_not_called(number: str) -> None:
    with pytest.raises(NotAllowed, match="no phone number"):
        world_of().does(CallNumber("anna", ANNA, number))


def test_agent_with_a_call_cannot_call_out() -> None:
    world = world_of()
    calling(world)
    with pytest.raises(NotAllowed, match="has a call already"):
        world.does(CallNumber("anna", ANNA, OUTSIDE))


def test_agent_ends_a_direct_call_from_the_page() -> None:
    world = world_of()
    caller, device = talking_directly(world)
    world.does(EndDirectCall("anna", ANNA))
    assert not world.switch.lives(caller) and not world.switch.lives(device)
    with pytest.raises(NotAllowed, match="no direct call"):
        world.does(EndDirectCall("anna", ANNA))


@pytest.mark.parametrize("way", ["in", "out"])
def test_direct_call_outlives_the_core(way: str) -> None:
    world = world_of()
    if way == "in":
        first, _ = talking_directly(world)
    else:
        first = calling(world)
        world.answers(first)
        world.answers(dialled(world)[OUTSIDE])
    contact_id = world.contact(first).contact_id
    world.restart_core()
    assert world.contact(first).state is ContactState.DIRECT
    assert world.agent("anna").direct_contact_id == contact_id
    assert world.switch.hears(first) is Hearing.OTHER_LEG
    world.hangs_up(first)
    assert not world.switch.legs
    assert [fact.outcome for fact in world.all_facts(ContactEnded)] == [Outcome.ANSWERED]


def test_direct_call_that_rings_while_the_core_is_replaced_can_still_be_taken() -> None:
    world = world_of()
    caller = world.calls(OWN)
    world.restart_core()
    world.answers(world.ringing())
    assert world.switch.hears(caller) is Hearing.OTHER_LEG


def test_direct_call_that_outlived_the_core_is_passed_on_and_frees_the_agents_device() -> None:
    world = world_of()
    caller, device = talking_directly(world)
    world.kill_core()
    world.restart_core()
    world.does(TransferContact("anna", ANNA, "agent", "bram"))
    assert not world.switch.lives(device)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    assert world.switch.last(Dialled).dial.destination == "sip:bram@127.0.0.1:5071"


def test_direct_call_of_which_a_leg_died_unseen_ends() -> None:
    world = world_of()
    caller, device = talking_directly(world)
    world.switch._separate(device)
    del world.switch.legs[device]
    world.advance(5)
    world.switch.report_live_legs()
    world.settle()
    assert not world.switch.lives(caller)
    assert world.agent("anna").direct_contact_id is None
    assert not world.all_facts(OfferEnded)
