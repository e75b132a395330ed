"""A contact: one customer contact, from its arrival to its end. A call is a contact on the telephony channel.

A caller who asks to be called back instead of waiting hangs up, and the contact lives on without a leg: it keeps its
place in line by `queued_at` and is WAITING there like any other, with `call_back` set. While it is not to be offered
(the confirmation is being said, it was tried in vain a while ago, or nobody may be called at this hour) it is out of
the line in the state CALL_BACK. When an agent accepted it the customer is dialled (CALLING_BACK); once both talk it is
a contact with a leg like any other.

A voice message is a contact of its own, on the channel VOICEMAIL and without a leg. It waits in its queue's line of
messages; the agent who accepts it hears it (HEARING), and may have the sender dialled (CALLING_BACK, then TALKING).

A chat is a contact without a leg on a channel of its own: it waits in its queue's line of chats, and customer and agent
are TALKING while they write to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from cxcore.domain.chat import Chat
from cxcore.domain.errors import IllegalTransition
from cxcore.domain.leg import LegId, OrderId
from cxcore.domain.queue import QueueId, WaitMenu
from cxcore.domain.records import dataclass
from cxcore.domain.service_dialogue import Dialogue
from cxcore.domain.transfer import Consultation

ContactId = NewType("ContactId", str)


class Channel(StrEnum):
    """How the customer reaches us [34]."""

    TELEPHONY = "telephony"
    VOICEMAIL = "voicemail"
    """A message that a caller spoke."""
    E_MAIL = "e-mail"
    WEB_CHAT = "web-chat"
    WHATSAPP = "whatsapp"

    __hash__ = str.__hash__  # that of Enum is a call of Python, at each look into a table


class Direction(StrEnum):
    """Who called."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class ContactState(StrEnum):
    """Where the contact stands."""

    IN_FLOW = "in-flow"
    WAITING = "waiting"
    TALKING = "talking"
    TRANSFERRED = "transferred"
    """Connected to a number outside the queues."""
    PASSING = "passing"
    """An agent let go of it in a transfer, and whom it goes to is being rung; the caller hears hold music."""
    DIRECT = "direct"
    """Rings or talks one agent outside the queues [21]."""
    CALL_BACK = "call-back"
    """To be called back, and not in line now."""
    CALLING_BACK = "calling-back"
    """An agent is on the line, and the customer's phone rings."""
    HEARING = "hearing"
    """An agent hears the voice message."""
    ENDED = "ended"

    __hash__ = str.__hash__  # that of Enum is a call of Python, at each look into a table


IN_FLOW = ContactState.IN_FLOW
WAITING = ContactState.WAITING
IN_CONVERSATION = ContactState.TALKING
CALLING_BACK = ContactState.CALLING_BACK
HEARING = ContactState.HEARING
DIRECT = ContactState.DIRECT
ENDED = ContactState.ENDED
WRITTEN = frozenset({Channel.WEB_CHAT, Channel.WHATSAPP})
"""The channels of chats."""
TELEPHONY = Channel.TELEPHONY
"""Asked several times for each contact; a name of the module costs a tenth of a member of an enumeration."""


class Outcome(StrEnum):
    """How a contact ended; each contact has exactly one."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    """The caller left while waiting in a queue."""
    QUICK_DROP = "quick-drop"
    """The caller left a queue within five seconds; not counted [28f]."""
    LEFT_IN_FLOW = "left-in-flow"
    """The caller left before any queue."""
    CLOSED = "closed"
    """The dialplan ended the call, for instance outside opening hours."""
    TRANSFERRED = "transferred"
    OVERFLOWED = "overflowed"
    UNANSWERED = "unanswered"
    """A direct call that nobody took."""
    LOST = "lost"
    """The switch died under the call."""
    NOT_REACHED = "not-reached"
    """Called back as often as the queue says, in vain."""
    CANCELLED = "cancelled"
    """A supervisor cancelled the call-back."""
    LEFT_MESSAGE = "left-message"
    """The caller spoke a message; that is a contact of its own."""
    HEARD = "heard"
    """An agent heard the voice message."""

    __hash__ = str.__hash__  # that of Enum is a call of Python, at each look into a table


TRANSITIONS: Mapping[ContactState, frozenset[ContactState]] = {
    ContactState.IN_FLOW: frozenset(
        {
            ContactState.WAITING,
            ContactState.TRANSFERRED,
            ContactState.DIRECT,
            ContactState.CALL_BACK,
            ContactState.ENDED,
        }
    ),
    ContactState.DIRECT: frozenset(
        {ContactState.IN_FLOW, ContactState.PASSING, ContactState.WAITING, ContactState.ENDED}
    ),
    ContactState.WAITING: frozenset(
        {
            ContactState.TALKING,
            ContactState.IN_FLOW,
            ContactState.CALL_BACK,
            ContactState.CALLING_BACK,
            ContactState.HEARING,
            ContactState.ENDED,
        }
    ),
    ContactState.HEARING: frozenset({ContactState.WAITING, ContactState.CALLING_BACK, ContactState.ENDED}),
    ContactState.TALKING: frozenset(
        {ContactState.WAITING, ContactState.TRANSFERRED, ContactState.PASSING, ContactState.ENDED}
    ),
    ContactState.PASSING: frozenset(
        {
            ContactState.TALKING,
            ContactState.TRANSFERRED,
            ContactState.DIRECT,
            ContactState.WAITING,
            ContactState.IN_FLOW,
            ContactState.ENDED,
        }
    ),
    ContactState.TRANSFERRED: frozenset({ContactState.IN_FLOW, ContactState.ENDED}),
    ContactState.CALL_BACK: frozenset({ContactState.WAITING, ContactState.ENDED}),
    ContactState.CALLING_BACK: frozenset(
        {ContactState.TALKING, ContactState.CALL_BACK, ContactState.HEARING, ContactState.WAITING, ContactState.ENDED}
    ),
    ContactState.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class FlowPosition:
    """Where in the dialplan a contact stands: step `index` of `flow`, and how often it was asked there."""

    flow: str
    index: int = 0
    attempt: int = 0


@dataclass(slots=True)
class CallBackRequest:
    """The caller asked to be called back at `number`; `attempts` counts how often that was tried."""

    number: str
    asked_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message that a caller is speaking now; it will be the contact `message_id`."""

    message_id: ContactId
    began: datetime


