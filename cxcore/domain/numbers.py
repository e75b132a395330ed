"""Phone numbers as the core compares them."""

from __future__ import annotations

import re

EMERGENCY_NUMBERS = frozenset({"112", "+31112", "+112"})
"""Never a number of ours nor an agent's device. Directive (EU) 2018/1972, article 109."""

_COUNTRY = "+31"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""ITU-T E.164: at most 15 digits after the plus sign."""
_SHORT = re.compile(r"[1-9][0-9]{1,5}")
_FILLING = re.compile(r"[\s().\-/]")


def is_number(written: str) -> bool:
    """Whether it is a phone number as the core compares them: E.164, or a short one of 2 to 6 digits."""
    return bool(_E164.fullmatch(written) or _SHORT.fullmatch(written))


def normalised(written: str) -> str | None:
    """The number that was probably meant, in the form the core compares; None when it is no number."""
    digits = _FILLING.sub("", written.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = _COUNTRY + digits[1:]
    elif digits.startswith(_COUNTRY[1:]) and len(digits) > len("112233"):
        digits = "+" + digits
    return digits if is_number(digits) else None
