"""A real call to the service number: code and PIN by keys, a message recorded and in use, an emergency message on [48].

Each prompt of the dialogue is one of a few tones, so that the test follows it by ear.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import gevent
import pytest

from cxcore.domain.emergency import EVERYWHERE
from cxcore.domain.service_line import PROMPTS
from cxcore.ports.audit import AuditQuestion, AuditResult
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call
from tests.contract.sound import tone, write_wav
from tests.system.conftest import on_stage
from tests.system.stage import GENERAL, Stage, silent_half_seconds, until

pytestmark = pytest.mark.system

NUMBER, SOFIE, PIN, WRONG = "+31715550190", "+31687654321", "864209", "864208"
ANYTHING, MENU, CURRENT, SPEAK, VERDICT, DONE = 700, 880, 1500, 1230, 1700, 1900
BEEP, SPOKEN, EMERGENCY = 1100, 2150, 2500
PIN_ASKED, REFUSED = 400, 630
TONES = {
    "dienst-pincode": PIN_ASKED,
    "dienst-onjuist": REFUSED,
    "dienst-menu": MENU,
    "dienst-opnemen": CURRENT,
    "dienst-inspreken": SPEAK,
    "dienst-goedkeuren": VERDICT,
    "dienst-in-gebruik": DONE,
    "dienst-staat-aan": DONE,
}
WITHIN_SECONDS = 2.0


class ServiceStage(Stage):
    """A stage with a service number, and a supervisor."""

    def _write_site(self) -> None:
        for name in PROMPTS:
            write_wav(self.folder / "prompts" / f"{name}.wav", tone(TONES.get(name, ANYTHING), 0.6))
        write_wav(self.folder / "prompts" / "noodtekst-storing.wav", tone(EMERGENCY, 0.6))
        super()._write_site()

    def _site(self) -> dict[str, object]:
        site = super()._site()
        site["users"]["sofie"] = {"name": "Sofie", "role": "supervisor"}  # type: ignore[index]
        texts = {1: {"message": "noodtekst-storing", "hours": 1}}
        return site | {"service_number": {"number": NUMBER, "messages": {1: "welkom"}, "emergency": texts}}

    def code(self) -> str:
        """Sofie has a PIN; her code."""
        with self.storage() as storage:
            return storage.phone_pins.set("sofie", PIN, "aad", datetime.now(UTC)).code  # noqa: TID251


@pytest.fixture
def stage(system_engine: Engine, tmp_path: Path) -> Iterator[ServiceStage]:
    """Overrides the stage of the other tests by one with a service number."""
    with on_stage(ServiceStage(system_engine, tmp_path)) as stage:
        assert isinstance(stage, ServiceStage)
        yield stage


def presses(call: Call, *keys: str, then: int) -> None:
    """Keys, each to a question of its own, and then the tone of the next question."""
    for number, each in enumerate(keys):
        gevent.sleep(0.55 if number else 0.0)
        call.rtp.press(each)
    call.rtp.hear_tone(then, timeout=8)


def hears_next(stage: Stage, hertz: int, since: float) -> None:
    """The next caller of the general number hears this tone first, so soon after the key."""
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.hear_among(hertz, timeout=3)
    assert time.monotonic() - since < WITHIN_SECONDS
    caller.bye()


def test_sofie_records_a_message_and_switches_the_emergency_message_on_by_telephone(stage: ServiceStage) -> None:
    code = stage.code()
    call = stage.street.call(NUMBER, caller=SOFIE)
    call.wait_answered()
    call.rtp.hear_tone(ANYTHING)
    presses(call, f"{code}#", then=PIN_ASKED)
    presses(call, f"{WRONG}#", then=REFUSED)
    presses(call, f"{code}#", then=PIN_ASKED)
    presses(call, f"{PIN}#", then=MENU)
    begun = time.monotonic()
    presses(call, "1", "1", then=CURRENT)
    presses(call, "1", then=BEEP)
    assert not silent_half_seconds([call], begun)
    call.rtp.say(SPOKEN)
    gevent.sleep(2.0)
    call.rtp.press("#")
    call.rtp.say(None)
    call.rtp.hear_tone(SPOKEN, timeout=8)
    call.rtp.hear_tone(VERDICT, timeout=5)
    call.rtp.press("1")
    approved = time.monotonic()
    call.rtp.hear_tone(DONE, timeout=5)
    hears_next(stage, SPOKEN, approved)
    presses(call, "2", "1", then=EMERGENCY)
    call.rtp.press("1")
    confirmed = time.monotonic()
    call.rtp.hear_tone(DONE, timeout=8)
    hears_next(stage, EMERGENCY, confirmed)
    call.bye()
    with stage.storage() as storage:
        until(lambda: EVERYWHERE in {each.scope for each in storage.contact_log.steering().emergencies}, "it is kept")
        period = AuditQuestion(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        entries = storage.audit.entries(period)
    assert {each.actor for each in entries} == {"sofie"}
    assert [(each.action, each.result) for each in reversed(entries)] == [
        ("phone-sign-in", AuditResult.REFUSED),
        ("phone-sign-in", AuditResult.DONE),
        ("message-make", AuditResult.DONE),
        ("message-use", AuditResult.DONE),
        ("emergency-set", AuditResult.DONE),
    ]
    assert {each.origin for each in entries} == {f"tel:{SOFIE}"}
    assert PIN not in stage.whole_core_log() and WRONG not in stage.whole_core_log()
    assert stage.core.poll() is None
