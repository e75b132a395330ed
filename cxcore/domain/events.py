"""Facts: what services decided, in the past tense. All instants are aware UTC.

They fan out to the contact log, the feed and integrations, which never answer back. What services decide upon are the
tidings of `cxcore.domain.tidings` and the commands of `cxcore.domain.commands`.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from cxcore.domain.agent import AgentId
from cxcore.domain.chat import Author, ChatEnd
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.listening import ListeningMode
from cxcore.domain.offer import Consideration, OfferEnd, OfferId
from cxcore.domain.quality import Line, MeasuredBy
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import PauseReason, RecordingId
from cxcore.domain.records import dataclass
from cxcore.domain.thresholds import AlarmKind


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened on the floor, stored once and for good."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ContactOpened(Fact):
    contact_id: ContactId
    channel: Channel
    dialled_number: str
    caller_number: str | None
    caller_name: str
    direction: Direction = Direction.INBOUND
    forwarded_from: str | None = None


@dataclass(frozen=True, slots=True)
class MenuChosen(Fact):
    """A caller chose in a menu; `key` is empty after a time-out."""

    contact_id: ContactId
    menu: str
    key: str


@dataclass(frozen=True, slots=True)
class ContactQueued(Fact):
    contact_id: ContactId
    queue_id: QueueId
    target_seconds: int = 20
    """The queue's service level at that instant, so that a later setting does not change what was measured."""


@dataclass(frozen=True, slots=True)
class ContactMoved(Fact):
    """A supervisor moved a waiting contact to this queue; that it left the other one and was queued here follows."""

    contact_id: ContactId
    queue_id: QueueId
    by: str


@dataclass(frozen=True, slots=True)
class ContactAssigned(Fact):
    """A supervisor chose who is to have the contact; the offer, or the transfer, follows."""

    contact_id: ContactId
    agent_id: AgentId
    by: str


@dataclass(frozen=True, slots=True)
class ContactOffered(Fact):
    """`candidates` are the first of the `ready` agents who could have had it, in the order of the strategy.

    `reason` is an `OfferRule`; `considered` is what the rule saw of the candidates.
    """

    offer_id: OfferId
    contact_id: ContactId
    agent_id: AgentId
    queue_id: QueueId
    reason: str
    candidates: tuple[AgentId, ...]
    considered: tuple[Consideration, ...] = ()
    ready: int = 0
    strategy: str = ""


@dataclass(frozen=True, slots=True)
class OfferEnded(Fact):
    offer_id: OfferId
    contact_id: ContactId
    agent_id: AgentId
    queue_id: QueueId
    end: OfferEnd
    cause: str


@dataclass(frozen=True, slots=True)
class ContactAnswered(Fact):
    """An agent took the contact; the wait of this queue ended."""

    contact_id: ContactId
    agent_id: AgentId
    queue_id: QueueId
    waited_seconds: float


@dataclass(frozen=True, slots=True)
class DeviceReplaced(Fact):
    """The agent goes on talking on another telephone, which took the call over from the first."""

    contact_id: ContactId
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class CallerHeld(Fact):
    """The caller put us on hold."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class CallerResumed(Fact):
    """The caller is back after `held_seconds`."""

    contact_id: ContactId
    held_seconds: float


@dataclass(frozen=True, slots=True)
class ContactHeld(Fact):
    contact_id: ContactId
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class ContactResumed(Fact):
    contact_id: ContactId
    agent_id: AgentId
    held_seconds: float


@dataclass(frozen=True, slots=True)
class ContactLeftQueue(Fact):
    """The contact left the queue unanswered; `outcome` says how (abandoned, quick-drop, overflowed, lost)."""

    contact_id: ContactId
    queue_id: QueueId
    outcome: Outcome
    waited_seconds: float


@dataclass(frozen=True, slots=True)
class ContactTransferred(Fact):
    """The dialplan or an agent passed the contact on: to a number, a queue or, with `colleague_id`, another agent."""

    contact_id: ContactId
    destination: str
    connected: bool
    agent_id: AgentId | None = None
    """Who passed it on; None for the dialplan."""
    colleague_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class ConsultationStarted(Fact):
    """An agent consults somebody about a contact, or (`blind`) passes it on; the phone of `target` rings [18]."""

    contact_id: ContactId
    agent_id: AgentId
    target: str
    blind: bool
    colleague_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class ContactParked(Fact):
    """An agent parked a contact at a colleague, who picks it up in time; until then the caller hears music."""

    contact_id: ContactId
    agent_id: AgentId
    target: str
    colleague_id: AgentId


@dataclass(frozen=True, slots=True)
class ConsultationMoved(Fact):
    """Who talks with whom in a consultation changed; `state` is a `ConsultationState` value."""

    contact_id: ContactId
    agent_id: AgentId
    target: str
    state: str
    colleague_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class ConsultationEnded(Fact):
    """How a consultation or transfer ended: `end` is a `Turn` value; `cause` says why the target did not answer."""

    contact_id: ContactId
    agent_id: AgentId
    target: str
    end: str
    cause: str = ""
    colleague_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class ContactNoted(Fact):
    """What an agent wrote of a contact, in place of what that agent wrote before [41]."""

    contact_id: ContactId
    agent_id: AgentId
    topics: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ChatWritten(Fact):
    """A line of a chat. `sealed` is the text, encrypted (`ports.transcripts`); `agent_id` of an agent's line."""

    contact_id: ContactId
    agent_id: AgentId | None
    author: Author
    number: int
    sealed: str = field(repr=False)
    token: str = ""
    via: str = ""
    """Our number at the messaging service by which the chat goes (`Chat.via`); what we write leaves by it."""


