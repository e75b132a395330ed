"""The live floor: every contact, agent and offer of this moment. One greenlet changes it; nobody else does."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.alarms import Alarm, AlarmKey, AlarmWatch
from cxcore.domain.chat import Chat
from cxcore.domain.conditions import Moment
from cxcore.domain.contact import WAITING, CallBackRequest, Contact, ContactId
from cxcore.domain.emergency import Emergency, lay_over
from cxcore.domain.errors import NotFound
from cxcore.domain.events import AgentServes, AgentStatusChanged, Fact, MembershipChanged
from cxcore.domain.expected_wait import ABOUT_THE_LINE, LineWatch
from cxcore.domain.leg import LegId
from cxcore.domain.listening import Listening
from cxcore.domain.measures import COUNTED, Day
from cxcore.domain.membership import Membership
from cxcore.domain.offer import Offer, OfferId, OfferRule
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.recording import CallRecording
from cxcore.domain.site import ConfiguredUser, Site
from cxcore.domain.sound_quality import QualityWatch
from cxcore.domain.strategies import Candidate, rank

Place = tuple[int, datetime, ContactId]
"""A place in a waiting line: the priority of the caller, negated, then since when; the lowest is the first."""

IN_FRONT = 1000
"""Above any priority of a caller (at most 99)."""

CHANGES_AN_AGENT = frozenset({AgentServes, AgentStatusChanged, MembershipChanged})


@dataclass(frozen=True, slots=True)
class LastTalk:
    """Who spoke a caller last, and until when."""

    agent_id: AgentId
    at: datetime


@dataclass(slots=True)
class Floor:
    """The floor and its look-ups. Methods keep the look-ups true; services decide."""

    site: Site
    """What the floor works by: what is configured, and for a while what callers of before a change stand on."""
    agents: dict[AgentId, Agent] = field(default_factory=dict)
    contacts: dict[ContactId, Contact] = field(default_factory=dict)
    offers: dict[OfferId, Offer] = field(default_factory=dict)
    lines: dict[QueueId, list[Place]] = field(default_factory=dict)
    """Who waits in each queue: callers, and those who are to be called back."""
    message_lines: dict[QueueId, list[Place]] = field(default_factory=dict)
    """The voice messages that wait in each queue; they are offered like callers, and are counted apart."""
    chat_lines: dict[QueueId, list[Place]] = field(default_factory=dict)
    """The chats that wait in each queue, likewise."""
    chats: dict[ContactId, Chat] = field(default_factory=dict)
    """The chats of now, and for a while those that have ended: customer and agent may still look at them."""
    touched_chats: set[ContactId] = field(default_factory=set)
    """Those of which something changed that is no fact, since screens were told last: who is writing, what was read."""
    day: Day = field(default_factory=Day)
    departed: set[LegId] = field(default_factory=set)
    """Callers' legs of contacts that ended here; one that the switch still reports is on its way out, not new."""
    queue_overrides: dict[QueueId, bool] = field(default_factory=dict)
    """Queues that a supervisor opened or closed; the others follow their timetable [43]."""
    emergencies: dict[str, Emergency] = field(default_factory=dict)
    """The emergency messages that are on, by scope."""
    last_talks: dict[str, LastTalk] = field(default_factory=dict)
    """Number of a caller → who spoke this caller last, in that order; only what a queue with `sticky_seconds` needs."""
    line_watches: dict[QueueId, LineWatch] = field(default_factory=dict)
    """What measures the expected wait of each queue."""
    call_backs: dict[ContactId, Contact] = field(default_factory=dict)
    """Those who are to be called back."""
    recordings: dict[ContactId, CallRecording | None] = field(default_factory=dict)
    """The recordings that are being made; None for a conversation that is not recorded, or no longer."""
    listenings: dict[str, Listening] = field(default_factory=dict)
    """Supervisors on the calls of agents, by user name."""
    alarms: dict[AlarmKey, Alarm] = field(default_factory=dict)
    """The alarms that are on."""
    alarm_watches: dict[AlarmKey, AlarmWatch] = field(default_factory=dict)
    quality: QualityWatch = field(default_factory=QualityWatch)
    """How well the sound of conversations comes over."""
    doubted: set[str] = field(default_factory=set)
    """Contacts and legs of which the floor and the switch did not say the same when they were compared last."""
    without_music: set[ContactId] = field(default_factory=set)
    """Those for whom the switch refused hold music."""
    switch_connected: bool = False
    switch_instance: str | None = None
    changed_at: datetime | None = None
    """When another configuration was put into use, while something of earlier ones stays (`domain.reconfiguration`)."""
    switch_restarted: bool = False
    """Another instance of the switch was found, and which legs live on it was not told yet."""
    configured: Site = field(init=False)
    """The site as it is configured."""
    _members: dict[QueueId, list[Membership]] = field(default_factory=dict)
    _idle: dict[QueueId, dict[AgentId, Candidate]] = field(default_factory=dict)
    """The idle members of each queue, so that an offer looks at nobody else; `Agent.watch` keeps it true."""
    _seats: dict[AgentId, list[tuple[dict[AgentId, Candidate], Candidate]]] = field(default_factory=dict)
    """By agent: the idle members of each of the agent's queues, and the agent as one of them."""
    _levels: dict[QueueId, list[int]] = field(default_factory=dict)
    _memberships: dict[AgentId, list[Membership]] = field(default_factory=dict)
    replacing: dict[LegId, LegId] = field(default_factory=dict)
    """Legs that are being answered to take the place of another one."""
    _contact_by_leg: dict[LegId, ContactId] = field(default_factory=dict)
    _agent_by_leg: dict[LegId, AgentId] = field(default_factory=dict)
    _offers_by_contact: dict[ContactId, list[OfferId]] = field(default_factory=dict)
    _offer_by_agent: dict[AgentId, OfferId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.configured = self.site
        for user in self.site.users.values():
            self.add_agent(user)
        for membership in self.site.memberships:
            self.add_membership(membership)
        self.lines = {queue_id: [] for queue_id in self.site.queues}
        self.message_lines = {queue_id: [] for queue_id in self.site.queues}
        self.chat_lines = {queue_id: [] for queue_id in self.site.queues}
        self.line_watches = {queue_id: LineWatch() for queue_id in self.site.queues}

    def lay_over(self) -> None:
        """Let callers hear the emergency messages that are on; to be called when they, or the site, have changed."""
        dialplan = lay_over(self.site.dialplan, self.emergencies, self.site.queues)
        self.site = replace(self.site, dialplan=dialplan)

    # --- Finding ---

    def agent(self, agent_id: AgentId) -> Agent:
        """The agent; raises `NotFound`."""
        try:
            return self.agents[agent_id]
        except KeyError:
            raise NotFound("agent", agent_id) from None

    def queue(self, queue_id: QueueId) -> Queue:
        """The queue; raises `NotFound`."""
        try:
            return self.site.queues[queue_id]
        except KeyError:
            raise NotFound("queue", queue_id) from None

    def site_queue(self, queue_id: QueueId) -> Queue | None:
        """The queue as it is configured now; None when there is none."""
        return self.site.queues.get(queue_id)

    def is_open(self, queue_id: QueueId, now: datetime) -> bool:
        """Whether the queue takes callers: what a supervisor said [43], else its timetable; without one, always."""
        override = self.queue_overrides.get(queue_id)
        if override is not None:
            return override
        hours = self.queue(queue_id).hours
        return hours is None or hours.is_open(now)

    def opens_at(self, queue_id: QueueId, now: datetime) -> datetime | None:
        """When a queue that its timetable has closed opens next; None for one that is open, and where nobody knows."""
        hours = self.queue(queue_id).hours
        if hours is None or queue_id in self.queue_overrides or self.is_open(queue_id, now):
            return None
        return hours.next_open(now)

    def moment(self, now: datetime) -> Moment:
        """What the conditions of the dialplan look at."""
        return Moment(now, lambda queue_id: self.is_open(queue_id, now))

    def is_full(self, queue_id: QueueId) -> bool:
        """Whether as many wait as the queue allows."""
        limit = self.queue(queue_id).maximum_waiting
        return limit is not None and len(self.lines[queue_id]) >= limit

    def contact_of_leg(self, leg_id: LegId) -> Contact | None:
        """The contact whose caller, or whose outside party, this leg is."""
        contact_id = self._contact_by_leg.get(leg_id)
        return None if contact_id is None else self.contacts.get(contact_id)

    def agent_of_leg(self, leg_id: LegId) -> Agent | None:
        """The agent whose device this leg is."""
        agent_id = self._agent_by_leg.get(leg_id)
        return None if agent_id is None else self.agents.get(agent_id)

    def agent_talking_with(self, contact: Contact) -> Agent | None:
        """The agent in conversation with a contact."""
        return None if contact.agent_id is None else self.agents.get(AgentId(contact.agent_id))

    def listening_to(self, agent_id: AgentId) -> Listening | None:
        """The supervisor who is on the agent's call."""
        found = (each for each in self.listenings.values() if each.agent_id == agent_id and each.since is not None)
        return next(found, None)

    def offers_of_contact(self, contact_id: ContactId) -> tuple[Offer, ...]:
        """The running offers of a contact, the first of them first; several where a queue rings several agents."""
        return tuple([self.offers[offer_id] for offer_id in self._offers_by_contact.get(contact_id, ())])

    def offer_of_agent(self, agent_id: AgentId) -> Offer | None:
        """The running offer before an agent."""
        offer_id = self._offer_by_agent.get(agent_id)
        return None if offer_id is None else self.offers[offer_id]

    def memberships_of(self, agent_id: AgentId) -> tuple[Membership, ...]:
        """The queues that the agent may serve."""
        return tuple(self._memberships.get(agent_id, ()))

    def agents_of(self, queue_id: QueueId) -> Iterator[Agent]:
        """The agents who may serve the queue."""
        for membership in self._members.get(queue_id, ()):
            if membership.agent_id in self.agents:
                yield self.agents[membership.agent_id]

    # --- Agents and memberships ---

    def add_agent(self, user: ConfiguredUser) -> None:
        """Let a user be an agent, if the user has a device; logged off."""
        if user.agent_id is not None and user.device is not None:
            agent = Agent(user.agent_id, user.name, "", watch=self._note_idle)
            agent.give_device(user.device)
            self.agents[user.agent_id] = agent

    def remove_agent(self, agent: Agent) -> None:
        """Let go of an agent who is not at work."""
        for membership in self.memberships_of(agent.agent_id):
            self.drop_membership(agent.agent_id, membership.queue_id)
        self.agents.pop(agent.agent_id, None)

    def add_membership(self, membership: Membership) -> None:
        """Let an agent serve a queue; an earlier membership of the two is replaced."""
        self.drop_membership(membership.agent_id, membership.queue_id)
        self._members.setdefault(membership.queue_id, []).append(membership)
        self._memberships.setdefault(membership.agent_id, []).append(membership)
        self._note_levels(membership.queue_id)
        self._note_seats(membership.agent_id)

    def drop_membership(self, agent_id: AgentId, queue_id: QueueId) -> None:
        """Let an agent serve a queue no longer; one who never did is no error."""
        of_queue, of_agent = self._members.get(queue_id, []), self._memberships.get(agent_id, [])
        self._members[queue_id] = [each for each in of_queue if each.agent_id != agent_id]
        self._memberships[agent_id] = [each for each in of_agent if each.queue_id != queue_id]
        self._idle.get(queue_id, {}).pop(agent_id, None)
        self._note_levels(queue_id)
        self._note_seats(agent_id)

    def _note_levels(self, queue_id: QueueId) -> None:
        self._levels[queue_id] = sorted({each.level for each in self._members[queue_id]})

    def _note_seats(self, agent_id: AgentId) -> None:
        agent = self.agents.get(agent_id)
        if agent is None:
            return
        self._seats[agent_id] = [
            (self._idle.setdefault(membership.queue_id, {}), Candidate(agent, membership))
            for membership in self._memberships[agent_id]
        ]
        self._note_idle(agent)

    def _note_idle(self, agent: Agent) -> None:
        """The agent became idle, or is so no more."""
        agent_id, is_idle = agent.agent_id, agent.is_idle
        for idle, seat in self._seats.get(agent_id, ()):
            if is_idle:
                idle[agent_id] = seat
            else:
                idle.pop(agent_id, None)

    # --- Contacts and legs ---

    def add_contact(self, contact: Contact) -> None:
        """Take up a contact."""
        self.contacts[contact.contact_id] = contact
        if contact.call_back is not None:
            self.call_backs[contact.contact_id] = contact
        self._contact_by_leg[contact.leg_id] = contact.contact_id

    def remove_contact(self, contact: Contact) -> None:
        """Let a contact go that has ended."""
        self.leave_line(contact)
        self.contacts.pop(contact.contact_id, None)
        self.call_backs.pop(contact.contact_id, None)
        self.departed.add(contact.leg_id)
        self._contact_by_leg.pop(contact.leg_id, None)
        for leg_id in contact.party_legs:
            self._contact_by_leg.pop(leg_id, None)

    def add_party_leg(self, contact: Contact, leg_id: LegId, destination: str, now: datetime) -> None:
        """Note the leg of a party that the contact is to be connected with."""
        contact.party_legs[leg_id], contact.party_since = destination, now
        self._contact_by_leg[leg_id] = contact.contact_id

    def drop_party_leg(self, contact: Contact, leg_id: LegId) -> None:
        """Forget the leg of a party."""
        contact.party_legs.pop(leg_id, None)
        self._contact_by_leg.pop(leg_id, None)

    def caller_number_of(self, contact: Contact) -> str:
        """What a party sees that we dial for this contact: the number of its queue, or that of the site [9]."""
        queue = self.site.queues.get(contact.queue_id) if contact.queue_id else None
        return (queue.caller_number if queue else "") or self.site.caller_number

    def set_call_back(self, contact: Contact, request: CallBackRequest | None) -> None:
        """Note that the contact is to be called back, or no more."""
        contact.call_back = request
        self.call_backs.pop(contact.contact_id, None)
        if request is not None:
            self.call_backs[contact.contact_id] = contact

    def change_leg(self, contact: Contact, leg_id: LegId) -> None:
        """Let go of the customer's leg, which is on its way out, and take another identity for the next one."""
        self.departed.add(contact.leg_id)
        self._contact_by_leg.pop(contact.leg_id, None)
        contact.leg_id = leg_id
        self._contact_by_leg[leg_id] = contact.contact_id

    def set_agent_leg(self, agent: Agent, leg_id: LegId | None) -> None:
        """Note the leg of the agent's device, or that there is none any more."""
        if agent.leg_id is not None:
            self._agent_by_leg.pop(agent.leg_id, None)
        agent.leg_id = leg_id
        if leg_id is not None:
            self._agent_by_leg[leg_id] = agent.agent_id

    # --- Waiting lines ---

    def join_line(self, contact: Contact, queue_id: QueueId, queued_at: datetime) -> None:
        """Stand in line; the place follows from `queued_at`, so that a taken-up caller keeps it."""
        contact.queue_id, contact.queued_at = queue_id, queued_at
        insort(self._line_of(contact, queue_id), _place(contact, queued_at))

    def _line_of(self, contact: Contact, queue_id: QueueId) -> list[Place]:
        if contact.chat is not None:
            return self.chat_lines.get(queue_id, [])
        lines = self.lines if contact.voice_message is None else self.message_lines
        return lines.get(queue_id, [])

    def leave_line(self, contact: Contact) -> None:
        """Leave the line, if in one."""
        if contact.queue_id is None or contact.queued_at is None:
            return
        line = self._line_of(contact, contact.queue_id)
        index = _index(line, _place(contact, contact.queued_at)) if line else None
        if index is not None:
            del line[index]

    def waiting(self, queue_id: QueueId) -> Iterator[Contact]:
        """Those who wait in the queue, the first in line first; with or without a running offer."""
        for *_, contact_id in self.lines[queue_id]:
            yield self.contacts[contact_id]

    def messages_waiting(self, queue_id: QueueId) -> Iterator[Contact]:
        """The voice messages that wait in the queue, the first in line first."""
        for *_, contact_id in self.message_lines[queue_id]:
            yield self.contacts[contact_id]

    def chats_waiting(self, queue_id: QueueId) -> Iterator[Contact]:
        """The chats that wait in the queue, the first in line first."""
        for *_, contact_id in self.chat_lines[queue_id]:
            yield self.contacts[contact_id]

    def waiting_since(self, queue_id: QueueId) -> datetime | None:
        """Since when the longest waiting contact of the queue waits."""
        line = self.lines[queue_id]
        if line and line[0][0] == line[-1][0]:
            return line[0][1]
        return min((queued_at for _, queued_at, _ in line), default=None)

    def position(self, contact: Contact) -> int | None:
        """The place in line, counted from 1."""
        if contact.state is not WAITING or contact.queue_id is None or contact.queued_at is None:
            return None
        index = _index(self._line_of(contact, contact.queue_id), _place(contact, contact.queued_at))
        return None if index is None else index + 1

    def observe(self, fact: Fact) -> None:
        """Count a fact in the day's figures, and in the measure of its queue's waits if it is about waiting."""
        kind = type(fact)
        count, note = COUNTED.get(kind), ABOUT_THE_LINE.get(kind)
        if count is not None:
            count(self.day, fact)
        if note is not None:
            self._watch(fact, note)
        elif kind in CHANGES_AN_AGENT:
            self._note_change(fact.agent_id, fact.by)  # type: ignore[attr-defined]

    def _watch(self, fact: Any, note: Callable[[LineWatch, Any], None]) -> None:
        watch = self.line_watches.get(fact.queue_id)
        if watch is not None and self.day.is_call(fact.contact_id):
            watch.see(fact, note, len(self.lines[fact.queue_id]))

    def _note_change(self, agent_id: AgentId, by: str) -> None:
        agent = self.agents.get(agent_id)
        if agent is not None:
            agent.changed_by = by

    def expected_wait(self, contact: Contact) -> int | None:
        """The seconds that a waiting contact will wait from now on; None when too little was measured."""
        position = self.position(contact)
        return None if position is None else self.expected_wait_at(contact, position)

    def expected_wait_at(self, contact: Contact, position: int) -> int | None:
        """The same for one whose place is known."""
        if contact.queue_id is None or contact.voice_message is not None or contact.chat is not None:
            return None
        return self.line_watches[contact.queue_id].seconds(position, contact.contact_id in self._offers_by_contact)

    def expected_wait_of_next(self, queue_id: QueueId) -> int | None:
        """The seconds that somebody who came now would wait; None when too little was measured."""
        return self.line_watches[queue_id].seconds(len(self.lines[queue_id]) + 1)

    # --- Who spoke whom ---

    def note_talk(self, caller_number: str, agent_id: AgentId, at: datetime) -> None:
        """Remember who spoke a caller last."""
        self.last_talks.pop(caller_number, None)
        self.last_talks[caller_number] = LastTalk(agent_id, at)

    def forget_caller(self, number: str) -> None:
        """Forget who spoke this caller last."""
        self.last_talks.pop(number, None)

    def forget_talks(self, now: datetime) -> None:
        """Forget what no queue asks for any more: numbers of callers are personal data."""
        longest = timedelta(seconds=max((queue.sticky_seconds for queue in self.site.queues.values()), default=0))
        while self.last_talks:
            earliest = next(iter(self.last_talks))
            if now - self.last_talks[earliest].at <= longest:
                return
            del self.last_talks[earliest]

    # --- Offers ---

    def add_offer(self, offer: Offer) -> None:
        """Note a running offer."""
        self.offers[offer.offer_id] = offer
        self._offers_by_contact.setdefault(offer.contact_id, []).append(offer.offer_id)
        self._offer_by_agent[offer.agent_id] = offer.offer_id

    def remove_offer(self, offer: Offer) -> None:
        """Forget an offer that has ended."""
        self.offers.pop(offer.offer_id, None)
        of_contact = self._offers_by_contact.get(offer.contact_id, [])
        if offer.offer_id in of_contact:
            of_contact.remove(offer.offer_id)
        if not of_contact:
            self._offers_by_contact.pop(offer.contact_id, None)
        self._offer_by_agent.pop(offer.agent_id, None)

    def room_for_offers(self, contact: Contact) -> int:
        """How many more agents may ring for this waiting contact."""
        if contact.state is not WAITING or contact.queue_id is None:
            return 0
        running = self._offers_by_contact.get(contact.contact_id, ())
        if running and self.offers[running[0]].reason == OfferRule.ASSIGNED:
            return 0  # nobody rings beside whom a supervisor chose
        queue = self.queue(contact.queue_id)
        if contact.chat is not None and queue.picks_chats:
            return 0  # agents pick it out of the line [40]
        return max(queue.ring_agents - len(running), 0)

    def candidates(self, contact: Contact, now: datetime) -> list[Candidate]:
        """The agents who can have this waiting contact now, the one to be offered it first."""
        if contact.queue_id is None:
            return []
        queue = self.queue(contact.queue_id)
        level, last_spoke = self._highest_level(contact, queue, now), self._who_spoke(contact, queue, now)
        ready = [
            seat
            for seat in self._idle.get(queue.queue_id, {}).values()
            if seat.membership.level <= level and seat.agent.can_be_offered and queue.queue_id in seat.agent.serves
        ]
        if contact.declined_until or contact.call_back is not None:
            ready = [seat for seat in ready if self._takes(seat.agent, contact, now)]
        if contact.passed_over or last_spoke is not None:
            ready = [seat.for_one(contact.passed_over, last_spoke) for seat in ready]
        return rank(queue.strategy, ready)

    def next_offer_change(self, contact: Contact, now: datetime) -> datetime | None:
        """When further agents may have this waiting contact: at its next level, or after an agent's decline."""
        queue = None if contact.queue_id is None else self.queue(contact.queue_id)
        if not contact.declined_until and (queue is None or not queue.level_seconds):
            return None
        instants = [at for at in contact.declined_until.values() if at > now]
        if queue is not None and queue.level_seconds and contact.queued_at is not None:
            reached = _levels_reached(contact, queue, now)
            if reached < len(self._levels.get(queue.queue_id, ())):
                instants.append(contact.queued_at + timedelta(seconds=queue.level_seconds * reached))
        return min(instants, default=None)

    def _highest_level(self, contact: Contact, queue: Queue, now: datetime) -> int:
        levels = self._levels.get(queue.queue_id, [])
        if not levels or not queue.level_seconds:
            return levels[-1] if levels else 0
        return levels[min(_levels_reached(contact, queue, now), len(levels)) - 1]

    def _who_spoke(self, contact: Contact, queue: Queue, now: datetime) -> AgentId | None:
        talk = self.last_talks.get(contact.caller_number or "") if queue.sticky_seconds else None
        fresh = talk is not None and now - talk.at <= timedelta(seconds=queue.sticky_seconds)
        return talk.agent_id if talk is not None and fresh else None

    def next_contact_for(self, agent: Agent, now: datetime) -> Contact | None:
        """Who should be offered to this agent: the queue's priority counts first, the caller's next, then the wait."""
        fronts = [
            self._front_for(agent, membership, line, now)
            for membership in self._memberships.get(agent.agent_id, ())
            for line in self._lines_of(membership.queue_id)
            if line
        ]
        if not fronts:
            return None
        return min([each for each in fronts if each is not None], key=self._urgency, default=None)

    def _lines_of(self, queue_id: QueueId) -> tuple[list[Place], ...]:
        return self.lines[queue_id], self.message_lines[queue_id], self.chat_lines[queue_id]

    def _front_for(
        self, agent: Agent, membership: Membership, line: list[Place], now: datetime
    ) -> Contact | None:
        """The first in line for whom nobody rings; failing that, the first for whom one more agent may ring."""
        if membership.queue_id not in agent.serves:
            return None
        queue, joining = self.queue(membership.queue_id), None
        for _, _, contact_id in line:
            if queue.ring_agents == 1 and contact_id in self._offers_by_contact:
                continue
            contact = self.contacts[contact_id]
            if not self.room_for_offers(contact) or not self._may_have(agent, membership, contact, queue, now):
                continue
            if contact_id not in self._offers_by_contact:
                return contact
            joining = joining or contact
        return joining

    def _may_have(self, agent: Agent, membership: Membership, contact: Contact, queue: Queue, now: datetime) -> bool:
        return membership.level <= self._highest_level(contact, queue, now) and self._takes(agent, contact, now)

    def _takes(self, agent: Agent, contact: Contact, now: datetime) -> bool:
        """Whether the agent has not just declined the contact, and may dial the number of one who is called back."""
        may_dial = contact.call_back is None or self.site.may_dial(agent.agent_id, contact.call_back.number)
        return may_dial and not _declined(contact, agent, now)

    def _urgency(self, contact: Contact) -> tuple[bool, int, Place]:
        if contact.queue_id is None or contact.queued_at is None:
            raise NotFound("queued contact", contact.contact_id)
        place = _place(contact, contact.queued_at)
        rings = contact.contact_id in self._offers_by_contact
        return (rings, -self.queue(contact.queue_id).priority, place)


def _place(contact: Contact, queued_at: datetime) -> Place:
    return (-contact.priority - IN_FRONT * contact.in_front, queued_at, contact.contact_id)


def _index(line: list[Place], place: Place) -> int | None:
    """Where in a line the place is; None when it is not there."""
    index = bisect_left(line, place)
    return index if index < len(line) and line[index] == place else None


def _declined(contact: Contact, agent: Agent, now: datetime) -> bool:
    until = contact.declined_until.get(agent.agent_id)
    return until is not None and until > now


def _levels_reached(contact: Contact, queue: Queue, now: datetime) -> int:
    """How many levels are admitted: one at once, a further one after each `level_seconds`."""
    waited = now - (contact.queued_at or now)
    return 1 + int(waited // timedelta(seconds=queue.level_seconds))
