"""Session descriptions: what we read, choose and answer."""

from __future__ import annotations

import pytest

from softswitch.sip.sdp import Direction, OurSide, SdpError, agreed_codec, choose_codec, read_description


def sdp(audio: str = "RTP/AVP 8 0 101", *lines: str, host: str = "192.0.2.7", more: str = "") -> str:
    attributes = "".join(f"{line}\r\n" for line in lines)
    return (
        f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 4000 {audio}\r\n"
        f"a=rtpmap:101 telephone-event/8000\r\n{attributes}{more}"
    )


def test_what_they_offer_is_read() -> None:
    theirs = read_description(sdp())
    assert (theirs.host, theirs.port) == ("192.0.2.7", 4000)
    assert theirs.codecs == ("PCMA", "PCMU")
    assert theirs.digits_type == 101
    assert theirs.direction is Direction.SENDRECV
    assert not theirs.holds_us


OURS = ("G722", "PCMA", "PCMU")


def test_our_first_codec_that_they_offer_is_chosen() -> None:
    assert choose_codec(read_description(sdp("RTP/AVP 0 8 9")), OURS) == "G722"
    assert choose_codec(read_description(sdp("RTP/AVP 0 8")), OURS) == "PCMA"
    assert choose_codec(read_description(sdp("RTP/AVP 9 0 8")), ("PCMU", "G722")) == "PCMU"


def test_the_first_codec_of_an_answer_counts() -> None:
    assert agreed_codec(read_description(sdp("RTP/AVP 8 9")), OURS) == "PCMA"
    assert agreed_codec(read_description(sdp("RTP/AVP 9 8")), ("PCMA", "PCMU")) == "PCMA"


def test_g722_is_offered_with_the_clock_of_rfc_3551() -> None:
    offer = OurSide("192.0.2.1", 4000, 1).offer(OURS)
    assert "m=audio 4000 RTP/AVP 9 8 0 101\r\n" in offer
    assert "a=rtpmap:9 G722/8000\r\n" in offer


def test_an_offer_without_our_codecs_is_refused() -> None:
    with pytest.raises(SdpError, match="PCMU is not what we speak: G722, PCMA"):
        choose_codec(read_description(sdp("RTP/AVP 18 4 0")), ("G722", "PCMA"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=0\r\n",
        sdp().replace("audio", "video"),
        sdp("RTP/SAVP 8"),
        sdp().replace("4000", "port"),
        sdp().replace("c=IN IP4 192.0.2.7\r\n", ""),
    ],
)
def test_what_cannot_be_answered_is_refused(text: str) -> None:
    with pytest.raises(SdpError):
        read_description(text)


@pytest.mark.parametrize(
    ("line", "holds", "answer"),
    [("a=sendrecv", False, "a=sendrecv"), ("a=sendonly", True, "a=recvonly"), ("a=inactive", True, "a=inactive"),
     ("a=recvonly", False, "a=sendonly")],
)  # fmt: skip
def test_hold_is_answered_in_kind(line: str, holds: bool, answer: str) -> None:
    theirs = read_description(sdp("RTP/AVP 8", line))
    assert theirs.holds_us is holds
    assert answer in OurSide("127.0.0.1", 20000, 7).answer(theirs, "PCMA")


def test_address_zero_is_hold() -> None:
    assert read_description(sdp(host="0.0.0.0")).holds_us  # noqa: S104


def test_other_streams_are_refused_in_their_place() -> None:
    theirs = read_description(sdp(more="m=video 5000 RTP/AVP 96\r\n"))
    answer = OurSide("127.0.0.1", 20000, 7).answer(theirs, "PCMA")
    assert [line for line in answer.splitlines() if line.startswith("m=")] == [
        "m=audio 20000 RTP/AVP 8 101",
        "m=video 0 RTP/AVP 96",
    ]


def test_the_version_counts_up_with_each_description() -> None:
    ours = OurSide("::1", 20000, 7)
    first, second = ours.offer(("PCMA",)), ours.offer(("PCMA",), Direction.SENDONLY)
    assert "o=softswitch 7 1 IN IP6 ::1" in first
    assert "o=softswitch 7 2 IN IP6 ::1" in second
    assert "a=sendonly" in second


def test_while_we_hold_their_offer_gets_no_more_than_we_give() -> None:
    answer = OurSide("127.0.0.1", 1, 1).answer(read_description(sdp()), "PCMA", Direction.SENDONLY)
    assert "a=sendonly" in answer
