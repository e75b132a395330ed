"""Requirement 9: per user, hunt group, ring group or ACD group it is set which number a called party outside sees: the
general number, an own 071 number or a group number."""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallNumber
from cxcore.domain.dialplan import Dialplan, Transfer
from tests import builders
from tests.fakes.switch import Dialled
from tests.unit.world import World

OUTSIDE, COLLEAGUE = "+31612340000", "+31612340001"
OWN, GROUP = "+31715550111", "+31715550190"


def shown_to_the_called_party(world: World) -> str:
    return world.switch.last(Dialled).dial.caller_number


def shown_by_a_ring_group(step: Transfer) -> str:
    site = builders.site()
    flows = {**site.dialplan.flows, "storingsdienst": (step,)}
    world = World(replace(site, dialplan=Dialplan(site.dialplan.numbers, flows)))
    world.calls(builders.SERVICE_LINE)
    return shown_to_the_called_party(world)


def shown_by_a_user(caller_number: str) -> str:
    site = builders.site()
    world = World(replace(site, users={**site.users, "anna": replace(site.users["anna"], caller_number=caller_number)}))
    world.does(CallNumber("anna", AgentId("anna"), OUTSIDE))
    world.answers(world.ringing())
    return shown_to_the_called_party(world)


def test_user_shows_the_own_071_number_or_the_general_number() -> None:
    assert shown_by_a_user(OWN) == OWN
    assert shown_by_a_user("") == builders.GENERAL


def test_ring_group_shows_the_group_number_or_the_general_number() -> None:
    assert shown_by_a_ring_group(Transfer((OUTSIDE, COLLEAGUE), caller_number=GROUP)) == GROUP
    assert shown_by_a_ring_group(Transfer((OUTSIDE, COLLEAGUE))) == builders.GENERAL


def test_hunt_group_shows_its_number_at_each_member() -> None:
    assert shown_by_a_ring_group(Transfer((OUTSIDE, COLLEAGUE), together=False, caller_number=GROUP)) == GROUP


def test_acd_group_shows_its_number_when_a_caller_goes_on_to_a_number_outside() -> None:
    queue = builders.queue(caller_number=GROUP, overflow_flow="storingsdienst")
    world = World(builders.site((queue, builders.queue(builders.RECEPTIE))))
    world.calls()
    world.advance(600)
    assert shown_to_the_called_party(world) == GROUP


def test_nobody_shows_a_number_that_may_not_be_shown() -> None:
    for refused in ("14071", "101", "09008844", "+4930123456"):
        assert shown_by_a_user(refused) == builders.GENERAL


def test_emergency_number_sees_the_number_of_the_site_whatever_the_user_chose() -> None:
    site = builders.site()
    world = World(replace(site, users={**site.users, "anna": replace(site.users["anna"], caller_number=OWN)}))
    world.does(CallNumber("anna", AgentId("anna"), "112"))
    world.answers(world.ringing())
    assert shown_to_the_called_party(world) == builders.GENERAL
