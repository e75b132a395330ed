"""How conversations sounded, by day and line, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import format_date, format_decimal, format_percent, lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.contacts import local_midnight
from admin_web.web_ports import WebPorts
from cxcore.domain.quality import MOS_GOAL, Line

DAYS = 31
LINES: Mapping[Line, LazyString] = {
    Line.TRUNK: lazy_gettext("provider"),
    Line.TEAMS: lazy_gettext("Teams"),
    Line.SOFTPHONE: lazy_gettext("softphone"),
    Line.PHONE: lazy_gettext("telefoontoestel"),
}


@dataclass(frozen=True, slots=True)
class ShownSound:
    """A day and a line; `reaches_goal` is of the mean."""

    day: str
    line: str
    scores: int
    mean: str
    below_goal: int
    share: str
    reaches_goal: bool


def sound_lines(ports: WebPorts) -> Sequence[ShownSound]:
    """The last `DAYS` days, the latest first. Raises `LogUnavailable`."""
    now = ports.clock.now()
    found = ports.reports.sound(local_midnight(now - timedelta(days=DAYS - 1)), now + timedelta(seconds=1))
    return [
        ShownSound(
            str(format_date(each.day, "EEE d MMM")),
            str(LINES[each.line]),
            each.scores,
            format_decimal(each.mean, "0.0"),
            each.below_goal,
            format_percent(each.below_goal / each.scores, "0.0 %"),
            each.mean >= MOS_GOAL,
        )
        for each in found
    ]
