"""What a caller hears, in sentences: one for each kind of step, and one for each reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_date, format_datetime

from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext
from cxcore.domain.conditions import Reason, Rule
from cxcore.domain.dialplan import Passed, is_of_day, usual_flow
from cxcore.domain.emergency import is_of_emergency
from cxcore.domain.schedule import DayHours, DayKind, Opening, Span
from cxcore.ports.inspection import HeardKind, HeardStep, SpokenPrompt

Names = Mapping[str, str]
"""Queue → how screens call it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A key of a question, and where it leads; `why_not` when it is not offered now."""

    key: str
    flow: str
    why_not: str = ""
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the page shows it. `mark` is the shape beside it."""

    at: str
    words: str
    mark: str
    place: str
    reasons: tuple[str, ...]
    prompts: tuple[SpokenPrompt, ...]
    choices: tuple[Choice, ...]


def step_lines(steps: Sequence[HeardStep], names: Names) -> list[StepLine]:
    """The steps in words."""
    return [_line(step, names) for step in steps]


def _line(step: HeardStep, names: Names) -> StepLine:
    seconds = int(step.after_seconds)
    at = f"{seconds // 60}:{seconds % 60:02}" if step.kind is not HeardKind.WAITS_ON else "…"
    place = gettext("%(flow)s, stap %(number)s", flow=_flow(step.flow), number=step.index + 1) if step.flow else ""
    reasons = tuple(because(passed, names) for passed in step.passed)
    return StepLine(
        at, _WORDS[step.kind](step, names), _MARKS[step.kind], place, reasons, step.prompts, _choices(step, names)
    )


def _flow(flow: str) -> str:
    if is_of_day(flow):
        return gettext("%(flow)s, met de tekst van de dag", flow=usual_flow(flow))
    return gettext("de noodtekst die aan staat") if is_of_emergency(flow) else flow


def _choices(step: HeardStep, names: Names) -> tuple[Choice, ...]:
    offered = [Choice(key, flow, pressed=key == step.key) for key, flow in step.choices.items()]
    withheld = [Choice(key, "", because(passed, names)) for key, passed in step.withheld.items()]
    return (*offered, *withheld)


def _queue(step: HeardStep, names: Names) -> str:
    return names.get(step.subject, step.subject)


def _with_hours(words: str, opening: Opening | None) -> str:
    return f"{words} ({hours_of(opening.hours)})" if opening is not None else words


def _closed(step: HeardStep, names: Names) -> str:
    if step.by_hand:
        return gettext("Wachtrij %(queue)s is met de hand gesloten.", queue=_queue(step, names))
    return _with_hours(gettext("Wachtrij %(queue)s is dicht.", queue=_queue(step, names)), step.opening)


def _whom(step: HeardStep) -> str:
    return ", ".join(readable(each) or each for each in step.subject.split(", "))


def _said(step: HeardStep, _names: Names) -> str:
    if step.again_every_seconds:
        return gettext(
            "De beller hoort een tekst, en daarna elke %(seconds)s seconden.", seconds=step.again_every_seconds
        )
    return gettext("De beller hoort een tekst.")


def _asked(step: HeardStep, _names: Names) -> str:
    if step.key:
        return gettext("De beller krijgt een vraag en toetst %(key)s.", key=step.key)
    return gettext("De beller krijgt een vraag en toetst niets.")


_WORDS: Mapping[HeardKind, Callable[[HeardStep, Names], str]] = {
    HeardKind.NO_SUCH_NUMBER: lambda _step, _names: gettext("Dit nummer is niet van ons: de oproep wordt geweigerd."),
    HeardKind.ANSWERED: lambda _step, _names: gettext("De oproep wordt aangenomen."),
    HeardKind.SAID: _said,
    HeardKind.ASKED: _asked,
    HeardKind.QUEUED: lambda step, names: _with_hours(
        gettext("De beller wacht in %(queue)s en hoort wachtmuziek, tot iemand opneemt.", queue=_queue(step, names)),
        step.opening,
    ),
    HeardKind.QUEUE_CLOSED: _closed,
    HeardKind.QUEUE_FULL: lambda step, names: gettext("Wachtrij %(queue)s is vol.", queue=_queue(step, names)),
    HeardKind.TOO_LONG: lambda step, names: gettext(
        "Neemt niemand op, dan eindigt het wachten in %(queue)s na %(minutes)s minuten.",
        queue=_queue(step, names), minutes=round(step.seconds / 60),
    ),
    HeardKind.MOVED: lambda step, names: gettext(
        "%(queue)s gaat dicht terwijl de beller wacht.", queue=_queue(step, names)
    ),
    HeardKind.RINGS: lambda step, _names: gettext(
        "De beller hoort wachtmuziek terwijl %(whom)s overgaat, ten hoogste %(seconds)s seconden.",
        whom=_whom(step), seconds=round(step.seconds),
    ),
    HeardKind.NOT_ANSWERED: lambda step, _names: gettext(
        "Neemt %(whom)s niet op, dan gaat het zo verder.", whom=_whom(step)
    ),
    HeardKind.RECORDED: lambda step, names: gettext(
        "Spreekt na de toon een bericht in voor %(queue)s.", queue=_queue(step, names)
    ),
    HeardKind.CALL_BACK: lambda step, names: gettext(
        "De beller wordt teruggebeld door %(queue)s.", queue=_queue(step, names)
    ),
    HeardKind.WAITS_ON: lambda step, names: gettext(
        "De beller blijft wachten in %(queue)s en hoort niets nieuws meer.", queue=_queue(step, names)
    ),
    HeardKind.ENDED: lambda _step, _names: gettext("De verbinding wordt verbroken."),
}  # fmt: skip

