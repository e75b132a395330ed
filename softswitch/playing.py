"""Playing to a leg: what a path means, and waiting until it has been heard.

Behaviour follows `switch_ivr_play_file` (switch_ivr_play_say.c).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
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
    if kind == "file_string":
        return FileSource(tuple(part for part in rest.split("!") if part))
    if kind == "silence_stream":
        milliseconds = int(rest.split(",")[0])
        return SilenceSource(milliseconds if milliseconds >= 0 else ENDLESS_MS)
    if kind == "tone_stream":
        return ToneSource.parse(rest)
    if kind == "local_stream":
        return StreamSource(board.hold_music(rest))
    raise NotPlayable(path, "unknown kind of sound")


ENDLESS_MS = 10**9
"""`silence_stream://-1`: more than eleven days."""


async def play(leg: Leg, path: str, on_digit: OnDigit | None = None) -> Played:
    """Play `path` until its end, a break, the leg's end or a key that `on_digit` takes."""
    if not leg.media_up:
        leg.pre_answer()
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
    played = await _listen(leg, source, on_digit)
    milliseconds = (leg.board.now() - started) // 1000
    leg.variables.set("playback_seconds", str(milliseconds // 1000))
    leg.variables.set("playback_ms", str(milliseconds))
    leg.variables.set("playback_samples", str(milliseconds * 8))
    status = "break" if played is Played.CUT_SHORT else "done"
    leg.fire("PLAYBACK_STOP", trailing={**facts, "Playback-Status": status})
    return played


async def _listen(leg: Leg, source: Source, on_digit: OnDigit | None) -> Played:
    number = leg.media.play(source)
    try:
        while (ended := _ended(leg, number, on_digit)) is None:
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


def _ended(leg: Leg, number: int, on_digit: OnDigit | None) -> Played | None:
    if not leg.is_ready():
        return Played.FAILED
    if leg.has(Flag.BREAK):
        leg.unmark(Flag.BREAK)
        return Played.CUT_SHORT
    if _takes_a_digit(leg, on_digit):
        return Played.CUT_SHORT
    return Played.TO_THE_END if leg.media.last_ended == number else None


def _takes_a_digit(leg: Leg, on_digit: OnDigit | None) -> bool:
    while on_digit is not None and leg.digits:
        digit, _ = leg.digits.popleft()
        if on_digit(digit):
            return True
    return False