@dataclass(frozen=True, slots=True)
class ChatUndelivered(Fact):
    """A line of ours does not reach the customer. `fault` is the code of the messaging service."""

    contact_id: ContactId
    number: int
    fault: str


@dataclass(frozen=True, slots=True)
class ChatPresence(Fact):
    """The customer's page is not heard of any more (`present` False), or is there again."""

    contact_id: ContactId
    present: bool


@dataclass(frozen=True, slots=True)
class ChatEnded(Fact):
    """Who ended the chat; `ContactEnded` follows."""

    contact_id: ContactId
    end: ChatEnd


@dataclass(frozen=True, slots=True)
class TalkEnded(Fact):
    """An agent's part in the contact ended."""

    contact_id: ContactId
    agent_id: AgentId
    queue_id: QueueId
    talked_seconds: float


@dataclass(frozen=True, slots=True)
class ContactEnded(Fact):
    """The last word on a contact: exactly one for each `ContactOpened`."""

    contact_id: ContactId
    outcome: Outcome
    cause: HangUpCause
    by: HungUpBy


@dataclass(frozen=True, slots=True)
class DirectCallStarted(Fact):
    """An agent's own number was dialled, or the agent dials `number` [21]."""

    contact_id: ContactId
    agent_id: AgentId
    direction: Direction
    number: str


@dataclass(frozen=True, slots=True)
class DirectCallAnswered(Fact):
    contact_id: ContactId
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class DirectCallEnded(Fact):
    """The agent's part in a direct call is over; `missed` when it rang in vain."""

    contact_id: ContactId
    agent_id: AgentId
    direction: Direction
    talked_seconds: float
    missed: bool


@dataclass(frozen=True, slots=True)
class AgentStatusChanged(Fact):
    """Logged on, logged off or on a break; `status` is an `AgentStatus` value, `by` the user who asked for it."""

    agent_id: AgentId
    status: str
    reason: str | None
    by: str


@dataclass(frozen=True, slots=True)
class SoftphoneChanged(Fact):
    """The agent's page can take calls (`fault` is empty), or what it lacks; `page` tells one opened page of others."""

    agent_id: AgentId
    fault: str
    page: str


@dataclass(frozen=True, slots=True)
class ConversationInterrupted(Fact):
    """The agent's page went; the caller hears hold music until it is there again.

    With the cause `MEDIA_TIMEOUT` it was the telephone that gave no sound any more: the caller waits in line again.
    """

    contact_id: ContactId
    agent_id: AgentId
    cause: HangUpCause = HangUpCause.OTHER


@dataclass(frozen=True, slots=True)
class ConversationResumed(Fact):
    """The agent's page is there again, and both hear each other."""

    contact_id: ContactId
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AgentServes(Fact):
    """The queues that the agent serves from now on [23]."""

    agent_id: AgentId
    queue_ids: tuple[QueueId, ...]
    by: str


@dataclass(frozen=True, slots=True)
class MembershipChanged(Fact):
    """A supervisor gave an agent a queue at this level, or took it away (`level` 0) [32]."""

    agent_id: AgentId
    queue_id: QueueId
    level: int
    by: str


@dataclass(frozen=True, slots=True)
class QueueSwitched(Fact):
    """A supervisor opened or closed a queue, or gave it back to its timetable (`open` is None) [43]."""

    queue_id: QueueId
    open: bool | None
    by: str


@dataclass(frozen=True, slots=True)
class WrapUpStarted(Fact):
    agent_id: AgentId
    contact_id: ContactId
    queue_id: QueueId
    until: datetime


