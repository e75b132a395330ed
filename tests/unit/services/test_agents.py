"""The agent's day."""

from __future__ import annotations

import pytest

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.commands import BecomeAvailable, GoOnBreak, LogOn, ServeQueues
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import AgentStatusChanged
from cxcore.domain.queue import QueueId
from tests import builders
from tests.unit.world import World

ANNA, BRAM = AgentId("anna"), AgentId("bram")


def test_agent_logs_on_for_all_memberships_unless_told_otherwise() -> None:
    world = World()
    world.does(LogOn("anna", ANNA))
    assert world.agent("anna").serves == {builders.BURGERZAKEN, builders.RECEPTIE}
    world.does(LogOn("anna", ANNA, (builders.RECEPTIE,)))
    assert world.agent("anna").serves == {builders.RECEPTIE}


def test_agent_serves_no_queue_without_a_membership() -> None:
    world = World()
    with pytest.raises(NotAllowed, match="no member of receptie"):
        world.does(LogOn("bram", BRAM, (builders.RECEPTIE,)))


def test_agent_who_leaves_a_queue_gets_no_contact_of_it() -> None:
    world = World()
    world.log_on("anna")
    world.does(ServeQueues("anna", ANNA, (builders.RECEPTIE,)))
    world.calls()
    assert world.offered_to() is None


def test_break_has_one_of_the_reasons_of_the_site() -> None:
    world = World()
    world.log_on("anna")
    with pytest.raises(NotAllowed, match="no break reason"):
        world.does(GoOnBreak("anna", ANNA, "Geen zin"))
    world.does(GoOnBreak("anna", ANNA, "Lunch"))
    assert world.last_fact(AgentStatusChanged).reason == "Lunch"
    assert world.agent("anna").status is AgentStatus.ON_BREAK


def test_agent_who_is_not_logged_on_cannot_become_available() -> None:
    with pytest.raises(NotAllowed, match="not logged on"):
        World().does(BecomeAvailable("anna", ANNA))


def test_unknown_agent_is_named() -> None:
    with pytest.raises(NotFound, match="there is no agent zoe"):
        World().does(LogOn("zoe", AgentId("zoe"), (QueueId("receptie"),)))
