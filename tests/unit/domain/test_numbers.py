"""Every form in which a number is written, what it becomes, what it is for, and which may be shown."""

from __future__ import annotations

import pytest

from cxcore.domain.numbers import NumberKind, is_emergency, kind_of, may_be_shown, normalised, person_key
from tests.numbering import FORMS


@pytest.mark.parametrize(("written", "meant"), FORMS)
def test_each_form_becomes_the_one_that_is_compared(written: str, meant: str | None) -> None:
    assert normalised(written) == meant


@pytest.mark.parametrize("meant", sorted({meant for _, meant in FORMS if meant}))
def test_what_is_normalised_stays_as_it_is(meant: str) -> None:
    assert normalised(meant) == meant


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("112", NumberKind.EMERGENCY),
        ("14071", NumberKind.SHORT),
        ("140343", NumberKind.SHORT),
        ("1400", NumberKind.SHORT),
        ("116117", NumberKind.SHORT),
        ("113", NumberKind.SHORT),
        ("1850", NumberKind.SHORT),
        ("08001351", NumberKind.FREE),
        ("09008844", NumberKind.PREMIUM),
        ("09061234567", NumberKind.PREMIUM),
        ("+31612345678", NumberKind.MOBILE),
        ("+3197012345678", NumberKind.MACHINE),
        ("+31715550100", NumberKind.GEOGRAPHIC),
        ("+31201234567", NumberKind.GEOGRAPHIC),
        ("+31882345678", NumberKind.BUSINESS),
        ("+31851234567", NumberKind.BUSINESS),
        ("+31841234567", NumberKind.OTHER_NATIONAL),
        ("+4930123456", NumberKind.INTERNATIONAL),
        ("101", NumberKind.INTERNAL),
        ("anonymous", None),
    ],
)
def test_each_number_has_a_kind(number: str, kind: NumberKind | None) -> None:
    assert kind_of(number) is kind


@pytest.mark.parametrize("written", ["112", "+31112", "0031112", " 1 1 2 "])
def test_emergency_number_is_known_in_every_form(written: str) -> None:
    assert is_emergency(written)


@pytest.mark.parametrize("written", ["1121", "0711120112", "+3111212345", "113", "anonymous"])
def test_other_numbers_are_no_emergency(written: str) -> None:
    assert not is_emergency(written)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+31715550100", True),
        ("+31882345678", True),
        ("+31612345678", True),
        ("14071", False),
        ("112", False),
        ("101", False),
        ("09008844", False),
        ("+4930123456", False),
        ("", False),
    ],
)
def test_only_a_number_that_can_be_called_back_may_be_shown(number: str, shown: bool) -> None:
    assert may_be_shown(number) is shown


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("06 12345678", "+31612345678"), ("Karel@Example.nl", "karel@example.nl"), ("Karel", None),
        (" NL.13491208655302741918 ", "NL.13491208655302741918"),
    ],
)  # fmt: skip
def test_person_is_found_by_number_mail_address_or_user_id(written: str, key: str | None) -> None:
    assert person_key(written) == key
