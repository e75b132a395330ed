"""A hundred callers in every state, and the core goes: killed, or told to end. None is lost, order is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from cxcore.ports.controller import ContactRow
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call, wait_until
from tests.system.stage import DIRECT, GENERAL, Stage, until

pytestmark = [pytest.mark.system, pytest.mark.alone]

AGENTS = tuple(f"agent{number}" for number in range(12))
WRAPPING_UP, TALKING, RINGING = AGENTS[:4], AGENTS[4:8], AGENTS[8:]
WAITING, IN_MENU = 72, 20
FULL = 95
"""On a slow machine the switch's fallback may take a few of the hundred."""
DRAIN_SECONDS = 10.0
PACE_SECONDS = 0.04
"""FreeSWITCH takes 30 calls a second unless told otherwise."""


@pytest.fixture
def house(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    queue = {"ring_seconds": 60, "wrap_up_seconds": 120}
    stage = Stage(system_engine, tmp_path, queue=queue, agents=AGENTS)
    try:
        stage.open()
        yield stage
    finally:
        stage.close()
    esl = system_engine.login()
    esl.api("hupall NORMAL_CLEARING")
    wait_until(lambda: esl.api("show channels count").strip().startswith("0 total"), 10)
    esl.close()


def quiet_call(stage: Stage, number: str) -> Call:
    """A caller whose telephone sends no sound: a hundred that do are too much for the machine of a test."""
    call = stage.calls(number)
    call.wait_answered(10)
    call.rtp.stop()
    time.sleep(PACE_SECONDS)
    return call


def fill(stage: Stage) -> list[Call]:
    """Agents wrap up, talk and ring; callers wait and stand in the menu. The devices that ring."""
    stage.log_on(*AGENTS)
    talks = []
    for name in (*WRAPPING_UP, *TALKING):
        caller = quiet_call(stage, DIRECT)
        device = stage.picks_up(name)
        device.rtp.stop()
        talks.append(caller)
    for caller, name in zip(talks, WRAPPING_UP, strict=False):
        stage.sees(name, "talking")
        caller.bye()
        stage.sees(name, "wrap-up")
    ringing = []
    for name in RINGING:
        quiet_call(stage, DIRECT)
        ringing.append(stage.rings(name))
    for _ in range(WAITING):
        quiet_call(stage, DIRECT)
    for _ in range(IN_MENU):
        quiet_call(stage, GENERAL)
    return ringing


def line(stage: Stage) -> list[str]:
    """Those who wait, the first in line first."""
    waiting = [row for row in stage.contacts() if row.state == "waiting" and row.queued_at is not None]
    return [row.contact_id for row in sorted(waiting, key=_queued_at)]


def _queued_at(row: ContactRow) -> tuple[object, str]:
    return row.queued_at, row.contact_id


@pytest.mark.parametrize("how", ["killed", "told-to-end"])
def test_given_a_hundred_callers_when_the_core_goes_then_none_is_lost_and_the_line_keeps_its_order(
    house: Stage, how: str
) -> None:
    ringing = fill(house)
    until(lambda: len(house.contacts()) >= FULL, "a hundred contacts", 10)
    gevent.sleep(0.5)
    before, in_line = {row.contact_id for row in house.contacts()}, line(house)
    if how == "killed":
        house.kill_core()
    else:
        began = time.monotonic()
        house.core.terminate()
        until(lambda: not house.part("core").healthy and bool(house.part("core").reason), "the screens are told")
        assert house.core.wait(DRAIN_SECONDS) == 0
        assert time.monotonic() - began < DRAIN_SECONDS
        with house.storage() as storage:
            assert {each.contact_id for each in storage.contact_log.open_contacts()} == before
    house.restart_core()
    until(lambda: len(house.contacts()) == len(before), "the contacts of before", 10)
    assert {row.contact_id for row in house.contacts()} == before
    assert [contact_id for contact_id in line(house) if contact_id in in_line] == in_line
    for names, state in ((WRAPPING_UP, "wrap-up"), (TALKING, "talking"), (RINGING, "offered")):
        assert [house.agent(name).state for name in names] == [state] * len(names)
    ringing[0].answer()
    house.sees(RINGING[0], "talking")
    for call in list(house.street.calls.values()):
        if not call.ended.is_set():
            call.bye()
    until(lambda: not house.contacts(), "everybody has left", 20)
    with house.storage() as storage:
        until(lambda: not storage.contact_log.open_contacts(), "every contact has its end", 10)
