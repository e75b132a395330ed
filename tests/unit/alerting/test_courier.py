"""Notices are delivered in order, again when they were not taken, and never in the way of the core."""

from __future__ import annotations

import threading
from datetime import timedelta

import gevent

from cxcore.alerting.alerts import Alerts
from cxcore.alerting.courier import MOST_WAITING, Courier, NotDelivered
from cxcore.alerting.notices import Notice
from cxcore.domain.events import AlarmCleared, AlarmRaised
from cxcore.domain.thresholds import AlarmKind
from tests import builders
from tests.unit.world import START, MovedClock


class Server:
    """The other side of a courier."""

    def __init__(self, refuses: int = 0) -> None:
        self.refuses = refuses
        self.taken: list[Notice] = []
        self.tried = 0

    def send(self, notice: Notice) -> None:
        self.tried += 1
        if self.tried <= self.refuses:
            raise NotDelivered("the server is away")
        self.taken.append(notice)


def notice(number: int = 1) -> Notice:
    return Notice(f"n{number}", START, True, "balie", "Balie", AlarmKind.WAITING, 9.0)


def courier(server: Server) -> Courier:
    return Courier("mail", server.send, MovedClock(), pauses=(0.0, 0.0))


def test_notice_that_was_not_taken_is_tried_again() -> None:
    server = Server(refuses=2)
    courier(server).deliver(notice())
    assert (server.tried, len(server.taken)) == (3, 1)


def test_server_that_never_takes_it_is_given_up_and_told_until_the_next_one_is_taken() -> None:
    server = Server(refuses=3)
    to_mail = courier(server)
    alerts = Alerts(lambda _: None, lambda: "n1", [to_mail])
    assert alerts.reading().healthy
    to_mail.deliver(notice())
    assert (server.tried, server.taken) == (3, [])
    assert alerts.reading().reason.endswith("the server is away")
    to_mail.deliver(notice(2))
    assert [each.notice_id for each in server.taken] == ["n2"]
    assert alerts.reading().healthy


def test_more_notices_than_there_is_room_for_lose_the_oldest_and_never_wait() -> None:
    server = Server()
    to_mail = courier(server)
    for number in range(MOST_WAITING + 5):
        to_mail.hand_over(notice(number))
    running = gevent.spawn(to_mail.run)
    with gevent.Timeout(10):
        while len(server.taken) < MOST_WAITING:
            gevent.sleep(0.01)
    running.kill()
    assert [each.notice_id for each in server.taken] == [f"n{number}" for number in range(5, MOST_WAITING + 5)]


def test_server_that_hangs_delays_neither_the_core_nor_another_way() -> None:
    quick, let_go = Server(), threading.Event()
    slow = Courier("webhook", lambda _: None if let_go.wait(10) else None, MovedClock())
    fast = courier(quick)
    alerts = Alerts(lambda _: builders.queue(alarm_mail=("a@example.nl",)), lambda: "n1", [slow, fast])
    greenlets = [gevent.spawn(each.run) for each in alerts.couriers]
    alerts.hear([AlarmRaised(START, builders.BURGERZAKEN, AlarmKind.WAITING, 9.0, 8.0)])
    with gevent.Timeout(5):
        while not quick.taken:
            gevent.sleep(0.005)
    let_go.set()
    gevent.killall(greenlets)
    assert quick.taken[0].recipients == ("a@example.nl",)


def test_what_was_raised_and_cleared_becomes_a_notice_with_the_name_of_the_queue() -> None:
    server = Server()
    to_mail = courier(server)
    alerts = Alerts(lambda _: None, lambda: "n1", [to_mail])
    later = START + timedelta(minutes=5)
    alerts.hear([AlarmCleared(later, builders.BURGERZAKEN, AlarmKind.WAITING, 2.0)])
    running = gevent.spawn(to_mail.run)
    with gevent.Timeout(5):
        while not server.taken:
            gevent.sleep(0.005)
    running.kill()
    assert server.taken[0].subject == "Alarm voorbij burgerzaken: wachtenden: 2"
