"""Whom an agent can call, or pass a contact on to: colleagues, queues, employees, phone book entries and numbers that
fit what the agent types.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice

from admin_web.presenters.numbers import readable
from admin_web.presenters.presence import presence_words, state_of
from admin_web.presenters.rows import milliseconds
from admin_web.presenters.texts import gettext
from admin_web.web_ports import WebPorts
from cxcore.domain.employees import Employee
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.phone_book import matches
from cxcore.domain.transfer import TargetKind
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.controller import AgentRow, QueueRow, Row

MOST_HITS = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Number:
    """A number to call, and how people read it."""

    number: str
    shown: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the list. `state` is the shape and colour beside it, `words` say the state."""

    kind: str
    key: str
    name: str
    detail: str = ""
    state: str = ""
    words: str = ""
    reachable: bool = True
    """Whether it can be consulted now."""
    numbers: tuple[Number, ...] = ()
    employee: str = ""
    """The identity in the directory of employees, if there is one."""
    longest_waiting_since: int | None = None
    """Since when somebody waits in this queue, in milliseconds since 1970; None when nobody does."""
    expected_wait: int | None = None
    """How many seconds a caller who is passed on to this queue will wait, measured; None when too little was seen."""


def find(ports: WebPorts, agent_id: str, query: str) -> list[dict[str, object]]:
    """The first of the hits, colleagues in front. Without a query the queues and the free colleagues."""
    rows = list(ports.controller.picture().rows.values())
    people = _people(ports, query)
    found = (
        *_number(query),
        *_colleagues(rows, agent_id, query, {each.agent_id: each for each in people if each.agent_id}),
        *_queues(rows, query),
        *_employees(ports, [each for each in people if not _is_agent(rows, each)]),
        *_phone_book(ports, query),
    )
    return [asdict(hit) for hit in islice(found, MOST_HITS)]


def numbers(written: Sequence[str]) -> tuple[Number, ...]:
    """Numbers with the way in which people read them."""
    return tuple(Number(each, readable(each) or each) for each in written)


def lines_of(employee: Employee) -> str:
    """Function and department, those that are known."""
    return " · ".join(filter(None, (employee.function, employee.department)))


def _people(ports: WebPorts, query: str) -> Sequence[Employee]:
    try:
        return ports.desk.employees.search(query, MOST_HITS)
    except LogUnavailable as error:
        log.warning("employees are left out of a search: %s", error)
        return ()


def _is_agent(rows: list[Row], employee: Employee) -> bool:
    return any(isinstance(row, AgentRow) and row.agent_id == employee.agent_id for row in rows)


def _employees(ports: WebPorts, people: Sequence[Employee]) -> Iterator[Hit]:
    now = ports.clock.now()
    presences = ports.desk.presence.presence_of(people, now)
    for each in people:
        presence = presences[each.employee_id]
        yield Hit(
            TargetKind.EMPLOYEE, each.employee_id, each.name, lines_of(each), state_of(presence),
            presence_words(presence, now), bool(each.numbers), numbers(each.numbers), each.employee_id,
        )  # fmt: skip


def _colleagues(rows: list[Row], agent_id: str, query: str, known: Mapping[str | None, Employee]) -> list[Hit]:
    agents = [row for row in rows if isinstance(row, AgentRow) and row.agent_id != agent_id]
    hits = [_known(_colleague(row), known.get(row.agent_id)) for row in agents if _fits(row, query, known)]
    shown = hits if query.strip() else [hit for hit in hits if hit.state == "available"]
    return sorted(shown, key=lambda hit: (not hit.reachable, hit.state == "logged-off", hit.name))


def _fits(row: AgentRow, query: str, known: Mapping[str | None, Employee]) -> bool:
    return row.agent_id in known or matches(query, row.name)


def _known(hit: Hit, employee: Employee | None) -> Hit:
    """A colleague with what the directory says beside the state of the floor."""
    if employee is None:
        return hit
    detail = lines_of(employee) or hit.detail
    return replace(hit, detail=detail, numbers=numbers(employee.numbers), employee=employee.employee_id)


def _colleague(row: AgentRow) -> Hit:
    direct = row.direct_contact_id is not None
    state = "direct" if direct else row.state if row.state != "ready" else row.status
    reachable = not direct and row.state in ("ready", "wrap-up")
    words = _words(state)
    if state == "on-break" and row.reason:
        words = f"{words}: {row.reason.lower()}"
    return Hit(TargetKind.AGENT, row.agent_id, row.name, gettext("collega"), state, words, reachable)


def _words(state: str) -> str:
    return {
        "available": gettext("beschikbaar"),
        "on-break": gettext("pauze"),
        "logged-off": gettext("afgemeld"),
        "offered": gettext("aangeboden"),
        "talking": gettext("in gesprek"),
        "wrap-up": gettext("nawerktijd"),
        "direct": gettext("in gesprek"),
    }.get(state, state)


def _queues(rows: list[Row], query: str) -> Iterator[Hit]:
    for row in rows:
        if isinstance(row, QueueRow) and matches(query, row.name):
            yield _queue(row)


def _queue(row: QueueRow) -> Hit:
    if not row.open:
        return _queue_hit(row, "queue-closed", gettext("dicht"), reachable=False)
    words = gettext("%(ready)s vrij, %(waiting)s wachtend", ready=row.agents_ready, waiting=row.waiting)
    if not row.agents_logged_on:
        words = gettext("niemand aangemeld, %(waiting)s wachtend", waiting=row.waiting)
    state = "available" if row.agents_ready else "waiting" if row.agents_logged_on else "logged-off"
    return _queue_hit(row, state, words, reachable=row.agents_ready > 0)


def _queue_hit(row: QueueRow, state: str, words: str, reachable: bool) -> Hit:
    return Hit(
        TargetKind.QUEUE, row.queue_id, row.name, gettext("wachtrij"), state, words, reachable,
        longest_waiting_since=milliseconds(row.longest_waiting_since), expected_wait=row.expected_wait_seconds,
    )  # fmt: skip


def _phone_book(ports: WebPorts, query: str) -> Iterator[Hit]:
    for entry in ports.directory.phone_book().search(query, MOST_HITS):
        found = numbers(entry.destinations)
        words = found[0].shown if len(found) == 1 else gettext("belgroep van %(count)s nummers", count=len(found))
        detail = entry.department or gettext("telefoonboek")
        yield Hit(TargetKind.PHONE_BOOK, entry.key, entry.name, detail, "", words, numbers=found)


def _number(query: str) -> Iterator[Hit]:
    number = normalised(query) or ""
    if is_number(number):
        (shown,) = numbers([number])
        yield Hit(TargetKind.NUMBER, number, shown.shown, gettext("telefoonnummer"), numbers=(shown,))
