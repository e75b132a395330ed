"""How the system says how it is."""

from __future__ import annotations

import json

import pytest

from cxcore.domain.health import (
    Health,
    HealthStatus,
    Part,
    Reading,
    read_core,
    read_database,
    read_disk,
    read_inbox,
    read_switch,
    take_stock,
)
from tests.fakes.clock import NOON, FakeClock

GIGABYTE = 1_000_000_000
ALL_WELL = (read_switch(True), read_database(True), read_disk(50 * GIGABYTE, 100 * GIGABYTE), read_inbox(3, 10_000))


def with_ailing(*ailing: Reading) -> Health:
    replaced = {reading.part for reading in ailing}
    return take_stock(None, [*(reading for reading in ALL_WELL if reading.part not in replaced), *ailing], NOON)


def test_all_parts_well_is_healthy_and_gives_no_reasons() -> None:
    health = take_stock(None, ALL_WELL, NOON)

    assert (health.status, health.http_status) == (HealthStatus.HEALTHY, 200)
    assert {part.reason for part in health.parts} == {""}


@pytest.mark.parametrize("ailing", [read_switch(False), read_core(False)])
def test_without_switch_or_core_the_system_is_down(ailing: Reading) -> None:
    health = with_ailing(ailing)

    assert (health.status, health.http_status) == (HealthStatus.DOWN, 503)


@pytest.mark.parametrize(
    "ailing", [read_database(False), read_disk(1 * GIGABYTE, 100 * GIGABYTE), read_inbox(9_000, 10_000)]
)
def test_without_another_part_calls_go_on_and_the_system_is_degraded(ailing: Reading) -> None:
    health = with_ailing(ailing)

    assert (health.status, health.http_status) == (HealthStatus.DEGRADED, 200)


def test_down_outweighs_degraded() -> None:
    assert with_ailing(read_database(False), read_switch(False)).status is HealthStatus.DOWN


def test_a_part_keeps_its_instant_until_it_changes() -> None:
    clock = FakeClock()
    health = take_stock(None, [read_switch(True)], clock.now())
    health = take_stock(health, [read_switch(False, "connection refused")], lost := clock.advance(10))
    health = take_stock(health, [read_switch(False, "timed out")], clock.advance(10))

    assert health.parts == (Part("switch", False, lost, "timed out"),)

    health = take_stock(health, [read_switch(True)], back := clock.advance(10))

    assert health.parts == (Part("switch", True, back),)


@pytest.mark.parametrize(
    ("free", "total", "enough"),
    [
        (50 * GIGABYTE, 100 * GIGABYTE, True),
        (5 * GIGABYTE, 100 * GIGABYTE, True),
        (4 * GIGABYTE, 100 * GIGABYTE, False),
        (400_000_000, 1 * GIGABYTE, False),
        (0, 0, False),
    ],
)
def test_a_disk_needs_a_share_and_an_amount_free(free: int, total: int, enough: bool) -> None:
    assert read_disk(free, total).healthy is enough


def test_the_reason_of_a_full_disk_says_how_full() -> None:
    assert read_disk(400_000_000, 10 * GIGABYTE).reason == "400 MB (4%) free; make room"


@pytest.mark.parametrize(("depth", "keeps_up"), [(0, True), (2_500, True), (2_501, False), (10_000, False)])
def test_an_inbox_may_be_a_quarter_full(depth: int, keeps_up: bool) -> None:
    assert read_inbox(depth, 10_000).healthy is keeps_up


def test_the_body_of_healthz_names_each_part() -> None:
    health = take_stock(None, [read_switch(True), read_database(False)], NOON)

    assert json.loads(json.dumps(health.to_json())) == {
        "status": "degraded",
        "at": "2026-11-23T12:00:00+00:00",
        "parts": {
            "switch": {"healthy": True, "since": "2026-11-23T12:00:00+00:00", "reason": ""},
            "database": {
                "healthy": False,
                "since": "2026-11-23T12:00:00+00:00",
                "reason": "facts are held back, because the database does not take them",
            },
        },
    }
