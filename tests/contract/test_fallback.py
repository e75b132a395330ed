"""Arrival: each call waits for the controller, and none is lost when there is no controller."""

from __future__ import annotations

import time

import pytest

from tests.contract.conftest import OVERFLOW_NUMBER, Floor
from tests.contract.engines import CONTROLLER_TIMEOUT_SECONDS, FALLBACK_HERTZ, Engine
from tests.contract.sip_peer import SipParty


def test_arrived_call_waits_unanswered_in_a_park(floor: Floor) -> None:
    call = floor.party.call("+31715550101", caller="+31612345678", display="Jan de Vries")
    parked = floor.parked(call)
    assert parked["Caller-Destination-Number"] == "+31715550101"
    assert parked["Caller-Caller-ID-Number"] == "+31612345678"
    assert parked["Caller-Caller-ID-Name"] == "Jan de Vries"
    assert parked["Call-Direction"] == "inbound"
    assert parked["Answer-State"] == "ringing"
    assert parked.variable("sip_from_user") == "+31612345678"
    assert parked.variable("sip_to_user") == "+31715550101"
    assert parked.variable("uuid") == parked.uuid
    assert call.statuses() == []


def test_each_number_arrives(floor: Floor) -> None:
    for number in ("+31715550100", "100", "0715550100", "burgerzaken"):
        parked = floor.parked(floor.party.call(number))
        assert parked["Caller-Destination-Number"] == number


def test_call_that_is_taken_stays_parked(floor: Floor) -> None:
    leg = floor.arrive()
    floor.esl.collect(CONTROLLER_TIMEOUT_SECONDS + 0.7)
    assert leg.call.statuses() == []
    assert floor.esl.names(leg.uuid, ("CHANNEL_PARK", "CHANNEL_UNPARK")) == ["CHANNEL_PARK"]


def test_call_is_taken_once(floor: Floor) -> None:
    parked = floor.parked(floor.party.call("+31715550100"))
    assert floor.esl.api(f"sched_del {parked.uuid}") == "+OK Deleted: 1\n"
    assert floor.esl.api(f"sched_del {parked.uuid}") == "+OK Deleted: 0\n"


def test_call_that_nobody_takes_hears_the_message_and_reaches_the_overflow_number(
    floor: Floor, trunk: SipParty
) -> None:
    started = time.monotonic()
    call = floor.party.call("+31715550100")
    call.wait_status(200, timeout=CONTROLLER_TIMEOUT_SECONDS + 2)
    assert time.monotonic() - started > CONTROLLER_TIMEOUT_SECONDS - 1.1, "FreeSWITCH counts whole seconds"
    assert call.rtp.hear_tone(FALLBACK_HERTZ).tones == {FALLBACK_HERTZ}
    overflow = trunk.expect_call()
    assert overflow.invite
    assert overflow.invite.start.startswith(f"INVITE sip:{OVERFLOW_NUMBER}@")
    overflow.answer()
    overflow.rtp.say(1900)
    call.rtp.say(1230)
    assert call.rtp.hear_tone(1900).tones == {1900}
    assert overflow.rtp.hear_tone(1230).tones == {1230}


def test_call_ends_with_a_failure_when_the_overflow_number_does_not_answer_either(
    floor: Floor, trunk: SipParty
) -> None:
    call = floor.party.call("+31715550100")
    trunk.expect_call(CONTROLLER_TIMEOUT_SECONDS + 5).reject(486)
    assert call.wait_ended(3)
    hung_up = floor.esl.wait_event("CHANNEL_HANGUP", where={"variable_sip_call_id": call.call_id})
    assert hung_up["Hangup-Cause"] == "NORMAL_TEMPORARY_FAILURE"


def test_caller_who_leaves_before_the_controller_comes_is_gone(floor: Floor) -> None:
    call = floor.party.call("+31715550100")
    parked = floor.parked(call)
    call.cancel()
    assert call.wait_final().status == 487
    assert floor.esl.wait_event("CHANNEL_HANGUP", parked.uuid)["Hangup-Cause"] == "ORIGINATOR_CANCEL"


@pytest.mark.parametrize("address", ["sip_address", "sip_address_ipv6"])
def test_calls_arrive_over_ipv4_and_ipv6(engine: Engine, floor: Floor, address: str) -> None:
    target: tuple[str, int] = getattr(engine, address)
    phone = SipParty(target, target[0])
    call = phone.call("+31715550100")
    parked = floor.parked(call)
    floor.esl.ok(f"sched_del {parked.uuid}")
    floor.esl.ok(f"uuid_answer {parked.uuid}")
    call.wait_answered()
    floor.esl.execute(parked.uuid, "playback", engine.prompt("long"))
    assert call.rtp.hear_tone(400).tones == {400}
    phone.close()


def test_call_from_another_address_than_the_sbcs_is_refused(engine: Engine) -> None:
    if engine.name != "freeswitch":
        pytest.skip("softswitch listens where only its SBC can reach it; it has no list of addresses")
    stranger = SipParty(engine.sip_address, "127.0.0.9")
    assert stranger.call("+31715550100").wait_final().status == 403
    stranger.close()


def test_registrations_and_other_requests_are_refused(floor: Floor) -> None:
    call = floor.party.call("+31715550100")
    parked = floor.parked(call)
    host, port = floor.engine.sip_address
    request = (
        f"REGISTER sip:{host}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {floor.party.address};branch=z9hG4bKregister;rport\r\n"
        f"From: <sip:anna@{host}>;tag=a\r\nTo: <sip:anna@{host}>\r\nCall-ID: register-1\r\nCSeq: 1 REGISTER\r\n"
        f"Contact: <sip:anna@{floor.party.address}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    )
    floor.party.send(request.encode())
    floor.esl.collect(0.3)
    answers = [message.status for message in floor.party.strays if message.call_id == "register-1"]
    assert [status for status in answers if status >= 200][0] >= 400
    assert floor.esl.api(f"uuid_exists {parked.uuid}") == "true"


@pytest.mark.parametrize("dialled", ["112", "+31112", "0031112"])
def test_emergency_call_goes_out_at_once_without_a_controller(floor: Floor, trunk: SipParty, dialled: str) -> None:
    call = floor.party.call(dialled)
    out = trunk.expect_call(CONTROLLER_TIMEOUT_SECONDS - 0.5)
    assert out.invite
    assert out.invite.start.startswith("INVITE sip:112@")
    out.answer()
    call.wait_answered()
    out.rtp.say(1900)
    assert call.rtp.hear_tone(1900).tones == {1900}
    out.bye()
    assert call.wait_ended(3)


def test_emergency_call_is_tried_again_when_it_fails(floor: Floor, trunk: SipParty) -> None:
    call = floor.party.call("112")
    trunk.expect_call().reject(503)
    trunk.expect_call().answer()
    call.wait_answered()
    call.bye()
