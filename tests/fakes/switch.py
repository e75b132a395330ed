"""A switch without telephony: it records orders, carries them out at once, and lets a test say what happens next.

`FakeSwitch` keeps `cxcore.ports.switch.Switch` as the Event Socket adapter keeps it; one suite runs against both
(`tests/contract/test_switch_port.py`). Tidings go into the callable `tell`, from inside the order that caused them:
let it queue, as the core's inbox does.

    switch = FakeSwitch(inbox.append, clock)
    leg = switch.arrives("+31715550100", "+31612345678")
    switch.enters(leg, "1")                       # the running question
    switch.answers(agent_leg); switch.hangs_up(leg)
    assert switch.last(Say).prompts == (...)      # what was ordered
    assert switch.hears(leg) is Hearing.HOLD_MUSIC
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePath
from typing import TypeVar

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg, OrderId
from cxcore.domain.listening import ListeningMode
from cxcore.domain.tidings import (
    DigitsEntered,
    KeyPressed,
    LegAnswered,
    LegArrived,
    LegHeld,
    LegHungUp,
    LegResumed,
    LegRinging,
    LegsBridged,
    LegsUnbridged,
    LiveLegsReported,
    OrderRefused,
    PromptEnded,
    SwitchConnected,
    SwitchLost,
    Tiding,
)
from cxcore.ports.clock import Clock
from cxcore.ports.switch import Dial, Prompts, Question


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it was given; `leg_id` is the leg it is for."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class Take(Order):
    pass


@dataclass(frozen=True, slots=True)
class Ring(Order):
    pass


@dataclass(frozen=True, slots=True)
class Answer(Order):
    pass


@dataclass(frozen=True, slots=True)
class Say(Order):
    order_id: OrderId
    prompts: Prompts


@dataclass(frozen=True, slots=True)
class Ask(Order):
    order_id: OrderId
    question: Question


@dataclass(frozen=True, slots=True)
class PlayHoldMusic(Order):
    pass


@dataclass(frozen=True, slots=True)
class PlayRingback(Order):
    pass


@dataclass(frozen=True, slots=True)
class Join(Order):
    other: LegId


@dataclass(frozen=True, slots=True)
class Dialled(Order):
    dial: Dial


@dataclass(frozen=True, slots=True)
class Bridge(Order):
    other: LegId


@dataclass(frozen=True, slots=True)
class Park(Order):
    pass


@dataclass(frozen=True, slots=True)
class Hold(Order):
    held_leg_id: LegId


@dataclass(frozen=True, slots=True)
class Resume(Order):
    held_leg_id: LegId


@dataclass(frozen=True, slots=True)
class RenewSound(Order):
    pass


@dataclass(frozen=True, slots=True)
class SendDigits(Order):
    digits: str


@dataclass(frozen=True, slots=True)
class Listen(Order):
    to: LegId
    mode: ListeningMode


@dataclass(frozen=True, slots=True)
class StartRecording(Order):
    path: PurePath
    party_only: bool = False


@dataclass(frozen=True, slots=True)
class MaskRecording(Order):
    path: PurePath
    masked: bool


@dataclass(frozen=True, slots=True)
class StopRecording(Order):
    path: PurePath


@dataclass(frozen=True, slots=True)
class Mark(Order):
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HangUp(Order):
    cause: HangUpCause


OrderKind = TypeVar("OrderKind", bound=Order)


class Hearing(StrEnum):
    """What the party of a leg hears."""

    SILENCE = "silence"
    RINGBACK = "ringback"
    PROMPTS = "prompts"
    QUESTION = "question"
    HOLD_MUSIC = "hold-music"
    OTHER_LEG = "other-leg"
    CONVERSATION = "conversation"
    """That of two others, in which the leg takes part."""


@dataclass(slots=True)
class FakeLeg:
    """A leg as the fake holds it."""

    live: LiveLeg
    hearing: Hearing = Hearing.SILENCE
    taken: bool = False
    overflowing: bool = False
    running: OrderId | None = None
    begun: OrderId | None = None
    """The order that it began last, and what came of it if it was a question."""
    asked: bool = False
    keyed: bool = False
    """Keys of it were told one by one."""
    digits: str = ""
    recordings: set[PurePath] = field(default_factory=set)
    joined: LegId | None = None
    """The leg in whose conversation this one takes part."""


class FakeSwitch:
    """Implements `Switch`. With `obedient=False` orders are only recorded, and the test tells each outcome itself."""

    def __init__(self, tell: Callable[[Tiding], None], clock: Clock, *, obedient: bool = True) -> None:
        self.tell, self.clock, self.obedient = tell, clock, obedient
        self.orders: list[Order] = []
        self.legs: dict[LegId, FakeLeg] = {}
        self.connected = True
        self.instance = "fake-1"
        self.mos: float | None = None
        """The score of the sound of legs that hang up."""
        self._instances = itertools.count(2)
        self._answered: set[LegId] = set()
        self._refusals: list[tuple[type[Order], LegId | None, str]] = []

    # --- What the test asks ------------------------------------------------------------------------------------------

    def orders_to(self, leg_id: LegId) -> list[Order]:
        """The orders to a leg, in the order they were given."""
        return [order for order in self.orders if order.leg_id == leg_id]

    def all_of(self, kind: type[OrderKind], leg_id: LegId | None = None) -> list[OrderKind]:
        """The orders of a kind, of one leg if it is named."""
        return [order for order in self.orders if isinstance(order, kind) and leg_id in (None, order.leg_id)]

    def last(self, kind: type[OrderKind], leg_id: LegId | None = None) -> OrderKind:
        """The latest order of a kind; fails the test when there is none."""
        found = self.all_of(kind, leg_id)
        assert found, f"no {kind.__name__} was ordered; ordered were {self.orders}"
        return found[-1]

    def hears(self, leg_id: LegId) -> Hearing:
        """What the leg hears now; fails the test when the leg is gone."""
        return self._leg(leg_id).hearing

    def lives(self, leg_id: LegId) -> bool:
        """Whether the leg is there."""
        return leg_id in self.legs

    def was_answered(self, leg_id: LegId) -> bool:
        """Whether the leg was ever answered, even if it is gone."""
        return leg_id in self._answered

    def bridged_to(self, leg_id: LegId) -> LegId | None:
        """The leg that this one hears and speaks to."""
        return self._leg(leg_id).live.bridged_to

    def marks_of(self, leg_id: LegId) -> dict[str, str]:
        """The marks that the core left on the leg."""
        return dict(self._leg(leg_id).live.marks)

    def dialled_legs(self) -> list[LegId]:
        """The legs that were dialled and live, oldest first."""
        return [leg_id for leg_id, leg in self.legs.items() if not leg.live.inbound]

    # --- What the test says happened ---------------------------------------------------------------------------------

    def arrives(
        self,
        dialled_number: str = "+31715550100",
        caller_number: str | None = "+31612345678",
        caller_name: str = "",
        leg_id: LegId | None = None,
        forwarded_from: str | None = None,
        replaces: LegId | None = None,
    ) -> LegId:
        """A caller's leg arrives; returns its id."""
        leg_id = leg_id or LegId(str(uuid.uuid4()))
        now = self.clock.now()
        party = (dialled_number, caller_number, caller_name)
        live = LiveLeg(leg_id, True, False, *party, now, forwarded_from=forwarded_from)
        self.legs[leg_id] = FakeLeg(live)
        self._tell(LegArrived(now, leg_id, *party, forwarded_from, replaces))
        return leg_id

    def rings(self, leg_id: LegId) -> None:
        """The device of a dialled leg rings."""
        self._leg(leg_id)
        self._tell(LegRinging(self.clock.now(), leg_id))

    def answers(self, leg_id: LegId) -> None:
        """The device of a dialled leg answers (or an arrived leg is answered, when the fake does not obey)."""
        leg = self._leg(leg_id)
        if not leg.live.answered:
            leg.live = replace(leg.live, answered=True)
            self._answered.add(leg_id)
            leg.hearing = Hearing.SILENCE if leg.hearing is Hearing.RINGBACK else leg.hearing
            self._tell(LegAnswered(self.clock.now(), leg_id))

    def holds(self, leg_id: LegId) -> None:
        """The party of a leg puts us on hold."""
        self._hold_of_party(leg_id, held=True)
        self._tell(LegHeld(self.clock.now(), leg_id))

    def is_back(self, leg_id: LegId) -> None:
        """The party of a leg ends its hold."""
        self._hold_of_party(leg_id, held=False)
        self._tell(LegResumed(self.clock.now(), leg_id))

    def _hold_of_party(self, leg_id: LegId, *, held: bool) -> None:
        leg = self._leg(leg_id)
        leg.live = replace(leg.live, held_by_party=held)

    def hangs_up(self, leg_id: LegId, cause: HangUpCause = HangUpCause.NORMAL, by: HungUpBy = HungUpBy.PARTY) -> None:
        """The party of a leg hangs up, is busy, does not answer …"""
        self._leg(leg_id)
        self._end(leg_id, cause, by)

    def ends_prompt(self, leg_id: LegId, order_id: OrderId | None = None) -> None:
        """The prompts of the running `say` (or of an earlier one, named) end; hold music follows by itself."""
        order_id = self._finish(leg_id, order_id)
        self._tell(PromptEnded(self.clock.now(), leg_id, order_id))

    def enters(self, leg_id: LegId, digits: str, order_id: OrderId | None = None) -> None:
        """The caller answers the running `ask` (or an earlier one, named); no digits stand for a time-out."""
        order_id = self._finish(leg_id, order_id, digits)
        self._tell(DigitsEntered(self.clock.now(), leg_id, order_id, digits))

    def presses(self, leg_id: LegId, keys: str) -> None:
        """Keys of an answer whose keys are told one by one; the first ends the prompts."""
        leg = self._leg(leg_id)
        assert leg.running is not None and self.last(Ask, leg_id).question.each_key, "nobody asks for such keys"
        for key in keys:
            leg.hearing, leg.keyed = Hearing.HOLD_MUSIC, True
            self._tell(KeyPressed(self.clock.now(), leg_id, leg.running, key))

    def refuses(self, leg_id: LegId, order: str, reason: str = "-ERR no such channel") -> None:
        """The switch tells that it could not carry out an order that it got earlier."""
        self._tell(OrderRefused(self.clock.now(), leg_id, order, reason))

    def will_refuse(self, kind: type[Order], leg_id: LegId | None = None, reason: str = "-ERR not now") -> None:
        """Refuse the next order of this kind, to this leg if it is named."""
        self._refusals.append((kind, leg_id, reason))

    def overflows(self, leg_id: LegId) -> None:
        """Nobody took the leg in time: the switch's own fallback has it, and `take` is refused."""
        leg = self._leg(leg_id)
        leg.overflowing, leg.hearing = True, Hearing.PROMPTS

    def loses(self, leg_id: LegId) -> None:
        """The leg is gone, and the switch says nothing of it."""
        tell, self.tell = self.tell, lambda tiding: None
        self._separate(leg_id)
        del self.legs[leg_id]
        self.tell = tell

    def is_lost(self, reason: str = "connection refused") -> None:
        """The connection is gone; the legs live on, and orders are refused until `comes_back`."""
        if self.connected:
            self.connected = False
            self._tell(SwitchLost(self.clock.now(), reason))

    def comes_back(self) -> None:
        """The connection is there again: tells `SwitchConnected` and which legs live."""
        self.connected = True
        self._tell(SwitchConnected(self.clock.now(), self.instance))
        self._report()

    def restarts(self, reason: str = "connection reset") -> None:
        """The switch dies with all its legs, and comes back as another instance."""
        self.is_lost(reason)
        self.legs.clear()
        self.instance = f"fake-{next(self._instances)}"
        self.comes_back()

    # --- The port ----------------------------------------------------------------------------------------------------

    def take(self, leg_id: LegId) -> None:
        leg = self._ordered(order := Take(leg_id))
        if leg and leg.overflowing:
            self._refuse(order, "the switch's fallback has the leg")
        elif leg:
            leg.taken = True

    def ring(self, leg_id: LegId) -> None:
        if leg := self._ordered(Ring(leg_id)):
            leg.hearing = Hearing.RINGBACK

    def answer(self, leg_id: LegId) -> None:
        if self._ordered(Answer(leg_id)):
            self.answers(leg_id)

    def say(self, leg_id: LegId, order_id: OrderId, prompts: Prompts) -> None:
        if leg := self._ordered(Say(leg_id, order_id, prompts)):
            leg.hearing, leg.running, leg.begun, leg.asked = Hearing.PROMPTS, order_id, order_id, False

    def ask(self, leg_id: LegId, order_id: OrderId, question: Question) -> None:
        if leg := self._ordered(Ask(leg_id, order_id, question)):
            leg.hearing, leg.running, leg.begun, leg.asked = Hearing.QUESTION, order_id, order_id, True
            leg.keyed = False

    def play_hold_music(self, leg_id: LegId) -> None:
        if leg := self._ordered(PlayHoldMusic(leg_id)):
            self._separate(leg_id)
            leg.hearing, leg.running, leg.joined = Hearing.HOLD_MUSIC, None, None

    def play_ringback(self, leg_id: LegId) -> None:
        if leg := self._ordered(PlayRingback(leg_id)):
            self._separate(leg_id)
            leg.hearing, leg.running = Hearing.RINGBACK, None

    def join(self, leg_id: LegId, other: LegId) -> None:
        if leg := self._ordered(Join(leg_id, other), other):
            self._separate(leg_id)
            leg.hearing, leg.running, leg.joined = Hearing.CONVERSATION, None, other

    def dial(self, dial: Dial) -> None:
        if self._accepts(Dialled(dial.leg_id, dial)):
            live = LiveLeg(
                dial.leg_id,
                inbound=False,
                answered=False,
                dialled_number=dial.destination,
                caller_number=dial.caller_number,
                caller_name=dial.caller_name,
                created_at=self.clock.now(),
                marks=dict(dial.marks),
            )
            self.legs[dial.leg_id] = FakeLeg(live)

    def bridge(self, leg_id: LegId, other: LegId) -> None:
        if self._ordered(Bridge(leg_id, other), other):
            self._connect(leg_id, other)

    def park(self, leg_id: LegId) -> None:
        leg = self._ordered(Park(leg_id))
        if leg and leg.live.bridged_to:
            self._separate(leg_id)
        elif leg:
            leg.hearing, leg.running = Hearing.HOLD_MUSIC if leg.live.inbound else Hearing.SILENCE, None

    def hold(self, leg_id: LegId, held_leg_id: LegId) -> None:
        if self._ordered(Hold(leg_id, held_leg_id), held_leg_id):
            self._separate(held_leg_id)
            self._leg(held_leg_id).hearing = Hearing.HOLD_MUSIC

    def resume(self, leg_id: LegId, held_leg_id: LegId) -> None:
        if self._ordered(Resume(leg_id, held_leg_id), held_leg_id):
            self._connect(leg_id, held_leg_id)

    def send_digits(self, leg_id: LegId, digits: str) -> None:
        self._ordered(SendDigits(leg_id, digits))

    def listen(self, leg_id: LegId, to: LegId, mode: ListeningMode) -> None:
        if self._ordered(Listen(leg_id, to, mode), to):
            self._leg(leg_id).hearing = Hearing.OTHER_LEG

    def start_recording(self, leg_id: LegId, path: PurePath, party_only: bool = False) -> None:
        if leg := self._ordered(StartRecording(leg_id, path, party_only)):
            leg.recordings.add(path)

    def mask_recording(self, leg_id: LegId, path: PurePath, masked: bool) -> None:
        self._ordered(MaskRecording(leg_id, path, masked))

    def stop_recording(self, leg_id: LegId, path: PurePath) -> None:
        if leg := self._ordered(StopRecording(leg_id, path)):
            leg.recordings.discard(path)

    def mark(self, leg_id: LegId, marks: Mapping[str, str]) -> None:
        if leg := self._ordered(Mark(leg_id, dict(marks))):
            merged = {**leg.live.marks, **marks}
            leg.live = replace(leg.live, marks={name: value for name, value in merged.items() if value})

    def hang_up(self, leg_id: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        if self._accepts(HangUp(leg_id, cause)) and leg_id in self.legs:
            self._end(leg_id, cause, HungUpBy.SWITCH)

    def renew_sound(self) -> None:
        for leg_id in [each for each, leg in self.legs.items() if leg.live.answered]:
            self._ordered(RenewSound(leg_id))

    def report_live_legs(self) -> None:
        if self.connected:
            self._report()

    # --- How it does it ----------------------------------------------------------------------------------------------

    def _ordered(self, order: Order, *others: LegId) -> FakeLeg | None:
        """Record an order; the leg it is to be carried out on, or None when it is refused or nobody obeys."""
        if not self._accepts(order):
            return None
        gone = [leg_id for leg_id in (order.leg_id, *others) if leg_id not in self.legs]
        if gone:
            self._refuse(order, f"-ERR no such channel {gone[0]}")
            return None
        return self.legs[order.leg_id]

    def _accepts(self, order: Order) -> bool:
        self.orders.append(order)
        if not self.connected:
            self._refuse(order, "the switch is not connected")
            return False
        leg = self.legs.get(order.leg_id)
        if leg is not None and leg.overflowing and not isinstance(order, Take | HangUp | Bridge):
            return False  # the adapter gives none of the orders that follow a refused `take`
        for refusal in self._refusals:
            kind, leg_id, reason = refusal
            if isinstance(order, kind) and leg_id in (None, order.leg_id):
                self._refusals.remove(refusal)
                self._refuse(order, reason)
                return False
        return self.obedient or isinstance(order, Dialled)

    def _refuse(self, order: Order, reason: str) -> None:
        leg_id = order.held_leg_id if isinstance(order, Hold) else order.leg_id
        self._tell(OrderRefused(self.clock.now(), leg_id, ORDER_NAMES[type(order)], reason))

    def _finish(self, leg_id: LegId, order_id: OrderId | None, digits: str = "") -> OrderId:
        leg = self._leg(leg_id)
        running, chosen = leg.running, order_id or leg.running or self._latest_order_id(leg_id)
        if chosen == running:
            leg.hearing, leg.running, leg.digits = Hearing.HOLD_MUSIC, None, digits
        return chosen

    def _latest_order_id(self, leg_id: LegId) -> OrderId:
        given = [order.order_id for order in self.orders_to(leg_id) if isinstance(order, Say | Ask)]
        assert given, f"leg {leg_id} was neither told nor asked anything"
        return given[-1]

    def _connect(self, leg_id: LegId, other: LegId) -> None:
        for one, two in ((leg_id, other), (other, leg_id)):
            leg = self._leg(one)
            if leg.live.bridged_to not in (None, two):
                self._separate(one)
            leg.live = replace(leg.live, bridged_to=two)
            leg.hearing, leg.running, leg.joined = Hearing.OTHER_LEG, None, None
        self._tell(LegsBridged(self.clock.now(), leg_id, other))

    def _joined_to(self, leg_id: LegId) -> list[FakeLeg]:
        return [leg for leg in self.legs.values() if leg.joined == leg_id]

    def _separate(self, leg_id: LegId) -> None:
        other = self._leg(leg_id).live.bridged_to
        if other is None:
            return
        for one in (leg_id, other):
            leg = self._leg(one)
            leg.live = replace(leg.live, bridged_to=None)
            leg.hearing = Hearing.HOLD_MUSIC if leg.live.inbound else Hearing.SILENCE
            for third in self._joined_to(one):
                third.hearing, third.joined = Hearing.SILENCE, None
        self._tell(LegsUnbridged(self.clock.now(), leg_id, other))

    def _end(self, leg_id: LegId, cause: HangUpCause, by: HungUpBy) -> None:
        self._separate(leg_id)
        del self.legs[leg_id]
        self._tell(LegHungUp(self.clock.now(), leg_id, cause, by, self.mos, f"{leg_id}@fake"))

    def _report(self) -> None:
        self._tell(LiveLegsReported(self.clock.now(), tuple(map(_reported, self.legs.values()))))

    def _leg(self, leg_id: LegId) -> FakeLeg:
        assert leg_id in self.legs, f"leg {leg_id} is not on the switch; there are {sorted(self.legs)}"
        return self.legs[leg_id]

    def _tell(self, tiding: Tiding) -> None:
        """Without a connection nothing that happens on the switch is heard."""
        if self.connected or isinstance(tiding, SwitchLost | OrderRefused):
            self.tell(tiding)


def _reported(leg: FakeLeg) -> LiveLeg:
    ended = leg.begun is not None and (leg.running != leg.begun or (leg.asked and leg.keyed))
    digits = leg.digits if leg.asked and ended else None
    taken = leg.taken or not leg.live.inbound
    return replace(leg.live, taken=taken, order_id=leg.begun, order_ended=ended, digits=digits)


ORDER_NAMES: Mapping[type[Order], str] = {
    Take: "take",
    Ring: "ring",
    Answer: "answer",
    Say: "say",
    Ask: "ask",
    PlayHoldMusic: "play_hold_music",
    PlayRingback: "play_ringback",
    Join: "join",
    Dialled: "dial",
    Bridge: "bridge",
    Park: "park",
    Hold: "hold",
    Resume: "resume",
    SendDigits: "send_digits",
    Listen: "listen",
    StartRecording: "start_recording",
    MaskRecording: "mask_recording",
    StopRecording: "stop_recording",
    Mark: "mark",
    HangUp: "hang_up",
}
"""What `OrderRefused.order` says of each."""
