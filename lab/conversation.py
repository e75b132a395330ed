"""One call of a lab phone, whichever side placed it: signalling, sound, and what happened when."""

from __future__ import annotations

import functools
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lab.control import ControlLoop
from lab.hearing import TONE_SHARE, HalfSecond, Hearing
from lab.saying import Saying, source_of
from softswitch.media import Codec, MediaEngine, Port, PortQuality, RemoteMedia, UnusableAddress
from softswitch.sip.causes import Cause, cause_of_status, sip_status
from softswitch.sip.dialog import Dialog
from softswitch.sip.sdp import Description, Direction, OurSide, SdpError, choose_codec, read_description

CODECS: Final = ("PCMA", "PCMU")
_KEYS: Final = re.compile(r"(?P<digits>[0-9*#A-Da-d]+)(?:@(?P<at>\d+(?:\.\d+)?))?")
_log = logging.getLogger(__name__)

Witness = Callable[[float, str], None]
"""Is told what happens: seconds since the call began, and a line of text."""


class Side(StrEnum):
    """Who did it, seen from the phone."""

    US = "us"
    THEM = "them"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended. `cause` is a Q.850 name; `status` the SIP answer, when the call was refused."""

    at: float
    hung_up_by: Side
    cause: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """Keys and when: seconds since the call was answered when planned, since it began when done."""

    digits: str
    at: float


class KeysNotUnderstood(ValueError):
    """A plan of keys that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"keys {text!r} are not understood; write for instance 2@3.0 or 1@2.5,4@6")


class CallFailed(AssertionError):
    """What was waited for did not happen; the message tells what did."""


def read_keys(text: str) -> tuple[Pressed, ...]:
    """`2@3.0` is key 2, three seconds after the answer; several by commas; without @ one second after the one before.

    Raises `KeysNotUnderstood`.
    """
    planned: list[Pressed] = []
    for part in filter(None, re.split(r"[,\s]+", text)):
        match = _KEYS.fullmatch(part)
        if match is None:
            raise KeysNotUnderstood(text)
        at = float(match["at"]) if match["at"] else (planned[-1].at if planned else 0.0) + 1.0
        planned.append(Pressed(match["digits"].upper(), at))
    return tuple(planned)


