"""The variables that tell how a leg went, set when it ends: times, durations, sound.

Names and order are those of `switch_channel_set_timestamps` (switch_channel.c) and `switch_core_media_set_stats`
(switch_core_media.c) in FreeSWITCH 1.10.12.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from softswitch.leg import Leg
from softswitch.media import PortQuality

RTP_HEADER_AND_FRAME = 172
"""Octets of one packet: twelve of header and 20 ms of G.711."""


def set_timestamps(leg: Leg) -> None:
    for name, value in (*_stamps(leg), *_epochs(leg), *_last_application(leg), *_durations(leg)):
        leg.variables.set(name, value)


def _stamps(leg: Leg) -> Iterator[tuple[str, str]]:
    times = leg.profile.times
    yield "digits_dialed", "".join(leg.digits_dialled) or "none"
    instants = (
        ("start", times.created),
        ("profile_start", times.profile_created),
        ("answer", times.answered),
        ("bridge", times.bridged),
        ("hold", times.last_hold),
        ("progress", times.progress),
        ("progress_media", times.progress_media),
        ("end", times.hungup),
    )
    for name, instant in instants:
        if instant:
            local = datetime.fromtimestamp(instant / 1_000_000, UTC).astimezone()
            yield f"{name}_stamp", local.strftime("%Y-%m-%d %H:%M:%S")


def _epochs(leg: Leg) -> Iterator[tuple[str, str]]:
    times = leg.profile.times
    for name, instant in (
        ("start", times.created),
        ("profile_start", times.profile_created),
        ("answer", times.answered),
        ("bridge", times.bridged),
        ("last_hold", times.last_hold),
    ):
        yield from _epoch(name, instant)
    yield "hold_accum_seconds", str(times.hold_accum // 1_000_000)
    yield "hold_accum_usec", str(times.hold_accum)
    yield "hold_accum_ms", str(times.hold_accum // 1000)
    for name, instant in (
        ("resurrect", times.resurrected),
        ("progress", times.progress),
        ("progress_media", times.progress_media),
        ("end", times.hungup),
    ):
        yield from _epoch(name, instant)


def _epoch(name: str, instant: int) -> Iterator[tuple[str, str]]:
    yield f"{name}_epoch", str(instant // 1_000_000)
    yield f"{name}_uepoch", str(instant)


def _last_application(leg: Leg) -> Iterator[tuple[str, str]]:
    name, argument = leg.last_application
    yield "last_app", name
    yield "last_arg", argument
    yield "caller_id", f'"{leg.profile.caller_id_name}" <{leg.profile.caller_id_number}>'


def _durations(leg: Leg) -> Iterator[tuple[str, str]]:
    times = leg.profile.times
    end, start = times.hungup, times.created
    lengths = {
        "bill": _length(times.answered, end),
        "progress": _length(start, times.progress),
        "answer": _length(start, times.answered),
        "wait": _length(start, times.bridged),
        "progress_media": _length(start, times.progress_media),
        "flow_bill": _length(start, end) if times.answered else 0,
    }
    yield "duration", str(end // 1_000_000 - start // 1_000_000)
    yield "billsec", str(end // 1_000_000 - times.answered // 1_000_000 if times.answered else 0)
    for name in list(lengths)[1:]:
        yield f"{name}sec", str(lengths[name] // 1_000_000)
    yield "mduration", str((end - start) // 1000)
    for name, length in lengths.items():
        yield f"{name}msec", str(length // 1000)
    yield "uduration", str(end - start)
    for name, length in lengths.items():
        yield f"{name}usec", str(length)


def _length(start: int, end: int) -> int:
    return end - start if start and end else 0


def set_media_statistics(leg: Leg) -> None:
    """Nothing for a leg that never had sound."""
    quality = leg.media.quality() if leg.media_up else None
    if quality is None:
        return
    for name, value in _received(quality):
        leg.variables.set(f"rtp_audio_in_{name}", value)
    for name, value in _sent(quality):
        leg.variables.set(f"rtp_audio_out_{name}", value)


def _received(quality: PortQuality) -> Iterator[tuple[str, str]]:
    octets = str(quality.packets_in * RTP_HEADER_AND_FRAME)
    yield "raw_bytes", octets
    yield "media_bytes", octets
    yield "packet_count", str(quality.packets_in)
    yield "media_packet_count", str(quality.packets_in)
    yield "skip_packet_count", str(quality.lost)
    yield "jitter_packet_count", "0"
    yield "dtmf_packet_count", "0"
    yield "cng_packet_count", "0"
    yield "flush_packet_count", str(quality.late)
    yield "largest_jb_size", "0"
    yield "jitter_min_variance", "0.00"
    yield "jitter_max_variance", f"{quality.jitter_ms:.2f}"
    yield "jitter_loss_rate", "0.00"
    yield "jitter_burst_rate", "0.00"
    yield "mean_interval", "20.00"
    yield "flaw_total", str(quality.lost + quality.late)
    yield "quality_percentage", f"{_percentage(quality):.2f}"
    yield "mos", f"{quality.mos:.2f}"


def _sent(quality: PortQuality) -> Iterator[tuple[str, str]]:
    octets = str(quality.packets_out * RTP_HEADER_AND_FRAME)
    yield "raw_bytes", octets
    yield "media_bytes", octets
    yield "packet_count", str(quality.packets_out)
    yield "media_packet_count", str(quality.packets_out)
    for name in ("skip_packet_count", "dtmf_packet_count", "cng_packet_count"):
        yield name, "0"


def _percentage(quality: PortQuality) -> float:
    expected = quality.packets_in + quality.lost
    return 100.0 * quality.packets_in / expected if expected else 100.0
