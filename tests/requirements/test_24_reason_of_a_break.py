"""Requirement 24: the agent gives a reason when going unavailable."""

from __future__ import annotations

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, GoOnBreak
from cxcore.domain.errors import NotAllowed
from cxcore.feed.floor_rows import agent_row
from tests.unit.world import World

ANNA = AgentId("anna")


def test_break_shows_its_reason_until_the_agent_is_back() -> None:
    world = World()
    world.log_on("anna")
    world.does(GoOnBreak("anna", ANNA, "Lunch"))
    assert agent_row(world.floor, world.agent("anna")).reason == "Lunch"
    world.does(BecomeAvailable("anna", ANNA))
    assert agent_row(world.floor, world.agent("anna")).reason is None


def test_break_without_a_known_reason_is_refused() -> None:
    world = World()
    world.log_on("anna")
    with pytest.raises(NotAllowed):
        world.does(GoOnBreak("anna", ANNA, ""))
