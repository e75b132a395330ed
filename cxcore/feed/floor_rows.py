"""What screens see of the floor: rows made anew for whatever the facts of a step name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypedDict

from cxcore.domain.agent import Agent, AgentId, AgentState, AgentStatus
from cxcore.domain.alarms import Alarm, key_of
from cxcore.domain.contact import Channel, Contact, ContactId, Direction
from cxcore.domain.emergency import Emergency
from cxcore.domain.events import (
    AlarmAcknowledged,
    AlarmCleared,
    AlarmRaised,
    ConfigurationActivated,
    ContactTakenUp,
    DayTurned,
    EmergencyEnded,
    EmergencySet,
    Fact,
    ListeningChanged,
    ListeningEnded,
    ListeningStarted,
    SwitchStateChanged,
)
from cxcore.domain.expected_wait import ABOUT_THE_LINE
from cxcore.domain.floor import Floor
from cxcore.domain.measures import average_handling_seconds
from cxcore.domain.offer import Offer, OfferRule
from cxcore.domain.queue import QueueId
from cxcore.feed import chat_rows
from cxcore.feed.picture import LivePicture
from cxcore.ports.clock import Clock
from cxcore.ports.controller import AgentRow, AlarmRow, ContactRow, EmergencyRow, QueueRow, Row, Subject, SystemRow

Named = tuple[Subject, str]

LOGGED_OFF, TALKING = AgentStatus.LOGGED_OFF, AgentState.TALKING
"""Asked of each agent of a queue for its row; a name of the module costs a tenth of a member of an enumeration."""


def named_by(floor: Floor, facts: Sequence[Fact]) -> set[Named]:
    """The rows that these facts may have changed."""
    named: set[Named] = set()
    for fact in facts:
        named.update(_named_by(floor, fact))
    return named


def _named_by(floor: Floor, fact: Fact) -> Iterator[Named]:
    contact_id: ContactId | None = getattr(fact, "contact_id", None)
    queue_id: QueueId | None = getattr(fact, "queue_id", None)
    agent_id: AgentId | None = getattr(fact, "agent_id", None)
    colleague_id: AgentId | None = getattr(fact, "colleague_id", None)
    if contact_id is not None:
        yield Subject.CONTACT, contact_id
    if queue_id is not None:
        yield Subject.QUEUE, queue_id
    yield from chat_rows.named_by(floor, fact)
    if isinstance(fact, AlarmRaised | AlarmAcknowledged | AlarmCleared):
        yield Subject.ALARM, key_of(fact.queue_id, fact.kind)
    if isinstance(fact, ListeningStarted | ListeningChanged | ListeningEnded) and AgentId(fact.by) in floor.agents:
        yield Subject.AGENT, fact.by
    if isinstance(fact, EmergencySet | EmergencyEnded):
        yield Subject.EMERGENCY, fact.scope
    for each in filter(None, (agent_id, colleague_id)):
        yield Subject.AGENT, each
        for membership in floor.memberships_of(each):
            yield Subject.QUEUE, membership.queue_id


def everything(floor: Floor) -> set[Named]:
    """All rows of the floor."""
    contacts = {(Subject.CONTACT, str(key)) for key in floor.contacts}
    agents = {(Subject.AGENT, str(key)) for key in floor.agents}
    emergencies = {(Subject.EMERGENCY, key) for key in floor.emergencies}
    alarms = {(Subject.ALARM, key_of(*key)) for key in floor.alarms}
    chats = chat_rows.everything(floor)
    return contacts | agents | emergencies | alarms | chats | {(Subject.QUEUE, str(key)) for key in floor.site.queues}


def row(floor: Floor, subject: Subject, key: str, now: datetime) -> Row | None:
    """The row as it is now; None when its object is not on the floor."""
    match subject:
        case Subject.CONTACT:
            contact = floor.contacts.get(ContactId(key))
            return None if contact is None else contact_row(floor, contact)
        case Subject.AGENT:
            agent = floor.agents.get(AgentId(key))
            return None if agent is None else agent_row(floor, agent)
        case Subject.QUEUE:
            return queue_row(floor, QueueId(key), now) if QueueId(key) in floor.site.queues else None
        case Subject.EMERGENCY:
            emergency = floor.emergencies.get(key)
            return None if emergency is None else emergency_row(floor, emergency)
        case Subject.ALARM:
            alarm = next((each for each in floor.alarms.values() if key_of(each.queue_id, each.kind) == key), None)
            return None if alarm is None else alarm_row(floor, alarm)
        case _:
            return chat_rows.row(floor, subject, key)


def contact_row(floor: Floor, contact: Contact, position: int | None = None) -> ContactRow:
    """A live contact, with the offer that runs for it and the agent who talks with it. `position`, if known already."""
    offer, *others = floor.offers_of_contact(contact.contact_id) or (None,)
    position = position or floor.position(contact)
    return ContactRow(
        contact.contact_id,
        contact.state.value,
        contact.dialled_number,
        contact.caller_number,
        contact.caller_name,
        contact.opened_at,
        queue_id=contact.queue_id,
        queued_at=contact.queued_at,
        position=position,
        offered_to=offer.agent_id if offer else None,
        offered_at=offer.offered_at if offer else None,
        offer_reason=_reason_of(offer, others),
        also_offered_to=tuple([other.agent_id for other in others if other]),
        agent_id=contact.agent_id,
        answered_at=contact.answered_at,
        held_since=contact.held_since,
        caller_holds_since=contact.caller_holds_since,
        expected_wait_seconds=None if position is None else floor.expected_wait_at(contact, position),
        call_back=contact.call_back is not None,
        channel=contact.channel.value,
        voicemail=contact.channel is Channel.VOICEMAIL,
        message_seconds=contact.voice_message.seconds if contact.voice_message else None,
        forwarded_from=contact.forwarded_from,
        outbound=contact.direction is Direction.OUTBOUND,
        recording=_recording_of(floor, contact),
        recording_resumes_at=_resumes_at(floor, contact),
        **_consultation(contact),
    )


def _reason_of(offer: Offer | None, others: Sequence[Offer | None]) -> str | None:
    """Why it is before these agents; None where nobody else rings any more beside the one whom it rang along with."""
    if others:
        return OfferRule.ALL_RING.value
    return None if offer is None or offer.reason == OfferRule.ALL_RING else offer.reason


class Consulted(TypedDict, total=False):
    """The fields of a `ContactRow` about a consultation."""

    consult_state: str
    consult_target: str
    consult_since: datetime
    consult_by: str
    consult_agent: str | None


def _consultation(contact: Contact) -> Consulted:
    consultation = contact.consultation
    if consultation is None:
        return {}
    return {
        "consult_state": consultation.state.value,
        "consult_target": consultation.target.name,
        "consult_since": consultation.since,
        "consult_by": consultation.agent_id,
        "consult_agent": consultation.target.agent_id,
    }


def _recording_of(floor: Floor, contact: Contact) -> str | None:
    if contact.contact_id not in floor.recordings:
        return None
    recording = floor.recordings[contact.contact_id]
    if recording is not None:
        return "paused" if recording.arranged else "silent" if recording.paused else "on"
    queue = floor.site.queues.get(contact.queue_id) if contact.queue_id else None
    rule = floor.site.direct_recording if queue is None else queue.recording
    return "off" if rule.may_record else None


def _resumes_at(floor: Floor, contact: Contact) -> datetime | None:
    recording = floor.recordings.get(contact.contact_id)
    return recording.resumes_at if recording is not None else None


def agent_row(floor: Floor, agent: Agent) -> AgentRow:
    """An agent, with the beginning of whatever the screen shows of the agent."""
    offer = floor.offer_of_agent(agent.agent_id)
    memberships = floor.memberships_of(agent.agent_id)
    at_work = agent.state is not AgentState.READY
    listening, own = floor.listening_to(agent.agent_id), floor.listenings.get(agent.agent_id)
    return AgentRow(
        agent.agent_id,
        agent.name,
        agent.status.value,
        agent.state.value,
        reason=agent.reason,
        since=agent.state_since if at_work else _later(agent),
        memberships=tuple(each.queue_id for each in memberships),
        levels=tuple(each.level for each in memberships),
        serves=tuple(sorted(agent.serves)),
        contact_id=offer.contact_id if offer else agent.contact_id,
        wrap_up_until=agent.wrap_up_until,
        handled_contacts=agent.handled_contacts,
        average_handling_seconds=average_handling_seconds(agent.worked, agent.handled_contacts),
        direct_calls=agent.direct_calls,
        direct_contact_id=agent.direct_contact_id,
        warning=agent.warning,
        steered_by=steered_by(floor, agent),
        listened_by=listening.by if listening else None,
        listening=listening.mode.value if listening else None,
        listening_told=listening is not None and floor.site.tells_of_listening,
        softphone=agent.has_softphone,
        softphone_page=agent.softphone_page,
        device_fault=agent.device_fault,
        returning=agent.returning,
        listens_to=own.agent_id if own and own.since else None,
        listens_mode=own.mode.value if own and own.since else None,
        passed_to=agent.passed_on.target if agent.passed_on else None,
        passed_end=agent.passed_on.end if agent.passed_on else None,
        passed_at=agent.passed_on.at if agent.passed_on else None,
    )


def _later(agent: Agent) -> datetime | None:
    instants = [each for each in (agent.status_since, agent.state_since) if each is not None]
    return max(instants, default=None)


def queue_row(floor: Floor, queue_id: QueueId, now: datetime) -> QueueRow:
    """A queue, with who serves it and the figures of the day."""
    queue, line, day = floor.queue(queue_id), floor.lines[queue_id], floor.day.queues[queue_id]
    messages = floor.message_lines[queue_id]
    serving = [
        agent
        for agent in floor.agents_of(queue_id)
        if agent.status is not LOGGED_OFF and queue_id in agent.serves
    ]
    return QueueRow(
        queue_id,
        queue.name,
        waiting=len(line),
        longest_waiting_since=floor.waiting_since(queue_id),
        agents_logged_on=len(serving),
        agents_ready=sum(agent.can_be_offered for agent in serving),
        agents_talking=sum(agent.state is TALKING for agent in serving),
        offered=day.offered,
        answered=day.answered,
        abandoned=day.abandoned,
        quick_drops=day.quick_drops,
        answered_in_time=day.answered_in_time,
        average_wait_seconds=day.average_wait_seconds,
        longest_wait_seconds=day.longest_wait_seconds or None,
        target_seconds=queue.service_level.seconds,
        target_percent=queue.service_level.percent,
        expected_wait_seconds=floor.expected_wait_of_next(queue_id),
        messages=len(messages),
        oldest_message_at=min((queued_at for _, queued_at, _ in messages), default=None),
        messages_heard=floor.day.messages[queue_id].answered,
        written=chat_rows.figures(floor, queue_id),
        call_backs=sum(contact.queue_id == queue_id for contact in floor.call_backs.values()),
        open=floor.is_open(queue_id, now),
        opens_at=floor.opens_at(queue_id, now),
        steered=queue_id in floor.queue_overrides,
    )


MOVES_THE_LINE = frozenset({*ABOUT_THE_LINE, ContactTakenUp})
"""The kinds of facts after which others in the same queue may stand elsewhere."""


def emergency_row(floor: Floor, emergency: Emergency) -> EmergencyRow:
    """An emergency message that is on, with the name of whoever switched it on."""
    user = floor.site.users.get(emergency.by)
    queue = floor.site.queues.get(QueueId(emergency.scope))
    return EmergencyRow(
        emergency.scope,
        emergency.message,
        emergency.since,
        emergency.until,
        emergency.then.value,
        emergency.flow,
        user.name if user is not None else emergency.by,
        "" if queue is None else queue.name,
    )


def alarm_row(floor: Floor, alarm: Alarm) -> AlarmRow:
    """An alarm that is on, with the names of its queue and of whoever has seen it."""
    user, queue = floor.site.users.get(alarm.acknowledged_by), floor.site.queues.get(alarm.queue_id)
    return AlarmRow(
        alarm.queue_id,
        alarm.kind.value,
        alarm.since,
        alarm.value,
        alarm.level,
        alarm.queue_id if queue is None else queue.name,
        alarm.acknowledged_by if user is None else user.name,
        alarm.acknowledged_at,
    )


def steered_by(floor: Floor, agent: Agent) -> str | None:
    """The name of the user who made the last change to this agent; None for the agent's own choice."""
    if agent.changed_by is None:
        return None
    user = floor.site.users.get(agent.changed_by)
    if user is not None and user.agent_id == agent.agent_id:
        return None
    return user.name if user is not None else agent.changed_by


