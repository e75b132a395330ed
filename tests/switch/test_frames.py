"""Frames come out of a recorded stream however it is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxcore.switch.frames import (
    Frame,
    FrameReader,
    FrameTooLarge,
    MalformedEvent,
    MalformedLength,
    event_of,
    json_event,
    plain_event,
)

TRACES = Path(__file__).parents[1] / "traces"


def whole(trace: str) -> list[Frame]:
    return list(FrameReader().feed((TRACES / trace).read_bytes()))


@pytest.mark.parametrize("trace", ["call_json.txt", "call_plain.txt"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000, 1460])
def test_a_recorded_call_gives_the_same_frames_in_pieces_of_any_size(trace: str, size: int) -> None:
    data, reader = (TRACES / trace).read_bytes(), FrameReader()
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    frames = [frame for piece in pieces for frame in reader.feed(piece)]
    assert frames == whole(trace)
    assert not reader.amid_frame


@pytest.mark.parametrize("trace", ["call_json.txt", "call_plain.txt"])
def test_a_recorded_call_may_be_cut_at_any_byte(trace: str) -> None:
    data = (TRACES / trace).read_bytes()[:12_000]
    frames = list(FrameReader().feed(data))
    for cut in range(len(data)):
        reader = FrameReader()
        assert [*reader.feed(data[:cut]), *reader.feed(data[cut:])] == frames


def test_both_formats_tell_the_same() -> None:
    """Of the headers that are read; the two streams differ in what FreeSWITCH adds to each."""
    in_json = [event_of(frame) for frame in whole("call_json.txt") if frame.body]
    in_plain = [event_of(frame) for frame in whole("call_plain.txt") if frame.body]
    assert len(in_json) == len(in_plain) > 30
    for one, two in zip(in_json, in_plain, strict=True):
        for name in ("Event-Name", "Unique-ID", "Caller-Caller-ID-Name", "Application-UUID", "variable_cx_agent"):
            assert one.text(name) == two.text(name)
        assert one.body.strip() == two.body.strip()


def json_frame(text: str) -> Frame:
    return Frame({"Content-Type": "text/event-json"}, text.encode())


def test_a_header_is_read_alike_from_an_event_read_whole_and_from_one_that_is_only_looked_into() -> None:
    seen = 0
    for frame in (frame for frame in whole("call_json.txt") if frame.body):
        event, read = event_of(frame), json_event(frame.body.decode())
        for name in (*read.headers, "Absent", "variable_"):
            assert event.text(name) == read.text(name)
            assert event.text_in_any_case(name.upper()) == read.text(name)
            seen += 1
        assert (event.name, event.body, event.headers) == (read.name, read.body, read.headers)
    assert seen > 3000


@pytest.mark.parametrize(
    ("members", "value"),
    [
        (r'"a":"one \"b\":\"two\\","b":"three"', "three"),
        (r'"a":"\"b\":\"forged","x":"b","y":["b","z"]', ""),
        (r'"b":"first","b":"second"', "first"),
        (r'"b":["one","two"]', "one"),
        (r'"b":3', ""),
        (r'"b":"a\nb \u00e9 \"c\""', 'a\nb é "c"'),
        (r'"B":"other"', ""),
    ],
)
def test_no_value_is_taken_for_a_header(members: str, value: str) -> None:
    text = '{"Event-Name":"X",' + members + "}"
    assert event_of(json_frame(text)).text("b") == json_event(text).text("b") == value


def test_an_array_reads_as_its_first_element() -> None:
    assert json_event('{"Event-Name":"X","a":["one","two"],"b":[],"c":3}').text("a") == "one"
    assert json_event('{"Event-Name":"X","b":[]}').text("b") == ""


def test_control_characters_in_json_cost_no_event() -> None:
    assert json_event('{"Event-Name":"X","a":"one\ttwo\x01"}').text("a") == "one\ttwo\x01"


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"a":}'])
def test_what_is_no_event_is_named(text: str) -> None:
    with pytest.raises(MalformedEvent):
        json_event(text)


def test_values_are_decoded_after_the_lines_are_split() -> None:
    event = plain_event("Event-Name: X\nname: a%0Ab: c%25\nbroken: 50%\nno colon here\n\nbody: %0A\n")
    assert event.headers == {"Event-Name": "X", "name": "a\nb: c%", "broken": "50%"}
    assert event.body == "body: %0A\n"


def test_lines_and_bodies_have_limits() -> None:
    with pytest.raises(FrameTooLarge):
        list(FrameReader(max_head=100).feed(b"x" * 101))
    with pytest.raises(FrameTooLarge):
        list(FrameReader(max_body=100).feed(b"Content-Length: 101\n\n"))
    with pytest.raises(MalformedLength):
        list(FrameReader().feed(b"Content-Length: -1\n\n"))


def test_what_came_before_an_error_is_not_lost() -> None:
    frames = FrameReader().feed(b"Content-Type: auth/request\n\nContent-Length: x\n\n")
    assert next(frames).content_type == "auth/request"
    with pytest.raises(MalformedLength):
        next(frames)
