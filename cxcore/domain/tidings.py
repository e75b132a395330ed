"""What the core is told: by the switch (`cxcore.switch.translate` makes them), by whom it asked, and by its timers.

Services work tidings off, one after another, in the table of `cxcore.services.dispatch`. What they decide are the facts
of `cxcore.domain.events`. All instants are aware UTC.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg, OrderId
from cxcore.domain.offer import OfferId
from cxcore.domain.quality import Line, Reception
from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass

# --- Tidings from the switch -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tiding:
    """Something that the switch told us, at the instant it reached the core."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LegArrived(Tiding):
    """A caller's leg waits to be taken. Numbers are normalised; a hidden `caller_number` is None."""

    leg_id: LegId
    dialled_number: str
    caller_number: str | None
    caller_name: str
    forwarded_from: str | None = None
    """The number that was dialled before the network or Teams forwarded the call to us."""
    replaces: LegId | None = None
    """The leg whose place this one is to take (RFC 3891); empty for one that is unknown."""


@dataclass(frozen=True, slots=True)
class LegRinging(Tiding):
    """A leg that we dialled rings (SIP 180 or 183)."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegAnswered(Tiding):
    """A leg that we dialled or that arrived is answered."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegHeld(Tiding):
    """The party of a leg put us on hold: it sends its own sound or none, and wants none of ours."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegResumed(Tiding):
    """The party of a leg ended that hold."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegHungUp(Tiding):
    """A leg is gone, whether it was ever answered or not. Told exactly once per leg."""

    leg_id: LegId
    cause: HangUpCause
    by: HungUpBy
    mos: float | None = None
    """The mean opinion score of the sound that came from it, 1 to 5; None where the switch measured none."""
    call_id: str = ""
    """By which the border knows its call; empty for a leg whose sound went past it, or that never became a call."""


@dataclass(frozen=True, slots=True)
class SoundMeasured(Tiding):
    """What RTCP at the border told of a leg that is gone; None where it told nothing of that direction."""

    leg_id: LegId
    sent: Reception | None
    """How what the leg's party sent reached the switch."""
    heard: Reception | None
    """How what we sent reached the leg's party."""
    line: Line | None = None
    """Of the leg; None where the border knows none."""


@dataclass(frozen=True, slots=True)
class RelayRestarted(Tiding):
    """What relays sound at the border began anew: the calls that went by it are silent."""


@dataclass(frozen=True, slots=True)
class PromptEnded(Tiding):
    """The prompts of `Switch.say` were played to their end; an order that cut them short tells nothing."""

    leg_id: LegId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class DigitsEntered(Tiding):
    """The question of `Switch.ask` was answered; `digits` is empty after a time-out."""

    leg_id: LegId
    order_id: OrderId
    digits: str


@dataclass(frozen=True, slots=True)
class KeyPressed(Tiding):
    """A key of an answer whose keys are told one by one: 0-9, * or #."""

    leg_id: LegId
    order_id: OrderId
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LegsBridged(Tiding):
    """Two legs hear each other."""

    leg_id: LegId
    other: LegId


@dataclass(frozen=True, slots=True)
class LegsUnbridged(Tiding):
    """Two legs hear each other no longer."""

    leg_id: LegId
    other: LegId


@dataclass(frozen=True, slots=True)
class RecordingClosed(Tiding):
    """The switch records into this file no longer: as it was told, because the leg is gone, or (`failed`) because it
    could not write."""

    leg_id: LegId
    path: str
    failed: bool


@dataclass(frozen=True, slots=True)
class PinChecked(Tiding):
    """A code and a PIN of the service number were compared. `user` is whose code it is, empty for nobody's; `right`
    says that the PIN is that user's and not locked. The digits are not told on."""

    leg_id: LegId
    order_id: OrderId
    user: str
    right: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class SoundPrepared(Tiding):
    """What somebody recorded by telephone was made fit for the line; `sound` is empty when that did not succeed."""

    leg_id: LegId
    order_id: OrderId
    sound: str


@dataclass(frozen=True, slots=True)
class VersionMade(Tiding):
    """A version was made of what somebody recorded by telephone; 0 when that did not succeed."""

    leg_id: LegId
    order_id: OrderId
    message: str
    version: int
    sound: str
    by: str
    origin: str


@dataclass(frozen=True, slots=True)
class OrderRefused(Tiding):
    """The switch could not do what it was told; `reason` is its own word, for the log.

    `leg_id` is the leg that was to hear something else, of a hold the one that was to be held.
    """

    leg_id: LegId
    order: str
    reason: str


@dataclass(frozen=True, slots=True)
class LiveLegsReported(Tiding):
    """Which legs live on the switch; told after each connection and after `Switch.report_live_legs`."""

    legs: tuple[LiveLeg, ...]


@dataclass(frozen=True, slots=True)
class SwitchLost(Tiding):
    """The connection to the switch is gone; legs may live on. The adapter reconnects by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class SwitchConnected(Tiding):
    """The switch is there. `instance` changes when the switch itself was restarted: then all earlier legs are gone."""

    instance: str


# --- Tidings of time -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferExpired(Tiding):
    """The switch should have ended this offer's ringing by now."""

    offer_id: OfferId


@dataclass(frozen=True, slots=True)
class OfferDue(Tiding):
    """Further agents may have this waiting contact: its next level is reached, or who declined may be asked again."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class WrapUpDue(Tiding):
    """An agent's wrap-up reached its deadline."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class RecordingPauseOver(Tiding):
    """What somebody paused in the recording of this contact is silent for long enough."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class RestOver(Tiding):
    """An agent whose device could not be reached may be tried again."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class PageMissed(Tiding):
    """The page of an agent in conversation has been away too long to go on with its call."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class ParkOverdue(Tiding):
    """The colleague at whom a contact is parked did not pick it up in time."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class ReturnOverdue(Tiding):
    """An agent whose page went in a conversation did not come back in time."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class AnnouncementDue(Tiding):
    """A waiting contact is to hear its queue's announcement."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class KeyOverdue(Tiding):
    """The time for an answer to a question that ends in music is over."""

    contact_id: ContactId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class CallBackDue(Tiding):
    """A contact that is to be called back may stand in line again."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class ChatMissed(Tiding):
    """The customer's page has not been heard of for a while."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class ChatForgotten(Tiding):
    """A chat that has ended needs to be shown no longer."""

    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class LineNotSent(Tiding):
    """A line of a chat was given up: the messaging service did not take it. `fault` is its code."""

    contact_id: ContactId
    number: int
    fault: str


@dataclass(frozen=True, slots=True)
class HoursChanged(Tiding):
    """A queue opened or closed by its timetable."""

    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class MaximumWaitReached(Tiding):
    """A contact waited as long as its queue allows."""

    contact_id: ContactId
    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class EmergencyOver(Tiding):
    """An emergency message reached the instant at which it was to end."""

    scope: str


@dataclass(frozen=True, slots=True)
class AlarmsDue(Tiding):
    """The figures of queues are to be held against their thresholds."""


@dataclass(frozen=True, slots=True)
class LeaseCheckDue(Tiding):
    """Compare the floor with what the switch says is true."""


@dataclass(frozen=True, slots=True)
class DayBegan(Tiding):
    """Local midnight passed; figures of the day start anew."""