class FloorProjector:
    """An ear of the inbox: keeps the live picture in agreement with the floor.

    Two kinds of rows follow a little later, so that a step of the inbox stays short. When one leaves a line all behind
    move up: `show_places`, to be called once a second, makes their rows anew; with 400 waiting callers each departure
    would otherwise cost 400 rows. And whatever becomes of a contact changes the figures of every queue that its agent
    serves: `show_figures`, to be called some times a second, makes those rows anew. What a user changed shows at once.
    """

    def __init__(self, floor: Floor, picture: LivePicture, clock: Clock) -> None:
        self._floor, self._picture, self._clock = floor, picture, clock
        self._moved: set[QueueId] = set()
        self._counted: set[QueueId] = set()
        self._open: dict[QueueId, bool] = {}
        self._site = floor.site

    def hear(self, facts: Sequence[Fact]) -> None:
        """Make the rows anew that these facts may have changed."""
        named = named_by(self._floor, facts)
        of_users = named_by(self._floor, [fact for fact in facts if getattr(fact, "contact_id", None) is None])
        later = {each for each in named - of_users if each[0] is Subject.QUEUE}
        self._counted.update(QueueId(key) for _, key in later)
        self._show(named - later)
        for fact in facts:
            if isinstance(fact, SwitchStateChanged):
                self._picture.replace(SystemRow("switch", fact.connected, fact.at, fact.reason))
            elif type(fact) in MOVES_THE_LINE:
                self._note_moved(getattr(fact, "queue_id", None))
            elif isinstance(fact, DayTurned | ConfigurationActivated):
                self.show_everything()

    def _note_moved(self, queue_id: QueueId | None) -> None:
        if queue_id in self._floor.lines:
            self._moved.add(QueueId(queue_id))

    def show_places(self) -> bool:
        """Make the rows of one line anew that moved meanwhile; says whether there was one."""
        if not self._moved:
            return False
        queue_id = self._moved.pop()
        lines = (self._floor.waiting, self._floor.messages_waiting, self._floor.chats_waiting)
        for line in (each(queue_id) for each in lines):
            for position, contact in enumerate(line, start=1):
                self._picture.replace(contact_row(self._floor, contact, position))
        self._counted.add(queue_id)
        return True

    def forget_chats(self) -> None:
        """Take away the rows of chats that ended a while ago; to be called once a second."""
        for subject, key in chat_rows.forgotten(self._floor, self._picture.keys()):
            self._picture.remove(subject, key)

    def show_touched_chats(self) -> None:
        """Make the rows of chats anew of which something changed that is no fact; to be called some times a second."""
        touched, self._floor.touched_chats = self._floor.touched_chats, set()
        self._show({(Subject.CHAT, str(contact_id)) for contact_id in touched})

    def show_figures(self) -> bool:
        """Make the row of one queue anew whose figures changed meanwhile; says whether there was one."""
        if not self._counted:
            return False
        self._show({(Subject.QUEUE, self._counted.pop())})
        return True

    def show_hours(self) -> None:
        """Make the rows anew of queues that opened or closed by their timetable; to be called once a second."""
        now = self._clock.now()
        if self._floor.site is not self._site:
            self.show_everything()
        for queue_id, queue in self._floor.site.queues.items():
            if queue.hours is not None and self._floor.is_open(queue_id, now) != self._open.get(queue_id):
                self._open[queue_id] = self._floor.is_open(queue_id, now)
                self._picture.replace(queue_row(self._floor, queue_id, now))

    def show_everything(self) -> None:
        """Make all rows anew: at the start, when a day begins and when the configuration changed."""
        self._site = self._floor.site
        gone = {named for named in self._picture.keys() if named[0] in (Subject.QUEUE, Subject.AGENT, Subject.ALARM)}
        self._show(everything(self._floor) | gone)

    def _show(self, named: set[Named]) -> None:
        now = self._clock.now()
        for subject, key in sorted(named):
            shown = row(self._floor, subject, key, now)
            if shown is None:
                self._picture.remove(subject, key)
            else:
                self._picture.replace(shown)
