"""When a choice or a message is heard: on or off, from and until a moment, by a timetable; to the form and back [88b].

A form has one field of each name for each row: `state`, `from`, `from-time`, `until`, `until-time`, `timetable`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

FIELDS = ("state", "from", "from-time", "until", "until-time", "timetable")
OUTSIDE = "unless "
"""Before the name of a timetable: while it is closed."""
SETTINGS = ("enabled", "from", "until", "when", "unless")


@dataclass(frozen=True, slots=True)
class Period:
    """Days as 2026-12-25, times as 17:00; `timetable` with `OUTSIDE` before it means while that is closed."""

    enabled: bool = True
    since: str = ""
    since_time: str = ""
    until: str = ""
    until_time: str = ""
    timetable: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether anything but on and off is set."""
        return any((self.since, self.since_time, self.until, self.until_time, self.timetable))


def period_of(value: Any) -> Period:
    """The period that is written with a choice or a message."""
    if not isinstance(value, dict):
        return Period()
    since, since_time = _parted(value.get("from"))
    until, until_time = _parted(value.get("until"))
    outside = value.get("unless")
    timetable = f"{OUTSIDE}{outside}" if outside else str(value.get("when") or "")
    return Period(value.get("enabled", True) is not False, since, since_time, until, until_time, timetable)


def _parted(written: Any) -> tuple[str, str]:
    day, _, time = str(written or "").partition("T")
    return day, time


def periods_in(form: MultiDict[str, str], count: int) -> list[Period]:
    """The periods of the first `count` rows of a form; a field that the form lacks says nothing."""
    columns = [(form.getlist(name) + [""] * count)[:count] for name in FIELDS]
    return [_period(*row) for row in zip(*columns, strict=True)]


def _period(state: str, since: str, since_time: str, until: str, until_time: str, timetable: str) -> Period:
    return Period(state != "off", since, since_time, until, until_time, timetable)


def written(period: Period, old: Any) -> dict[str, Any]:
    """The settings of the period beside what stood there; empty ones are left out. Where both timetables were set, and
    the form kept the one it shows, the other stays."""
    rest = dict(old) if isinstance(old, dict) else {}
    settings: dict[str, Any] = {"enabled": None if period.enabled else False}
    settings["from"] = _joined(period.since, period.since_time)
    settings["until"] = _joined(period.until, period.until_time)
    if period.timetable != period_of(old).timetable:
        outside = period.timetable.startswith(OUTSIDE)
        settings["when"] = "" if outside else period.timetable
        settings["unless"] = period.timetable.removeprefix(OUTSIDE) if outside else ""
    return {key: value for key, value in {**rest, **settings}.items() if value not in (None, "")}


def _joined(day: str, time: str) -> str:
    return f"{day}T{time}" if time else day


def timetables_of(content: Mapping[str, Any]) -> list[str]:
    """The names of the timetables."""
    return list(content.get("timetables") or {})
