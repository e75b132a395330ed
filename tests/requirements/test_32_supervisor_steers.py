"""Requirement 32: the supervisor assigns and removes agents, logs them on and off, and opens and closes groups."""

from __future__ import annotations

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.commands import AssignQueue, CloseQueue, LogOff, LogOn, OpenQueue, RemoveFromQueue
from tests import builders
from tests.unit.world import World

SOFIE, BRAM = "sofie", AgentId("bram")


def test_supervisor_logs_an_agent_on_and_off() -> None:
    world = World()
    world.does(LogOn(SOFIE, BRAM))
    assert world.agent("bram").status is AgentStatus.AVAILABLE
    world.does(LogOff(SOFIE, BRAM))
    assert world.agent("bram").status is AgentStatus.LOGGED_OFF


def test_supervisor_assigns_an_agent_to_a_group_and_removes_the_agent() -> None:
    world = World()
    world.log_on("bram")
    world.does(AssignQueue(SOFIE, BRAM, builders.RECEPTIE, 1))
    assert builders.RECEPTIE in world.agent("bram").serves
    world.does(RemoveFromQueue(SOFIE, BRAM, builders.RECEPTIE))
    assert builders.RECEPTIE not in world.agent("bram").serves


def test_supervisor_closes_and_opens_a_group() -> None:
    world = World()
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    world.calls()
    assert not world.waiting()
    world.does(OpenQueue(SOFIE, builders.BURGERZAKEN))
    world.calls()
    assert len(world.waiting()) == 1
