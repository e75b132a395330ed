"""What the SBC keeps out: strangers, floods, nonsense, ways past the switch, and headers that only we may set."""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.config.sbc_stage import TRANSPORTS, Line, Sbc, line, needs_kamailio
from tests.contract.sip_peer import Call, NothingCame, SipParty, describe
from tests.contract.sound import PCMA, RtpStream

pytestmark = needs_kamailio
NUMBER = "+31715550100"
SECRET_NUMBER = "+31687654321"
NONSENSE = (
    b"\x00\xff" * 200,
    b"INVITE",
    b"INVITE sip: SIP/2.0\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n" * 3,
    f"INVITE sip:{SECRET_NUMBER}@x SIP/2.0\r\nFrom: {SECRET_NUMBER}\r\nTo\r\n\r\n".encode(),
    f"INVITE sip:{SECRET_NUMBER}@x SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nFrom: <sip:{SECRET_NUMBER}@@>>;;\r\n\r\n".encode(),
    f"INVITE sip:{SECRET_NUMBER} SIP/2.0\r\nContent-Length: -7\r\nCSeq: 1 BYE\r\nVia: {'a' * 9000}\r\n\r\n".encode(),
)


HALF_OPEN = 200


@pytest.fixture(scope="module")
def sbc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    sbc = Sbc(tmp_path_factory.mktemp("sbc"))
    yield sbc
    sbc.close()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Sbc]:
    """Only 127.0.0.1 and 127.0.0.3 may call, and not fast."""
    sbc = Sbc(tmp_path, allowed_networks="127.0.0.1/32,127.0.0.3/32", requests_per_second="20")
    yield sbc
    sbc.close()


