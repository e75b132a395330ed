"""Where the suite of the Switch port is played: with the fake switch, or with an engine and telephones.

Both stages have the same people and the same words for what they do and hear, so that a test reads once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Protocol, TypeVar

import gevent

from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.tidings import LegArrived, LiveLegsReported, Tiding
from cxcore.ports.switch import Prompts, Switch
from cxcore.switch.settings import SwitchSettings
from cxcore.switch.switch import EventSocketSwitch
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.phones import Phone
from tests.fakes.switch import Ask, Dialled, FakeSwitch, HangUp, Hearing

WAIT_SECONDS = 15.0
Kind = TypeVar("Kind", bound=Tiding)


class Sound(StrEnum):
    """What a person hears."""

    PROMPT = "prompt"
    MUSIC = "music"
    OTHER = "the other party"
    CONVERSATION = "the conversation of others"
    RINGBACK = "that it rings"
    SILENCE = "silence"


class SystemClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time_ns() / 1e9, UTC)


class Tidings:
    """What the switch told, in order."""

    def __init__(self) -> None:
        self.all: list[Tiding] = []

    def tell(self, tiding: Tiding) -> None:
        self.all.append(tiding)

    def of(self, kind: type[Kind], leg_id: LegId | None = None) -> list[Kind]:
        return [
            tiding
            for tiding in self.all
            if isinstance(tiding, kind) and leg_id in (None, getattr(tiding, "leg_id", None))
        ]

    def wait(self, kind: type[Kind], leg_id: LegId | None = None, count: int = 1) -> Kind:
        """The `count`-th tiding of that kind, once it has come."""
        wait_until(lambda: len(self.of(kind, leg_id)) >= count, lambda: f"no {kind.__name__} among {self.all}")
        return self.of(kind, leg_id)[count - 1]


def wait_until(condition: Callable[[], bool], failure: Callable[[], str]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, failure()
        gevent.sleep(0.005)


class Person(Protocol):
    """A caller, or somebody at a device."""

    def await_ringing(self) -> None:
        """Wait until the call rings: for a caller 180 is there, a device has the INVITE."""

    def pick_up(self) -> None: ...
    def refuse(self, status: int) -> None: ...
    def hang_up(self) -> None: ...
    def press(self, digits: str) -> None: ...

    def await_sound(self, sound: Sound) -> None:
        """Wait until that is heard."""

    def await_end(self) -> int:
        """Wait until the call has ended; the SIP status of a call that was never answered, else 0."""


class Stage(Protocol):
    """A switch with the people around it."""

    tidings: Tidings
    is_real: bool

    @property
    def switch(self) -> Switch:
        """The switch that the core gives its orders to."""

    def call(
        self, number: str = "+31715550100", caller: str | None = "+31612345678", forwarded_from: str | None = None
    ) -> tuple[LegId, Person]:
        """Somebody calls, forwarded by the SBC's word; the leg that arrived. None hides the number."""

    def device(self) -> tuple[str, Callable[[LegId], Person]]:
        """A device: its address, and who is at it once it is dialled as that leg."""

    def prompt(self) -> Prompts:
        """A short prompt."""

    def let_it_end(self, leg_id: LegId) -> None:
        """Let the prompt of a leg end by itself."""

    def let_it_time_out(self, leg_id: LegId) -> None:
        """Let the question to a leg stay without an answer."""

    def let_it_overflow(self, leg_id: LegId) -> None:
        """Let the switch's fallback have a leg that nobody took."""

    def let_it_go_unanswered(self, leg_id: LegId) -> None:
        """Let the time of a dialled leg run out."""

    def restart_the_core(self) -> Tidings:
        """Another core on the same switch; what it is told."""


# --- The fake --------------------------------------------------------------------------------------------------------

