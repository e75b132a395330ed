"""Playing to a leg: what a path means, and waiting until it has been heard.

Behaviour follows `switch_ivr_play_file` (switch_ivr_play_say.c).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from softswitch.execution import takes_orders, work_off_messages
from softswitch.leg import Flag, Leg
from softswitch.media import (
    FileSource,
    SilenceSource,
    Source,
    StreamSource,
    ToneSource,
    UnreadableSound,
    UnreadableTone,
)
from softswitch.separating import separate

if TYPE_CHECKING:
    from softswitch.switchboard import Switchboard

log = logging.getLogger(__name__)

OnDigit = Callable[[str], bool]
"""Gets a key that was pressed while something played; True ends the playing."""


class Played(Enum):
    """How it ended: FreeSWITCH's SUCCESS, BREAK, NOTFOUND and FALSE."""

    TO_THE_END = auto()
    CUT_SHORT = auto()
    NOT_FOUND = auto()
    FAILED = auto()


APPLICATION_RESPONSES = {
    Played.TO_THE_END: "FILE PLAYED",
    Played.CUT_SHORT: "FILE PLAYED",
    Played.NOT_FOUND: "FILE NOT FOUND",
    Played.FAILED: "PLAYBACK ERROR",
}


class NotPlayable(Exception):
    """`path` names nothing that can be played; `why` says so for the log."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


def open_source(board: Switchboard, path: str) -> Source:
    """The sound behind a path of the contract. Raises `NotPlayable`."""
    try:
        return _open_source(board, path)
    except (UnreadableSound, UnreadableTone, ValueError) as error:
        raise NotPlayable(path, str(error)) from error


def _open_source(board: Switchboard, path: str) -> Source:
    kind, separator, rest = path.partition("://")
    if not separator:
        return FileSource((path,))
    if kind == "silence_stream":
        milliseconds = int(rest.split(",")[0])
        return SilenceSource(milliseconds if milliseconds >= 0 else ENDLESS_MS)
    if kind == "tone_stream":
        return ToneSource.parse(rest)
    if kind == "local_stream":
        return StreamSource(board.hold_music(rest))
    raise NotPlayable(path, "unknown kind of sound")


OF_ALL = 2
"""The value of `Flag.BREAK` after `uuid_break UUID all`."""
ENDLESS_MS = 10**9
"""`silence_stream://-1`: more than eleven days."""


@dataclass(slots=True)
class _Ending:
    """What ends the playing before its time. `final`: and all that would follow."""

    on_digit: OnDigit | None
    final: bool = False


PAUSE_MS = 250
"""Between the parts of a path, unless `playback_sleep_val` says otherwise."""


async def play(leg: Leg, path: str, on_digit: OnDigit | None = None) -> Played:
    """Play `path` until its end, a break, the leg's end or a key that `on_digit` takes.

    The variable `playback_delimiter` parts a path into several, which are played one after another. How the last one
    ended counts; a break that is not one of all ends one part.
    """
    if not leg.media_up:
        leg.pre_answer()
    ending = _Ending(on_digit)
    played = Played.TO_THE_END
    for number, part in enumerate(_parts(leg, path)):
        if number and not await _pause(leg, ending):
            return Played.CUT_SHORT
        played = await _play_part(leg, part, ending)
        if ending.final or not leg.is_ready():
            break
    return played


def _parts(leg: Leg, path: str) -> list[str]:
    delimiter = (leg.variables.get("playback_delimiter") or "")[:1]
    return separate(path, delimiter, limit=128) if delimiter else [path]


async def _pause(leg: Leg, ending: _Ending) -> bool:
    """The silence between two parts; whether it was not cut short."""
    value = leg.variables.get("playback_sleep_val")
    milliseconds = int(value) if value and value.isdecimal() else PAUSE_MS
    return not milliseconds or await _listen(leg, SilenceSource(milliseconds), ending) is Played.TO_THE_END


async def _play_part(leg: Leg, path: str, ending: _Ending) -> Played:
    try:
        source = open_source(leg.board, path)
    except NotPlayable as error:
        log.warning("leg %s cannot play %s", leg.uuid, error)
        return Played.NOT_FOUND
    facts = {"Playback-File-Path": path}
    for kind in ("local_stream", "tone_stream"):
        if path.startswith(f"{kind}:"):
            facts = {"Playback-File-Type": kind, **facts}
    leg.fire("PLAYBACK_START", trailing=facts)
    started = leg.board.now()
    played = await _listen(leg, source, ending)
    milliseconds = (leg.board.now() - started) // 1000
    leg.variables.set("playback_seconds", str(milliseconds // 1000))
    leg.variables.set("playback_ms", str(milliseconds))
    leg.variables.set("playback_samples", str(milliseconds * 8))
    status = "break" if played is Played.CUT_SHORT else "done"
    leg.fire("PLAYBACK_STOP", trailing={**facts, "Playback-Status": status})
    return played


async def _listen(leg: Leg, source: Source, ending: _Ending) -> Played:
    number = leg.media.play(source)
    try:
        while (ended := _ended(leg, number, ending)) is None:
            if takes_orders(leg):
                await work_off_messages(leg)
                if leg.media.playing != number and leg.is_ready():
                    number = leg.media.play(source)
                continue
            await leg.wake.pause()
        return ended
    finally:
        if leg.media.playing == number and leg.media.last_ended != number:
            leg.media.stop_playing()


def _ended(leg: Leg, number: int, ending: _Ending) -> Played | None:
    if not leg.is_ready():
        return Played.FAILED
    if leg.has(Flag.BREAK):
        ending.final = leg.flags[Flag.BREAK] == OF_ALL
        leg.unmark(Flag.BREAK)
        return Played.CUT_SHORT
    if _takes_a_digit(leg, ending.on_digit):
        ending.final = True
        return Played.CUT_SHORT
    return Played.TO_THE_END if leg.media.last_ended == number else None


def _takes_a_digit(leg: Leg, on_digit: OnDigit | None) -> bool:
    while on_digit is not None and leg.digits:
        digit, _ = leg.digits.popleft()
        if on_digit(digit):
            return True
    return False
