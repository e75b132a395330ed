"""Measure how many legs the media engine carries: real RTP from another process, both ways, on the loopback interface.

Half of the legs hear hold music, half are bridged in pairs (or all do one of the two). Prints ticks on time, CPU of the
engine's process in per cent of one core, and what the other side missed.

    python scripts/bench_media.py --legs 150 --seconds 10
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import selectors
import socket
import struct
import sys
import tempfile
import time
import wave
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from softswitch.media import Codec, HoldMusic, MediaEngine, MediaSettings, Port, RemoteMedia, StreamSource
from softswitch.media.codec import Samples, decode, encode
from softswitch.media.datagrams import ask_for_arrival_times
from softswitch.media.frames import level_of
from softswitch.media.g722 import WideCoder
from softswitch.media.rtp import RtpPacket, parse
from softswitch.media.sources import tone

GAP_SECONDS = 0.060
"""A pause in arriving packets of more than this is counted as a gap that may be heard."""
SILENT_DBOV = -50.0


@dataclass
class Leg:
    """One caller in the sending process."""

    udp: socket.socket
    to: tuple[str, int]
    sequence: int = 0
    packets: int = 0
    last_at: float = 0.0
    gaps: int = 0
    worst_gap: float = 0.0
    sound: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """What was measured."""

    legs: int
    seconds: float
    ticks: int
    on_time_percent: float
    worst_ms: float
    p999_ms: float
    cpu_percent_of_one_core: float
    gaps: int
    worst_gap_ms: float
    packets_missing_percent: float
    silent_half_seconds: int


class Quiet:
    """A listener to whom nothing matters."""

    def digit(self, port: Port, digit: str, duration_ms: int) -> None:
        """Nothing."""

    def playback_ended(self, port: Port, playback: int, completed: bool) -> None:
        """Nothing."""

    def recording_ended(self, port: Port, path: str, reason: str) -> None:
        """Nothing."""

    def media_timed_out(self, port: Port) -> None:
        """Nothing."""


def callers(pipe: Connection, seconds: float, codec: Codec) -> None:
    """The other process: every leg sends a tone and keeps what comes back."""
    pipe.send("ready")
    legs = [_leg(address) for address in pipe.recv()]
    pipe.send([leg.udp.getsockname()[1] for leg in legs])
    pipe.recv()
    _converse(legs, seconds, codec)
    pipe.send([_figures(leg, seconds, codec) for leg in legs])


def _leg(address: tuple[str, int]) -> Leg:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    udp.setblocking(False)
    ask_for_arrival_times(udp)
    return Leg(udp, address)


def _converse(legs: list[Leg], seconds: float, codec: Codec) -> None:
    said = tone([300], 0.02, -15)
    payload = WideCoder().encode(said) if codec is Codec.G722 else encode(codec, said).tobytes()
    selector = selectors.DefaultSelector()
    for leg in legs:
        selector.register(leg.udp, selectors.EVENT_READ, leg)
    due = time.monotonic()
    end = due + seconds
    while due < end:
        for ssrc, leg in enumerate(legs):
            packet = RtpPacket(codec.payload_type, leg.sequence % 65536, leg.sequence * 160, ssrc + 1, payload)
            leg.udp.sendto(packet.pack(), leg.to)
            leg.sequence += 1
        due += 0.02
        _listen(selector, due)


def _listen(selector: selectors.BaseSelector, until: float) -> None:
    while (left := until - time.monotonic()) > 0:
        for key, _ in selector.select(left):
            datagram, stamps, _, _ = key.data.udp.recvmsg(2048, 64)
            seconds, nanoseconds = struct.unpack("qq", stamps[0][2][:16])
            _keep(key.data, datagram, seconds + nanoseconds * 1e-9)


def _keep(leg: Leg, datagram: bytes, now: float) -> None:
    """`now` is when the kernel got it: this process may be late itself."""
    packet = parse(datagram)
    if packet is None or len(packet.payload) != 160:
        return
    if leg.packets:
        gap = now - leg.last_at
        leg.gaps += gap > GAP_SECONDS
        leg.worst_gap = max(leg.worst_gap, gap)
    leg.last_at = now
    leg.packets += 1
    leg.sound.append(packet.payload)


def _figures(leg: Leg, seconds: float, codec: Codec) -> tuple[int, float, int, int]:
    """Gaps, the worst of them, packets missing, silent half seconds (the first one, while things begin, left out)."""
    octets = b"".join(leg.sound)
    sound = WideCoder().decode(octets) if codec is Codec.G722 else decode(codec, np.frombuffer(octets, np.uint8))
    halves = [sound[start : start + 4000] for start in range(4000, len(sound) - 4000, 4000)]
    silent = sum(level_of(half) < SILENT_DBOV for half in halves)
    return leg.gaps, leg.worst_gap, max(int(seconds * 50) - leg.packets, 0), silent


def measure(legs: int, seconds: float, bridged_share: float, codec: Codec = Codec.PCMA) -> Result:
    """Run the engine here and the callers in another process."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=callers, args=(theirs, seconds, codec), daemon=True)
    process.start()
    ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        _compose_music(Path(folder) / "music.wav")
        music = HoldMusic(folder)
    engine = MediaEngine(MediaSettings(), on_stall=_end_loudly)
    engine.start()
    ports = [engine.open_port(Quiet()) for _ in range(legs)]
    ours.send([(port.local_host, port.local_port) for port in ports])
    _connect(ports, ours.recv(), round(legs * bridged_share / 2) * 2, music, codec)
    time.sleep(0.2)
    before, cpu = engine.statistics(), time.process_time()
    ours.send("go")
    figures = ours.recv()
    cpu = time.process_time() - cpu
    after = engine.statistics()
    engine.stop()
    process.join(10)
    ticks = after.ticks - before.ticks
    missed = after.late - before.late + after.skipped - before.skipped
    return Result(
        legs=legs,
        seconds=seconds,
        ticks=ticks,
        on_time_percent=round(100 * (1 - missed / ticks), 3),
        worst_ms=after.worst_ms,
        p999_ms=after.p999_ms,
        cpu_percent_of_one_core=round(100 * cpu / seconds, 1),
        gaps=sum(figure[0] for figure in figures),
        worst_gap_ms=round(max(figure[1] for figure in figures) * 1000, 1),
        packets_missing_percent=round(100 * sum(figure[2] for figure in figures) / (legs * seconds * 50), 3),
        silent_half_seconds=sum(figure[3] for figure in figures),
    )


