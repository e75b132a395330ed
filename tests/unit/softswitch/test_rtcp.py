"""RTCP reports and the estimate of quality."""

import pytest

from softswitch.media import rtcp
from softswitch.media.inbound import InboundStream
from softswitch.media.quality import mean_opinion_score
from softswitch.media.reports import ReportSession
from softswitch.media.rtp import RtpPacket


def test_a_sender_report_survives_packing_and_parsing() -> None:
    block = rtcp.ReportBlock(2, 64, 5, 70000, 16, 1234, 5678)
    report = rtcp.Report(1, rtcp.SenderInfo(rtcp.ntp_time(1e9), 160, 10, 1600), (block,))
    assert rtcp.parse(report.pack("anna@example")) == [report]


def test_a_receiver_report_survives_packing_and_parsing() -> None:
    report = rtcp.Report(1)
    assert rtcp.parse(report.pack("x")) == [report]


@pytest.mark.parametrize("cut", [0, 3, 7, 11, 30, 51])
def test_a_report_that_was_cut_off_is_left_out(cut: int) -> None:
    whole = rtcp.Report(1, rtcp.SenderInfo(1, 2, 3, 4), (rtcp.ReportBlock(2),)).pack("x")
    assert rtcp.parse(whole[:cut]) == []


def test_garbage_is_left_out() -> None:
    assert rtcp.parse(b"\x9f\xc8\x00\x01" + bytes(4)) == []


def test_two_sides_learn_the_round_trip() -> None:
    anna, bram, heard = ReportSession(1), ReportSession(2), InboundStream()
    heard.expect(b"anna", None)
    heard.receive(RtpPacket(8, 1, 160, 1, bytes(160)), b"anna", 0.0, 0)
    bram.receive(anna.report(InboundStream(), 10, 160, 1000.0), 1000.05)
    anna.receive(bram.report(heard, 0, 0, 1003.0), 1003.05)
    assert anna.round_trip_ms == pytest.approx(100, abs=1)
    assert anna.remote_lost == 0


def test_a_call_without_flaws_scores_the_most_and_a_bad_one_little() -> None:
    assert mean_opinion_score(1000, 0) == 4.5
    assert mean_opinion_score(0, 0) == 4.5
    assert mean_opinion_score(500, 500) < 3
