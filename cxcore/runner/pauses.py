"""Keeps the interpreter from making the inbox wait: its garbage collection, and its turns between threads."""

from __future__ import annotations

import gc
import sys

SWITCH_INTERVAL_SECONDS = 0.0005
"""How long the thread that writes facts goes on while the inbox waits for the interpreter. The interpreter's own 5 ms
come back at every call of the system, of which there are half a dozen between "agent free" and the order to ring."""

FIRST_THRESHOLD = 5000
"""New objects before the youngest are looked through. A step makes hundreds, and leaves no cycles."""


def keep_pauses_short() -> None:
    """To be called once, when everything is built.

    What is there by then (modules, classes, the site) lives as long as the process, and is taken out of the garbage
    collection: a full one took over 100 ms of CPU with it.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    gc.collect()
    gc.freeze()
    _, second, third = gc.get_threshold()
    gc.set_threshold(FIRST_THRESHOLD, second, third)