class Conversation:
    """Signalling calls come in the control thread, sound in the media thread; questions and orders from any."""

    def __init__(
        self,
        loop: ControlLoop,
        engine: MediaEngine,
        *,
        ipv6: bool = False,
        say: Saying = None,
        keys: Sequence[Pressed] = (),
        codecs: tuple[str, ...] = CODECS,
        witness: Witness | None = None,
    ) -> None:
        """Opens the media port. Raises `NoMediaPortLeft`, `UnreadableSound`, `UnreadableTone`."""
        self._loop = loop
        self._source = source_of(say)
        self._keys = tuple(keys)
        self._codecs = codecs
        self._witness = witness
        self._began_at = time.monotonic()
        self.hearing = Hearing(self._began_at)
        self.port: Port = engine.open_port(self, ipv6)
        self._ours = OurSide(self.port.local_host, self.port.local_port, secrets.randbits(31))
        self._changed = threading.Condition()
        self.dialog: Dialog | None = None
        self._offer_to_answer: str | None = None
        self.ringing_at: float | None = None
        self.answered_at: float | None = None
        self.ended: Ending | None = None
        self.held = False
        self.digits_sent: list[Pressed] = []
        self.digits_received: list[Pressed] = []
        self.statuses: list[int] = []
        self.recordings: dict[str, str] = {}
        """Finished recordings: path and reason."""

    # Questions

    @property
    def heard(self) -> list[HalfSecond]:
        """What was heard, by half seconds."""
        return self.hearing.halves

    def hears_tone(self, hz: float, seconds: float = 0.5) -> bool:
        """Whether most of what was heard in the last seconds is this tone."""
        return self.hearing.tone_share(hz, seconds) > TONE_SHARE

    def quality(self) -> PortQuality:
        """How well the sound travels."""
        return self.port.quality()

    def seconds(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._began_at

    def wait_ringing(self, timeout: float = 5.0) -> None:
        """Until the other side rings. Raises `CallFailed`."""
        self._wait("rang", lambda: self.ringing_at is not None or self.answered_at is not None, timeout)

    def wait_answered(self, timeout: float = 5.0) -> None:
        """Until the call is answered. Raises `CallFailed`."""
        self._wait("was answered", lambda: self.answered_at is not None, timeout)

    def wait_ended(self, timeout: float = 5.0) -> Ending:
        """Until the call has ended. Raises `CallFailed`."""
        self._wait("ended", lambda: self.ended is not None, timeout, ends=False)
        return self.ended or Ending(0.0, Side.US, "")

    def wait_sound(self, timeout: float = 5.0) -> float:
        """Until anything is heard; returns when that was, in seconds since the call began. Raises `CallFailed`."""
        end = time.monotonic() + timeout
        while self.hearing.sound_began_at is None:
            if time.monotonic() > end:
                raise CallFailed(f"nothing was heard within {timeout} s: {self._story()}")
            time.sleep(0.005)
        return self.hearing.sound_began_at

    def wait_tone(self, hz: float, timeout: float = 5.0, seconds: float = 0.5) -> None:
        """Until a tone is heard. Raises `CallFailed`."""
        end = time.monotonic() + timeout
        while not self.hears_tone(hz, seconds):
            if time.monotonic() > end:
                raise CallFailed(f"no tone of {hz} Hz within {timeout} s: {self._story()}")
            time.sleep(0.02)

    # Orders

    def press(self, digits: str, duration_ms: int = 100) -> None:
        """Press keys, one after another."""
        self.port.send_digits(digits, duration_ms)
        self.digits_sent.append(Pressed(digits, round(self.seconds(), 2)))
        self._tell(f"press {digits}")

    def say(self, saying: Saying) -> None:
        """Say something else from now on. Raises `UnreadableSound`, `UnreadableTone`."""
        source = source_of(saying)
        if source is None:
            self.port.stop_playing()
        else:
            self.port.play(source)

    def hold(self, held: bool = True) -> None:
        """Put the other side on hold by a re-INVITE, or take it back."""
        direction = Direction.SENDONLY if held else Direction.SENDRECV
        self._loop.post(lambda: self.dialog and self.dialog.reoffer(self._ours.offer(self._codecs, direction)))

    def record(self, path: str) -> None:
        """Record in stereo: left the other side, right this phone."""
        self.port.record(path, stereo=True)

    def hang_up(self, cause: Cause = Cause.NORMAL_CLEARING) -> None:
        """End the call: withdraw, refuse or hang up. Does nothing when it has ended."""
        self._loop.post(lambda: self._end(cause))

    # Signalling, in the control thread

    def offer(self) -> str:
        """Our description for an INVITE."""
        return self._ours.offer(self._codecs)

    def accept(self, description: str | None) -> str | None:
        """Our answer to their offer, or our offer to none; None when nothing in it can be spoken."""
        if description is None:
            return self.offer()
        try:
            theirs = read_description(description)
            codec = choose_codec(theirs, self._codecs)
            self._talk_to(theirs, codec)
        except (SdpError, UnusableAddress) as fault:
            _log.debug("their description: %s", fault)
            return None
        return self._ours.answer(theirs, codec)

    def progressed(self, status: int, description: str | None) -> None:
        """See `DialogEvents`."""
        self.statuses.append(status)
        if self.ringing_at is None:
            self.ringing_at = self._now()
        self._tell(f"ringing ({status})")
        self._agree(description)

    def answered(self, description: str | None) -> None:
        """See `DialogEvents`."""
        self._agree(description)
        self._has_begun()

    def refused(self, status: int, phrase: str, q850: int | None) -> None:
        """See `DialogEvents`."""
        self._has_ended(Side.THEM, _cause_name(q850) or cause_of_status(status).name, status)

    def cancelled(self, q850: int | None) -> None:
        """See `DialogEvents`."""
        self._has_ended(Side.THEM, _cause_name(q850) or Cause.ORIGINATOR_CANCEL.name, 487)

    def hung_up(self, q850: int | None) -> None:
        """See `DialogEvents`."""
        self._has_ended(Side.THEM, _cause_name(q850) or Cause.NORMAL_CLEARING.name)

    def acknowledged(self, description: str | None) -> None:
        """See `DialogEvents`."""
        self._agree(description)

    def not_acknowledged(self) -> None:
        """See `DialogEvents`."""
        self._end(Cause.RECOVERY_ON_TIMER_EXPIRE)

    def session_expired(self) -> None:
        """See `DialogEvents`."""
        self._end(Cause.RECOVERY_ON_TIMER_EXPIRE)

    def reoffered(self, description: str | None) -> str | None:
        """See `DialogEvents`."""
        return self.accept(description)

    def offer_settled(self, status: int, description: str | None) -> None:
        """See `DialogEvents`."""
        self._agree(description)

    def keys_pressed(self, digit: str, duration_ms: int) -> None:
        """See `DialogEvents`."""
        self._received(digit)

    def ring(self, offer: str | None) -> None:
        """Let the caller hear that this phone rings."""
        self._offer_to_answer = offer
        self.ringing_at = self._now()
        if self.dialog is not None:
            self.dialog.progress(180)
        self._tell("rings")

    def pick_up(self) -> None:
        """Answer, if it still rings; refuse when nothing in their offer can be spoken."""
        if self.dialog is None or self.answered_at is not None or self.ended is not None:
            return
        description = self.accept(self._offer_to_answer)
        if description is None:
            self._end(Cause.INCOMPATIBLE_DESTINATION)
            return
        self.dialog.answer(description)
        self._has_begun()

    # Sound, in the media threads

    def digit(self, port: Port, digit: str, duration_ms: int) -> None:
        """See `PortListener`."""
        self._received(digit)

    def playback_ended(self, port: Port, playback: int, completed: bool) -> None:
        """See `PortListener`."""

    def recording_ended(self, port: Port, path: str, reason: str) -> None:
        """See `PortListener`."""
        with self._changed:
            self.recordings[path] = reason
            self._changed.notify_all()

    def media_timed_out(self, port: Port) -> None:
        """See `PortListener`."""

    # How it is done

    def _agree(self, description: str | None) -> None:
        if description is not None and self.accept(description) is None:
            self._end(Cause.INCOMPATIBLE_DESTINATION)

    def _talk_to(self, theirs: Description, codec: str) -> None:
        sends = theirs.direction in (Direction.SENDRECV, Direction.SENDONLY)
        self.port.set_remote(
            RemoteMedia(theirs.host, theirs.port, Codec(codec), theirs.digits_type, sends, not theirs.holds_us)
        )
        self.held = theirs.holds_us
        if self.answered_at is None and self.ended is None:
            self.port.follow(self.hearing.listen)

    def _has_begun(self) -> None:
        if self.answered_at is not None:
            return
        if self._source is not None:
            self.port.play(self._source)
        with self._changed:
            self.answered_at = self._now()
            self._changed.notify_all()
        self._tell("answered")
        self._plan_keys()

    def _plan_keys(self) -> None:
        for planned in self._keys:
            self._loop.post_later(planned.at, functools.partial(self._press_if_talking, planned.digits))

    def _press_if_talking(self, digits: str) -> None:
        if self.ended is None:
            self.press(digits)

    def _end(self, cause: Cause) -> None:
        if self.dialog is not None and self.dialog.end(cause, sip_status(cause)):
            self._has_ended(Side.US, cause.name)

    def _has_ended(self, side: Side, cause: str, status: int | None = None) -> None:
        if self.ended is not None:
            return
        self.port.close()
        with self._changed:
            self.ended = Ending(self._now(), side, cause, status)
            self._changed.notify_all()
        self._tell(f"ended by {side}: {cause}" + (f" ({status})" if status else ""))

    def _received(self, digit: str) -> None:
        self.digits_received.append(Pressed(digit, self._now()))
        self._tell(f"receives key {digit}")

    def _now(self) -> float:
        return round(self.seconds(), 3)

    def _tell(self, text: str) -> None:
        if self._witness is not None:
            self._witness(self._now(), text)
        with self._changed:
            self._changed.notify_all()

    def _wait(self, what: str, happened: Callable[[], bool], timeout: float, ends: bool = True) -> None:
        with self._changed:
            self._changed.wait_for(lambda: happened() or (ends and self.ended is not None), timeout)
        if not happened():
            raise CallFailed(f"the call never {what} within {timeout} s: {self._story()}")

    def _story(self) -> str:
        levels = " ".join(f"{half.level:.0f}" for half in self.heard[-8:])
        return (
            f"rang at {self.ringing_at}, answered at {self.answered_at}, ended {self.ended}, "
            f"last levels [{levels}], provisional answers {self.statuses}"
        )


def _cause_name(q850: int | None) -> str | None:
    if q850 is None:
        return None
    return Cause(q850).name if q850 in frozenset(Cause) else f"Q.850 {q850}"


def wait_for_recording(conversation: Conversation, path: str, timeout: float = 5.0) -> str:
    """Until a recording is finished; returns the reason of its end. Raises `CallFailed`."""
    conversation._wait("finished its recording", lambda: path in conversation.recordings, timeout, ends=False)
    return conversation.recordings[path]
