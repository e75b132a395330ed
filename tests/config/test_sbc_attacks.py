"""Attacks: scanners of the trade, tortured and fuzzed messages, forged callers, replayed passwords, tricks in names."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.config.sbc_stage import Sbc, line, needs_kamailio
from tests.config.test_sbc_softphones import SECRET, credentials, register
from tests.config.torture import NUMBER, RFC_4475, RFC_5118, Torture
from tests.contract.sip_peer import NothingCame, SipParty

pytestmark = needs_kamailio

STRANGER, CALLER = "127.0.0.2", "127.0.0.1"
SCANNERS = Path(sys.executable).parent
FUZZ_MESSAGES = 400


@pytest.fixture(scope="module")
def sbc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    folder = tmp_path_factory.mktemp("attacks")
    (folder / "secret").write_text(SECRET, encoding="ascii")
    sbc = Sbc(
        folder / "sbc",
        allowed_networks=f"{CALLER}/32,::1/128",
        softphone_secret_file=str(folder / "secret"),
        softphone_origins="https://cx.example",
    )
    yield sbc
    sbc.close()


# --- Scanners --------------------------------------------------------------------------------------------------------


def scan(tool: str, *words: str, seconds: float = 3.0) -> str:
    """What SIPVicious prints."""
    program = SCANNERS / f"sipvicious_{tool}"
    if not program.exists():
        pytest.skip("sipvicious is not installed; make setup installs it")
    command = [str(program), *words, "-b", STRANGER] if tool != "svcrack" else [str(program), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as ended:
        return str(ended.stdout or "") + str(ended.stderr or "")
    return done.stdout + done.stderr


def test_svwar_finds_no_extension(sbc: Sbc) -> None:
    for method in ("REGISTER", "INVITE"):
        found = scan("svwar", "-e", "100-110", "-p", str(sbc.port), "-m", method, "--force", "127.0.0.1")
        assert "reqauth" not in found and "noauth" not in found, found
    assert sbc.switch.expect_no_call(0.1)


def test_svcrack_gets_no_password_to_guess_at(sbc: Sbc) -> None:
    found = scan("svcrack", "-u", "anna", "-r", "100-120", "-p", str(sbc.port), "127.0.0.1")
    assert "| anna" not in found, found


def test_svmap_learns_nothing_of_what_stands_behind(sbc: Sbc) -> None:
    found = scan("svmap", "-p", str(sbc.port), "127.0.0.1", seconds=3)
    for told in ("kamailio", "freeswitch", "softswitch"):
        assert told not in found.lower()


SVCRASH = """
import socket, sys, types
sys.modules["scapy"] = types.SimpleNamespace(__version__="0")
bind = socket.socket.bind
socket.socket.bind = lambda self, address: bind(self, (address[0], 0 if address[1] == 5060 else address[1]))
from sipvicious.svcrash import main
main()
"""
"""The tool as it is, but for its own port, which may be taken here. Scapy it needs for spoofing alone."""


def svcrash(port: int) -> str:
    command = [sys.executable, "-c", SVCRASH, "-d", CALLER, "-p", str(port)]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout


def test_svcrash_which_answers_what_nobody_asked_stops_nothing(sbc: Sbc) -> None:
    pytest.importorskip("sipvicious", reason="make setup installs it")
    heard_before = sbc.log
    for _ in range(20):
        assert f"Attacking back {CALLER}:{sbc.port}" in svcrash(sbc.port)
    assert sbc.answers("udp")
    assert "CRITICAL" not in sbc.log.removeprefix(heard_before)
    assert sbc.switch.expect_no_call(0.1), "nothing of it goes further"


def test_other_answers_to_questions_nobody_asked_stop_nothing(sbc: Sbc) -> None:
    """In the manner of svcrash, whose answer ends before its From."""
    unasked = "\r\n".join(("SIP/2.0 200 OK", "Via: SIP/2.0/UDP 8.7.6.5:5061;branch=z9hG4bK-573841574;rport", "", ""))
    numbered = unasked.replace("\r\n\r\n", '\r\nContent-length: 0\r\nFrom: "100"<sip:100@localhost>; tag=683a\r\n\r\n')
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((CALLER, 0))
        for octets in (unasked, numbered, numbered.replace("683a", "\\x" * 40), unasked.replace("200", "401")):
            sender.sendto(octets.encode(), ("127.0.0.1", sbc.port))
    assert sbc.answers("udp")
    assert "CRITICAL" not in sbc.log


def test_stranger_who_keeps_trying_gets_no_answer_any_more(sbc: Sbc) -> None:
    answers = 0
    with line(sbc, "udp", source="127.0.0.5") as stranger:
        for cseq in range(1, 60):
            stranger.send("OPTIONS", f"sip:{stranger.door}", cseq=cseq)
            try:
                answers += stranger.receive(0.2 if cseq > 15 else 2.0).status == 403
            except NothingCame:
                break
    assert 1 <= answers <= 25
    assert sbc.answers("udp"), "others are still heard"


def test_attempts_are_logged_and_counted(sbc: Sbc) -> None:
    with line(sbc, "udp", source="127.0.0.6") as stranger:
        stranger.send("INVITE", f"sip:{NUMBER}@{stranger.door}")
        stranger.final()
    with line(sbc, "udp") as scanner:
        scanner.send("OPTIONS", f"sip:{scanner.door}", headers={"User-Agent": "friendly-scanner"})
        with pytest.raises(NothingCame):
            scanner.receive(0.3)
    refused = sbc.status()["refused"]
    assert refused["it is in no allowed network"] >= 1
    assert refused["it is a scanner"] >= 1
    assert "127.0.0.6 goes no further: it is in no allowed network" in sbc.log


# --- Messages that are hard to read ----------------------------------------------------------------------------------


@pytest.mark.parametrize("message", [*RFC_4475, *RFC_5118], ids=lambda message: message.name)
def test_tortured_message_stops_nothing_and_leaves_no_number(sbc: Sbc, message: Torture) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((CALLER, 0))
        sender.sendto(message.octets(), ("127.0.0.1", sbc.port))
    assert sbc.answers("udp"), message.name
    assert NUMBER not in sbc.log


def test_tortured_messages_over_a_connection_stop_nothing(sbc: Sbc) -> None:
    for message in (*RFC_4475, *RFC_5118):
        with line(sbc, "tcp") as caller:
            caller.send_raw(message.octets())
    assert sbc.answers("tcp")
    assert sbc.process.poll() is None


def test_fuzzed_messages_stop_nothing(sbc: Sbc) -> None:
    chance = random.Random(4475)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((CALLER, 0))
        for _ in range(FUZZ_MESSAGES):
            octets = bytearray(chance.choice(RFC_4475).octets())
            for _ in range(chance.randint(1, 12)):
                octets[chance.randrange(len(octets))] = chance.randrange(256)
            sender.sendto(bytes(octets[: chance.randint(20, len(octets))]), ("127.0.0.1", sbc.port))
    assert sbc.answers("udp", patience=5)
    assert len(sbc.processes()) > 5
    assert NUMBER not in sbc.log


# --- Forgers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def quiet(sbc: Sbc) -> Sbc:
    """The same SBC, with no call left over at the switch."""
    while not sbc.switch.expect_no_call(0.1):
        pass
    return sbc


def test_caller_cannot_say_that_the_network_vouches_for_a_number(quiet: Sbc) -> None:
    caller = SipParty((CALLER, quiet.port))
    names = ("P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID", "X-CX-Forwarded-From")
    caller.call("+31715550100", headers=dict.fromkeys(names, f"<sip:{NUMBER}@x>"))
    arrived = quiet.switch.expect_call()
    assert arrived.invite is not None
    assert NUMBER not in "".join(value for _, value in arrived.invite.headers)
    assert quiet.status()["refused"]["it says of itself what only a network may say"] >= 1
    arrived.reject(486)
    caller.close()


@pytest.mark.parametrize(
    ("display", "expected"),
    [("Jan%0AX-CX: 1", "Jan0AX-CX: 1"), ("a\x07b\x1bc", "abc"), ("Zoë de Vries", "Zoë de Vries")],
)
def test_name_reaches_the_switch_without_tricks(quiet: Sbc, display: str, expected: str) -> None:
    caller = SipParty((CALLER, quiet.port))
    caller.call("+31715550100", display=display)
    arrived = quiet.switch.expect_call()
    assert arrived.invite is not None
    assert f'"{expected}"' in arrived.invite.get("From")
    arrived.reject(486)
    caller.close()


def test_number_with_tricks_is_refused(quiet: Sbc) -> None:
    caller = SipParty((CALLER, quiet.port))
    assert caller.call("+3171%0A5550100").wait_final().status == 400
    assert quiet.switch.expect_no_call(0.1)
    caller.close()


def test_transfer_to_an_expensive_number_goes_nowhere(quiet: Sbc) -> None:
    """Toll fraud through transfer: REFER is refused before a switch hears of it."""
    caller = SipParty((CALLER, quiet.port))
    call = caller.call("+31715550100")
    arrived = quiet.switch.expect_call()
    arrived.answer()
    call.wait_answered()
    call.refer("sip:09001234567@127.0.0.1")
    assert call.wait_status(405, "REFER")
    assert not any(message.start.startswith("REFER") for message in arrived.messages)
    assert quiet.status()["refused"]["it asks for a transfer"] >= 1
    call.bye()
    caller.close()


def test_password_that_was_overheard_cannot_be_said_again(sbc: Sbc) -> None:
    with line(sbc, "ws") as page:
        heard: list[bytes] = []
        say = page._wire.send

        def overheard(message: bytes) -> None:
            heard.append(message)
            say(message)

        page._wire.send = overheard  # type: ignore[method-assign]
        assert register(page, "anna", *credentials("anna")).status == 200
    again = heard[-1].replace(b"CSeq: 2", b"CSeq: 3")
    with line(sbc, "ws") as thief:
        thief.send_raw(again)
        assert thief.receive().status == 401
    assert sbc.status()["refused"]["its password is wrong or was used before"] >= 1


def test_websocket_of_a_page_of_another_site_is_refused_and_counted(sbc: Sbc) -> None:
    door = f"ws://127.0.0.1:{sbc.door('ws')}/"
    with pytest.raises(InvalidStatus, match="403"):
        connect(door, origin=Origin("https://evil.example"), subprotocols=[Subprotocol("sip")], proxy=None)
    assert sbc.status()["refused"]["a page of another site opened its connection"] >= 1


def test_whoever_guesses_passwords_is_shut_out(sbc: Sbc) -> None:
    with line(sbc, "ws") as guesser:
        answers = []
        for cseq in range(1, 40):
            fields = f'username="99:anna", realm="cx", nonce="x", uri="sip:x", response="{cseq}"'
            guessed = {"Authorization": f"Digest {fields}"}
            guesser.send("REGISTER", f"sip:{guesser.door}", cseq, {"Expires": "60", **guessed}, called="anna")
            answers.append(guesser.receive().status)
    assert answers[0] == 401 and answers[-1] == 403
    assert sbc.status()["refused"]["it guesses passwords"] >= 1
