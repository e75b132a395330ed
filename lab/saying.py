"""What a phone of the lab says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from softswitch.media import FileSource, Source, ToneSource

Saying = str | Path | Callable[[], Source] | None
"""A WAV file, a tone in FreeSWITCH's syntax, what makes a source, or None for silence."""

AGENT_TONE_HZ: Final = 620
AGENT_TONE: Final = f"v=-15;%(1000,0,{AGENT_TONE_HZ});loops=-1"
"""What robot agents say; robot callers know by it that they have reached one."""
CALLER_TONE_HZ: Final = 370
CALLER_TONE: Final = f"v=-18;%(1000,0,{CALLER_TONE_HZ});loops=-1"
FRIENDLY_TONE: Final = "v=-18;%(300,100,523)%(300,100,659)%(500,900,784);loops=-1"


def source_of(saying: Saying) -> Source | None:
    """What to play. Raises `UnreadableSound`, `UnreadableTone`."""
    if saying is None:
        return None
    if callable(saying):
        return saying()
    if "%(" in str(saying):
        return ToneSource.parse(str(saying))
    return FileSource([saying])
