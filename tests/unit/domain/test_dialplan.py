"""What is next for a caller."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cxcore.domain.conditions import Moment
from cxcore.domain.contact import FlowPosition
from cxcore.domain.dialplan import Close, Dialplan, Enqueue, GoTo, Menu, Say, after_key, after_step, begin
from cxcore.domain.errors import NotFound
from cxcore.domain.queue import QueueId

NOW = Moment(datetime(2026, 11, 24, 10, tzinfo=UTC), lambda _queue: True)
MENU = Menu("keuze", {"1": "een", "*": "ster"}, otherwise="rest", attempts=3, wrong_key="fout")
PLAN = Dialplan(
    {"+31715550100": "hoofd"},
    {
        "hoofd": (Say("welkom"), MENU),
        "een": (Enqueue(QueueId("een")),),
        "ster": (GoTo("een"),),
        "rest": (Close(),),
        "rond": (GoTo("rond"),),
    },
)


def test_number_leads_to_the_first_step_of_its_flow() -> None:
    entry = PLAN.entry("+31715550100")
    assert entry is not None
    assert begin(PLAN, entry, NOW).step == Say("welkom")


def test_number_that_is_not_ours_leads_nowhere() -> None:
    assert PLAN.entry("+31201234567") is None


def test_past_the_end_of_a_flow_the_call_is_closed() -> None:
    assert after_step(PLAN, FlowPosition("een"), NOW).step == Close()


def test_flow_that_does_not_exist_is_named() -> None:
    with pytest.raises(NotFound, match="there is no flow weg"):
        begin(PLAN, FlowPosition("weg"), NOW)


def test_choice_that_goes_on_elsewhere_is_followed() -> None:
    assert after_key(PLAN, FlowPosition("hoofd", 1), "*", NOW).step == Enqueue(QueueId("een"))


@pytest.mark.parametrize(("key", "told"), [("9", ("fout", "keuze")), ("", ("keuze",))])
def test_wrong_key_or_none_is_asked_again(key: str, told: tuple[str, ...]) -> None:
    due = after_key(PLAN, FlowPosition("hoofd", 1), key, NOW)
    assert (due.step, due.position.attempt, due.prompts) == (MENU, 1, told)


def test_after_the_last_attempt_the_call_goes_where_otherwise_says() -> None:
    assert after_key(PLAN, FlowPosition("hoofd", 1, attempt=2), "9", NOW).step == Close()


def test_endless_goto_is_closed_and_never_hangs() -> None:
    assert begin(PLAN, FlowPosition("rond"), NOW).step == Close()
