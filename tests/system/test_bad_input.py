"""Callers and devices that do what nobody expects, by mistake or on purpose, before a core that runs all the while.

All tests of an engine share one core, and whatever a test did, the next one finds the floor empty and the core alive.
Each test takes agents of its own: one whose device could not be reached is left alone for a while.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import LogOff
from tests.contract.engines import Engine
from tests.contract.esl import Esl
from tests.contract.sip_peer import Call, NothingCame, SipParty, wait_until
from tests.system.stage import GENERAL, HOLD_MUSIC, MENU, WELCOME, Stage, until

pytestmark = pytest.mark.system
MUSIC = next(iter(HOLD_MUSIC))
TEAM = tuple(f"agent{number}" for number in range(16))
REST_SECONDS = 11.0
"""How long an agent with a bad device has no part after a test; the core leaves such a device alone for 10 s."""
CALLER = "+31612345678"


class Floor:
    """The shared stage, as one test sees it."""

    def __init__(self, stage: Stage, esl: Esl, rested: dict[str, float]) -> None:
        self.stage, self.esl, self._rested = stage, esl, rested
        self.taken: list[str] = []
        self.unlucky: list[str] = []

    def agent(self) -> str:
        """The name of an agent whose device is free; not logged on."""
        free = (name for name in TEAM if name not in self.taken)
        name = min(free, key=lambda each: self._rested.get(each, 0.0))
        time.sleep(max(self._rested.get(name, 0.0) - time.monotonic(), 0))
        self.taken.append(name)
        return name

    def on_duty(self) -> str:
        """Such an agent, logged on."""
        name = self.agent()
        self.stage.log_on(name)
        return name

    def with_a_bad_device(self) -> str:
        """Such an agent, whom the core will leave alone for a while after this test."""
        self.unlucky.append(self.on_duty())
        return self.unlucky[-1]

    def legs(self) -> list[dict[str, str]]:
        """The legs that live on the switch."""
        return list(json.loads(self.esl.api("show channels as json")).get("rows", []))

    def leg_of(self, call: Call) -> str:
        """The switch's name for the leg of a caller."""
        until(lambda: self._legs_of(call), "the switch lists the leg")
        return self._legs_of(call)[0]

    def _legs_of(self, call: Call) -> list[str]:
        ids = [leg["uuid"] for leg in self.legs()]
        return [leg for leg in ids if self.esl.variable(leg, "sip_call_id") == call.call_id]

    def marks(self, leg: str) -> dict[str, str]:
        """The core's marks on a leg."""
        dump = json.loads(self.esl.api(f"uuid_dump {leg} json"))
        return {name: value for name, value in dump.items() if name.startswith("variable_cx_")}

    def is_empty(self) -> bool:
        return not self.stage.contacts() and not self.legs()

    def comes_empty(self, seconds: float = 5.0) -> None:
        """Wait until nothing is left over on the switch or the screens."""
        until(self.is_empty, f"an empty floor; there is {self.legs()} {self.stage.contacts()}", seconds)

    def takes_a_call(self) -> None:
        """Callers and agents still find each other."""
        caller = self.stage.waits()
        device = self.answers(self.on_duty())
        caller.rtp.hear_tone(1700)
        caller.bye()
        assert device.wait_ended()

    def answers(self, name: str, speaks: int = 1700) -> Call:
        return self.stage.picks_up(name, speaks)

    def clear(self) -> None:
        for name in self.taken:
            self.stage.does(LogOff(name, AgentId(name)))
            self._rested[name] = time.monotonic() + (REST_SECONDS if name in self.unlucky else 0)
        self.esl.api("hupall NORMAL_CLEARING")
        self.comes_empty()


@pytest.fixture(scope="module")
def shared(system_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, dict[str, float]]]:
    stage = Stage(system_engine, tmp_path_factory.mktemp("bad"), agents=TEAM)
    try:
        stage.open()
        yield stage, {}
    finally:
        stage.close()


@pytest.fixture
def floor(shared: tuple[Stage, dict[str, float]]) -> Iterator[Floor]:
    stage, rested = shared
    esl = stage.engine.login()
    floor = Floor(stage, esl, rested)
    yield floor
    floor.clear()
    esl.close()
    assert stage.core.poll() is None, stage.core_log()
    assert stage.engine.process.poll() is None
    assert "Traceback" not in stage.whole_core_log(), stage.core_log()


# --- Names and numbers -----------------------------------------------------------------------------------------------

