"""Which kind a number is of, and which of them a traffic class allows [87]."""

from __future__ import annotations

import pytest

from cxcore.domain.numbers import EMERGENCY_NUMBERS
from cxcore.domain.traffic import NumberKind, TrafficClass, kind_of

NOTHING = TrafficClass("niets", "Niets", frozenset())


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+31715550100", NumberKind.NATIONAL),
        ("+31180512345", NumberKind.NATIONAL),  # 0180, Ridderkerk, is no 18xx
        ("+31883690000", NumberKind.NATIONAL),
        ("14071", NumberKind.NATIONAL),
        ("+31612345678", NumberKind.MOBILE),
        ("+31970102345678", NumberKind.MOBILE),
        ("+318001121", NumberKind.FREE),
        ("116117", NumberKind.FREE),
        ("+319001234", NumberKind.PREMIUM),
        ("+319061234", NumberKind.PREMIUM),
        ("1888", NumberKind.PREMIUM),
        ("+32475123456", NumberKind.INTERNATIONAL),
        ("+49301234567", NumberKind.INTERNATIONAL),
        ("201", NumberKind.INTERNAL),
        ("sip:wijk@192.0.2.7", NumberKind.INTERNAL),
        ("+31715550111", NumberKind.INTERNAL),
    ],
)
def test_kind_of_a_number(number: str, kind: NumberKind) -> None:
    assert kind_of(number, lambda each: each == "+31715550111") is kind


def test_longest_beginning_decides_and_a_denial_before_a_permission() -> None:
    allowed = ("+44", "+4420", "+4930")
    rules = TrafficClass("engeland", "Engeland", frozenset({NumberKind.NATIONAL}), allowed, ("+442", "+4930", "+3170"))
    abroad = NumberKind.INTERNATIONAL
    assert rules.allows("+441234567890", abroad)
    assert not rules.allows("+442912345678", abroad)
    assert rules.allows("+442012345678", abroad)
    assert not rules.allows("+493012345678", abroad)
    assert not rules.allows("+31703123456", NumberKind.NATIONAL)
    assert rules.allows("+31713123456", NumberKind.NATIONAL)
    assert not rules.allows("+31612345678", NumberKind.MOBILE)


@pytest.mark.parametrize("number", sorted(EMERGENCY_NUMBERS))
def test_emergency_number_may_always_be_dialled(number: str) -> None:
    forbidding = TrafficClass("streng", "Streng", frozenset(), (), ("1", "+", number))
    for rules in (NOTHING, forbidding):
        assert rules.allows(number, kind_of(number, lambda _: False))
