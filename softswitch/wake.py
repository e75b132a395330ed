"""Waiting on the control loop: one coroutine sleeps, anybody wakes it."""

from __future__ import annotations

import asyncio


class Wake:
    """A wake-up that comes while nobody sleeps is kept for the next `pause`."""

    __slots__ = ("_pending", "_sleeper")

    def __init__(self) -> None:
        self._pending = False
        self._sleeper: asyncio.Future[None] | None = None

    def wake(self) -> None:
        sleeper = self._sleeper
        if sleeper is None:
            self._pending = True
        elif not sleeper.done():
            sleeper.set_result(None)

    async def pause(self, seconds: float | None = None) -> None:
        """Sleep until woken, at most `seconds`."""
        if self._pending or (seconds is not None and seconds <= 0):
            self._pending = False
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        self._sleeper = sleeper = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, _finish, sleeper)
        try:
            await sleeper
        finally:
            self._sleeper = None
            self._pending = False
            if timer is not None:
                timer.cancel()


def _finish(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
