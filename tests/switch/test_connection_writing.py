"""What is sent arrives whole and unmixed. Each fault in plain greenswitch first."""

from __future__ import annotations

import gevent
import pytest
from gevent.event import AsyncResult

from cxcore.switch.connection import Connection, ConnectionLost
from tests.switch.peer import PASSWORD, Line, Script, peer, plain_greenswitch

LARGE = 8 * 1024 * 1024


def reads_slowly(read: AsyncResult, expected: int) -> Script:
    """Lets the client in, waits, then reads until `expected` bytes came or nothing more comes."""

    def script(line: Line) -> None:
        line.let_in()
        gevent.sleep(0.2)
        data = bytearray()
        with gevent.Timeout(1, False):
            while len(data) < expected:
                piece = line.sock.recv(1_000_000)
                data += piece
        read.set(bytes(data))
        line.stay()

    return script


def test_greenswitch_sends_a_part_and_calls_it_sent() -> None:
    read: AsyncResult = AsyncResult()
    with peer(reads_slowly(read, LARGE)) as server, plain_greenswitch(server) as client:
        sending = gevent.spawn(client.send, "x" * LARGE)
        assert len(read.get(timeout=5)) < LARGE
        sending.kill()


def test_greenswitch_mixes_commands_that_are_sent_at_once() -> None:
    commands = [letter * 3_000_000 for letter in "abc"]
    read: AsyncResult = AsyncResult()
    with peer(reads_slowly(read, 9_000_006)) as server, plain_greenswitch(server) as client:
        sending = [gevent.spawn(client.send, command) for command in commands]
        assert read.get(timeout=5) != "".join(command + "\n\n" for command in commands).encode()
        gevent.killall(sending)


def test_a_large_command_arrives_whole() -> None:
    read: AsyncResult = AsyncResult()
    with peer(reads_slowly(read, LARGE + 2)) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD)
        connection.connect()
        connection.post("x" * LARGE, lambda _reply: None)
        assert len(read.get(timeout=5)) == LARGE + 2
        connection.stop(0.1)


def test_commands_of_several_greenlets_arrive_one_after_another() -> None:
    commands = [f"{letter}" * 400_000 for letter in "abcdefgh"]
    read: AsyncResult = AsyncResult()
    with peer(reads_slowly(read, 8 * 400_002)) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD)
        connection.connect()
        gevent.joinall([gevent.spawn(connection.post, command, lambda _reply: None) for command in commands])
        assert read.get(timeout=5).decode().split("\n\n")[:8] == commands
        connection.stop(0.1)


def test_a_switch_that_does_not_read_is_given_up_before_memory_is() -> None:
    def script(line: Line) -> None:
        line.let_in()
        gevent.sleep(5)

    failures: list[str] = []
    with peer(script) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD, max_unsent=100_000)
        connection.connect()
        with pytest.raises(ConnectionLost, match="the switch does not read"):
            for _ in range(1000):
                connection.post("x" * 50_000, lambda _reply: None, failures.append)
                gevent.sleep(0)
        assert failures


def test_a_command_after_the_end_is_refused_at_once() -> None:
    def script(line: Line) -> None:
        line.let_in()

    with peer(script) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD)
        connection.connect()
        assert connection.wait_closed(3)
        with pytest.raises(ConnectionLost, match="closed the connection"):
            connection.post("api status", lambda _reply: None)
