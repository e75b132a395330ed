"""The SBC: Kamailio with our configuration, real SIP over every transport, and a switch or none behind it."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from lab.phone import Answer, Lab
from scripts import sbc_site
from scripts.sbc_values import BadSiteValue
from tests.config.sbc_stage import check, end
from tests.contract.sip_peer import SipParty
from tests.ports import free_port

KAMAILIO = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/usr/local/sbin")
START_SECONDS = 30.0

pytestmark = pytest.mark.skipif(
    KAMAILIO is None and "CI" not in os.environ, reason="kamailio is not installed; make setup installs it"
)


class Sbc:
    """A running SBC with a party in the place of the switch."""

    def __init__(self, folder: Path, **values: str) -> None:
        self.port = free_port()
        self.tls_port = free_port()
        self.websocket_port = free_port()
        self.switch = SipParty(("127.0.0.1", self.port))
        ports = {"port": self.port, "tls_port": self.tls_port, "websocket_port": self.websocket_port}
        site = {name: str(port) for name, port in ports.items()} | {"switches": self.switch.address} | values
        sbc_site.write_site(folder, site)
        with (folder / "sbc.out").open("wb") as output:
            self.process = subprocess.Popen(sbc_site.start_command(folder), stdout=output, stderr=output)
        self._wait(folder)

    def _wait(self, folder: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while "200 OK" not in self.options("udp", patience=0.2):
            assert time.monotonic() < deadline, (folder / "sbc.out").read_text()

    def options(self, transport: str, host: str = "127.0.0.1", patience: float = 2.0) -> str:
        """The answer to OPTIONS; empty when none came."""
        port = self.tls_port if transport == "tls" else self.port
        with self._connection(transport, host, port) as connection:
            connection.settimeout(patience)
            try:
                connection.sendall(options_text(transport, host, port))
                return connection.recv(4096).decode()
            except (TimeoutError, ConnectionError):
                return ""

    def _connection(self, transport: str, host: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        plain = socket.socket(family, kind)
        plain.connect((host, port))
        if transport != "tls":
            return plain
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(plain)

    def close(self) -> None:
        """The SBC must end by itself, and take its children along."""
        end(self.process)
        self.switch.close()


def options_text(transport: str, host: str, port: int) -> bytes:
    shown = f"[{host}]" if ":" in host else host
    lines = (
        f"OPTIONS sip:{shown}:{port} SIP/2.0",
        f"Via: SIP/2.0/{transport.upper()} {shown}:9;branch=z9hG4bK{time.monotonic_ns()};rport",
        "Max-Forwards: 70",
        "From: <sip:test@localhost>;tag=1",
        f"To: <sip:{shown}>",
        f"Call-ID: {time.monotonic_ns()}@test",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.fixture(scope="module")
def sbc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    sbc = Sbc(tmp_path_factory.mktemp("sbc"))
    yield sbc
    sbc.close()


@pytest.fixture
def caller(sbc: Sbc) -> Iterator[SipParty]:
    party = SipParty(("127.0.0.1", sbc.port))
    yield party
    party.close()


def test_kamailio_finds_nothing_wrong_with_the_configuration(tmp_path: Path) -> None:
    sbc_site.write_site(tmp_path, {})
    assert check(tmp_path) == ""


@pytest.mark.parametrize(
    ("transport", "host"),
    [("udp", "127.0.0.1"), ("tcp", "127.0.0.1"), ("tls", "127.0.0.1"), ("udp", "::1"), ("tcp", "::1"), ("tls", "::1")],
)
def test_sbc_answers_options_on_every_transport_and_ip_version(sbc: Sbc, transport: str, host: str) -> None:
    assert "200 OK" in sbc.options(transport, host)


def test_sbc_takes_sip_over_a_websocket(sbc: Sbc) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    with socket.create_connection(("127.0.0.1", sbc.websocket_port), 2) as connection:
        connection.sendall(
            f"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n".encode()
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 101")
        connection.sendall(frame(options_text("ws", "127.0.0.1", sbc.websocket_port)))
        assert b"200 OK" in connection.recv(4096)


def frame(payload: bytes) -> bytes:
    """One masked text frame (RFC 6455, 5.2)."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return bytes([0x81, 0x80 | 126]) + len(payload).to_bytes(2, "big") + mask + masked


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_call_reaches_the_switch_and_both_hear_each_other(
    tmp_path: Path, transport: Literal["udp", "tcp"]
) -> None:
    with Lab() as lab:
        switch = lab.station(user="switch", behaviour=Answer(0.2), say="%(1000,0,1000);loops=-1")
        sbc = Sbc(tmp_path, switches=switch.uri.partition("@")[2])
        try:
            call = lab.call(
                "sip:+31715550100@127.0.0.1", say="%(1000,0,600);loops=-1", via=("127.0.0.1", sbc.port),
                transport=transport,
            )  # fmt: skip
            call.wait_answered()
            call.wait_tone(1000)
            switch.wait_call().wait_tone(600)
            call.hang_up()
            switch.wait_call().wait_ended()
        finally:
            sbc.close()


