"""A week of a number: for each day the bands in which callers get the same, in words and as places on a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date

from admin_web.presenters.hearing import hours_of
from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext
from cxcore.domain.dialplan import usual_flow
from cxcore.ports.inspection import Band, DayOfLine, Line, Outcome, OutcomeKind

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShownBand:
    """From `begins` for `lasts` minutes of the day; `kind` gives its look, `words` say what callers get."""

    begins: int
    lasts: int
    times: str
    kind: str
    words: str
    is_gap: bool


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day; `special` says which timetables have other hours that day."""

    day: str
    date: date
    bands: tuple[ShownBand, ...]
    special: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """The number itself, or one key of its menu."""

    heading: str
    identity: str
    keys: tuple[str, ...]
    days: tuple[ShownDay, ...]

    @property
    def whole_week(self) -> str:
        """What callers get all week long; empty when it is not the same all week."""
        bands = {band.words for day in self.days for band in day.bands}
        return bands.pop() if len(bands) == 1 else ""


def day_words(day: date) -> str:
    """`di 24 november`."""
    return str(format_date(day, "EEE d MMMM"))


def week_lines(lines: Sequence[Line], names: Names) -> list[ShownLine]:
    """The lines in words."""
    numbered = enumerate(lines)
    return [ShownLine(_heading(line), f"line-{index}", line.keys, _days(line, names)) for index, line in numbered]


def gaps_of(lines: Sequence[ShownLine]) -> list[str]:
    """Where callers are cut off without a word."""
    return [gap for line in lines for gap in _gaps_of(line)]


def _gaps_of(line: ShownLine) -> list[str]:
    gaps = [f"{day.day} {band.times}: {band.words}" for day in line.days for band in day.bands if band.is_gap]
    if gaps and line.whole_week:
        gaps = [gettext("de hele week: %(words)s", words=line.whole_week)]
    return [f"{line.heading}: {gap}" for gap in gaps]


def _heading(line: Line) -> str:
    if not line.keys:
        return gettext("Wie belt en niets toetst")
    return gettext("Wie in het keuzemenu %(key)s toetst", key=line.keys[0])


def _days(line: Line, names: Names) -> tuple[ShownDay, ...]:
    return tuple(
        ShownDay(day_words(day.day), day.day, tuple(_band(band, names) for band in day.bands), _special(day))
        for day in line.days
    )


def _special(day: DayOfLine) -> tuple[str, ...]:
    told: dict[str, list[str]] = {}
    for name, hours in day.special.items():
        told.setdefault(hours_of(hours), []).append(name)
    return tuple(f"{', '.join(names)}: {hours}" for hours, names in told.items())


def _band(band: Band, names: Names) -> ShownBand:
    times = f"{_clock(band.begins)}–{_clock(band.ends)}"
    is_gap = band.outcome.kind in (OutcomeKind.SILENT_END, OutcomeKind.NO_SUCH_NUMBER)
    words = _WORDS[band.outcome.kind](band.outcome, names)
    return ShownBand(band.begins, band.ends - band.begins, times, band.outcome.kind, words, is_gap)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


_WORDS: Mapping[OutcomeKind, Callable[[Outcome, Names], str]] = {
    OutcomeKind.MENU: lambda outcome, _: gettext("keuzemenu %(name)s", name=usual_flow(outcome.subject)),
    OutcomeKind.QUEUE: lambda outcome, names: gettext(
        "wachtrij %(queue)s", queue=names.get(outcome.subject, outcome.subject)
    ),
    OutcomeKind.MESSAGE: lambda outcome, _: gettext("melding %(name)s, daarna einde", name=outcome.subject),
    OutcomeKind.RINGS: lambda outcome, _: gettext("doorverbonden met %(whom)s", whom=readable(outcome.subject) or ""),
    OutcomeKind.CALL_BACK: lambda outcome, names: gettext(
        "terugbelverzoek voor %(queue)s", queue=names.get(outcome.subject, outcome.subject)
    ),
    OutcomeKind.VOICEMAIL: lambda outcome, names: gettext(
        "bericht inspreken voor %(queue)s", queue=names.get(outcome.subject, outcome.subject)
    ),
    OutcomeKind.SILENT_END: lambda _outcome, _: gettext("verbroken zonder een woord"),
    OutcomeKind.NOT_OFFERED: lambda _outcome, _: gettext("deze keuze wordt niet aangeboden"),
    OutcomeKind.NO_SUCH_NUMBER: lambda _outcome, _: gettext("geweigerd: geen nummer van ons"),
}
