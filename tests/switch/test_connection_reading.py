"""What a caller or a broken peer sends cannot forge, hang or end the reading. Each fault in plain greenswitch first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import gevent
import pytest
from gevent.event import AsyncResult

from cxcore.switch.connection import Connection, ConnectionLost
from cxcore.switch.frames import Event
from tests.switch.peer import PASSWORD, Line, Script, api_response, json_frame, peer, plain, plain_greenswitch, reply

FORGED = (
    b"Event-Name: CHANNEL_PARK\nUnique-ID: mine\n"
    b"Caller-Caller-ID-Name: Jan%0AUnique-ID: victim%0Avariable_cx_leg: x\n\n"
)
HARMLESS = b"Event-Name: HEARTBEAT\nUp-Time: 1\n\n"


@contextmanager
def connected(script: Script) -> Iterator[tuple[Connection, list[Event]]]:
    """A connection to the scripted peer, and the events that it hands on."""
    events: list[Event] = []
    with peer(script) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD, timeout=2, reply_seconds=2)
        connection.register_handle("*", events.append)
        try:
            connection.connect()
            yield connection, events
        finally:
            connection.stop(0.1)


def sends(*pieces: bytes) -> Script:
    """Lets the client in, sends the pieces, stays."""

    def script(line: Line) -> None:
        line.let_in()
        for piece in pieces:
            line.send(piece)
        line.stay()

    return script


def first_of(events: list[Event], count: int = 1) -> Event:
    with gevent.Timeout(3):
        while len(events) < count:
            gevent.sleep(0.005)
    return events[count - 1]


def test_greenswitch_lets_a_display_name_write_headers() -> None:
    seen: AsyncResult = AsyncResult()
    with peer(sends(plain(FORGED))) as server, plain_greenswitch(server) as client:
        client.register_handle("CHANNEL_PARK", seen.set)
        headers = seen.get(timeout=3).headers
    assert headers["Unique-ID"] == "victim"
    assert headers["variable_cx_leg"] == "x"


def test_a_display_name_with_a_line_feed_writes_no_header() -> None:
    with connected(sends(plain(FORGED))) as (_, events):
        event = first_of(events)
    assert event.text("Unique-ID") == "mine"
    assert "variable_cx_leg" not in event.headers
    assert event.text("Caller-Caller-ID-Name") == "Jan\nUnique-ID: victim\nvariable_cx_leg: x"


def test_a_display_name_with_a_line_feed_writes_no_header_in_json() -> None:
    body = b'{"Event-Name":"CHANNEL_PARK","Unique-ID":"mine","Caller-Caller-ID-Name":"Jan\\nUnique-ID: victim"}'
    with connected(sends(json_frame(body))) as (_, events):
        assert first_of(events).text("Unique-ID") == "mine"


def test_greenswitch_takes_the_last_of_a_repeated_header() -> None:
    seen: AsyncResult = AsyncResult()
    twice = b"Event-Name: CHANNEL_PARK\nUnique-ID: mine\nUnique-ID: victim\n\n"
    with peer(sends(plain(twice))) as server, plain_greenswitch(server) as client:
        client.register_handle("CHANNEL_PARK", seen.set)
        assert seen.get(timeout=3).headers["Unique-ID"] == "victim"


@pytest.mark.parametrize(
    "frame",
    [
        plain(b"Event-Name: CHANNEL_PARK\nUnique-ID: mine\nUnique-ID: victim\n\n"),
        json_frame(b'{"Event-Name":"CHANNEL_PARK","Unique-ID":"mine","Unique-ID":"victim"}'),
    ],
)
def test_of_a_repeated_header_the_first_stands(frame: bytes) -> None:
    with connected(sends(frame)) as (_, events):
        assert first_of(events).text("Unique-ID") == "mine"


def test_greenswitch_dies_of_bad_utf_8_and_says_that_it_is_connected() -> None:
    bad = b"Event-Name: CHANNEL_PARK\nCaller-Caller-ID-Name: \xff\xfe\n\n"
    with peer(sends(plain(bad))) as server, plain_greenswitch(server) as client:
        client._receive_events_greenlet.join(timeout=3)
        assert client._receive_events_greenlet.dead
        assert client.connected


@pytest.mark.parametrize(
    "frame",
    [
        plain(b"Event-Name: CHANNEL_PARK\nCaller-Caller-ID-Name: Jos\xe9\n\n"),
        json_frame(b'{"Event-Name":"CHANNEL_PARK","Caller-Caller-ID-Name":"Jos\xe9"}'),
    ],
)
def test_bad_utf_8_is_replaced_and_the_reading_goes_on(frame: bytes) -> None:
    with connected(sends(frame, plain(HARMLESS))) as (_, events):
        assert first_of(events).text("Caller-Caller-ID-Name") == "Jos\N{REPLACEMENT CHARACTER}"
        assert first_of(events, 2).name == "HEARTBEAT"


def test_an_event_that_is_no_json_is_left_out_and_the_reading_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with connected(sends(json_frame(b'{"Event-Name":'), json_frame(b"[1]"), plain(HARMLESS))) as (_, events):
        assert first_of(events).name == "HEARTBEAT"
    assert "is left out" in caplog.text


GREENSWITCH_AMID_AN_EVENT = """
import socket, threading
from greenswitch.esl import InboundESL
server = socket.create_server(("127.0.0.1", 0))
def serve():
    line, _ = server.accept()
    line.sendall(b"Content-Type: auth/request\\n\\n")
    line.recv(1000)
    line.sendall(b"Content-Type: command/reply\\nReply-Text: +OK accepted\\n\\n")
    line.sendall(b"Content-Length: 500\\nContent-Type: text/event-plain\\n\\nEvent-Name: CHANNEL_PARK\\n")
    line.close()
