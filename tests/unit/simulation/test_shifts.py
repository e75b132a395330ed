"""Agents who come, go, take breaks and change queues do so again in a replay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, Command, GoOnBreak, LogOff, LogOn, ServeQueues
from cxcore.domain.events import AgentServes, AgentStatusChanged
from cxcore.domain.queue import QueueId
from cxcore.simulation.shifts import Shifts

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANNA = AgentId("anna")
BURGERZAKEN, RECEPTIE, MILIEU = QueueId("burgerzaken"), QueueId("receptie"), QueueId("milieu")


class Day:
    """Anna's day, fact by fact, a minute apart."""

    def __init__(self, *queue_ids: QueueId) -> None:
        self.shifts = Shifts(queue_ids)
        self._now = START

    def serves(self, *queue_ids: QueueId) -> None:
        self.shifts.hear(AgentServes(self._now, ANNA, queue_ids, ANNA))

    def becomes(self, status: str, reason: str | None = None) -> None:
        self.shifts.hear(AgentStatusChanged(self._now, ANNA, status, reason, ANNA))
        self._now += timedelta(minutes=1)

    def commands(self) -> list[Command]:
        return [command for _, command in self.shifts.commands]


def test_agent_who_logs_on_takes_a_break_and_leaves_does_so_again() -> None:
    day = Day(BURGERZAKEN)
    day.serves(BURGERZAKEN)
    day.becomes("available")
    day.becomes("on-break", "Lunch")
    day.becomes("available")
    day.becomes("logged-off")
    assert day.commands() == [
        LogOn(ANNA, ANNA, (BURGERZAKEN,)),
        GoOnBreak(ANNA, ANNA, "Lunch"),
        BecomeAvailable(ANNA, ANNA),
        LogOff(ANNA, ANNA),
    ]
    assert day.shifts.reasons == {"Lunch"}
    assert [at for at, _ in day.shifts.commands] == [START + timedelta(minutes=n) for n in range(4)]


def test_agent_who_serves_none_of_the_replayed_queues_is_not_there() -> None:
    day = Day(BURGERZAKEN)
    day.serves(MILIEU)
    day.becomes("available")
    assert day.commands() == []
    day.serves(MILIEU, BURGERZAKEN)
    day.serves(MILIEU)
    assert day.commands() == [LogOn(ANNA, ANNA, (BURGERZAKEN,)), LogOff(ANNA, ANNA)]


def test_agent_who_changes_queues_changes_them_again() -> None:
    day = Day(BURGERZAKEN, RECEPTIE)
    day.serves(BURGERZAKEN)
    day.becomes("available")
    day.serves(BURGERZAKEN, RECEPTIE, MILIEU)
    assert day.commands()[1:] == [ServeQueues(ANNA, ANNA, (BURGERZAKEN, RECEPTIE))]
    assert day.shifts.served == {ANNA: {BURGERZAKEN, RECEPTIE}}


def test_agent_who_turns_to_a_replayed_queue_during_a_break_is_on_a_break() -> None:
    day = Day(BURGERZAKEN)
    day.serves(MILIEU)
    day.becomes("on-break", "Overleg")
    day.serves(BURGERZAKEN)
    day.becomes("available")
    assert day.commands() == [
        LogOn(ANNA, ANNA, (BURGERZAKEN,)),
        GoOnBreak(ANNA, ANNA, "Overleg"),
        BecomeAvailable(ANNA, ANNA),
    ]


def test_changing_queues_during_a_break_does_not_end_it() -> None:
    day = Day(BURGERZAKEN, RECEPTIE)
    day.serves(BURGERZAKEN)
    day.becomes("available")
    day.becomes("on-break", "Lunch")
    day.serves(RECEPTIE)
    assert day.commands()[2:] == [ServeQueues(ANNA, ANNA, (RECEPTIE,))]
