"""Queues open and close by their timetables; callers who wait when one closes are served, or moved, as it says [43]."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.queue import Queue
from cxcore.domain.tidings import HoursChanged
from cxcore.services import steering
from cxcore.services.workplace import Workplace


def watch_timetables(work: Workplace, now: datetime) -> None:
    """Set a timer for the next change of each queue that has hours."""
    for queue in work.floor.site.queues.values():
        _watch(work, queue, now)


def hours_changed(work: Workplace, tiding: HoursChanged) -> None:
    """A queue opened or closed; a supervisor's word still wins."""
    queue = work.floor.queue(tiding.queue_id)
    if queue.moves_when_closing and not work.floor.is_open(queue.queue_id, tiding.at):
        steering.move_all_waiting(work, queue, tiding.at)
    _watch(work, queue, tiding.at)


def _watch(work: Workplace, queue: Queue, now: datetime) -> None:
    change = None if queue.hours is None else queue.hours.next_change(now)
    if change is not None:
        work.timers.set(HoursChanged(change, queue.queue_id))