threading.Thread(target=serve, daemon=True).start()
client = InboundESL("127.0.0.1", server.getsockname()[1], "secret")
client.connect()
client._receive_events_greenlet.join()
"""


def test_greenswitch_loops_for_ever_when_the_connection_closes_amid_an_event() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-c", GREENSWITCH_AMID_AN_EVENT], timeout=1.5, stderr=subprocess.DEVNULL, check=False
        )


def test_a_connection_that_closes_amid_an_event_has_ended() -> None:
    def script(line: Line) -> None:
        line.let_in()
        line.send(plain(HARMLESS)[:-10])

    with connected(script) as (connection, events):
        assert connection.wait_closed(3)
        assert connection.lost_reason == "the switch closed the connection amid a frame"
        assert not connection.connected
        assert events == []


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        (b"Content-Length: many\nContent-Type: api/response\n\n", "Content-Length is 'many', which is no number"),
        (b"Content-Length: 99999999999999\n\n", "are allowed"),
        (b"X" * 70_000, "are allowed"),
        (reply("+OK"), "a command that was never sent"),
        (b"Content-Type: text/disconnect-notice\nContent-Length: 5\n\nBye!\n", "said that it disconnects"),
    ],
)
def test_a_peer_that_breaks_the_protocol_or_says_goodbye_ends_the_connection(piece: bytes, reason: str) -> None:
    with connected(sends(piece)) as (connection, _):
        assert connection.wait_closed(3)
        assert reason in connection.lost_reason


def test_greenswitch_stops_working_off_events_when_a_handler_without_a_name_raises() -> None:
    def fail(_word: str, _event: object) -> None:
        raise ValueError("of the handler")

    with peer(sends(plain(HARMLESS))) as server, plain_greenswitch(server) as client:
        client.register_handle("HEARTBEAT", partial(fail, "word"))
        client._process_events_greenlet.join(timeout=3)
        assert client._process_events_greenlet.dead


def test_a_handler_that_raises_is_logged_and_the_next_event_comes(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_word: str, _event: Event) -> None:
        raise ValueError("of the handler")

    with connected(sends(plain(HARMLESS), plain(FORGED))) as (connection, events):
        connection.register_handle("HEARTBEAT", partial(fail, "word"))
        assert first_of(events).name == "CHANNEL_PARK"
    assert "of the handler" in caplog.text


JOB = plain(b"Event-Name: BACKGROUND_JOB\nJob-UUID: j1\nJob-Command: originate\nContent-Length: 14\n\n-ERR USER_BUSY\n")


def test_greenswitch_glues_the_body_of_a_job_to_a_header() -> None:
    seen: AsyncResult = AsyncResult()
    with peer(sends(JOB)) as server, plain_greenswitch(server) as client:
        client.register_handle("BACKGROUND_JOB", seen.set)
        assert "-ERR USER_BUSY" in seen.get(timeout=3).headers["Content-Length"]


def test_the_body_of_a_job_stands_by_itself() -> None:
    in_json = json_frame(b'{"Event-Name":"BACKGROUND_JOB","Job-UUID":"j1","_body":"-ERR USER_BUSY\\n"}')
    with connected(sends(JOB, in_json)) as (_, events):
        assert first_of(events).body.strip() == first_of(events, 2).body.strip() == "-ERR USER_BUSY"
        assert events[0].text("Job-UUID") == events[1].text("Job-UUID") == "j1"


BURST = 4000
LONG_EVENT = plain(b"Event-Name: CHANNEL_PARK\nvariable_x: " + b"x" * 20_000 + b"\n\n")


def test_greenswitch_keeps_a_whole_burst_in_memory() -> None:
    def script(line: Line) -> None:
        line.let_in()
        for _ in range(BURST):
            line.send(plain(HARMLESS))
        line.stay()

    with peer(script) as server, plain_greenswitch(server) as client:
        client.register_handle("HEARTBEAT", lambda _event: gevent.sleep(10))
        with gevent.Timeout(5):
            while client._esl_event_queue.qsize() < BURST - 1:
                gevent.sleep(0.01)


def test_a_handler_that_waits_holds_the_switch_back() -> None:
    """Of 80 MB of events the peer gets rid of what TCP holds, and no more."""
    sent = 0

    def script(line: Line) -> None:
        nonlocal sent
        line.let_in()
        for _ in range(BURST):
            line.send(LONG_EVENT)
            sent += 1

    with connected(script) as (connection, _):
        connection.register_handle("CHANNEL_PARK", lambda _event: gevent.sleep(10))
        gevent.sleep(0.5)
        before = sent
        gevent.sleep(0.2)
        assert sent == before < BURST


def test_replies_find_their_commands_in_order_however_they_are_mixed_with_events() -> None:
    def script(line: Line) -> None:
        line.let_in()
        commands = [line.read_command() for _ in range(3)]
        line.send(plain(HARMLESS) + api_response(commands[0]) + plain(HARMLESS) + reply(commands[1]))
        line.send(api_response(commands[2]))
        line.stay()

    replies: list[str] = []
    with connected(script) as (connection, events):
        for command in ("api one", "noevents", "api three"):
            connection.post(command, replies.append)
        first_of(events, 2)
        with gevent.Timeout(3):
            while len(replies) < 3:
                gevent.sleep(0.005)
    assert replies == ["api one", "noevents", "api three"]


def test_greenswitch_leaves_a_command_waiting_when_the_connection_ends() -> None:
    def script(line: Line) -> None:
        line.let_in().read_command()

    with peer(script) as server, plain_greenswitch(server) as client:
        asking = gevent.spawn(client.send, "api status")
        asking.join(timeout=0.5)
        assert not asking.ready()
        asking.kill()


def test_commands_that_wait_fail_when_the_connection_ends() -> None:
    def script(line: Line) -> None:
        line.let_in().read_command()

    failures: list[str] = []
    with connected(script) as (connection, _):
        connection.post("api one", lambda _reply: None, failures.append)
        connection.post("api two", lambda _reply: None, failures.append)
        with pytest.raises(ConnectionLost):
            connection.send("api three")
    assert failures == ["the switch closed the connection"] * 2


def test_a_command_left_unanswered_ends_the_connection() -> None:
    with connected(sends()) as (connection, _):
        connection._reply_seconds = 0.2
        with pytest.raises(ConnectionLost, match="unanswered"):
            connection.send("api sleepy")
        assert connection.wait_closed(1)


def test_a_quiet_switch_is_asked_for_a_sign_of_life() -> None:
    asked: AsyncResult = AsyncResult()

    def script(line: Line) -> None:
        line.let_in()
        asked.set(line.read_command())
        line.send(api_response("4f1c"))
        line.stay()

    with peer(script) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD, ping_seconds=0.1)
        connection.connect()
        assert asked.get(timeout=3) == "api create_uuid"
        gevent.sleep(0.05)
        assert connection.connected
        connection.stop(0.1)
