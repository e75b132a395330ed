"""Requirement 3: the configuration of the SBC is agreed with the provider of the fixed line, and works on its trunk.

What has to be agreed is a list of questions; each answer is a value of the trunk's profile. The provider's side is
acted out, and the sound of both sides goes by rtpengine as the profile says.
"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from cxcore.config.trunk_profile import TrunkProfile
from tests.config.test_sbc_trunk import GENERAL, OUTSIDE
from tests.contract.sip_peer import Call
from tests.teams.conftest import TeamsStage

PAGE = Path(__file__).resolve().parents[2] / "docs/operations/sbc.md"
OUR_CHOICE = {"name", "relay_sound"}


def test_operators_page_asks_the_provider_for_every_value_of_the_profile() -> None:
    asked = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))
    assert {each.name for each in fields(TrunkProfile)} - OUR_CHOICE <= asked


def test_call_of_the_provider_and_one_to_it_have_sound_in_both_directions(teams: TeamsStage) -> None:
    for caller, called in ((teams.trunk, teams.sbc.switch), (teams.sbc.switch, teams.trunk)):
        number, shown = (GENERAL, OUTSIDE) if caller is teams.trunk else (OUTSIDE, GENERAL)
        call = caller.call(number, caller=shown)
        arrived = called.expect_call()
        arrived.answer()
        call.wait_answered()
        hear_each_other(call, arrived)
        call.bye()
        assert arrived.wait_ended(3)


def hear_each_other(one: Call, other: Call) -> None:
    one.rtp.say(1230)
    other.rtp.say(1700)
    one.rtp.hear_tone(1700)
    other.rtp.hear_tone(1230)
