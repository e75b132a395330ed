"""FreeSWITCH's events → tidings of `cxcore.domain.tidings`: one function per event name, in the table at the end.

An event says what a channel is now; a tiding says what happened to a leg, once. `KnownLegs` holds the little that tells
the two apart. Nothing that a caller sends is trusted: only headers that FreeSWITCH itself writes, and variables under
names that SIP cannot reach, are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg, OrderId
from cxcore.domain.tidings import (
    DigitsEntered,
    KeyPressed,
    LegAnswered,
    LegArrived,
    LegHeld,
    LegHungUp,
    LegResumed,
    LegRinging,
    LegsBridged,
    LegsUnbridged,
    PromptEnded,
    RecordingClosed,
    Tiding,
)
from cxcore.switch.causes import cause_of, hung_up_by
from cxcore.switch.commands import DIGITS_VARIABLE, OURS_HEADER, goes_past_the_sbc
from cxcore.switch.frames import Event
from cxcore.switch.parties import (
    ReplacedDialog,
    call_id,
    caller_name,
    caller_number,
    codec,
    dialled_number,
    forwarded_from,
    is_relayed,
    replaced_dialog,
    tags,
)

Tidings = list[Tiding]
NOBODY = LegId("")
ASKS = "play_and_get_digits"


@dataclass(slots=True)
class KnownLeg:
    """A leg that the core was told of, or dialled."""

    inbound: bool
    call_id: str = ""
    tags: frozenset[str] = frozenset()
    answered: bool = False
    rings: bool = False
    codec: str = ""
    bridged_to: LegId | None = None
    order_id: OrderId | None = None
    """The `say` or `ask` whose outcome is still to be told."""
    each_key: bool = False
    """It is an `ask` whose keys are told one by one; it has no other outcome."""
    dialled: LiveLeg | None = None
    """What the core asked for, until the switch has made a channel."""
    withdrawn: HangUpCause | None = None
    """It was to be hung up, with this cause, before the switch had made a channel."""
    past_border: bool = False
    """The border never heard of it."""
    marks: dict[str, str] = field(default_factory=dict)
    """What stands on it by what it was reported with and was marked with since."""


@dataclass(slots=True)
class KnownLegs:
    """All legs of the core on this switch, and the jobs that dial some of them."""

    legs: dict[LegId, KnownLeg] = field(default_factory=dict)
    jobs: dict[str, LegId] = field(default_factory=dict)

    def dialled(self, live: LiveLeg, job_id: str) -> None:
        """A leg is being dialled by a job of the switch."""
        leg = KnownLeg(inbound=False, dialled=live, marks=dict(live.marks))
        leg.past_border = goes_past_the_sbc(live.dialled_number)
        self.legs[live.leg_id] = leg
        self.jobs[job_id] = live.leg_id

    def never_dialled(self, leg_id: LegId, job_id: str) -> None:
        """The switch did not even begin to dial."""
        self.legs.pop(leg_id, None)
        self.jobs.pop(job_id, None)

    def unmade(self) -> list[LiveLeg]:
        """Legs that are being dialled and that the switch has no channel for yet."""
        return [leg.dialled for leg in self.legs.values() if leg.dialled is not None]

    def expects(self, leg_id: LegId, order_id: OrderId | None, *, each_key: bool = False) -> None:
        """From now on the outcome of `order_id` is told; that of an earlier order no longer."""
        known = self.legs.get(leg_id)
        if known is not None:
            known.order_id, known.each_key = order_id, each_key

    def changed_marks(self, leg_id: LegId, marks: Mapping[str, str]) -> Mapping[str, str]:
        """Those of the marks that do not stand on the leg yet."""
        known = self.legs.get(leg_id)
        if known is None:
            return marks
        return {name: value for name, value in marks.items() if known.marks.get(name, "") != value}

    def marked(self, leg_id: LegId, marks: Mapping[str, str]) -> None:
        """These stand on the leg from now on."""
        known = self.legs.get(leg_id)
        if known is not None:
            known.marks.update(marks)

    def adopt(self, live_legs: Iterable[LiveLeg]) -> None:
        """Know the legs that the switch reports. Of those known already events tell, in their own time."""
        for live in live_legs:
            reported = KnownLeg(live.inbound, live.call_id, live.tags, live.answered, bridged_to=live.bridged_to)
            reported.rings = True  # it may, and nobody tells whether it does
            reported.order_id = None if live.order_ended else live.order_id
            reported.marks, reported.codec = dict(live.marks), live.codec
            self.legs.setdefault(live.leg_id, reported)

    def leg_of_dialog(self, dialog: ReplacedDialog | None) -> LegId | None:
        """The leg with this Call-ID and these tags; an identity that no leg has for one that is unknown, None for none.

        All are answered, which a dialog that is to be replaced while it is early (`early-only`) is not.
        """
        if dialog is None:
            return None
        if len(dialog.tags) < 2 or dialog.early_only:
            return NOBODY
        wanted = (dialog.call_id, dialog.tags)
        return next((leg_id for leg_id, leg in self.legs.items() if (leg.call_id, leg.tags) == wanted), NOBODY)

    def codec_of(self, leg_id: LegId | None) -> str:
        """The codec of a leg's sound; empty while it is not known."""
        leg = self.legs.get(leg_id) if leg_id is not None else None
        return leg.codec if leg is not None else ""

    def changes_codec(self, leg_id: LegId, codec: str) -> None:
        """Its party is asked for another one."""
        self.legs[leg_id].codec = codec

    def answered(self) -> list[LegId]:
        """The legs that were answered."""
        return [leg_id for leg_id, leg in self.legs.items() if leg.answered]

    def forget_all(self) -> None:
        """Know nothing: another connection starts from what the switch reports."""
        self.legs.clear()
        self.jobs.clear()


