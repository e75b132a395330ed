"""Follows callers through the dialplan: who is never reached, who never gets out, and who is cut off without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.steps import ends_flow
from cxcore.domain.dialplan import (
    Answer,
    CallBack,
    Close,
    Enqueue,
    GoTo,
    Language,
    Menu,
    Step,
    Transfer,
    Voicemail,
    When,
)
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.site import Site

OPEN, CLOSED, HOLIDAY = "open", "closed", "holiday"
LONGEST_ROUTE = 10
"""Flows that a message names."""
MOST_TIMES = 2_000
"""Combinations of open and closed timetables that are tried for loops that depend on them; 3 to the 7th power is more
than a loop of a real site ever hangs on."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a caller who does nothing goes from a flow. `index` is the step that leads there."""

    flow: str
    index: int
    by_queue: QueueId | None = None
    """The queue in which the caller waited the maximum time, or that was full or closed."""
    past_transfer: bool = False
    """Somebody might have answered on the way."""
    at: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the timetables must be for that: timetable → open, closed or holiday."""


Loop = Sequence[tuple[str, Onward]]
Graph = Mapping[str, Sequence[Onward]]


def check_walks(site: Site, names: Names) -> None:
    """Refuse loops that a caller leaves only by hanging up, while queues are open and while they are closed."""
    for loop in _loops(_graph(site, closed=False)):
        _refuse_loop(names, loop)
    for loop in _loops(_graph(site, closed=True)):
        if any(step.by_queue for _, step in loop):
            _refuse_closed_loop(names, loop)


def warn_of_unreached(site: Site, names: Names) -> None:
    """Warn of flows, queues, timetables and voicebots that no dialled number leads to, and of steps that cut off."""
    flows, queues = _reached(site)
    for flow in site.dialplan.flows.keys() - flows:
        problem = f"no caller reaches flow {flow}: no number, menu, goto, maximum wait or closed queue leads to it"
        names.findings.warn(names.places[Kind.FLOW, flow], problem, "lead to it, or take it out")
    for queue in site.queues.keys() - queues:
        problem = f"no caller reaches queue {queue}: no flow that is reached leads to it"
        names.findings.warn(names.places[Kind.QUEUE, queue], problem, "lead to it with `- queue:`, or take it out")
    for kind in (Kind.TIMETABLE, Kind.VOICEBOT):
        _warn_of_unused(names, kind)
    _warn_of_dead_ends(site, names, flows)


def _warn_of_unused(names: Names, kind: Kind) -> None:
    used = names.used(kind)
    for (defined, name), place in names.places.items():
        if defined is kind and name not in used:
            names.findings.warn(place, f"nothing uses {kind} {name}", "use it, or take it out")


def _warn_of_dead_ends(site: Site, names: Names, reached: Iterable[str]) -> None:
    for flow in sorted(reached):
        steps = site.dialplan.flows.get(flow, ())
        if steps and isinstance(steps[-1], Answer | Language | When | Transfer | CallBack) and not ends_flow(steps[-1]):
            place = names.step_places[flow, len(steps) - 1]
            problem = f"flow {flow} ends here, and cuts off without a word {_who_is_cut_off(steps[-1])}"
            names.findings.warn(place, problem, "write a step after it: `- say: PROMPT`, `- queue: QUEUE` or `- close`")


def _who_is_cut_off(step: Step) -> str:
    match step:
        case Transfer():
            return "a caller whom nobody answers"
        case CallBack():
            return "a caller who cannot be called back"
        case When():
            return "a caller for whom it names no flow"
        case _:
            return "each caller who gets here"


# --- Loops -----------------------------------------------------------------------------------------------------------


def _refuse_loop(names: Names, loop: Loop) -> None:
    flow, onward = loop[0]
    place = names.step_places[flow, onward.index]
    route = _route(loop)
    queues = [step.by_queue for _, step in loop if step.by_queue]
    if queues:
        problem = f"a caller whom nobody serves comes back to queue {queues[0]} for ever, last in the line: {route}"
        names.findings.error(place, problem, "let the flow after that wait end in `close`, or use `announcement`")
    elif any(step.past_transfer for _, step in loop):
        problem = f"a caller whom nobody answers goes round for ever: {route}"
        names.findings.warn(place, problem, "let one of these flows end in `queue` or `close`")
    else:
        problem = f"a caller who presses no key goes round for ever: {route}"
        names.findings.error(place, problem, "let one of these flows end in `queue` or `close`")


def _route(loop: Loop) -> str:
    flows = [name for name, _ in loop]
    shown = flows if len(flows) <= LONGEST_ROUTE else [*flows[: LONGEST_ROUTE - 1], "…", flows[-1]]
    return " → ".join([*shown, flows[0]])


def _refuse_closed_loop(names: Names, loop: Loop) -> None:
    flow, onward = loop[0]
    route = _route(loop)
    problem = f"a caller goes round for ever while these queues are closed: {route}"
    names.findings.error(names.step_places[flow, onward.index], problem, "let the flow after `closed` end in `close`")


def _loops(graph: Graph) -> Iterator[Loop]:
    """Each loop once: whatever leads back to a flow that the walk is still in. A loop that needs a timetable to be open
    and closed at once is none; where loops hang on timetables, each of their states is tried."""
    found: dict[frozenset[str], Loop] = {}
    for loop in _back_edges(graph):
        if _happens(loop):
            found.setdefault(frozenset(flow for flow, _ in loop), loop)
        else:
            for other in _loops_at_some_time(graph, loop):
                found.setdefault(frozenset(flow for flow, _ in other), other)
    yield from found.values()


def _happens(loop: Loop) -> bool:
    states: dict[str, str] = {}
    return all(states.setdefault(name, state) == state for _, step in loop for name, state in step.at.items())


def _loops_at_some_time(graph: Graph, near: Loop) -> Iterator[Loop]:
    """The loops that go through these flows in one state of the timetables."""
    nearby = _reachable_from(graph, near[0][0])
    part = {flow: graph[flow] for flow in graph if flow in nearby}
    timetables = sorted({name for onwards in part.values() for onward in onwards for name in onward.at})
    for states in islice(product((OPEN, CLOSED, HOLIDAY), repeat=len(timetables)), MOST_TIMES):
        at = dict(zip(timetables, states, strict=True))
        then = {flow: [each for each in onwards if each.at.items() <= at.items()] for flow, onwards in part.items()}
        yield from _back_edges(then)


def _reachable_from(graph: Graph, start: str) -> set[str]:
    seen, pending = {start}, [start]
    while pending:
        for onward in graph.get(pending.pop(), ()):
            if onward.flow not in seen:
                seen.add(onward.flow)
                pending.append(onward.flow)
    return seen


def _back_edges(graph: Graph) -> Iterator[Loop]:
    """Walks the graph in depth, without recursion: a file may chain thousands of flows."""
    done: set[str] = set()
    for start in graph:
        if start not in done:
            yield from _walk(graph, start, done)


def _walk(graph: Graph, start: str, done: set[str]) -> Iterator[Loop]:
    path: list[tuple[str, Onward]] = []
    depths = {start: 0}
    pending = [(start, iter(graph.get(start, ())))]
    while pending:
        flow, onwards = pending[-1]
        onward = next(onwards, None)
        if onward is None:
            pending.pop()
            done.add(flow)
            del depths[flow]
            del path[len(pending) - 1 if pending else 0 :]
        elif onward.flow in depths:
            yield [*path[depths[onward.flow] :], (flow, onward)]
        elif onward.flow not in done:
            path.append((flow, onward))
            depths[onward.flow] = len(pending)
            pending.append((onward.flow, iter(graph.get(onward.flow, ()))))


def _graph(site: Site, closed: bool) -> Graph:
    return {flow: list(_onwards(site, steps, closed)) for flow, steps in site.dialplan.flows.items()}


def _onwards(site: Site, steps: Sequence[Step], closed: bool) -> Iterator[Onward]:
    past_transfer = False
    for index, step in enumerate(steps):
        past_transfer = past_transfer or isinstance(step, Transfer)
        if isinstance(step, Enqueue):
            yield from _ways_on(site.queues.get(step.queue_id), closed, index, past_transfer)
        else:
            for flow, at in _silent_ways(step):
                yield Onward(flow, index, None, past_transfer, at)
        if ends_flow(step):
            return


def _silent_ways(step: Step) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Where a step leads a caller who does nothing, and what its timetable must be for that."""
    match step:
        case GoTo(flow):
            yield flow, {}
        case Menu():
            yield step.otherwise, {}
        case Transfer() if step.otherwise is not None:
            yield step.otherwise, {}
        case When():
            on_holiday = step.holiday or step.closed
            for leads_to, state in ((step.open, OPEN), (step.closed, CLOSED), (on_holiday, HOLIDAY)):
                if leads_to is not None:
                    yield leads_to, {step.timetable: state}


