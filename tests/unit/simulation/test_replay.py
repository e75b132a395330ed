"""A recorded day once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cxcore.domain.events import AgentServes, AgentStatusChanged, Fact
from cxcore.domain.queue import QueueId, StrategyName
from cxcore.simulation.callers import Caller
from cxcore.simulation.figures import Figures, figures_of
from cxcore.simulation.recorded_day import NothingToReplay, RecordedDay, callers_of, read_day
from cxcore.simulation.replay import Arrangement, replay
from cxcore.simulation.sites import number_of
from tests.fakes.history import FakeHistory
from tests.unit.simulation import acted_day
from tests.unit.simulation.acted_day import AGENTS, BURGERZAKEN, MIDNIGHT, NEXT_MIDNIGHT, OPENS, RECEPTIE

BOTH = (BURGERZAKEN, RECEPTIE)


def told(_share: float) -> None:
    """Nobody looks at the progress."""


def recorded(facts: list[Fact], *queue_ids: QueueId) -> RecordedDay:
    return read_day(FakeHistory(facts), MIDNIGHT, NEXT_MIDNIGHT, queue_ids or BOTH, told)


def as_recorded(day: RecordedDay) -> Figures:
    return figures_of("as recorded", day.book, day.until)


def replayed(day: RecordedDay, arrangement: Arrangement, seed: int = 1) -> Figures:
    return replay(acted_day.site(), day, callers_of(day, seed), arrangement, seed, told)


def test_day_that_the_core_recorded_comes_back_the_same() -> None:
    day = recorded(acted_day.acted())
    before = as_recorded(day)
    assert before.offered > 200
    assert before.abandoned > 10
    assert replayed(day, Arrangement(StrategyName.LINEAR)) == replace(before, name="linear")


def test_same_seed_gives_the_same_figures_and_another_one_does_not() -> None:
    day = recorded(acted_day.acted())
    three, again = (replayed(day, Arrangement(agents=3)) for _ in range(2))
    assert three == again
    assert replayed(day, Arrangement(agents=3), seed=2) != three


def test_more_agents_make_waits_shorter_and_fewer_callers_give_up() -> None:
    day = recorded(acted_day.acted())
    few, enough = replayed(day, Arrangement(agents=3)), replayed(day, Arrangement(agents=8))
    assert few.mean_wait is not None
    assert enough.mean_wait is not None
    assert few.mean_wait > 3 * enough.mean_wait
    assert few.abandoned > enough.abandoned
    assert (len(few.handled), len(enough.handled)) == (3, 8)
    assert few.occupancy is not None
    assert enough.occupancy is not None
    assert few.occupancy > 0.75 > enough.occupancy


def test_workload_spreads_the_contacts_and_linear_does_not() -> None:
    day = recorded(acted_day.acted())
    linear, workload = (
        replayed(day, Arrangement(strategy, agents=7)) for strategy in (StrategyName.LINEAR, StrategyName.WORKLOAD)
    )
    assert sum(linear.handled) == pytest.approx(sum(workload.handled), rel=0.05)
    assert linear.handled[-1] - linear.handled[0] > 20
    assert workload.handled[-1] - workload.handled[0] <= 6


def test_queue_by_itself_has_its_own_callers_and_the_agents_who_served_it() -> None:
    day = recorded(acted_day.acted(), RECEPTIE)
    assert {visit.queue_id for visit in day.book.visits.values()} == {RECEPTIE}
    assert set(day.shifts.served) == set(AGENTS[:2])
    before, again = as_recorded(day), replayed(day, Arrangement())
    assert before.offered + before.quick_drops == again.offered + again.quick_drops > 50


def test_call_is_wrapped_up_as_long_as_was_recorded() -> None:
    """Wrap-up shorter and longer than the queue gives, by the agent's own commands."""
    people = [
        Caller(OPENS + timedelta(minutes=minute), number_of(BURGERZAKEN), 100, None, wrap_up)
        for minute, wrap_up in ((1, 7.25), (2, 95.5))
    ]
    day = recorded(acted_day.acted(people=people))
    assert [visit.wrapped_up_seconds for visit in day.arrivals] == [7.25, 95.5]
    again = callers_of(day, 1)
    assert [(caller.talk_seconds, caller.wrap_up_seconds) for caller in again] == [(100, 7.25), (100, 95.5)]


def test_agents_of_the_day_before_who_stayed_logged_on_are_there() -> None:
    facts = acted_day.acted()
    yesterday = MIDNIGHT - timedelta(hours=1)
    stayed = [
        replace(fact, at=yesterday) if isinstance(fact, AgentServes | AgentStatusChanged) and fact.at == OPENS else fact
        for fact in facts
    ]
    day = recorded(sorted(stayed, key=lambda fact: fact.at))
    assert len(day.shifts.served) == 5
    assert replayed(day, Arrangement(StrategyName.LINEAR)).answered == as_recorded(day).answered


def test_agent_and_membership_that_are_configured_no_more_are_there_again() -> None:
    day = recorded(acted_day.acted())
    reduced = replace(acted_day.site(), memberships=acted_day.site().memberships[:2], users={})
    assert len(replay(reduced, day, callers_of(day, 1), Arrangement(), 1, told).handled) == 5


def test_day_on_which_nobody_was_answered_cannot_be_replayed() -> None:
    facts = [fact for fact in acted_day.acted() if type(fact).__name__ not in ("TalkEnded", "ContactAnswered")]
    with pytest.raises(NothingToReplay, match="nobody was answered that day"):
        callers_of(recorded(facts), 1)


def test_day_without_agents_needs_a_number_of_agents() -> None:
    facts = [fact for fact in acted_day.acted() if not isinstance(fact, AgentServes | AgentStatusChanged)]
    day = recorded(facts)
    with pytest.raises(NothingToReplay, match="give a number with --agents"):
        replayed(day, Arrangement())
    assert replayed(day, Arrangement(agents=5)).answered > 200


def test_progress_goes_up_to_the_end() -> None:
    day = recorded(acted_day.acted())
    shares: list[float] = []
    replay(acted_day.site(), day, callers_of(day, 1), Arrangement(), 1, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
