"""Robot callers and robot agents: each is moved on by `step`, many times a second, and never waits."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lab.agent_desk import AgentDesk, DeskRefused
from lab.conversation import Conversation, Side
from lab.directory import AgentDevice, DialledNumber
from lab.phone import Answer, Behaviour, Lab, Miss, ReceivedInvite, Station
from lab.saying import AGENT_TONE, AGENT_TONE_HZ, CALLER_TONE
from softswitch.sip.transactions import Address

BREAK_REASON: Final = "Pauze"
BREAK_SECONDS: Final = 15.0
ANSWER_SECONDS: Final = (0.5, 4.0)
WRAP_UP_SECONDS: Final = (2.0, 8.0)
KEY_SECONDS: Final = (3.0, 9.0)
"""How long after the answer a caller chooses from a menu."""
HASTE: Final = 0.1
"""The share of callers who choose while the greeting still speaks."""
AGENT_HANGS_UP: Final = 0.3
"""The share of talks that the agent ends; else the caller does."""
LISTEN_SECONDS: Final = 0.25
RING_SECONDS: Final = 30.0
"""A call that is not answered by the system in this time has failed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Habits:
    """How people are. `patience` and `talk` are means of exponential times in seconds; the others are shares."""

    patience: float = 60.0
    talk: float = 30.0
    miss: float = 0.05
    breaks: float = 0.05


class Outcome(StrEnum):
    """What became of a caller."""

    UNDER_WAY = "under way"
    TALKED = "talked"
    """Reached an agent."""
    GAVE_UP = "gave up"
    TURNED_AWAY = "turned away"
    """The system answered and ended the call before an agent came."""
    REFUSED = "refused"
    """The system did not answer the call, but refused it."""
    FAILED = "failed"
    """Nobody answered at all."""


class RobotCaller:
    """Calls, chooses from the menu, waits, talks to an agent or gives up. It knows an agent by the agent's tone."""

    def __init__(self, lab: Lab, number: DialledNumber, via: Address, habits: Habits, seed: int) -> None:
        """Places the call."""
        self._random = random.Random(seed)
        self._patience = self._random.expovariate(1 / habits.patience) + 5
        self._talk = self._random.expovariate(1 / habits.talk) + 3
        self._listen_at = 0.0
        host, port = via
        self.number = number
        self.call: Conversation = lab.call(
            f"sip:{number.number}@{host}:{port}",
            f"+316{self._random.randrange(10**8):08}",
            say=CALLER_TONE,
            keys=self._choice(number.keys),
        )
        self.talking_since: float | None = None

    @property
    def done(self) -> bool:
        """Whether the call has ended."""
        return self.call.ended is not None

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        ended = self.call.ended
        if self.talking_since is not None:
            return Outcome.TALKED
        if ended is None:
            return Outcome.UNDER_WAY
        if self.call.answered_at is None:
            return Outcome.REFUSED if ended.hung_up_by is Side.THEM else Outcome.FAILED
        return Outcome.GAVE_UP if ended.hung_up_by is Side.US else Outcome.TURNED_AWAY

    @property
    def waited(self) -> float:
        """Seconds from the answer to the agent or the end."""
        if self.call.answered_at is None:
            return 0.0
        until = self.talking_since or (self.call.ended.at if self.call.ended else self.call.seconds())
        return until - self.call.answered_at

    def step(self) -> None:
        """Do what is due."""
        now = self.call.seconds()
        if self.done:
            self.call.hearing.forget_sound()
            return
        if self.call.answered_at is None:
            self._hang_up_if(now > RING_SECONDS)
        elif self.talking_since is not None:
            self._hang_up_if(now - self.talking_since > self._talk)
        elif now >= self._listen_at:
            self._listen_at = now + LISTEN_SECONDS
            self._listen(now)

    def give_up(self) -> None:
        """Hang up, whatever there is."""
        self.call.hang_up()

    def _listen(self, now: float) -> None:
        if self.call.hears_tone(AGENT_TONE_HZ):
            self.talking_since = now
        else:
            self._hang_up_if(self.waited > self._patience)

    def _hang_up_if(self, due: bool) -> None:
        if due:
            self.call.hang_up()

    def _choice(self, keys: tuple[str, ...]) -> str:
        if not keys:
            return ""
        earliest, latest = (0.5, 2.0) if self._random.random() < HASTE else KEY_SECONDS
        return f"{self._random.choice(keys)}@{self._random.uniform(earliest, latest):.2f}"


class RobotAgent:
    """Answers the agent's device, misses some calls, and tends the desk."""

    def __init__(self, lab: Lab, device: AgentDevice, habits: Habits, desk: AgentDesk, seed: int) -> None:
        """Sets the telephone up. Raises `PortTaken`."""
        self._random = random.Random(seed)
        self._luck = random.Random(seed + 1)
        self._habits = habits
        self._desk = desk
        self._device = device
        self._plans: list[tuple[float, Callable[[], None]]] = []
        self._seen = 0
        self.missed = 0
        self.refusals = 0
        self.station: Station = lab.station(
            device.port,
            device.agent,
            self._decide,
            say=AGENT_TONE,
            ipv6=device.host.startswith("["),
            host=device.host,
        )

    @property
    def offered(self) -> int:
        """Calls that rang."""
        return len(self.station.invites)

    @property
    def answered(self) -> int:
        """Calls that were answered."""
        return sum(call.answered_at is not None for call in self.station.conversations)

    @property
    def talking(self) -> bool:
        """Whether a call is being talked."""
        current = self.station.current
        return current is not None and current.answered_at is not None

    def begin(self) -> None:
        """Log on."""
        self._at_desk(lambda: self._desk.log_on(self._device.agent))

    def end(self) -> None:
        """Log off."""
        self._at_desk(lambda: self._desk.log_off(self._device.agent))

    def step(self) -> None:
        """Do what is due."""
        now = time.monotonic()
        due = [plan for at, plan in self._plans if at <= now]
        self._plans = [(at, plan) for at, plan in self._plans if at > now]
        for plan in due:
            plan()
        for call in self.station.conversations[self._seen :]:
            if call.ended is None:
                return
            self._seen += 1
            call.hearing.forget_sound()
            if call.answered_at is not None:
                self._after_talk(now)

    def _decide(self, _invite: ReceivedInvite) -> Behaviour:
        """By the control thread, and with its own luck, so that the rest of the day stays the same."""
        if self._luck.random() < self._habits.miss:
            self.missed += 1
            return Miss()
        talk = self._luck.expovariate(1 / self._habits.talk) + 3
        ends = self._luck.random() < AGENT_HANGS_UP
        return Answer(self._luck.uniform(*ANSWER_SECONDS), talk if ends else None)

    def _after_talk(self, now: float) -> None:
        wrapped_up_at = now + self._random.uniform(*WRAP_UP_SECONDS)
        self._plan(wrapped_up_at, lambda: self._desk.end_wrap_up(self._device.agent))
        if self._random.random() < self._habits.breaks:
            self._plan(wrapped_up_at + 0.1, lambda: self._desk.go_on_break(self._device.agent, BREAK_REASON))
            self._plan(wrapped_up_at + BREAK_SECONDS, lambda: self._desk.available(self._device.agent))

    def _plan(self, at: float, deed: Callable[[], None]) -> None:
        self._plans.append((at, lambda: self._at_desk(deed)))

    def _at_desk(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except DeskRefused as refusal:
            self.refusals += 1
            _log.warning("%s at the desk: %s", self._device.agent, refusal)
