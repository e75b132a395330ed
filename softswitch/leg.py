"""A leg: one party of a call. Its facts, its variables, its signalling and its sound.

What a leg does, step by step, is in `leg_run.py`; this module is what everybody may ask of a leg or do to it at once.
Behaviour follows switch_channel.c and mod_sofia of FreeSWITCH 1.10.12.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from softswitch.caller_profile import CallerProfile
from softswitch.events import Event
from softswitch.leg_media import LegMedia
from softswitch.leg_state import CallState, State, check_transition
from softswitch.sip.causes import Cause, cause_of_status, sip_status
from softswitch.sip.dialog import Dialog
from softswitch.variables import Variables
from softswitch.wake import Wake

if TYPE_CHECKING:
    from softswitch.switchboard import Switchboard

log = logging.getLogger(__name__)

Headers = dict[str, str]

MAX_MESSAGES = 1000
"""Orders that may wait at one leg."""

MAX_DIGITS = 128
"""Keys that may wait to be read, as in switch_channel.c."""


class Flag(Enum):
    """FreeSWITCH's channel flags that matter here (CF_…)."""

    ANSWERED = auto()
    EARLY_MEDIA = auto()
    RING_READY = auto()
    ORIGINATING = auto()
    BRIDGED = auto()
    BRIDGE_ORIGINATOR = auto()
    UUID_BRIDGE_ORIGINATOR = auto()
    TRANSFER = auto()
    REDIRECT = auto()
    BROADCAST = auto()
    STOP_BROADCAST = auto()
    BREAK = auto()
    EVENT_LOCK = auto()
    CONTROLLED = auto()
    PARK = auto()
    LEG_HOLDING = auto()
    HANGUP_HELD = auto()
    DIALPLAN = auto()
    RESET = auto()


@dataclass(slots=True)
class Message:
    """One `sendmsg`: header names in lower case. `priority` messages pass an event lock."""

    headers: dict[str, str]
    body: str = ""
    priority: bool = False


@dataclass(slots=True)
class Extension:
    """Applications to run one after the other, and how far we are."""

    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)
    position: int = 0


