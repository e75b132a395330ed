"""Requirement 23: the agent chooses the groups to serve, several at once."""

from __future__ import annotations

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import ServeQueues
from tests import builders
from tests.unit.world import World

ANNA = AgentId("anna")


def test_agent_serves_both_queues_and_then_only_one() -> None:
    world = World()
    world.log_on("anna")
    assert world.agent("anna").serves == {builders.BURGERZAKEN, builders.RECEPTIE}
    world.does(ServeQueues("anna", ANNA, (builders.RECEPTIE,)))
    world.calls(builders.DIRECT)
    assert world.offered_to() is None
    world.does(ServeQueues("anna", ANNA, (builders.RECEPTIE, builders.BURGERZAKEN)))
    assert world.offered_to() == "anna"