SOUNDS = {
    Hearing.SILENCE: Sound.SILENCE,
    Hearing.PROMPTS: Sound.PROMPT,
    Hearing.QUESTION: Sound.PROMPT,
    Hearing.HOLD_MUSIC: Sound.MUSIC,
    Hearing.OTHER_LEG: Sound.OTHER,
    Hearing.CONVERSATION: Sound.CONVERSATION,
    Hearing.RINGBACK: Sound.RINGBACK,
}
SIP_STATUS = {HangUpCause.BUSY: 486, HangUpCause.DECLINED: 603, HangUpCause.NO_ANSWER: 480}
CAUSES = {486: HangUpCause.BUSY, 603: HangUpCause.DECLINED, 480: HangUpCause.NO_ANSWER, 404: HangUpCause.UNREACHABLE}


class FakePerson:
    def __init__(self, switch: FakeSwitch, leg_id: LegId) -> None:
        self._switch, self._leg_id = switch, leg_id

    def await_ringing(self) -> None:
        if not self._switch.legs[self._leg_id].live.inbound:
            self._switch.rings(self._leg_id)
        else:
            assert self._switch.hears(self._leg_id) is Hearing.RINGBACK

    def pick_up(self) -> None:
        self._switch.answers(self._leg_id)

    def refuse(self, status: int) -> None:
        self._switch.hangs_up(self._leg_id, CAUSES[status])

    def hang_up(self) -> None:
        self._switch.hangs_up(self._leg_id)

    def press(self, digits: str) -> None:
        if self._switch.last(Ask, self._leg_id).question.each_key:
            self._switch.presses(self._leg_id, digits)
        else:
            self._switch.enters(self._leg_id, digits)

    def await_sound(self, sound: Sound) -> None:
        assert SOUNDS[self._switch.hears(self._leg_id)] is sound

    def await_end(self) -> int:
        assert not self._switch.lives(self._leg_id)
        cause = self._switch.last(HangUp, self._leg_id).cause
        return 0 if self._switch.was_answered(self._leg_id) else SIP_STATUS[cause]


class FakeStage:
    """The fake switch: what takes time elsewhere happens at once."""

    is_real = False

    def __init__(self) -> None:
        self.tidings = Tidings()
        self._switch = FakeSwitch(self.tidings.tell, SystemClock())

    @property
    def switch(self) -> FakeSwitch:
        return self._switch

    def call(
        self, number: str = "+31715550100", caller: str | None = "+31612345678", forwarded_from: str | None = None
    ) -> tuple[LegId, Person]:
        leg_id = self.switch.arrives(number, caller, "", forwarded_from=forwarded_from)
        return leg_id, FakePerson(self.switch, leg_id)

    def device(self) -> tuple[str, Callable[[LegId], Person]]:
        return "sip:anna@127.0.0.1:5071", lambda leg_id: FakePerson(self.switch, leg_id)

    def prompt(self) -> Prompts:
        return (PurePath("/prompts/first.wav"),)

    def let_it_end(self, leg_id: LegId) -> None:
        self.switch.ends_prompt(leg_id)

    def let_it_time_out(self, leg_id: LegId) -> None:
        self.switch.enters(leg_id, "")

    def let_it_overflow(self, leg_id: LegId) -> None:
        self.switch.overflows(leg_id)

    def let_it_go_unanswered(self, leg_id: LegId) -> None:
        assert self.switch.last(Dialled, leg_id)
        self.switch.hangs_up(leg_id, HangUpCause.NO_ANSWER)

    def restart_the_core(self) -> Tidings:
        tidings = Tidings()
        self.switch.tell = tidings.tell
        self.switch.comes_back()
        return tidings


# --- An engine -------------------------------------------------------------------------------------------------------

CALLER_SAYS, DEVICE_SAYS = 1230.0, 1700.0
RINGBACK_HERTZ = 425.0


