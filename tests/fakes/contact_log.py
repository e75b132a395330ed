"""A contact log in memory (port `cxcore.ports.contact_log`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.contact import ContactId
from cxcore.domain.events import (
    AgentServes,
    AgentStatusChanged,
    CallBackAsked,
    CallBackEnded,
    CallBackTried,
    ContactAnswered,
    ContactEnded,
    ContactOpened,
    ContactQueued,
    EmergencyEnded,
    EmergencySet,
    Fact,
    MembershipChanged,
    MessageUsed,
    QueueSwitched,
    TalkEnded,
    WrapUpEnded,
    WrapUpExtended,
    WrapUpStarted,
)
from cxcore.domain.measures import Day
from cxcore.ports.contact_log import KnownAgent, LogUnavailable, OpenContact, OwedCallBack, Steering, WrapUp

Kind = TypeVar("Kind", bound=Fact)
AgentFact = AgentStatusChanged | AgentServes | TalkEnded | WrapUpEnded | WrapUpStarted | WrapUpExtended


class FakeContactLog:
    """Keeps the facts in a list. The test may take the database away with `away`."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.away = False
        self.closed = False

    def record(self, facts: Sequence[Fact]) -> None:
        """Keep the facts; also while the database is away, because the real one holds them back."""
        self.facts += facts

    def known_agents(self) -> tuple[KnownAgent, ...]:
        """The last known state of every agent, by id."""
        self._check_there()
        agents: dict[AgentId, KnownAgent] = {}
        for fact in self.facts:
            if isinstance(fact, AgentFact):
                agents[fact.agent_id] = _after(agents.get(fact.agent_id) or _unknown(fact.agent_id, fact.at), fact)
        return tuple(agents[agent_id] for agent_id in sorted(agents))

    def steering(self) -> Steering:
        """What supervisors changed, the last word on each."""
        self._check_there()
        memberships = {(each.agent_id, each.queue_id): each for each in self._of(MembershipChanged)}
        queues = {each.queue_id: each for each in self._of(QueueSwitched)}
        emergencies = {each.scope: each for each in self.facts if isinstance(each, EmergencySet | EmergencyEnded)}
        on = tuple(each for each in emergencies.values() if isinstance(each, EmergencySet))
        used = tuple({each.message: each for each in self._of(MessageUsed)}.values())
        in_order = sorted(memberships.values(), key=lambda each: each.at)
        return Steering(tuple(in_order), tuple(sorted(queues.values(), key=lambda each: each.at)), on, used)

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def open_contacts(self) -> tuple[OpenContact, ...]:
        """Contacts without an end, in the order of their opening."""
        self._check_there()
        day, contacts = Day(), dict[ContactId, OpenContact]()
        for fact in self.facts:
            day.count(fact)
            _note(contacts, fact)
        return tuple(replace(each, visits=day.visits.get(each.contact_id, {})) for each in contacts.values())

    def ended_contacts(self, since: datetime) -> frozenset[ContactId]:
        """Contacts that ended at or after an instant."""
        self._check_there()
        ended = (fact for fact in self.facts if isinstance(fact, ContactEnded))
        return frozenset(fact.contact_id for fact in ended if fact.at >= since)

    def owed_call_backs(self) -> tuple[OwedCallBack, ...]:
        """Call-backs of open contacts that were asked for and not ended."""
        self._check_there()
        opened = {fact.contact_id: fact for fact in self.facts if isinstance(fact, ContactOpened)}
        owed: dict[ContactId, OwedCallBack] = {}
        for fact in self.facts:
            if isinstance(fact, CallBackAsked):
                owed[fact.contact_id] = _owed(fact, opened.get(fact.contact_id))
            elif isinstance(fact, CallBackTried):
                owed[fact.contact_id] = replace(owed[fact.contact_id], attempts=fact.attempt, next_at=fact.next_at)
            elif isinstance(fact, CallBackEnded | ContactEnded):
                owed.pop(fact.contact_id, None)
        return tuple(owed.values())

    def healthy(self) -> bool:
        """Whether the test left the database there."""
        return not self.away and not self.closed

    def close(self) -> None:
        """Let go."""
        self.closed = True

    def _check_there(self) -> None:
        if self.away:
            raise LogUnavailable("database fake: it is away; bring it back")


def _owed(asked: CallBackAsked, opened: ContactOpened | None) -> OwedCallBack:
    return OwedCallBack(
        asked.contact_id, asked.queue_id, asked.number, asked.at, asked.queued_at, 0, None,
        opened.at if opened else asked.queued_at,
        opened.dialled_number if opened else "",
        opened.caller_name if opened else "",
    )  # fmt: skip


def _unknown(agent_id: AgentId, at: datetime) -> KnownAgent:
    return KnownAgent(agent_id, AgentStatus.LOGGED_OFF, None, at, (), 0, timedelta())


def _note(contacts: dict[ContactId, OpenContact], fact: Fact) -> None:
    if isinstance(fact, ContactEnded):
        contacts.pop(fact.contact_id, None)
    elif isinstance(fact, ContactOpened):
        contacts[fact.contact_id] = OpenContact(fact.contact_id, fact.at)
    elif isinstance(fact, ContactQueued) and fact.contact_id in contacts:
        contacts[fact.contact_id] = replace(contacts[fact.contact_id], queue_id=fact.queue_id)
    elif isinstance(fact, ContactAnswered) and fact.contact_id in contacts:
        contact = contacts[fact.contact_id]
        answered_at = contact.answered_at or fact.at
        contacts[fact.contact_id] = replace(
            contact, queue_id=fact.queue_id, agent_id=fact.agent_id, answered_at=answered_at
        )


def _after(agent: KnownAgent, fact: AgentFact) -> KnownAgent:
    if isinstance(fact, AgentServes):
        return replace(agent, serves=fact.queue_ids)
    if isinstance(fact, WrapUpStarted):
        return replace(agent, wrap_up=WrapUp(fact.contact_id, fact.queue_id, fact.at, fact.until))
    if isinstance(fact, WrapUpExtended):
        return replace(agent, wrap_up=replace(agent.wrap_up, until=fact.until)) if agent.wrap_up else agent
    if isinstance(fact, TalkEnded):
        worked = agent.worked + timedelta(seconds=fact.talked_seconds)
        return replace(agent, worked=worked, handled_contacts=agent.handled_contacts + 1)
    if isinstance(fact, WrapUpEnded):
        return replace(agent, worked=agent.worked + timedelta(seconds=fact.lasted_seconds), wrap_up=None)
    status = AgentStatus(fact.status)
    if agent.status is AgentStatus.LOGGED_OFF and status is not AgentStatus.LOGGED_OFF:
        agent = replace(agent, handled_contacts=0, worked=timedelta())
    return replace(agent, status=status, reason=fact.reason, status_since=fact.at)
