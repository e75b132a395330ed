"""What happens at the border when something behind it is dead; docs/operations/sbc.md has the table."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.config.sbc_stage import needs_kamailio
from tests.config.test_sbc_trunk import GENERAL, OUTSIDE, TrunkStage
from tests.contract.engines import free_port

pytestmark = needs_kamailio


def test_call_of_the_trunk_goes_on_without_rtpengine(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port('127.0.0.1', socket.SOCK_DGRAM)}"
    stage = TrunkStage(tmp_path, "relay_sound: yes\noptions_seconds: 0\n", rtpengine=nobody)
    call = stage.trunk.call(GENERAL)
    arrived = stage.sbc.switch.expect_call()
    arrived.answer()
    answer = call.wait_answered()
    assert answer.sdp is not None and answer.sdp.port == arrived.rtp.port, "sound goes straight to the switch"
    call.bye()
    assert arrived.wait_ended(3)
    out = stage.dials(OUTSIDE)
    stage.trunk.expect_call().answer()
    out.wait_answered()
    assert "rtpengine does not answer" in stage.sbc.log
    stage.close()
