"""The next core knows which alarms are on, and who has seen them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cxcore.domain import events
from cxcore.domain.alarms import Alarm
from cxcore.domain.queue import QueueId
from cxcore.domain.thresholds import AlarmKind
from cxcore.storage import Storage

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BURGERZAKEN = QueueId("burgerzaken")


def test_alarm_that_is_on_is_known_and_one_that_cleared_is_not(storage: Storage) -> None:
    log, later = storage.contact_log, AT + timedelta(minutes=3)
    log.record([events.AlarmRaised(AT, BURGERZAKEN, AlarmKind.MOS, 3.2, 3.8)])
    log.record([events.AlarmRaised(AT, BURGERZAKEN, AlarmKind.WAITING, 9.0, 8.0)])
    log.record([events.AlarmAcknowledged(later, BURGERZAKEN, AlarmKind.WAITING, "sofie")])
    log.record([events.AlarmCleared(later, BURGERZAKEN, AlarmKind.MOS, 4.2)])
    assert log.steering().alarms == (Alarm(BURGERZAKEN, AlarmKind.WAITING, AT, 9.0, 8.0, "sofie", later),)


def test_alarm_that_comes_again_has_been_seen_by_nobody(storage: Storage) -> None:
    log, later = storage.contact_log, AT + timedelta(hours=1)
    log.record([
        events.AlarmRaised(AT, BURGERZAKEN, AlarmKind.WAITING, 9.0, 8.0),
        events.AlarmAcknowledged(AT, BURGERZAKEN, AlarmKind.WAITING, "sofie"),
        events.AlarmCleared(AT, BURGERZAKEN, AlarmKind.WAITING, None),
        events.AlarmRaised(later, BURGERZAKEN, AlarmKind.WAITING, 12.0, 8.0),
    ])  # fmt: skip
    assert log.steering().alarms == (Alarm(BURGERZAKEN, AlarmKind.WAITING, later, 12.0, 8.0),)
