"""Consultation and transfer with real SIP and real sound: who hears whom, and whoever drops out, no caller is alone.

One core serves all tests of an engine. The caller says 1230 Hz, Anna 1700 Hz, the target (Bram, or a number outside)
2150 Hz.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import (
    CompleteTransfer,
    Consult,
    JoinParties,
    LogOff,
    SwapParties,
    TakeBack,
    TransferContact,
)
from cxcore.switch.parties import FORWARDED_FROM
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call, SipParty
from tests.system.conftest import on_stage
from tests.system.stage import DIRECT, HOLD_MUSIC, Stage, silent_half_seconds, until

pytestmark = pytest.mark.system
ANNA, BRAM = AgentId("anna"), AgentId("bram")
CALLER, AGENT, TARGET, RINGBACK = 1230, 1700, 2150, 425
OUTSIDE = "+31612340000"


@pytest.fixture(scope="module")
def shared_stage(system_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("transfer")
    with on_stage(Stage(system_engine, folder, queue={"wrap_up_seconds": 0})) as stage:
        yield stage


@dataclass
class Desk:
    """Anna talks with a caller."""

    stage: Stage
    caller: Call
    anna: Call

    def consults_bram(self) -> Call:
        self.stage.does(Consult("anna", ANNA, "agent", "bram"))
        return self.answered(self.stage.rings("bram"))

    def answered(self, call: Call) -> Call:
        call.answer()
        call.rtp.say(TARGET)
        return call

    def with_target(self) -> Call:
        target = self.consults_bram()
        target.rtp.hear_tone(AGENT)
        self.anna.rtp.hear_tone(TARGET)
        self.hears_music(self.caller)
        return target

    def hears_music(self, call: Call) -> None:
        call.rtp.hear_tone(next(iter(HOLD_MUSIC)))

    def talk(self, one: Call, says: int, other: Call, answers: int) -> None:
        """The two hear each other."""
        one.rtp.hear_tone(answers)
        other.rtp.hear_tone(says)


@pytest.fixture
def desk(shared_stage: Stage) -> Iterator[Desk]:
    stage = shared_stage
    stage.log_on("anna")
    caller = stage.waits(CALLER)
    anna = stage.picks_up("anna", AGENT)
    caller.rtp.hear_tone(AGENT)
    began = time.monotonic()
    yield Desk(stage, caller, anna)
    silent = silent_half_seconds([caller], began)
    for name in ("anna", "bram"):
        stage.does(LogOff(name, AgentId(name)))
    caller.bye()
    until(lambda: not stage.contacts(), "the contact is over", 8)
    until(lambda: all(stage.agent(name).state == "ready" for name in ("anna", "bram")), "both are ready", 8)
    assert not silent, "the caller heard silence"


def test_given_a_target_that_sends_silence_then_the_agent_hears_ringback_until_it_answers_and_the_caller_music(
    desk: Desk, trunk: SipParty
) -> None:
    desk.stage.does(Consult("anna", ANNA, "number", OUTSIDE))
    target = trunk.expect_call()
    assert target.invite is not None
    assert "+31715550100" in target.invite.get("From")
    assert target.invite.get(FORWARDED_FROM) == "", "the agent asks; nobody's call is forwarded yet"
    target.progress()
    desk.anna.rtp.hear_pitch(RINGBACK)
    desk.hears_music(desk.caller)
    desk.answered(target)
    desk.talk(desk.anna, AGENT, target, TARGET)
    desk.stage.does(CompleteTransfer("anna", ANNA))
    desk.talk(desk.caller, CALLER, target, TARGET)
    assert desk.anna.wait_ended()
    target.bye()
    assert desk.caller.wait_ended()


def test_given_a_consultation_when_swapped_joined_and_taken_back_then_each_hears_whom_it_should(desk: Desk) -> None:
    target = desk.with_target()
    desk.stage.does(SwapParties("anna", ANNA))
    desk.talk(desk.anna, AGENT, desk.caller, CALLER)
    desk.hears_music(target)
    desk.stage.does(SwapParties("anna", ANNA))
    desk.talk(desk.anna, AGENT, target, TARGET)
    desk.hears_music(desk.caller)
    desk.stage.does(JoinParties("anna", ANNA))
    assert desk.caller.rtp.hear_tones({AGENT, TARGET}).tones == {AGENT, TARGET}
    assert desk.anna.rtp.hear_tones({CALLER, TARGET}).tones == {CALLER, TARGET}
    assert target.rtp.hear_tones({CALLER, AGENT}).tones == {CALLER, AGENT}
    desk.stage.does(TakeBack("anna", ANNA))
    desk.talk(desk.anna, AGENT, desk.caller, CALLER)
    assert target.wait_ended()


def test_given_three_who_talk_when_the_agent_completes_then_caller_and_colleague_go_on_as_one_contact(
    desk: Desk,
) -> None:
    target = desk.with_target()
    desk.stage.does(JoinParties("anna", ANNA))
    target.rtp.hear_tones({CALLER, AGENT})
    desk.stage.does(CompleteTransfer("anna", ANNA))
    desk.talk(desk.caller, CALLER, target, TARGET)
    assert desk.anna.wait_ended()
    desk.stage.sees("bram", "talking")
    (contact,) = desk.stage.contacts()
    assert (contact.agent_id, contact.state) == ("bram", "talking")
    assert desk.stage.queue().answered == desk.stage.queue().offered


@pytest.mark.parametrize(
    ("step", "who", "end"),
    [
        ("ringing", "agent", "target"),
        ("ringing", "target", "agent"),
        ("with-target", "agent", "target"),
        ("with-target", "target", "agent"),
        ("with-caller", "agent", "target"),
        ("with-caller", "target", "agent"),
        ("together", "agent", "target"),
        ("together", "target", "agent"),
        ("together", "caller", "nobody"),
    ],
)
def test_given_a_consultation_when_somebody_drops_out_then_the_caller_is_not_alone(
    desk: Desk, step: str, who: str, end: str
) -> None:
    target = _brought_to(desk, step)
    if who == "target" and step == "ringing":
        target.reject(486)
    else:
        {"agent": desk.anna, "target": target, "caller": desk.caller}[who].bye()
    if step == "ringing" and who == "agent":
        desk.hears_music(desk.caller)
        desk.answered(target)
    if end == "target":
        desk.talk(desk.caller, CALLER, target, TARGET)
    elif end == "agent":
        desk.talk(desk.caller, CALLER, desk.anna, AGENT)
    else:
        assert target.wait_ended()
        assert desk.anna.wait_ended()


def _brought_to(desk: Desk, step: str) -> Call:
    if step == "ringing":
        desk.stage.does(Consult("anna", ANNA, "agent", "bram"))
        target = desk.stage.rings("bram")
        desk.anna.rtp.hear_pitch(RINGBACK)
        return target
    target = desk.with_target()
    if step == "with-caller":
        desk.stage.does(SwapParties("anna", ANNA))
        desk.talk(desk.anna, AGENT, desk.caller, CALLER)
    elif step == "together":
        desk.stage.does(JoinParties("anna", ANNA))
        target.rtp.hear_tones({CALLER, AGENT})
    return target


def test_given_a_direct_transfer_to_a_busy_number_then_the_caller_comes_back_in_front_of_the_queue(
    desk: Desk, trunk: SipParty
) -> None:
    desk.stage.does(TransferContact("anna", ANNA, "number", OUTSIDE))
    assert desk.anna.wait_ended()
    target = trunk.expect_call()
    assert target.invite is not None
    assert target.invite.get(FORWARDED_FROM) == DIRECT
    target.ring()
    desk.hears_music(desk.caller)
    target.reject(486)
    back = desk.stage.picks_up("anna", AGENT)
    desk.talk(desk.caller, CALLER, back, AGENT)


@pytest.mark.parametrize("step", ["ringing", "with-target", "together"])
def test_given_a_consultation_when_the_core_is_killed_then_it_goes_on_and_is_taken_back(desk: Desk, step: str) -> None:
    target = _brought_to(desk, step)
    desk.stage.kill_core()
    desk.stage.restart_core()
    if step == "ringing":
        desk.answered(target)
    target.rtp.hear_among(AGENT)
    until(lambda: desk.stage.contacts()[0].consult_state is not None, "the screens show the consultation")
    desk.stage.does(TakeBack("anna", ANNA))
    desk.talk(desk.anna, AGENT, desk.caller, CALLER)
    assert target.wait_ended()
