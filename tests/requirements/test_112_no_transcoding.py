"""Requirement 112: good sound is not made worse on its way: nothing is transcoded where both sides speak one codec.

What each engine does with G.722 beside that, prompts, keys, conferences and hold, stands in
`tests/contract/test_g722.py`; that the SBC passes it on in `tests/teams/test_sound.py` and `tests/media/test_calls.py`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import HoldContact, ResumeContact
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call
from tests.contract.sound import G722, PCMA, PCMU, level, tone
from tests.system.conftest import on_stage
from tests.system.stage import HOLD_MUSIC, Stage, until
from tests.system.test_recording import course, recorded, recording

pytestmark = pytest.mark.system
ANNA = AgentId("anna")
WIDE, NARROW = (PCMA, G722), (PCMA, PCMU)
CALLER, AGENT = 1230, 1700


@pytest.fixture
def recording_stage(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    with on_stage(recording(system_engine, tmp_path)) as stage:
        yield stage


def talk(stage: Stage, callers: Sequence[int], agents: Sequence[int]) -> tuple[Call, Call]:
    """A caller and an agent whose devices speak these codecs, in conversation. The agent's takes the first of ours."""
    stage.log_on("anna")
    caller = stage.calls(codecs=tuple(callers))
    caller.wait_answered()
    caller.rtp.say(CALLER)
    device = stage.rings("anna")
    offered = device.invite.sdp if device.invite else None
    assert offered
    device.codecs = tuple(each for each in offered.payload_types if each in agents)
    device.answer()
    device.rtp.say(AGENT)
    caller.rtp.hear_tone(AGENT)
    device.rtp.hear_tone(CALLER)
    return caller, device


def heard_as_said(listener: Call, speaker: Call) -> bool:
    """Whether half a second came octet by octet as it was sent."""
    heard = [packet.payload for packet in listener.rtp.packets[-25:]]
    return b"".join(heard) in b"".join(speaker.rtp.said)


def codecs_of(call: Call) -> set[int]:
    return {packet.payload_type for packet in call.rtp.packets[-20:]}


def test_caller_and_agent_who_both_speak_g722_hear_each_other_octet_by_octet(stage: Stage) -> None:
    caller, device = talk(stage, WIDE, WIDE)
    assert (codecs_of(caller), codecs_of(device)) == ({G722}, {G722})
    until(lambda: heard_as_said(device, caller), "the agent hears the caller's octets")
    until(lambda: heard_as_said(caller, device), "the caller hears the agent's octets")


def test_caller_with_g711_alone_and_agent_with_both_speak_g711(stage: Stage) -> None:
    caller, device = talk(stage, (PCMA,), WIDE)
    assert (codecs_of(caller), codecs_of(device)) == ({PCMA}, {PCMA})
    until(lambda: heard_as_said(device, caller), "the agent hears the caller's octets")


def test_caller_with_both_and_agent_with_g711_alone_speak_g711(stage: Stage) -> None:
    caller, device = talk(stage, WIDE, NARROW)
    until(lambda: codecs_of(caller) == {PCMA} == codecs_of(device), "both speak G.711")
    until(lambda: heard_as_said(device, caller), "the agent hears the caller's octets")
    until(lambda: heard_as_said(caller, device), "the caller hears the agent's octets")


def test_caller_with_g722_alone_and_agent_with_g711_alone_hear_each_other_at_their_level(stage: Stage) -> None:
    caller, device = talk(stage, (G722,), NARROW)
    time.sleep(1)
    for call in (caller, device):
        assert abs(call.rtp.hear(0.5).level - level(tone(CALLER, 0.5))) < 1
    assert (codecs_of(caller), codecs_of(device)) == ({G722}, {PCMA})


def test_agent_puts_a_caller_with_g722_on_hold_and_takes_the_call_back(stage: Stage) -> None:
    caller, device = talk(stage, WIDE, WIDE)
    stage.does(HoldContact("anna", ANNA))
    caller.rtp.hear_among(next(iter(HOLD_MUSIC)))
    stage.does(ResumeContact("anna", ANNA))
    caller.rtp.hear_tone(AGENT)
    until(lambda: heard_as_said(device, caller), "the agent hears the caller's octets")


def test_recording_of_a_call_with_g722_is_heard_with_both_sides(recording_stage: Stage) -> None:
    stage = recording_stage
    caller, _ = talk(stage, WIDE, WIDE)
    until(lambda: stage.contacts()[0].recording == "on", "the screens show that the call is recorded")
    time.sleep(2)
    caller.bye()
    until(lambda: not stage.contacts(), "the contact is gone")
    left, right = recorded(stage)
    assert (course(left), course(right)) == ([{CALLER}], [{AGENT}])
    for track in (left, right):
        assert abs(level(track[4000:-4000]) - level(tone(CALLER, 0.5))) < 1
