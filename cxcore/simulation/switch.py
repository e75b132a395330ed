"""A switch without telephony: its devices are picked up, and its callers talk and leave, as they were drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, OrderId
from cxcore.domain.listening import ListeningMode
from cxcore.domain.tidings import (
    DigitsEntered,
    LegAnswered,
    LegArrived,
    LegHungUp,
    LegRinging,
    LegsBridged,
    LegsUnbridged,
    OrderRefused,
    PromptEnded,
    Tiding,
)
from cxcore.ports.switch import Dial, Prompts, Question
from cxcore.simulation.agenda import Agenda
from cxcore.simulation.callers import Caller

PROMPT_SECONDS = 5.0
"""How long prompts take; no caller of a simulation presses keys."""


class SimulatedSwitch:
    """Implements `ports.switch.Switch`. Every device is picked up, after `pick_up()` seconds; a conversation lasts as
    long as the caller's drawn talk; a caller whose patience ends before that hangs up. Outcomes go into `tell`.

    It tells what the adapter tells of the same orders (tests/unit/simulation/test_switch.py), but for what needs ears:
    prompts run their time whatever follows them, and digits, recordings and listeners leave no trace."""

    def __init__(self, agenda: Agenda, tell: Callable[[Tiding], None], pick_up: Callable[[], float]) -> None:
        self._agenda, self._tell, self._pick_up = agenda, tell, pick_up
        self._callers: dict[LegId, Caller] = {}
        self._devices: dict[LegId, str] = {}
        self._talking: set[LegId] = set()
        self._bridged: dict[LegId, LegId] = {}
        self._calls = 0
        self.wrap_ups: dict[str, float] = {}
        """By agent: how long the call that this agent has now will be wrapped up, where that was drawn."""

    def call(self, caller: Caller) -> None:
        """The caller's leg arrives."""
        self._calls += 1
        leg_id = LegId(f"caller-{self._calls}")
        self._callers[leg_id] = caller
        if caller.patience_seconds is not None:
            self._agenda.after(caller.patience_seconds, self._give_up, leg_id)
        self._tell(LegArrived(self._agenda.now, leg_id, caller.number, caller.caller_number, ""))

    def _give_up(self, leg_id: LegId) -> None:
        if leg_id in self._callers and leg_id not in self._talking:
            self._end(leg_id, HangUpCause.NORMAL, HungUpBy.PARTY)

    def _end_talk(self, leg_id: LegId) -> None:
        if leg_id in self._callers:
            self._end(leg_id, HangUpCause.NORMAL, HungUpBy.PARTY)

    def _end(self, leg_id: LegId, cause: HangUpCause, by: HungUpBy) -> None:
        self._separate(leg_id)
        self._callers.pop(leg_id, None)
        self._devices.pop(leg_id, None)
        self._talking.discard(leg_id)
        self._tell(LegHungUp(self._agenda.now, leg_id, cause, by))

    def _connect(self, leg_id: LegId, other: LegId) -> None:
        for one, two in ((leg_id, other), (other, leg_id)):
            if self._bridged.get(one, two) != two:
                self._separate(one)
            self._bridged[one] = two
        self._tell(LegsBridged(self._agenda.now, leg_id, other))

    def _separate(self, leg_id: LegId) -> None:
        other = self._bridged.pop(leg_id, None)
        if other is not None:
            self._bridged.pop(other, None)
            self._tell(LegsUnbridged(self._agenda.now, leg_id, other))

    def _live(self, order: str, *legs: LegId) -> bool:
        """Whether all legs of an order are there; it is refused when one is not."""
        for leg_id in legs:
            if leg_id not in self._callers and leg_id not in self._devices:
                self._tell(OrderRefused(self._agenda.now, legs[0], order, f"-ERR no such channel {leg_id}"))
                return False
        return True

    # --- The port ---

    def take(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def ring(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def answer(self, leg_id: LegId) -> None:
        """The caller's leg is answered at once."""
        if self._live("answer", leg_id):
            self._tell(LegAnswered(self._agenda.now, leg_id))

    def say(self, leg_id: LegId, order_id: OrderId, prompts: Prompts) -> None:
        """The prompts take their time."""
        if self._live("say", leg_id):
            self._agenda.after(PROMPT_SECONDS, self._end_prompt, (leg_id, order_id))

    def _end_prompt(self, said: tuple[LegId, OrderId]) -> None:
        if said[0] in self._callers:
            self._tell(PromptEnded(self._agenda.now, *said))

    def ask(self, leg_id: LegId, order_id: OrderId, question: Question) -> None:
        """No key is pressed."""
        if self._live("ask", leg_id):
            self._agenda.after(PROMPT_SECONDS + question.timeout_seconds, self._time_out, (leg_id, order_id))

    def _time_out(self, asked: tuple[LegId, OrderId]) -> None:
        if asked[0] in self._callers:
            self._tell(DigitsEntered(self._agenda.now, *asked, ""))

    def play_hold_music(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def play_ringback(self, leg_id: LegId) -> None:
        """Nothing follows."""

    def join(self, leg_id: LegId, other: LegId) -> None:
        """Nothing follows."""

    def dial(self, dial: Dial) -> None:
        """The device rings at once and is picked up."""
        self._devices[dial.leg_id] = dial.marks.get("agent", "")
        self._tell(LegRinging(self._agenda.now, dial.leg_id))
        seconds = self._pick_up()
        if seconds > 0:
            self._agenda.after(seconds, self._answer_device, dial.leg_id)
        else:
            self._tell(LegAnswered(self._agenda.now, dial.leg_id))

    def _answer_device(self, leg_id: LegId) -> None:
        if leg_id in self._devices:
            self._tell(LegAnswered(self._agenda.now, leg_id))

    def bridge(self, leg_id: LegId, other: LegId) -> None:
        """They hear each other, and the caller hangs up after the drawn talk."""
        if not self._live("bridge", leg_id, other):
            return
        self._begin_talk(leg_id, other)
        self._connect(leg_id, other)

    def _begin_talk(self, leg_id: LegId, other: LegId) -> None:
        caller = self._callers.get(leg_id)
        if caller is None:
            return
        if leg_id not in self._talking:
            self._talking.add(leg_id)
            self._agenda.after(caller.talk_seconds, self._end_talk, leg_id)
        if caller.wrap_up_seconds is not None:
            self.wrap_ups[self._devices.get(other, "")] = caller.wrap_up_seconds

    def park(self, leg_id: LegId) -> None:
        """The two of its bridge no longer hear each other."""
        if self._live("park", leg_id):
            self._separate(leg_id)

    def hold(self, leg_id: LegId, held_leg_id: LegId) -> None:
        """The two no longer hear each other."""
        if self._live("hold", held_leg_id, leg_id):
            self._separate(held_leg_id)

    def resume(self, leg_id: LegId, held_leg_id: LegId) -> None:
        """The two hear each other again."""
        if self._live("resume", leg_id, held_leg_id):
            self._connect(leg_id, held_leg_id)

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
        """Nothing follows: no core starts anew in a simulation."""

    def hang_up(self, leg_id: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """The leg is gone at once."""
        if leg_id in self._callers or leg_id in self._devices:
            self._end(leg_id, cause, HungUpBy.SWITCH)

    def renew_sound(self) -> None:
        """Nothing follows: nothing relays its sound."""

    def report_live_legs(self) -> None:
        """Nothing follows: a simulated switch loses no leg, so there is nothing to compare."""
