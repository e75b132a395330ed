"""Listening in, whispering and three-way calls (`switch_ivr_eavesdrop_session` in switch_ivr_async.c).

The listener hears both sides. A whisper into the *read* side reaches the target's partner, one into the *write* side
the target itself; both together are a three-way call.
"""

from __future__ import annotations

import logging

from softswitch.execution import work_off_messages
from softswitch.leg import Leg
from softswitch.media import Port

log = logging.getLogger(__name__)

TARGET_WAIT_SECONDS = 6.0
"""How long a target may take to have sound."""

KEYS = {"0": (False, False), "1": (True, False), "2": (False, True), "3": (True, True)}
"""Key → whisper to the target's partner, whisper to the target."""


async def eavesdrop(leg: Leg, target: Leg, read: bool, write: bool, keys: bool = True) -> None:
    """Listen to `target` until either leg ends or `*` is pressed. `read` and `write` start as whispers."""
    if not leg.media_up or target is leg or not await _target_has_sound(leg, target):
        return
    ears = _Ears(leg, target)
    target.watchers.add(leg.wake)
    try:
        while leg.is_ready() and target.media_up and not target.down:
            ears.set(read, write)
            await work_off_messages(leg)
            if not leg.is_ready():
                break
            while leg.digits:
                digit, _ = leg.digits.popleft()
                if keys and digit == "*":
                    return
                if keys and digit in KEYS:
                    read, write = KEYS[digit]
                    ears.set(read, write)
            await leg.wake.pause()
    finally:
        target.watchers.discard(leg.wake)
        ears.close()


async def _target_has_sound(leg: Leg, target: Leg) -> bool:
    deadline = leg.board.monotonic() + TARGET_WAIT_SECONDS
    target.watchers.add(leg.wake)
    try:
        while not target.media_up and not target.down and leg.is_ready() and leg.board.monotonic() < deadline:
            await leg.wake.pause(deadline - leg.board.monotonic())
    finally:
        target.watchers.discard(leg.wake)
    return target.media_up and not target.down and leg.is_ready()


class _Ears:
    """Who hears whom while one listens in. The partner may change meanwhile (a transfer, a bridge)."""

    def __init__(self, leg: Leg, target: Leg) -> None:
        self._leg = leg
        self._target = target
        self._whispered: set[Leg] = set()
        self._heard: frozenset[Port] | None = None

    def set(self, read: bool, write: bool) -> None:
        partner = self._target.bridge_peer
        wanted = {leg for leg, wants in ((partner, read), (self._target, write)) if leg is not None and wants}
        port = self._leg.media.port
        if port is None:
            return
        for leg in self._whispered - wanted:
            leg.media.whisperers.discard(port)
            leg.media.refresh_hearing()
        for leg in wanted - self._whispered:
            leg.media.whisperers.add(port)
            leg.media.refresh_hearing()
        self._whispered = wanted
        heard = frozenset(leg.media.port for leg in (self._target, partner) if leg and leg.media.port is not None)
        if heard != self._heard:
            self._heard = heard
            self._leg.media.hear_only(heard)

    def close(self) -> None:
        self.set(False, False)
        self._leg.media.refresh_hearing()
