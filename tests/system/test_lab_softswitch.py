"""Phones of the lab on a running softswitch: what a caller hears from the first ring to the last word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.phone import Answer, Conversation, Lab, Side, Station
from lab.saying import AGENT_TONE, AGENT_TONE_HZ, CALLER_TONE, CALLER_TONE_HZ
from tests.system.media_listener import wait_until
from tests.system.softswitch.esl_client import EslClient
from tests.system.softswitch.process import PASSWORD, Softswitch

pytestmark = pytest.mark.system
MUSIC_HZ = 440


@pytest.fixture(scope="module")
def softswitch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Softswitch]:
    process = Softswitch(tmp_path_factory.mktemp("softswitch")).wait_ready()
    yield process
    process.stop()


@pytest.fixture
def controller(softswitch: Softswitch) -> Iterator[EslClient]:
    client = EslClient.signed_in(softswitch.event_socket_port, PASSWORD)
    yield client
    client.close()


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as opened:
        yield opened


def arrive(lab: Lab, softswitch: Softswitch, controller: EslClient, ipv6: bool = False) -> tuple[Conversation, str]:
    """A caller who has been answered, and its leg."""
    host, port = softswitch.sip6 if ipv6 else softswitch.sip
    address = f"[{host}]:{port}" if ipv6 else f"{host}:{port}"
    call = lab.call(f"sip:+31715550100@{address}", "+31612345678", say=CALLER_TONE)
    leg = controller.wait("CHANNEL_PARK").uuid
    assert controller.api(f"uuid_answer {leg}").startswith("+OK")
    call.wait_answered()
    return call, leg


def ring(controller: EslClient, station: Station) -> str:
    """The leg of a station that has answered."""
    host, port = station.address
    answer = controller.api(f"originate sofia/cx{'6' * host.startswith('[')}/sip:{station.user}@{host}:{port} &park()")
    assert answer.startswith("+OK ")
    return answer[4:].strip()


@pytest.mark.parametrize("ipv6", [False, True])
def test_given_a_waiting_caller_when_an_agent_answers_then_the_caller_hears_music_then_the_agent_and_never_silence(
    lab: Lab, softswitch: Softswitch, controller: EslClient, ipv6: bool
) -> None:
    call, leg = arrive(lab, softswitch, controller, ipv6)
    controller.execute(leg, "playback", "local_stream://default")
    call.wait_tone(MUSIC_HZ)
    anna = lab.station(user="anna", behaviour=Answer(after=0.6), say=AGENT_TONE, ipv6=ipv6)
    other = ring(controller, anna)
    assert controller.api(f"uuid_bridge {leg} {other}").startswith("+OK")
    call.wait_tone(AGENT_TONE_HZ)
    talk = anna.wait_call()
    talk.wait_tone(CALLER_TONE_HZ)
    assert call.hearing.longest_silence() == 0
    call.hang_up()
    assert talk.wait_ended().hung_up_by is Side.THEM


def test_given_a_bridge_when_keys_are_pressed_then_the_other_side_and_the_controller_get_them(
    lab: Lab, softswitch: Softswitch, controller: EslClient
) -> None:
    call, leg = arrive(lab, softswitch, controller)
    anna = lab.station(user="anna", behaviour=Answer(after=0.0), say=AGENT_TONE)
    controller.api(f"uuid_bridge {leg} {ring(controller, anna)}")
    call.wait_tone(AGENT_TONE_HZ)
    call.press("7")
    assert controller.wait("DTMF", leg)["DTMF-Digit"] == "7"
    talk = anna.wait_call()
    wait_until(lambda: talk.digits_received)
    assert [pressed.digits for pressed in talk.digits_received] == ["7"]
    call.hang_up()


def test_given_a_listening_supervisor_then_both_parties_are_heard_and_hear_nothing_of_it(
    lab: Lab, softswitch: Softswitch, controller: EslClient
) -> None:
    call, leg = arrive(lab, softswitch, controller)
    anna = lab.station(user="anna", behaviour=Answer(after=0.0), say=AGENT_TONE)
    sofie = lab.station(user="sofie", behaviour=Answer(after=0.0), say="v=-15;%(1000,0,1500);loops=-1")
    controller.api(f"uuid_bridge {leg} {ring(controller, anna)}")
    controller.execute(ring(controller, sofie), "eavesdrop", leg)
    ear = sofie.wait_call()
    ear.wait_sound()
    call.wait_tone(AGENT_TONE_HZ)
    wait_until(lambda: _hears_both(ear))
    assert call.hearing.tone_share(1500) < 0.02
    assert anna.conversations[0].hearing.tone_share(1500) < 0.02
    call.hang_up()


def test_given_a_killed_leg_then_the_caller_gets_the_cause(
    lab: Lab, softswitch: Softswitch, controller: EslClient
) -> None:
    call, leg = arrive(lab, softswitch, controller)
    controller.api(f"uuid_kill {leg} NORMAL_TEMPORARY_FAILURE")
    ending = call.wait_ended()
    assert (ending.hung_up_by, ending.cause) == (Side.THEM, "NORMAL_TEMPORARY_FAILURE")


def test_given_a_caller_who_is_recorded_and_hangs_up_then_the_file_is_finished(
    lab: Lab, softswitch: Softswitch, controller: EslClient, tmp_path: Path
) -> None:
    call, leg = arrive(lab, softswitch, controller)
    controller.execute(leg, "set", "RECORD_STEREO=true")
    assert controller.api(f"uuid_record {leg} start {tmp_path / 'call.wav'}").startswith("+OK")
    controller.execute(leg, "playback", "local_stream://default")
    call.wait_tone(MUSIC_HZ)
    call.hang_up()
    controller.wait("RECORD_STOP", leg)
    wait_until((tmp_path / "call.wav").exists)
    wait_until(lambda: (tmp_path / "call.wav").stat().st_size > 4000)


def _hears_both(ear: Conversation) -> bool:
    shares = [ear.hearing.tone_share(hz) for hz in (AGENT_TONE_HZ, CALLER_TONE_HZ)]
    return min(shares) > 0.1
