"""Requirement 20: wrap-up time is adjustable; the agent can end or extend it.

The length is a setting of each queue. No contact is offered before wrap-up has ended.
"""

from __future__ import annotations

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import EndWrapUp, ExtendWrapUp
from tests import builders
from tests.unit.world import World

ANNA = AgentId("anna")


def after_a_call(wrap_up_seconds: int = 30) -> World:
    queues = (builders.queue(wrap_up_seconds=wrap_up_seconds), builders.queue(builders.RECEPTIE))
    world = World(builders.site(queues))
    world.log_on("anna")
    caller, _ = world.talk()
    world.hangs_up(caller)
    world.calls()
    return world


def test_wrap_up_lasts_as_long_as_the_queue_says() -> None:
    for seconds in (10, 45):
        world = after_a_call(seconds)
        world.advance(seconds - 1)
        assert world.offered_to() is None
        world.advance(2)
        assert world.offered_to() == "anna"


def test_agent_ends_it_early() -> None:
    world = after_a_call()
    world.does(EndWrapUp("anna", ANNA))
    assert world.offered_to() == "anna"


def test_agent_extends_it() -> None:
    world = after_a_call()
    world.does(ExtendWrapUp("anna", ANNA, 120))
    world.advance(140)
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.offered_to() is None
