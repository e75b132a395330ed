"""Media that stalls is noticed; a process that was frozen as a whole goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

WATCHED = """
import sys, threading, time
from softswitch.media.watchdog import Watchdog

dog = Watchdog(0.4, lambda seconds: print("stalled", flush=True))
dog.start()
print("ready", flush=True)
until = time.monotonic() + float(sys.argv[1])
while time.monotonic() < until:
    dog.alive()
    time.sleep(0.1)
print("silent", flush=True)
time.sleep(1.0)
"""


@pytest.fixture
def watched() -> subprocess.Popen[str]:
    """Gives signs of life for four seconds, then none."""
    return subprocess.Popen([sys.executable, "-c", WATCHED, "4.0"], stdout=subprocess.PIPE, text=True)


def test_media_that_stands_still_is_noticed_once(watched: subprocess.Popen[str]) -> None:
    assert watched.communicate(timeout=20)[0].split() == ["ready", "silent", "stalled"]


def test_process_that_was_frozen_longer_than_the_limit_goes_on(watched: subprocess.Popen[str]) -> None:
    assert watched.stdout is not None
    assert watched.stdout.readline() == "ready\n"
    for _ in range(5):  # which of its threads wakes first is chance
        watched.send_signal(signal.SIGSTOP)
        time.sleep(0.55)
        watched.send_signal(signal.SIGCONT)
        time.sleep(0.2)
    assert watched.communicate(timeout=20)[0].split() == ["silent", "stalled"], "it stalled only once it was silent"
