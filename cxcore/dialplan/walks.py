"""Follows callers through the dialplan: who is never reached, and who never gets out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxcore.dialplan.names import Kind, Names
from cxcore.domain.dialplan import CallBack, Close, Enqueue, GoTo, Menu, Step, Transfer, Voicemail
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.site import Site


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a caller who does nothing goes from a flow. `index` is the step that leads there."""

    flow: str
    index: int
    by_queue: QueueId | None = None
    """The queue in which the caller waited the maximum time, or that was full or closed."""
    past_transfer: bool = False
    """Somebody might have answered on the way."""


def check_walks(site: Site, names: Names) -> None:
    """Refuse loops that a caller leaves only by hanging up, while queues are open and while they are closed."""
    for loop in _loops(site, closed=False):
        _refuse_loop(names, loop)
    for loop in _loops(site, closed=True):
        if any(step.by_queue for _, step in loop):
            _refuse_closed_loop(names, loop)


def warn_of_unreached(site: Site, names: Names) -> None:
    """Warn of flows and queues that no dialled number leads to."""
    flows, queues = _reached(site)
    for flow in site.dialplan.flows.keys() - flows:
        problem = f"no caller reaches flow {flow}: no number, menu, goto, maximum wait or closed queue leads to it"
        names.findings.warn(names.places[Kind.FLOW, flow], problem, "lead to it, or take it out")
    for queue in site.queues.keys() - queues:
        problem = f"no caller reaches queue {queue}: no flow that is reached leads to it"
        names.findings.warn(names.places[Kind.QUEUE, queue], problem, "lead to it with `- queue:`, or take it out")


def _refuse_loop(names: Names, loop: Sequence[tuple[str, Onward]]) -> None:
    flow, onward = loop[0]
    place = names.step_places[flow, onward.index]
    route = " → ".join([name for name, _ in loop] + [flow])
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


def _refuse_closed_loop(names: Names, loop: Sequence[tuple[str, Onward]]) -> None:
    flow, onward = loop[0]
    route = " → ".join([name for name, _ in loop] + [flow])
    problem = f"a caller goes round for ever while these queues are closed: {route}"
    names.findings.error(names.step_places[flow, onward.index], problem, "let the flow after `closed` end in `close`")


def _loops(site: Site, closed: bool) -> Iterator[Sequence[tuple[str, Onward]]]:
    """Each loop once: whatever leads back to a flow that the walk is still in."""
    done: set[str] = set()
    for start in site.dialplan.flows:
        yield from _loops_from(site, start, closed, [], done)


def _loops_from(
    site: Site, flow: str, closed: bool, path: list[tuple[str, Onward]], done: set[str]
) -> Iterator[Sequence[tuple[str, Onward]]]:
    on_path = [name for name, _ in path]
    if flow in on_path:
        yield path[on_path.index(flow) :]
    elif flow not in done:
        for onward in _onwards(site, flow, closed):
            yield from _loops_from(site, onward.flow, closed, [*path, (flow, onward)], done)
        done.add(flow)


def _onwards(site: Site, flow: str, closed: bool) -> Iterator[Onward]:
    past_transfer = False
    for index, step in enumerate(site.dialplan.flows.get(flow, ())):
        past_transfer = past_transfer or isinstance(step, Transfer)
        if isinstance(step, Enqueue):
            yield from _ways_on(site.queues.get(step.queue_id), closed, index, past_transfer)
        elif isinstance(step, GoTo | Menu):
            yield Onward(_silent_choice(step), index, None, past_transfer)
        if isinstance(step, Enqueue | GoTo | Menu | Close):
            return


def _ways_on(queue: Queue | None, closed: bool, index: int, past_transfer: bool) -> Iterator[Onward]:
    if queue is None:
        return
    flows = (queue.closed_flow,) if closed else (queue.overflow_flow, queue.full_flow)
    for flow in dict.fromkeys(flows):
        if flow is not None:
            yield Onward(flow, index, queue.queue_id, past_transfer)


def _silent_choice(step: GoTo | Menu) -> str:
    return step.flow if isinstance(step, GoTo) else step.otherwise


def _reached(site: Site) -> tuple[set[str], set[QueueId]]:
    flows: set[str] = set()
    queues: set[QueueId] = set()
    pending = [*site.dialplan.numbers.values(), *filter(None, [site.direct_unanswered_flow])]
    while pending:
        flow = pending.pop()
        if flow not in flows:
            flows.add(flow)
            for step in site.dialplan.flows.get(flow, ()):
                queues.update({step.queue_id} if isinstance(step, Enqueue | CallBack | Voicemail) else ())
                pending.extend(_leads_to(site, step))
    return flows, queues


def _leads_to(site: Site, step: Step) -> list[str]:
    if isinstance(step, GoTo):
        return [step.flow]
    if isinstance(step, Menu):
        return [step.otherwise, *step.choices.values()]
    queue = site.queues.get(step.queue_id) if isinstance(step, Enqueue) else None
    return [] if queue is None else _leads_out_of(queue)


def _leads_out_of(queue: Queue) -> list[str]:
    flows = [flow for flow in (queue.overflow_flow, queue.full_flow, queue.closed_flow) if flow is not None]
    announcement = queue.announcement
    for menu in (announcement.menu, announcement.repeated.menu) if announcement else ():
        flows += menu.choices.values() if menu else ()
    return flows
