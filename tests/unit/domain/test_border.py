"""What the screens say of trunk and Teams, from what the SBC says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxcore.domain.health import Reading
from cxcore.monitoring.border import BorderWatch

FIRST, SECOND, TEAMS = "192.0.2.1:5060", "192.0.2.2:5060", "sip.pstnhub.microsoft.com:5061"


def readings(told: Mapping[str, Any] | OSError) -> dict[str, Reading]:
    def ask() -> Mapping[str, Any]:
        if isinstance(told, OSError):
            raise told
        return told

    watch = BorderWatch(ask, (FIRST, SECOND), teams=True)
    watch.look()
    return {reading.part: reading for reading in watch.readings()}


def test_lines_that_answer_are_well() -> None:
    found = readings({"peers": {FIRST: "answers", SECOND: "unknown", TEAMS: "answers", "": ""}})
    assert [reading.healthy for reading in found.values()] == [True, True, True]


def test_one_address_that_is_away_is_told_by_name() -> None:
    trunk = readings({"peers": {FIRST: "away", SECOND: "answers"}})["trunk"]
    assert not trunk.healthy
    assert trunk.reason == f"{FIRST} does not answer; calls go by the others"


def test_provider_that_is_away_is_told() -> None:
    found = readings({"peers": {FIRST: "away", SECOND: "away", TEAMS: "away"}})
    assert not found["trunk"].healthy and not found["teams"].healthy
    assert found["trunk"].reason == "none of its addresses answers"


def test_sbc_that_does_not_answer_is_told_alone() -> None:
    found = readings(ConnectionRefusedError())
    assert list(found) == ["sbc"]
    assert not found["sbc"].healthy


def test_refused_attempts_are_counted() -> None:
    watch = BorderWatch(lambda: {"peers": {}, "refused": {"it is a scanner": 7, "": 0}}, (), teams=False)
    watch.look()
    assert watch.refused == {"it is a scanner": 7}
