"""What is heard in calls with Teams: SRTP really exchanged over a call on TLS, through rtpengine [10, 19, 26, 62]."""

from __future__ import annotations

import re
import struct
import time

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import Consult, LogOff
from cxcore.domain.quality import MeasuredBy
from tests.contract.sip_peer import Sdp, describe, wait_until
from tests.contract.sound import PCMA, encode, tone
from tests.media.stage import needs_border
from tests.system.stage import DIRECT, HOLD_MUSIC, until
from tests.teams.conftest import TeamsStage
from tests.teams.floor import SecureStream, TeamsCall, TeamsFloor
from tests.teams.srtp import Direction, NotAuthentic, SessionKeys, key_in
from tests.teams.test_inwards import TeamsCall as DialledByTeams

pytestmark = [pytest.mark.system, needs_border]

G722 = 9
RINGBACK, CALLER, ANNA, BRAM, STRANGER = 425, 1230, 1700, 2150, 980


def plain_packet(call: TeamsCall, hertz: int) -> bytes:
    """Plain RTP of a tone, where only SRTP may come."""
    return bytes([0x80, PCMA]) + bytes(2 + 4 + 4) + encode(tone(hertz, 0.02), PCMA)


def test_caller_and_teams_hear_each_other_in_srtp_hold_is_our_music_and_both_ways_are_measured(
    floor: TeamsFloor,
) -> None:
    stage = floor.stage
    before = len(stage.measures_of("anna"))
    stage.log_on("anna")
    stage.sees("anna", "ready")
    caller = stage.calls(DIRECT)
    caller.wait_answered()
    caller.rtp.say(CALLER)
    call = floor.rings()
    sdp = call.invite.body.decode()
    assert re.search(r"^m=audio \d+ RTP/SAVP .*\r\n", sdp, re.M) and re.search(r"^a=rtcp-mux", sdp, re.M)

    call.progress_in_silence()
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))

    call.pick_up(ANNA)
    caller.rtp.hear_tone(ANNA)
    call.rtp.hear_tone(CALLER)
    until(lambda: call.rtp.reports >= 2, "RTCP on the port of the sound, encrypted")
    assert call.rtp.wire.refused == 0, "every packet that came was SRTP under the key of the SDP"

    for _ in range(20):
        call.rtp.wire.send_plain(plain_packet(call, STRANGER), call.rtp.remote or ("", 0))
    assert caller.rtp.hear(0.5).tones == {ANNA}, "what is not sealed with the key is not heard"

    assert "a=inactive" in call.reinvite("inactive", 2).body.decode()
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    call.reinvite("sendrecv", 3)
    caller.rtp.hear_tone(ANNA)
    call.rtp.hear_tone(CALLER)

    caller.bye()
    call.wait_ended()
    until(lambda: len(stage.measures_of("anna")) > before, "the measure of Anna's sound")
    of_anna = max(stage.measures_of("anna"), key=lambda fact: fact.at)
    assert of_anna.measured_by is MeasuredBy.BORDER
    assert of_anna.mos > 4.0


def test_colleague_who_consults_hears_ringback_while_teams_sends_silence(floor: TeamsFloor) -> None:
    stage = floor.stage
    stage.log_on("anna")
    stage.sees("anna", "ready")
    stage.does(LogOff("anna", AgentId("anna")))
    stage.log_on("bram")
    stage.sees("bram", "ready")
    caller = stage.calls(DIRECT)
    device = stage.picks_up("bram", BRAM)
    caller.rtp.hear_tone(BRAM)
    stage.log_on("anna")
    stage.sees("anna", "ready")
    stage.does(Consult("bram", AgentId("bram"), "agent", "anna"))
    call = floor.rings()
    call.progress_in_silence()
    device.rtp.hear_pitch(RINGBACK)
    call.pick_up(ANNA)
    device.rtp.hear_tone(ANNA)
    call.rtp.hear_tone(BRAM)
    caller.bye()
    device.bye()


def test_keys_are_those_of_the_vectors() -> None:
    """RFC 3711, B.3."""
    keys = SessionKeys.derive(bytes.fromhex("E1F97A0D3E018BE0D64FA32C06DE4139" "0EC675AD498AFEEBB6960B3AABE6"), 0)
    assert keys.cipher.hex() == "c61e7a93744f39ee10734afe3ff7a087"
    assert keys.salt.hex() == "30cbbc08863d8c85d49db34a9ae1"
    assert keys.authentication.hex() == "cebe321f6ff7716b6fd4ab49af256a156d38baa4"


def test_keystream_is_that_of_the_vectors() -> None:
    """RFC 3711, B.2, whose salt leaves ssrc and index out."""
    cipher, salt = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C"), bytes.fromhex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD")
    assert SessionKeys(cipher, b"", salt).keystream(0, 0, bytes(16)).hex() == "e03ead0935c95e80e166b16dd92b4eb4"


def test_sealed_packet_opens_under_its_key_alone_also_when_the_sequence_begins_anew() -> None:
    ours, theirs, other = Direction(bytes(range(30))), Direction(bytes(range(30))), Direction(bytes(30))
    for sequence in (65534, 65535, 0, 1):
        packet = struct.pack("!BBHII", 0x80, 8, sequence, 0, 77) + b"sound"
        sealed = ours.protect(packet)
        assert theirs.unprotect(sealed) == packet
        with pytest.raises(NotAuthentic):
            other.unprotect(sealed)
    report = ours.protect_report(b"\x80\xc9\x00\x01" + bytes(4) + b"report")
    assert theirs.unprotect_report(report)[8:] == b"report"


def test_g722_of_teams_goes_out_by_the_trunk_octet_by_octet(teams: TeamsStage) -> None:
    """Where both sides can, nobody transcodes: what Teams seals is what the trunk gets, and the other way round."""
    connection = teams.entrances[0].dial_in("127.0.0.1", teams.sbc.door("tls"))
    voice = SecureStream()
    call = DialledByTeams(teams, connection, "+31612345678")
    call.invite(body=voice.description())
    arrived = teams.trunk.expect_call()
    offered = arrived.invite.sdp if arrived.invite else None
    assert offered is not None and G722 in offered.payload_types
    arrived.rtp.sending = False
    arrived.rtp.remote = (offered.host, offered.port)
    arrived._respond(200, "OK", describe(arrived.rtp, (G722,)))
    taken = Sdp.parse(call.accept().body.decode())
    assert taken.payload_types[0] == G722
    voice.wire.receiving = Direction(key_in(taken.text))
    theirs, ours = bytes(range(160)), bytes(reversed(range(160)))
    for number in range(20):
        head = struct.pack("!BBHII", 0x80, G722, number, number * 160, 77)
        voice.wire.sendto(head + theirs, (taken.host, taken.port))
        arrived.rtp._socket.sendto(head + ours, arrived.rtp.remote)
        time.sleep(0.02)
    assert wait_until(lambda: len(arrived.rtp.packets) >= 15 and len(voice.packets) >= 15)
    assert {(packet.payload_type, packet.payload) for packet in arrived.rtp.packets} == {(G722, theirs)}
    assert {(packet.payload_type, packet.payload) for packet in voice.packets} == {(G722, ours)}
    arrived.bye()
    voice.close()
    connection.stream.close()
