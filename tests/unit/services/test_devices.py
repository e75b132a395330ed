"""Softphones: who can be rung, and what happens when a page goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import CallNumber, Consult, HangUpContact, LeaveSoftphone, ReportSoftphone
from cxcore.domain.contact import ContactState
from cxcore.domain.dialplan import Transfer
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    ContactEnded,
    ConversationInterrupted,
    ConversationResumed,
    DirectCallEnded,
    OfferEnded,
    SoftphoneChanged,
    TalkEnded,
)
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.offer import OfferEnd
from cxcore.domain.site import Site
from cxcore.services.devices import MISSED_SECONDS
from cxcore.services.interruption import RETURN_SECONDS
from tests import builders
from tests.builders import SERVICE_LINE
from tests.fakes.switch import Hearing
from tests.unit.world import World

ANNA = AgentId("anna")
PAGE, OTHER = "page-one", "page-two"


def site() -> Site:
    """Anna's telephone is her page, Bram has a desk phone."""
    plain = builders.site()
    anna = replace(plain.users["anna"], device="softphone:anna", number="+31715550111")
    return replace(plain, users={**plain.users, "anna": anna})


def world_of_softphones() -> World:
    world = World(site())
    world.log_on("anna")
    return world


def reports(world: World, page: str = PAGE, fault: str | None = None) -> None:
    world.does(ReportSoftphone("anna", ANNA, page, fault))


def leaves(world: World, page: str = PAGE) -> None:
    world.does(LeaveSoftphone("anna", ANNA, page))


def test_softphone_is_rung_only_once_its_page_can_take_calls() -> None:
    world = world_of_softphones()
    caller = world.calls()
    assert world.offered_to() is None
    reports(world, fault="microphone-denied")
    assert world.agent("anna").device_fault == "microphone-denied"
    assert world.offered_to() is None
    reports(world)
    assert world.offered_to() == "anna"
    assert [fact.fault for fact in world.all_facts(SoftphoneChanged)] == ["microphone-denied", ""]
    world.answers(world.ringing())
    assert world.contact(caller).state is ContactState.TALKING


def dialled(world: World) -> list[str]:
    """Where the switch rings now."""
    return [world.switch.legs[leg].live.dialled_number for leg in world.switch.dialled_legs()]


def test_page_that_said_last_that_it_can_take_calls_is_the_one_that_is_rung() -> None:
    world = world_of_softphones()
    reports(world, PAGE)
    reports(world, OTHER)
    world.calls()
    assert dialled(world) == [f"softphone:anna~{OTHER}"]


def test_page_that_takes_the_softphone_over_is_rung_for_the_conversation_of_the_other() -> None:
    world = world_of_softphones()
    reports(world)
    world.talk()
    reports(world, OTHER)
    assert dialled(world) == [f"softphone:anna~{OTHER}"]


def test_dialplan_that_connects_with_a_user_rings_the_page_that_is_the_softphone() -> None:
    plain = site()
    flows = {**plain.dialplan.flows, "storingsdienst": (Transfer(("softphone:anna",)),)}
    world = World(replace(plain, dialplan=replace(plain.dialplan, flows=flows)))
    reports(world)
    world.calls(SERVICE_LINE)
    assert dialled(world) == [f"softphone:anna~{PAGE}"]


def test_saying_the_same_again_is_no_news() -> None:
    world = world_of_softphones()
    reports(world)
    reports(world)
    assert len(world.all_facts(SoftphoneChanged)) == 1


def test_desk_phone_says_nothing_of_itself() -> None:
    world = world_of_softphones()
    with pytest.raises(NotAllowed, match="no softphone"):
        world.does(ReportSoftphone("bram", AgentId("bram"), PAGE))
    world.log_on("bram")
    world.calls()
    assert world.offered_to() == "bram"


def test_page_that_goes_while_it_rings_leaves_the_contact_to_a_colleague() -> None:
    world = world_of_softphones()
    reports(world)
    world.calls()
    assert world.offered_to() == "anna"
    world.log_on("bram")
    leaves(world)
    assert world.offered_to() == "bram"
    assert world.last_fact(OfferEnded).end is OfferEnd.WITHDRAWN
    assert world.agent("anna").state is AgentState.READY
    assert world.agent("anna").warning is None


def test_page_that_another_replaced_says_nothing_new_when_it_goes() -> None:
    world = world_of_softphones()
    reports(world)
    reports(world, OTHER)
    leaves(world, PAGE)
    assert world.agent("anna").device_fault is None