class PhonePerson:
    """Somebody with a telephone."""

    def __init__(self, phone: Phone, other_says: float) -> None:
        self._phone = phone
        self._tones = {
            Sound.PROMPT: (float(engines.PROMPTS["first"]),),
            Sound.MUSIC: tuple(float(hertz) for hertz in engines.HOLD_MUSIC_HERTZ),
            Sound.OTHER: (other_says,),
            Sound.CONVERSATION: (other_says,),
            Sound.RINGBACK: (RINGBACK_HERTZ,),
        }

    def await_ringing(self) -> None:
        if self._phone.call is not None and self._phone.call.invite is None:
            self._phone.await_status(180)
        else:
            self._phone.await_call()

    def pick_up(self) -> None:
        self._phone.await_call()
        self._phone.pick_up()

    def refuse(self, status: int) -> None:
        self._phone.await_call()
        self._phone.refuse(status)

    def hang_up(self) -> None:
        self._phone.hang_up()

    def press(self, digits: str) -> None:
        self._phone.press(digits)

    def await_sound(self, sound: Sound) -> None:
        wait_until(
            lambda: self._hears(sound), lambda: f"{self._phone.name} hears no {sound}: {self._phone.level():.0f}"
        )

    def _hears(self, sound: Sound) -> bool:
        if sound is Sound.SILENCE:
            return self._phone.level() < 100
        return any(self._phone.hears(hertz) for hertz in self._tones[sound])

    def await_end(self) -> int:
        self._phone.await_end()
        return self._phone.call.end_status if self._phone.call else 0

    @property
    def phone(self) -> Phone:
        return self._phone


class EngineStage:
    """A running engine, the adapter, and a telephone for each person."""

    is_real = True

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tidings = Tidings()
        host, port = engine.esl_address
        self.settings = SwitchSettings(
            host, port, engines.PASSWORD, engine.profile, engine.gateway, f"local_stream://{engines.STREAM}"
        )
        self.phones: list[Phone] = []
        self.cores: list[EventSocketSwitch] = []
        self._switch = self._core(self.tidings)

    @property
    def switch(self) -> EventSocketSwitch:
        return self._switch

    def _core(self, tidings: Tidings) -> EventSocketSwitch:
        switch = EventSocketSwitch(self.settings, tidings.tell, SystemClock())
        self.cores.append(switch)
        switch.start()
        tidings.wait(LiveLegsReported)
        return switch

    def close(self) -> None:
        for tiding in self.tidings.of(LegArrived):
            self.switch.hang_up(tiding.leg_id)
        gevent.sleep(0.05)
        for switch in self.cores:
            switch.stop(1)
        for phone in self.phones:
            phone.close()

    def _phone(self, name: str) -> Phone:
        phone = Phone(name)
        self.phones.append(phone)
        return phone

    def call(
        self,
        number: str = "+31715550100",
        caller: str | None = "+31612345678",
        forwarded_from: str | None = None,
        display: str = "",
    ) -> tuple[LegId, Person]:
        arrived = len(self.tidings.of(LegArrived))
        phone = self._phone(caller or "anonymous")
        headers = f"X-CX-Forwarded-From: {forwarded_from}\r\n" if forwarded_from else ""
        call = phone.dial(number, self.engine.sip_address, display if caller else "Anonymous", headers)
        call.says_hertz = CALLER_SAYS
        return self.tidings.wait(LegArrived, count=arrived + 1).leg_id, PhonePerson(phone, DEVICE_SAYS)

    def device(self) -> tuple[str, Callable[[LegId], Person]]:
        phone = self._phone("anna")
        phone.says_hertz = DEVICE_SAYS
        return phone.address, lambda _leg_id: PhonePerson(phone, CALLER_SAYS)

    def prompt(self) -> Prompts:
        return (PurePath(self.engine.prompt("first")),)

    def let_it_end(self, leg_id: LegId) -> None:
        """It ends by itself."""

    def let_it_time_out(self, leg_id: LegId) -> None:
        """It does by itself."""

    def let_it_overflow(self, leg_id: LegId) -> None:
        gevent.sleep(engines.CONTROLLER_TIMEOUT_SECONDS + 0.5)

    def let_it_go_unanswered(self, leg_id: LegId) -> None:
        """It does by itself."""

    def restart_the_core(self) -> Tidings:
        self._switch.stop(1)
        tidings = Tidings()
        self._switch = self._core(tidings)
        return tidings


@contextmanager
def engine_stage(engine: Engine) -> Iterator[EngineStage]:
    stage = EngineStage(engine)
    try:
        yield stage
    finally:
        stage.close()
