"""Codes and PINs for the service number: hashed, counted, locked for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cxcore.ports.service_desk import PinOutcome, PinRefused
from cxcore.storage import Storage
from cxcore.storage.engine import reading
from cxcore.storage.models import PhonePinRecord

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PIN, WRONG = "864209", "864208"


def test_the_right_pin_with_its_code_is_its_users_and_nothing_else_is(storage: Storage) -> None:
    pins = storage.phone_pins
    sofie, aad = pins.set("sofie", PIN, "sofie", NOW), pins.set("aad", "975310", "aad", NOW)
    assert sofie.code != aad.code
    assert pins.check(sofie.code, PIN, NOW) == PinOutcome("sofie", "sofie")
    assert pins.check(aad.code, PIN, NOW) == PinOutcome(None, "aad")
    assert pins.check("000000", PIN, NOW) == PinOutcome()
    for odd in ("", "*", "9" * 11):
        assert pins.check(odd, odd, NOW) == PinOutcome()


def test_the_pin_is_kept_as_a_hash(storage: Storage) -> None:
    storage.phone_pins.set("sofie", PIN, "aad", NOW)
    with reading(storage.engine) as session:
        row = session.get(PhonePinRecord, "sofie")
        assert row is not None
        assert row.pin_hash.startswith("$argon2id$")
        assert PIN not in row.pin_hash


def test_five_wrong_pins_lock_the_code_for_a_quarter_of_an_hour(storage: Storage) -> None:
    pins = storage.phone_pins
    code = pins.set("sofie", PIN, "aad", NOW).code
    for attempt in range(1, 6):
        assert pins.check(code, WRONG, NOW).locked is (attempt == 5)
    assert pins.check(code, PIN, NOW + timedelta(minutes=14)) == PinOutcome(None, "sofie", locked=True)
    assert pins.all()["sofie"].locked_until == NOW + timedelta(minutes=15)
    assert pins.check(code, PIN, NOW + timedelta(minutes=15)).username == "sofie"


def test_the_right_pin_starts_the_count_anew_and_a_new_pin_ends_a_lock(storage: Storage) -> None:
    pins = storage.phone_pins
    code = pins.set("sofie", PIN, "aad", NOW).code
    for pin in (WRONG, WRONG, WRONG, WRONG, PIN, WRONG):
        assert not pins.check(code, pin, NOW).locked
    for _ in range(4):
        pins.check(code, WRONG, NOW)
    assert pins.set("sofie", "975310", "aad", NOW).code == code
    assert pins.check(code, "975310", NOW).username == "sofie"


@pytest.mark.parametrize("pin", ["12345", "12345678901", "abcdef", "١٢٣٤٥٦", "111111", "123456", "654321", "901234"])
def test_a_pin_that_is_no_good_is_refused(storage: Storage, pin: str) -> None:
    with pytest.raises(PinRefused):
        storage.phone_pins.set("sofie", pin, "aad", NOW)
    assert not storage.phone_pins.all()


def test_a_removed_pin_lets_nobody_in(storage: Storage) -> None:
    code = storage.phone_pins.set("sofie", PIN, "aad", NOW).code
    storage.phone_pins.remove("sofie")
    storage.phone_pins.remove("sofie")
    assert storage.phone_pins.check(code, PIN, NOW) == PinOutcome()
