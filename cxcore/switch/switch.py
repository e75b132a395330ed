"""The Switch port over the Event Socket, for FreeSWITCH and for softswitch."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import PurePath

import gevent

from cxcore.domain.leg import HangUpCause, LegId, LiveLeg, OrderId
from cxcore.domain.listening import ListeningMode
from cxcore.domain.tidings import (
    LegArrived,
    LiveLegsReported,
    OrderRefused,
    SwitchConnected,
    SwitchLost,
    Tiding,
)
from cxcore.ports.clock import Clock
from cxcore.ports.switch import Dial, Prompts, Question
from cxcore.switch import commands
from cxcore.switch.connection import ConnectionLost, OnReply
from cxcore.switch.frames import Event
from cxcore.switch.recovery import awaits_controller
from cxcore.switch.session import Legs, Session, SessionKeeper
from cxcore.switch.settings import SwitchSettings
from cxcore.switch.translate import KnownLegs, translate

MAX_WAITING_ORDERS = 50
"""Orders to one leg that may wait while the switch is asked whether the leg can be taken."""

SECOND_LOOK_SECONDS = 1.0
"""After a connection; see `cxcore.switch.recovery`."""

Build = Callable[[], list[str]]


class EventSocketSwitch:
    """Keeps a session with the switch and carries orders out in it.

    `tell` gets every tiding in order; when it waits, the switch is held back by TCP. Orders are given from greenlets of
    one thread. While there is no session an order is refused at once, from a greenlet of its own, so that an order
    never waits for a full inbox.
    """

    def __init__(self, settings: SwitchSettings, tell: Callable[[Tiding], None], clock: Clock) -> None:
        self._settings, self._tell, self._clock = settings, tell, clock
        self._known = KnownLegs()
        self._keeper = SessionKeeper(settings, self)
        self._session: Session | None = None
        self._taking: dict[LegId, list[Callable[[], None]]] = {}

    def start(self) -> None:
        """Connect in the background, and again whenever the connection is lost; returns at once."""
        self._keeper.start()

    def stop(self, timeout: float = 2.0) -> None:
        """End the session, within about `timeout` seconds. Legs live on; nothing is told any more."""
        self._session = None
        self._keeper.stop(timeout)

    # --- What the session tells --------------------------------------------------------------------------------------

    def on_connected(self, session: Session, instance: str, legs: Legs) -> None:
        """Tell first that the switch is there and which legs live, then what happened since it was asked."""
        self._known.forget_all()
        self._taking.clear()
        self._session = session
        self._tell(SwitchConnected(self._clock.now(), instance))
        self._report(session, legs)
        gevent.spawn_later(SECOND_LOOK_SECONDS, self._look_again, session)

    def on_lost(self, reason: str) -> None:
        self._session = None
        self._tell(SwitchLost(self._clock.now(), reason))

    def on_event(self, event: Event) -> None:
        for tiding in translate(event, self._known, self._clock.now()):
            self._tell(tiding)
        if event.name == "CHANNEL_CREATE":
            self._withdraw(LegId(event.text("Unique-ID")))

    def known_legs(self) -> Iterable[LegId]:
        return self._known.legs.keys()

    def _look_again(self, session: Session) -> None:
        if session is self._session:
            session.count(lambda legs: self._report_found(session, legs), self.known_legs())

    def _report_found(self, session: Session, legs: Legs) -> None:
        """Tell of legs that the first report lacked: as arrived where nobody took them, else by another report."""
        found = [live for live in legs if live.leg_id not in self._known.legs.keys() | session.arrivals()]
        fresh = [live for live in found if live.inbound and not live.answered and not live.marks]
        self._known.adopt(fresh)
        for live in fresh:
            party = (live.dialled_number, live.caller_number, live.caller_name, live.forwarded_from)
            self._tell(LegArrived(self._clock.now(), live.leg_id, *party))
        if len(fresh) < len(found):
            self._report(session, legs)
        else:
            session.release()

    def _report(self, session: Session, legs: Legs) -> None:
        """Legs whose arrival is still to be told are left out; legs that are being made are not forgotten."""
        arriving = session.arrivals() - self._known.legs.keys()
        listed = {live.leg_id for live in legs}
        unmade = [live for live in self._known.unmade() if live.leg_id not in listed]
        told = (*(live for live in legs if live.leg_id not in arriving), *unmade)
        self._known.adopt(told)
        try:
            self._tell(LiveLegsReported(self._clock.now(), told))
        finally:
            session.release()

    # --- Orders ------------------------------------------------------------------------------------------------------

    def take(self, leg_id: LegId) -> None:
        """Orders that follow wait for the switch's word: a leg that overflows already must be left alone."""
        if self._send(leg_id, "take", lambda: commands.take(leg_id), lambda reply: self._taken(leg_id, reply)):
            self._taking[leg_id] = []

    def ring(self, leg_id: LegId) -> None:
        self._order(leg_id, "ring", lambda: commands.ring(leg_id))

    def answer(self, leg_id: LegId) -> None:
        self._order(leg_id, "answer", lambda: commands.answer(leg_id))

    def say(self, leg_id: LegId, order_id: OrderId, prompts: Prompts) -> None:
        music = self._settings.hold_music
        self._play(leg_id, "say", lambda: commands.say(leg_id, order_id, prompts, music), order_id)

    def ask(self, leg_id: LegId, order_id: OrderId, question: Question) -> None:
        music = self._settings.hold_music
        self._known.expects(leg_id, order_id, each_key=question.each_key)
        self._order(leg_id, "ask", lambda: commands.ask(leg_id, order_id, question, music))

    def play_hold_music(self, leg_id: LegId) -> None:
        self._play_music(leg_id, "play_hold_music")

    def play_ringback(self, leg_id: LegId) -> None:
        self._play(leg_id, "play_ringback", lambda: commands.play_ringback(leg_id), None)

    def join(self, leg_id: LegId, other: LegId) -> None:
        self._play(leg_id, "join", lambda: commands.join(leg_id, other), None)

    def dial(self, dial: Dial) -> None:
        job_id = str(uuid.uuid4())
        if self._send(
            dial.leg_id,
            "dial",
            lambda: commands.dial(dial, self._settings, job_id, self._known.codec_of(dial.partner)),
            lambda reply: self._dialling(dial.leg_id, job_id, reply),
        ):
            self._known.dialled(self._live(dial), job_id)

    def bridge(self, leg_id: LegId, other: LegId) -> None:
        self._bridge(leg_id, "bridge", other)

    def resume(self, leg_id: LegId, held_leg_id: LegId) -> None:
        self._bridge(leg_id, "resume", held_leg_id)

    def park(self, leg_id: LegId) -> None:
        """Music takes the caller's leg out of the bridge; the other one parks by `park_after_bridge`."""
        known = self._known.legs.get(leg_id)
        both = (leg_id, known.bridged_to if known is not None else None)
        caller = next((one for one in both if one is not None and self._is_inbound(one)), None)
        if caller is not None:
            self._play_music(caller, "park")
        else:
            self._play(leg_id, "park", lambda: commands.park(leg_id), None)

    def hold(self, leg_id: LegId, held_leg_id: LegId) -> None:
        """Music takes the held leg out of the bridge; the other one parks by `park_after_bridge`."""
        self._play_music(held_leg_id, "hold")

    def send_digits(self, leg_id: LegId, digits: str) -> None:
        self._order(leg_id, "send_digits", lambda: commands.send_digits(leg_id, digits))

    def listen(self, leg_id: LegId, to: LegId, mode: ListeningMode) -> None:
        self._order(leg_id, "listen", lambda: commands.listen(leg_id, to, mode))

    def start_recording(self, leg_id: LegId, path: PurePath, party_only: bool = False) -> None:
        self._order(leg_id, "start_recording", lambda: commands.start_recording(leg_id, path, party_only))

    def mask_recording(self, leg_id: LegId, path: PurePath, masked: bool) -> None:
        self._order(leg_id, "mask_recording", lambda: commands.mask_recording(leg_id, path, masked))

    def stop_recording(self, leg_id: LegId, path: PurePath) -> None:
        self._order(leg_id, "stop_recording", lambda: commands.stop_recording(leg_id, path))

    def mark(self, leg_id: LegId, marks: Mapping[str, str]) -> None:
        self._order(leg_id, "mark", lambda: self._marking(leg_id, marks))

    def hang_up(self, leg_id: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """A leg that is being dialled and not made yet is ended as soon as it is made."""
        known = self._known.legs.get(leg_id)
        if known is not None and known.dialled is not None:
            known.withdrawn = cause
        self._taking.pop(leg_id, None)
        self._send(leg_id, "hang_up", lambda: commands.hang_up(leg_id, cause), _gone_is_fine)

    def renew_sound(self) -> None:
        for leg_id in self._known.answered():
            self._order(leg_id, "renew_sound", partial(commands.renew_sound, leg_id))

    def report_live_legs(self) -> None:
        """Without a session nothing is asked: the next connection brings a report."""
        session = self._session
        if session is not None:
            session.count(lambda legs: self._report(session, legs), self.known_legs())

    # --- How they are given ------------------------------------------------------------------------------------------

    def _play(self, leg_id: LegId, order: str, build: Build, order_id: OrderId | None) -> None:
        """An order that changes what a leg hears: the outcome of an earlier one is told no longer."""
        self._known.expects(leg_id, order_id)
        self._order(leg_id, order, build)

    def _play_music(self, leg_id: LegId, order: str) -> None:
        self._known.expects(leg_id, None)
        self._order(leg_id, order, lambda: commands.play_hold_music(leg_id, self._settings.hold_music))

    def _bridge(self, leg_id: LegId, order: str, other: LegId) -> None:
        """The caller's leg comes first: of a dialled one in that place the switch swaps caller and called party."""
        first, second = (leg_id, other) if self._is_inbound(leg_id) else (other, leg_id)
        self._known.expects(other, None)
        self._play(leg_id, order, lambda: commands.bridge(first, second), None)
        self._speak_alike(first, second)

    def _speak_alike(self, first: LegId, second: LegId) -> None:
        """Where one party has G.722 and the other has not, both are to speak the other's codec."""
        spoken = {leg_id: self._known.codec_of(leg_id) for leg_id in (first, second)}
        wide = [leg_id for leg_id, codec in spoken.items() if codec == commands.WIDE]
        narrow = [codec for codec in spoken.values() if codec not in (commands.WIDE, "")]
        if wide and narrow:
            codec = narrow[0]
            self._known.changes_codec(wide[0], codec)
            self._order(wide[0], "renew_sound", lambda: commands.change_codec(wide[0], codec, self._settings.codecs))

    def _order(self, leg_id: LegId, order: str, build: Build) -> None:
        """Give an order now, or as soon as its leg is taken."""
        waiting = self._taking.get(leg_id)
        if waiting is None:
            self._send(leg_id, order, build)
        elif len(waiting) < MAX_WAITING_ORDERS:
            waiting.append(lambda: self._order(leg_id, order, build))
        else:
            self._refuse(leg_id, order, f"{MAX_WAITING_ORDERS} orders wait for the leg already")

    def _marking(self, leg_id: LegId, marks: Mapping[str, str]) -> list[str]:
        """Most of what stands on a leg is the same from one step of a call to the next."""
        changed = self._known.changed_marks(leg_id, marks)
        orders = commands.mark(leg_id, changed)
        self._known.marked(leg_id, changed)
        return orders

    def _send(self, leg_id: LegId, order: str, build: Build, on_reply: OnReply | None = None) -> bool:
        """Send the commands of an order; whether that was possible. The reply to the last of them counts."""
        try:
            if self._session is None:
                raise ConnectionLost("the switch is not connected")
            *first, last = build() or ["api create_uuid"]
            for command in first:
                self._session.post(command, _ignore)
            check = on_reply or (lambda reply: self._check(leg_id, order, reply))
            self._session.post(last, check, lambda reason: self._unanswered(leg_id, order, reason))
        except (ConnectionLost, commands.Unspeakable) as error:
            self._refuse(leg_id, order, str(error))
            return False
        return True

    def _taken(self, leg_id: LegId, reply: str) -> None:
        waiting = self._taking.pop(leg_id, None)
        if waiting is None:
            return  # hung up meanwhile
        if reply.startswith("+OK") and not reply.startswith("+OK Deleted: 0"):
            self._keep(leg_id, waiting)
            return
        self._taking[leg_id] = waiting
        look = [commands.dump(leg_id)]
        self._send(leg_id, "take", lambda: look, lambda dump: self._looked_at(leg_id, dump))

    def _looked_at(self, leg_id: LegId, dump: str) -> None:
        """No fallback was pending: it has the leg, or an earlier core had just taken it when it died."""
        waiting = self._taking.pop(leg_id, None)
        if waiting is None:
            return
        if awaits_controller(dump):
            self._keep(leg_id, waiting)
        else:
            self._check(leg_id, "take", "-ERR the switch's fallback has the leg, or it is gone")

    def _keep(self, leg_id: LegId, waiting: list[Callable[[], None]]) -> None:
        self._send(leg_id, "take", lambda: commands.keep(leg_id))
        for order in waiting:
            order()

    def _dialling(self, leg_id: LegId, job_id: str, reply: str) -> None:
        if reply.startswith("-"):
            self._known.never_dialled(leg_id, job_id)
        self._check(leg_id, "dial", reply)

    def _withdraw(self, leg_id: LegId) -> None:
        known = self._known.legs.get(leg_id)
        if known is not None and known.withdrawn is not None:
            self.hang_up(leg_id, known.withdrawn)

    def _check(self, leg_id: LegId, order: str, reply: str) -> None:
        if reply.startswith("-"):
            self._tell(OrderRefused(self._clock.now(), leg_id, order, reply.partition("\n")[0]))

    def _unanswered(self, leg_id: LegId, order: str, reason: str) -> None:
        self._refuse(leg_id, order, f"no reply: {reason}")

    def _refuse(self, leg_id: LegId, order: str, reason: str) -> None:
        gevent.spawn(self._tell, OrderRefused(self._clock.now(), leg_id, order, reason))

    def _is_inbound(self, leg_id: LegId) -> bool:
        known = self._known.legs.get(leg_id)
        return known is not None and known.inbound

    def _live(self, dial: Dial) -> LiveLeg:
        return LiveLeg(
            leg_id=dial.leg_id,
            inbound=False,
            answered=False,
            dialled_number=dial.destination,
            caller_number=dial.caller_number,
            caller_name=dial.caller_name,
            created_at=self._clock.now(),
            marks=dict(dial.marks),
        )


def _ignore(_reply: str) -> None:
    """For commands whose failure shows in the one that follows."""


def _gone_is_fine(_reply: str) -> None:
    """A leg that is gone already is no error."""
