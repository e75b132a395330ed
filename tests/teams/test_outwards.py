"""Calls from the switch to users of Teams: what Teams is shown, and what it does that must not reach the caller."""

from __future__ import annotations

import re
import time

import pytest

from tests.contract.sip_peer import Call, Message, describe
from tests.teams.conftest import OUR_NAME, TeamsStage
from tests.teams.peer import Connection, answer, host_of, offer

USER, CALLER = "+31715550177", "+31612345678"


def rings(teams: TeamsStage, caller: str = CALLER, headers: dict[str, str] | None = None) -> Call:
    """The call as the switch makes it."""
    place = teams.entrances[0].address
    return teams.sbc.switch.call(USER, caller=caller, headers=headers, place=place)


def declined(call: Call, connection: Connection, invite: Message) -> None:
    connection.send(answer(invite, 486, "Busy Here"))
    assert call.wait_final().status == 486


def invited(teams: TeamsStage, caller: str = CALLER, headers: dict[str, str] | None = None) -> Message:
    """The INVITE as Teams gets it."""
    call = rings(teams, caller, headers)
    connection, invite = teams.entrances[0].expect_invite()
    declined(call, connection, invite)
    return invite


# --- The rules of an INVITE ------------------------------------------------------------------------------------------


def test_rule_1_and_5_contact_and_record_route_bear_our_name(teams: TeamsStage) -> None:
    invite = invited(teams)
    assert host_of(invite.get("Contact")) == OUR_NAME, invite
    assert host_of(invite.all("Record-Route")[0]) == OUR_NAME
    assert "transport=tls" in invite.all("Record-Route")[0]
    assert OUR_NAME in invite.get("Via")


def test_rule_2_numbers_are_e164_with_plus_and_user_phone(teams: TeamsStage) -> None:
    invite = invited(teams)
    assert re.match(rf"INVITE sip:\{USER}@[^;]+;user=phone", invite.start)
    assert f"<sip:{CALLER}@{OUR_NAME}" in invite.get("From")
    assert f"<sip:{CALLER}@{OUR_NAME}" in invite.get("P-Asserted-Identity")


def test_rule_2_number_of_the_switch_in_another_form_becomes_e164(teams: TeamsStage) -> None:
    assert f"<sip:{CALLER}@" in invited(teams, caller="0612345678").get("From")


def test_rule_3_nothing_is_a_sips_address(teams: TeamsStage) -> None:
    invite = invited(teams)
    assert "sips:" not in invite.start + "".join(value for _, value in invite.headers)


def test_rule_4_offer_is_srtp_with_sdes_without_mki_and_rtcp_mux(teams: TeamsStage) -> None:
    sdp = invited(teams).body.decode()
    assert re.search(r"^m=audio \d+ RTP/SAVP ", sdp, re.M)
    suites = re.findall(r"^a=crypto:\d+ (\S+) inline:(\S+)", sdp, re.M)
    assert [suite for suite, _ in suites] == ["AES_CM_128_HMAC_SHA1_80"]
    assert suites[0][1].count(":") == 0, "a MKI follows a colon (RFC 4568, 6.1)"
    assert re.search(r"^a=rtcp-mux", sdp, re.M)
    assert "fingerprint" not in sdp


def test_rule_6_and_7_no_transfer_by_us_is_offered(teams: TeamsStage) -> None:
    asked = {"Allow": "INVITE, ACK, REFER, BYE, CANCEL", "Supported": "replaces, timer", "Replaces": "x;to-tag=1"}
    invite = invited(teams, headers=asked)
    allowed = {method.strip() for method in invite.get("Allow").split(",")}
    assert {"ACK", "CANCEL", "BYE", "OPTIONS", "NOTIFY"} <= allowed
    assert "REFER" not in allowed
    assert invite.get("Replaces") == ""
    assert "replaces" not in invite.get("Supported")


def test_forwarded_call_tells_teams_for_which_number_of_ours(teams: TeamsStage) -> None:
    history = invited(teams, headers={"X-CX-Forwarded-From": "+31715550100"}).get("History-Info")
    assert history.startswith(f"<sip:+31715550100@{OUR_NAME};user=phone>;index=1, <sip:{USER}@")
    assert "Reason=SIP%3Bcause%3D302" in history
    assert invited(teams).get("History-Info") == ""


