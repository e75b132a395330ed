"""Whether somebody may dial a number [87]. What is asked by a click is checked here before anything is dialled."""

from __future__ import annotations

from collections.abc import Iterable

from cxcore.domain.errors import NotAllowed
from cxcore.domain.queue import QueueId
from cxcore.domain.traffic import TrafficClass, TrafficKind, kind_of
from cxcore.services.workplace import Workplace


def check_may_dial(work: Workplace, username: str, number: str) -> None:
    """Raises `NotAllowed` when the traffic class of the user does not allow the number; the code names its kind."""
    allowed = work.floor.site.traffic_class_of(username)
    if allowed is not None:
        _check(work, allowed, number)


def check_may_dial_entry(work: Workplace, username: str, key: str, destinations: Iterable[str]) -> None:
    """The same for a phone book entry: a class may allow the book as a whole."""
    allowed, site = work.floor.site.traffic_class_of(username), work.floor.site
    if allowed is None:
        return
    whole_book = TrafficKind.PHONE_BOOK in allowed.kinds and site.is_in_phone_book(key, destinations)
    for destination in () if whole_book else destinations:
        _check(work, allowed, destination)


def may_call_back(work: Workplace, queue_id: QueueId, number: str) -> bool:
    """Whether any agent of the queue may dial a number that somebody asks to be called back at. It is offered to these
    only (`Floor.candidates`), since the call goes out in the name of whoever accepts it."""
    site = work.floor.site
    agents = work.floor.agents_of(queue_id)
    return not site.traffic_classes or any(site.may_dial(agent.agent_id, number) for agent in agents)


def _check(work: Workplace, allowed: TrafficClass, destination: str) -> None:
    kind = kind_of(destination, work.floor.site.is_own_number)
    if not allowed.allows(destination, kind):
        code = "traffic-number" if kind in allowed.kinds else f"traffic-{kind}"
        raise NotAllowed(code, f"traffic class {allowed.key} allows no {kind} number like this one")
