"""A party whose sound stops without a goodbye: its leg ends after a time, and only then.

The time is that of the site for every leg, or the leg's own (`rtp_timeout_sec`, `rtp_hold_timeout_sec`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.contract import engines
from tests.contract.conftest import OVERFLOW_NUMBER, Floor, Leg, Running
from tests.contract.sip_peer import SipParty

LIMITS = {"rtp_timeout_sec": "1", "rtp_hold_timeout_sec": "4"}


def _caller(floor: Floor, sends: bool = True) -> Leg:
    """An answered caller whose sound may be missed for one second, and on hold for four."""
    leg = floor.arrive()
    leg.rtp.sending = sends
    floor.esl.ok(f"uuid_setvar_multi {leg.uuid} {';'.join(f'{name}={value}' for name, value in LIMITS.items())}")
    floor.esl.ok(f"uuid_answer {leg.uuid}")
    leg.call.wait_answered()
    if sends:
        leg.rtp.hear(0.3)
    return leg


def _seconds_until_lost(floor: Floor, uuid: str) -> float:
    """From now until the leg ends, with the cause that says why."""
    began = time.monotonic()
    assert floor.esl.wait_event("CHANNEL_HANGUP", uuid)["Hangup-Cause"] == "MEDIA_TIMEOUT"
    return time.monotonic() - began


def test_party_whose_sound_stops_is_taken_for_lost(floor: Floor) -> None:
    leg = _caller(floor)
    leg.rtp.sending = False
    assert 0.7 < _seconds_until_lost(floor, leg.uuid) < 3
    assert leg.call.wait_ended()


def test_party_that_never_sends_sound_is_taken_for_lost_too(floor: Floor) -> None:
    leg = _caller(floor, sends=False)
    assert _seconds_until_lost(floor, leg.uuid) < 3


def test_party_is_told_as_ended_by_the_switch(floor: Floor) -> None:
    leg = _caller(floor)
    leg.rtp.sending = False
    ended = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", leg.uuid)
    assert ended.variable("sip_hangup_disposition") == "send_bye"


def test_sound_that_comes_back_in_time_saves_the_call(floor: Floor) -> None:
    leg = _caller(floor)
    for _ in range(3):
        leg.rtp.sending = False
        time.sleep(0.6)
        leg.rtp.sending = True
        time.sleep(0.2)
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "true"


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
def test_party_that_has_us_on_hold_may_be_silent_for_longer(floor: Floor, direction: str) -> None:
    leg = _caller(floor)
    leg.call.reinvite(direction)
    leg.rtp.sending = False
    assert 3 < _seconds_until_lost(floor, leg.uuid) < 6


def test_party_that_comes_back_from_hold_is_watched_as_before(floor: Floor) -> None:
    leg = _caller(floor)
    leg.call.reinvite("inactive")
    time.sleep(1.5)
    leg.call.reinvite("sendrecv")
    time.sleep(1.5)
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "true"
    leg.rtp.sending = False
    assert 0.7 < _seconds_until_lost(floor, leg.uuid) < 3


def test_device_that_rings_in_silence_for_long_has_all_its_time_once_answered(floor: Floor) -> None:
    uuid, _ = floor.dial("ignore_early_media=true," + ",".join(f"{name}={value}" for name, value in LIMITS.items()))
    call = floor.party.expect_call()
    call.rtp.sending = False
    call.progress()
    time.sleep(2)
    call.answer()
    floor.esl.wait_event("CHANNEL_ANSWER", uuid)
    assert 0.7 < _seconds_until_lost(floor, uuid) < 3


def test_waiting_caller_who_is_gone_is_taken_for_lost_while_music_plays(floor: Floor) -> None:
    leg = _caller(floor)
    floor.esl.ok(f"uuid_transfer {leg.uuid} 'endless_playback:local_stream://wachtmuziek' inline")
    leg.rtp.sending = False
    assert _seconds_until_lost(floor, leg.uuid) < 3


def test_only_the_lost_side_of_a_conversation_has_the_cause(floor: Floor) -> None:
    caller, agent = _caller(floor), floor.agent()
    floor.esl.ok(f"uuid_setvar {agent.uuid} park_after_bridge true")
    floor.esl.ok(f"uuid_setvar {agent.uuid} hangup_after_bridge false")
    floor.bridge(caller, agent)
    caller.rtp.sending = False
    _seconds_until_lost(floor, caller.uuid)
    assert floor.esl.wait_event("CHANNEL_PARK", agent.uuid)
    assert agent.rtp.sending


def test_leg_that_has_no_limit_may_be_silent(floor: Floor) -> None:
    leg = floor.arrive()
    leg.rtp.sending = False
    floor.esl.ok(f"uuid_setvar {leg.uuid} rtp_timeout_sec 0")
    floor.esl.ok(f"uuid_answer {leg.uuid}")
    floor.esl.collect(1.5)
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "true"


@pytest.fixture(scope="module")
def impatient(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The engine on a site of its own, which allows silence for two seconds."""
    trunk = SipParty(("127.0.0.1", 9))
    folder = tmp_path_factory.mktemp(f"impatient-{running.engine.name}")
    site = replace(engines.prepare_site(folder, trunk.address, OVERFLOW_NUMBER), media_timeout_seconds=2)
    trunk.engine = ("127.0.0.1", site.sip_port)
    with engines.running(running.engine.name, site) as engine:
        heartbeats = engine.login()
        yield Running(engine, trunk, heartbeats)
        heartbeats.close()
    trunk.close()


@pytest.fixture
def impatient_floor(impatient: Running) -> Iterator[Floor]:
    esl, party = impatient.engine.login(), SipParty(impatient.engine.sip_address)
    esl.subscribe("ALL")
    yield Floor(impatient.engine, esl, party)
    esl.api("hupall")
    esl.close()
    party.close()


def test_site_says_how_long_each_leg_may_be_silent(impatient_floor: Floor) -> None:
    leg = impatient_floor.caller()
    leg.rtp.sending = False
    assert 1.5 < _seconds_until_lost(impatient_floor, leg.uuid) < 4


def test_call_to_112_does_not_end_because_of_silence(impatient: Running, impatient_floor: Floor) -> None:
    caller = impatient_floor.party.call("112")
    centre = impatient.trunk.expect_call()
    caller.rtp.sending = centre.rtp.sending = False
    centre.answer()
    caller.wait_answered()
    assert not caller.wait_ended(4)
    assert not centre.ended.is_set()
    caller.bye()
    assert centre.wait_ended()
