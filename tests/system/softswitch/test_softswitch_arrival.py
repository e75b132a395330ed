"""Calls that come in: their progress, their end at each moment, and what no controller takes."""

from __future__ import annotations

import time

import pytest

from tests.system.softswitch.conftest import Floor
from tests.system.softswitch.sip_phone import NothingCame, Phone

pytestmark = pytest.mark.system


def test_given_an_arrived_call_when_the_controller_lets_it_ring_then_the_caller_gets_180(floor: Floor) -> None:
    uuid, phone = floor.arrives()
    assert floor.esl.api(f"uuid_ring_ready {uuid}") == "+OK\n"
    assert phone.expect(180).get("Contact")
    assert floor.esl.wait("CHANNEL_PROGRESS", uuid)["Answer-State"] == "ringing"


def test_given_an_arrived_call_when_it_is_pre_answered_then_183_brings_sound_before_the_answer(floor: Floor) -> None:
    uuid, phone = floor.arrives()
    assert floor.esl.api(f"uuid_pre_answer {uuid}") == "+OK\n"
    early = phone.expect(183)
    assert "m=audio" in early.body
    floor.esl.wait("CHANNEL_PROGRESS_MEDIA", uuid)
    floor.esl.execute(uuid, "playback", "tone_stream://%(200,0,600);loops=5")
    with phone.talking(early.body):
        assert phone.hears(1.0)
    floor.esl.api(f"uuid_answer {uuid}")
    assert phone.expect(200, method="INVITE").body.split("m=")[1] == early.body.split("m=")[1]


def test_given_a_ringing_call_when_the_caller_cancels_then_the_leg_ends_as_originator_cancel(floor: Floor) -> None:
    uuid, phone = floor.arrives()
    phone.cancel()
    assert phone.expect(200, method="CANCEL")
    refused = phone.expect(487, method="INVITE")
    phone.ack(refused)
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", uuid)
    assert ended["Hangup-Cause"] == "ORIGINATOR_CANCEL"
    assert ended["variable_sip_hangup_disposition"] == "recv_cancel"


def test_given_an_invite_when_the_cancel_follows_at_once_then_both_are_answered(floor: Floor) -> None:
    phone = floor.phone()
    phone.call(floor.switch.sip)
    phone.cancel()
    phone.expect(487, method="INVITE")


