"""Requirement 95: calls are distributed between contact centre, Teams and the public network.

Each way that a call can take, with trunk, Teams over TLS and switch acted out on the wire.
"""

from __future__ import annotations

from tests.teams.conftest import TeamsStage
from tests.teams.peer import answer
from tests.teams.test_inwards import TeamsCall

GENERAL, USER, OUTSIDE = "+31715550100", "+31715550177", "+31612345678"


def test_from_the_network_to_the_contact_centre(teams: TeamsStage) -> None:
    call = teams.trunk.call(GENERAL)
    teams.sbc.switch.expect_call().answer()
    call.wait_answered()
    call.bye()


def test_from_the_contact_centre_to_the_network(teams: TeamsStage) -> None:
    call = teams.sbc.switch.call(OUTSIDE, caller=GENERAL)
    teams.trunk.expect_call().answer()
    call.wait_answered()
    call.bye()


def test_from_the_contact_centre_to_teams(teams: TeamsStage) -> None:
    call = teams.sbc.switch.call(USER, place=teams.entrances[0].address)
    connection, invite = teams.entrances[0].expect_invite()
    connection.send(answer(invite, 486, "Busy Here"))
    assert call.wait_final().status == 486


def test_from_teams_to_the_contact_centre_and_to_the_network(teams: TeamsStage) -> None:
    connection = teams.entrances[0].dial_in("127.0.0.1", teams.sbc.door("tls"))
    for number, party in ((GENERAL, teams.sbc.switch), (OUTSIDE, teams.trunk)):
        call = TeamsCall(teams, connection, number)
        call.invite()
        party.expect_call().reject(486)
        assert call.final().status == 486
