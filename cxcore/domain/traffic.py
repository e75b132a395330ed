"""Traffic classes: who may dial where [87].

A class allows kinds of numbers and beginnings of numbers, and may deny beginnings. The longest beginning that fits a
number decides, a denial before a permission of the same length; without one its kind does. Emergency numbers may
always be dialled, whatever a class says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from cxcore.domain import numbers
from cxcore.domain.numbers import EMERGENCY_NUMBERS, normalised
from cxcore.domain.records import dataclass


class TrafficKind(StrEnum):
    """What a destination is to those who decide who may dial it; made of the kinds of `domain.numbers`."""

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


_KINDS: Mapping[numbers.NumberKind, TrafficKind] = {
    numbers.NumberKind.EMERGENCY: TrafficKind.NATIONAL,
    numbers.NumberKind.FREE: TrafficKind.FREE,
    numbers.NumberKind.PREMIUM: TrafficKind.PREMIUM,
    numbers.NumberKind.MOBILE: TrafficKind.MOBILE,
    numbers.NumberKind.MACHINE: TrafficKind.MOBILE,
    numbers.NumberKind.GEOGRAPHIC: TrafficKind.NATIONAL,
    numbers.NumberKind.BUSINESS: TrafficKind.NATIONAL,
    numbers.NumberKind.OTHER_NATIONAL: TrafficKind.NATIONAL,
    numbers.NumberKind.INTERNATIONAL: TrafficKind.INTERNATIONAL,
    numbers.NumberKind.INTERNAL: TrafficKind.INTERNAL,
}
_SHORT = (("116", TrafficKind.FREE), ("18", TrafficKind.PREMIUM))


def kind_of(destination: str, is_own: Callable[[str], bool]) -> TrafficKind:
    """The kind of a number or SIP address; `is_own` says of a number whether it is one of the site."""
    number = normalised(destination)
    if number is None or is_own(number):
        return TrafficKind.INTERNAL
    kind = numbers.kind_of(number)
    if kind is numbers.NumberKind.SHORT:
        return next((found for start, found in _SHORT if number.startswith(start)), TrafficKind.NATIONAL)
    return TrafficKind.INTERNATIONAL if kind is None else _KINDS[kind]


@dataclass(frozen=True, slots=True)
class TrafficClass:
    """What its holders may dial. Beginnings are of normalised numbers: `+44`, or a whole number."""

    key: str
    name: str
    kinds: frozenset[TrafficKind]
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    def allows(self, destination: str, kind: TrafficKind) -> bool:
        """Whether a destination of this kind may be dialled."""
        destination = normalised(destination) or destination
        if destination in EMERGENCY_NUMBERS:
            return True
        denied, allowed = _longest(self.denied, destination), _longest(self.allowed, destination)
        if denied or allowed:
            return allowed > denied
        return kind in self.kinds


def _longest(beginnings: tuple[str, ...], destination: str) -> int:
    """The length of the longest beginning that fits; 0 without one."""
    return max((len(each) for each in beginnings if destination.startswith(each)), default=0)