def _ways_on(queue: Queue | None, closed: bool, index: int, past_transfer: bool) -> Iterator[Onward]:
    if queue is None:
        return
    flows = (queue.closed_flow,) if closed else (queue.overflow_flow, queue.full_flow)
    for flow in dict.fromkeys(flows):
        if flow is not None:
            yield Onward(flow, index, queue.queue_id, past_transfer)


# --- What is reached -------------------------------------------------------------------------------------------------


def _reached(site: Site) -> tuple[set[str], set[QueueId]]:
    flows: set[str] = set()
    queues: set[QueueId] = set()
    pending = list(_beginnings(site))
    while pending:
        flow = pending.pop()
        if flow not in flows:
            flows.add(flow)
            for step in site.dialplan.flows.get(flow, ()):
                queues.update({step.queue_id} if isinstance(step, Enqueue | CallBack | Voicemail) else ())
                pending.extend(_leads_to(site, step))
    return flows, queues


def _beginnings(site: Site) -> Iterator[str]:
    yield from site.dialplan.numbers.values()
    yield from (each.flow for each in site.dialplan.ranges)
    texts = site.service_line.texts.values() if site.service_line is not None else ()
    yield from (text.flow for text in texts if text.flow)
    yield from (each.flow for each in site.dialplan.caller_lists if each.flow is not None)
    if site.direct_unanswered_flow is not None:
        yield site.direct_unanswered_flow


