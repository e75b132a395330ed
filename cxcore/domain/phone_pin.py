"""Which PINs are good enough for the service number."""

from __future__ import annotations

SHORTEST, LONGEST = 6, 10
"""Digits of a PIN."""
CODE_DIGITS = 6


def fault_of(pin: str, code: str = "") -> str | None:
    """Why a PIN is refused, `no-digits`, `length` or `too-simple`; None for one that will do."""
    if not (pin.isascii() and pin.isdecimal()):
        return "no-digits"
    if not SHORTEST <= len(pin) <= LONGEST:
        return "length"
    return "too-simple" if pin == code or _is_simple(pin) else None


def _is_simple(pin: str) -> bool:
    """One digit over and over, or digits that follow each other up or down: 111111, 123456, 987654."""
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    return steps in ({0}, {1}, {9})
