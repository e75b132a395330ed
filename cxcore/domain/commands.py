"""What users ask of the floor. Each names the user who asks; a refusal is a `DomainError`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.queue import QueueId


@dataclass(frozen=True, slots=True)
class Command:
    """`by` is the user name of whoever asks, for the facts and the audit."""

    by: str


@dataclass(frozen=True, slots=True)
class LogOn(Command):
    """Log an agent on and make the agent available; without queues, for all memberships."""

    agent_id: AgentId
    queue_ids: tuple[QueueId, ...] = ()


@dataclass(frozen=True, slots=True)
class LogOff(Command):
    """Log an agent off; a running contact goes on, no further one is offered."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class GoOnBreak(Command):
    """No further offers until `BecomeAvailable`; `reason` is one of the site's reasons [24]."""

    agent_id: AgentId
    reason: str


@dataclass(frozen=True, slots=True)
class BecomeAvailable(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class ServeQueues(Command):
    """Choose the queues to serve, among the agent's memberships [23]."""

    agent_id: AgentId
    queue_ids: tuple[QueueId, ...]


@dataclass(frozen=True, slots=True)
class AssignQueue(Command):
    """Let an agent serve a queue at this level from now on, until it is taken away again [32]."""

    agent_id: AgentId
    queue_id: QueueId
    level: int = 1


@dataclass(frozen=True, slots=True)
class RemoveFromQueue(Command):
    """Take a queue from an agent; a running contact goes on [32]."""

    agent_id: AgentId
    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class OpenQueue(Command):
    """Open a queue whatever its timetable says [43]."""

    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class CloseQueue(Command):
    """Close a queue whatever its timetable says; with `move_waiting` those who wait go where callers go from now on."""

    queue_id: QueueId
    move_waiting: bool = False


@dataclass(frozen=True, slots=True)
class FollowTimetable(Command):
    """Give a queue back to its timetable."""

    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class ActivateConfiguration(Command):
    """Let a stored version of the configuration count: at once, or when its time comes [106]."""

    version: int


@dataclass(frozen=True, slots=True)
class MoveContact(Command):
    """Move a waiting contact, or one that is to be called back, to another queue; it keeps the instant from which it
    waits."""

    contact_id: ContactId
    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class AssignContact(Command):
    """Let this agent have a contact, whatever the strategy says: one that waits is offered to the agent at once and
    keeps its place, a conversation of a colleague is passed on to the agent [32]."""

    contact_id: ContactId
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class CancelCallBack(Command):
    """Call somebody back no more who asked for it."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class DeclineOffer(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class CallNumber(Command):
    """Call a number from the agent's own device [21]."""

    agent_id: AgentId
    number: str
    shows: str = ""
    """Which of `Site.numbers_to_show` the called party sees [9]; empty for the first of them."""


@dataclass(frozen=True, slots=True)
class EndDirectCall(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class ReportSoftphone(Command):
    """The agent's page can take calls, or lacks something: `fault` names it. `page` tells one opened page of others."""

    agent_id: AgentId
    page: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class LeaveSoftphone(Command):
    """The agent's page is gone."""

    agent_id: AgentId
    page: str


@dataclass(frozen=True, slots=True)
class HoldContact(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class ResumeContact(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class HangUpContact(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class Consult(Command):
    """Ring somebody while the caller hears hold music [18, 26].

    `kind` is a `TargetKind`, `key` the agent, queue, number or phone book entry. Of a phone book entry the web says the
    `name` and the `destinations`; several are a ring group.
    """

    agent_id: AgentId
    kind: str
    key: str
    name: str = ""
    destinations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferContact(Command):
    """Pass the contact on without consulting [18]; fields as those of `Consult`."""

    agent_id: AgentId
    kind: str
    key: str
    name: str = ""
    destinations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParkContact(Command):
    """Let the caller wait with hold music at a colleague (`key`, an agent), who picks the contact up."""

    agent_id: AgentId
    key: AgentId


@dataclass(frozen=True, slots=True)
class PickUpContact(Command):
    """Take a contact that is parked at this agent, or that this agent parked."""

    agent_id: AgentId
    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class TakeBack(Command):
    """End the consultation; the agent and the caller talk again [18]."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class SwapParties(Command):
    """Talk to the other one of caller and consulted party; the one who was talked to hears hold music."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class JoinParties(Command):
    """Let caller, agent and consulted party hear each other."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class CompleteTransfer(Command):
    """Leave caller and consulted party to each other."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class SendDigits(Command):
    """Send keys to whom the agent talks with."""

    agent_id: AgentId
    digits: str


@dataclass(frozen=True, slots=True)
class NoteContact(Command):
    """What a contact was about: all its topics and the whole note, in place of those of before [41]."""

    agent_id: AgentId
    contact_id: ContactId
    topics: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReplayMessage(Command):
    """Hear the voice message again from its beginning."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class CallSender(Command):
    """Call whoever left the voice message that the agent hears."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class EndWrapUp(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class ExtendWrapUp(Command):
    agent_id: AgentId
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class SetEmergency(Command):
    """Let callers hear a message first, on all numbers (`emergency.EVERYWHERE`), a number or a queue [47e, 48a].

    `then` is an `emergency.Then`; `flow` goes with `Then.FLOW`. One that is on for the same scope is replaced.
    """

    scope: str
    message: str
    then: str
    flow: str = ""
    until: datetime | None = None
    tell_waiting: bool = False
    """Say it once to those who wait already, too."""


@dataclass(frozen=True, slots=True)
class EndEmergency(Command):
    scope: str


@dataclass(frozen=True, slots=True)
class UseMessage(Command):
    """Let callers hear this version of a message from now on; `sound` is empty for the one that was shipped [48b]."""

    message: str
    version: int
    sound: str = ""
    """The file, as the sound library names it."""


@dataclass(frozen=True, slots=True)
class AcknowledgeAlarm(Command):
    """Say that the alarm was seen; `kind` is an `AlarmKind`."""

    queue_id: QueueId
    kind: str


@dataclass(frozen=True, slots=True)
class ForgetCaller(Command):
    """Forget what is known by a number beside the contacts of now, because the person asked for it (GDPR 17)."""

    number: str


@dataclass(frozen=True, slots=True)
class StartRecording(Command):
    """Record the agent's call, where the rule lets the agent ask for it [39]."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class PauseRecording(Command):
    """Write silence until `ResumeRecording`, or as long as the rule of the call says; `reason` is a `PauseReason`."""

    agent_id: AgentId
    reason: str = "agent"


@dataclass(frozen=True, slots=True)
class ExtendRecordingPause(Command):
    """Write silence so much longer than the rule of the call says."""

    agent_id: AgentId
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class ResumeRecording(Command):
    agent_id: AgentId
    reason: str = "agent"


@dataclass(frozen=True, slots=True)
class ListenIn(Command):
    """Hear the agent's call on the own device, unheard [25, 33]."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class Whisper(Command):
    """Be heard by the agent only."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class BargeIn(Command):
    """Be heard by all."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class StopListening(Command):
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class StartChat(Command):
    """A customer begins a chat on a page of the site. `contact_id` is chosen by who asks, so that a request that is
    sent twice begins one chat; `address` is a phone number or mail address, where the customer gave one."""

    contact_id: ContactId
    page: str
    text: str = field(repr=False)
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    token: str = ""


@dataclass(frozen=True, slots=True)
class WriteInChat(Command):
    """The customer writes a line; one with the `token` of a line that is there already changes nothing."""

    contact_id: ContactId
    text: str = field(repr=False)
    token: str = ""


@dataclass(frozen=True, slots=True)
class TakeMessage(Command):
    """A message came by a messaging service: it goes on in the chat that its sender has, or begins one.

    `via` is our number at the service, `sender` the phone number with +, `token` the id of the message: one that comes
    again changes nothing.
    """

    via: str
    sender: str = field(repr=False)
    text: str = field(repr=False)
    name: str = field(default="", repr=False)
    token: str = ""


@dataclass(frozen=True, slots=True)
class NoteUndelivered(Command):
    """The messaging service says that a line of a chat, by its number, does not reach the customer; `fault` is its
    code."""

    contact_id: ContactId
    line: int
    fault: str


@dataclass(frozen=True, slots=True)
class NoteRead(Command):
    """A messaging service says that the customer has read up to this line."""

    contact_id: ContactId
    line: int


@dataclass(frozen=True, slots=True)
class TypeInChat(Command):
    """The customer is writing."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class SeeChat(Command):
    """The customer's page is there; `read`: the number of the last line that it has shown to the customer."""

    contact_id: ContactId
    read: int = 0


@dataclass(frozen=True, slots=True)
class LoseChat(Command):
    """The customer's page was closed, or is being loaded anew."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class LeaveChat(Command):
    """The customer ends the chat."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class AcceptChat(Command):
    """Take the chat that is offered, or (`contact_id`) one that waits in a queue of the agent [40]."""

    agent_id: AgentId
    contact_id: ContactId = ContactId("")


@dataclass(frozen=True, slots=True)
class TypeAnswer(Command):
    """The agent is writing."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AnswerChat(Command):
    """The agent writes a line; `token` as that of `WriteInChat`."""

    agent_id: AgentId
    text: str = field(repr=False)
    token: str = ""
