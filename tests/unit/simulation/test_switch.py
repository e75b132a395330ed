"""The simulated switch tells what the fake switch tells, which one suite holds to the engines' adapter
(tests/contract/test_switch_port.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

import pytest

from cxcore.domain.leg import HangUpCause, LegId, OrderId
from cxcore.domain.tidings import LegHungUp, Tiding
from cxcore.ports.switch import Dial, Question, Switch
from cxcore.simulation.agenda import Agenda
from cxcore.simulation.callers import Caller
from cxcore.simulation.switch import SimulatedSwitch
from tests.fakes.clock import FakeClock
from tests.fakes.switch import FakeSwitch

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
CALLER, ANNA, BRAM, NOBODY = (LegId(name) for name in ("caller-1", "anna", "bram", "nobody"))
FIRST = OrderId("order-1")
PROMPT = (PurePath("/prompts/first.wav"),)
Scene = Callable[[Switch], None]


def dialled(switch: Switch, leg_id: LegId) -> None:
    switch.dial(Dial(leg_id, f"sip:{leg_id}@127.0.0.1", "+31715550100", marks={"agent": leg_id}))


def simulated(scene: Scene, then_seconds: float) -> list[Tiding]:
    """What the simulated switch tells of the orders; devices are picked up at once, prompts and patience run out."""
    told: list[Tiding] = []
    agenda = Agenda(START)
    switch = SimulatedSwitch(agenda, told.append, lambda: 0.0)
    switch.call(Caller(START, "+31715550100", 1e6, caller_number="+31612345678"))
    scene(switch)
    until = START + timedelta(seconds=then_seconds)
    while (following := agenda.next_at()) is not None and following <= until:
        agenda.now = following
        agenda.let_happen()
    return [replace(each, at=START) for each in told]


class PickedUp(FakeSwitch):
    """The fake, whose devices ring and are picked up at once."""

    def dial(self, dial: Dial) -> None:
        super().dial(dial)
        self.rings(dial.leg_id)
        self.answers(dial.leg_id)


def faked(scene: Scene, then: Callable[[FakeSwitch], None]) -> list[Tiding]:
    """What the fake tells of the same."""
    told: list[Tiding] = []
    switch = PickedUp(told.append, FakeClock(START))
    switch.arrives(leg_id=CALLER)
    scene(switch)
    then(switch)
    return [_without_sip(replace(each, at=START)) for each in told]


def _without_sip(tiding: Tiding) -> Tiding:
    """Nothing of a simulated call is SIP, so it has no Call-ID."""
    return replace(tiding, call_id="") if isinstance(tiding, LegHungUp) else tiding


def talk(switch: Switch) -> None:
    switch.take(CALLER)
    switch.answer(CALLER)
    dialled(switch, ANNA)
    switch.bridge(CALLER, ANNA)


def hold_and_resume(switch: Switch) -> None:
    talk(switch)
    switch.hold(ANNA, CALLER)
    switch.resume(ANNA, CALLER)


def agent_leaves(switch: Switch) -> None:
    talk(switch)
    switch.hang_up(ANNA)
    switch.play_hold_music(CALLER)


def caller_is_turned_away(switch: Switch) -> None:
    switch.take(CALLER)
    switch.hang_up(CALLER, HangUpCause.BUSY)


def parted(switch: Switch) -> None:
    talk(switch)
    switch.park(ANNA)


def passed_on(switch: Switch) -> None:
    talk(switch)
    dialled(switch, BRAM)
    switch.bridge(CALLER, BRAM)
    switch.hang_up(ANNA)


def gone_legs(switch: Switch) -> None:
    switch.answer(NOBODY)
    switch.say(NOBODY, FIRST, PROMPT)
    switch.ask(NOBODY, FIRST, Question(PROMPT))
    switch.bridge(CALLER, NOBODY)
    switch.hold(NOBODY, CALLER)
    switch.resume(NOBODY, CALLER)
    switch.park(NOBODY)
    switch.hang_up(NOBODY)


@pytest.mark.parametrize(
    "scene", [talk, hold_and_resume, agent_leaves, caller_is_turned_away, parted, passed_on, gone_legs]
)
def test_simulated_switch_tells_the_same_as_the_fake_that_is_held_to_the_engines(scene: Scene) -> None:
    assert simulated(scene, 0) == faked(scene, lambda switch: None)


def test_prompt_ends_after_its_time() -> None:
    def scene(switch: Switch) -> None:
        switch.answer(CALLER)
        switch.say(CALLER, FIRST, PROMPT)

    assert simulated(scene, 60) == faked(scene, lambda switch: switch.ends_prompt(CALLER))


def test_question_without_a_key_times_out() -> None:
    def scene(switch: Switch) -> None:
        switch.answer(CALLER)
        switch.ask(CALLER, FIRST, Question(PROMPT))

    assert simulated(scene, 60) == faked(scene, lambda switch: switch.enters(CALLER, ""))
