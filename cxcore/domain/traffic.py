"""Traffic classes: who may dial where [87].

A class allows kinds of numbers and beginnings of numbers, and may deny beginnings. The longest beginning that fits a
number decides, a denial before a permission of the same length; without one its kind does. Emergency numbers may
always be dialled, whatever a class says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from cxcore.domain.numbers import EMERGENCY_NUMBERS
from cxcore.domain.records import dataclass


class NumberKind(StrEnum):
    """What a destination is, by the Dutch numbering plan (BWBR0010198)."""

    INTERNAL = "internal"
    """A number of the site or of a user, an internal number, a SIP address."""
    NATIONAL = "national"
    """Geographic numbers, 084, 085, 087, 088, 091 and 14xxx."""
    MOBILE = "mobile"
    """06 and 097."""
    FREE = "free"
    """0800 and 116xxx."""
    PREMIUM = "premium"
    """0900, 0906, 0909 and 18xx: the caller pays extra."""
    INTERNATIONAL = "international"
    """Any other country."""
    PHONE_BOOK = "phone-book"
    """What stands in the central phone book, whatever number it has."""


_PUBLIC_SHORT = (
    (re.compile(r"18[0-9]{2}"), NumberKind.PREMIUM),
    (re.compile(r"116[0-9]{3}"), NumberKind.FREE),
    (re.compile(r"14[0-9]{2,4}"), NumberKind.NATIONAL),
)
_DUTCH = (
    ("+3190", NumberKind.PREMIUM),
    ("+3118", NumberKind.PREMIUM),
    ("+31800", NumberKind.FREE),
    ("+316", NumberKind.MOBILE),
    ("+3197", NumberKind.MOBILE),
)
_DUTCH_GEOGRAPHIC = re.compile(r"\+31[1-57][0-9]{8}")


def kind_of(destination: str, is_own: Callable[[str], bool]) -> NumberKind:
    """The kind of a normalised number or SIP address; `is_own` says of a number whether it is one of the site."""
    if not destination.removeprefix("+").isdigit() or is_own(destination):
        return NumberKind.INTERNAL
    if not destination.startswith("+"):
        return next((kind for form, kind in _PUBLIC_SHORT if form.fullmatch(destination)), NumberKind.INTERNAL)
    if not destination.startswith("+31"):
        return NumberKind.INTERNATIONAL
    if _DUTCH_GEOGRAPHIC.fullmatch(destination):  # 0180 is Ridderkerk, and no 18xx
        return NumberKind.NATIONAL
    return next((kind for start, kind in _DUTCH if destination.startswith(start)), NumberKind.NATIONAL)


@dataclass(frozen=True, slots=True)
class TrafficClass:
    """What its holders may dial. Beginnings are of normalised numbers: `+44`, or a whole number."""

    key: str
    name: str
    kinds: frozenset[NumberKind]
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    def allows(self, destination: str, kind: NumberKind) -> bool:
        """Whether a destination of this kind may be dialled."""
        if destination in EMERGENCY_NUMBERS:
            return True
        denied, allowed = _longest(self.denied, destination), _longest(self.allowed, destination)
        if denied or allowed:
            return allowed > denied
        return kind in self.kinds


def _longest(beginnings: tuple[str, ...], destination: str) -> int:
    """The length of the longest beginning that fits; 0 without one."""
    return max((len(each) for each in beginnings if destination.startswith(each)), default=0)
