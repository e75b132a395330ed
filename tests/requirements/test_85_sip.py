"""Requirement 85: based on SIP.

Calls come in and go out by SIP (RFC 3261) with offer and answer (RFC 3264) and RTP (RFC 3550), G.711 A-law and µ-law,
and keys as RFC 4733 events; each with a caller that shares no code with the engines.
"""

from __future__ import annotations

import pytest

from tests.contract.sound import PCMA, PCMU
from tests.system.stage import GENERAL, MENU, Stage

pytestmark = pytest.mark.system


@pytest.mark.parametrize("codec", [PCMA, PCMU], ids=["A-law", "mu-law"])
def test_call_with_either_law_of_g711_is_answered_asked_and_served(stage: Stage, codec: int) -> None:
    stage.log_on("anna")
    caller = stage.calls(GENERAL, codecs=(codec,))
    caller.wait_answered()
    caller.rtp.say(1230)
    caller.rtp.hear_tone(MENU)
    caller.rtp.press("1")
    device = stage.picks_up("anna")
    device.rtp.hear_tone(1230)
    caller.rtp.hear_tone(1700)
