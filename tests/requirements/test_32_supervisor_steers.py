"""Requirement 32: a supervisor logs agents on and off, gives and takes queues, and opens and closes queues.

What the supervisor's click becomes, and that it is audited, stands in `tests/web/test_steering.py`.
"""

from __future__ import annotations

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.commands import (
    AssignContact,
    AssignQueue,
    CloseQueue,
    LogOff,
    LogOn,
    MoveContact,
    OpenQueue,
    RemoveFromQueue,
)
from tests import builders
from tests.fakes.switch import Hearing
from tests.unit.world import World

SOFIE, BRAM = "sofie", AgentId("bram")


def test_supervisor_logs_an_agent_on_and_off() -> None:
    world = World()
    world.does(LogOn(SOFIE, BRAM))
    assert world.agent("bram").status is AgentStatus.AVAILABLE
    world.does(LogOff(SOFIE, BRAM))
    assert world.agent("bram").status is AgentStatus.LOGGED_OFF


def test_supervisor_gives_an_agent_a_queue_and_takes_it_away() -> None:
    world = World()
    world.log_on("bram")
    world.does(AssignQueue(SOFIE, BRAM, builders.RECEPTIE, 2))
    assert builders.RECEPTIE in world.agent("bram").serves
    world.does(RemoveFromQueue(SOFIE, BRAM, builders.RECEPTIE))
    assert builders.RECEPTIE not in world.agent("bram").serves


def test_supervisor_closes_a_queue_and_opens_it() -> None:
    world = World()
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    world.calls()
    assert world.waiting() == []
    world.does(OpenQueue(SOFIE, builders.BURGERZAKEN))
    assert world.switch.hears(world.calls()) is Hearing.HOLD_MUSIC


def test_supervisor_moves_a_waiting_caller_who_keeps_the_wait() -> None:
    world = World()
    caller = world.calls()
    since = world.contact(caller).queued_at
    world.advance(60)
    world.does(MoveContact(SOFIE, world.contact(caller).contact_id, builders.RECEPTIE))
    assert world.waiting(builders.RECEPTIE) == [caller]
    assert world.contact(caller).queued_at == since


def test_supervisor_gives_a_waiting_caller_to_an_agent_who_serves_another_queue() -> None:
    world = World(builders.site(agents=("anna", "bram", "chris"), memberships=()))
    caller = world.calls()
    world.does(LogOn("chris", AgentId("chris")))
    world.does(AssignContact(SOFIE, world.contact(caller).contact_id, AgentId("chris")))
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == "chris"
