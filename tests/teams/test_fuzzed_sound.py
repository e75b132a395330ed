"""A call goes on while strangers send broken sound at all its ports; broken descriptions harm nobody.

`scripts/fuzz_sound.py` does the same for as long as one wants.
"""

from __future__ import annotations

import time

import pytest

from tests.media.siege import Siege, broken_invites, crashed, memory, ports_of
from tests.media.stage import needs_border
from tests.system.stage import DIRECT
from tests.teams.floor import TeamsFloor

pytestmark = [pytest.mark.system, needs_border]

SEED = 112
SECONDS = 4.0
CALLER, ANNA = 1230, 1700
LEARNING_SECONDS = 5.0
"""In which rtpengine learns from where the trunk sends."""
MOST_GROWTH = 30_000_000
"""Octets; a leak of one packet in ten would be more than that within minutes, and shows in the command."""
REFUSALS = {400, 404, 415, 480, 488, 500, 503, 606}


def test_call_goes_on_unharmed_amid_broken_rtp_rtcp_srtp_and_stun(floor: TeamsFloor) -> None:
    stage = floor.stage
    caller, call = floor.talking(CALLER, ANNA)
    time.sleep(LEARNING_SECONDS)
    before = memory(stage)
    ports = ports_of(stage, caller.call_id) | ports_of(stage, call.invite.call_id)
    assert len(ports) >= 8, "of both legs, sound and RTCP, both sides"
    with Siege(ports, SEED) as siege:
        begun = time.monotonic()
        time.sleep(SECONDS)
        halves = [call.rtp.heard_since(begun).half_seconds(), caller.rtp.heard_since(begun).half_seconds()]
    assert siege.sent > 100 * SECONDS
    for half_seconds, tone in zip(halves, (CALLER, ANNA), strict=True):
        assert all(each.tones <= {tone} for each in half_seconds), "nobody else is heard"
        assert sum(each.tones == {tone} for each in half_seconds) >= len(half_seconds) // 2, "the sound goes on"
    caller.rtp.hear_tone(ANNA)
    call.rtp.hear_tone(CALLER)
    assert all(after - before[name] < MOST_GROWTH for name, after in memory(stage).items())
    assert not crashed(stage.rtpengine.log)
    assert stage.engine.process.poll() is None and stage.rtpengine.process.poll() is None
    caller.bye()
    call.wait_ended()


def test_broken_descriptions_are_refused_and_the_next_call_is_taken(floor: TeamsFloor) -> None:
    stage = floor.stage
    statuses = broken_invites(stage, SEED, 60)
    assert set(statuses) <= REFUSALS | {0}, statuses
    assert statuses[0] <= 20, "most are answered"
    assert not crashed(stage.sbc.log)
    caller = stage.calls(DIRECT)
    assert caller.wait_answered().status == 200
    caller.bye()
