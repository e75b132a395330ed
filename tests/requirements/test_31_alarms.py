"""Requirements 31 and 112: the supervisor has the performance of each queue at hand in real time, and is warned of what
goes wrong, also when the sound of conversations is bad.

How alarms begin and end is shown in `tests/unit/domain/test_alarms.py`, the page in `tests/browser/test_alarms.py`,
mail and webhook in `tests/unit/alerting`.
"""

from __future__ import annotations

from datetime import timedelta

from cxcore.alerting.alerts import Alerts
from cxcore.alerting.courier import Courier
from cxcore.domain.commands import AcknowledgeAlarm
from cxcore.domain.events import AlarmAcknowledged, AlarmRaised, QualityMeasured
from cxcore.domain.thresholds import AlarmKind, Threshold
from cxcore.ports.outbox import KeptLetter, Way
from cxcore.services import alarms
from tests import builders
from tests.fakes.outbox import FakeOutbox
from tests.unit.world import World


def watched(kind: AlarmKind, raise_at: float, clear_at: float) -> World:
    queue = builders.queue(alarms={kind: Threshold(kind, raise_at, clear_at, after_seconds=0)}, alarm_mail=("a@b.nl",))
    world = World(builders.site((queue, builders.queue(builders.RECEPTIE))))
    alarms.watch(world.work, world.clock.now())
    return world


def test_line_that_grows_too_long_warns_the_supervisor_who_says_to_have_seen_it() -> None:
    world = watched(AlarmKind.WAITING, 2, 1)
    told: list[KeptLetter] = []
    outbox = FakeOutbox(world.clock.now)
    courier = Courier(Way.MAIL, told.append, outbox, world.clock, timedelta(hours=1), apply=lambda work: work())
    alerts = Alerts(world.floor.site_queue, lambda at: at, [courier])
    world.calls()
    world.calls()
    world.advance(2)
    world.does(AcknowledgeAlarm("sofie", builders.BURGERZAKEN, AlarmKind.WAITING))
    assert world.last_fact(AlarmAcknowledged).by == "sofie"
    (letter,) = alerts.letters_of(world.last_fact(AlarmRaised))
    outbox.add("n1", letter)
    courier.deliver_due()
    assert told[0].letter.subject == "Alarm Burgerzaken: wachtenden: 2"
    assert told[0].letter.recipient == "a@b.nl"


def test_conversations_below_a_mos_of_four_are_measured_and_warned_of() -> None:
    world = watched(AlarmKind.MOS, 4.0, 4.2)
    world.log_on("anna")
    world.switch.mos = 3.6
    for _ in range(2):
        caller, _ = world.talk()
        world.hangs_up(caller)
        world.advance(60)
    assert [fact.mos for fact in world.all_facts(QualityMeasured)] == [3.6] * 4
    assert world.last_fact(AlarmRaised).kind is AlarmKind.MOS