def test_caller_is_kept_for_a_page_that_is_loaded_again() -> None:
    world = world_of_softphones()
    reports(world)
    caller, device = world.talk()
    leaves(world)
    reports(world, OTHER)
    assert not world.switch.lives(device)
    assert world.switch.bridged_to(caller) is None
    again = world.ringing()
    world.answers(again)
    assert world.switch.bridged_to(caller) == again
    assert world.agent("anna").state is AgentState.TALKING
    assert len(world.all_facts(ConversationInterrupted)) == len(world.all_facts(ConversationResumed)) == 1
    world.hangs_up(again)
    assert len(world.all_facts(TalkEnded)) == len(world.all_facts(ContactEnded)) == 1


def test_connection_that_is_soon_back_interrupts_nothing() -> None:
    world = world_of_softphones()
    reports(world)
    caller, device = world.talk()
    leaves(world)
    world.advance(MISSED_SECONDS - 1)
    reports(world)
    world.advance(MISSED_SECONDS + 5)
    assert world.switch.bridged_to(caller) == device
    assert world.all_facts(ConversationInterrupted) == []


def test_network_that_was_gone_for_20_seconds_is_rung_anew() -> None:
    world = world_of_softphones()
    reports(world)
    caller, device = world.talk()
    leaves(world)
    world.advance(20)
    assert not world.switch.lives(device)
    assert world.agent("anna").state is AgentState.TALKING
    reports(world)
    world.answers(world.ringing())
    assert world.switch.bridged_to(caller) is not None


def test_agent_who_does_not_come_back_gives_the_caller_back_in_front() -> None:
    world = world_of_softphones()
    reports(world)
    caller, _ = world.talk()
    later = world.calls(caller="+31687654321")
    leaves(world)
    world.advance(MISSED_SECONDS + RETURN_SECONDS)
    assert world.waiting() == [caller, later]
    assert world.agent("anna").state is not AgentState.TALKING
    world.log_on("bram")
    assert world.contact(caller).contact_id in {offer.contact_id for offer in world.floor.offers.values()}


def test_caller_who_hangs_up_meanwhile_ends_the_conversation() -> None:
    world = world_of_softphones()
    reports(world)
    caller, _ = world.talk()
    leaves(world)
    world.advance(5)
    world.hangs_up(caller)
    assert world.agent("anna").state is AgentState.WRAP_UP
    world.advance(60)
    assert world.agent("anna").state is AgentState.READY
    assert not world.agent("anna").returning
    assert len(world.all_facts(TalkEnded)) == 1


def test_agent_may_hang_up_before_the_softphone_is_back() -> None:
    world = world_of_softphones()
    reports(world)
    caller, _ = world.talk()
    leaves(world)
    reports(world, OTHER)
    world.does(HangUpContact("anna", ANNA))
    assert not world.switch.lives(caller)
    assert world.switch.dialled_legs() == []


def test_second_reload_rings_again() -> None:
    world = world_of_softphones()
    reports(world)
    caller, _ = world.talk()
    reports(world, OTHER)
    first = world.ringing()
    reports(world, "page-three")
    second = world.ringing()
    assert first != second
    world.answers(second)
    assert world.switch.bridged_to(caller) == second


def test_direct_call_to_an_agent_without_a_page_goes_on_as_one_that_nobody_took() -> None:
    world = world_of_softphones()
    world.calls("+31715550111")
    assert world.switch.dialled_legs() == []
    with pytest.raises(NotAllowed, match="cannot be rung"):
        world.does(CallNumber("anna", ANNA, "0612345678"))


def direct_call_in(world: World) -> LegId:
    reports(world)
    caller = world.calls("+31715550111")
    world.answers(world.ringing())
    return caller


def direct_call_out(world: World) -> LegId:
    """The leg of the number that Anna called."""
    reports(world)
    world.does(CallNumber("anna", ANNA, "0612345678"))
    world.answers(world.ringing())
    line = world.ringing()
    world.answers(line)
    return line


