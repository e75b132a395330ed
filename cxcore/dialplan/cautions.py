"""What works in a site, and is probably not meant: prompts without translation, texts of a day that nobody hears, and
calls to one's own numbers."""

from __future__ import annotations

from collections.abc import Iterator

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import one_of
from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.walks import steps_after
from cxcore.domain.dialplan import Enqueue, Language, Menu, Say, Step, Transfer, When
from cxcore.domain.schedule import DayKind, Schedule
from cxcore.domain.site import Site


def warn_of_untranslated(site: Site, names: Names, prompts: PromptCatalogue) -> None:
    """Warn of what callers who chose a language hear in the language of the site."""
    for flow, steps in site.dialplan.flows.items():
        for index, step in enumerate(steps):
            if isinstance(step, Language) and step.language in prompts.languages:
                _warn_of_gaps(site, names, prompts.languages[step.language], step.language, (flow, index))


def _warn_of_gaps(
    site: Site, names: Names, translated: PromptCatalogue, language: str, at: tuple[str, int]
) -> None:
    later = (site.dialplan.flows[flow][index] for flow, index in steps_after(site, *at))
    said = {prompt for step in later for prompt in _prompts_of(site, step)}
    lacking = sorted(prompt for prompt in said if prompt not in translated.names or translated.lacks_sound(prompt))
    if lacking:
        problem = f"callers who chose {language} hear these in the language of the site: {one_of(lacking)}"
        file = f"prompts/{language}/texts.yml"
        remedy = f"record or write them on the page Meldteksten, or add them to {file} and run `make setup`"
        names.findings.warn(names.step_places[at], problem, remedy)


def _prompts_of(site: Site, step: Step) -> Iterator[str]:
    match step:
        case Say():
            yield step.prompt
        case Menu():
            yield from (step.prompt, *step.choice_prompts.values())
            yield from filter(None, (step.wrong_key, step.no_key))
        case Enqueue(queue_id) if queue_id in site.queues:
            announcement = site.queues[queue_id].announcement
            said = (announcement.prompt, announcement.repeated.prompt) if announcement else ()
            yield from filter(None, said)


def warn_of_unheard_texts(site: Site, names: Names) -> None:
    """Warn of texts of a day where nothing leads callers to a flow on such a day, so that nobody hears them."""
    for name, schedule in site.dialplan.timetables.items():
        leading = set(_leading_days(site, name, schedule))
        unheard = sorted({text for kind, text in _day_texts(schedule) if kind not in leading})
        if unheard:
            problem = f"nobody hears {one_of(unheard)}: callers are led nowhere on those days of timetable {name}"
            remedy = "give `closed:` to the `when:` step, or to the queue, that uses it"
            names.findings.warn(names.places[Kind.TIMETABLE, name], problem, remedy)


def _leading_days(site: Site, name: str, schedule: Schedule) -> Iterator[DayKind]:
    """The kinds of days on which a step or a queue leads callers elsewhere by a timetable."""
    steps = (step for steps in site.dialplan.flows.values() for step in steps)
    for step in steps:
        if isinstance(step, When) and step.timetable == name:
            yield from (DayKind.HOLIDAY,) if step.holiday else ()
            yield from (DayKind.HOLIDAY, DayKind.EXCEPTION) if step.closed else ()
    if any(queue.hours == schedule and queue.closed_flow for queue in site.queues.values()):
        yield from (DayKind.HOLIDAY, DayKind.EXCEPTION)


def _day_texts(schedule: Schedule) -> Iterator[tuple[DayKind, str]]:
    for day, text in schedule.texts.items():
        yield DayKind.EXCEPTION if day in schedule.exceptions else DayKind.HOLIDAY, text
    for text in schedule.holiday_texts.values():
        yield DayKind.HOLIDAY, text


def warn_of_detours(site: Site, names: Names) -> None:
    """Warn of transfers to a number of the site itself, which come back in as calls of their own, on a second leg."""
    for flow, steps in site.dialplan.flows.items():
        for index, step in enumerate(steps):
            if isinstance(step, Transfer):
                _warn_of_own_numbers(site, names, step, (flow, index))


def _warn_of_own_numbers(site: Site, names: Names, step: Transfer, at: tuple[str, int]) -> None:
    for number in step.destinations:
        entry = site.dialplan.entry(number)
        if entry is not None:
            problem = f"the transfer in flow {at[0]} dials {number}, which is of this site: it goes out and comes back"
            names.findings.warn(names.step_places[at], problem, f"write `- goto: {entry.flow}`")
