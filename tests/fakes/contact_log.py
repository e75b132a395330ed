"""A contact log in memory (port `cxcore.ports.contact_log`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.alarms import Alarm, AlarmKey
from cxcore.domain.contact import ContactId
from cxcore.domain.events import (
    AgentServes,
    AgentStatusChanged,
    AlarmAcknowledged,
    AlarmCleared,
    AlarmRaised,
    CallBackAsked,
    CallBackEnded,
    CallBackTried,
    ContactAnswered,
    ContactEnded,
    ContactOffered,
    ContactOpened,
    ContactQueued,
    EmergencyEnded,
    EmergencySet,
    Fact,
    MembershipChanged,
    MessageUsed,
    OfferEnded,
    QueueSwitched,
    TalkEnded,
    VoiceMessageBegun,
    VoiceMessageDropped,
    VoiceMessageLeft,
    WrapUpEnded,
    WrapUpExtended,
    WrapUpStarted,
)
from cxcore.domain.measures import Day
from cxcore.domain.queue import QueueId
from cxcore.ports.contact_log import (
    BegunMessage,
    KnownAgent,
    KnownOffer,
    LeftMessage,
    LogUnavailable,
    OpenChat,
    OpenContact,
    OwedCallBack,
    PastTalk,
    Steering,
    WrapUp,
)
from cxcore.storage.chats import open_chats_in

Kind = TypeVar("Kind", bound=Fact)
AgentFact = (
    AgentStatusChanged | AgentServes | MembershipChanged | TalkEnded | WrapUpEnded | WrapUpStarted | WrapUpExtended
)


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
                before = agents.get(fact.agent_id) or _unknown(fact.agent_id, fact.at)
                after = _after(before, fact)
                agents[fact.agent_id] = replace(after, changed_by=_changer(fact) or before.changed_by)
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
        in_turn = sorted(queues.values(), key=lambda each: each.at)
        return Steering(tuple(in_order), tuple(in_turn), on, used, self._alarms())

    def _alarms(self) -> tuple[Alarm, ...]:
        on: dict[AlarmKey, Alarm] = {}
        for fact in self.facts:
            if isinstance(fact, AlarmRaised):
                on[fact.queue_id, fact.kind] = Alarm(fact.queue_id, fact.kind, fact.at, fact.value, fact.level)
            elif isinstance(fact, AlarmAcknowledged):
                key = (fact.queue_id, fact.kind)
                on[key] = replace(on[key], acknowledged_by=fact.by, acknowledged_at=fact.at)
            elif isinstance(fact, AlarmCleared):
                on.pop((fact.queue_id, fact.kind), None)
        return tuple(on.values())

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

    def known_offers(self) -> tuple[KnownOffer, ...]:
        """Offers of open contacts."""
        self._check_there()
        ended_contacts = {fact.contact_id for fact in self._of(ContactEnded)}
        ended = {fact.offer_id for fact in self._of(OfferEnded)}
        return tuple(
            KnownOffer(fact.offer_id, fact.contact_id, fact.agent_id, fact.queue_id, fact.offer_id in ended)
            for fact in self._of(ContactOffered)
            if fact.contact_id not in ended_contacts
        )

    def past_talks(self, since: datetime) -> tuple[PastTalk, ...]:
        """Conversations of queues that ended at or after an instant."""
        self._check_there()
        numbers = {fact.contact_id: fact.caller_number for fact in self._of(ContactOpened)}
        return tuple(
            PastTalk(number, fact.agent_id, fact.queue_id, fact.at)
            for fact in self._of(TalkEnded)
            if fact.at >= since and (number := numbers.get(fact.contact_id))
        )

    def begun_messages(self) -> tuple[BegunMessage, ...]:
        """Voice messages of open contacts that were begun and neither left nor dropped."""
        self._check_there()
        ended = {fact.contact_id for fact in self._of(ContactEnded)}
        calls = {fact.contact_id: fact for fact in self._of(ContactOpened)}
        begun = {fact.message_id: _begun(fact, calls.get(fact.contact_id)) for fact in self._of(VoiceMessageBegun)}
        for left in self._of(VoiceMessageLeft):
            begun.pop(left.contact_id, None)
        for dropped in self._of(VoiceMessageDropped):
            begun.pop(dropped.message_id, None)
        return tuple(each for each in begun.values() if each.call_id not in ended)

    def left_messages(self) -> tuple[LeftMessage, ...]:
        """Voice messages whose contact is open."""
        self._check_there()
        opened = {fact.contact_id: fact for fact in self._of(ContactOpened)}
        queues = {fact.contact_id: fact.queue_id for fact in self._of(ContactQueued)}
        ended = {fact.contact_id for fact in self._of(ContactEnded)}
        left = [fact for fact in self._of(VoiceMessageLeft) if fact.contact_id not in ended]
        return tuple(_left(fact, opened[fact.contact_id], queues.get(fact.contact_id)) for fact in left)

    def open_chats(self) -> tuple[OpenChat, ...]:
        """Chats without an end."""
        self._check_there()
        return open_chats_in(self.facts)

    def healthy(self) -> bool:
        """Whether the test left the database there."""
        return not self.away and not self.closed

    def close(self) -> None:
        """Let go."""
        self.closed = True

    def _check_there(self) -> None:
        if self.away:
            raise LogUnavailable("database fake: it is away; bring it back")


def _begun(fact: VoiceMessageBegun, call: ContactOpened | None) -> BegunMessage:
    party = (call.dialled_number, call.caller_number, call.caller_name) if call else ("", None, "")
    return BegunMessage(fact.message_id, fact.contact_id, fact.queue_id, fact.priority, fact.at, *party)


def _left(fact: VoiceMessageLeft, opened: ContactOpened, queue_id: QueueId | None) -> LeftMessage:
    return LeftMessage(
        fact.contact_id,
        fact.call_id,
        queue_id or fact.queue_id,
        fact.recording,
        fact.spoken_seconds,
        fact.priority,
        fact.at,
        opened.at,
        opened.dialled_number,
        opened.caller_number,
        opened.caller_name,
    )


def _owed(asked: CallBackAsked, opened: ContactOpened | None) -> OwedCallBack:
    return OwedCallBack(
        asked.contact_id, asked.queue_id, asked.number, asked.at, asked.queued_at, 0, None,
        opened.at if opened else asked.queued_at,
        opened.dialled_number if opened else "",
        opened.caller_name if opened else "",
        asked.in_front,
    )  # fmt: skip


def _changer(fact: AgentFact) -> str | None:
    return fact.by if isinstance(fact, AgentStatusChanged | AgentServes | MembershipChanged) else None


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
    if isinstance(fact, MembershipChanged):
        return agent
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
