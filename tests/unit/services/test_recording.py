"""Calls are recorded as their queue says [39]."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import (
    CallNumber,
    CompleteTransfer,
    Consult,
    ExtendRecordingPause,
    HoldContact,
    MoveContact,
    PauseRecording,
    ResumeContact,
    ResumeRecording,
    StartRecording,
    SwapParties,
)
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    ContactOpened,
    RecordingMissed,
    RecordingPaused,
    RecordingPauseExtended,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)
from cxcore.domain.leg import LegId
from cxcore.domain.recording import PAUSE_SECONDS, PauseReason, RecordingMode, RecordingRule
from cxcore.domain.site import Site
from cxcore.domain.tidings import OrderRefused, RecordingClosed
from tests import builders
from tests.fakes.switch import MaskRecording
from tests.fakes.switch import StartRecording as StartOrder
from tests.unit.world import World

ANNA = AgentId("anna")
ALWAYS = RecordingRule(RecordingMode.ALWAYS, days=30)


def site(rule: RecordingRule) -> Site:
    return builders.site((builders.queue(recording=rule), builders.queue(builders.RECEPTIE, priority=1)))


def talking(rule: RecordingRule = ALWAYS) -> tuple[World, LegId, LegId]:
    world = World(site(rule))
    world.log_on("anna")
    caller, device = world.talk()
    return world, caller, device


def masks(world: World) -> list[bool]:
    return [order.masked for order in world.switch.orders if isinstance(order, MaskRecording)]


def is_recorded(world: World, caller: LegId) -> bool:
    return bool(world.switch.legs[caller].recordings)


def test_nobody_is_recorded_before_an_agent_answers() -> None:
    world = World(site(ALWAYS))
    caller = world.calls()
    world.advance(30)
    assert not is_recorded(world, caller)
    world.log_on("anna")
    world.answers(world.ringing())
    assert is_recorded(world, caller)


def test_recording_has_the_identity_of_its_contact() -> None:
    world, caller, _ = talking()
    started, contact_id = world.last_fact(RecordingStarted), world.last_fact(ContactOpened).contact_id
    assert (started.contact_id, started.queue_id, started.agent_id) == (contact_id, builders.BURGERZAKEN, ANNA)
    assert started.days == 30
    assert world.switch.last(StartOrder).path.name == f"{started.recording_id}.wav"
    assert started.recording_id.startswith(f"{contact_id}.")


def test_recording_ends_with_the_contact() -> None:
    world, caller, _ = talking()
    world.hangs_up(caller)
    assert world.last_fact(RecordingStopped).cause == "ended"
    assert not world.floor.recordings


@pytest.mark.parametrize("rule", [RecordingRule(), RecordingRule(RecordingMode.ON_REQUEST)])
def test_queue_that_does_not_record_by_itself_records_nothing(rule: RecordingRule) -> None:
    world, caller, _ = talking(rule)
    world.hangs_up(caller)
    assert not world.all_facts(RecordingStarted)


def test_share_is_about_as_large_as_it_says_and_always_the_same() -> None:
    rule = RecordingRule(RecordingMode.SHARE, 25)
    chosen = [number for number in range(2000) if rule.begins_with(f"contact-{number}")]
    assert 420 < len(chosen) < 580
    assert chosen == [number for number in range(2000) if rule.begins_with(f"contact-{number}")]


def test_nothing_is_recorded_on_hold() -> None:
    world, *_ = talking()
    world.does(HoldContact("anna", ANNA))
    assert masks(world) == [True]
    assert world.last_fact(RecordingPaused).reason is PauseReason.HOLD
    world.does(ResumeContact("anna", ANNA))
    assert masks(world) == [True, False]
    assert len(world.all_facts(RecordingResumed)) == 1


def test_nothing_of_a_consultation_is_recorded_and_the_new_agent_is() -> None:
    world = World(site(ALWAYS))
    world.log_on("anna", "bram")
    caller, device = world.talk()
    world.does(Consult("anna", ANNA, "agent", "bram"))
    (target,) = set(world.switch.dialled_legs()) - {device}
    world.answers(target)
    assert masks(world) == [True]
    world.does(SwapParties("anna", ANNA))
    assert masks(world) == [True, False], "the agent talks with the caller meanwhile"
    world.does(SwapParties("anna", ANNA))
    world.does(CompleteTransfer("anna", ANNA))
    assert masks(world) == [True, False, True, False]
    assert is_recorded(world, caller)


def test_agent_pauses_and_resumes() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    assert (masks(world), world.last_fact(RecordingPaused).by) == ([True], "anna")
    world.does(ResumeRecording("anna", ANNA))
    assert (masks(world), world.last_fact(RecordingResumed).by) == ([True, False], "anna")


def test_pause_of_the_agent_outlasts_a_hold() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.does(HoldContact("anna", ANNA))
    world.does(ResumeContact("anna", ANNA))
    assert masks(world) == [True]
    world.does(ResumeRecording("anna", ANNA))
    assert masks(world) == [True, False]


def test_agent_asks_for_a_recording_where_the_queue_lets_him() -> None:
    world, caller, _ = talking(RecordingRule(RecordingMode.ON_REQUEST))
    world.does(StartRecording("anna", ANNA))
    assert is_recorded(world, caller)
    assert world.last_fact(RecordingStarted).by == "anna"
    with pytest.raises(NotAllowed, match="already"):
        world.does(StartRecording("anna", ANNA))


def test_agent_cannot_record_where_the_queue_says_never() -> None:
    world, *_ = talking(RecordingRule())
    with pytest.raises(NotAllowed, match="not recorded"):
        world.does(StartRecording("anna", ANNA))


def test_agent_without_a_recording_has_nothing_to_pause() -> None:
    world, *_ = talking(RecordingRule())
    with pytest.raises(NotAllowed, match="not recorded"):
        world.does(PauseRecording("anna", ANNA))


def test_direct_calls_have_a_rule_of_their_own() -> None:
    own = "+31715550142"
    plan = replace(site(RecordingRule()), direct_recording=ALWAYS)
    users = {**plan.users, "anna": replace(plan.users["anna"], number=own)}
    world = World(replace(plan, users=users))
    world.log_on("anna")
    caller = world.calls(own)
    assert not world.all_facts(RecordingStarted)
    world.answers(world.ringing())
    assert is_recorded(world, caller)
    assert world.last_fact(RecordingStarted).queue_id is None


def test_call_out_is_recorded_at_the_side_of_who_was_called() -> None:
    world = World(replace(site(RecordingRule()), direct_recording=ALWAYS))
    world.does(CallNumber("anna", ANNA, "0715550142"))
    desk = world.ringing()
    world.answers(desk)
    called = world.ringing()
    assert not world.all_facts(RecordingStarted)
    world.answers(called)
    assert is_recorded(world, called)
    assert not is_recorded(world, desk)


def test_core_that_starts_again_goes_on_with_the_recording() -> None:
    world, caller, _ = talking()
    world.does(PauseRecording("anna", ANNA))
    before = world.last_fact(RecordingStarted).recording_id
    world.advance(5)
    world.restart_core()
    assert len(world.all_facts(RecordingStarted)) == 1
    world.does(ResumeRecording("anna", ANNA))
    assert masks(world) == [True, True, False]
    world.hangs_up(caller)
    assert world.last_fact(RecordingStopped).recording_id == before


def test_full_disk_is_told_and_the_call_goes_on() -> None:
    world = World(site(ALWAYS))
    world.work.room_to_record = lambda: False
    world.log_on("anna")
    caller, _ = world.talk()
    assert not is_recorded(world, caller)
    assert "room" in world.last_fact(RecordingMissed).cause
    world.does(HoldContact("anna", ANNA))
    assert len(world.all_facts(RecordingMissed)) == 1


def test_recording_that_the_switch_could_not_write_on_is_over() -> None:
    world, caller, _ = talking()
    path = world.switch.last(StartOrder).path
    world.inbox.step(RecordingClosed(world.clock.now(), caller, str(path), failed=True))
    assert world.last_fact(RecordingStopped).cause == "failed"
    world.does(HoldContact("anna", ANNA))
    assert masks(world) == []


def test_recording_that_the_switch_refused_is_missed() -> None:
    world, caller, _ = talking()
    world.inbox.step(OrderRefused(world.clock.now(), caller, "start_recording", "-ERR no room"))
    assert world.last_fact(RecordingMissed).cause == "-ERR no room"


def test_caller_who_was_never_answered_leaves_nothing() -> None:
    world = World(site(ALWAYS))
    caller = world.calls()
    contact = world.contact(caller)
    world.does(MoveContact("sofie", contact.contact_id, builders.RECEPTIE))
    world.hangs_up(caller)
    assert not world.all_facts(RecordingStarted)
    assert not world.all_facts(RecordingStopped)


def test_marker_of_another_system_pauses_and_the_agent_has_the_last_word() -> None:
    world, _, _ = talking()
    marked = PauseRecording("recording-marker", ANNA, "marker")
    world.does(marked)
    paused = world.last_fact(RecordingPaused)
    assert (paused.reason, paused.by) == (PauseReason.MARKER, "")
    world.does(ResumeRecording("recording-marker", ANNA, "marker"))
    world.does(marked)
    world.does(ResumeRecording("anna", ANNA))
    assert masks(world) == [True, False, True, False]
    assert world.last_fact(RecordingResumed).by == "anna"


def test_marker_that_ends_leaves_the_pause_of_the_agent() -> None:
    world, _, _ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.does(PauseRecording("recording-marker", ANNA, "marker"))
    world.does(ResumeRecording("recording-marker", ANNA, "marker"))
    assert masks(world) == [True]


# --- A pause that nobody ends ----------------------------------------------------------------------------------------


def resumes_by_itself(world: World) -> bool:
    resumed = world.all_facts(RecordingResumed)
    return bool(resumed) and resumed[-1].by == "deadline"


def test_recording_that_the_agent_forgets_to_resume_goes_on_by_itself() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    assert world.last_fact(RecordingPaused).until == world.clock.now() + timedelta(seconds=PAUSE_SECONDS)
    world.advance(PAUSE_SECONDS - 1)
    assert masks(world) == [True]
    world.advance(1)
    assert masks(world) == [True, False]
    assert resumes_by_itself(world)


def test_queue_says_how_long_a_pause_lasts_and_zero_is_until_somebody_ends_it() -> None:
    world, *_ = talking(replace(ALWAYS, pause_seconds=20))
    world.does(PauseRecording("anna", ANNA))
    world.advance(20)
    assert resumes_by_itself(world)
    world, *_ = talking(replace(ALWAYS, pause_seconds=0))
    world.does(PauseRecording("anna", ANNA))
    assert world.last_fact(RecordingPaused).until is None
    world.advance(3600)
    assert masks(world) == [True]
    with pytest.raises(NotAllowed):
        world.does(ExtendRecordingPause("anna", ANNA))


def test_agent_who_resumes_in_time_is_not_resumed_again() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.does(ResumeRecording("anna", ANNA))
    world.does(PauseRecording("anna", ANNA))
    world.advance(PAUSE_SECONDS - 1)
    assert masks(world) == [True, False, True]


def test_agent_takes_more_time() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.advance(PAUSE_SECONDS - 1)
    world.does(ExtendRecordingPause("anna", ANNA, 60))
    assert world.last_fact(RecordingPauseExtended).until == world.clock.now() + timedelta(seconds=61)
    world.advance(60)
    assert masks(world) == [True]
    world.advance(1)
    assert resumes_by_itself(world)


def test_two_who_ask_for_silence_have_it_until_the_later_time() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.advance(60)
    world.does(PauseRecording("recording-marker", ANNA, "marker"))
    world.advance(PAUSE_SECONDS - 1)
    assert masks(world) == [True]
    world.advance(1)
    assert masks(world) == [True, False]


def test_marker_that_is_told_again_begins_its_time_anew_also_for_the_next_core() -> None:
    world, *_ = talking()
    world.does(PauseRecording("recording-marker", ANNA, "marker"))
    world.advance(100)
    world.does(PauseRecording("recording-marker", ANNA, "marker"))
    world.restart_core()
    world.advance(PAUSE_SECONDS - 1)
    assert False not in masks(world)
    world.advance(1)
    assert resumes_by_itself(world)


def test_time_that_runs_out_on_hold_leaves_silence_until_the_caller_is_back() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.does(HoldContact("anna", ANNA))
    world.advance(PAUSE_SECONDS)
    assert masks(world) == [True]
    world.does(ResumeContact("anna", ANNA))
    assert masks(world) == [True, False]


def test_pause_that_the_agent_begins_on_hold_is_told_and_has_its_time() -> None:
    world, *_ = talking()
    world.does(HoldContact("anna", ANNA))
    world.does(PauseRecording("anna", ANNA))
    told = world.last_fact(RecordingPaused)
    assert (told.reason, told.by) == (PauseReason.AGENT, "anna")
    world.does(ResumeContact("anna", ANNA))
    world.advance(PAUSE_SECONDS)
    assert resumes_by_itself(world)


@pytest.mark.parametrize("away", [5, 3600])
def test_core_that_is_killed_during_a_pause_resumes_neither_too_early_nor_never(away: int) -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.kill_core()
    world.clock.present += timedelta(seconds=away)
    world.restart_core()
    if away < PAUSE_SECONDS:
        assert masks(world) == [True, True], "silence is asked for again"
        world.advance(PAUSE_SECONDS - away - 1)
        assert False not in masks(world)
    world.advance(1)
    assert masks(world)[-1] is False
    assert resumes_by_itself(world)


def test_mark_for_silence_stands_before_the_order_and_that_for_sound_after_it() -> None:
    world, *_ = talking()
    world.does(PauseRecording("anna", ANNA))
    assert [type(order).__name__ for order in world.switch.orders[-2:]] == ["Mark", "MaskRecording"]
    world.does(ResumeRecording("anna", ANNA))
    assert [type(order).__name__ for order in world.switch.orders[-2:]] == ["MaskRecording", "Mark"]


def test_contact_that_is_gone_is_not_resumed() -> None:
    world, caller, _ = talking()
    world.does(PauseRecording("anna", ANNA))
    world.hangs_up(caller)
    world.advance(PAUSE_SECONDS)
    assert not world.all_facts(RecordingResumed)
