"""Phone numbers and SIP addresses as an administrator may write them."""

from __future__ import annotations

import re

EMERGENCY_NUMBERS = frozenset({"112", "+31112", "+112"})
"""Never a number of ours nor an agent's device. Directive (EU) 2018/1972, article 109."""

_COUNTRY = "+31"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""ITU-T E.164: at most 15 digits after the plus sign."""
_SHORT = re.compile(r"[1-9][0-9]{1,5}")
_FILLING = re.compile(r"[\s().\-/]")
_SIP = re.compile(
    r"sips?:[A-Za-z0-9_.+-]{1,64}@"
    r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(:[0-9]{1,5})?(;[a-z]+=[A-Za-z0-9.-]+)*"
)
"""RFC 3261 §19.1, without what a dial string of the switch would read as its own signs."""


def is_number(written: str) -> bool:
    """Whether it is a phone number as the core compares them: E.164, or a short one of 2 to 6 digits."""
    return bool(_E164.fullmatch(written) or _SHORT.fullmatch(written))


def is_sip_address(written: str) -> bool:
    """Whether it is a SIP address that can be dialled."""
    return bool(_SIP.fullmatch(written))


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