def test_headers_that_only_we_may_set_do_not_get_in(sbc: Sbc, caller: SipParty) -> None:
    call = caller.call("+31715550100", headers={"X-CX-Role": "admin", "X-Other": "kept"})
    arrived = sbc.switch.expect_call()
    assert arrived.invite is not None
    assert arrived.invite.get("X-CX-Role") == ""
    assert arrived.invite.get("X-Other") == "kept"
    arrived.reject(486)
    assert call.wait_final().status == 486


def test_caller_who_gives_up_cancels_at_the_switch(sbc: Sbc, caller: SipParty) -> None:
    call = caller.call("+31715550100")
    arrived = sbc.switch.expect_call()
    arrived.ring()
    call.wait_status(180)
    call.cancel()
    assert arrived.cancelled.wait(2)
    assert call.wait_final().status == 487


def test_dead_switch_is_told_to_the_caller_in_seconds(tmp_path: Path) -> None:
    nobody = free_port()
    sbc = Sbc(tmp_path, switches=f"127.0.0.1:{nobody}")
    caller = SipParty(("127.0.0.1", sbc.port))
    answer = caller.call("+31715550100").wait_final(8)
    assert (answer.status, answer.get("Retry-After")) == (503, "5")
    caller.close()
    sbc.close()


def test_second_switch_takes_the_call_when_the_first_is_dead(tmp_path: Path) -> None:
    nobody = free_port()
    alive = SipParty(("127.0.0.1", 9))
    sbc = Sbc(tmp_path, switches=f"127.0.0.1:{nobody},{alive.address}")
    alive.engine = ("127.0.0.1", sbc.port)
    caller = SipParty(("127.0.0.1", sbc.port))
    calls = [caller.call("+31715550100") for _ in range(2)]
    for _ in calls:
        alive.expect_call(8).answer()
    assert [call.wait_final(8).status for call in calls] == [200, 200]
    for party in (caller, alive):
        party.close()
    sbc.close()


def test_homer_gets_a_copy_of_every_message(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as homer:
        homer.bind(("127.0.0.1", 0))
        homer.settimeout(15)
        sbc = Sbc(tmp_path, homer=f"127.0.0.1:{homer.getsockname()[1]}")
        caller = SipParty(("127.0.0.1", sbc.port))
        caller.call("+31715550100")
        sbc.switch.expect_call().reject(486)
        copies = iter(lambda: homer.recv(65535), b"")
        copy = next(each for each in copies if b"INVITE sip:+31715550100" in each)
        assert copy.startswith(b"HEP3")
        caller.close()
        sbc.close()


def test_source_outside_the_allowed_networks_is_refused(tmp_path: Path) -> None:
    sbc = Sbc(tmp_path, allowed_networks="127.0.0.1/32")
    stranger = SipParty(("127.0.0.1", sbc.port), host="127.0.0.2")
    assert stranger.call("+31715550100").wait_final().status == 403
    stranger.close()
    sbc.close()


@pytest.mark.parametrize(
    "noise", [b"\x00\xff" * 200, b"INVITE", b"INVITE sip: SIP/2.0\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n" * 3]
)
def test_nonsense_does_not_stop_the_sbc(sbc: Sbc, noise: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(noise, ("127.0.0.1", sbc.port))
    assert "200 OK" in sbc.options("udp")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("switches", "switch.example"),
        ("hosts", "localhost"),
        ("port", "70000"),
        ("allowed_networks", "everybody"),
        ("trunk", "trunk:5060"),
        ("trunk", "192.0.2.1:5060,[2001:db8::1]:5060"),
        ("colour", "blue"),
    ],
)
def test_wrong_site_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSiteValue, match=name):
        sbc_site.write_site(tmp_path, {name: value})
