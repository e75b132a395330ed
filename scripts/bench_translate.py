"""Prints how many events per second of CPU go through frame reading and translation.

The stream is a recorded call on FreeSWITCH (about 5 kB an event), repeated. `events_per_second` is for `make bench`.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore.switch.frames import FrameReader, event_of
from cxcore.switch.translate import KnownLegs, translate

TRACES = Path(__file__).parents[1] / "tests" / "traces"
RECEIVED_BYTES = 64 * 1024
"""What one `recv` gives at most."""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def events_per_second(trace: str = "call_json.txt", seconds: float = 2.0) -> float:
    """Read and translate a recorded call again and again for about `seconds` of CPU time; events per second of it."""
    data = (TRACES / trace).read_bytes()
    events, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        events += _one_call(data)
    return events / (time.process_time() - started)


def _one_call(data: bytes) -> int:
    """A call from its first byte to its last; how many events it had."""
    reader, known, events = FrameReader(), KnownLegs(), 0
    for at in range(0, len(data), RECEIVED_BYTES):
        for frame in reader.feed(data[at : at + RECEIVED_BYTES]):
            if frame.content_type.startswith("text/event-"):
                translate(event_of(frame), known, NOON)
                events += 1
    return events


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="CPU seconds to measure for, per format")
    seconds = parser.parse_args().seconds
    for trace in ("call_json.txt", "call_plain.txt"):
        print(f"{trace}: {events_per_second(trace, seconds):,.0f} events per second of CPU")


if __name__ == "__main__":
    main()
