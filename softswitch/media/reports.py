"""The RTCP side of one port: which reports to send, and what the other side's reports say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from softswitch.media import rtcp
from softswitch.media.codec import SAMPLE_RATE, TICK_SAMPLES

if TYPE_CHECKING:
    from softswitch.media.inbound import InboundStream


class ReportSession:
    """Reports of one port. Instants are seconds of the real-time clock, as RTCP carries them."""

    def __init__(self, ssrc: int) -> None:
        self.ssrc = ssrc
        self.remote_lost: int | None = None
        self.remote_jitter_ms: float | None = None
        self.round_trip_ms: float | None = None
        self._cname = f"{ssrc:08x}@softswitch"
        self._last_report = 0
        self._last_report_at = 0.0
        self._reported_packets = 0
        self._reported_lost = 0

    def report(self, inbound: InboundStream, sent: int, timestamp: int, now: float) -> bytes:
        """The compound packet to send: a sender report once something was sent, else a receiver report."""
        blocks = (self._block(inbound, now),) if inbound.latch.ssrc is not None else ()
        sender = rtcp.SenderInfo(rtcp.ntp_time(now), timestamp, sent, sent * TICK_SAMPLES) if sent else None
        return rtcp.Report(self.ssrc, sender, blocks).pack(self._cname)

    def receive(self, datagram: bytes, now: float) -> None:
        """Note what the other side reports."""
        for report in rtcp.parse(datagram):
            if report.sender is not None:
                self._last_report = rtcp.middle(report.sender.ntp)
                self._last_report_at = now
            for block in report.blocks:
                if block.ssrc == self.ssrc:
                    self._note(block, now)

    def _note(self, block: rtcp.ReportBlock, now: float) -> None:
        self.remote_lost = block.lost
        self.remote_jitter_ms = round(block.jitter * 1000 / SAMPLE_RATE, 2)
        if block.last_sender_report:
            elapsed = rtcp.middle(rtcp.ntp_time(now)) - block.last_sender_report - block.delay
            self.round_trip_ms = round((elapsed & 0xFFFFFFFF) * 1000 / 65536, 2)

    def _block(self, inbound: InboundStream, now: float) -> rtcp.ReportBlock:
        delay = int((now - self._last_report_at) * 65536) if self._last_report else 0
        return rtcp.ReportBlock(
            ssrc=inbound.latch.ssrc or 0,
            fraction_lost=self._fraction_lost(inbound),
            lost=inbound.queue.lost,
            highest_sequence=inbound.highest_sequence,
            jitter=int(inbound.jitter_samples),
            last_sender_report=self._last_report,
            delay=delay,
        )

    def _fraction_lost(self, inbound: InboundStream) -> int:
        """Since the last report, in 1/256."""
        packets = inbound.packets - self._reported_packets
        lost = max(inbound.queue.lost - self._reported_lost, 0)
        self._reported_packets, self._reported_lost = inbound.packets, inbound.queue.lost
        return min(lost * 256 // (packets + lost), 255) if packets + lost else 0
