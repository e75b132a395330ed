"""Requirement 33: a supervisor listens in on a call of an agent with a caller outside or a colleague who was called.

Who hears whom is heard on each engine in `tests/system/test_listening_in.py`.
"""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallNumber, ListenIn
from cxcore.domain.leg import LegId
from cxcore.domain.site import Site
from tests import builders
from tests.fakes.switch import Listen
from tests.unit.world import World

ANNA = AgentId("anna")


def site() -> Site:
    """Sofie has a device of her own."""
    plain = builders.site()
    sofie = replace(plain.users["sofie"], device="sip:sofie@127.0.0.1:5071")
    return replace(plain, users={**plain.users, "sofie": sofie})


def listened_to(world: World) -> LegId:
    """Sofie asks to listen and answers her phone; the leg that she hears."""
    world.does(ListenIn("sofie", ANNA))
    world.answers(world.ringing())
    return world.switch.last(Listen).to


def test_supervisor_listens_to_a_call_with_a_caller_outside() -> None:
    world = World(site())
    world.log_on("anna")
    _, device = world.talk()
    assert listened_to(world) == device


def test_supervisor_listens_to_a_call_that_the_agent_makes() -> None:
    world = World(site())
    world.does(CallNumber("anna", ANNA, "0715550142"))
    device = world.ringing()
    world.answers(device)
    world.answers(world.ringing())
    assert listened_to(world) == device
