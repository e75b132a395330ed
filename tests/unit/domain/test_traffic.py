"""Which kind a number is of, and which of them a traffic class allows [87]."""

from __future__ import annotations

import pytest

from cxcore.domain.numbers import EMERGENCY_NUMBERS
from cxcore.domain.traffic import TrafficClass, TrafficKind, kind_of

NOTHING = TrafficClass("niets", "Niets", frozenset())


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+31715550100", TrafficKind.NATIONAL),
        ("+31180512345", TrafficKind.NATIONAL),  # 0180, Ridderkerk, is no 18xx
        ("+31883690000", TrafficKind.NATIONAL),
        ("14071", TrafficKind.NATIONAL),
        ("+31612345678", TrafficKind.MOBILE),
        ("+31970102345678", TrafficKind.MOBILE),
        ("08001121", TrafficKind.FREE),
        ("+318001121", TrafficKind.FREE),
        ("116117", TrafficKind.FREE),
        ("09001234", TrafficKind.PREMIUM),
        ("+319001234", TrafficKind.PREMIUM),
        ("+319061234", TrafficKind.PREMIUM),
        ("1888", TrafficKind.PREMIUM),
        ("+32475123456", TrafficKind.INTERNATIONAL),
        ("+49301234567", TrafficKind.INTERNATIONAL),
        ("201", TrafficKind.INTERNAL),
        ("sip:wijk@192.0.2.7", TrafficKind.INTERNAL),
        ("+31715550111", TrafficKind.INTERNAL),
    ],
)
def test_kind_of_a_number(number: str, kind: TrafficKind) -> None:
    assert kind_of(number, lambda each: each == "+31715550111") is kind


def test_longest_beginning_decides_and_a_denial_before_a_permission() -> None:
    allowed = ("+44", "+4420", "+4930")
    rules = TrafficClass("engeland", "Engeland", frozenset({TrafficKind.NATIONAL}), allowed, ("+442", "+4930", "+3170"))
    abroad = TrafficKind.INTERNATIONAL
    assert rules.allows("+441234567890", abroad)
    assert not rules.allows("+442912345678", abroad)
    assert rules.allows("+442012345678", abroad)
    assert not rules.allows("+493012345678", abroad)
    assert not rules.allows("+31703123456", TrafficKind.NATIONAL)
    assert rules.allows("+31713123456", TrafficKind.NATIONAL)
    assert not rules.allows("+31612345678", TrafficKind.MOBILE)


@pytest.mark.parametrize("number", sorted(EMERGENCY_NUMBERS))
def test_emergency_number_may_always_be_dialled(number: str) -> None:
    forbidding = TrafficClass("streng", "Streng", frozenset(), (), ("1", "+", number))
    for rules in (NOTHING, forbidding):
        assert rules.allows(number, kind_of(number, lambda _: False))