def _leads_to(site: Site, step: Step) -> list[str]:
    if isinstance(step, Menu):
        return [step.otherwise, *step.choices.values()]
    queue = site.queues.get(step.queue_id) if isinstance(step, Enqueue) else None
    return [flow for flow, _ in _silent_ways(step)] if queue is None else _leads_out_of(queue)


def _leads_out_of(queue: Queue) -> list[str]:
    flows = [flow for flow in (queue.overflow_flow, queue.full_flow, queue.closed_flow) if flow is not None]
    announcement = queue.announcement
    for menu in (announcement.menu, announcement.repeated.menu) if announcement else ():
        flows += menu.choices.values() if menu else ()
    return flows


def steps_after(site: Site, flow: str, index: int) -> set[tuple[str, int]]:
    """The steps, by flow and index, that a caller may come to from a step on."""
    found: set[tuple[str, int]] = set()
    pending = [(flow, index)]
    while pending:
        at = pending.pop()
        steps = site.dialplan.flows.get(at[0], ())
        if at in found or at[1] >= len(steps):
            continue
        found.add(at)
        step = steps[at[1]]
        pending += [(other, 0) for other in _leads_to(site, step)]
        pending += [] if ends_flow(step) or isinstance(step, Close) else [(at[0], at[1] + 1)]
    return found