_MARKS: Mapping[HeardKind, str] = {
    HeardKind.NO_SUCH_NUMBER: "end",
    HeardKind.ANSWERED: "call",
    HeardKind.SAID: "text",
    HeardKind.ASKED: "question",
    HeardKind.QUEUED: "wait",
    HeardKind.QUEUE_CLOSED: "closed",
    HeardKind.QUEUE_FULL: "closed",
    HeardKind.TOO_LONG: "closed",
    HeardKind.MOVED: "closed",
    HeardKind.RINGS: "wait",
    HeardKind.NOT_ANSWERED: "closed",
    HeardKind.CALL_BACK: "call",
    HeardKind.RECORDED: "question",
    HeardKind.WAITS_ON: "wait",
    HeardKind.ENDED: "end",
}


# --- Reasons ---------------------------------------------------------------------------------------------------------


def because(passed: Passed, names: Names) -> str:
    """Why a caller came there."""
    words = _REASONS[passed.reason.rule](passed.reason, names)
    return gettext("%(reason)s → %(flow)s", reason=words, flow=_flow(passed.flow)) if passed.flow else words


def _timetable(reason: Reason, _names: Names) -> str:
    opening = reason.opening
    state = gettext("open") if opening is not None and opening.open else gettext("dicht")
    hours = hours_of(opening.hours) if opening is not None else ""
    return gettext("rooster %(name)s is %(state)s (%(hours)s)", name=reason.subject, state=state, hours=hours)


def _day(reason: Reason) -> str:
    if isinstance(reason.day, datetime):
        return str(format_datetime(reason.day.replace(tzinfo=None), "d MMMM yyyy HH:mm", rebase=False))
    return format_date(reason.day, "d MMMM yyyy") if reason.day is not None else ""


_REASONS: Mapping[Rule, Callable[[Reason, Names], str]] = {
    Rule.NUMBER: lambda reason, _: gettext("%(number)s is gebeld", number=readable(reason.subject) or reason.subject),
    Rule.CALLERS: lambda reason, _: gettext(
        "de lijst %(name)s geldt voor deze beller of doorschakeling", name=reason.subject
    ),
    Rule.GOTO: lambda _reason, _: gettext("de flow gaat elders verder"),
    Rule.TIMETABLE: _timetable,
    Rule.SWITCHED_OFF: lambda _reason, _: gettext("dit staat uit"),
    Rule.NOT_YET: lambda reason, _: gettext("dit begint op %(day)s", day=_day(reason)),
    Rule.NO_LONGER: lambda reason, _: gettext("dit is geëindigd op %(day)s", day=_day(reason)),
    Rule.QUEUE_CLOSED: lambda reason, names: gettext(
        "wachtrij %(queue)s is dicht", queue=names.get(reason.subject, reason.subject)
    ),
    Rule.LANGUAGE: lambda reason, _: gettext("de beller koos de taal %(language)s", language=reason.subject),
    Rule.NO_CHOICE: lambda _reason, _: gettext("het keuzemenu heeft nu geen enkele keuze"),
    Rule.NOTHING: lambda _reason, _: "",
}


def hours_of(hours: DayHours) -> str:
    """The hours of a day, and what they come from: `eerste kerstdag: dicht`, `08:30–17:00`."""
    spans = ", ".join(_span(span) for span in hours.spans) or gettext("hele dag dicht")
    if hours.kind is DayKind.WEEK:
        return spans
    kind = gettext("feestdag") if hours.kind is DayKind.HOLIDAY else gettext("afwijkende dag")
    return f"{hours.name.replace('-', ' ') or kind}: {spans}"


def _span(span: Span) -> str:
    return f"{span.opens:%H:%M}–{span.closes:%H:%M}"
