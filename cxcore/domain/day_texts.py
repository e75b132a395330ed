"""The text of a day: what callers hear instead of the usual first message when a timetable is closed that day [43, 88].

A holiday or exception of opening hours may name a prompt. Whoever is then led to the flow for closed hours comes to the
same flow with that prompt in place of its first message. It is a flow of its own, so that the caller stands at a place
like any other, which the next core finds again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cxcore.domain.dialplan import Answer, Language, Say, Step, When, day_flow
from cxcore.domain.schedule import Schedule
from cxcore.domain.site import Site


def with_day_texts(site: Site) -> Site:
    """The site with a flow for each text of a day and each flow that callers are led to while it is closed."""
    usual = site.dialplan.flows
    flows = {day_flow(text, flow): steps_with(text, usual[flow]) for text, flow in _combinations(site) if flow in usual}
    return replace(site, dialplan=replace(site.dialplan, flows={**usual, **flows})) if flows else site


def steps_with(text: str, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps whose first message is this text; where something else comes first, the text goes before that."""
    first = next((index for index, step in enumerate(steps) if not isinstance(step, (Answer, Language))), len(steps))
    rest = steps[first + 1 :] if first < len(steps) and isinstance(steps[first], Say) else steps[first:]
    return (*steps[:first], Say(text), *rest)


def _combinations(site: Site) -> Iterator[tuple[str, str]]:
    for steps in site.dialplan.flows.values():
        for step in steps:
            if isinstance(step, When) and step.timetable in site.dialplan.timetables:
                for text in _texts(site.dialplan.timetables[step.timetable]):
                    yield from ((text, flow) for flow in (step.closed, step.holiday) if flow is not None)
    for queue in site.queues.values():
        if queue.hours is not None and queue.closed_flow is not None:
            yield from ((text, queue.closed_flow) for text in _texts(queue.hours))


def _texts(schedule: Schedule) -> set[str]:
    return {*schedule.texts.values(), *schedule.holiday_texts.values()}
