"""Requirement 70: IPv4 and IPv6.

A caller over IPv6, SIP and sound, talks to an agent whose phone is on IPv4.
"""

from __future__ import annotations

import pytest

from tests.contract.sip_peer import SipParty
from tests.system.stage import DIRECT, HOLD_MUSIC, Stage

pytestmark = pytest.mark.system


def test_caller_over_ipv6_talks_to_an_agent_on_ipv4(stage: Stage) -> None:
    street = SipParty(stage.engine.sip_address_ipv6, host="::1")
    caller = street.call(DIRECT)
    caller.wait_answered()
    caller.rtp.say(1230)
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    stage.log_on("anna")
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    caller.bye()
    assert device.wait_ended()
    street.close()
