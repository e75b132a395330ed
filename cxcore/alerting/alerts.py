"""An ear of the inbox: what was raised and cleared goes to the couriers, which deliver it in their own time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cxcore.alerting.courier import Courier
from cxcore.alerting.notices import Notice
from cxcore.domain.events import AlarmCleared, AlarmRaised, Fact
from cxcore.domain.health import Reading, read_alerts
from cxcore.domain.queue import Queue, QueueId


@dataclass(slots=True)
class Alerts:
    """`queue_of` knows a queue's name and whom to mail; `new_identity` names each notice."""

    queue_of: Callable[[QueueId], Queue | None]
    new_identity: Callable[[], str]
    couriers: Sequence[Courier] = field(default_factory=list)

    def hear(self, facts: Sequence[Fact]) -> None:
        """Hand over what these facts tell; never waits."""
        for fact in facts:
            if isinstance(fact, AlarmRaised | AlarmCleared):
                notice = self._notice(fact)
                for courier in self.couriers:
                    courier.hand_over(notice)

    def _notice(self, fact: AlarmRaised | AlarmCleared) -> Notice:
        queue, raised = self.queue_of(fact.queue_id), isinstance(fact, AlarmRaised)
        name, recipients = (fact.queue_id, ()) if queue is None else (queue.name, queue.alarm_mail)
        level = fact.level if isinstance(fact, AlarmRaised) else None
        what = (fact.queue_id, name, fact.kind, fact.value, level, recipients)
        return Notice(self.new_identity(), fact.at, raised, *what)

    def reading(self) -> Reading:
        """Whether notices are being taken, for the health of the system."""
        return read_alerts("; ".join(courier.fault for courier in self.couriers if courier.fault))
