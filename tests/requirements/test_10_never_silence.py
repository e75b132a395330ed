"""Requirement 10: a waiting or held caller never hears silence; an accepted hold tone or music always plays.

Measured on the sound that reaches whoever waits: no half second, wherever it begins, below -50 dBov, on each engine.
Where no packets come, or their timestamps leave sound out, there is silence (`tests/contract/playout.py`); what the
machine kept engine and core from running meanwhile does not count.
Each row of `COURSES` is a way through states and transitions; what is not measured is the time in which callers speak,
and ringing before the answer, which the caller's own network lets hear.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import gevent
import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import (
    CallNumber,
    CompleteTransfer,
    Consult,
    EndEmergency,
    HoldContact,
    LogOff,
    MoveContact,
    ReportSoftphone,
    ResumeContact,
    SetEmergency,
)
from cxcore.domain.contact import ContactId
from cxcore.domain.queue import QueueId
from cxcore.domain.service_line import PROMPTS
from tests.contract.engines import Engine
from tests.contract.playout import ProcessorWaits, played
from tests.contract.sip_peer import Call, SipParty
from tests.contract.sound import Heard, tone, write_wav
from tests.system.conftest import on_stage
from tests.system.stage import ANNOUNCEMENT, DIRECT, GENERAL, HOLD_MUSIC, LATER, MENU, WELCOME, WRONG_KEY, Stage, until

pytestmark = pytest.mark.system

ANNA, BRAM = AgentId("anna"), AgentId("bram")
CALLER, AGENT, OTHER = 1230, 1700, 2500
GREETING, BEEP, CONFIRMED, EMERGENCY, SERVICE, SERVICE_MENU = 880, 1100, 1500, 700, 400, 1900
INTAKE, MESSAGES, ANNAS, CRISIS, SERVICE_LINE, FULL = (f"+3171555010{last}" for last in range(2, 8))
KAREL, PIN = "+31687654321", "864209"
STEP_SECONDS = 0.1
CHECK_SECONDS = 60.0
"""A PIN takes the core long to check on a loaded machine, by design of the hash (argon2id)."""
SOUNDS = {
    "voicemail": GREETING,
    "noodtekst-storing": EMERGENCY,
    "terugbellen-bevestigd": CONFIRMED,
    "terugbellen-al-gevraagd": CONFIRMED,
    "terugbellen-kan-niet": CONFIRMED,
    "dienst-onjuist": EMERGENCY,
    "dienst-code": SERVICE,
    "dienst-pincode": LATER,
    "dienst-menu": SERVICE_MENU,
}
PAGE = "00112233445566778899aabb"
MENU_OF_CRISIS = {"prompt": "hoofdmenu", "choices": {1: "crisisteam", 2: "crisisteam-teams"}, "otherwise": "crisisteam"}


class EveryState(Stage):
    """A site that has every kind of step. Anna has a number of her own and a softphone, of which her party of the tests
    is the SBC."""

    def _write_site(self) -> None:
        for name in PROMPTS:
            write_wav(self.folder / "prompts" / f"{name}.wav", tone(SERVICE, 0.6))
        for name, hertz in SOUNDS.items():
            write_wav(self.folder / "prompts" / f"{name}.wav", tone(hertz, 0.6))
        super()._write_site()

    def _site(self) -> dict[str, object]:
        site = super()._site()
        site["users"] |= {"sofie": {"name": "Sofie", "role": "supervisor"}}  # type: ignore[operator]
        anna = {"number": ANNAS, "queues": {"burgerzaken": 1, "belastingen": 1}, "device": "softphone"}
        site["users"]["anna"] |= anna  # type: ignore[index]
        numbers = {GENERAL: "hoofdmenu", DIRECT: "burgerzaken", INTAKE: "belastingen", MESSAGES: "inspreken"}
        return site | {
            "numbers": numbers | {CRISIS: "burgerzaken", FULL: "vol"},
            "flows": self._flows(),
            "queues": self._queues(site["queues"]["burgerzaken"]),  # type: ignore[index]
            "direct": {"ring_seconds": 8, "unanswered": "niet-opgenomen"},
            "service_number": {"number": SERVICE_LINE, "messages": {1: "welkom"}},
        }

    def _settings(self) -> dict[str, object]:
        settings = super()._settings()
        settings["switch"] |= {"trunk": self.devices["anna"].address}  # type: ignore[operator]
        return settings

    def open(self) -> None:
        super().open()
        self.page_tells()

    def page_tells(self, fault: str | None = None) -> None:
        """Anna's page says whether it can take calls."""
        self.does(ReportSoftphone("anna", ANNA, PAGE, fault))

    def _flows(self) -> dict[str, object]:
        menu = {"prompt": "hoofdmenu", "choices": {1: "burgerzaken"}, "otherwise": "buiten", "attempts": 3}
        menu |= {"wrong_key": "verkeerde-toets", "timeout_seconds": 1}
        outside = {"to": "+31612340000", "ring_seconds": 2}
        return {
            "hoofdmenu": ["answer", {"say": "welkom"}, {"menu": menu}],
            "buiten": [{"transfer": outside}, {"say": "bel-later-terug"}, {"goto": "burgerzaken"}],
            "burgerzaken": [{"queue": "burgerzaken"}],
            "belastingen": [{"queue": "belastingen"}],
            "vol": [{"queue": "vol"}],
            "niet-opgenomen": [{"say": "bel-later-terug"}, {"goto": "burgerzaken"}],
            "terugbellen": [{"callback": "belastingen"}, {"queue": "belastingen"}],
            "inspreken": [{"voicemail": "burgerzaken"}, {"say": "bel-later-terug"}, {"goto": "burgerzaken"}],
            "crisis": [{"menu": MENU_OF_CRISIS}],
            "crisisteam": [{"queue": "crisis"}],
            "crisisteam-teams": [{"transfer": {"to": "+31715550888", "ring_seconds": 20}}, {"goto": "crisisteam"}],
        }

    def _queues(self, plain: dict[str, object]) -> dict[str, object]:
        wait_menu = {"prompt": "hoofdmenu", "choices": {1: "terugbellen", 2: "burgerzaken"}}
        repeat = {"prompt": "bel-later-terug", "every_seconds": 5, "menu": wait_menu}
        announced = {"prompt": "even-geduld", "first_seconds": 0, "repeat": repeat}
        plain |= {"wrap_up_seconds": 0}
        return {
            "burgerzaken": plain,
            "belastingen": plain | {"announcement": announced, "call_back": {"ring_seconds": 8}},
            "crisis": plain,
            "vol": plain | {"maximum_wait": {"seconds": 2, "then": "burgerzaken"}},
        }


