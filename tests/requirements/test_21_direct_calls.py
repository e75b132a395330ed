"""Requirement 21: beside queue calls the agent takes and makes direct calls."""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallNumber
from tests import builders
from tests.fakes.switch import Hearing
from tests.unit.world import World

OWN, OUTSIDE = "+31715550111", "+31612340000"


def world_with_an_own_number() -> World:
    site = builders.site()
    return World(replace(site, users={**site.users, "anna": replace(site.users["anna"], number=OWN)}))


def test_agent_takes_a_direct_call_and_gets_queue_calls_again_afterwards() -> None:
    world = world_with_an_own_number()
    world.log_on("anna")
    caller = world.calls(OWN)
    world.answers(world.ringing())
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    world.calls()
    assert world.offered_to() is None
    world.hangs_up(caller)
    assert world.offered_to() == "anna"


def test_agent_makes_a_direct_call() -> None:
    world = world_with_an_own_number()
    world.does(CallNumber("anna", AgentId("anna"), OUTSIDE))
    device = world.ringing()
    world.answers(device)
    world.answers(world.ringing())
    assert world.switch.hears(device) is Hearing.OTHER_LEG


def test_direct_calls_are_counted_apart_from_queue_calls() -> None:
    world = world_with_an_own_number()
    world.log_on("anna")
    caller = world.calls(OWN)
    world.answers(world.ringing())
    world.hangs_up(caller)
    assert (world.agent("anna").direct_calls, world.agent("anna").handled_contacts) == (1, 0)
