"""Requirement 18: hold, transfer inside or outside, and take the caller back after a consultation."""

from __future__ import annotations

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CompleteTransfer, Consult, HoldContact, TakeBack, TransferContact
from cxcore.domain.contact import ContactState
from cxcore.domain.leg import HangUpCause, LegId
from tests.fakes.switch import Hearing
from tests.unit.world import World

ANNA, OUTSIDE = AgentId("anna"), "+31612340000"


def talking() -> tuple[World, LegId, LegId]:
    world = World()
    world.log_on("anna")
    caller, anna = world.talk()
    return world, caller, anna


def target(world: World, anna: LegId) -> LegId:
    return next(leg for leg in world.switch.dialled_legs() if leg != anna)


def test_caller_on_hold_hears_music() -> None:
    world, caller, _ = talking()
    world.does(HoldContact("anna", ANNA))
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC


def test_agent_transfers_inside_after_a_consultation() -> None:
    world, caller, anna = talking()
    world.does(Consult("anna", ANNA, "agent", "bram"))
    bram = target(world, anna)
    world.answers(bram)
    world.does(CompleteTransfer("anna", ANNA))
    assert world.switch.bridged_to(caller) == bram


def test_agent_transfers_outside_at_once() -> None:
    world, caller, anna = talking()
    world.does(TransferContact("anna", ANNA, "number", OUTSIDE))
    outside = next(iter(world.switch.dialled_legs()))
    world.answers(outside)
    assert world.switch.bridged_to(caller) == outside
    assert world.contact(caller).state is ContactState.TRANSFERRED


def test_agent_takes_the_caller_back_after_a_consultation() -> None:
    world, caller, anna = talking()
    world.does(Consult("anna", ANNA, "number", OUTSIDE))
    world.answers(target(world, anna))
    world.does(TakeBack("anna", ANNA))
    assert world.switch.bridged_to(caller) == anna


def test_caller_comes_back_when_the_target_does_not_answer() -> None:
    world, caller, anna = talking()
    world.does(Consult("anna", ANNA, "agent", "bram"))
    world.hangs_up(target(world, anna), HangUpCause.NO_ANSWER)
    assert world.switch.bridged_to(caller) == anna
