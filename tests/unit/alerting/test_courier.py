"""Letters are delivered in order, again when they were not taken, and never in the way of the core."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

import gevent
import pytest

from cxcore.alerting.alerts import Alerts
from cxcore.alerting.courier import Courier, NotDelivered
from cxcore.domain.events import AlarmCleared, AlarmRaised, CoreStarted
from cxcore.domain.thresholds import AlarmKind
from cxcore.ports.outbox import KeptLetter, Letter, Way
from tests import builders
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import FakeOutbox
from tests.unit.world import START


class Server:
    """The other side of a courier."""

    def __init__(self, refuses: int = 0) -> None:
        self.refuses = refuses
        self.taken: list[str] = []
        self.tried = 0

    def send(self, letter: KeptLetter) -> None:
        self.tried += 1
        if self.tried <= self.refuses:
            raise NotDelivered("the server is away")
        self.taken.append(letter.letter.recipient)


def at_once(work: Callable[[], object]) -> object:
    return work()


def courier(server: Server, outbox: FakeOutbox, clock: FakeClock, hours: int = 1) -> Courier:
    return Courier(Way.MAIL, server.send, outbox, clock, timedelta(hours=hours), pauses=(1.0, 60.0), apply=at_once)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def outbox(clock: FakeClock) -> FakeOutbox:
    return FakeOutbox(clock.now)


def test_letter_that_was_not_taken_is_tried_again_after_ever_longer_pauses(
    clock: FakeClock, outbox: FakeOutbox
) -> None:
    server = Server(refuses=3)
    to_mail = courier(server, outbox, clock)
    outbox.mail("Alarm", "tekst", ["a@example.nl"])
    tried = []
    for _ in range(200):
        to_mail.deliver_due()
        tried.append(server.tried)
        clock.advance(1)
    assert [tried.index(number) for number in (1, 2, 3, 4)] == [0, 1, 61, 121]
    assert (server.taken, outbox.kept) == (["a@example.nl"], {})


def test_address_that_is_refused_stops_no_other(clock: FakeClock, outbox: FakeOutbox) -> None:
    server = Server(refuses=1)
    outbox.mail("Alarm", "tekst", ["a@example.nl", "b@example.nl"])
    courier(server, outbox, clock).deliver_due()
    assert server.taken == ["b@example.nl"]


def test_server_that_never_takes_it_is_given_up_and_told_until_the_next_one_is_taken(
    clock: FakeClock, outbox: FakeOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(refuses=1000)
    to_mail = courier(server, outbox, clock)
    alerts = Alerts(lambda _: None, lambda at: at, [to_mail])
    outbox.mail("Alarm", "tekst", ["a@example.nl"])
    assert alerts.reading().healthy
    for _ in range(70):
        to_mail.deliver_due()
        clock.advance(60)
    tried = server.tried
    assert tried == 61  # one, a second later as soon as it is looked, then each minute of the hour
    assert alerts.reading().reason.endswith("given up: the server is away")
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1
    server.refuses = 0
    outbox.mail("Alarm", "tekst", ["b@example.nl"])
    to_mail.deliver_due()
    assert alerts.reading().healthy
    assert server.taken == ["b@example.nl"]


def test_next_core_tells_at_once_of_what_an_earlier_one_could_not_send(clock: FakeClock, outbox: FakeOutbox) -> None:
    outbox.mail("Alarm", "tekst", ["a@example.nl"])
    courier(Server(refuses=9), outbox, clock).deliver_due()
    next_one = courier(Server(), outbox, clock)
    next_one.deliver_due()
    assert next_one.fault == "the server is away"


def test_server_that_hangs_delays_neither_the_core_nor_another_way(clock: FakeClock, outbox: FakeOutbox) -> None:
    quick, let_go = Server(), threading.Event()

    def hangs(_: KeptLetter) -> None:
        let_go.wait(10)

    slow = Courier(Way.WEBHOOK, hangs, outbox, clock, timedelta(hours=1))
    fast = Courier(Way.MAIL, quick.send, outbox, clock, timedelta(hours=1))
    outbox.add("w1", Letter(Way.WEBHOOK, "Alarm", "{}"))
    outbox.mail("Alarm", "tekst", ["a@example.nl"])
    greenlets = [gevent.spawn(each.run) for each in (slow, fast)]
    with gevent.Timeout(5):
        while not quick.taken:
            gevent.sleep(0.005)
    assert "w1" in outbox.kept
    let_go.set()
    gevent.killall(greenlets)


def test_what_was_raised_and_cleared_becomes_letters_by_each_way_with_the_name_of_the_queue(
    clock: FakeClock, outbox: FakeOutbox
) -> None:
    ways = [Courier(way, Server().send, outbox, clock, timedelta(hours=1)) for way in Way]
    mailed = builders.queue(alarm_mail=("a@example.nl", "b@example.nl"))
    alerts = Alerts(lambda queue_id: mailed if queue_id == builders.BURGERZAKEN else None, lambda at: at, ways)
    raised = alerts.letters_of(AlarmRaised(START, builders.BURGERZAKEN, AlarmKind.WAITING, 9.0, 8.0))
    cleared = alerts.letters_of(AlarmCleared(START, builders.RECEPTIE, AlarmKind.WAITING, 2.0))
    assert [(each.way, each.recipient) for each in raised] == [
        (Way.MAIL, "a@example.nl"), (Way.MAIL, "b@example.nl"), (Way.WEBHOOK, ""),
    ]  # fmt: skip
    assert {each.subject for each in raised} == {"Alarm Burgerzaken: wachtenden: 9"}
    assert [(each.way, each.subject) for each in cleared] == [(Way.WEBHOOK, "Alarm voorbij receptie: wachtenden: 2")]
    assert alerts.letters_of(CoreStarted(START, 0)) == ()
