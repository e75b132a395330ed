"""Things to do later: `sched_transfer`, `sched_hangup`, `sched_del` (switch_scheduler.c)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Task:
    """`group` is the uuid of the leg that it is about."""

    number: int
    group: str
    timer: asyncio.TimerHandle


class Schedule:
    """Tasks by number; `sched_del` takes a number or a group."""

    def __init__(self) -> None:
        self._tasks: dict[int, Task] = {}
        self._last = 0

    def add(self, seconds: float, group: str, callback: Callable[[], None]) -> int:
        """Call `callback` after `seconds`; returns the task's number."""
        self._last += 1
        number = self._last
        timer = asyncio.get_running_loop().call_later(max(seconds, 0.0), self._run, number, callback)
        self._tasks[number] = Task(number, group, timer)
        return number

    def _run(self, number: int, callback: Callable[[], None]) -> None:
        del self._tasks[number]
        callback()

    def delete(self, number: int) -> int:
        """How many tasks were deleted."""
        task = self._tasks.pop(number, None)
        if task is None:
            return 0
        task.timer.cancel()
        return 1

    def delete_group(self, group: str) -> int:
        return sum(self.delete(number) for number in [t.number for t in self._tasks.values() if t.group == group])