class Ear:
    """Hears what reaches people while they wait, and tells where it was silent."""

    def __init__(self, machine: ProcessorWaits) -> None:
        self._machine = machine
        self._stretches: list[tuple[Call, float, float]] = []

    @contextmanager
    def at(self, call: Call) -> Iterator[None]:
        """Listen from here to the end of the block."""
        begun = time.monotonic()
        yield
        self._stretches.append((call, begun, time.monotonic()))

    def silent(self) -> list[str]:
        """Each silent half second: in which stretch, after how many seconds, and its level."""
        assert self._stretches
        return [
            f"stretch {number}, {step * STEP_SECONDS:.1f} s: {heard.level:.0f} dBov"
            for number, (call, begun, ended) in enumerate(self._stretches)
            for step, heard in enumerate(self._played(call, begun, ended).half_seconds(STEP_SECONDS))
            if heard.silent
        ]

    def _played(self, call: Call, begun: float, ended: float) -> Heard:
        return played(call.rtp.packets, begun, ended, self._machine.held_up)


def music(call: Call, seconds: float = 0.8) -> None:
    """Hold music comes, and goes on for so long."""
    until(lambda: call.rtp.hear(0.25).tones & HOLD_MUSIC, "hold music")
    time.sleep(seconds)


def talks(stage: EveryState, number: str = DIRECT) -> tuple[Call, Call]:
    """A caller and Anna in conversation."""
    stage.log_on("anna")
    caller = stage.calls(number)
    device = stage.picks_up("anna", AGENT)
    caller.wait_answered()
    caller.rtp.say(CALLER)
    caller.rtp.hear_tone(AGENT)
    return caller, device


def held_and_resumed(stage: EveryState, waits: Call, says: int = AGENT) -> None:
    stage.does(HoldContact("anna", ANNA))
    music(waits)
    stage.does(ResumeContact("anna", ANNA))
    waits.rtp.hear_tone(says)


def held_by_the_device(device: Call, waits: Call) -> None:
    device.reinvite("inactive")
    music(waits)
    device.reinvite("sendrecv")
    waits.rtp.hear_tone(AGENT)


def lost_and_taken_up(stage: EveryState, device: Call, waits: Call) -> None:
    """The page hears nothing any more; once it can take calls again it is rung anew."""
    stage.page_tells("no-sound")
    assert device.wait_ended()
    music(waits)
    stage.page_tells()
    stage.picks_up("anna", AGENT)
    waits.rtp.hear_tone(AGENT)


# --- The courses -----------------------------------------------------------------------------------------------------


