"""Who hears whom when legs are bridged, parted and bridged again."""

from __future__ import annotations

from tests.contract.conftest import Floor


def test_caller_and_agent_hear_each_other_once_bridged(floor: Floor) -> None:
    caller, agent = floor.talking()
    assert agent.rtp.hear_tone(1230).tones == {1230}
    assert caller.rtp.hear_tone(1700).tones == {1700}
