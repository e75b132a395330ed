"""Requirement 13: a Teams user is reached on a 071 number of the site, or on an internal number that cannot be dialled
from outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import builders
from tests.fakes.switch import Dialled
from tests.teams.conftest import TeamsStage
from tests.teams.peer import answer
from tests.unit.world import World

TEAMS_DEVICE = "sip:+31715550177@sip.pstnhub.microsoft.com"


@pytest.mark.parametrize("number", ["+31715550177", "177"])
def test_who_dials_the_number_rings_the_teams_user(number: str) -> None:
    site = builders.site()
    anna = replace(site.users["anna"], device=TEAMS_DEVICE, number=number)
    world = World(replace(site, users={**site.users, "anna": anna}))
    world.calls(number)
    assert world.switch.last(Dialled).dial.destination == TEAMS_DEVICE


def test_call_of_the_switch_rings_the_teams_user_at_the_number(teams: TeamsStage) -> None:
    call = teams.sbc.switch.call("+31715550177", place=teams.entrances[0].address)
    connection, invite = teams.entrances[0].expect_invite()
    assert invite.start.startswith("INVITE sip:+31715550177@")
    connection.send(answer(invite, 180, "Ringing"))
    assert call.wait_status(180)
    connection.send(answer(invite, 486, "Busy Here"))
    call.wait_final()
