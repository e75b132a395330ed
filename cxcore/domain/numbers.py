"""Phone numbers as the core compares them."""

from __future__ import annotations

import re

from cxcore.domain.records import dataclass

EMERGENCY_NUMBERS = frozenset({"112", "+31112", "+112", "113", "+31113", "144", "+31144"})
"""Never a number of ours nor an agent's device. 112: Directive (EU) 2018/1972, article 109. 113 (prevention of suicide)
and 144 (animals in need) are public numbers of the Dutch numbering plan."""

_COUNTRY = "+31"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""ITU-T E.164: at most 15 digits after the plus sign."""
_SHORT = re.compile(r"[1-9][0-9]{1,5}")
_SHORT_DIALLED_FROM_ABROAD = re.compile(r"\+31(140[0-9]{2,3})")
"""14 and the area code of a municipality: 14071, 140343."""
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


def short_form(number: str) -> str:
    """The municipal number as people dial it, 14071 for +3114071; any other number as it is."""
    found = _SHORT_DIALLED_FROM_ABROAD.fullmatch(number)
    return found[1] if found else number


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers of the same length, from the first up to and including the last, that lead to a flow."""

    first: str
    last: str
    flow: str
    written: str = ""
    """As it stands in the file."""

    def holds(self, number: str) -> bool:
        """Whether the number is one of them."""
        return len(number) == len(self.first) and self.first <= number <= self.last

    def overlaps(self, other: NumberRange) -> bool:
        """Whether a number is in both."""
        return len(self.first) == len(other.first) and self.first <= other.last and other.first <= self.last
