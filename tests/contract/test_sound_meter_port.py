"""What every `SoundMeter` must do, run against the fake and against the one that asks rtpengine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import gevent
import pytest

from cxcore.domain.leg import LegId
from cxcore.domain.tidings import SoundMeasured, Tiding
from cxcore.monitoring import bencode
from cxcore.monitoring.sound import MOST_WAITING, RtpengineMeter
from cxcore.ports.sound_meter import NO_SOUND_METER, SoundMeter
from tests.fakes.clock import FakeClock
from tests.fakes.sound_meter import FakeSoundMeter
from tests.ports import free_port

ONE, TWO = LegId("one"), LegId("two")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _tell_all(fake: FakeSoundMeter) -> None:
    for _ in list(fake.asked):
        fake.tells()


class Metered:
    """A meter, and what it told."""

    def __init__(self, kind: str) -> None:
        self.told: list[Tiding] = []
        self.begin: Callable[[], None]
        clock = FakeClock(NOON)
        if kind == "fake":
            fake = FakeSoundMeter(self.told.append, clock)
            self.meter: SoundMeter = fake
            self.begin = lambda: _tell_all(fake)
        else:
            nobody = free_port()
            real = RtpengineMeter(("127.0.0.1", nobody), clock, self.told.append)
            self.meter, self._greenlet = real, gevent.Greenlet(real.run)
            self.begin = self._greenlet.start

    def wait(self, count: int) -> None:
        with gevent.Timeout(10):
            while len(self.told) < count:
                gevent.sleep(0.01)

    def close(self) -> None:
        if isinstance(self.meter, RtpengineMeter):
            self._greenlet.kill()


@pytest.fixture(params=["fake", "rtpengine"])
def metered(request: pytest.FixtureRequest) -> Iterator[Metered]:
    metered = Metered(str(request.param))
    yield metered
    metered.close()


def test_each_question_has_one_outcome_and_none_comes_before_it_returned(metered: Metered) -> None:
    assert metered.meter.measure(ONE, "call-1") and metered.meter.measure(TWO, "call-2")
    assert metered.told == []
    metered.begin()
    metered.wait(2)
    assert metered.told == [SoundMeasured(NOON, ONE, None, None), SoundMeasured(NOON, TWO, None, None)]


def test_who_asks_nobody_hears_that_nothing_follows() -> None:
    assert not NO_SOUND_METER.measure(ONE, "call-1")


def test_too_many_questions_are_refused_at_once() -> None:
    meter = RtpengineMeter(("127.0.0.1", 9), FakeClock(NOON), lambda _: None)
    assert all(meter.measure(ONE, "call") for _ in range(MOST_WAITING))
    assert not meter.measure(ONE, "call")


def test_answer_that_makes_no_sense_ends_nothing() -> None:
    """A stranger who answers in rtpengine's place, then rtpengine, which does not know the call."""
    told: list[Tiding] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        meter = RtpengineMeter(stranger.getsockname(), FakeClock(NOON), told.append)
        greenlet = gevent.spawn(meter.run)
        for answer in (b"rubbish", b"d4:tagsi1ee", bencode.encode({"result": "ok", "tags": [], "SSRC": 5})):
            meter.measure(ONE, "call-1")
            asked, address = gevent.get_hub().threadpool.spawn(stranger.recvfrom, 2048).get(timeout=5)
            stranger.sendto(asked.partition(b" ")[0] + b" " + answer, address)
            with gevent.Timeout(5):
                while not told:
                    gevent.sleep(0.01)
            assert told.pop() == SoundMeasured(NOON, ONE, None, None)
        greenlet.kill()