NAMES = {
    "header-forging": "Jan%0AUnique-ID: {victim}%0Avariable_cx_role: admin%0Avariable_cx_contact: x",
    "twice-encoded": "Jan%250AUnique-ID: {victim}%250Avariable_cx_role: admin",
    "frame-forging": "Jan%0A%0AContent-Length: 3%0AContent-Type: text/disconnect-notice%0A%0Abye",
    "quotes": "Jan \\\" ' de ; Vries, | $ {{ }} ${{cx_role}} [leg_timeout=1] ^^:",
    "8-kB": "x" * 8192,
    "8-kB-percent": "%0A" * 2730,
    "invalid-utf-8": "Jan \xff\xfe\xc3 de Vries",
    "control-signs": "Jan \x01\x07\x1b[31m\x7f de Vries",
    "markup": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_caller_with_any_display_name_reaches_an_agent_and_touches_no_other_call(floor: Floor, name: str) -> None:
    victim = floor.stage.waits(speaks=1230)
    victim_leg = floor.leg_of(victim)
    until(lambda: floor.marks(victim_leg).get("variable_cx_queue"), "the one who waits is marked so")
    marks = floor.marks(victim_leg)
    caller = floor.stage.calls(display=name.format(victim=victim_leg))
    caller.wait_answered()
    caller.rtp.say(1370)
    until(lambda: floor.stage.queue().waiting == 2, "both wait")
    assert "admin" not in floor.marks(floor.leg_of(caller)).values()
    assert floor.marks(victim_leg) == marks

    first, second = floor.answers(floor.on_duty(), 1700), floor.answers(floor.on_duty(), 1900)
    assert victim.rtp.hear_tone(1700).tones == {1700}
    assert caller.rtp.hear_tone(1900).tones == {1900}
    assert second.rtp.hear_tone(1370).tones == {1370}
    caller.bye()
    assert second.wait_ended()
    assert not first.ended.is_set()


NUMBERS = ["jan.de.vries", "anonymous", "0", "%2B31%0A6", "0031612345678", "1" * 300, "*31*#", "unknown"]


@pytest.mark.parametrize("number", NUMBERS, ids=["name", "hidden", "0", "line-end", "00", "long", "code", "none"])
def test_caller_whose_number_is_no_number_reaches_an_agent(floor: Floor, number: str) -> None:
    caller = floor.stage.calls(caller=number)
    caller.wait_answered()
    floor.answers(floor.on_duty())
    assert caller.rtp.hear_tone(1700).tones == {1700}


def test_caller_who_hides_the_number_reaches_an_agent_who_does_not_see_it(floor: Floor) -> None:
    caller = floor.stage.calls(headers={"Privacy": "id", "P-Asserted-Identity": f"<sip:{CALLER}@127.0.0.1>"})
    caller.wait_answered()
    device = floor.answers(floor.on_duty())
    assert caller.rtp.hear_tone(1700).tones == {1700}
    contact = floor.stage.contacts()[0]
    assert (contact.caller_number, contact.caller_name) == (None, "")
    assert device.invite
    assert CALLER not in device.invite.get("From")


@pytest.mark.parametrize("number", ["+31715559999", "nonsense", "%0Aapi", "1" * 300])
def test_number_that_is_not_ours_is_refused(floor: Floor, number: str) -> None:
    caller = floor.stage.calls(number)
    assert caller.wait_final().status == 404
    floor.comes_empty()


# --- What the caller's telephone says --------------------------------------------------------------------------------


def test_caller_who_leaves_the_offer_to_us_is_served(floor: Floor) -> None:
    caller = floor.stage.calls(body="")
    assert caller.wait_answered().sdp
    caller.rtp.say(1230)
    device = floor.answers(floor.on_duty())
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert device.rtp.hear_tone(1230).tones == {1230}


def test_caller_who_leaves_the_offer_to_us_and_never_answers_it_ends_as_usual(floor: Floor) -> None:
    caller = floor.stage.calls(body="")
    caller.answers_offers = False
    caller.wait_answered()
    time.sleep(0.5)
    if not caller.ended.is_set():
        caller.bye()
        caller.wait_status(200, "BYE")
    floor.comes_empty()
    floor.takes_a_call()


def test_invite_with_an_unknown_codec_only_is_refused_and_leaves_nothing_over(floor: Floor) -> None:
    body = (
        "v=0\r\no=peer 7 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 40000 RTP/AVP 97\r\na=rtpmap:97 iLBC/8000\r\n"
    )
    assert floor.stage.calls(body=body).wait_final().status == 488
    floor.comes_empty()
    floor.takes_a_call()


def test_caller_who_withdraws_at_once_leaves_nothing_over(floor: Floor) -> None:
    caller = floor.stage.calls()
    caller.cancel()
    _ends_either_way(caller)
    floor.comes_empty()


@pytest.mark.parametrize("number", ["+31715550100", "+31715550101"], ids=["menu", "queue"])
def test_caller_whose_withdrawal_races_the_answer_leaves_nothing_over(floor: Floor, number: str) -> None:
    calls = []
    for step in range(8):
        calls.append(floor.stage.calls(number))
        time.sleep(step * 0.004)
        calls[-1].cancel()
    for call in calls:
        _ends_either_way(call)
    floor.comes_empty()
    floor.takes_a_call()


def _ends_either_way(call: Call) -> None:
    """The withdrawal or the answer was first; then the caller hangs up."""
    if call.wait_final().status == 200:
        call.bye()
        call.wait_status(200, "BYE")
    else:
        assert call.wait_final().status == 487


def test_withdrawal_after_the_answer_changes_nothing(floor: Floor) -> None:
    caller = floor.stage.waits()
    caller.cancel()
    caller.wait("an answer to CANCEL", lambda m: m.method == "CANCEL" and m.status >= 200)
    floor.answers(floor.on_duty())
    assert caller.rtp.hear_tone(1700).tones == {1700}


@pytest.mark.parametrize("rings", [False, True], ids=["before-180", "after-180"])
def test_caller_who_leaves_while_an_agent_is_dialled_stops_the_ringing(floor: Floor, rings: bool) -> None:
    name = floor.on_duty()
    caller = floor.stage.waits()
    device = floor.stage.devices[name].expect_call()
    if rings:
        device.ring()
    caller.bye()
    assert device.cancelled.wait(2)
    floor.stage.sees(name, "ready")
    floor.comes_empty()


def test_caller_who_leaves_while_the_agent_answers_leaves_nobody_alone(floor: Floor) -> None:
    for _ in range(4):
        name = floor.on_duty()
        caller = floor.stage.waits()
        device = floor.stage.rings(name)
        caller.bye()
        device.answer()
        assert device.wait_ended(3)
        floor.comes_empty()
        floor.stage.does(LogOff(name, AgentId(name)))


def test_caller_who_hangs_up_in_the_menu_leaves_nothing_over(floor: Floor) -> None:
    for hertz in (WELCOME, MENU):
        caller = floor.stage.calls(GENERAL)
        caller.wait_answered()
        caller.rtp.hear_tone(hertz)
        caller.bye()
        floor.comes_empty()


def test_call_without_any_sound_of_either_side_works_and_ends(floor: Floor) -> None:
    name = floor.on_duty()
    caller = floor.stage.calls()
    caller.rtp.sending = False
    caller.wait_answered()
    device = floor.stage.rings(name)
    device.rtp.sending = False
    device.answer()
    floor.stage.sees(name, "talking")
    time.sleep(1.5)
    caller.bye()
    assert device.wait_ended()
    floor.comes_empty()


def test_caller_without_any_sound_gets_through_the_menu(floor: Floor) -> None:
    caller = floor.stage.calls(GENERAL)
    caller.rtp.sending = False
    caller.wait_answered()
    until(lambda: floor.stage.queue().waiting == 1, "the caller waits in the queue", 8)
    caller.bye()


def test_invite_that_comes_again_makes_no_second_call(floor: Floor) -> None:
    caller = floor.stage.waits()
    assert caller.invite
    number = len(caller.messages)
    floor.stage.street.send(_raw_invite(caller))
    time.sleep(0.5)
    assert {message.status for message in caller.messages[number:]} <= {100, 200}
    assert len(floor.stage.contacts()) == len(floor.legs()) == 1
    floor.answers(floor.on_duty())
    assert caller.rtp.hear_tone(1700).tones == {1700}


def test_same_call_id_of_another_caller_disturbs_nobody(floor: Floor) -> None:
    caller = floor.stage.waits(speaks=1230)
    copy = _raw_invite(caller)
    assert caller.invite
    stranger = SipParty(floor.stage.engine.sip_address)
    for mine, theirs in (
        (caller.invite.tag("From"), "stranger"),
        (caller.invite.branch, "z9hG4bKstranger"),
        (floor.stage.street.address, stranger.address),
        (f"m=audio {caller.rtp.port}", "m=audio 40000"),
    ):
        copy = copy.replace(mine.encode(), theirs.encode())
    stranger.send(copy)
    assert wait_until(lambda: any(message.status >= 200 for message in stranger.strays), 3)
    device = floor.answers(floor.on_duty())
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert device.rtp.hear_tone(1230).tones == {1230}
    stranger.close()


def _raw_invite(call: Call) -> bytes:
    """The bytes of the INVITE of a call."""
    assert call.invite
    head = [call.invite.start, *(f"{name}: {value}" for name, value in call.invite.headers)]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + call.invite.body


# --- What the agent's device says ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [480, 486, 503, 603])
def test_device_that_refuses_every_call_is_not_called_in_a_storm(floor: Floor, status: int) -> None:
    name = floor.with_a_bad_device()
    floor.stage.waits()
    number, end = 0, time.monotonic() + 2.0
    while time.monotonic() < end:
        try:
            floor.stage.devices[name].expect_call(0.1).reject(status)
        except NothingCame:
            continue
        number += 1
    assert number <= 3


@pytest.mark.parametrize("status", [302, 401, 404, 408, 480, 486, 488, 500, 503, 600, 603])
def test_device_that_refuses_sends_the_caller_to_a_colleague_and_stays_logged_on(floor: Floor, status: int) -> None:
    first = floor.with_a_bad_device()
    caller = floor.stage.waits()
    elsewhere = SipParty(floor.stage.engine.sip_address)
    contact = {"Contact": f"<sip:elsewhere@{elsewhere.address}>"} if status == 302 else {}
    floor.stage.devices[first].expect_call().reject(status, "Refused", contact)
    second = floor.on_duty()
    floor.answers(second)
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert floor.stage.agent(first).status == "available"
    assert floor.stage.agent(first).state == "ready"
    assert elsewhere.expect_no_call(0.1), "a device must not send callers wherever it likes"
    elsewhere.close()


def test_device_that_answers_without_a_session_description_loses_the_call_to_a_colleague(floor: Floor) -> None:
    first = floor.with_a_bad_device()
    caller = floor.stage.waits()
    device = floor.stage.devices[first].expect_call()
    device._respond(200, "OK")
    second = floor.on_duty()
    floor.answers(second)
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert floor.stage.agent(first).status == "available"


@pytest.mark.parametrize(("progress", "warning"), [(True, "missed"), (False, "unreachable")])
def test_device_that_never_answers_is_missed_or_gone_by_whether_it_rang(
    floor: Floor, progress: bool, warning: str
) -> None:
    first = floor.with_a_bad_device()
    caller = floor.stage.waits()
    device = floor.stage.devices[first].expect_call()
    if progress:
        device.progress()
    second = floor.on_duty()
    assert caller.rtp.hear_tone(MUSIC).tones <= HOLD_MUSIC | {1100}
    assert device.cancelled.wait(7)
    floor.answers(second)
    until(lambda: floor.stage.agent(first).warning == warning, f"the screens say of {first}: {warning}")
    agent = floor.stage.agent(first)
    assert (agent.status, agent.state) == ("available", "ready")
    assert caller.rtp.hear_tone(1700).tones == {1700}


def test_device_that_answers_and_hangs_up_at_once_leaves_nobody_alone(floor: Floor) -> None:
    for _ in range(3):
        name = floor.on_duty()
        caller = floor.stage.waits()
        device = floor.stage.rings(name)
        device.answer()
        assert device.acknowledged.wait(2)
        device.bye()
        until(
            lambda caller=caller, name=name: caller.ended.is_set() or floor.stage.queue().waiting == 1,  # type: ignore[misc]
            "the caller waits again, or the call is over",
        )
        caller.bye()
        floor.comes_empty()
        floor.stage.does(LogOff(name, AgentId(name)))


# --- Afterwards ------------------------------------------------------------------------------------------------------


def test_after_all_this_no_contact_is_left_open_in_the_log(floor: Floor) -> None:
    floor.takes_a_call()
    floor.comes_empty()
    with floor.stage.storage() as storage:
        until(lambda: not storage.contact_log.open_contacts(), "every contact has its end")


def test_log_of_all_this_holds_no_number_or_name_of_a_caller(floor: Floor) -> None:
    floor.takes_a_call()
    log = floor.stage.whole_core_log()
    for personal in (CALLER, CALLER.removeprefix("+"), "jan.de.vries", "de Vries", "Unique-ID"):
        assert personal not in log
    if floor.stage.engine.name == "softswitch":
        log = (floor.stage.engine.folder / "softswitch.out").read_text(encoding="utf-8", errors="replace")
        assert CALLER.removeprefix("+") not in log
        assert "de Vries" not in log
        assert "Traceback" not in log
