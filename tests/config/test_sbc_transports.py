"""Calls through the SBC over each transport: whatever a caller speaks, the switch speaks UDP; both can end a call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.sbc_stage import TRANSPORTS, Line, Sbc, line, needs_kamailio
from tests.contract.sip_peer import Call, SipParty, describe
from tests.contract.sound import PCMA, RtpStream
from tests.ports import free_port

pytestmark = needs_kamailio


@pytest.fixture(scope="module")
def sbc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    sbc = Sbc(tmp_path_factory.mktemp("sbc"))
    yield sbc
    sbc.close()


@pytest.fixture(params=TRANSPORTS)
def caller(sbc: Sbc, request: pytest.FixtureRequest) -> Iterator[Line]:
    with line(sbc, str(request.param)) as caller:
        yield caller


def invite(caller: Line, sbc: Sbc) -> Call:
    """The call as it came to the switch."""
    rtp = RtpStream()
    caller.send("INVITE", f"sip:+31715550100@{caller.door}", headers={"X-CX-Role": "admin"}, body=describe(rtp, [PCMA]))
    rtp.close()
    return sbc.switch.expect_call()


def talking(caller: Line, sbc: Sbc) -> Call:
    arrived = invite(caller, sbc)
    arrived.answer()
    caller.accept(caller.final())
    assert arrived.acknowledged.wait(2)
    return arrived


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_sbc_answers_options_on_every_transport_and_ip_version(sbc: Sbc, transport: str, host: str) -> None:
    assert sbc.answers(transport, host)


def test_caller_hangs_up(sbc: Sbc, caller: Line) -> None:
    arrived = talking(caller, sbc)
    caller.send("BYE", f"sip:peer@{sbc.switch.address}", cseq=2)
    assert caller.final(cseq=2).status == 200
    assert arrived.wait_ended(2)


def test_switch_hangs_up_over_the_connection_of_the_caller(sbc: Sbc, caller: Line) -> None:
    arrived = talking(caller, sbc)
    arrived.bye()
    caller.ok(caller.wait(lambda message: message.start.startswith("BYE ")))
    assert arrived.wait_status(200, "BYE")


def test_switch_puts_the_caller_on_hold(sbc: Sbc, caller: Line) -> None:
    arrived = talking(caller, sbc)
    arrived._request("INVITE", describe(arrived.rtp, [PCMA], "sendonly", 2))
    asked = caller.wait(lambda message: message.start.startswith("INVITE "))
    assert asked.sdp is not None and asked.sdp.direction == "sendonly"
    caller.ok(asked)
    assert arrived.wait_status(200)


def test_caller_who_gives_up_cancels_at_the_switch(sbc: Sbc) -> None:
    caller = SipParty(("127.0.0.1", sbc.port))
    call = caller.call("+31715550100")
    arrived = sbc.switch.expect_call()
    arrived.ring()
    call.wait_status(180)
    call.cancel()
    assert arrived.cancelled.wait(2)
    assert call.wait_final().status == 487
    caller.close()


def test_long_message_from_a_connection_reaches_the_switch_in_one_datagram(sbc: Sbc) -> None:
    with line(sbc, "tcp") as caller:
        caller.send("INVITE", f"sip:+31715550100@{caller.door}", headers={"X-Long": "x" * 20_000})
        arrived = sbc.switch.expect_call()
        assert arrived.invite is not None and len(arrived.invite.get("X-Long")) == 20_000
        arrived.reject(486)
        assert caller.final().status == 486


def test_ipv6_caller_reaches_the_switch_on_ipv6(tmp_path: Path) -> None:
    switch = SipParty(("::1", 9), host="::1")
    sbc = Sbc(tmp_path, switches=f"127.0.0.1:{free_port()},{switch.address}")
    switch.engine = ("::1", sbc.port)
    with line(sbc, "tcp", "::1") as caller:
        caller.send("INVITE", f"sip:+31715550100@{caller.door}", body=describe(RtpStream("::1"), [PCMA]))
        arrived = switch.expect_call()
        arrived.answer()
        caller.accept(caller.final())
        assert arrived.acknowledged.wait(2)
        arrived.bye()
        caller.ok(caller.wait(lambda message: message.start.startswith("BYE ")))
        assert arrived.wait_status(200, "BYE")
    switch.close()
    sbc.close()