def test_given_an_answer_when_the_cancel_comes_too_late_then_the_call_stands(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.cancel()
    assert caller.phone.receive().cseq_method == "CANCEL"
    assert floor.esl.api(f"uuid_exists {caller.uuid}") == "true"


def test_given_an_answered_call_when_the_caller_hangs_up_then_the_leg_ends_as_normal(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.bye()
    caller.phone.expect(200, method="BYE")
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", caller.uuid)
    assert ended["Hangup-Cause"] == "NORMAL_CLEARING"
    assert ended["variable_sip_hangup_disposition"] == "recv_bye"
    assert floor.esl.wait("CHANNEL_DESTROY", caller.uuid)
    assert floor.esl.api(f"uuid_exists {caller.uuid}") == "false"


@pytest.mark.parametrize(
    ("cause", "status"),
    [("USER_BUSY", 486), ("CALL_REJECTED", 603), ("NO_ANSWER", 480), ("UNALLOCATED_NUMBER", 404),
     ("NORMAL_TEMPORARY_FAILURE", 503), ("INCOMPATIBLE_DESTINATION", 488), ("17", 486)],
)  # fmt: skip
def test_given_a_ringing_call_when_it_is_killed_then_the_cause_decides_the_answer(
    floor: Floor, cause: str, status: int
) -> None:
    uuid, phone = floor.arrives()
    assert floor.esl.api(f"uuid_kill {uuid} {cause}") == "+OK\n"
    refused = phone.expect(status, method="INVITE")
    assert "Q.850;cause=" in refused.get("Reason")
    phone.ack(refused)


def test_given_no_controller_when_the_time_is_up_then_the_call_goes_to_the_overflow(floor: Floor) -> None:
    phone = floor.phone()
    phone.call(floor.switch.sip)
    uuid = floor.esl.wait("CHANNEL_PARK", variable_sip_call_id=phone.call_id).uuid
    ok = phone.expect(200, method="INVITE", limit=4)
    phone.ack(ok)
    bye = phone.expect_request("BYE")
    phone.respond(bye, 200, "OK")
    assert floor.esl.wait("CHANNEL_HANGUP", uuid)["Hangup-Cause"] == "NORMAL_TEMPORARY_FAILURE"


def test_given_an_invite_without_a_description_when_answered_then_we_offer_and_take_the_answer_of_the_ack(
    floor: Floor,
) -> None:
    uuid, phone = floor.arrives(sdp=None)
    floor.esl.api(f"uuid_answer {uuid}")
    ok = phone.expect(200, method="INVITE")
    assert "RTP/AVP 9 8 0 101" in ok.body
    phone.ack(ok, phone.sdp(codecs="0 101"))
    floor.esl.execute(uuid, "playback", floor.tone(2.0))
    with phone.talking(ok.body):
        assert phone.hears(1.0)
    assert floor.esl.api(f"uuid_getvar {uuid} read_codec") == "PCMU"


def test_given_a_description_with_an_accent_then_its_length_counts_octets(floor: Floor) -> None:
    phone = floor.phone()
    sdp = phone.sdp().replace("s=-", "s=Zoë café")
    length = len(sdp.encode())
    phone.call(floor.switch.sip, sdp=None, headers=f"Content-Type: application/sdp\r\nX-Length: {length}\r\n")
    phone.cancel()
    phone.ack(phone.expect(487, method="INVITE"))
    phone.cseq += 1
    phone.send(invite_with(phone, sdp, length))
    phone.call_id += "-2"
    uuid = floor.parked(phone)
    floor.esl.api(f"uuid_answer {uuid}")
    assert "m=audio" in phone.expect(200, method="INVITE").body


def invite_with(phone: Phone, sdp: str, length: int) -> str:
    return (
        f"INVITE {phone.request_uri} SIP/2.0\r\nVia: SIP/2.0/UDP {phone.address};branch=z9hG4bK-accent\r\n"
        f"From: {phone.local}\r\nTo: <{phone.request_uri}>\r\nCall-ID: {phone.call_id}-2\r\nCSeq: 7 INVITE\r\n"
        f"Contact: <sip:phone@{phone.address}>\r\nContent-Type: application/sdp\r\n"
        f"Content-Length: {length}\r\n\r\n{sdp}"
    )


def test_given_an_invite_with_unknown_codecs_only_then_it_is_refused_with_488(floor: Floor) -> None:
    phone = floor.phone()
    phone.call(floor.switch.sip, sdp=phone.sdp(codecs="4 18"))
    phone.ack(phone.expect(488))


def test_given_an_answer_without_ack_then_it_is_sent_again(floor: Floor) -> None:
    uuid, phone = floor.arrives()
    floor.esl.api(f"uuid_answer {uuid}")
    first = phone.expect(200, method="INVITE")
    again = phone.expect(200, method="INVITE", limit=1.5)
    assert again.octets == first.octets
    phone.ack(again)
    with pytest.raises(NothingCame):
        phone.receive(1.2)


def test_given_a_repeated_invite_then_there_is_one_leg(floor: Floor) -> None:
    phone = floor.phone()
    phone.call(floor.switch.sip)
    phone.cseq, branch = 1, phone.branch
    phone.request("INVITE", phone.sdp(), branch=branch, cseq=1)
    floor.parked(phone)
    floor.esl.api("status")
    created = [event for event in floor.esl.seen if event.name == "CHANNEL_CREATE"]
    assert len(created) == 1


def test_given_a_call_over_ipv6_then_it_is_answered_over_ipv6(floor: Floor) -> None:
    phone = floor.phone("::1")
    phone.call(floor.switch.sip6)
    uuid = floor.parked(phone)
    floor.esl.api(f"uuid_answer {uuid}")
    ok = phone.expect(200, method="INVITE")
    phone.ack(ok)
    assert "c=IN IP6 ::1" in ok.body
    floor.esl.execute(uuid, "playback", floor.tone(2.0))
    with phone.talking(ok.body):
        assert phone.hears(1.0)


def test_given_silence_on_the_line_when_the_media_timeout_passes_then_the_leg_ends(floor: Floor) -> None:
    uuid, phone = floor.arrives()
    floor.esl.api(f"uuid_setvar {uuid} rtp_timeout_sec 1")
    floor.esl.api(f"uuid_answer {uuid}")
    phone.ack(phone.expect(200, method="INVITE"))
    started = time.monotonic()
    assert floor.esl.wait("CHANNEL_HANGUP", uuid, limit=5)["Hangup-Cause"] == "MEDIA_TIMEOUT"
    assert 0.7 < time.monotonic() - started < 3.0


def test_given_own_headers_then_they_are_variables_but_never_the_controllers_marks(floor: Floor) -> None:
    uuid, _ = floor.arrives(headers="X-Ticket: 42\r\nX-Cx_Role: admin\r\ncx_role: admin\r\n")
    assert floor.esl.api(f"uuid_getvar {uuid} sip_h_X-Ticket") == "42"
    assert floor.esl.api(f"uuid_getvar {uuid} cx_role") == "_undef_"


@pytest.mark.parametrize(
    "name",
    ["Jan%0AUnique-ID: victim%0Avariable_cx_role: admin", "Jan%250AUnique-ID: victim", 'Jan \\"de\\" Vries',
     "Jan\x0bUnique-ID: victim", "Jan\u2028Unique-ID: victim", "x" * 8000, "Jan\udcff\udcfe", "Zoë 😀"],
)  # fmt: skip
def test_given_a_display_name_of_whatever_kind_then_one_header_is_one_header(floor: Floor, name: str) -> None:
    uuid, phone = floor.arrives(caller=f'"{name}" <sip:+31612345678@example.org>')
    parked = next(event for event in floor.esl.seen if event.name == "CHANNEL_PARK" and event.uuid == uuid)
    assert parked["variable_sip_call_id"] == phone.call_id
    assert "variable_cx_role" not in parked.headers
    heads = [line for line in parked.raw.decode("ascii").splitlines() if line.startswith("Unique-ID:")]
    assert heads == [f"Unique-ID: {uuid}"]
    phone.cancel()
    phone.expect(487, method="INVITE")


def test_given_rubbish_on_the_sip_port_then_calls_go_on_and_the_log_says_so_once(floor: Floor) -> None:
    phone = Phone()
    phone.switch = floor.switch.sip
    rubbish = [
        b"\0" * 40, b"INVITE sip:x SIP/2.0\r\n\r\n" + b"x" * 40, b"\xff\xfe" * 50,
        b"SIP/2.0 999 what is this thing here\r\n\r\n",
        b"INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"
        b"Call-ID: \r\nCSeq: one INVITE\r\n\r\n",
        b"BYE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP h:99999;branch=z9hG4bKb\r\nFrom: \"\r\nTo: <\r\n"
        b"Call-ID: q\r\nCSeq: 1 BYE\r\n\r\n",
        b"OPTIONS " + b"sip:" * 2000 + b" SIP/2.0\r\n\r\n",
    ]  # fmt: skip
    for number, octets in enumerate(rubbish * 5):
        phone.send(octets + bytes([number]))
    phone.close()
    floor.caller()
    told = [line for line in floor.switch.lines if "SIP message that cannot be read" in line]
    assert len(told) <= 1
    assert not any("Traceback" in line for line in floor.switch.lines)
