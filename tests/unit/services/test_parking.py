"""Parked contacts: they wait with music at a colleague, who picks them up, and nobody is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import Consult, HangUpContact, ParkContact, PickUpContact
from cxcore.domain.contact import ContactState, Outcome
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactEnded, ContactParked, ContactTransferred, TalkEnded
from cxcore.domain.leg import HangUpCause, LegId
from tests import builders
from tests.fakes.switch import Hearing
from tests.unit.world import World

ANNA, BRAM, OWN = AgentId("anna"), AgentId("bram"), "+31715550111"
PARK_SECONDS = 60


def world_of() -> World:
    site = builders.site(agents=("anna", "bram", "chris"))
    users = {**site.users, "anna": replace(site.users["anna"], number=OWN)}
    return World(replace(site, users=users, park_seconds=PARK_SECONDS))


def parked(world: World) -> LegId:
    """A caller whom Anna parked at Bram."""
    world.log_on("anna")
    caller, _ = world.talk()
    world.does(ParkContact("anna", ANNA, BRAM))
    return caller


def picks_up(world: World, caller: LegId, agent: AgentId = BRAM) -> None:
    world.does(PickUpContact(agent, agent, world.contact(caller).contact_id))


def test_parked_caller_hears_music_nobody_is_rung_and_the_agent_is_done() -> None:
    world = world_of()
    caller = parked(world)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    assert world.switch.dialled_legs() == []
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.agent("bram").direct_contact_id is None
    assert [(fact.target, fact.colleague_id) for fact in world.all_facts(ContactParked)] == [("Bram", "bram")]


def test_colleague_picks_the_contact_up_and_has_it_as_the_own() -> None:
    world = world_of()
    caller = parked(world)
    picks_up(world, caller)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    device = world.ringing()
    world.answers(device)
    assert world.switch.bridged_to(caller) == device
    assert world.contact(caller).agent_id == BRAM
    assert world.last_fact(ContactTransferred).colleague_id == BRAM
    world.hangs_up(caller)
    assert [fact.agent_id for fact in world.all_facts(TalkEnded)] == [ANNA, BRAM]
    assert len(world.all_facts(ContactEnded)) == 1


def test_colleague_in_a_conversation_can_have_a_contact_parked_and_picks_it_up_afterwards() -> None:
    world = world_of()
    world.log_on("bram")
    world.talk()
    caller = parked(world)
    with pytest.raises(NotAllowed, match="has a call already"):
        picks_up(world, caller)
    world.does(HangUpContact("bram", BRAM))
    picks_up(world, caller)
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == BRAM


def test_contact_that_nobody_picks_up_waits_in_front_and_the_agent_is_told() -> None:
    world = world_of()
    caller = parked(world)
    later = world.calls(caller="+31687654321")
    world.advance(PARK_SECONDS - 1)
    assert world.contact(caller).state is ContactState.PASSING
    world.advance(1)
    assert world.waiting() == [caller, later]
    told = world.agent("anna").passed_on
    assert told is not None and (told.target, told.end) == ("Bram", "end-in-queue")


def test_colleague_who_does_not_answer_after_picking_up_gives_the_contact_back_in_front() -> None:
    world = world_of()
    caller = parked(world)
    picks_up(world, caller)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.waiting() == [caller]
    assert world.agent("bram").direct_contact_id is None


def test_caller_who_hangs_up_while_parked_is_gone() -> None:
    world = world_of()
    caller = parked(world)
    contact_id = world.contact(caller).contact_id
    world.hangs_up(caller)
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED
    world.advance(PARK_SECONDS)
    with pytest.raises(NotAllowed, match="not parked"):
        world.does(PickUpContact("bram", BRAM, contact_id))


def test_who_parked_a_contact_may_take_it_back_and_a_third_may_not() -> None:
    world = world_of()
    caller = parked(world)
    with pytest.raises(NotAllowed, match="somebody else"):
        picks_up(world, caller, AgentId("chris"))
    picks_up(world, caller, ANNA)
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == ANNA


def test_direct_call_that_nobody_picks_up_rings_its_agent_again() -> None:
    world = world_of()
    caller = world.calls(OWN)
    world.answers(world.ringing())
    world.does(ParkContact("anna", ANNA, BRAM))
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.advance(PARK_SECONDS)
    world.answers(world.ringing())
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    assert world.contact(caller).agent_id == ANNA


def test_parked_contact_outlives_a_core_and_goes_back_in_its_time() -> None:
    world = world_of()
    caller = parked(world)
    world.advance(20)
    world.restart_core()
    assert world.contact(caller).consultation is not None
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    picks_up(world, caller)
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == BRAM


def test_parking_at_oneself_or_during_a_consultation_is_refused() -> None:
    world = world_of()
    world.log_on("anna")
    world.talk()
    with pytest.raises(NotAllowed, match="at himself"):
        world.does(ParkContact("anna", ANNA, ANNA))
    world.does(Consult("anna", ANNA, "agent", "bram"))
    with pytest.raises(NotAllowed, match="consults somebody"):
        world.does(ParkContact("anna", ANNA, BRAM))