def _connect(ports: list[Port], remote_ports: list[int], bridged: int, music: HoldMusic, codec: Codec) -> None:
    for port, remote_port in zip(ports, remote_ports, strict=True):
        port.set_remote(RemoteMedia("127.0.0.1", remote_port, codec, 101))
    for first, second in zip(ports[0:bridged:2], ports[1:bridged:2], strict=True):
        first.hear(frozenset([second]))
        second.hear(frozenset([first]))
    for port in ports[bridged:]:
        port.play(StreamSource(music))


def _compose_music(path: Path) -> None:
    chords: list[Samples] = [tone(chord, 1.0, -25) for chord in ([262, 330, 392], [220, 262, 330], [349, 440, 523])]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.concatenate(chords).tobytes())


def _end_loudly(seconds: float) -> None:
    sys.exit(f"the media thread stood still for {seconds:.1f} s")


def main() -> int:
    """Measure and print; 1 when fewer than 99.9 % of the ticks were on time or a gap was heard."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--legs", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--bridged", type=float, default=0.5, metavar="SHARE", help="share of bridged legs (0.5)")
    parser.add_argument("--codec", type=Codec, choices=list(Codec), default=Codec.PCMA, help="of all legs (PCMA)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    result = measure(arguments.legs, arguments.seconds, arguments.bridged, arguments.codec)
    if arguments.json:
        print(json.dumps(asdict(result)))
    else:
        for name, value in asdict(result).items():
            print(f"{name.replace('_', ' '):26} {value}")
    return 0 if result.on_time_percent >= 99.9 and not result.silent_half_seconds else 1


if __name__ == "__main__":
    sys.exit(main())
