"""The process: how it starts, refuses to start, serves clients and goes down."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from softswitch.service import EXIT_STALLED
from tests.ports import PortBlock
from tests.system.softswitch.esl_client import EslClient
from tests.system.softswitch.process import PASSWORD, DidNotStart, Softswitch
from tests.system.softswitch.sip_phone import Phone

pytestmark = pytest.mark.system


def test_given_a_call_when_told_to_stop_then_it_says_bye_and_shutdown_and_ends_with_0(tmp_path: Path) -> None:
    with Softswitch(tmp_path, "--sip-ipv6", "none") as switch, Phone() as phone:
        switch.wait_ready()
        with EslClient.signed_in(switch.event_socket_port, PASSWORD) as esl:
            phone.call(switch.sip)
            uuid = esl.wait("CHANNEL_PARK").uuid
            esl.api(f"uuid_answer {uuid}")
            phone.ack(phone.expect(200, method="INVITE"))
            switch.process.terminate()
            assert phone.expect_request("BYE")
            assert esl.wait("SHUTDOWN")
            assert switch.stop() == 0


def test_given_a_taken_sip_port_then_one_line_names_address_port_and_setting(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with Softswitch(tmp_path, sip_port=port) as switch:
            assert switch.process.wait(10) == 2
    (line,) = switch.lines
    assert f"127.0.0.1:{port}" in line
    assert "sip_port" in line


def test_given_a_taken_event_socket_port_then_one_line_names_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Softswitch(tmp_path, event_socket_port=port) as switch:
            assert switch.process.wait(10) == 2
    assert f"127.0.0.1:{port}" in switch.lines[-1]
    assert "event_socket_port" in switch.lines[-1]


def run(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "softswitch", *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_given_no_password_then_it_refuses_to_start(tmp_path: Path) -> None:
    done = run()
    assert done.returncode == 2
    assert "password_file" in done.stderr
    empty = tmp_path / "empty"
    empty.write_text("")
    assert run("--password-file", str(empty)).returncode == 2


def test_given_an_unknown_setting_in_the_file_then_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    config = tmp_path / "softswitch.yml"
    config.write_text(f"password_file: {tmp_path / 'password'}\nsip_prot: 5080\n")
    done = run("--config", str(config))
    assert done.returncode == 2
    assert "sip_prot" in done.stderr
    assert str(config) in done.stderr


def test_help_explains_each_flag() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "--overflow-dial-string" in done.stdout


def test_given_a_peer_that_is_not_allowed_then_it_is_sent_away(tmp_path: Path) -> None:
    with Softswitch(tmp_path, "--allowed-peers", "192.0.2.0/24") as switch:
        switch.wait_ready()
        with EslClient(switch.event_socket_port) as client:
            assert client.read_frame().kind == "text/rude-rejection"
            with pytest.raises(ConnectionError):
                client.read_frame()


def test_given_a_client_that_does_not_read_then_it_is_dropped_loudly_and_others_go_on(tmp_path: Path) -> None:
    with Softswitch(tmp_path) as switch:
        switch.wait_ready()
        with (
            EslClient(switch.event_socket_port) as lazy,
            EslClient.signed_in(switch.event_socket_port, PASSWORD, events="") as busy,
        ):
            lazy.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            lazy.read_frame()
            lazy.command(f"auth {PASSWORD}")
            lazy.command("event plain ALL")
            fill(switch, busy)
            assert any("CRITICAL" in line and "did not read" in line for line in switch.lines)
            assert busy.api("status").startswith("UP ")


def fill(switch: Softswitch, client: EslClient) -> None:
    """Fire events of a megabyte until somebody is dropped."""
    body = "x" * 1_000_000
    deadline = time.monotonic() + 20
    while not any("did not read" in line for line in switch.lines) and time.monotonic() < deadline:
        client.command(f"sendevent CUSTOM\nEvent-Subclass: load\nContent-Length: {len(body)}\n\n{body}")


STALLING = """
import asyncio, sys
from softswitch.service import Service
from softswitch.settings import Settings
first = int(sys.argv[1])
service = Service(Settings("secret", sip_ipv6=None, sip_port=0, event_socket_port=0, rtp_port_min=first,
                           rtp_port_max=first + 98))
async def run():
    asyncio.get_running_loop().call_later(0.1, service.sound_stalled, 3.0)
    return await service.run()
sys.exit(asyncio.run(run()))
"""


def test_given_sound_that_stands_still_then_the_process_ends_with_an_exit_code() -> None:
    block = PortBlock(400)
    command = [sys.executable, "-c", STALLING, str(block.first)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == EXIT_STALLED
    assert "sound stood still" in done.stderr


SCRIPT = """
import sys, gevent, greenswitch
port, password = int(sys.argv[1]), sys.argv[2]
client = greenswitch.InboundESL(host="127.0.0.1", port=port, password=password)
client.connect()
jobs = []
client.register_handle("BACKGROUND_JOB", lambda event: jobs.append(event.headers["Job-Command"]))
assert client.send("event plain ALL").headers["Reply-Text"].startswith("+OK")
assert client.send("api status").data.startswith("UP ")
client.send("bgapi version")
gevent.sleep(0.5)
assert jobs == ["version"], jobs
client.stop()
"""


def test_given_greenswitch_as_client_then_it_works_as_with_freeswitch(tmp_path: Path) -> None:
    with Softswitch(tmp_path) as switch:
        switch.wait_ready()
        command = [sys.executable, "-c", SCRIPT, str(switch.event_socket_port), PASSWORD]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr


def test_given_a_wrong_flag_then_nothing_starts(tmp_path: Path) -> None:
    with Softswitch(tmp_path, "--rtp-port-max", "1") as switch, pytest.raises(DidNotStart):
        switch.wait_ready()
