"""The calls of an agent and the earlier contacts of a caller, with names in place of identities and numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from admin_web.presenters.names import Names, names_of
from admin_web.presenters.owners import Owner, owners_of
from admin_web.web_ports import WebPorts
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ContactNoted
from cxcore.ports.agent_calls import AgentCall, CallKind, EarlierContact, Mark

PAGE = 25
MOST_EARLIER = 8


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as the list shows it; `owner` is whose the number is, `answered_by` the colleague who took it."""

    call: AgentCall
    owner: Owner
    queue_name: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """An earlier contact with a caller."""

    contact: EarlierContact
    queue_name: str
    agent_name: str
    topics: tuple[str, ...]


def call_lines(
    ports: WebPorts, agent_id: AgentId, kinds: Collection[CallKind], before: Mark | None = None
) -> tuple[list[CallLine], bool]:
    """One page of calls, and whether there are more. Raises `LogUnavailable`."""
    calls = ports.desk.calls.page(agent_id, kinds, PAGE + 1, before)
    owners = owners_of(ports, {each.number for each in calls if each.number})
    names = names_of(ports)
    lines = [_line(each, owners.get(each.number or "", Owner(_telephone_says(each))), names) for each in calls[:PAGE]]
    return lines, len(calls) > PAGE


def _line(call: AgentCall, owner: Owner, names: Names) -> CallLine:
    answered_by = names.agent(call.answered_by) if call.answered_by else ""
    return CallLine(call, owner, names.queue(call.queue_id) if call.queue_id else "", answered_by)


def _telephone_says(call: AgentCall) -> str:
    return call.name if call.name != call.number else ""


def earlier_lines(ports: WebPorts, number: str, but: ContactId) -> Sequence[EarlierLine]:
    """What went on with a number before, newest first, whoever handled it. Raises `LogUnavailable`."""
    names = names_of(ports)
    return [_earlier(ports, each, names) for each in ports.desk.calls.earlier(number, but, MOST_EARLIER)]


def _earlier(ports: WebPorts, contact: EarlierContact, names: Names) -> EarlierLine:
    noted = [each for each in ports.reports.history(contact.contact_id) if isinstance(each, ContactNoted)]
    queue = names.queue(contact.queue_id) if contact.queue_id else ""
    agent = names.agent(contact.agent_id) if contact.agent_id else ""
    return EarlierLine(contact, queue, agent, noted[-1].topics if noted else ())
