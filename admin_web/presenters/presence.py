"""Presence and calendars of employees in words, with a shape beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import format_datetime, lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.texts import gettext
from cxcore.domain.presence import Availability, BusyPeriod, Presence
from cxcore.domain.schedule import AMSTERDAM

WORDS: Mapping[Availability, LazyString] = {
    Availability.AVAILABLE: lazy_gettext("beschikbaar"),
    Availability.BUSY: lazy_gettext("bezet"),
    Availability.IN_MEETING: lazy_gettext("in een afspraak"),
    Availability.DO_NOT_DISTURB: lazy_gettext("niet storen"),
    Availability.AWAY: lazy_gettext("afwezig"),
    Availability.OUT_OF_OFFICE: lazy_gettext("niet op kantoor"),
    Availability.OFFLINE: lazy_gettext("afgemeld"),
    Availability.UNKNOWN: lazy_gettext("aanwezigheid onbekend"),
}


def state_of(presence: Presence) -> str:
    """The shape and colour of a presence."""
    return f"presence-{presence.availability.value}"


def presence_words(presence: Presence, now: datetime) -> str:
    """`in een afspraak tot 15:00`, `afwezig: lunch`."""
    words = str(WORDS[presence.availability])
    if presence.reason:
        words = f"{words}: {presence.reason.lower()}"
    if presence.until is not None:
        words = gettext("%(what)s tot %(time)s", what=words, time=_time(presence.until, now))
    return words


def period_words(period: BusyPeriod) -> str:
    """`09:00–10:30 bezet`."""
    words, day = str(WORDS[period.availability]), period.starts_at
    return f"{format_datetime(day, 'HH:mm')}–{_time(period.ends_at, day)} {words}"


def _time(at: datetime, seen: datetime) -> str:
    same_day = at.astimezone(AMSTERDAM).date() == seen.astimezone(AMSTERDAM).date()
    return str(format_datetime(at, "HH:mm" if same_day else "EEE d MMM HH:mm"))
