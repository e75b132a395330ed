"""A supervisor on a conversation: who hears whom while listening in, whispering and joining."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Floor, Leg

SUPERVISOR = 2150
CALLER, AGENT = 1230, 1700


@pytest.fixture
def conversation(floor: Floor) -> tuple[Leg, Leg]:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(CALLER)
    return caller, agent


@pytest.fixture
def supervisor(floor: Floor) -> Leg:
    return floor.agent(SUPERVISOR, user="sofie")


def _listen(floor: Floor, supervisor: Leg, target: Leg) -> None:
    floor.esl.run(supervisor.uuid, "set", "eavesdrop_enable_dtmf=true")
    floor.esl.execute(supervisor.uuid, "eavesdrop", target.uuid)
    assert supervisor.rtp.hear_tones({CALLER, AGENT}).tones == {CALLER, AGENT}


def test_supervisor_hears_both_and_nobody_hears_the_supervisor(
    floor: Floor, conversation: tuple[Leg, Leg], supervisor: Leg
) -> None:
    caller, agent = conversation
    _listen(floor, supervisor, agent)
    assert caller.rtp.hear(0.4).tones == {AGENT}
    assert agent.rtp.hear(0.4).tones == {CALLER}


@pytest.mark.parametrize(
    ("key", "caller_hears", "agent_hears"),
    [
        ("2", {AGENT}, {CALLER, SUPERVISOR}),
        ("1", {AGENT, SUPERVISOR}, {CALLER}),
        ("3", {AGENT, SUPERVISOR}, {CALLER, SUPERVISOR}),
    ],
)
def test_key_of_the_supervisor_says_who_hears_it(
    floor: Floor,
    conversation: tuple[Leg, Leg],
    supervisor: Leg,
    key: str,
    caller_hears: set[int],
    agent_hears: set[int],
) -> None:
    caller, agent = conversation
    _listen(floor, supervisor, agent)
    supervisor.rtp.press(key)
    assert caller.rtp.hear_tones(caller_hears).tones == caller_hears
    assert agent.rtp.hear_tones(agent_hears).tones == agent_hears
    supervisor.rtp.press("0")
    assert caller.rtp.hear_tone(AGENT).tones == {AGENT}
    assert agent.rtp.hear_tone(CALLER).tones == {CALLER}


def test_key_can_be_pressed_by_the_controller(floor: Floor, conversation: tuple[Leg, Leg], supervisor: Leg) -> None:
    caller, agent = conversation
    _listen(floor, supervisor, agent)
    floor.esl.ok(f"uuid_recv_dtmf {supervisor.uuid} 3")
    assert caller.rtp.hear_tones({AGENT, SUPERVISOR}).tones == {AGENT, SUPERVISOR}


@pytest.mark.parametrize(
    ("variable", "caller_hears", "agent_hears"),
    [
        ("eavesdrop_whisper_aleg", {AGENT, SUPERVISOR}, {CALLER}),
        ("eavesdrop_whisper_bleg", {AGENT}, {CALLER, SUPERVISOR}),
    ],
)
def test_variable_lets_the_supervisor_whisper_from_the_start(
    floor: Floor,
    conversation: tuple[Leg, Leg],
    supervisor: Leg,
    variable: str,
    caller_hears: set[int],
    agent_hears: set[int],
) -> None:
    caller, agent = conversation
    floor.esl.run(supervisor.uuid, "set", f"{variable}=true")
    floor.esl.execute(supervisor.uuid, "eavesdrop", agent.uuid)
    assert caller.rtp.hear_tones(caller_hears).tones == caller_hears
    assert agent.rtp.hear_tones(agent_hears).tones == agent_hears


def test_three_way_lets_all_hear_all(floor: Floor, conversation: tuple[Leg, Leg], supervisor: Leg) -> None:
    caller, agent = conversation
    floor.esl.execute(supervisor.uuid, "three_way", agent.uuid)
    assert caller.rtp.hear_tones({AGENT, SUPERVISOR}).tones == {AGENT, SUPERVISOR}
    assert agent.rtp.hear_tones({CALLER, SUPERVISOR}).tones == {CALLER, SUPERVISOR}
    assert supervisor.rtp.hear_tones({CALLER, AGENT}).tones == {CALLER, AGENT}


def test_conversation_goes_on_when_the_supervisor_leaves(
    floor: Floor, conversation: tuple[Leg, Leg], supervisor: Leg
) -> None:
    caller, agent = conversation
    floor.esl.execute(supervisor.uuid, "three_way", agent.uuid)
    caller.rtp.hear_tones({AGENT, SUPERVISOR})
    supervisor.call.bye()
    floor.esl.wait_event("CHANNEL_DESTROY", supervisor.uuid)
    assert caller.rtp.hear_tone(AGENT).tones == {AGENT}
    assert agent.rtp.hear_tone(CALLER).tones == {CALLER}


def test_listening_ends_with_the_leg_that_is_listened_to(
    floor: Floor, conversation: tuple[Leg, Leg], supervisor: Leg
) -> None:
    _, agent = conversation
    marker = floor.esl.execute(supervisor.uuid, "eavesdrop", agent.uuid)
    supervisor.rtp.hear_tones({CALLER, AGENT})
    agent.call.bye()
    floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", supervisor.uuid, {"Application-UUID": marker})


def test_supervisor_listens_to_a_waiting_caller_too(floor: Floor, supervisor: Leg) -> None:
    caller = floor.caller()
    floor.esl.execute(supervisor.uuid, "eavesdrop", caller.uuid)
    assert supervisor.rtp.hear_tone(CALLER).tones == {CALLER}


def test_recording_of_the_agent_side_has_no_whisper_in_the_callers_track(
    floor: Floor, conversation: tuple[Leg, Leg], supervisor: Leg
) -> None:
    caller, agent = conversation
    _listen(floor, supervisor, agent)
    supervisor.rtp.press("2")
    agent.rtp.hear_tones({CALLER, SUPERVISOR})
    assert SUPERVISOR not in caller.rtp.hear(0.4).tones
