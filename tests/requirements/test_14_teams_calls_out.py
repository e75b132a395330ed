"""Requirement 14: a Teams user calls out with the general number or the own DDI."""

from __future__ import annotations

import pytest

from tests.teams.conftest import TeamsStage
from tests.teams.test_inwards import TeamsCall

GENERAL, OWN = "+31715550100", "+31715550177"


@pytest.mark.parametrize("chosen", [GENERAL, OWN])
def test_called_party_sees_the_number_that_teams_sends(teams: TeamsStage, chosen: str) -> None:
    connection = teams.entrances[0].dial_in("127.0.0.1", teams.sbc.door("tls"))
    caller = f"<sip:{chosen}@sip.pstnhub.microsoft.com;user=phone>"
    call = TeamsCall(teams, connection, "+31612345678", caller=caller)
    call.invite()
    arrived = teams.trunk.expect_call()
    assert arrived.invite is not None
    assert f"<sip:{chosen}@" in arrived.invite.get("P-Asserted-Identity")
    assert f"<sip:{chosen}@" in arrived.invite.get("From")
    arrived.reject(486)
    call.final()