def translate(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    """What an event tells, seldom more than one tiding; `now` is when it reached us."""
    function = EVENTS.get(event.name)
    if function is None:
        return []
    told = function(event, known, now)
    _note_codec(event, known)
    return told


def _note_codec(event: Event, known: KnownLegs) -> None:
    leg = known.legs.get(_leg_id(event))
    if leg is not None:
        leg.codec = codec(event) or leg.codec


def is_arrival(event: Event) -> bool:
    """Whether the event is that of a caller's leg which waits to be taken and never was."""
    return event.name == "CHANNEL_PARK" and event.text("Call-Direction") == "inbound" and not event.text(OURS_HEADER)


def _created(event: Event, known: KnownLegs, _now: datetime) -> Tidings:
    leg = known.legs.get(_leg_id(event))
    if leg is not None:
        leg.dialled = None
    return []


def _parked(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    """An inbound leg parks when it arrives. A dialled one parks when it is answered and free to be bridged.

    CHANNEL_ANSWER of a dialled leg comes while `originate` still works on it: a bridge ordered then would be undone.
    """
    leg_id = _leg_id(event)
    leg = known.legs.get(leg_id)
    if leg is None:
        return _arrived(event, known, now) if is_arrival(event) else []
    if leg.inbound or leg.answered or event.text("Answer-State") != "answered":
        return []
    leg.answered, leg.call_id, leg.tags = True, call_id(event), tags(event)
    return [LegAnswered(now, leg_id)]


def _arrived(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    leg_id = _leg_id(event)
    replaces = known.leg_of_dialog(replaced_dialog(event))
    known.legs[leg_id] = KnownLeg(True, call_id(event), answered=event.text("Answer-State") == "answered")
    party = (dialled_number(event), caller_number(event), caller_name(event))
    return [LegArrived(now, leg_id, *party, forwarded_from=forwarded_from(event), replaces=replaces)]


def _progressed(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    leg_id = _leg_id(event)
    leg = known.legs.get(leg_id)
    if leg is None or leg.inbound or leg.rings or leg.answered:
        return []
    leg.rings = True
    return [LegRinging(now, leg_id)]


def _answered(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    leg_id = _leg_id(event)
    leg = known.legs.get(leg_id)
    if leg is None or leg.answered or not leg.inbound:
        return []
    leg.answered = True
    return [LegAnswered(now, leg_id)]


def _held(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    """Only a re-INVITE of the other side makes these events: our own hold is a park."""
    leg_id = _leg_id(event)
    return [LegHeld(now, leg_id)] if leg_id in known.legs else []


def _resumed(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    leg_id = _leg_id(event)
    return [LegResumed(now, leg_id)] if leg_id in known.legs else []


def _executed(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    """The outcome of the order that a leg carries out; one of an earlier order, or of a leg that hung up, is none."""
    leg_id = _leg_id(event)
    leg = known.legs.get(leg_id)
    if leg is None or leg.order_id is None or event.text("Application-UUID") != leg.order_id or leg.each_key:
        return []
    if event.text("Answer-State") == "hangup":
        return []
    order_id, leg.order_id = leg.order_id, None
    if event.text("Application") == ASKS:
        return [DigitsEntered(now, leg_id, order_id, event.text(f"variable_{DIGITS_VARIABLE}"))]
    return [PromptEnded(now, leg_id, order_id)]


def _key_pressed(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    """Keys of conversations, and those pressed when none is asked for, are told to nobody."""
    leg_id = _leg_id(event)
    leg = known.legs.get(leg_id)
    if leg is None or leg.order_id is None or not leg.each_key:
        return []
    return [KeyPressed(now, leg_id, leg.order_id, event.text("DTMF-Digit"))]


def _bridged(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    one, two = _pair(event)
    first, second = known.legs.get(one), known.legs.get(two)
    if first is None or second is None or first.bridged_to == two:
        return []
    told = _separate(one, known, now) + _separate(two, known, now)
    first.bridged_to, second.bridged_to = two, one
    return [*told, LegsBridged(now, one, two)]


def _unbridged(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    """The end of the bridge that is known; a late word on an earlier one changes nothing."""
    one, two = _pair(event)
    leg = known.legs.get(one)
    return _separate(one, known, now) if leg is not None and leg.bridged_to == two else []


def _hung_up(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    leg_id = _leg_id(event)
    leg = known.legs.get(leg_id)
    if leg is None:
        return []
    by = hung_up_by(event.text("variable_sip_hangup_disposition"))
    told = _separate(leg_id, known, now)
    del known.legs[leg_id]
    cause = cause_of(event.text("Hangup-Cause"), inbound=leg.inbound, by=by)
    if cause is HangUpCause.NO_ANSWER and by is HungUpBy.SWITCH and not (leg.inbound or leg.rings):
        cause = HangUpCause.UNREACHABLE  # its time is up and it never rang: nobody had a chance to answer
    relayed = not leg.past_border and is_relayed(event)
    return [*told, LegHungUp(now, leg_id, cause, by, _quality(event), call_id(event) if relayed else "")]


def _quality(event: Event) -> float | None:
    """The score that the switch gave what came from a leg; None for a leg from which no sound came."""
    try:
        heard = int(event.text("variable_rtp_audio_in_media_packet_count")) > 0
        return float(event.text("variable_rtp_audio_in_mos")) if heard else None
    except ValueError:
        return None


def _recording_stopped(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    leg_id = _leg_id(event)
    if leg_id not in known.legs:
        return []
    failed = not event.text("Record-Completion-Cause").startswith("success")
    return [RecordingClosed(now, leg_id, event.text("Record-File-Path"), failed)]


def _job_done(event: Event, known: KnownLegs, now: datetime) -> Tidings:
    """The end of an `originate`. A failure without a channel is told here; otherwise CHANNEL_HANGUP_COMPLETE tells."""
    leg_id = known.jobs.pop(event.text("Job-UUID"), None)
    leg = known.legs.get(leg_id) if leg_id is not None else None
    if leg_id is None or leg is None or leg.dialled is None or event.body.startswith("+OK"):
        return []
    del known.legs[leg_id]
    return [LegHungUp(now, leg_id, cause_of(event.body.removeprefix("-ERR").strip()), HungUpBy.SWITCH)]


def _separate(leg_id: LegId, known: KnownLegs, now: datetime) -> Tidings:
    leg = known.legs[leg_id]
    other_id = leg.bridged_to
    if other_id is None:
        return []
    leg.bridged_to = None
    other = known.legs.get(other_id)
    if other is not None:
        other.bridged_to = None
    return [LegsUnbridged(now, leg_id, other_id)]


def _leg_id(event: Event) -> LegId:
    return LegId(event.text("Unique-ID"))


def _pair(event: Event) -> tuple[LegId, LegId]:
    return LegId(event.text("Bridge-A-Unique-ID")), LegId(event.text("Bridge-B-Unique-ID"))


EVENTS: Mapping[str, Callable[[Event, KnownLegs, datetime], Tidings]] = {
    "CHANNEL_CREATE": _created,
    "CHANNEL_PARK": _parked,
    "CHANNEL_PROGRESS": _progressed,
    "CHANNEL_PROGRESS_MEDIA": _progressed,
    "CHANNEL_ANSWER": _answered,
    "CHANNEL_HOLD": _held,
    "CHANNEL_UNHOLD": _resumed,
    "CHANNEL_EXECUTE_COMPLETE": _executed,
    "DTMF": _key_pressed,
    "CHANNEL_BRIDGE": _bridged,
    "CHANNEL_UNBRIDGE": _unbridged,
    "CHANNEL_HANGUP_COMPLETE": _hung_up,
    "RECORD_STOP": _recording_stopped,
    "BACKGROUND_JOB": _job_done,
}
"""The events that the adapter subscribes to, and what each tells."""
