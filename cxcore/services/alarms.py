"""Alarms: the figures of each queue are held against its thresholds once a second, and somebody says to have seen it.

Who is told of them besides the screens (mail, webhook) is not decided here: that follows from the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict

from cxcore.domain.agent import Agent, AgentStatus
from cxcore.domain.alarms import Alarm, AlarmKey, AlarmWatch, QueueReading, Verdict
from cxcore.domain.commands import AcknowledgeAlarm
from cxcore.domain.contact import WRITTEN
from cxcore.domain.errors import NotFound
from cxcore.domain.events import AlarmAcknowledged, AlarmCleared, AlarmRaised
from cxcore.domain.floor import Floor
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.thresholds import Threshold
from cxcore.domain.tidings import AlarmsDue
from cxcore.services.workplace import Workplace

LOOK_SECONDS = 1.0
UNREACHABLE = "unreachable"


def watch(work: Workplace, now: datetime) -> None:
    """Begin to look, and go on once a second."""
    work.timers.set(AlarmsDue(now + timedelta(seconds=LOOK_SECONDS)))


def look(work: Workplace, tiding: AlarmsDue) -> None:
    """Raise and clear what the figures of now raise and clear."""
    now, floor = tiding.at, work.floor
    for queue in floor.site.queues.values():
        if queue.alarms:
            _look_at(work, queue, now)
    for key in [key for key in floor.alarms if not _is_watched(floor, key)]:
        _clear(work, key, None, now)
    watch(work, now)


def _look_at(work: Workplace, queue: Queue, now: datetime) -> None:
    reading = read(work.floor, queue.queue_id, now)
    for kind, threshold in queue.alarms.items():
        key, value = (queue.queue_id, kind), reading.value(kind)
        verdict = work.floor.alarm_watches.setdefault(key, AlarmWatch()).look(value, threshold, now)
        if verdict is Verdict.RAISED and value is not None:
            _raise(work, key, value, threshold, now)
        elif verdict is Verdict.CLEARED:
            _clear(work, key, value, now)


def _raise(work: Workplace, key: AlarmKey, value: float, threshold: Threshold, now: datetime) -> None:
    work.floor.alarms[key] = Alarm(*key, now, value, threshold.raise_at)
    work.publish(AlarmRaised(now, *key, round(value, 2), threshold.raise_at))


def _clear(work: Workplace, key: AlarmKey, value: float | None, now: datetime) -> None:
    work.floor.alarm_watches.pop(key, None)
    if work.floor.alarms.pop(key, None) is not None:
        work.publish(AlarmCleared(now, *key, None if value is None else round(value, 2)))


def _is_watched(floor: Floor, key: AlarmKey) -> bool:
    queue = floor.site.queues.get(key[0])
    return queue is not None and key[1] in queue.alarms


def read(floor: Floor, queue_id: QueueId, now: datetime) -> QueueReading:
    """The figures of a queue, from the same counts as the screens of the day."""
    day, since = floor.day.queues[queue_id], floor.waiting_since(queue_id)
    serving = [agent for agent in floor.agents_of(queue_id) if queue_id in agent.serves]
    return QueueReading(
        open=floor.is_open(queue_id, now),
        waiting=len(floor.lines[queue_id]),
        longest_wait_seconds=0.0 if since is None else (now - since).total_seconds(),
        offered=day.offered,
        answered_in_time=day.answered_in_time,
        abandoned=day.abandoned,
        agents=sum(agent.status is AgentStatus.AVAILABLE for agent in serving),
        unreachable=sum(map(_is_unreachable, serving)),
        mos=floor.quality.mean(queue_id, now),
        **_chats(floor, queue_id, now),
    )


class ChatReading(TypedDict):
    """The fields of a `QueueReading` about chats, of all their channels."""

    chats_waiting: int
    chat_wait_seconds: float
    chats_offered: int
    chats_in_time: int


def _chats(floor: Floor, queue_id: QueueId, now: datetime) -> ChatReading:
    waiting = [queued_at for _, queued_at, _ in floor.chat_lines[queue_id]]
    days = [floor.day.written_days(channel)[queue_id] for channel in WRITTEN]
    return {
        "chats_waiting": len(waiting),
        "chat_wait_seconds": (now - min(waiting, default=now)).total_seconds(),
        "chats_offered": sum(day.offered for day in days),
        "chats_in_time": sum(day.answered_in_time for day in days),
    }


def _is_unreachable(agent: Agent) -> bool:
    at_work = agent.status is not AgentStatus.LOGGED_OFF
    return at_work and (agent.device_fault is not None or agent.warning == UNREACHABLE)


def acknowledge(work: Workplace, command: AcknowledgeAlarm, now: datetime) -> None:
    """Somebody has seen it. The first name stays; a second one is no error, since two screens may ask at once."""
    found = [each for key, each in work.floor.alarms.items() if key == (command.queue_id, command.kind)]
    if not found:
        raise NotFound("alarm", f"{command.kind} of {command.queue_id}")
    (alarm,) = found
    if alarm.acknowledged_at is None:
        key = (alarm.queue_id, alarm.kind)
        work.floor.alarms[key] = replace(alarm, acknowledged_by=command.by, acknowledged_at=now)
        work.publish(AlarmAcknowledged(now, *key, command.by))


def restore(work: Workplace, known: Sequence[Alarm]) -> None:
    """What was on when the last core ended is on; it clears like any other, and nobody is told of it again."""
    for alarm in known:
        key = (alarm.queue_id, alarm.kind)
        if _is_watched(work.floor, key):
            work.floor.alarms[key] = alarm
            work.floor.alarm_watches[key] = AlarmWatch(raised=True)
        else:
            work.publish(AlarmCleared(alarm.since, *key, None))
