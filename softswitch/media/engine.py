"""The media engine: one thread that, every 20 ms, takes in what all parties say and sends what each is to hear.

Ticks keep an absolute schedule. After a delay at most one tick is made up for at once, so that no party gets more than
two packets together; what was missed beyond that is left out, and the RTP time goes on as if it had been silence.
"""

from __future__ import annotations

import ctypes
import itertools
import logging
import os
import secrets
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from softswitch.media.codec import TICK_SECONDS, Codec, encode
from softswitch.media.datagrams import DatagramReader, next_port, send
from softswitch.media.errors import MediaEngineStopped, TooManyOrders
from softswitch.media.frames import PACKET_OCTETS, QUIETEST_DBOV, Frames
from softswitch.media.line import Line
from softswitch.media.plan import TickPlan, plan_ticks
from softswitch.media.port import Port, PortListener
from softswitch.media.recorder import RecordingWriter
from softswitch.media.rtp import RtpPacket
from softswitch.media.settings import MediaSettings
from softswitch.media.sockets import SocketPairs
from softswitch.media.watchdog import Watchdog

MOST_ORDERS: Final = 50_000
LATE_SECONDS: Final = 0.020
MOST_BEHIND_TICKS: Final = 1
SWITCH_INTERVAL_SECONDS: Final = 0.001
"""How long another thread of the process may keep the interpreter when the media thread's tick is due."""
CHECK_EVERY_TICKS: Final = 10
QUIET_EVERY_TICKS: Final = 5
"""How often is looked for packets of a party that said it sends none: each look is a call of the system."""
STOPPING_SECONDS: Final = 5.0
NICENESS: Final = -15
REAL_TIME_PRIORITY: Final = 10
_LATENESS_STEP: Final = 0.0001
_LATENESS_STEPS: Final = 10_000
_RTCP_TYPES: Final = range(72, 77)
"""RTCP's packet types 200 to 204 where RTP has its payload type, when both share a port (RFC 5761)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TickStatistics:
    """How well the schedule is kept. The lateness of a tick is the time from its instant to its last packet sent."""

    ticks: int
    """Instants of the schedule so far, those that were skipped among them."""
    late: int
    """Ticks that were finished more than 20 ms after their instant."""
    skipped: int
    """Ticks that were left out after a delay."""
    p999_ms: float
    worst_ms: float
    ports: int


class MediaEngine:
    """See `port.Port` for what it does. Methods are called from control threads."""

    def __init__(self, settings: MediaSettings, on_stall: Callable[[float], None]) -> None:
        """`on_stall` is called once with the seconds for which the media thread stood still, or 0 if it died."""
        self._settings = settings
        self._on_stall = on_stall
        self._sockets = SocketPairs(settings)
        self._frames = Frames()
        self._lines: set[Line] = set()
        self._plan = TickPlan()
        self._plan_is_old = False
        self._orders: deque[Callable[[], None]] = deque()
        self._reader = DatagramReader()
        self._rtcp = select.epoll()
        self._rtcp_lines: dict[int, Line] = {}
        self._writer = RecordingWriter()
        self._watchdog = Watchdog(settings.stall_seconds, on_stall)
        self._playbacks = itertools.count(1)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="media", daemon=True)
        self._report_ticks = max(round(settings.rtcp_interval_seconds / TICK_SECONDS), 1)
        self._tick_number = 0
        self._late = 0
        self._skipped = 0
        self._lateness = np.zeros(_LATENESS_STEPS, np.int64)
        self._worst = 0.0

    def start(self) -> None:
        """Begin to tick."""
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL_SECONDS))
        self._writer.start()
        self._watchdog.start()
        self._thread.start()

    def stop(self) -> None:
        """End all ports, finish the recordings, and end the threads; within a limit of seconds."""
        self._watchdog.stop()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOPPING_SECONDS)
        elif not self._rtcp.closed:
            self._close_all()
        self._writer.stop()

    def open_port(self, listener: PortListener, ipv6: bool = False) -> Port:
        """A port with its own RTP and RTCP address. Raises `NoMediaPortLeft`, `MediaEngineStopped`."""
        if self._stopping.is_set():
            raise MediaEngineStopped("the media engine was stopped")
        sockets = self._sockets.bind(ipv6)
        ssrc = secrets.randbits(32)
        line = Line(-1, ssrc, sockets, listener, self._replan, self._writer)
        line.set_media_timeout(self._settings.rtp_timeout_seconds, None)
        line.port = Port(self, line, sockets[0])
        self.order(lambda: self._add_line(line))
        return line.port

    def statistics(self) -> TickStatistics:
        """How well ticks were kept since the start."""
        seen = np.cumsum(self._lateness)
        step = int(np.searchsorted(seen, seen[-1] * 0.999)) if seen[-1] else 0
        return TickStatistics(
            ticks=self._tick_number,
            late=self._late,
            skipped=self._skipped,
            p999_ms=round(step * _LATENESS_STEP * 1000, 1),
            worst_ms=round(self._worst * 1000, 1),
            ports=len(self._lines),
        )

    def order(self, order: Callable[[], None]) -> None:
        """Let the media thread do something at its next tick. After `stop` nothing is done. Raises `TooManyOrders`."""
        if self._stopping.is_set():
            return
        if len(self._orders) >= MOST_ORDERS:
            raise TooManyOrders(len(self._orders))
        self._orders.append(order)

    def next_playback(self) -> int:
        """A number that no playback had before."""
        return next(self._playbacks)

    def speech_level(self, line: Line) -> float:
        """dBov of what the party said in the last half second."""
        return self._frames.speech_level(line.row) if line.open and line.row >= 0 else QUIETEST_DBOV

    def close_line(self, line: Line) -> None:
        """End a port; by the media thread."""
        if line not in self._lines:
            return
        self._lines.remove(line)
        self._rtcp.unregister(line.rtcp.fileno())
        del self._rtcp_lines[line.rtcp.fileno()]
        line.close()
        self._frames.give_back(line.row)

    def _add_line(self, line: Line) -> None:
        line.row = self._frames.take_row(line.reports.ssrc, secrets.randbits(15), secrets.randbits(32))
        self._lines.add(line)
        self._rtcp_lines[line.rtcp.fileno()] = line
        self._rtcp.register(line.rtcp.fileno(), select.EPOLLIN)
        self._replan()

    def _replan(self) -> None:
        self._plan_is_old = True

    def _run(self) -> None:
        _ask_for_precedence()
        try:
            self._keep_time()
        except Exception:  # noqa: BLE001 - whatever it was, the process must hear of it
            _log.critical("the media thread died", exc_info=True)
            self._watchdog.stop()
            self._on_stall(0.0)
        finally:
            self._close_all()

    def _keep_time(self) -> None:
        due = time.monotonic() + TICK_SECONDS
        while not self._stopping.is_set():
            pause = due - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            self._tick()
            due += TICK_SECONDS * (1 + self._note_lateness(due))

    def _note_lateness(self, due: float) -> int:
        """Keep the figures of a tick that is finished; returns how many ticks must be left out."""
        self._watchdog.alive()
        late = time.monotonic() - due
        self._lateness[min(int(late / _LATENESS_STEP), _LATENESS_STEPS - 1)] += 1
        self._late += late > LATE_SECONDS
        self._worst = max(self._worst, late)
        missed = max(int(late / TICK_SECONDS) - MOST_BEHIND_TICKS, 0)
        self._skipped += missed
        self._frames.advance(self._plan.sending, 1 + missed)
        self._tick_number += 1 + missed
        return missed

    def _tick(self) -> None:
        self._obey()
        self._receive()
        self._listen()
        self._compose()
        self._record()
        self._send()
        self._receive_reports()
        self._send_reports()
        if self._tick_number % CHECK_EVERY_TICKS == 0:
            self._check_timeouts()

    def _obey(self) -> None:
        """Carry out what was ordered before this tick; orders that come meanwhile are for the next."""
        for _ in range(len(self._orders)):
            self._orders.popleft()()
        if self._plan_is_old:
            self._plan = plan_ticks(self._lines, self._frames)
            self._plan_is_old = False

    def _receive(self) -> None:
        lines = self._plan.talking if self._tick_number % QUIET_EVERY_TICKS else self._plan.lines
        self._reader.begin(len(lines))
        arrivals = [(line, count) for line in lines if (count := self._reader.read(line.descriptor))]
        batch = self._reader.batch()
        index = 0
        for line, count in arrivals:
            for _ in range(count):
                packet = batch.packet(index)
                if packet is None:
                    line.inbound.ignored += 1
                elif packet.payload_type in _RTCP_TYPES:
                    line.reports.receive(batch.datagram(index), batch.arrived[index])
                else:
                    line.receive(packet, batch.source(index), batch.arrived[index], self._tick_number)
                index += 1

    def _listen(self) -> None:
        """One tick of everybody's speech into the matrix."""
        packets: dict[Codec, tuple[list[int], list[bytes]]] = {}
        missing: list[int] = []
        self._frames.forget_wide()
        for line in self._plan.lines:
            line.end_lost_digits()
            payload = line.inbound.take()
            if payload is None:
                missing.append(line.row)
                continue
            rows, payloads = packets.setdefault(line.inbound.codec, ([], []))
            rows.append(line.row)
            payloads.append(payload)
        self._hear(packets, missing)

    def _hear(self, packets: dict[Codec, tuple[list[int], list[bytes]]], missing: list[int]) -> None:
        for codec, (rows, payloads) in packets.items():
            self._frames.hear_packets(codec, rows, payloads)
        if missing:
            self._frames.conceal(missing)
        self._frames.measure_speech(self._tick_number)

    def _compose(self) -> None:
        """What each party hears in this tick."""
        plan, speech, heard = self._plan, self._frames.speech, self._frames.heard
        heard[:] = 0
        heard[plan.one_hears] = speech[plan.one_heard]
        for row, rows in plan.mixes:
            heard[row] = np.clip(speech[rows].sum(axis=0, dtype=np.int32), -32768, 32767)
        for stream, rows in plan.streams:
            heard[rows] = stream.frame(self._tick_number)
        for line in plan.players:
            frame = line.read_source()
            if frame is not None:
                heard[line.row] = frame
        self._compose_tones()
        for codec, rows in plan.codecs:
            self._frames.packets["payload"][rows] = encode(codec, heard[rows])
        for row, heard_row in plan.wide:
            self._frames.say_wide(row, heard_row)

    def _compose_tones(self) -> None:
        for line in self._plan.diallers:
            if not line.dials_events:
                tone = line.digit_sender.tone()
                if tone is not None:
                    self._frames.heard[line.row] = tone

    def _record(self) -> None:
        for line in self._plan.kept:
            line.keep(self._frames.speech[line.row].copy(), self._frames.heard[line.row].copy())

    def _send(self) -> None:
        dialling = self._send_digits()
        for sender in self._plan.senders:
            if sender.line not in dialling:
                send(sender.descriptor, sender.packet_at, PACKET_OCTETS, sender.address_at, sender.address_octets)
            sender.line.packets_out += 1

    def _send_digits(self) -> set[Line]:
        """Send the events that take the place of sound in this tick; returns whose."""
        dialling: set[Line] = set()
        for line in self._plan.diallers:
            if line.dials_events and self._send_event(line):
                dialling.add(line)
            if line.digit_sender.idle:
                self._replan()
        return dialling

    def _send_event(self, line: Line) -> bool:
        event = line.digit_sender.event(self._frames.timestamp(line.row))
        if event is None or line.remote is None or line.remote.digits_payload_type is None:
            return False
        sequence, ssrc = self._frames.sequence(line.row), line.reports.ssrc
        kind = line.remote.digits_payload_type
        packet = RtpPacket(kind, sequence, event.timestamp, ssrc, event.payload, event.marker).pack()
        return send(line.descriptor, packet, len(packet), ctypes.addressof(line.address), line.address_octets)

    def _check_timeouts(self) -> None:
        for line in self._plan.lines:
            line.check_timeout(self._tick_number)

    def _receive_reports(self) -> None:
        ready = self._rtcp.poll(0)
        if not ready:
            return
        self._reader.begin(len(ready))
        arrivals = [(self._rtcp_lines[descriptor], self._reader.read(descriptor)) for descriptor, _ in ready]
        batch = self._reader.batch()
        index = 0
        for line, count in arrivals:
            for _ in range(count):
                line.reports.receive(batch.datagram(index), batch.arrived[index])
                index += 1

    def _send_reports(self) -> None:
        """Each line's report is due in another tick than its neighbours', so that no tick sends them all."""
        turn = self._tick_number % self._report_ticks
        for line in self._plan.lines:
            if line.row % self._report_ticks == turn and line.address_octets:
                self._send_report(line)

    def _send_report(self, line: Line) -> None:
        now = time.clock_gettime(time.CLOCK_REALTIME)
        report = line.reports.report(line.inbound, line.packets_out, self._frames.timestamp(line.row), now)
        address = next_port(line.address.raw[: line.address_octets])
        send(line.rtcp.fileno(), report, len(report), address, len(address))

    def _close_all(self) -> None:
        self._obey()
        for line in list(self._lines):
            self.close_line(line)
        self._rtcp.close()


def _ask_for_precedence() -> None:
    """Let the kernel run the media thread before all others where the user may ask for it (FreeSWITCH: `-rp`)."""
    thread = threading.get_native_id()
    try:
        os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(REAL_TIME_PRIORITY))
    except PermissionError:
        _ask_for_niceness(thread)


def _ask_for_niceness(thread: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, thread, NICENESS)
    except PermissionError:
        _log.info("media runs at normal priority; for busy machines allow LimitRTPRIO=%d", REAL_TIME_PRIORITY)