def test_hidden_caller_is_private(teams: TeamsStage) -> None:
    invite = invited(teams, caller="anonymous")
    assert invite.get("Privacy") == "id"
    assert "anonymous@anonymous.invalid" in invite.get("From")


def test_switch_is_nowhere_to_be_seen(teams: TeamsStage) -> None:
    invite = invited(teams)
    everything = invite.start + "".join(value for _, value in invite.headers) + invite.body.decode()
    assert teams.sbc.switch.address not in everything


# --- Which entrance --------------------------------------------------------------------------------------------------


def test_entrances_are_tried_in_order(teams: TeamsStage) -> None:
    invited(teams)
    assert teams.entrances[1].expect_no_invite(0.1)
    assert teams.entrances[2].expect_no_invite(0.1)


def test_rule_8_another_entrance_follows_503_and_the_first_is_left_alone_as_long_as_it_asked(teams: TeamsStage) -> None:
    call = rings(teams)
    connection, invite = teams.entrances[0].expect_invite()
    connection.send(answer(invite, 503, "Service Unavailable", headers={"Retry-After": "2"}))
    assert connection.closed.wait(3), "its connection is given up"
    declined(call, *teams.entrances[1].expect_invite())
    again = rings(teams)
    declined(again, *teams.entrances[1].expect_invite())
    assert teams.entrances[0].expect_no_invite(0.1), "it asked to be left alone"
    time.sleep(3.2)
    later = rings(teams)
    declined(later, *teams.entrances[0].expect_invite())


def test_rule_8_another_entrance_follows_408(teams: TeamsStage) -> None:
    call = rings(teams)
    connection, invite = teams.entrances[0].expect_invite()
    connection.send(answer(invite, 408, "Request Timeout", headers={"Retry-After": "1"}))
    declined(call, *teams.entrances[1].expect_invite())
    time.sleep(2.2)


@pytest.mark.parametrize("status", [603, 486, 480, 404])
def test_rule_8_answer_of_a_user_is_never_tried_elsewhere(teams: TeamsStage, status: int) -> None:
    call = rings(teams)
    connection, invite = teams.entrances[0].expect_invite()
    connection.send(answer(invite, status, "Decline"))
    assert call.wait_final().status == status
    assert teams.entrances[1].expect_no_invite(0.3)


# --- Ringing, talking, holding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rings_with", [(180, ""), (183, offer()), (183, "")])
def test_ringing_never_brings_the_caller_silence(teams: TeamsStage, rings_with: tuple[int, str]) -> None:
    call = rings(teams)
    connection, invite = teams.entrances[0].expect_invite()
    status, body = rings_with
    connection.send(answer(invite, status, "Progress", body))
    heard = call.wait_status(180)
    assert heard.body == b"", "sound before the answer is silence; without it the core's own tone goes on"
    declined(call, connection, invite)


def answered(teams: TeamsStage) -> tuple[Call, Connection, Message]:
    call = rings(teams)
    connection, invite = teams.entrances[0].expect_invite()
    connection.send(answer(invite, 200, "OK", offer()))
    call.wait_answered()
    teams.entrances[0].wait(lambda message: message.start.startswith("ACK "))
    return call, connection, invite


def test_answer_reaches_the_switch_as_plain_rtp(teams: TeamsStage) -> None:
    call, _, _ = answered(teams)
    sdp = call.wait_answered().body.decode()
    assert re.search(r"^m=audio \d+ RTP/AVP ", sdp, re.M)
    assert "crypto" not in sdp
    call.bye()
    teams.entrances[0].wait(lambda message: message.start.startswith("BYE "))


@pytest.mark.parametrize("direction", ["sendonly", "recvonly", "inactive"])
def test_rule_9_hold_is_inactive_whatever_the_switch_says(teams: TeamsStage, direction: str) -> None:
    call, _, _ = answered(teams)
    entrance = teams.entrances[0]
    entrance.messages.clear()
    call._request("INVITE", held(call, direction))
    connection, again = entrance.expect_invite()
    assert "a=inactive" in again.body.decode()
    assert "a=sendonly" not in again.body.decode() and "c=IN IP4 0.0.0.0" not in again.body.decode()
    connection.send(answer(again, 200, "OK", offer(direction="inactive")))
    call.wait("answer", lambda message: message.status == 200 and message.cseq == again.cseq)
    call.bye()


def held(call: Call, direction: str) -> str:
    return describe(call.rtp, call.codecs[:1], direction, 2)
