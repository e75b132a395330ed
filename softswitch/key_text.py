"""Keys as text: `123@100`, with `w` and `W` as pauses (`switch_core_session_send_dtmf_string`)."""

from __future__ import annotations

from dataclasses import dataclass

from softswitch.leg import Leg

KEYS = frozenset("0123456789*#ABCD")
DEFAULT_MS = 250
SHORTEST_MS = 50
LONGEST_MS = 24_000


@dataclass(frozen=True, slots=True)
class Keys:
    """Digits and how long each sounds, in milliseconds."""

    digits: str
    duration_ms: int


def read_keys(text: str) -> Keys:
    """What is no key is left out."""
    digits, _, duration = text.partition("@")
    milliseconds = int(duration) if duration.isdigit() else DEFAULT_MS
    kept = "".join(character for character in digits.upper() if character in KEYS)
    return Keys(kept, min(max(milliseconds, SHORTEST_MS), LONGEST_MS))


def send_keys(leg: Leg, keys: Keys) -> bool:
    """Send them to the party. False: the leg has no sound, or there is nothing to send."""
    if leg.media.port is None or not keys.digits:
        return False
    leg.media.port.send_digits(keys.digits, keys.duration_ms)
    return True
