"""Requirement 26: while transferring the agent hears ringback until the other side answers.

Also when that side sends silent media before (183), as Teams does.
"""

from __future__ import annotations

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import Consult
from tests.contract.sip_peer import SipParty
from tests.system.stage import Stage

RINGBACK, AGENT, TARGET = 425, 1700, 2150


@pytest.mark.system
def test_agent_hears_ringback_until_the_other_side_answers_although_that_sends_silence(
    stage: Stage, trunk: SipParty
) -> None:
    stage.log_on("anna")
    caller = stage.waits()
    device = stage.picks_up("anna", AGENT)
    caller.rtp.hear_tone(AGENT)
    stage.does(Consult("anna", AgentId("anna"), "number", "+31612340000"))
    target = trunk.expect_call()
    target.progress()
    device.rtp.hear_pitch(RINGBACK)
    target.answer()
    target.rtp.say(TARGET)
    device.rtp.hear_tone(TARGET)
