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

    number, place, past = dialled_by_the_core()
    assert past == "sbc:5060"
    desk = teams.sbc.switch.call(number, caller=CITIZEN, place=place)
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


def dialled_by_the_core() -> tuple[str, str, str]:
    """For this device: number and host that the core has dialled, and past whom."""
    settings = SwitchSettings(sip_profile="cx", gateway="trunk", sbc="sbc:5060")
    device = Dial(LegId("leg"), f"sip:{DESK_PHONE}@sip.pstnhub.microsoft.com", CITIZEN)
    [command] = commands.dial(device, settings, "job")
    address, _, past = command.partition("sofia/cx/sip:")[2].partition(" ")[0].partition(";fs_path=sip:")
    number, _, host = address.partition("@")
    return number, host, past
