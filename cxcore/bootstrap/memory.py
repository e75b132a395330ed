"""What a core that starts takes up from the log: agents, open contacts, the figures of the day."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.contact import WRITTEN, Channel
from cxcore.domain.floor import Floor
from cxcore.domain.measures import QueueDay, milliseconds
from cxcore.domain.tidings import DayBegan, LeaseCheckDue
from cxcore.ports.reports import QueueFigures, Reports
from cxcore.runner.clock import last_midnight, next_midnight
from cxcore.runner.timers import TimerHeap
from cxcore.services import alarms, chats, hours, recovery, voicemail
from cxcore.services.workplace import Workplace
from cxcore.storage import Storage


def remember(work: Workplace, storage: Storage, timers: TimerHeap, now: datetime) -> None:
    """Take up what the log knows: the agents, what was left open, the figures of the day; and set the first timers."""
    _count_the_day(work.floor, storage.reports, now)
    recovery.remember(work, storage.contact_log, now)
    voicemail.forget_old(work, now)
    chats.forget_old(work, now)
    hours.watch_timetables(work, now)
    alarms.watch(work, now)
    timers.set(LeaseCheckDue(now + timedelta(seconds=recovery.CHECK_SECONDS)))
    timers.set(DayBegan(next_midnight(now)))


def _count_the_day(floor: Floor, reports: Reports, now: datetime) -> None:
    floor.day.begin(last_midnight(now))
    chosen = {
        Channel.TELEPHONY: floor.day.queues,
        Channel.VOICEMAIL: floor.day.messages,
        **{channel: floor.day.written_days(channel) for channel in WRITTEN},
    }
    for channel, days in chosen.items():
        for figures in reports.queue_figures(last_midnight(now), now, channel):
            if figures.queue_id in floor.site.queues:
                _take_over(days[figures.queue_id], figures)


def _take_over(day: QueueDay, figures: QueueFigures) -> None:
    for name in ("offered", "answered", "answered_in_time", "abandoned", "quick_drops", "moved", "closed"):
        setattr(day, name, getattr(figures, name))
    day.wait_ms = milliseconds(figures.wait_seconds)
    day.longest_wait_ms = milliseconds(figures.longest_wait_seconds)
