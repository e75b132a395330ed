"""Contacts of the day per quarter of an hour, for a tile with a chart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from admin_web.presenters.contacts import local_midnight
from admin_web.presenters.rows import milliseconds, service_level
from admin_web.web_ports import WebPorts
from cxcore.domain.queue import QueueId
from cxcore.ports.controller import Subject
from cxcore.ports.reports import QueueFigures


def trend(ports: WebPorts, queue_ids: tuple[str, ...]) -> list[Mapping[str, object]]:
    """The quarters that had a contact, in order, all queues together. Raises `LogUnavailable`, `ControllerUnavailable`.

    Without queues: those of the live picture.
    """
    now = ports.clock.now()
    quarters: dict[datetime, list[QueueFigures]] = defaultdict(list)
    for queue_id in queue_ids or _all_queues(ports):
        for interval in ports.reports.intervals(QueueId(queue_id), local_midnight(now), now):
            quarters[interval.starts_at].append(interval.figures)
    return [_quarter(at, quarters[at]) for at in sorted(quarters)]


def trends(ports: WebPorts) -> Mapping[str, list[Mapping[str, object]]]:
    """The same for each queue of the live picture apart."""
    return {queue_id: trend(ports, (queue_id,)) for queue_id in _all_queues(ports)}


def _all_queues(ports: WebPorts) -> tuple[str, ...]:
    return tuple(key for subject, key in ports.controller.picture().rows if subject is Subject.QUEUE)


def _quarter(at: datetime, figures: list[QueueFigures]) -> Mapping[str, object]:
    offered = sum(each.offered for each in figures)
    in_time = sum(each.answered_in_time for each in figures)
    return {
        "at": milliseconds(at),
        "offered": offered,
        "answered": sum(each.answered for each in figures),
        "answeredInTime": in_time,
        "serviceLevel": service_level(in_time, offered),
    }