def invite(caller: Line, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    rtp = RtpStream()
    caller.send("INVITE", f"sip:{NUMBER}@{caller.door}", headers=named, body=describe(rtp, [PCMA]))
    rtp.close()


def talking(caller: Line, sbc: Sbc) -> Call:
    invite(caller)
    arrived = sbc.switch.expect_call()
    arrived.answer()
    caller.accept(caller.final())
    return arrived


# --- Strangers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_stranger_is_refused_and_the_log_names_his_address(guarded: Sbc, transport: str) -> None:
    with line(guarded, transport, source="127.0.0.2") as stranger:
        invite(stranger)
        assert stranger.final().status == 403
    assert "127.0.0.2 goes no further: it is in no allowed network" in guarded.log


def test_stranger_may_get_no_answer_at_all(tmp_path: Path) -> None:
    sbc = Sbc(tmp_path, allowed_networks="127.0.0.1/32", strangers="ignore")
    for transport in ("udp", "tcp", "tls"):
        with line(sbc, transport, source="127.0.0.2") as stranger:
            invite(stranger)
            with pytest.raises((NothingCame, ConnectionError)):
                stranger.receive(0.5)
    assert sbc.switch.expect_no_call(0.1)
    sbc.close()


def test_stranger_opens_no_websocket(guarded: Sbc) -> None:
    with pytest.raises(Exception, match="403"), line(guarded, "ws", source="127.0.0.2"):
        pass


def test_scanner_that_says_its_name_gets_no_answer(sbc: Sbc) -> None:
    with line(sbc, "udp") as scanner:
        invite(scanner, User_Agent="friendly-scanner")
        with pytest.raises(NothingCame):
            scanner.receive(0.5)
    assert sbc.switch.expect_no_call(0.1)


def test_flood_from_one_address_is_shut_out_while_another_still_gets_through(guarded: Sbc) -> None:
    with line(guarded, "udp") as flood, line(guarded, "tcp", source="127.0.0.3") as caller:
        for cseq in range(500):
            flood.send("OPTIONS", f"sip:{flood.door}", cseq=cseq)
        time.sleep(0.2)
        arrived = talking(caller, guarded)
        caller.send("BYE", f"sip:peer@{guarded.switch.address}", cseq=2)
        assert caller.final(cseq=2).status == 200
        assert arrived.wait_ended(2)
    assert not guarded.answers("udp", patience=0.5)
    assert guarded.log.count("BLOCKing ip 127.0.0.1") == 1


# --- Nonsense --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_nonsense_does_not_stop_the_sbc_and_leaves_no_number_in_the_log(sbc: Sbc, transport: str) -> None:
    for noise in NONSENSE:
        with line(sbc, "tcp" if transport == "ws" else transport.replace("wss", "tls")) as caller:
            caller.send_raw(noise)
    assert sbc.answers(transport)
    assert SECRET_NUMBER not in sbc.log


def test_handshakes_that_fail_side_by_side_do_not_stop_the_sbc(sbc: Sbc) -> None:
    before = sbc.processes()
    with ThreadPoolExecutor(12) as strangers:
        list(strangers.map(lambda number: broken_handshake(sbc, number), range(3000)))
    assert sbc.answers("tls")
    assert set(before) <= set(sbc.processes())  # the last of them may begin after it first answers
    assert "CRITICAL" not in sbc.log


def broken_handshake(sbc: Sbc, number: int) -> None:
    """A hello that is none, something else than TLS, or TLS with nothing sensible in it."""
    if number % 3 == 2:
        with suppress(OSError), line(sbc, "tls") as stranger:
            stranger.send_raw(b"\r\n\r\n")
        return
    hello = b"\x16\x03\x01\x00\x20" + os.urandom(32) if number % 3 else b"GET / HTTP/1.0\r\n\r\n"
    with suppress(OSError), socket.create_connection(("127.0.0.1", sbc.door("tls")), 2) as stranger:
        stranger.settimeout(0.05)
        stranger.sendall(hello)
        stranger.recv(100)


def test_half_open_handshakes_hold_nobody_up(sbc: Sbc) -> None:
    """Half say nothing at all, half begin a hello and never end it."""
    with ExitStack() as strangers:
        for number in range(HALF_OPEN):
            stranger = strangers.enter_context(socket.create_connection(("127.0.0.1", sbc.door("tls")), 5))
            if number % 2:
                stranger.sendall(b"\x16\x03\x01\x02\x00\x01")
        assert sbc.answers("tls", patience=5) and sbc.answers("udp", patience=5)
    assert sbc.answers("wss", patience=5)


def test_log_of_a_call_holds_no_number(sbc: Sbc) -> None:
    with line(sbc, "tcp") as caller:
        talking(caller, sbc)
    assert NUMBER not in sbc.log


@pytest.mark.parametrize("transport", ["udp", "tcp", "ws"])
def test_message_that_is_too_long_is_refused(sbc: Sbc, transport: str) -> None:
    with line(sbc, transport) as caller:
        invite(caller, X_Long="x" * 64_500)
        assert caller.final().status == 513
    assert sbc.answers(transport)


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_message_without_end_ends_its_connection_only(sbc: Sbc, transport: str) -> None:
    with line(sbc, transport) as caller, pytest.raises((ConnectionError, ssl.SSLError)):
        for _ in range(20):
            caller.send_raw(b"INVITE sip:x SIP/2.0\r\nX-Long: " + b"x" * 20_000)
        caller.receive(2)
    assert sbc.answers(transport)


def test_call_that_went_in_circles_ends(sbc: Sbc) -> None:
    with line(sbc, "udp") as caller:
        caller.send_raw(
            f"INVITE sip:{NUMBER}@{caller.door} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP x;branch=z9hG4bK{os.urandom(4).hex()};rport\r\n"
            "Max-Forwards: 0\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: circle\r\nCSeq: 1 INVITE\r\n"
            "Content-Length: 0\r\n\r\n".encode()
        )
        assert caller.final().status == 483


def test_unknown_requests_are_refused_by_name(sbc: Sbc) -> None:
    for method in ("REGISTER", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH"):
        with line(sbc, "udp") as caller:
            caller.send(method, f"sip:{NUMBER}@{caller.door}")
            assert caller.final().status == 405


# --- What a caller may say, and where a request may lead --------------------------------------------------------------


def test_headers_that_only_we_may_set_do_not_get_in(sbc: Sbc) -> None:
    with line(sbc, "tcp") as caller:
        names = ("X_CX_Sound", "X_CX_Role", "P_CX_Role", "X_FS_Display_Name")
        invite(caller, **dict.fromkeys(names, "forged"), X_Other="kept")
        arrived = sbc.switch.expect_call()
        assert arrived.invite is not None
        kept = [header for header in arrived.invite.headers if header[0].startswith(("X-CX", "P-CX", "X-FS"))]
        assert kept == [("X-CX-Sound", "direct")], "what the SBC says itself"
        assert arrived.invite.get("X-Other") == "kept"
        arrived.answer()
        caller.accept(caller.final())
        caller.send("BYE", f"sip:peer@{sbc.switch.address}", cseq=2, headers={"X-CX-Role": "admin"})
        assert arrived.wait_request("BYE").get("X-CX-Role") == ""


def test_only_the_trunk_vouches_for_a_number(tmp_path: Path) -> None:
    trunk = SipParty(("127.0.0.1", 9), host="127.0.0.9")
    sbc = Sbc(tmp_path, trunk=trunk.address, allowed_networks="127.0.0.1/32")
    trunk.engine = ("127.0.0.1", sbc.port)
    caller = SipParty(("127.0.0.1", sbc.port))
    vouched = {"P-Asserted-Identity": "<sip:+31715550111@x>"}
    for party, expected in ((caller, ""), (trunk, "sip:+31715550111@")):
        party.call(NUMBER, headers=vouched)
        arrived = sbc.switch.expect_call()
        assert arrived.invite is not None
        asserted = arrived.invite.get("P-Asserted-Identity")
        assert expected in asserted if expected else asserted == ""
        arrived.reject(486)
    for party in (trunk, caller):
        party.close()
    sbc.close()


@pytest.mark.parametrize(
    ("target", "extra_route"),
    [("sip:{victim}", ""), ("sip:{switch};maddr={victim}", ""), ("sip:{switch}", "<sip:{victim};lr>")],
)
def test_request_within_a_call_cannot_be_led_past_the_switch(sbc: Sbc, target: str, extra_route: str) -> None:
    victim = SipParty(("127.0.0.1", sbc.port))
    places = {"victim": victim.address, "switch": sbc.switch.address}
    with line(sbc, "udp") as caller:
        talking(caller, sbc)
        if extra_route:
            caller.routes = [*caller.routes, extra_route.format(**places)]
        caller.send("INVITE", target.format(**places), cseq=2, body=describe(RtpStream(), [PCMA]))
        assert victim.expect_no_call(0.4)
        assert victim.strays == []
    victim.close()


def test_caller_who_names_a_route_still_reaches_the_switch_only(sbc: Sbc) -> None:
    victim = SipParty(("127.0.0.1", sbc.port))
    with line(sbc, "udp") as caller:
        invite(caller, Route=f"<sip:{victim.address};lr>")
        sbc.switch.expect_call().reject(486)
        assert caller.final().status == 486
    assert victim.expect_no_call(0.1)
    victim.close()


# --- Outwards --------------------------------------------------------------------------------------------------------


def dial(sbc: Sbc, uri: str) -> Call:
    """The switch dials this address; the SBC is its next hop."""
    user, _, place = uri.partition("@")
    return sbc.switch.call(user, place=place)


def test_switch_dials_a_device_at_its_own_address(sbc: Sbc) -> None:
    device = SipParty(("127.0.0.1", sbc.port))
    call = dial(sbc, f"anna@{device.address}")
    arrived = device.expect_call()
    arrived.answer()
    call.wait_answered()
    call.bye()
    assert arrived.wait_ended(2)
    device.close()


def test_number_goes_to_the_trunk(tmp_path: Path) -> None:
    trunk = SipParty(("127.0.0.1", 9))
    sbc = Sbc(tmp_path, trunk=trunk.address)
    trunk.engine = ("127.0.0.1", sbc.port)
    call = sbc.switch.call(SECRET_NUMBER)
    arrived = trunk.expect_call()
    assert arrived.invite is not None
    assert arrived.invite.start.startswith(f"INVITE sip:{SECRET_NUMBER}@{trunk.address}")
    arrived.answer()
    call.wait_answered()
    arrived.bye()
    assert call.wait_ended(2)
    trunk.close()
    sbc.close()


def test_number_without_a_trunk_is_told_so(sbc: Sbc) -> None:
    call = sbc.switch.call(SECRET_NUMBER)
    sbc.switch.expect_call().reject(404)
    assert call.wait_final().start == "SIP/2.0 503 No Trunk Configured"
    assert SECRET_NUMBER not in sbc.log


def test_number_of_ours_is_reached_without_a_trunk(sbc: Sbc) -> None:
    call = sbc.switch.call(SECRET_NUMBER)
    arrived = sbc.switch.expect_call()
    arrived.answer()
    call.wait_answered()
    call.bye()
    assert arrived.wait_ended()


def test_name_that_is_no_device_is_told_so(sbc: Sbc) -> None:
    assert sbc.switch.call("anna").wait_final().start == "SIP/2.0 404 No Such Device"


def test_device_that_is_not_there_ends_the_call_in_seconds(sbc: Sbc) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        call = dial(sbc, f"anna@127.0.0.1:{silent.getsockname()[1]}")
        assert call.wait_final(8).status == 408
    assert "nothing answers at 127.0.0.1" in sbc.log
