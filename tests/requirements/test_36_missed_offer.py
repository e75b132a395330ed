"""Requirement 36: an unanswered offer goes to the next agent; who missed it stays logged on and gets further offers."""

from __future__ import annotations

from cxcore.domain.agent import AgentStatus
from cxcore.domain.leg import HangUpCause
from tests.unit.world import World


def test_next_agent_gets_the_contact_and_the_first_stays_logged_on_and_gets_the_next_contact() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    world.advance(10)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.offered_to() == "bram"
    assert world.agent("anna").status is AgentStatus.AVAILABLE
    world.answers(world.ringing())
    world.calls()
    assert world.offered_to() == "anna"
