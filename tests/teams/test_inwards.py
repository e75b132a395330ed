"""Calls of Teams users, to the contact centre and out by the trunk, and what Teams does within a call."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.contract.sip_peer import Call, Message, wait_until
from tests.teams.conftest import OUR_NAME, TeamsStage
from tests.teams.peer import Connection, offer, request

GENERAL, OUTSIDE, USER = "+31715550100", "+31612345678", "+31715550177"
RECORD_ROUTE = "<sip:sip-du-a-eu.pstnhub.microsoft.com:5061;transport=tls;lr>"


@dataclass(slots=True)
class TeamsCall:
    """One call that Teams makes, on one connection."""

    stage: TeamsStage
    connection: Connection
    number: str
    call_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    caller: str = f"<sip:{USER}@sip.pstnhub.microsoft.com:5061;user=phone>"
    to_tag: str = ""
    routes: list[str] = field(default_factory=list)
    target: str = ""

    def send(self, method: str, cseq: int, headers: dict[str, str] | None = None, body: str = "") -> None:
        to = f"<sip:{self.number}@{OUR_NAME}:{self.stage.sbc.door('tls')};user=phone>"
        dialogue = {"From": f"{self.caller};tag=teams", "To": to + (f";tag={self.to_tag}" if self.to_tag else "")}
        dialogue["Call-ID"] = self.call_id
        if self.routes:
            dialogue["Route"] = ", ".join(self.routes)
        target = self.target or f"sip:{self.number}@{OUR_NAME}:{self.stage.sbc.door('tls')};user=phone;transport=tls"
        self.connection.send(request(method, target, dialogue, cseq, headers, body))

    def invite(self, headers: dict[str, str] | None = None, body: str | None = None) -> None:
        wanted = {"Record-Route": RECORD_ROUTE, "Allow": "INVITE,ACK,OPTIONS,CANCEL,BYE,NOTIFY", "Supported": "timer"}
        wanted |= {"Session-Expires": "3600", "Min-SE": "300"}
        self.send("INVITE", 1, wanted | (headers or {}), offer() if body is None else body)

    def final(self, cseq: int = 1) -> Message:
        def fits(message: Message) -> bool:
            return message.status >= 200 and message.call_id == self.call_id and message.cseq == cseq

        return self.stage.entrances[0].wait(fits)

    def accept(self) -> Message:
        """Take the 200 and acknowledge it."""
        taken = self.final()
        self.to_tag, self.target = taken.tag("To"), taken.contact
        self.routes = [each for each in taken.all("Record-Route")[::-1] if "pstnhub" not in each]
        self.send("ACK", 1)
        return taken


@pytest.fixture(scope="module")
def connection(teams_stage: TeamsStage) -> Iterator[Connection]:
    connection = teams_stage.entrances[0].dial_in("127.0.0.1", teams_stage.sbc.door("tls"))
    yield connection
    connection.stream.close()


def arrives(teams: TeamsStage, connection: Connection, headers: dict[str, str] | None = None) -> Message:
    """The INVITE as the switch gets it."""
    call = TeamsCall(teams, connection, GENERAL)
    call.invite(headers)
    arrived = teams.sbc.switch.expect_call()
    arrived.reject(486)
    assert call.final().status == 486
    assert arrived.invite is not None
    return arrived.invite


def talking(teams: TeamsStage, connection: Connection) -> tuple[TeamsCall, Call]:
    call = TeamsCall(teams, connection, GENERAL)
    call.invite()
    arrived = teams.sbc.switch.expect_call()
    arrived.answer()
    call.accept()
    assert arrived.acknowledged.wait(3)
    return call, arrived


def test_call_to_one_of_our_numbers_reaches_the_switch_in_plain_rtp(teams: TeamsStage, connection: Connection) -> None:
    invite = arrives(teams, connection)
    assert invite.start.startswith(f"INVITE sip:{GENERAL}@")
    sdp = invite.body.decode()
    assert re.search(r"^m=audio \d+ RTP/AVP ", sdp, re.M) and "crypto" not in sdp


def test_rule_10_invite_fits_where_it_goes(teams: TeamsStage, connection: Connection) -> None:
    """Beyond 1,300 bytes UDP may be cut in pieces (RFC 3261, 18.1.1); towards the switch it arrives whole."""
    long = "".join(f"a=candidate:{each} 1 UDP 2130706431 192.0.2.{each} 50000 typ host\r\n" for each in range(1, 40))
    call = TeamsCall(teams, connection, GENERAL)
    call.invite(body=offer() + long)
    arrived = teams.sbc.switch.expect_call()
    assert arrived.invite is not None and len(arrived.invite.body) < 1300, "what only Teams needs is left out"
    arrived.reject(486)
    call.final()


def test_rule_7_answer_of_ours_offers_no_refer(teams: TeamsStage, connection: Connection) -> None:
    call, arrived = talking(teams, connection)
    assert "REFER" not in call.final().get("Allow")
    call.send("BYE", 2)
    assert arrived.wait_ended(3)


def test_answer_is_srtp_and_names_us(teams: TeamsStage, connection: Connection) -> None:
    call, arrived = talking(teams, connection)
    answer = call.final()
    sdp = answer.body.decode()
    assert re.search(r"^m=audio \d+ RTP/SAVP ", sdp, re.M)
    assert re.findall(r"^a=crypto:1 (\S+)", sdp, re.M) == ["AES_CM_128_HMAC_SHA1_80"]
    assert OUR_NAME in answer.get("Contact")
    arrived.bye()
    assert teams.entrances[0].wait(lambda message: message.start.startswith("BYE "))


def test_rule_9_hold_of_teams_reaches_the_switch_and_its_answer_is_inactive(
    teams: TeamsStage, connection: Connection
) -> None:
    call, arrived = talking(teams, connection)
    call.send("INVITE", 2, body=offer(direction="inactive"))
    answer = call.final(2)
    assert wait_until(lambda: bool(arrived.reinvites()), 3)
    assert arrived.reinvites()[-1].direction == "inactive", "the switch plays its music to the other side"
    assert "a=inactive" in answer.body.decode()
    call.send("ACK", 2)
    call.send("BYE", 3)
    assert arrived.wait_ended(3)


def test_refer_goes_no_further(teams: TeamsStage, connection: Connection) -> None:
    call, arrived = talking(teams, connection)
    call.send("REFER", 2, {"Refer-To": "<sip:sip.pstnhub.microsoft.com:443;transport=tls?x-m=1>"})
    assert call.final(2).status == 405
    call.send("BYE", 3)
    assert arrived.wait_ended(3)


def test_rule_6_replaces_of_teams_reaches_the_switch_that_has_the_call(
    teams: TeamsStage, connection: Connection
) -> None:
    call, arrived = talking(teams, connection)
    replaced = f"{call.call_id};to-tag={call.to_tag};from-tag=teams"
    other = TeamsCall(teams, connection, OUTSIDE)
    other.invite({"Replaces": replaced, "Require": "replaces"})
    taking = teams.sbc.switch.expect_call()
    assert taking.invite is not None
    assert taking.invite.get("X-CX-Replaces") == replaced
    assert (taking.invite.get("Replaces"), taking.invite.get("Require")) == ("", "")
    taking.reject(404)
    assert other.final().status == 481, "the switch knows it no more"
    unknown = TeamsCall(teams, connection, OUTSIDE)
    unknown.invite({"Replaces": "nobody@teams;to-tag=1;from-tag=2", "Require": "replaces"})
    assert unknown.final().status == 481
    call.send("BYE", 2)
    assert arrived.wait_ended(3)
    assert teams.trunk.expect_no_call(0.1), "the number is that of a party, not one to be dialled"


def test_private_call_is_hidden_and_still_asserted(teams: TeamsStage, connection: Connection) -> None:
    headers = {"P-Asserted-Identity": f"<tel:{USER}>, <sip:user@gemeente.example>", "Privacy": "id"}
    invite = arrives(teams, connection, headers)
    assert f"<sip:{USER}@" in invite.get("P-Asserted-Identity")
    assert invite.get("Privacy") == "id"


def test_forwarded_call_brings_the_number_that_was_dialled_first(teams: TeamsStage, connection: Connection) -> None:
    history = (
        f"<sip:{USER}@sip.pstnhub.microsoft.com;user=phone?Reason=SIP%3Bcause%3D302%3Btext%3DMoved>;index=1, "
        f"<sip:{GENERAL}@sip.pstnhub.microsoft.com;user=phone>;index=1.1"
    )
    assert arrives(teams, connection, {"History-Info": history}).get("X-CX-Forwarded-From") == USER


def test_switch_is_not_told_that_the_sound_of_teams_goes_past_us(teams: TeamsStage, connection: Connection) -> None:
    assert arrives(teams, connection, {"X-CX-Sound": "direct"}).all("X-CX-Sound") == []


def test_rule_11_call_in_circles_ends(teams: TeamsStage, connection: Connection) -> None:
    entries = "".join(f"\r\nHistory-Info: <sip:+3171555{each:04}@x>;index={each}" for each in range(12))
    call = TeamsCall(teams, connection, GENERAL)
    call.invite({"X-First": f"x{entries}"})
    assert call.final().status == 482


def test_call_to_the_outside_goes_out_by_the_trunk_with_the_users_own_number(
    teams: TeamsStage, connection: Connection
) -> None:
    call = TeamsCall(teams, connection, OUTSIDE)
    call.invite()
    arrived = teams.trunk.expect_call()
    assert arrived.invite is not None
    assert arrived.invite.start.startswith(f"INVITE sip:{OUTSIDE}@")
    assert f"<sip:{USER}@" in arrived.invite.get("P-Asserted-Identity")
    assert re.search(r"^m=audio \d+ RTP/AVP ", arrived.invite.body.decode(), re.M)
    arrived.answer()
    assert "RTP/SAVP" in call.accept().body.decode()
    assert arrived.acknowledged.wait(3)
    call.send("BYE", 2)
    assert arrived.wait_ended(3)


@pytest.mark.parametrize("shown", ["+31206661234", "anonymous"])
def test_teams_user_never_shows_a_number_that_is_not_ours(
    teams: TeamsStage, connection: Connection, shown: str
) -> None:
    call = TeamsCall(teams, connection, OUTSIDE, caller=f"<sip:{shown}@sip.pstnhub.microsoft.com;user=phone>")
    call.invite()
    arrived = teams.trunk.expect_call()
    assert arrived.invite is not None
    assert f"<sip:{GENERAL}@" in arrived.invite.get("P-Asserted-Identity")
    assert (arrived.invite.get("Privacy") == "id") is (shown == "anonymous")
    arrived.reject(486)
    call.final()


def test_emergency_call_of_teams_goes_to_the_trunk(teams: TeamsStage, connection: Connection) -> None:
    call = TeamsCall(teams, connection, "112")
    call.invite()
    arrived = teams.trunk.expect_call()
    assert arrived.invite is not None and arrived.invite.start.startswith("INVITE sip:112@")
    arrived.reject(486)
    call.final()