def welcome_menu_wrong_key_number_outside_and_queue(stage: EveryState, trunk: SipParty, ear: Ear) -> None:
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.hear_tone(WELCOME)
    with ear.at(caller):
        caller.rtp.hear_tone(MENU)
        music(caller, 0)
        caller.rtp.press("5")
        caller.rtp.hear_tone(WRONG_KEY)
        outside = trunk.expect_call(15)
        outside.ring()
        for hertz in (LATER, ANNOUNCEMENT):
            caller.rtp.hear_tone(hertz, timeout=15)
        music(caller, 0)


def queue_offer_answer_hold_and_back(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    caller = stage.waits(CALLER)
    with ear.at(caller):
        caller.rtp.hear_tone(ANNOUNCEMENT, timeout=5)
        stage.log_on("anna")
        device = stage.rings("anna")
        music(caller)
        device.answer()
        device.rtp.say(AGENT)
        caller.rtp.hear_tone(AGENT)
        held_and_resumed(stage, caller)


def queue_that_gives_up_and_leads_to_another(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    caller = stage.calls(FULL)
    caller.wait_answered()
    with ear.at(caller):
        music(caller)
        caller.rtp.hear_tone(ANNOUNCEMENT)
        music(caller, 0)


def moved_to_another_queue_by_a_supervisor(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    caller = stage.waits(CALLER)
    with ear.at(caller):
        music(caller, 0)
        (contact,) = stage.contacts()
        stage.does(MoveContact("sofie", ContactId(contact.contact_id), QueueId("crisis")))
        music(caller)


def menu_while_waiting(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    """A wrong key, and one that leads to another queue; without a key: `tests/system/test_waiting.py`."""
    caller = stage.calls(INTAKE)
    caller.wait_answered()
    with ear.at(caller):
        caller.rtp.hear_tone(MENU)
        caller.rtp.press("7")
        music(caller, 0)
        caller.rtp.hear_tone(MENU)
        caller.rtp.press("2")
        music(caller, 0)


def call_back_from_the_request_to_the_conversation(stage: EveryState, trunk: SipParty, ear: Ear) -> None:
    """The customer asks; is called back, held, and then the agent's device is lost."""
    caller = stage.street.call(INTAKE, caller=KAREL)
    caller.wait_answered()
    with ear.at(caller):
        caller.rtp.hear_tone(MENU)
        caller.rtp.press("1")
        caller.rtp.hear_tone(CONFIRMED)
    assert caller.wait_ended()
    stage.log_on("anna")
    device = stage.picks_up("anna", AGENT)
    customer = trunk.expect_call()
    customer.ring()
    device.rtp.hear_tone(425)
    customer.answer()
    with ear.at(customer):
        customer.rtp.hear_tone(AGENT)
        held_and_resumed(stage, customer)
        lost_and_taken_up(stage, device, customer)


def direct_call_that_is_held_consulted_on_and_handed_over(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    caller = stage.calls(ANNAS)
    device = stage.rings("anna")
    caller.wait_status(180)
    device.answer()
    device.rtp.say(AGENT)
    caller.wait_answered()
    with ear.at(caller):
        caller.rtp.hear_tone(AGENT)
        held_by_the_device(device, caller)
        stage.does(Consult("anna", ANNA, "agent", "bram"))
        target = stage.rings("bram")
        music(caller)
        target.answer()
        target.rtp.say(OTHER)
        device.rtp.hear_tone(OTHER)
        stage.does(CompleteTransfer("anna", ANNA))
        caller.rtp.hear_tone(OTHER)


def direct_call_that_is_not_taken(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    """The device cannot be reached: the caller, who heard it ring until now, goes on in the flow for that."""
    caller = stage.calls(ANNAS)
    device = stage.rings("anna")
    caller.wait_status(180)
    device.reject(503)
    caller.wait_answered()
    with ear.at(caller):
        music(caller)


def direct_call_whose_device_is_gone(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    caller, device = talks(stage, ANNAS)
    with ear.at(caller):
        lost_and_taken_up(stage, device, caller)


def call_of_the_queue_whose_device_is_gone(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    caller, device = talks(stage)
    with ear.at(caller):
        lost_and_taken_up(stage, device, caller)


def call_to_a_number_that_is_held_and_whose_device_is_gone(stage: EveryState, trunk: SipParty, ear: Ear) -> None:
    stage.does(CallNumber("anna", ANNA, KAREL))
    device = stage.picks_up("anna", AGENT)
    called = trunk.expect_call()
    called.ring()
    device.rtp.hear_tone(425)
    called.answer()
    called.rtp.say(CALLER)
    with ear.at(called):
        called.rtp.hear_tone(AGENT)
        held_by_the_device(device, called)
        lost_and_taken_up(stage, device, called)


def _hears_the_emergency_menu(stage: EveryState, ear: Ear, key: str, comes: Callable[[], None]) -> None:
    stage.does(SetEmergency("sofie", CRISIS, "noodtekst-storing", "flow", "crisis"))
    caller = stage.calls(CRISIS)
    caller.wait_answered()
    with ear.at(caller):
        caller.rtp.hear_tone(EMERGENCY)
        caller.rtp.hear_tone(MENU)
        music(caller)
        caller.rtp.press(key)
        comes()
        music(caller)
        stage.does(EndEmergency("sofie", CRISIS))
        music(caller)


def emergency_message_menu_and_special_team_here(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    _hears_the_emergency_menu(stage, ear, "1", lambda: until(lambda: stage.contacts()[0].queue_id == "crisis", "queue"))


def emergency_message_menu_and_special_team_in_teams(stage: EveryState, trunk: SipParty, ear: Ear) -> None:
    """Teams answers 183 with silent media."""
    _hears_the_emergency_menu(stage, ear, "2", lambda: trunk.expect_call().progress())


def voice_message(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    """To the beep, and from the key that ends the message on."""
    caller = stage.calls(MESSAGES)
    caller.wait_answered()
    caller.rtp.hear_tone(GREETING)
    with ear.at(caller):
        caller.rtp.hear_tone(BEEP)
    caller.rtp.say(CALLER)
    time.sleep(2.2)
    caller.rtp.press("#")
    time.sleep(0.2)
    with ear.at(caller):
        caller.rtp.hear_tone(LATER)
        music(caller)


def service_number_keyed_slowly(stage: EveryState, _trunk: SipParty, ear: Ear) -> None:
    """Between the keys of the code, a wrong PIN that ends by itself, and the right one."""
    with stage.storage() as storage:
        code = storage.phone_pins.set("sofie", PIN, "aad", datetime.now(UTC)).code  # noqa: TID251
    caller = stage.calls(SERVICE_LINE)
    caller.wait_answered()
    caller.rtp.hear_tone(SERVICE)
    with ear.at(caller):
        caller.rtp.press(code[:3])
        gevent.sleep(1.4)
        caller.rtp.press(f"{code[3:]}#")
        caller.rtp.hear_tone(LATER)
        caller.rtp.press("864208")
        caller.rtp.hear_tone(EMERGENCY, timeout=CHECK_SECONDS)
        caller.rtp.hear_tone(SERVICE)
        caller.rtp.press(f"{code}#")
        caller.rtp.hear_tone(LATER)
        caller.rtp.press(f"{PIN}#")
        caller.rtp.hear_tone(SERVICE_MENU, timeout=CHECK_SECONDS)
        music(caller)


COURSES = (
    welcome_menu_wrong_key_number_outside_and_queue,
    queue_offer_answer_hold_and_back,
    queue_that_gives_up_and_leads_to_another,
    moved_to_another_queue_by_a_supervisor,
    menu_while_waiting,
    call_back_from_the_request_to_the_conversation,
    direct_call_that_is_held_consulted_on_and_handed_over,
    direct_call_that_is_not_taken,
    direct_call_whose_device_is_gone,
    call_of_the_queue_whose_device_is_gone,
    call_to_a_number_that_is_held_and_whose_device_is_gone,
    emergency_message_menu_and_special_team_here,
    emergency_message_menu_and_special_team_in_teams,
    voice_message,
    service_number_keyed_slowly,
)
"""Consultation, transfer and parking: `tests/system/test_transfer.py`; a core that is killed: `test_crash.py`."""


@pytest.fixture(scope="module")
def every_state(system_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EveryState]:
    """One core for all courses of an engine."""
    with on_stage(EveryState(system_engine, tmp_path_factory.mktemp("silence"))) as stage:
        assert isinstance(stage, EveryState)
        yield stage


@pytest.fixture
def stage(every_state: EveryState) -> Iterator[EveryState]:
    """The stage with nobody on it; everybody has left when the test is over."""
    every_state.page_tells()
    yield every_state
    for name in ("anna", "bram"):
        every_state.does(LogOff(name, AgentId(name)))
    esl = every_state.engine.login()
    esl.api("hupall NORMAL_CLEARING")
    esl.close()
    until(lambda: not [row for row in every_state.contacts() if not row.voicemail], "the calls are over")
    until(lambda: all(every_state.agent(name).state == "ready" for name in ("anna", "bram")), "both are ready")


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.__name__)
def test_no_half_second_is_silent(
    stage: EveryState, trunk: SipParty, course: Callable[[EveryState, SipParty, Ear], None]
) -> None:
    with ProcessorWaits(stage.engine.process.pid, stage.core.pid) as machine:
        ear = Ear(machine)
        course(stage, trunk, ear)
        assert ear.silent() == []
