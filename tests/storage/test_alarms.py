"""The next core knows which alarms are on, and who has seen them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cxcore.domain import events
from cxcore.domain.alarms import Alarm
from cxcore.domain.queue import QueueId
from cxcore.domain.thresholds import AlarmKind
from cxcore.ports.outbox import Letter, Way
from cxcore.storage import Storage
from cxcore.storage.contact_log import store
from cxcore.storage.facts import HeldFact

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


def test_letter_is_kept_with_its_fact_and_not_again_when_tables_are_made_anew(storage: Storage) -> None:
    letter = Letter(Way.MAIL, "Alarm", "tekst", "teamleider@example.nl")
    log, now = storage.contact_log, AT + timedelta(hours=1)
    log.send_with(lambda fact: [letter] if isinstance(fact, events.AlarmRaised) else [])
    log.record([events.AlarmRaised(AT, BURGERZAKEN, AlarmKind.WAITING, 9.0, 8.0), events.CoreStarted(AT, 0)])
    log.flush()
    log.rebuild()
    kept = storage.outbox.take(Way.MAIL, now, now + timedelta(minutes=1))
    assert kept is not None
    assert (kept.at, kept.letter) == (AT, letter)
    assert storage.outbox.take(Way.MAIL, now, now) is None


def test_fact_whose_commit_was_in_doubt_has_one_letter(storage: Storage) -> None:
    held = [HeldFact("core-1", 1, events.AlarmRaised(AT, BURGERZAKEN, AlarmKind.WAITING, 9.0, 8.0))]
    for _ in range(2):
        store(storage.engine, held, letters_of=lambda _: [Letter(Way.WEBHOOK, "Alarm", "{}")])
    assert storage.outbox.take(Way.WEBHOOK, AT, AT + timedelta(minutes=1)) is not None
    assert storage.outbox.take(Way.WEBHOOK, AT, AT + timedelta(minutes=1)) is None
