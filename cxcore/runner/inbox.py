"""One bounded inbox and the one greenlet that works it off. Everything that changes the floor passes here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import gevent.queue

from cxcore.domain.commands import Command
from cxcore.domain.errors import DomainError
from cxcore.domain.events import Fact
from cxcore.domain.tidings import Tiding
from cxcore.ports.clock import Clock
from cxcore.runner.timers import TimerHeap
from cxcore.services.dispatch import work_off_command, work_off_tiding
from cxcore.services.workplace import Workplace

log = logging.getLogger(__name__)

SIZE = 10_000
"""Bounds the memory of a backlog. A full inbox holds the switch's reader back, and with it the switch's socket."""

IDLE_SECONDS = 1.0
"""The longest wait without a look at the timers."""

Reply = Callable[[DomainError | None], None]
Ear = Callable[[Sequence[Fact]], None]
"""Hears the facts of each step. It must not wait, and never answers back."""


class InboxFull(Exception):
    """The core cannot keep up; nothing was done."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command and where its outcome goes: None when it was carried out, else the refusal."""

    command: Command
    reply: Reply


@dataclass(slots=True)
class Pace:
    """How the inbox fares; read by health and benchmarks."""

    steps: int = 0
    busy_seconds: float = 0.0
    longest_step_seconds: float = 0.0
    faults: int = 0
    """Items that failed by a defect of ours."""

    def note(self, seconds: float) -> None:
        """Take one step into account."""
        self.steps += 1
        self.busy_seconds += seconds
        self.longest_step_seconds = max(self.longest_step_seconds, seconds)


@dataclass(slots=True)
class Inbox:
    """Owns the floor. `run` is the body of the one greenlet; every other greenlet only puts."""

    work: Workplace
    timers: TimerHeap
    clock: Clock
    ears: Sequence[Ear]
    pace: Pace = field(default_factory=Pace)
    _items: gevent.queue.Queue[Tiding | Request] = field(default_factory=lambda: gevent.queue.Queue(SIZE))

    def tell(self, tiding: Tiding) -> None:
        """Put a tiding; waits while the inbox is full."""
        self._items.put(tiding)

    def submit(self, command: Command, reply: Reply) -> None:
        """Put a command; raises `InboxFull` at once when there is no room."""
        try:
            self._items.put_nowait(Request(command, reply))
        except gevent.queue.Full:
            raise InboxFull(f"{SIZE} items wait in the core's inbox") from None

    def depth(self) -> int:
        """How many items wait."""
        return int(self._items.qsize())

    def run(self) -> None:
        """Work off tidings, commands and timers until the greenlet is killed."""
        while True:
            self.step(self._wait())

    def _wait(self) -> Tiding | Request | None:
        try:
            item: Tiding | Request = self._items.get(timeout=self._patience())
        except gevent.queue.Empty:
            return None
        return item

    def _patience(self) -> float:
        next_at = self.timers.next_at()
        if next_at is None:
            return IDLE_SECONDS
        return min(max((next_at - self.clock.now()).total_seconds(), 0.0), IDLE_SECONDS)

    def step(self, item: Tiding | Request | None) -> None:
        """Work off one item and the timers that are due, and let the ears hear the facts."""
        started = perf_counter()
        if isinstance(item, Request):
            self._carry_out(item)
        elif item is not None:
            self._work_off(item)
        for tiding in self.timers.due(self.clock.now()):
            self._work_off(tiding)
        self.pace.note(perf_counter() - started)

    def _work_off(self, tiding: Tiding) -> None:
        try:
            work_off_tiding(self.work, tiding)
        except Exception:  # one bad tiding must not take the floor down; the lease check puts right what it left
            self.pace.faults += 1
            log.exception("%s was not worked off", type(tiding).__name__)
        finally:
            self.fan_out()

    def _carry_out(self, request: Request) -> None:
        refusal: DomainError | None = None
        try:
            work_off_command(self.work, request.command, self.clock.now())
        except DomainError as error:
            refusal = error
        except Exception:
            self.pace.faults += 1
            log.exception("%s was not carried out", type(request.command).__name__)
            refusal = DomainError("the command could not be carried out; the log of the core says why")
        finally:
            self.fan_out()
        request.reply(refusal)

    def fan_out(self) -> None:
        """Let each ear hear what happened; one that fails is logged and the others still hear."""
        facts, self.work.facts = self.work.facts, []
        if not facts:
            return
        for ear in self.ears:
            try:
                ear(facts)
            except Exception:
                log.exception("an ear failed on %s", [type(fact).__name__ for fact in facts])