@pytest.mark.parametrize("begin", [direct_call_in, direct_call_out])
def test_direct_call_is_kept_with_music_and_taken_up_by_the_page_that_is_loaded_again(
    begin: Callable[[World], LegId],
) -> None:
    world = world_of_softphones()
    line = begin(world)
    device = world.switch.bridged_to(line)
    assert device is not None
    leaves(world)
    world.advance(MISSED_SECONDS)
    assert not world.switch.lives(device)
    assert world.switch.hears(line) is Hearing.HOLD_MUSIC
    reports(world, OTHER)
    again = world.ringing()
    world.answers(again)
    assert world.switch.bridged_to(line) == again
    assert len(world.all_facts(ConversationInterrupted)) == len(world.all_facts(ConversationResumed)) == 1
    world.hangs_up(again)
    assert not world.switch.lives(line)
    assert world.agent("anna").direct_contact_id is None
    assert len(world.all_facts(ContactEnded)) == len(world.all_facts(DirectCallEnded)) == 1


@pytest.mark.parametrize("begin", [direct_call_in, direct_call_out])
def test_other_side_that_hangs_up_meanwhile_ends_the_direct_call(begin: Callable[[World], LegId]) -> None:
    world = world_of_softphones()
    line = begin(world)
    reports(world, OTHER)
    rings = world.ringing()
    world.hangs_up(line)
    assert not world.switch.lives(rings)
    assert world.agent("anna").direct_contact_id is None
    assert not world.agent("anna").returning
    world.advance(RETURN_SECONDS + 5)
    assert len(world.all_facts(DirectCallEnded)) == 1


@pytest.mark.parametrize("begin", [direct_call_in, direct_call_out])
def test_direct_call_whose_agent_does_not_come_back_ends_as_one_that_nobody_took(
    begin: Callable[[World], LegId],
) -> None:
    world = world_of_softphones()
    line = begin(world)
    leaves(world)
    world.advance(MISSED_SECONDS + RETURN_SECONDS)
    assert not world.switch.lives(line)
    assert world.agent("anna").direct_contact_id is None
    assert not world.agent("anna").returning


def test_page_that_does_not_answer_is_rung_again_for_a_direct_call() -> None:
    world = world_of_softphones()
    line = direct_call_in(world)
    reports(world, OTHER)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.switch.hears(line) is Hearing.HOLD_MUSIC
    reports(world, OTHER)
    world.answers(world.ringing())
    assert world.switch.hears(line) is Hearing.OTHER_LEG


@pytest.mark.parametrize("begin", [direct_call_in, direct_call_out])
def test_direct_call_that_was_taken_up_again_outlives_a_core(begin: Callable[[World], LegId]) -> None:
    world = world_of_softphones()
    line = begin(world)
    reports(world, OTHER)
    device = world.ringing()
    world.answers(device)
    contact = world.contact(line)
    assert contact.desk_leg == device
    world.restart_core()
    assert world.contact(line).desk_leg == device
    assert world.switch.hears(line) is Hearing.OTHER_LEG
    world.hangs_up(device)
    assert not world.switch.lives(line)


def test_core_that_starts_while_a_direct_call_is_kept_goes_on_waiting_for_its_agent() -> None:
    world = world_of_softphones()
    line = direct_call_in(world)
    leaves(world)
    world.advance(MISSED_SECONDS)
    world.restart_core()
    reports(world, OTHER)
    world.answers(world.ringing())
    assert world.switch.hears(line) is Hearing.OTHER_LEG


def test_conversation_without_sound_is_taken_up_once_sound_comes_through_again() -> None:
    world = world_of_softphones()
    reports(world)
    caller, device = world.talk()
    reports(world, fault="no-sound")
    assert not world.switch.lives(device)
    reports(world, fault="no-media")
    assert world.switch.dialled_legs() == []
    reports(world)
    world.answers(world.ringing())
    assert world.switch.hears(caller) is Hearing.OTHER_LEG


def test_page_that_goes_in_a_consultation_counts_as_the_agent_hanging_up() -> None:
    world = world_of_softphones()
    world.log_on("bram")
    reports(world)
    caller, device = world.talk()
    world.does(Consult("anna", ANNA, "agent", "bram"))
    world.answers(world.ringing())
    leaves(world)
    world.advance(MISSED_SECONDS)
    assert not world.switch.lives(device)
    assert world.all_facts(ConversationInterrupted) == []
    assert world.switch.lives(caller)


@pytest.mark.parametrize("answers", [False, True])
def test_page_that_goes_while_it_is_consulted_gives_the_caller_back_to_the_colleague(answers: bool) -> None:
    world = world_of_softphones()
    world.log_on("bram")
    caller, device = world.talk()
    reports(world)
    world.does(Consult("bram", AgentId("bram"), "agent", "anna"))
    if answers:
        world.answers(world.ringing())
    leaves(world)
    world.advance(MISSED_SECONDS)
    assert world.switch.bridged_to(caller) == device
