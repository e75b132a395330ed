"""How long sound files take."""

from __future__ import annotations

import wave
from functools import lru_cache
from pathlib import Path, PurePath


def seconds_of_file(path: PurePath) -> float | None:
    """The length of a WAV file; None for one that cannot be read. Its head is read again only when it was changed."""
    try:
        return _seconds(str(path), Path(path).stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=2048)
def _seconds(path: str, _changed_at: int) -> float | None:
    try:
        with wave.open(path, "rb") as file:
            return file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, OSError, ZeroDivisionError):
        return None
