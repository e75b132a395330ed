"""What each tick has to do, worked out anew only when a port changes, so that a tick handles whole matrices."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from softswitch.media.codec import G711, Codec
from softswitch.media.frames import PACKET_OCTETS, Frames, Rows
from softswitch.media.line import Line, stream_of
from softswitch.media.sources import Stream


@dataclass(frozen=True, slots=True)
class Sender:
    """A line whose packet is sent from memory to a socket address in memory."""

    line: Line
    descriptor: int
    packet_at: int
    address_at: int
    address_octets: int


@dataclass(slots=True)
class TickPlan:
    """Lines and rows by what is to be done for them."""

    lines: list[Line] = field(default_factory=list)
    talking: list[Line] = field(default_factory=list)
    """Those whose party did not say that it sends nothing (`a=inactive`, `a=recvonly`)."""
    one_hears: Rows = field(default_factory=lambda: _rows([]))
    one_heard: Rows = field(default_factory=lambda: _rows([]))
    mixes: list[tuple[int, Rows]] = field(default_factory=list)
    streams: list[tuple[Stream, Rows]] = field(default_factory=list)
    players: list[Line] = field(default_factory=list)
    diallers: list[Line] = field(default_factory=list)
    kept: list[Line] = field(default_factory=list)
    codecs: list[tuple[Codec, Rows]] = field(default_factory=list)
    wide: list[tuple[int, int | None]] = field(default_factory=list)
    """Rows that send G.722, each with the only one that it hears: G.722 of that one goes on as it is."""
    senders: list[Sender] = field(default_factory=list)
    sending: Rows = field(default_factory=lambda: _rows([]))


def plan_ticks(lines: Iterable[Line], frames: Frames) -> TickPlan:
    """The plan for the open lines."""
    plan = TickPlan(lines=[line for line in lines if line.open])
    plan.talking = [line for line in plan.lines if line.remote is None or line.remote.sends]
    _plan_listening(plan)
    _plan_sources(plan)
    plan.diallers = [line for line in plan.lines if not line.digit_sender.idle]
    plan.kept = [line for line in plan.lines if line.recordings or line.ear]
    _plan_sending(plan, frames)
    return plan


def _plan_listening(plan: TickPlan) -> None:
    hears: list[int] = []
    heard: list[int] = []
    for line in plan.lines:
        if line.playback is not None:
            continue
        rows = [other.row for other in line.hears if other.open]
        if len(rows) == 1:
            hears.append(line.row)
            heard += rows
        elif rows:
            plan.mixes.append((line.row, _rows(rows)))
    plan.one_hears, plan.one_heard = _rows(hears), _rows(heard)


def _plan_sources(plan: TickPlan) -> None:
    listeners: dict[int, list[int]] = defaultdict(list)
    streams: dict[int, Stream] = {}
    for line in plan.lines:
        shared = stream_of(line)
        if shared is not None:
            streams[id(shared.stream)] = shared.stream
            listeners[id(shared.stream)].append(line.row)
        elif line.playback is not None:
            plan.players.append(line)
    plan.streams = [(stream, _rows(listeners[key])) for key, stream in streams.items()]


def _plan_sending(plan: TickPlan, frames: Frames) -> None:
    sending = [line for line in plan.lines if line.sends]
    for line in plan.lines:
        _announce_codec(line, frames)
    base = frames.packets.ctypes.data
    plan.senders = [_sender(line, base) for line in sending]
    plan.sending = _rows([line.row for line in sending])
    plan.wide = [(line.row, _only_heard(line)) for line in sending if line.codec is Codec.G722]
    for codec in G711:
        rows = [line.row for line in sending if line.codec is codec]
        if rows:
            plan.codecs.append((codec, _rows(rows)))


def _only_heard(line: Line) -> int | None:
    rows = [other.row for other in line.hears if other.open]
    sounds_itself = line.playback is not None or not (line.dials_events or line.digit_sender.idle)
    return rows[0] if len(rows) == 1 and not sounds_itself else None


def _announce_codec(line: Line, frames: Frames) -> None:
    codec = line.codec if line.sends else None
    if codec is not None and codec is not line.announced_codec:
        frames.set_codec(line.row, codec, mark=True)
    line.announced_codec = codec


def _sender(line: Line, base: int) -> Sender:
    packet_at = base + line.row * PACKET_OCTETS
    return Sender(line, line.descriptor, packet_at, ctypes.addressof(line.address), line.address_octets)


def _rows(rows: list[int]) -> Rows:
    return np.array(rows, dtype=np.intp)
