"""A caller leaves a message, and an agent hears the very sound that the caller spoke."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallSender
from cxcore.ports.controller import ContactRow
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call, SipParty
from tests.contract.sound import tone, write_wav
from tests.system.conftest import on_stage
from tests.system.stage import LATER, Stage, until

pytestmark = pytest.mark.system

GREETING, BEEP, RINGBACK = 880, 1100, 425
MESSAGES = "+31715550106"
KAREL = "+31687654321"
SPOKEN = 1500


class VoicemailStage(Stage):
    """A stage with a number that takes messages."""

    def _write_site(self) -> None:
        write_wav(self.folder / "prompts" / "voicemail.wav", tone(GREETING, 1.2))
        for name in ("terugbellen-bevestigd", "terugbellen-al-gevraagd", "terugbellen-kan-niet"):
            write_wav(self.folder / "prompts" / f"{name}.wav", tone(300, 0.1))
        super()._write_site()

    def _site(self) -> dict[str, object]:
        site = super()._site()
        site["flows"]["inspreken"] = [{"voicemail": "burgerzaken"}, {"say": "bel-later-terug"}, "close"]  # type: ignore[index]
        site["numbers"][MESSAGES] = "inspreken"  # type: ignore[index]
        return site


@pytest.fixture
def stage(system_engine: Engine, tmp_path: Path) -> Iterator[VoicemailStage]:
    """Overrides the stage of the other tests by one that takes messages."""
    with on_stage(VoicemailStage(system_engine, tmp_path, queue={"call_back": {"ring_seconds": 8}})) as stage:
        assert isinstance(stage, VoicemailStage)
        yield stage


def speaks(stage: Stage, seconds: float) -> Call:
    """A caller hears greeting and beep, and says a tone for so long."""
    caller = stage.street.call(MESSAGES, caller=KAREL)
    caller.wait_answered()
    for hertz in (GREETING, BEEP):
        assert caller.rtp.hear_tone(hertz, timeout=8).tones == {hertz}
    caller.rtp.say(SPOKEN)
    gevent.sleep(seconds)
    return caller


def message(stage: Stage) -> ContactRow | None:
    return next((row for row in stage.contacts() if row.voicemail), None)


def hears_the_message(stage: Stage, name: str = "anna") -> Call:
    """The device of the agent is picked up; the one tone that it then hears is the caller's."""
    device = stage.devices[name].expect_call(8)
    device.answer()
    device.rtp.say(1700)
    assert device.rtp.hear_tone(SPOKEN, timeout=8).tones == {SPOKEN}
    return device


def test_given_a_message_ended_by_hash_then_the_agent_hears_it_calls_the_sender_and_wraps_up(
    stage: VoicemailStage, trunk: SipParty
) -> None:
    caller = speaks(stage, 3)
    caller.rtp.press("#")
    assert caller.rtp.hear_tone(LATER, timeout=8).tones == {LATER}
    assert caller.wait_ended()
    until(lambda: stage.queue().messages == 1, "the message waits")
    assert (stage.queue().waiting, stage.queue().offered) == (0, 0)
    stage.log_on("anna")
    device = hears_the_message(stage)
    until(lambda: (row := message(stage)) is not None and row.state == "hearing", "the screens show who hears it")
    until(lambda: device.rtp.hear(0.5).silent, "silence after the message", 10)
    stage.does(CallSender("anna", AgentId("anna")))
    customer = trunk.expect_call()
    assert customer.invite is not None
    assert f"sip:{KAREL}@" in customer.invite.start
    customer.ring()
    assert device.rtp.hear_tone(RINGBACK, timeout=8).tones == {RINGBACK}
    customer.answer()
    customer.rtp.say(1230)
    assert customer.rtp.hear_tone(1700, timeout=8).tones == {1700}
    assert device.rtp.hear_tone(1230, timeout=8).tones == {1230}
    customer.bye()
    assert device.wait_ended()
    stage.sees("anna", "wrap-up")
    assert (stage.queue().messages_heard, stage.queue().answered) == (1, 0)


def test_given_a_message_being_spoken_when_core_and_caller_go_then_what_was_recorded_reaches_the_agent(
    stage: VoicemailStage,
) -> None:
    caller = speaks(stage, 4)
    stage.kill_core()
    gevent.sleep(0.5)
    caller.bye()
    gevent.sleep(0.5)
    stage.restart_core()
    until(lambda: stage.queue().messages == 1, "the message was found again")
    row = message(stage)
    assert row is not None
    assert row.caller_number == KAREL
    assert row.message_seconds is not None
    assert row.message_seconds > 2
    stage.log_on("anna")
    device = hears_the_message(stage)
    stage.kill_core()
    stage.restart_core()
    assert device.rtp.hear_tone(SPOKEN, timeout=8).tones == {SPOKEN}
    device.bye()
    stage.sees("anna", "wrap-up")
    until(lambda: not stage.contacts(), "the message was heard")
