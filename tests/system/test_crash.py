"""The core dies in the middle of the work, and another one takes it up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.engines import Engine
from tests.system.database_facts import kinds
from tests.system.stage import GENERAL, HOLD_MUSIC, MENU, Stage, silent_half_seconds, until

SEEN_BY_PEOPLE = (
    "ContactOpened", "ContactQueued", "ContactOffered", "OfferEnded", "ContactAnswered", "TalkEnded", "ContactEnded",
    "WrapUpStarted",
)  # fmt: skip

pytestmark = [pytest.mark.system, pytest.mark.alone]


@pytest.fixture
def patient_stage(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    """Devices ring for so long that even a slow machine has another core by then."""
    stage = Stage(system_engine, tmp_path, queue={"ring_seconds": 120})
    try:
        stage.open()
        yield stage
    finally:
        stage.close()
    esl = system_engine.login()
    esl.api("hupall NORMAL_CLEARING")
    esl.close()


def test_given_callers_in_every_state_when_the_core_is_killed_then_nobody_is_lost_and_order_is_kept(
    patient_stage: Stage,
) -> None:
    stage = patient_stage
    stage.log_on("anna", "bram")
    talking = stage.waits(speaks=1230)
    device = stage.picks_up("anna")
    talking.rtp.hear_tone(1700)
    offered = stage.waits(speaks=1370)
    ringing = stage.rings("bram")
    waiting = [stage.waits(speaks=None) for _ in range(3)]
    in_menu = stage.calls(GENERAL)
    in_menu.wait_answered()
    in_menu.rtp.hear_tone(MENU)
    until(lambda: len(stage.contacts()) == 6, "six contacts on the floor")
    before = [(row.contact_id, row.state) for row in stage.contacts()]

    killed = time.monotonic()
    stage.kill_core()
    talking.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    for caller in waiting:
        assert caller.rtp.hear(0.3).tones & HOLD_MUSIC
    stage.restart_core()
    until(lambda: len(stage.contacts()) == 6, "six contacts after the restart")
    assert [row[0] for row in before] == [row.contact_id for row in stage.contacts()]

    ringing.answer()
    ringing.rtp.say(1900)
    offered.rtp.hear_tone(1900)
    in_menu.rtp.press("1")
    until(lambda: stage.queue().waiting == 4, "the caller of the menu waits too")
    assert not silent_half_seconds([*waiting, talking], killed)
    talking.bye()
    assert device.wait_ended()
    next_device = stage.picks_up("anna")
    waiting[0].rtp.hear_tone(1700)
    next_device.bye()


def test_given_a_core_that_is_killed_right_after_it_acted_then_the_next_one_knows_what_it_did(
    patient_stage: Stage,
) -> None:
    stage = patient_stage
    caller = stage.waits()
    stage.log_on("anna")
    device = stage.rings("anna")
    stage.kill_core()
    stage.restart_core()
    assert stage.agent("anna").status == "available"
    device.answer()
    device.rtp.say(1700)
    caller.rtp.hear_tone(1700)
    caller.bye()
    stage.sees("anna", "wrap-up")
    stage.kill_core()
    stage.restart_core()
    with stage.storage() as storage:
        assert storage.contact_log.open_contacts() == ()
    facts = kinds(f"sqlite:///{stage.state / 'cx.db'}")
    (contact,) = {contact for _, contact in facts}
    assert [facts[kind, contact] for kind in SEEN_BY_PEOPLE] == [1] * len(SEEN_BY_PEOPLE)
