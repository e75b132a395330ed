"""Implements `ports.inspection.Inspection`: what callers of a configuration hear, and when in a week."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cxcore.domain.dialplan import NumberLabel, conditions_in
from cxcore.domain.schedule import AMSTERDAM, DayHours, DayKind, Schedule
from cxcore.domain.site import Site
from cxcore.ports.inspection import (
    AS_CONFIGURED,
    Band,
    Circumstances,
    DayOfLine,
    HeardKind,
    HeardStep,
    Line,
    Outcome,
    OutcomeKind,
    OwnNumber,
    SupposedCall,
    Voices,
)
from cxcore.ports.site_texts import TextRefused
from cxcore.simulation.hearing import hear

MINUTES_OF_DAY = 24 * 60
DAYS_OF_WEEK = 7

_OUTCOMES: Mapping[HeardKind, OutcomeKind] = {
    HeardKind.ASKED: OutcomeKind.MENU,
    HeardKind.QUEUED: OutcomeKind.QUEUE,
    HeardKind.RINGS: OutcomeKind.RINGS,
    HeardKind.CALL_BACK: OutcomeKind.CALL_BACK,
    HeardKind.RECORDED: OutcomeKind.VOICEMAIL,
    HeardKind.NO_SUCH_NUMBER: OutcomeKind.NO_SUCH_NUMBER,
    HeardKind.ENDED: OutcomeKind.SILENT_END,
}


@dataclass(frozen=True, slots=True)
class Week:
    """What a week is asked of."""

    site: Site
    voices: Voices
    circumstances: Circumstances
    number: str


def refuse(_text: str) -> Site:
    """Reads no text. Raises `TextRefused`."""
    raise TextRefused("no other text can be heard here")


class SiteInspection:
    """`find_site`, `find_voices` and `find_circumstances` give what counts now. `breathe` is called between supposed
    calls, so that a long answer lets others have their turn; `read` reads other texts for `of`."""

    def __init__(
        self,
        find_site: Callable[[], Site],
        find_voices: Callable[[], Voices],
        find_sound: Callable[[str, str], Path | None],
        breathe: Callable[[], None] = lambda: None,
        find_circumstances: Callable[[], Circumstances] = lambda: AS_CONFIGURED,
        read: Callable[[str], Site] = refuse,
    ) -> None:
        self._find_site, self._find_voices, self._find_sound = find_site, find_voices, find_sound
        self._breathe, self._find_circumstances, self._read = breathe, find_circumstances, read

    def of(self, text: str) -> SiteInspection:
        """Asks another text. Raises `TextRefused`."""
        site = self._read(text)
        surroundings = (self._breathe, self._find_circumstances, self._read)
        return SiteInspection(lambda: site, self._find_voices, self._find_sound, *surroundings)

    def numbers(self) -> Sequence[OwnNumber]:
        """What callers can dial, and the own numbers of users."""
        site = self._find_site()
        dialplan = site.dialplan
        ranges = [(each.written, each.first) for each in dialplan.ranges]
        configured = [*((number, number) for number in dialplan.numbers), *ranges]
        own = [OwnNumber(user.number, user.number, NumberLabel(user.name, "direct")) for user in site.users.values()]
        labels = dialplan.labels
        found = [OwnNumber(written, example, labels.get(written, NumberLabel())) for written, example in configured]
        return [*found, *(number for number in own if number.written)]

    def hear(self, call: SupposedCall) -> Sequence[HeardStep]:
        """What the caller would hear."""
        return hear(self._find_site(), self._find_voices(), call, circumstances=self._find_circumstances())

    def queue_names(self) -> Mapping[str, str]:
        """Queue → its name."""
        return {queue_id: queue.name for queue_id, queue in self._find_site().queues.items()}

    def sound(self, prompt: str, language: str) -> Path | None:
        """The sound file."""
        return self._find_sound(prompt, language)

    def week(self, number: str, monday: date) -> Sequence[Line]:
        """The number itself, then each key of the menus that its callers are asked in that week."""
        week = Week(self._find_site(), self._find_voices(), self._find_circumstances(), number)
        days = [monday + timedelta(days=offset) for offset in range(DAYS_OF_WEEK)]
        keys: dict[str, None] = {}
        first = Line((), tuple(self._day(week, day, (), keys) for day in days))
        chosen = [Line((key,), tuple(self._day(week, day, (key,), {}) for day in days)) for key in keys]
        return [first, *chosen]

    def _day(self, week: Week, day: date, keys: tuple[str, ...], found: dict[str, None]) -> DayOfLine:
        """The bands of a day. The keys that are offered to callers, now or at another time, go into `found`."""
        begins = sorted({0, *_changes(week, day)})
        bands: list[Band] = []
        for begin, end in zip(begins, [*begins[1:], MINUTES_OF_DAY], strict=True):
            at = datetime.combine(day, time(begin // 60, begin % 60), AMSTERDAM)
            call = SupposedCall(week.number, at, keys)
            steps = hear(week.site, week.voices, call, _is_settled, week.circumstances)
            found.update(dict.fromkeys(_keys_of(steps)))
            _join(bands, Band(begin, end, _outcome(steps, keys)))
            self._breathe()
        return DayOfLine(day, tuple(bands), _special(week.site, day))


def _is_settled(step: HeardStep) -> bool:
    return step.kind in _OUTCOMES and not (step.kind is HeardKind.ASKED and step.key)


def _keys_of(steps: Iterable[HeardStep]) -> Iterator[str]:
    for step in steps:
        if step.kind is HeardKind.ASKED:
            yield from step.choices
            yield from step.withheld


def _outcome(steps: Sequence[HeardStep], keys: tuple[str, ...]) -> Outcome:
    asked = next((step for step in steps if step.kind is HeardKind.ASKED), None)
    if keys and (asked is None or keys[0] not in asked.choices):
        return Outcome(OutcomeKind.NOT_OFFERED, keys[0])
    last = steps[-1]
    said = next((step.prompts[-1].name for step in reversed(steps) if step.kind is HeardKind.SAID), None)
    if last.kind is HeardKind.ENDED and said is not None:
        return Outcome(OutcomeKind.MESSAGE, said)
    subject = last.flow if last.kind is HeardKind.ASKED else last.subject
    return Outcome(_OUTCOMES.get(last.kind, OutcomeKind.SILENT_END), subject)


def _join(bands: list[Band], band: Band) -> None:
    """Add a band, or make the one before it longer."""
    if bands and bands[-1].outcome == band.outcome:
        bands[-1] = Band(bands[-1].begins, band.ends, band.outcome)
    else:
        bands.append(band)


def _changes(week: Week, day: date) -> Iterator[int]:
    """The minutes of a day at which something opens or closes, begins or ends."""
    for schedule in _schedules(week.site).values():
        for at in schedule.changes_on(day):
            if at.date() == day:
                yield at.hour * 60 + at.minute
    for instant in _instants(week):
        local = instant.astimezone(AMSTERDAM)
        if local.date() == day:
            minute = local.hour * 60 + local.minute + bool(local.second or local.microsecond)
            yield min(minute, MINUTES_OF_DAY - 1)


def _instants(week: Week) -> Iterator[datetime]:
    """When emergency messages, messages and choices begin and end, and queues were opened or closed by hand."""
    for emergency in week.circumstances.emergencies:
        yield emergency.since
        if emergency.until is not None:
            yield emergency.until
    yield from week.circumstances.since.values()
    for condition in conditions_in(week.site.dialplan):
        yield from (each for each in (condition.begins, condition.ends) if each is not None)


def _schedules(site: Site) -> dict[str, Schedule]:
    """Timetables by name, and the hours that queues have of their own by the name of the queue."""
    own = {queue.name: queue.hours for queue in site.queues.values() if queue.hours is not None and not queue.timetable}
    return {**site.dialplan.timetables, **own}


def _special(site: Site, day: date) -> dict[str, DayHours]:
    hours = {name: schedule.hours_on(day) for name, schedule in _schedules(site).items()}
    return {name: each for name, each in hours.items() if each.kind is not DayKind.WEEK}
