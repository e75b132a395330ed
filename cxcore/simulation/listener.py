"""A switch without telephony that notes what one caller hears. Nobody answers what it dials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Protocol

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, OrderId
from cxcore.domain.listening import ListeningMode
from cxcore.domain.tidings import (
    DigitsEntered,
    LegAnswered,
    LegHungUp,
    LegRinging,
    PromptEnded,
    Tiding,
)
from cxcore.ports.switch import Dial, Prompts, Question
from cxcore.simulation.agenda import Agenda

LEG = LegId("caller")


class Ear(Protocol):
    """Who is told what the caller hears."""

    def hears_answer(self) -> None:
        """The call is answered."""

    def hears(self, sounds: Prompts) -> float:
        """Prompts are played; returns how many seconds they take."""

    def is_asked(self, question: Question) -> tuple[float, str]:
        """A question is asked; returns after how many seconds it is answered, and with which key."""

    def rings(self, destination: str, seconds: int) -> None:
        """A number or device is called."""

    def is_not_answered(self, destination: str) -> None:
        """Nobody answered."""

    def is_hung_up(self) -> None:
        """The call ends."""


class ListeningSwitch:
    """Implements `ports.switch.Switch` for one caller; outcomes go into `tell`."""

    def __init__(self, agenda: Agenda, tell: Callable[[Tiding], None], ear: Ear) -> None:
        self._agenda, self._tell, self._ear = agenda, tell, ear
        self._devices: dict[LegId, str] = {}
        self._order: OrderId | None = None
        self.is_over = False
        """Whether the caller's leg is gone."""

    # --- The port ---

    def take(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def ring(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def answer(self, leg_id: LegId) -> None:
        """The leg is answered at once."""
        self._ear.hears_answer()
        self._tell(LegAnswered(self._agenda.now, leg_id))

    def say(self, leg_id: LegId, order_id: OrderId, prompts: Prompts) -> None:
        """The prompts take their time, unless another order cuts them short."""
        self._order = order_id
        self._agenda.after(self._ear.hears(prompts), self._end_prompt, order_id)

    def _end_prompt(self, order_id: OrderId) -> None:
        if order_id == self._order and not self.is_over:
            self._tell(PromptEnded(self._agenda.now, LEG, order_id))

    def ask(self, leg_id: LegId, order_id: OrderId, question: Question) -> None:
        """The caller presses the next key at the end of the prompts, or lets the time pass."""
        self._order = order_id
        seconds, key = self._ear.is_asked(question)
        self._agenda.after(seconds, self._enter, (order_id, key))

    def _enter(self, entered: tuple[OrderId, str]) -> None:
        if entered[0] == self._order and not self.is_over:
            self._tell(DigitsEntered(self._agenda.now, LEG, *entered))

    def play_hold_music(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def play_ringback(self, leg_id: LegId) -> None:
        """Never ordered: nobody consults."""

    def join(self, leg_id: LegId, other: LegId) -> None:
        """Never ordered: nobody consults."""

    def dial(self, dial: Dial) -> None:
        """It rings as long as it may."""
        self._devices[dial.leg_id] = dial.destination
        self._ear.rings(dial.destination, dial.timeout_seconds)
        self._tell(LegRinging(self._agenda.now, dial.leg_id))
        self._agenda.after(dial.timeout_seconds, self._miss, dial.leg_id)

    def _miss(self, leg_id: LegId) -> None:
        destination = self._devices.pop(leg_id, None)
        if destination is not None and not self.is_over:
            self._ear.is_not_answered(destination)
            self._tell(LegHungUp(self._agenda.now, leg_id, HangUpCause.NO_ANSWER, HungUpBy.PARTY))

    def bridge(self, leg_id: LegId, other: LegId) -> None:
        """Never ordered: nobody answers."""

    def park(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def hold(self, leg_id: LegId, held_leg_id: LegId) -> None:
        """Never ordered."""

    def resume(self, leg_id: LegId, held_leg_id: LegId) -> None:
        """Never ordered."""

    def send_digits(self, leg_id: LegId, digits: str) -> None:
        """Nothing follows."""

    def listen(self, leg_id: LegId, to: LegId, mode: ListeningMode) -> None:
        """Nothing follows."""

    def start_recording(self, leg_id: LegId, path: PurePath, party_only: bool = False) -> None:
        """Nothing follows."""

    def mask_recording(self, leg_id: LegId, path: PurePath, masked: bool) -> None:
        """Nothing follows."""

    def stop_recording(self, leg_id: LegId, path: PurePath) -> None:
        """Nothing follows."""

    def mark(self, leg_id: LegId, marks: Mapping[str, str]) -> None:
        """Nothing follows: no core starts anew."""

    def hang_up(self, leg_id: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """The leg is gone at once."""
        if leg_id == LEG and not self.is_over:
            self._ear.is_hung_up()
            self.is_over = True
        elif self._devices.pop(leg_id, None) is not None:
            self._tell(LegHungUp(self._agenda.now, leg_id, cause, HungUpBy.SWITCH))

    def renew_sound(self) -> None:
        """Nothing follows: nothing relays its sound."""

    def report_live_legs(self) -> None:
        """Nothing follows: no leg is lost."""