class Leg:
    """`inbound` legs called us, the others we dialled."""

    def __init__(self, board: Switchboard, profile: CallerProfile) -> None:
        self.board = board
        self.uuid = profile.uuid
        self.inbound = profile.direction == "inbound"
        self.profile = profile
        self.first_profile = profile
        self.name = profile.channel_name
        self.other_type = ""
        self.other_profile: CallerProfile | None = None
        self.state = State.CS_INIT
        self.running_state = State.CS_NEW
        self.call_state = CallState.DOWN
        self.cause = Cause.NONE
        self.flags: dict[Flag, int] = {}
        self.flags_of_next_state: set[Flag] = set()
        self.variables = Variables()
        self.messages: deque[Message] = deque()
        self.digits: deque[tuple[str, int]] = deque()
        self.digits_dialled: list[str] = []
        self.extension: Extension | None = None
        self.wake = Wake()
        self.watchers: set[Wake] = set()
        self.dialog: Dialog | None = None
        self.media = LegMedia(self)
        self.bridge_peer: Leg | None = None
        self.app_depth = 0
        self.shown_application = ("", "")
        self.last_application = ("", "")

    # Facts

    def has(self, flag: Flag) -> bool:
        return flag in self.flags

    def mark(self, flag: Flag, value: int = 1) -> None:
        self.flags[flag] = value

    def unmark(self, *flags: Flag) -> None:
        for flag in flags:
            self.flags.pop(flag, None)

    @property
    def down(self) -> bool:
        """Hung up, or about to be (`switch_channel_down_nosig`)."""
        return self.state >= State.CS_HANGUP

    @property
    def gone(self) -> bool:
        """Its end has been told: nobody finds it any more."""
        return self.running_state is State.CS_DESTROY

    @property
    def listed(self) -> bool:
        """From CHANNEL_CREATE to CHANNEL_DESTROY."""
        return State.CS_NEW < self.running_state < State.CS_DESTROY

    def is_ready(self) -> bool:
        """Whether what runs may go on (`switch_channel_ready`): not hung up and not on its way elsewhere."""
        return (
            State.CS_ROUTING < self.state < State.CS_HANGUP
            and self.state is not State.CS_RESET
            and self.state is self.running_state
            and not self.has(Flag.TRANSFER)
        )

    @property
    def media_up(self) -> bool:
        return self.has(Flag.ANSWERED) or self.has(Flag.EARLY_MEDIA)

    @property
    def answer_state(self) -> str:
        if self.down:
            return "hangup"
        if self.has(Flag.ANSWERED):
            return "answered"
        return "early" if self.has(Flag.EARLY_MEDIA) else "ringing"

    def lookup(self, name: str) -> str | None:
        """A variable, or a field of the caller profile by its name, as `${…}` finds them."""
        value = self.variables.get(name)
        if value is not None:
            return value
        return self._profile_field(name) or self.board.global_variable(name)

    def _profile_field(self, name: str) -> str | None:
        fields = {
            "uuid": self.uuid,
            "channel_name": self.name,
            "state": self.state.name,
            "destination_number": self.profile.destination_number,
            "caller_id_number": self.profile.caller_id_number,
            "caller_id_name": self.profile.caller_id_name,
            "context": self.profile.context,
            "dialplan": self.profile.dialplan,
            "rdnis": self.profile.rdnis,
            "network_addr": self.profile.network_addr,
        }
        return fields.get(name)

    # Events

    def event(self, name: str, leading: Headers | None = None, trailing: Headers | None = None) -> Event:
        """An event with all that is known of this leg, and headers before and after that."""
        event = self.board.events.start(name, leading=leading)
        self.describe(event)
        event.headers.update(trailing or {})
        return event

    def describe(self, event: Event) -> None:
        """The basic and extended data of switch_channel.c, in its order."""
        headers = event.headers
        headers.update(self._basic_headers())
        headers.update(self.profile.headers("Caller"))
        if self.other_profile is not None:
            headers["Other-Type"] = self.other_type
            headers.update(self.other_profile.headers("Other-Leg"))
        if event.name in WITH_VARIABLES:
            headers.update((f"variable_{name}", value) for name, value in self.variables.items())

    def _basic_headers(self) -> dict[str, str]:
        direction = "inbound" if self.inbound else "outbound"
        headers = {
            "Channel-State": self.running_state.name,
            "Channel-Call-State": self.call_state.value,
            "Channel-State-Number": str(int(self.state)),
            "Channel-Name": self.name,
            "Unique-ID": self.uuid,
            "Call-Direction": direction,
            "Presence-Call-Direction": direction,
            "Channel-HIT-Dialplan": "true" if self.inbound or self.has(Flag.DIALPLAN) else "false",
            "Channel-Call-UUID": self.variables.get("call_uuid") or self.uuid,
            "Answer-State": self.answer_state,
        }
        if self.cause is not Cause.NONE:
            headers["Hangup-Cause"] = self.cause.name
        headers.update(self.media.codec_headers())
        return headers

    def fire(self, name: str, leading: Headers | None = None, trailing: Headers | None = None) -> None:
        """Build and send an event, if any client would see it."""
        if self.board.wanted(name):
            self.board.fire(self.event(name, leading, trailing))

    # Being woken

    def stir(self) -> None:
        """Something changed: let whoever waits look again."""
        self.wake.wake()
        for watcher in self.watchers:
            watcher.wake()

    def order(self, message: Message) -> bool:
        """Queue an order; False when too many wait."""
        if len(self.messages) >= MAX_MESSAGES:
            return False
        self.messages.append(message)
        self.stir()
        return True

    def next_message(self) -> Message | None:
        """The next order, if no event lock holds it back."""
        if not self.messages:
            return None
        if not self.has(Flag.EVENT_LOCK):
            return self.messages.popleft()
        for message in self.messages:
            if message.priority:
                self.messages.remove(message)
                return message
        return None

    def stop_broadcast(self) -> None:
        if self.has(Flag.BROADCAST):
            self.mark(Flag.STOP_BROADCAST)
            self.mark(Flag.BREAK)
            self.stir()

    def key_pressed(self, digit: str, duration_ms: int, source: str) -> None:
        """A key of the party, from RTP (`RTP`), INFO (`ENDPOINT`) or an order (`APP`). Durations leave in samples."""
        if self.down or len(self.digits) >= MAX_DIGITS:
            return
        self.digits.append((digit, duration_ms))
        self.digits_dialled.append(digit)
        facts = {"DTMF-Digit": digit, "DTMF-Duration": str(duration_ms * 8), "DTMF-Source": source}
        self.fire("DTMF", trailing=facts)
        self.stir()

    def start_afresh(self) -> None:
        """Forget keys and a break that were meant for what came before (`switch_core_session_reset`)."""
        self.digits.clear()
        self.unmark(Flag.BREAK)

    # Steps

    def set_state(self, state: State) -> None:
        """Raises `IllegalTransition`. A leg that hangs up does not come back."""
        if self.state is state or (self.down and state < self.state):
            return
        check_transition(self.state, state)
        self.state = state
        self.stir()

    def set_call_state(self, call_state: CallState) -> None:
        before = self.call_state
        if before is call_state or before is CallState.HANGUP:
            return
        self.call_state = call_state
        number = list(CallState).index(call_state)
        self.fire(
            "CHANNEL_CALLSTATE",
            {"Original-Channel-Call-State": before.value, "Channel-Call-State-Number": str(number)},
        )

    def hang_up(self, cause: Cause) -> None:
        """End the leg; the rest is done by its own run (`switch_channel_perform_hangup`)."""
        if self.down:
            return
        if self.has(Flag.LEG_HOLDING):
            self.mark_hold(False)
            self.mark(Flag.HANGUP_HELD)
        self.state = State.CS_HANGUP
        self.cause = cause
        partner = self.partner
        if partner is not None:
            partner.variables.set("last_bridge_hangup_cause", cause.name)
        if self.has(Flag.BRIDGED):
            role = "originator" if self.has(Flag.BRIDGE_ORIGINATOR) else "originatee"
            self.variables.set("last_bridge_role", role)
        self.fire("CHANNEL_HANGUP")
        self.stir()
        if partner is not None:
            partner.stir()

    @property
    def partner(self) -> Leg | None:
        """The leg that this one is bridged to (`signal_bond`)."""
        uuid = self.variables.get("signal_bond")
        return self.board.legs.get(uuid) if uuid else None

    def mark_hold(self, held: bool) -> None:
        if held == self.has(Flag.LEG_HOLDING):
            return
        if held:
            self.mark(Flag.LEG_HOLDING)
        else:
            self.unmark(Flag.LEG_HOLDING)
        self.count_hold(held)
        self.set_call_state(CallState.HELD if held else CallState.UNHELD)
        self.fire("CHANNEL_HOLD" if held else "CHANNEL_UNHOLD")

    def count_hold(self, held: bool) -> None:
        """Keep the time that the leg was on hold."""
        times = self.profile.times
        if held:
            times.last_hold = self.board.now()
        elif times.last_hold:
            times.hold_accum += self.board.now() - times.last_hold
        self.shown_application = ("", "")

    def enter_dialplan(self) -> None:
        """A leg that we dialled is put to work: caller and callee change places (`switch_channel_flip_cid`)."""
        if self.inbound or self.has(Flag.DIALPLAN):
            return
        self.mark(Flag.DIALPLAN)
        profile = self.profile
        profile.caller_id_name, profile.callee_id_name = profile.callee_id_name, profile.caller_id_name
        profile.caller_id_number, profile.callee_id_number = profile.callee_id_number, profile.caller_id_number

    # Progress of an arrived leg

    def ring_ready(self) -> bool:
        """180. False when that is past."""
        if self.down or self.media_up:
            return False
        if not self.has(Flag.RING_READY):
            if self.inbound and self.dialog is not None:
                self.dialog.progress(180)
            self.mark_ring_ready()
        return True

    def mark_ring_ready(self) -> None:
        if self.has(Flag.RING_READY) or self.media_up:
            return
        self.mark(Flag.RING_READY)
        self.profile.times.progress = self.profile.times.progress or self.board.now()
        self.fire("CHANNEL_PROGRESS")
        if not self.inbound:
            self.set_call_state(CallState.RINGING)
        self.stir()

    def pre_answer(self) -> bool:
        """183 with sound. False when the leg cannot (any more)."""
        if self.media_up:
            return not self.down
        if self.down or self.dialog is None:
            return False
        if self.inbound:
            description = self.media.answer_description()
            if description is None:
                return False
            self.dialog.progress(183, description)
        self.mark_pre_answered()
        return True

    def mark_pre_answered(self) -> None:
        if self.media_up:
            return
        self.mark(Flag.EARLY_MEDIA)
        now = self.board.now()
        self.profile.times.progress = self.profile.times.progress or now
        self.profile.times.progress_media = now
        self.fire("CHANNEL_PROGRESS_MEDIA")
        self.set_call_state(CallState.EARLY)
        self.stir()

    def answer(self) -> bool:
        """200. False when the leg is gone or cannot have sound."""
        if self.down or self.dialog is None:
            return False
        if self.has(Flag.ANSWERED):
            return True
        if self.inbound:
            description = self.media.answer_description()
            if description is None:
                return False
            self.dialog.answer(description)
        self.mark_answered()
        return True

    def mark_answered(self) -> None:
        self.mark(Flag.ANSWERED)
        if self.dialog is not None:
            self.variables.set("sip_to_tag", self.dialog.to_tag)
        self.profile.times.answered = self.board.now()
        self.fire("CHANNEL_ANSWER")
        self.variables.set("endpoint_disposition", "ANSWER")
        self.set_call_state(CallState.ACTIVE)
        self.media.answered()
        self.stir()

    # What the dialog tells (DialogEvents)

    def progressed(self, status: int, description: str | None) -> None:
        if self.down:
            return
        if description is not None and self.media.take_answer(description):
            self.mark_pre_answered()
        elif description is None:
            self.mark_ring_ready()

    def answered(self, description: str | None) -> None:
        if self.down:
            if self.dialog is not None:
                self.dialog.end(self.cause)
            return
        if description is None or not self.media.take_answer(description):
            self.variables.set("sip_hangup_disposition", "send_bye")
            self.hang_up(Cause.INCOMPATIBLE_DESTINATION)
            return
        self.mark_answered()

    def refused(self, status: int, phrase: str, q850: int | None) -> None:
        cause = _cause_or(q850, cause_of_status(status))
        for name, value in (
            ("sip_invite_failure_status", str(status)),
            ("sip_invite_failure_phrase", phrase),
            ("sip_hangup_phrase", phrase),
            ("sip_term_status", str(status)),
            ("proto_specific_hangup_cause", f"sip:{status}"),
            ("sip_hangup_disposition", "recv_refuse"),
        ):
            self.variables.set(name, value)
        self.hang_up(cause)

    def cancelled(self, q850: int | None) -> None:
        self.variables.set("sip_hangup_disposition", "recv_cancel")
        self.variables.set("proto_specific_hangup_cause", "sip:487")
        self.variables.set("sip_term_status", "487")
        self.hang_up(Cause.ORIGINATOR_CANCEL)

    def hung_up(self, q850: int | None) -> None:
        cause = _cause_or(q850, Cause.NORMAL_CLEARING)
        self.variables.set("sip_term_status", "200")
        self.variables.set("proto_specific_hangup_cause", "sip:200")
        self.variables.set("sip_term_cause", str(int(cause)))
        self.hang_up(cause)
        self.variables.set("sip_hangup_disposition", "recv_bye")

    def acknowledged(self, description: str | None) -> None:
        if description is not None and not self.media.take_answer(description):
            self.hang_up(Cause.INCOMPATIBLE_DESTINATION)
        self.media.acknowledged()

    def not_acknowledged(self) -> None:
        self.hang_up(Cause.RECOVERY_ON_TIMER_EXPIRE)

    def session_expired(self) -> None:
        self.hang_up(Cause.NORMAL_CLEARING)

    def reoffered(self, description: str | None) -> str | None:
        return self.media.reoffered(description)

    def offer_settled(self, status: int, description: str | None) -> None:
        self.media.offer_settled(status, description)

    def keys_pressed(self, digit: str, duration_ms: int) -> None:
        self.key_pressed(digit, duration_ms, "ENDPOINT")

    def end_dialog(self) -> None:
        """Say good-bye on the wire, once (`sofia_on_hangup`)."""
        if self.dialog is None:
            return
        refused_with = sip_status(self.cause)
        disposition = self.dialog.end(self.cause, refused_with)
        if disposition:
            self.variables.set("sip_hangup_disposition", disposition)
        if disposition == "send_cancel":
            self.variables.set("sip_invite_failure_status", "487")
            self.variables.set("sip_invite_failure_phrase", "CANCEL")


def _cause_or(q850: int | None, otherwise: Cause) -> Cause:
    return Cause(q850) if q850 in _STANDARD_CAUSES else otherwise


_STANDARD_CAUSES = frozenset(int(cause) for cause in Cause if Cause.NONE < cause <= Cause.INTERWORKING)

WITH_VARIABLES = frozenset(
    """CHANNEL_CREATE CHANNEL_ORIGINATE CHANNEL_UUID CHANNEL_ANSWER CHANNEL_PARK CHANNEL_UNPARK CHANNEL_BRIDGE
    CHANNEL_UNBRIDGE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE REQUEST_PARAMS
    CHANNEL_DATA CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_DESTROY SESSION_HEARTBEAT API RECORD_START RECORD_STOP
    PLAYBACK_START PLAYBACK_STOP CALL_UPDATE MEDIA_BUG_START MEDIA_BUG_STOP CHANNEL_HOLD CHANNEL_UNHOLD TEXT
    CUSTOM""".split()
)
"""Events that carry the variables (`switch_channel_event_set_extended_data`)."""
