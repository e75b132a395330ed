"""Lines on the terminal, and addresses as they are typed there."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Final

from lab.hearing import HalfSecond
from softswitch.sip.transactions import Address

_BARS: Final = "▁▂▃▄▅▆▇█"
_QUIETEST_BAR, _LOUDEST_BAR = -45.0, -10.0
_lock = threading.Lock()


def say_line(text: str) -> None:
    """Write a line at once; lines of several threads do not mix."""
    with _lock:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def event_line(at: float, text: str) -> None:
    """A line of a call's time line."""
    say_line(f"{at:7.2f} s  {text}")


def bars(heard: Sequence[HalfSecond]) -> str:
    """One character per half second, the higher the louder; a dot is silence."""
    return "".join("·" if half.silence else _bar(half.level) for half in heard)


def _bar(level: float) -> str:
    height = (level - _QUIETEST_BAR) / (_LOUDEST_BAR - _QUIETEST_BAR) * len(_BARS)
    return _BARS[min(max(int(height), 0), len(_BARS) - 1)]


def read_address(text: str) -> Address:
    """`127.0.0.1:5060`, `[::1]:5060` or a host alone (port 5060), as an argparse type."""
    host, separator, port = text.rpartition(":")
    if not separator or text.endswith("]"):
        host, port = text, "5060"
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write for instance 127.0.0.1:5060 or [::1]:5060")
    return host, int(port)


def end_like_ctrl_c() -> None:
    """Let SIGTERM end the program as Ctrl-C does, so that calls are hung up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def help_parser(program: str, text: str, example: str) -> argparse.ArgumentParser:
    """An argument parser whose help shows an example."""
    return argparse.ArgumentParser(
        prog=program,
        description=text,
        epilog=f"example:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
