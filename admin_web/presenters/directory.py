"""Whom a contact can go to: colleagues, queues, phone book entries and numbers that fit what an agent types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice

from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext
from admin_web.web_ports import WebPorts
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.phone_book import matches
from cxcore.domain.transfer import TargetKind
from cxcore.ports.controller import AgentRow, QueueRow, Row

MOST_HITS = 12


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


def find(ports: WebPorts, agent_id: str, query: str) -> list[dict[str, object]]:
    """The first of the hits, colleagues in front. Without a query the queues and the free colleagues."""
    rows = list(ports.controller.picture().rows.values())
    found = (*_number(query), *_colleagues(rows, agent_id, query), *_queues(rows, query), *_phone_book(ports, query))
    return [asdict(hit) for hit in islice(found, MOST_HITS)]


def _colleagues(rows: list[Row], agent_id: str, query: str) -> list[Hit]:
    agents = [row for row in rows if isinstance(row, AgentRow) and row.agent_id != agent_id]
    hits = [_colleague(row) for row in agents if matches(query, row.name)]
    shown = hits if query.strip() else [hit for hit in hits if hit.state == "available"]
    return sorted(shown, key=lambda hit: (not hit.reachable, hit.state == "logged-off", hit.name))


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
    state = "available" if row.agents_ready else "waiting"
    return _queue_hit(row, state, words, reachable=row.agents_ready > 0)


def _queue_hit(row: QueueRow, state: str, words: str, reachable: bool) -> Hit:
    return Hit(TargetKind.QUEUE, row.queue_id, row.name, gettext("wachtrij"), state, words, reachable)


def _phone_book(ports: WebPorts, query: str) -> Iterator[Hit]:
    for entry in ports.directory.phone_book().search(query, MOST_HITS):
        numbers = [readable(each) or each for each in entry.destinations]
        words = numbers[0] if len(numbers) == 1 else gettext("belgroep van %(count)s nummers", count=len(numbers))
        yield Hit(TargetKind.PHONE_BOOK, entry.key, entry.name, entry.department or gettext("telefoonboek"), "", words)


def _number(query: str) -> Iterator[Hit]:
    number = normalised(query) or ""
    if is_number(number):
        yield Hit(TargetKind.NUMBER, number, readable(number) or number, gettext("telefoonnummer"))
