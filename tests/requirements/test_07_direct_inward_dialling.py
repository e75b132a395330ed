"""Requirement 7: employees can be dialled directly, each at a number of the site's range."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import builders
from tests.fakes.switch import Dialled, Hearing
from tests.teams.conftest import TeamsStage
from tests.unit.world import World

ANNA, BRAM = "+31715550111", "+31715550112"


@pytest.mark.parametrize(("number", "employee"), [(ANNA, "anna"), (BRAM, "bram")])
def test_who_dials_the_number_of_an_employee_rings_that_employee(number: str, employee: str) -> None:
    site = builders.site()
    own = {name: replace(site.users[name], number=each) for name, each in (("anna", ANNA), ("bram", BRAM))}
    world = World(replace(site, users={**site.users, **own}))
    caller = world.calls(number)
    dialled = world.switch.last(Dialled).dial
    assert dialled.destination == site.users[employee].device
    world.answers(dialled.leg_id)
    assert world.switch.hears(caller) is Hearing.OTHER_LEG


@pytest.mark.parametrize("written", ["0715550111", "+31715550111", "0031715550111", "31715550111"])
def test_number_of_an_employee_arrives_from_outside_in_whatever_form_it_is_dialled(
    teams: TeamsStage, written: str
) -> None:
    teams.trunk.call(written)
    arrived = teams.sbc.switch.expect_call()
    assert arrived.invite is not None
    assert arrived.invite.start.startswith(f"INVITE sip:{ANNA}@")
    arrived.reject(486)
