"""What facts have sent to people and systems elsewhere: the letters of each alarm that was raised or cleared, and the
lines of chats that go by a messaging service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cxcore.alerting import whatsapp
from cxcore.alerting.courier import Courier
from cxcore.alerting.notices import Notice
from cxcore.domain.events import AlarmCleared, AlarmRaised, ChatWritten, Fact
from cxcore.domain.health import Reading, read_alerts
from cxcore.domain.queue import Queue, QueueId
from cxcore.ports.outbox import Letter, Way


@dataclass(slots=True)
class Alerts:
    """`queue_of` knows a queue's name and whom to mail, `local` gives an instant on the clock of those who read. The
    couriers carry what this site sends at all."""

    queue_of: Callable[[QueueId], Queue | None]
    local: Callable[[datetime], datetime]
    couriers: Sequence[Courier] = field(default_factory=list)

    def letters_of(self, fact: Fact) -> Sequence[Letter]:
        """What this fact has sent; called by the thread that keeps the fact, in the same transaction."""
        if isinstance(fact, ChatWritten):
            return whatsapp.letters_of(fact) if any(each.way is Way.WHATSAPP for each in self.couriers) else ()
        if not isinstance(fact, AlarmRaised | AlarmCleared):
            return ()
        return [letter for courier in self._of_alarms() for letter in self._letters(courier.way, fact)]

    def _of_alarms(self) -> Iterator[Courier]:
        return (courier for courier in self.couriers if courier.way is not Way.WHATSAPP)

    def _letters(self, way: Way, fact: AlarmRaised | AlarmCleared) -> Iterator[Letter]:
        queue = self.queue_of(fact.queue_id)
        notice = _notice(fact, fact.queue_id if queue is None else queue.name)
        if way is Way.WEBHOOK:
            yield Letter(way, notice.subject, notice.posted)
            return
        text = notice.text(self.local(fact.at))
        for recipient in () if queue is None else queue.alarm_mail:
            yield Letter(way, notice.subject, text, recipient)

    def reading(self) -> Reading:
        """Whether letters are being taken, for the health of the system."""
        lines = [each.fault for each in self.couriers if each.way is Way.WHATSAPP and each.fault]
        return read_alerts("; ".join(each.fault for each in self._of_alarms() if each.fault), "; ".join(lines))


def _notice(fact: AlarmRaised | AlarmCleared, name: str) -> Notice:
    level = fact.level if isinstance(fact, AlarmRaised) else None
    return Notice(fact.at, isinstance(fact, AlarmRaised), fact.queue_id, name, fact.kind, fact.value, level)
