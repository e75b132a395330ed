"""Requests from a client's byte stream, and frames to it."""

from __future__ import annotations

import pytest

from softswitch.esl.frames import FrameTooLong, Request, RequestReader, api_response, event_frame, notice, reply

STREAM = (
    b"auth secret\n\n"
    b"\n\nsendmsg 123\ncall-command: execute\nexecute-app-name: playback\ncontent-type: text/plain\n"
    b"content-length: 7\n\nabc\n\ndefapi status\r\n\r\nexit\n\n"
)


def requests_of(octets: bytes, size: int) -> list[Request]:
    reader = RequestReader()
    requests: list[Request] = []
    for start in range(0, len(octets), size):
        requests += reader.feed(octets[start : start + size])
    return requests


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1000])
def test_requests_are_the_same_wherever_the_stream_is_cut(size: int) -> None:
    auth, order, status, farewell = requests_of(STREAM, size)
    assert auth.command == "auth secret"
    assert order.command == "sendmsg 123"
    assert order.headers["execute-app-name"] == "playback"
    assert order.body == "abc\n\nde"
    assert (status.command, farewell.command) == ("fapi status", "exit")


def test_body_counts_octets_not_characters() -> None:
    (request,) = RequestReader().feed("sendmsg x\ncontent-length: 4\n\nZoë".encode())
    assert request.body == "Zoë"


def test_octets_that_are_no_utf8_are_kept() -> None:
    (request,) = RequestReader().feed(b"api uuid_setvar x y \xff\xfe\n\n")
    assert request.command.encode("utf-8", "surrogateescape").endswith(b"\xff\xfe")


def test_a_length_beyond_all_reason_is_refused() -> None:
    with pytest.raises(FrameTooLong):
        RequestReader().feed(b"sendmsg x\ncontent-length: 99999999999\n\n")


def test_a_head_without_end_is_refused() -> None:
    reader = RequestReader()
    with pytest.raises(FrameTooLong):
        for _ in range(20):
            reader.feed(b"x" * 1024 * 1024)


def test_replies_have_freeswitchs_form() -> None:
    assert reply("+OK") == b"Content-Type: command/reply\nReply-Text: +OK\n\n"
    assert reply("+OK", ("Job-UUID", "1")) == b"Content-Type: command/reply\nReply-Text: +OK\nJob-UUID: 1\n\n"
    assert api_response("é") == "Content-Type: api/response\nContent-Length: 2\n\né".encode()
    assert api_response("") == b"Content-Type: api/response\nContent-Length: 14\n\n-ERR no reply\n"
    assert event_frame("json", b"{}") == b"Content-Length: 2\nContent-Type: text/event-json\n\n{}"
    assert notice("text/rude-rejection", "no") == b"Content-Type: text/rude-rejection\nContent-Length: 2\n\nno"