@dataclass(slots=True)
class KeyEntry:
    """An answer that is being keyed: `most` keys, ended by # or by a pause."""

    most: int
    pause_seconds: float
    keys: str = field(default="", repr=False)

    def is_complete_with(self, key: str) -> bool:
        """Take another key. A # before any other ends nothing: it is the end of an answer that was complete already."""
        if key != "#":
            self.keys += key
        return bool(self.keys) and (key == "#" or len(self.keys) >= self.most)


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """What a caller spoke: the name of its file, its length, and the contact of the call."""

    recording: str
    seconds: float
    call_id: ContactId


@dataclass(slots=True)
class Contact:
    """One contact on the live floor. Instants are aware UTC."""

    contact_id: ContactId
    leg_id: LegId
    dialled_number: str
    caller_number: str | None
    caller_name: str
    opened_at: datetime
    channel: Channel = Channel.TELEPHONY
    direction: Direction = Direction.INBOUND
    forwarded_from: str | None = None
    """The number that was dialled before the network or Teams forwarded the call to us."""
    state: ContactState = ContactState.IN_FLOW
    position: FlowPosition | None = None
    queue_id: QueueId | None = None
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    held_since: datetime | None = None
    caller_holds_since: datetime | None = None
    """Since when the caller has had us on hold; not known of a call that another core took up."""
    leg_answered: bool = False
    """Whether we answered the caller's leg (SIP 200)."""
    order_id: OrderId | None = None
    entry: KeyEntry | None = None
    """What was keyed so far, while an answer of several keys is asked for."""
    """The order whose outcome moves this contact on; outcomes of other orders are late and are ignored."""
    language: str = ""
    """The language that the caller chose; empty for the site's."""
    priority: int = 0
    """From the site's list of callers; the higher waits in front."""
    in_front: bool = False
    """Came back from a transfer that failed: it waits in front of everybody."""
    consultation: Consultation | None = None
    """The agent consults somebody, or the contact is being passed on."""
    desk_leg: LegId | None = None
    """The leg of the agent's device in a direct call."""
    shown_number: str = ""
    """What the called party of a direct call sees, where the agent chose."""
    declined_until: dict[str, datetime] = field(default_factory=dict)
    """Agents who declined this contact, and until when it is not offered to them again."""
    passed_over: set[str] = field(default_factory=set)
    """Agents who missed or declined this contact since it was queued; they come last in the next choice [36]."""
    agent_id: str | None = None
    """The agent who talks with this contact."""
    party_legs: dict[LegId, str] = field(default_factory=dict)
    """The legs of the numbers that this contact is being, or is, connected with, each with its destination."""
    party_since: datetime | None = None
    """When the latest of them was dialled."""
    parties_left: tuple[str, ...] = ()
    """Destinations of the ring group that ring when those before them did not answer."""
    announcements_heard: int = 0
    """Texts that were begun since the contact was queued."""
    position_told: int | None = None
    """The place in line that the caller heard last."""
    wait_menu: WaitMenu | None = None
    """The menu that is being asked while the caller waits."""
    call_back: CallBackRequest | None = None
    """Set until the caller was called back."""
    emergencies_heard: set[str] = field(default_factory=set)
    """Flows of emergency messages that the caller was led through."""
    turned_away_by: set[QueueId] = field(default_factory=set)
    """Closed or full queues that sent the caller on."""
    draft: MessageDraft | None = None
    """Set while the caller speaks a message."""
    dialogue: Dialogue | None = None
    """Set while the caller is at the service number."""
    recording_since: datetime | None = None
    """Set while a message is being recorded there."""
    left_message: bool = False
    """Whether the caller spoke a message in this call."""
    voice_message: VoiceMessage | None = None
    """Set until the sender is on the line."""
    chat: Chat | None = None
    """What is written, where nobody speaks."""

    @property
    def forwards(self) -> str | None:
        """The number for which this call is forwarded when it goes on to somebody else; none for a call of ours."""
        return self.dialled_number if self.direction is Direction.INBOUND else None

    @property
    def has_leg(self) -> bool:
        """Whether the customer is on a line of ours, or being dialled; orders to the leg make sense only then."""
        if self.chat is not None:
            return False
        waits_without = self.call_back is not None or self.voice_message is not None
        return not waits_without or self.state is ContactState.CALLING_BACK

    def move_to(self, state: ContactState) -> None:
        """Change state; raises `IllegalTransition` for a step that the table lacks."""
        if state not in TRANSITIONS[self.state]:
            raise IllegalTransition("contact", self.contact_id, self.state, state)
        self.state = state
