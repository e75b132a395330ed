"""Callers that do what nobody expects, by mistake or on purpose."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Floor
from tests.contract.engines import Engine
from tests.contract.esl import Esl, Event
from tests.contract.sip_peer import Call
from tests.contract.sound import PCMA, PCMU
from tests.ports import free_port


def _still_takes_calls(floor: Floor) -> bool:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("long"))
    return leg.rtp.hear_tone(400).tones == {400}


def test_invite_without_a_session_description_is_offered_one(floor: Floor) -> None:
    """FreeSWITCH answers at once, softswitch when it is told to (RFC 3264 leaves both: the offer is in the 200)."""
    leg = floor.arrive(body="")
    floor.esl.ok(f"uuid_answer {leg.uuid}")
    assert leg.call.wait_answered().sdp
    leg.rtp.say(1230)
    floor.esl.execute(leg.uuid, "echo")
    assert leg.rtp.hear_tone(1230).tones == {1230}


def test_invite_without_a_known_codec_is_refused_plainly(floor: Floor) -> None:
    body = (
        "v=0\r\no=peer 7 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 40000 RTP/AVP 97\r\na=rtpmap:97 iLBC/8000\r\n"
    )
    call = floor.party.call("+31715550100", body=body)
    assert call.wait_final().status == 488
    assert _still_takes_calls(floor)


@pytest.mark.parametrize("body", ["nonsense\r\n", "v=0\r\n", "v=0\r\nm=audio x y z\r\n", "\x00\x01\x02"])
def test_broken_session_description_is_refused(floor: Floor, body: str) -> None:
    call = floor.party.call("+31715550100", body=body)
    assert call.wait_final().status >= 400
    assert _still_takes_calls(floor)


@pytest.mark.parametrize("codecs", [(PCMA, PCMU), (PCMU, PCMA), (PCMA,), (PCMU,)])
def test_each_codec_is_taken(floor: Floor, codecs: tuple[int, ...]) -> None:
    leg = floor.caller(codecs=codecs)
    answer = leg.call.wait_status(200).sdp
    assert answer
    assert answer.payload_types[0] in codecs
    floor.esl.execute(leg.uuid, "echo")
    assert leg.rtp.hear_tone(1230).tones == {1230}


def test_video_beside_the_sound_is_declined(floor: Floor) -> None:
    leg = floor.caller()
    body = leg.call.invite.body.decode() if leg.call.invite else ""
    call = floor.party.call("+31715550100", body=body + "m=video 40002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n")
    parked = floor.parked(call)
    floor.esl.ok(f"uuid_answer {parked.uuid}")
    assert "m=video 0" in call.wait_answered().body.decode()


NASTY_NAMES = [
    "Jan%0AUnique-ID: victim%0Avariable_cx_role: admin",
    "Jan%250AUnique-ID: victim%250Avariable_cx_role: admin",
    "Jan ' de ; Vries, | $ { } ${cx_role}",
    "Jan \\\" de Vries",
    "x" * 8000,
    "caf\xc3\xa9",
]


@pytest.mark.parametrize("name", NASTY_NAMES, ids=["percent", "double-percent", "marks", "quote", "8-kB", "utf-8"])
def test_name_of_a_caller_forges_nothing(floor: Floor, name: str) -> None:
    call = floor.party.call("+31715550100", display=name)
    parked = floor.parked(call)
    assert parked.uuid == parked.variable("uuid") != "victim"
    assert parked.variable("cx_role") is None
    assert floor.esl.variable(parked.uuid, "cx_role") == "_undef_"
    assert _still_takes_calls(floor)


@pytest.mark.parametrize("form", ["plain", "json"])
def test_percent_signs_in_a_name_are_decoded_by_the_switch(engine: Engine, floor: Floor, form: str) -> None:
    """`check_decode` in sofia.c: so a name may hold line ends, and event plain escapes them again."""
    listener = engine.login()
    listener.subscribe("CHANNEL_PARK", form)
    call = floor.party.call("+31715550100", display="Jan%0AUnique-ID: victim")
    floor.parked(call)
    parked = listener.wait_event("CHANNEL_PARK", where={"variable_sip_call_id": call.call_id})
    listener.close()
    assert parked["Caller-Caller-ID-Name"] == "Jan\nUnique-ID: victim"


def test_no_line_of_an_event_is_written_by_a_caller(engine: Engine, floor: Floor) -> None:
    """The bytes on the wire: each value stands on one line, whatever the caller wrote."""
    listener = engine.login()
    listener.command("event plain CHANNEL_PARK")
    call = floor.party.call("+31715550100", display="Jan%0AUnique-ID: victim", headers={"X-A": "b%0Avariable_cx: c"})
    uuid = floor.parked(call).uuid
    lines = listener.read_frame().body.split("\n")
    listener.close()
    assert [line for line in lines if line.startswith("Unique-ID:")] == [f"Unique-ID: {uuid}"]
    assert not [line for line in lines if line.startswith("variable_cx")]


def test_name_that_is_no_utf_8_does_no_harm(floor: Floor) -> None:
    call = floor.party.call("+31715550100", display="Jan \xff\xfe de Vries")
    parked = floor.parked(call)
    assert parked["Caller-Caller-ID-Number"] == "+31612345678"
    assert _still_takes_calls(floor)


FORGERIES = {
    "X-cx_role": "admin",
    "X-Role": "a%0Avariable_cx_role: admin",
    "cx_role": "admin",
    "variable_cx_role": "admin",
    "P-cx_role": "admin",
    "X-FS-cx_role": "admin",
    "Record": "on",
}


@pytest.mark.parametrize("header", sorted(FORGERIES))
def test_mark_cannot_be_set_by_a_header(floor: Floor, header: str) -> None:
    call = floor.party.call("+31715550100", headers={header: FORGERIES[header]})
    parked = floor.parked(call)
    assert _marks(parked) == {}
    assert "variable_cx_role:" not in floor.esl.api(f"uuid_dump {parked.uuid}")


@pytest.mark.parametrize("place", ["from_parameters", "uri_parameters"])
def test_mark_cannot_be_set_by_a_parameter(floor: Floor, place: str) -> None:
    call = floor.party.call("+31715550100", **{place: ";cx_role=admin;variable_cx_role=admin"})  # type: ignore[arg-type]
    parked = floor.parked(call)
    assert _marks(parked) == {}


def _marks(event: Event) -> dict[str, str]:
    return {name: value for name, value in event.headers.items() if name.startswith("variable_cx_")}


def test_header_of_the_caller_is_read_under_its_own_name(floor: Floor) -> None:
    call = floor.party.call("+31715550100", headers={"X-Contact": "17 and more"})
    assert floor.parked(call).variable("sip_h_X-Contact") == "17 and more"


def test_cancel_before_anything_rang(floor: Floor) -> None:
    call = floor.party.call("+31715550100")
    call.cancel()
    assert call.wait_final().status == 487
    assert call.wait_status(200, "CANCEL")
    assert _still_takes_calls(floor)


def test_cancel_after_it_rang(floor: Floor) -> None:
    leg = floor.arrive()
    floor.esl.ok(f"uuid_ring_ready {leg.uuid}")
    leg.call.wait_status(180)
    leg.call.cancel()
    assert leg.call.wait_final().status == 487
    floor.esl.wait_event("CHANNEL_DESTROY", leg.uuid)


def test_cancel_that_meets_the_answer_leaves_nothing_behind(floor: Floor) -> None:
    for _ in range(5):
        leg = floor.arrive()
        floor.esl.send(f"api uuid_answer {leg.uuid}")
        leg.call.cancel()
        floor.esl.read_reply()
        final = leg.call.wait_final()
        if final.status == 200:
            leg.call.bye()
        floor.esl.wait_event("CHANNEL_DESTROY", leg.uuid)
    assert _still_takes_calls(floor)


def test_cancel_of_ours_that_meets_the_answer_ends_the_call(floor: Floor) -> None:
    for _ in range(5):
        uuid, _ = floor.dial()
        call = floor.party.expect_call()
        floor.esl.send(f"api uuid_kill {uuid} ORIGINATOR_CANCEL")
        call.answer()
        floor.esl.read_reply()
        floor.esl.wait_event("CHANNEL_DESTROY", uuid)
        assert _is_ended(floor, call), "a CANCEL or, after our 200, a BYE"


def _is_ended(floor: Floor, call: Call) -> bool:
    """FreeSWITCH (1.10.12) that hangs up while the 200 waits for it sends neither now and then. It acknowledges nothing
    either, so that the telephone ends the call itself after 32 s (RFC 3261, 13.3.1.4)."""
    if floor.engine.name == "softswitch":
        return call.wait_ended()
    return call.wait_ended(3.0) or not call.acknowledged.is_set()


def test_bye_for_an_unknown_call_is_refused(floor: Floor) -> None:
    leg = floor.caller()
    stranger = floor.party.call("+31715550100")
    floor.parked(stranger)
    leg.call.bye()
    leg.call.wait_status(200, "BYE")
    leg.call.bye()
    assert leg.call.wait("481", lambda m: m.method == "BYE" and m.status == 481)


@pytest.mark.parametrize("raw", [b"\r\n\r\n", b"nonsense", b"INVITE\r\n\r\n", b"\x00" * 100, b"SIP/2.0 200 OK\r\n\r\n"])
def test_datagram_that_is_no_sip_does_no_harm(floor: Floor, raw: bytes) -> None:
    floor.party.send(raw)
    assert _still_takes_calls(floor)


def test_options_are_answered(floor: Floor) -> None:
    host, port = floor.engine.sip_address
    request = (
        f"OPTIONS sip:{host}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {floor.party.address};branch=z9hG4bKoptions;rport\r\n"
        f"From: <sip:sbc@{host}>;tag=a\r\nTo: <sip:{host}>\r\nCall-ID: options-1\r\nCSeq: 1 OPTIONS\r\n"
        f"Contact: <sip:sbc@{floor.party.address}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    )
    floor.party.send(request.encode())
    floor.esl.collect(0.3)
    assert [message.status for message in floor.party.strays if message.call_id == "options-1"] == [200]


def test_transfer_by_refer_is_refused(floor: Floor) -> None:
    leg = floor.caller()
    leg.call.refer("sip:+31690000000@127.0.0.1")
    answer = leg.call.wait("answer to REFER", lambda m: m.method == "REFER" and m.status >= 200)
    assert answer.status >= 400
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "true"


def test_sound_goes_to_where_sound_comes_from(floor: Floor) -> None:
    """Behind a router the announced port is not the one that is used (symmetric RTP, RFC 4961)."""
    wrong = free_port()
    body = (
        "v=0\r\no=peer 7 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {wrong} RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
    )
    leg = floor.caller(body=body)
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("long"))
    assert leg.rtp.hear_tone(400).tones == {400}


def test_controller_reads_on_after_a_name_that_is_no_utf_8(engine: Engine, floor: Floor, esl: Esl) -> None:
    floor.party.call("+31715550100", display="\xff" * 50)
    esl.wait_event("CHANNEL_PARK")
    assert esl.api("uuid_exists x") == "false"
    assert engine.process.poll() is None
