"""Whether rtpengine lives, and whether it began anew."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest

from cxcore.domain.tidings import RelayRestarted, Tiding
from cxcore.monitoring.relay import RelayWatch
from tests.fakes.clock import FakeClock


class Relay:
    """Says how long it has been up; None: nothing."""

    def __init__(self) -> None:
        self.uptime: int | None = None
        self.told: list[Tiding] = []
        self.clock = FakeClock()
        self.watch = RelayWatch(self._ask, self.clock, self.told.append)

    def looked_at(self, *uptimes: int | None) -> list[Tiding]:
        """What is told of looks at these, a second apart."""
        for self.uptime in uptimes:
            self.watch.look()
            self.clock.advance(1)
        return self.told

    def _ask(self) -> Mapping[str, Any]:
        if self.uptime is None:
            raise TimeoutError("no answer")
        return {"statistics": {"totalstatistics": {"uptime": str(self.uptime).encode()}}}


def test_relay_that_is_away_is_shown_and_logged_and_that_it_was_started_anew_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    relay = Relay()
    with caplog.at_level(logging.WARNING):
        assert relay.looked_at(5, 6, None, None) == []
    assert not relay.watch.reading().healthy
    assert caplog.text.count("rtpengine does not answer") == 1
    assert [type(each) for each in relay.looked_at(0, 1)] == [RelayRestarted]
    assert relay.watch.reading().healthy


def test_relay_that_was_slow_to_answer_still_knows_its_calls() -> None:
    relay = Relay()
    assert relay.looked_at(5, 6, None, None, 8, 9, 11) == []
    assert relay.watch.reading().healthy


def test_relay_that_began_anew_between_two_looks_is_known_by_its_uptime() -> None:
    assert len(Relay().looked_at(100, 101, 0, 1)) == 1


def test_of_a_relay_that_never_answered_nothing_is_told() -> None:
    relay = Relay()
    assert relay.looked_at(None, None, 300) == []
    assert relay.watch.reading().healthy
