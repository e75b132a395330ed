"""What the core asks of the switch.

Every order returns at once and never waits for the network. Its outcome arrives in the inbox as an event of
`cxcore.domain.tidings`; an order that the switch refuses arrives there as `OrderRefused`. The orders to one leg are
carried out in the order in which they were given.

No order leaves a caller in silence: when a prompt or question ends and the core has nothing more to say, hold music
follows by itself until the next order (requirement 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import PurePath
from typing import Protocol

from cxcore.domain.leg import HangUpCause, LegId, OrderId
from cxcore.domain.listening import ListeningMode
from cxcore.domain.records import dataclass

Prompts = tuple[PurePath, ...]
"""Sound files in the order they are played, as absolute paths on the switch's machine."""


@dataclass(frozen=True, slots=True)
class Question:
    """Prompts that a caller may cut short by pressing keys.

    `timeout_seconds` counts from the end of the prompts to the first key, `digit_timeout_seconds` between keys.
    Entry ends at `max_digits`, at the terminator `#`, or at a time-out.

    `each_key`: every key is told as `KeyPressed`, and the core says when the answer is complete. The first key ends the
    prompts; from then on hold music is heard until the next order, since a switch that waits for more keys is silent.
    """

    prompts: Prompts
    min_digits: int = 1
    max_digits: int = 1
    timeout_seconds: float = 5.0
    digit_timeout_seconds: float = 3.0
    each_key: bool = False


@dataclass(frozen=True, slots=True)
class Dial:
    """A call to an agent's device or to a number.

    `destination` is a SIP address (`sip:anna@192.0.2.7:5060`), a softphone (`softphone:anna~` and its page, in
    hexadecimal digits), which the SBC knows where to find, or a phone number (`+31612345678`), which goes out by the
    trunk. `leg_id` is chosen by the core, so that it can withdraw the call before the switch answered the order.
    """

    leg_id: LegId
    destination: str
    caller_number: str
    caller_name: str = ""
    timeout_seconds: int = 20
    marks: Mapping[str, str] = field(default_factory=dict)
    forwarded_from: str | None = None
    """The number of ours for which this call is forwarded; trunk and Teams are told of it."""
    partner: LegId | None = None
    """The leg with which it is to talk: their sound is to be of one codec."""


class Switch(Protocol):
    """Media and signalling. It decides nothing."""

    def take(self, leg_id: LegId) -> None:
        """Take an arrived leg over from the switch's fallback, which would otherwise overflow it."""

    def ring(self, leg_id: LegId) -> None:
        """Let the calling party hear that it rings (SIP 180)."""

    def answer(self, leg_id: LegId) -> None:
        """Answer an arrived leg (SIP 200); `LegAnswered` follows."""

    def say(self, leg_id: LegId, order_id: OrderId, prompts: Prompts) -> None:
        """Stop what the leg hears, play the prompts, then hold music; `PromptEnded` follows the last prompt."""

    def ask(self, leg_id: LegId, order_id: OrderId, question: Question) -> None:
        """Stop what the leg hears and ask; `DigitsEntered` follows, with no digits after a time-out.

        Of a question with `each_key`, `KeyPressed` follows for each key instead.
        """

    def play_hold_music(self, leg_id: LegId) -> None:
        """Stop what the leg hears and play hold music until the next order."""

    def play_ringback(self, leg_id: LegId) -> None:
        """Stop what the leg hears and let it hear that somebody is rung, until the next order [26].

        425 Hz, a second on and four off (ITU-T E.180, the Netherlands).
        """

    def dial(self, dial: Dial) -> None:
        """Call a device; `LegRinging`, `LegAnswered` and `LegHungUp` follow. Answered, it waits for a bridge."""

    def bridge(self, leg_id: LegId, other: LegId) -> None:
        """Let two answered legs hear each other; `LegsBridged` follows. When one leg ends the other stays alive."""

    def park(self, leg_id: LegId) -> None:
        """Take a leg (and the leg bridged to it) out of its bridge; both stay alive, the caller with hold music."""

    def hold(self, leg_id: LegId, held_leg_id: LegId) -> None:
        """The agent's `leg_id` puts `held_leg_id` on hold: it hears music, neither hears the other."""

    def resume(self, leg_id: LegId, held_leg_id: LegId) -> None:
        """End the hold: both hear each other again; `LegsBridged` follows."""

    def join(self, leg_id: LegId, other: LegId) -> None:
        """Let a leg take part in the conversation of `other`: all three hear each other. When `leg_id` leaves the two
        go on; when one of the two leaves, `leg_id` waits for a bridge."""

    def send_digits(self, leg_id: LegId, digits: str) -> None:
        """Send keys (0-9, *, #) to the party of the leg, as RFC 4733 events."""

    def listen(self, leg_id: LegId, to: LegId, mode: ListeningMode) -> None:
        """Let an answered leg hear the conversation of `to` from now on, whomever that is bridged with.

        `WHISPER`: the party of `to` hears it, `BARGE`: the other one too. When `to` ends, `leg_id` is hung up. Given
        again it changes the mode, with a short gap for `leg_id` only. Keys of its party do nothing.
        """

    def start_recording(self, leg_id: LegId, path: PurePath, party_only: bool = False) -> None:
        """Record what the leg's party says (left) and hears (right) in a WAV file; `party_only`: what it says."""

    def mask_recording(self, leg_id: LegId, path: PurePath, masked: bool) -> None:
        """Write silence into the running recording while masked."""

    def stop_recording(self, leg_id: LegId, path: PurePath) -> None:
        """End the recording and close its file."""

    def mark(self, leg_id: LegId, marks: Mapping[str, str]) -> None:
        """Leave values on the leg that outlive this core; `LiveLeg.marks` gives them back. An empty one is removed."""

    def hang_up(self, leg_id: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """End the leg, ringing or answered; `LegHungUp` follows. A leg that is gone already is no error."""

    def renew_sound(self) -> None:
        """Offer every answered leg's party our sound anew (re-INVITE): what relayed it has forgotten all calls."""

    def report_live_legs(self) -> None:
        """Ask which legs live; `LiveLegsReported` follows."""
