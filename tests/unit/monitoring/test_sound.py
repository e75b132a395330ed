"""What rtpengine's words on a call mean; `tests/traces/rtpengine_query.txt` is one of Debian's 10.5.3 in full."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from cxcore.domain.quality import Codec
from cxcore.monitoring import bencode
from cxcore.monitoring.sound import receptions

TRACE = Path(__file__).resolve().parents[2] / "traces" / "rtpengine_query.txt"
TRUNK, SWITCH = "43690", "48059"


@pytest.fixture
def told() -> dict[str, Any]:
    """A call of twelve seconds: the line loses two in a hundred of the trunk's packets, none of the switch's."""
    found: dict[str, Any] = bencode.decode(TRACE.read_bytes())
    return found


def test_recorded_call_tells_of_both_directions(told: dict[str, Any]) -> None:
    sent, heard = receptions(told)
    assert sent is not None and heard is not None
    assert sent.loss == pytest.approx(8 / 500, abs=0.0005), "eight of five hundred by the last report"
    assert heard.loss < sent.loss
    assert (sent.jitter, sent.codec) == (10.0, Codec.PCMA)
    assert 25 < sent.round_trip < 45, "a report of before both sides had told theirs does not count as 0"


@pytest.mark.parametrize("seconds", [60, 3600])
def test_sender_that_goes_on_long_after_the_last_report_is_measured_over_half_of_it_at_least(
    told: dict[str, Any], seconds: int
) -> None:
    (stream, _) = told["tags"]["A"]["medias"][0]["streams"]
    stream["last packet"] += seconds
    sent, _ = receptions(told)
    assert sent is not None
    assert sent.loss == pytest.approx(8 / 300, abs=0.0005)


def test_report_of_before_there_was_sound_does_not_lower_the_jitter(told: dict[str, Any]) -> None:
    told["SSRC"][SWITCH]["MOS progression"]["entries"][0]["jitter"] = 0
    told["SSRC"][SWITCH]["average MOS"]["jitter"] = 8
    sent, _ = receptions(told)
    assert sent is not None and sent.jitter == 10.0


def test_line_without_jitter_has_none(told: dict[str, Any]) -> None:
    for each in told["SSRC"][SWITCH]["MOS progression"]["entries"]:
        each["jitter"] = 0
    sent, _ = receptions(told)
    assert sent is not None and sent.jitter == 0.0


def test_call_with_g722_is_told_as_such_with_the_clock_of_its_rtp(told: dict[str, Any]) -> None:
    told["tags"]["A"]["medias"][0]["codec"] = b"G722/8000"
    sent, _ = receptions(told)
    assert sent is not None
    assert (sent.codec, sent.jitter) == (Codec.G722, 10.0)


def test_percentage_counts_for_a_call_that_is_transcoded(told: dict[str, Any]) -> None:
    told["tags"]["A"]["medias"][0]["flags"].append(b"transcoding")
    told["tags"]["A"]["medias"][0]["codec"] = b"opus/48000/2"
    told["SSRC"][SWITCH]["average MOS"]["packet loss"] = 3
    sent, _ = receptions(told)
    assert sent is not None
    assert (sent.loss, sent.codec) == (0.03, Codec.OPUS)


def test_side_that_sends_no_reports_leaves_the_other_direction_known(told: dict[str, Any]) -> None:
    del told["SSRC"][TRUNK]
    sent, heard = receptions(told)
    assert sent is not None and heard is None


def test_place_that_was_tried_and_sent_nothing_does_not_count(told: dict[str, Any]) -> None:
    tried = copy.deepcopy(told["tags"]["A"])
    for stream in tried["medias"][0]["streams"]:
        del stream["SSRC"]
        stream["stats"]["packets"] = 0
    expected = receptions(told)
    told["tags"] = {"C": tried, **told["tags"]}
    assert receptions(told) == expected


def test_more_packets_than_were_sent_are_no_loss(told: dict[str, Any]) -> None:
    told["SSRC"][SWITCH]["cumulative loss"] = 0xFFFFFE
    sent, _ = receptions(told)
    assert sent is not None and sent.loss == 0.0


def test_call_that_it_does_not_know_tells_nothing() -> None:
    assert receptions({"result": b"error", "error-reason": b"Unknown call-id"}) == (None, None)


def test_call_of_which_the_switch_is_no_side_tells_nothing(told: dict[str, Any]) -> None:
    told["tags"]["B"]["label"] = b"teams"
    assert receptions(told) == (None, None)


@pytest.mark.parametrize("octets", [b"", b"i5", b"d3:key", b"5:abc", b"x", b"l" * 100, b"i1ei2e", b"di1ei2ee"])
def test_what_is_not_bencoded_is_refused(octets: bytes) -> None:
    with pytest.raises((bencode.Unreadable, AttributeError)):
        bencode.decode(octets)


def test_what_is_written_can_be_read() -> None:
    value = {"command": "query", "list": [1, -2, "drie"], "octets": b"\x00\xff"}
    read = bencode.decode(bencode.encode(value))
    assert read == {"command": b"query", "list": [1, -2, b"drie"], "octets": b"\x00\xff"}
