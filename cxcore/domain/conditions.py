"""When a message is said or a choice is offered, and why [43, 47c, 88b]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass
from cxcore.domain.schedule import AMSTERDAM, Opening, Schedule


class Rule(StrEnum):
    """What decided where a caller went or what was left out."""

    NUMBER = "number"
    """The number that was dialled leads there."""
    CALLERS = "callers"
    """The caller stands on a list."""
    GOTO = "goto"
    TIMETABLE = "timetable"
    SWITCHED_OFF = "switched-off"
    NOT_YET = "not-yet"
    NO_LONGER = "no-longer"
    QUEUE_CLOSED = "queue-closed"
    LANGUAGE = "language"
    NO_CHOICE = "no-choice"
    """Not one choice of a menu is offered now."""
    NOTHING = "nothing"
    """Nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule and what it was applied to: a number, list, flow, timetable, queue or language."""

    rule: Rule
    subject: str = ""
    opening: Opening | None = None
    """For a timetable: whether it is open, and what that day's hours come from."""
    day: date | datetime | None = None
    """For a first or last day, or instant."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What conditions look at: the instant, and which queues take callers."""

    now: datetime
    takes_callers: Callable[[QueueId], bool]
    """False for a queue that its timetable or a supervisor closed."""


@dataclass(frozen=True, slots=True)
class Condition:
    """All of it must hold. `since` and `until` are local days, both included, or instants, the last not included."""

    enabled: bool = True
    during: str | None = None
    """A timetable that must be open."""
    outside: str | None = None
    """A timetable that must be closed."""
    queue_id: QueueId | None = None
    """A queue that must take callers."""
    since: date | datetime | None = None
    until: date | datetime | None = None

    @property
    def begins(self) -> datetime | None:
        """The first instant; None: it has always begun."""
        return None if self.since is None else _instant(self.since, timedelta())

    @property
    def ends(self) -> datetime | None:
        """The instant from which it holds no longer; None: never."""
        return None if self.until is None else _instant(self.until, timedelta(days=1))


def _instant(moment: date | datetime, after_day: timedelta) -> datetime:
    """An instant as it is; of a day its beginning, or so much later."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment + after_day, time(), AMSTERDAM)


ALWAYS = Condition()


def why_not(condition: Condition, timetables: Mapping[str, Schedule], moment: Moment) -> Reason | None:
    """Why it does not hold; None when it does."""
    if not condition.enabled:
        return Reason(Rule.SWITCHED_OFF)
    begins, ends = condition.begins, condition.ends
    if begins is not None and moment.now < begins:
        return Reason(Rule.NOT_YET, day=condition.since)
    if ends is not None and moment.now >= ends:
        return Reason(Rule.NO_LONGER, day=condition.until)
    if condition.queue_id is not None and not moment.takes_callers(condition.queue_id):
        return Reason(Rule.QUEUE_CLOSED, condition.queue_id)
    return _wrong_hours(condition, timetables, moment)


def _wrong_hours(condition: Condition, timetables: Mapping[str, Schedule], moment: Moment) -> Reason | None:
    for timetable, wanted in ((condition.during, True), (condition.outside, False)):
        if timetable is not None:
            opening = timetables[timetable].opening(moment.now)
            if opening.open is not wanted:
                return Reason(Rule.TIMETABLE, timetable, opening)
    return None
