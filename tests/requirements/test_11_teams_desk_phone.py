"""Requirement 11: the fixed telephone, a desk phone of Teams, is reached on a 071 number of the range."""

from __future__ import annotations

from cxcore.domain.leg import LegId
from cxcore.ports.switch import Dial
from cxcore.switch import commands
from cxcore.switch.settings import SwitchSettings
from tests.teams.conftest import TeamsStage
from tests.teams.peer import answer, offer

DESK_PHONE = "+31715550177"
CITIZEN = "+31612345678"


def test_citizen_who_dials_071_talks_to_who_picks_up_the_desk_phone(teams: TeamsStage) -> None:
    citizen = teams.trunk.call("0715550177", caller=CITIZEN)
    arrived = teams.sbc.switch.expect_call()
    assert arrived.invite is not None
    assert arrived.invite.start.startswith(f"INVITE sip:{DESK_PHONE}@")

    desk = teams.sbc.switch.call(dialled_by_the_core(), caller=CITIZEN)
    connection, invite = teams.entrances[0].expect_invite()
    assert invite.start.startswith(f"INVITE sip:{DESK_PHONE}@")
    assert f"<sip:{CITIZEN}@" in invite.get("From")
    connection.send(answer(invite, 200, "OK", offer()))
    desk.wait_answered()
    arrived.answer()
    citizen.wait_answered()
    for call in (desk, citizen):
        call.bye()
    assert arrived.wait_ended(3)


def dialled_by_the_core() -> str:
    """The user part that the core dials at the SBC for this device."""
    settings = SwitchSettings(sip_profile="cx", gateway="trunk", softphones="sbc:5060")
    device = Dial(LegId("leg"), f"sip:{DESK_PHONE}@sip.pstnhub.microsoft.com", CITIZEN)
    [command] = commands.dial(device, settings, "job")
    return command.partition("sofia/cx/sip:")[2].partition("@")[0]