@dataclass(frozen=True, slots=True)
class WrapUpExtended(Fact):
    agent_id: AgentId
    contact_id: ContactId
    until: datetime


@dataclass(frozen=True, slots=True)
class WrapUpEnded(Fact):
    agent_id: AgentId
    contact_id: ContactId
    queue_id: QueueId
    lasted_seconds: float
    by: str
    """`deadline`, or the user who ended it."""


@dataclass(frozen=True, slots=True)
class LeaseHealed(Fact):
    """A transient state disagreed with the switch and was put right; `cause` says why [104]."""

    kind: str
    identity: str
    cause: str
    contact_id: ContactId | None = None
    """The contact in whose history it belongs."""


@dataclass(frozen=True, slots=True)
class ContactTakenUp(Fact):
    """A core found this contact alive on the switch, waiting in `queue_id`, and with `agent_id` if with an agent."""

    contact_id: ContactId
    queue_id: QueueId | None
    agent_id: AgentId | None


@dataclass(frozen=True, slots=True)
class CoreStarted(Fact):
    """A core took the floor; `taken_up` counts the contacts that it found alive on the switch."""

    taken_up: int


@dataclass(frozen=True, slots=True)
class ConfigurationActivated(Fact):
    """From now on the floor works by this version of the configuration; `by` is who made it [106]."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class DayTurned(Fact):
    """Local midnight passed; the figures of the day start anew."""


@dataclass(frozen=True, slots=True)
class SwitchStateChanged(Fact):
    """The switch was lost or found again."""

    connected: bool
    reason: str


@dataclass(frozen=True, slots=True)
class VoiceMessageBegun(Fact):
    """A caller began to speak a message for the queue; it is to be the contact `message_id`."""

    contact_id: ContactId
    queue_id: QueueId
    message_id: ContactId
    priority: int


@dataclass(frozen=True, slots=True)
class VoiceMessageDropped(Fact):
    """What the caller of this call spoke was too short to be a message."""

    contact_id: ContactId
    message_id: ContactId
    spoken_seconds: float


@dataclass(frozen=True, slots=True)
class VoiceMessageLeft(Fact):
    """This contact is a message that was spoken in the call `call_id`. `recording` names its file."""

    contact_id: ContactId
    queue_id: QueueId
    call_id: ContactId
    recording: str
    spoken_seconds: float
    priority: int


@dataclass(frozen=True, slots=True)
class VoiceMessagePlayed(Fact):
    """An agent began to hear the message."""

    contact_id: ContactId
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class SenderCalled(Fact):
    """The agent calls whoever left the message, at `number`."""

    contact_id: ContactId
    agent_id: AgentId
    number: str


@dataclass(frozen=True, slots=True)
class SenderReached(Fact):
    """The sender answered, or the call came to nothing (`cause`)."""

    contact_id: ContactId
    agent_id: AgentId
    reached: bool
    cause: HangUpCause | None


@dataclass(frozen=True, slots=True)
class CallBackAsked(Fact):
    """A caller asked to be called back at `number` instead of waiting. The place in line is that of `queued_at`, before
    everybody else where `in_front` says so."""

    contact_id: ContactId
    queue_id: QueueId
    number: str
    queued_at: datetime
    in_front: bool = False


@dataclass(frozen=True, slots=True)
class CallBackLinedUp(Fact):
    """A contact that is to be called back stands in line, at the place that it had."""

    contact_id: ContactId
    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class CallBackTried(Fact):
    """The customer was dialled in vain, for the `attempt`-th time; the next time is `next_at`, or there is none."""

    contact_id: ContactId
    queue_id: QueueId
    agent_id: AgentId | None
    cause: HangUpCause
    attempt: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallBackCancelled(Fact):
    """A supervisor decided that the caller is not called back any more."""

    contact_id: ContactId
    queue_id: QueueId
    by: str


@dataclass(frozen=True, slots=True)
class CallBackEnded(Fact):
    """No call-back is owed any more: the customer was reached, or given up after the last attempt."""

    contact_id: ContactId
    queue_id: QueueId
    reached: bool


@dataclass(frozen=True, slots=True)
class EmergencySet(Fact):
    """An emergency message is on; the fields are those of `emergency.Emergency` [47e, 48a]."""

    scope: str
    message: str
    then: str
    flow: str
    until: datetime | None
    tell_waiting: bool
    by: str


@dataclass(frozen=True, slots=True)
class EmergencyEnded(Fact):
    """An emergency message is off; `by` is the user who ended it, or `deadline`."""

    scope: str
    by: str


@dataclass(frozen=True, slots=True)
class EmergencyHeard(Fact):
    """This contact heard an emergency message before anything else, or while it waited."""

    contact_id: ContactId
    scope: str
    message: str


@dataclass(frozen=True, slots=True)
class MessageUsed(Fact):
    """From now on callers hear this version of a message; version 0 is the one that was shipped [48b]."""

    message: str
    version: int
    sound: str
    by: str


@dataclass(frozen=True, slots=True)
class ServiceUsed(Fact):
    """A caller of the service number signed in, was refused, or changed something. `by` is empty where nobody is known
    by the code that was pressed; `action` and `subject` are those of the audit."""

    contact_id: ContactId
    by: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class RecordingStarted(Fact):
    """The call is recorded from now on. `by` is who asked for it, empty where the rule of queue or site says so."""

    contact_id: ContactId
    recording_id: RecordingId
    agent_id: AgentId | None
    queue_id: QueueId | None
    days: int
    """How long it is kept."""
    by: str = ""


@dataclass(frozen=True, slots=True)
class RecordingPaused(Fact):
    """Silence is written from now on; `by` is the agent who asked for it, otherwise empty."""

    contact_id: ContactId
    recording_id: RecordingId
    reason: PauseReason
    by: str = ""
    until: datetime | None = None
    """When it ends by itself, if nobody ends it before."""


@dataclass(frozen=True, slots=True)
class RecordingPauseExtended(Fact):
    """The agent keeps the recording silent for longer."""

    contact_id: ContactId
    recording_id: RecordingId
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class RecordingResumed(Fact):
    """Sound is written again; `by` is the agent who asked for it, `deadline` when nobody did in time, or empty."""

    contact_id: ContactId
    recording_id: RecordingId
    by: str = ""


@dataclass(frozen=True, slots=True)
class RecordingStopped(Fact):
    """The recording is over; `cause` is `ended` (the contact is), `passed-on`, `queue` (its queue records nothing), a
    user who asked for it, or what went wrong (`failed`, `lost`)."""

    contact_id: ContactId
    recording_id: RecordingId
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingMissed(Fact):
    """The call was to be recorded and is not; `cause` says why, for the log. The call goes on."""

    contact_id: ContactId
    cause: str


@dataclass(frozen=True, slots=True)
class ListeningStarted(Fact):
    """The supervisor `by` hears the agent's call; `told`: the agent's page says so."""

    contact_id: ContactId
    agent_id: AgentId
    by: str
    mode: ListeningMode
    told: bool


@dataclass(frozen=True, slots=True)
class ListeningChanged(Fact):
    """The supervisor is heard by others than before."""

    contact_id: ContactId
    agent_id: AgentId
    by: str
    mode: ListeningMode


@dataclass(frozen=True, slots=True)
class ListeningEnded(Fact):
    contact_id: ContactId
    agent_id: AgentId
    by: str


@dataclass(frozen=True, slots=True)
class AlarmRaised(Fact):
    """A figure of the queue crossed the threshold `level` and was `value` when that had held for its time."""

    queue_id: QueueId
    kind: AlarmKind
    value: float
    level: float


@dataclass(frozen=True, slots=True)
class AlarmAcknowledged(Fact):
    """The user `by` has seen the alarm and takes care of it."""

    queue_id: QueueId
    kind: AlarmKind
    by: str


@dataclass(frozen=True, slots=True)
class AlarmCleared(Fact):
    """The figure is calm again; `value` is None when it is not watched any more, or the queue closed."""

    queue_id: QueueId
    kind: AlarmKind
    value: float | None


@dataclass(frozen=True, slots=True)
class QualityMeasured(Fact):
    """How well the sound of one party of a conversation reached us, as a mean opinion score [112].

    `party` is `caller`, `party` for somebody who was called, or the agent whose device it was. `loss` (0 to 1),
    `jitter` and `round_trip` (ms) are of the sound that came from it, where RTCP at the border told them.
    """

    contact_id: ContactId
    queue_id: QueueId | None
    party: str
    mos: float
    measured_by: MeasuredBy = MeasuredBy.SWITCH
    """Who measured `mos`."""
    heard_mos: float | None = None
    """Of what the party heard, as its device told the border; None where it told nothing."""
    loss: float | None = None
    jitter: float | None = None
    round_trip: float | None = None
    line: Line | None = None
    """By what the party was connected."""

    @property
    def worse(self) -> float:
        """The score of the worse direction."""
        return self.mos if self.heard_mos is None else min(self.mos, self.heard_mos)
