"""Requirement 84: the fixed telephone line is one of VoIP: SIP for the calls, RTP for the sound, nothing else.

The provider's side is acted out, over the shipped profile for GT Vast, also when it wants an account and a password.
"""

from __future__ import annotations

from pathlib import Path

from tests.config.test_sbc_trunk import GENERAL, OUTSIDE, PASSWORD, PLAIN, TrunkStage
from tests.contract.sip_peer import wait_until
from tests.requirements.test_94_trunk import line_out

__all__ = ["line_out"]


def test_call_of_the_line_carries_sound_in_both_directions(line_out: TrunkStage) -> None:
    call = line_out.trunk.call(GENERAL, caller=OUTSIDE)
    arrived = line_out.sbc.switch.expect_call()
    arrived.answer()
    call.wait_answered()
    call.rtp.say(1230)
    arrived.rtp.say(1700)
    call.rtp.hear_tone(1700)
    arrived.rtp.hear_tone(1230)
    call.bye()
    assert arrived.wait_ended(3)


def test_line_that_wants_an_account_gets_a_registration_and_never_the_password(tmp_path: Path) -> None:
    account = {"trunk_user": "gemeente", "trunk_password_file": str(tmp_path / "password")}
    stage = TrunkStage(tmp_path, PLAIN + "mode: register\ndomain: trunk.example\n", 1, **account)
    requests = stage.trunk.strays
    assert wait_until(lambda: any(message.start.startswith("REGISTER") for message in requests), 20), stage.sbc.log
    assert PASSWORD not in str(requests)
    stage.close()
