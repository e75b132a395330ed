"""Calls go on while parts of the system are killed, cut off, locked and frozen at random; afterwards the books balance.

    CX_FAULT_SECONDS=300 python -m pytest tests/system/test_random_faults.py

lets it go on for so long; `CX_FAULT_SEED` plays the same faults again.
"""

from __future__ import annotations

import contextlib
import os
import queue
import random
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import gevent
import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, EndWrapUp, LogOn
from cxcore.ports.controller import AgentRow, CommandRefused, ControllerUnavailable
from tests.contract import engines
from tests.contract.engines import Engine, Site
from tests.contract.sip_peer import Call
from tests.system.event_socket_proxy import EventSocketProxy
from tests.system.stage import DIRECT, GENERAL, Stage, until

pytestmark = [pytest.mark.system, pytest.mark.alone]

SECONDS = float(os.environ.get("CX_FAULT_SECONDS", "20"))
SEED = int(os.environ.get("CX_FAULT_SEED", "1"))
AGENTS = tuple(f"agent{number}" for number in range(4))
MOST_CALLERS = 12
HEALED_SECONDS = 60.0
"""Two checks of the leases, and the end of an offer."""
UNTAKEN_SECONDS = engines.CONTROLLER_TIMEOUT_SECONDS - 0.2
"""Who is answered sooner was answered by a core: a switch without one waits longer."""


@dataclass(slots=True)
class Seen:
    """What people saw of the core's work, by the caller's number: it must be in the facts, whatever befell the core."""

    answered: set[str] = field(default_factory=set)
    rung: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often the device of an agent rang for a caller."""


class Faults:
    """A stage on which calls go on, and what befalls it."""

    def __init__(self, site: Site, engine: Engine, folder: Path) -> None:
        self.site, self.engine = site, engine
        self.dice = random.Random(SEED)
        self.proxy = EventSocketProxy(engine.esl_address)
        queue_settings = {"ring_seconds": 5, "wrap_up_seconds": 1}
        self.stage = Stage(
            replace(engine, esl_address=self.proxy.address), folder, queue=queue_settings, agents=AGENTS
        )
        self.callers: list[Call] = []
        self.called: list[Call] = []
        """Every call since the switch started, also those whose caller hung up before a frozen switch said a word."""
        self.devices: list[Call] = []
        self.placed: dict[str, tuple[float, Call]] = {}
        """By the caller's number: when a call was placed."""
        self.seen = Seen()
        self.told: list[str] = []
        self.later: list[tuple[float, Callable[[], None]]] = []

    def run(self, seconds: float) -> None:
        """Let things happen for so long."""
        self.stage.open()
        ends_at, fault_at = time.monotonic() + seconds, time.monotonic() + 2.0
        while time.monotonic() < ends_at:
            self._work()
            if time.monotonic() >= fault_at:
                self._befall()
                fault_at = time.monotonic() + self.dice.uniform(1.5, 4.0)
        self._put_right(time.monotonic() + 1000)
        self._start_killed_core()

    def settle(self) -> None:
        """Everybody hangs up, and the system comes to rest."""
        for call in (*self.callers, *self.devices):
            with contextlib.suppress(OSError):
                self._end(call)
        until(self._is_at_rest, self._unrest(), HEALED_SECONDS)

    def close(self) -> None:
        self._put_right(time.monotonic() + 1000)
        self.stage.close()
        self.proxy.close()
        engines._stop(self.engine.process)

    # --- Calls ---

    def _work(self) -> None:
        what = self.dice.choice((self._call, self._call, self._hang_up, self._answer, self._answer, self._click))
        with contextlib.suppress(CommandRefused, ControllerUnavailable):
            what()
        self._see_answers()
        self._put_right(time.monotonic())
        self._start_killed_core()
        gevent.sleep(0.1)

    def _start_killed_core(self) -> None:
        if self.stage.core.poll() is not None:
            self.stage.core = self.stage._start_core()

    def _call(self) -> None:
        self.callers = [call for call in self.callers if not call.ended.is_set()]
        if len(self.callers) < MOST_CALLERS:
            number = f"+3161{len(self.placed):07d}"
            call = self.stage.calls(self.dice.choice((DIRECT, DIRECT, GENERAL)), caller=number)
            call.rtp.stop()
            self.placed[number] = (time.monotonic(), call)
            self.callers.append(call)
            self.called.append(call)

    def _see_answers(self) -> None:
        for number, (placed_at, call) in self.placed.items():
            if 200 in call.statuses() and time.monotonic() < placed_at + UNTAKEN_SECONDS:
                self.seen.answered.add(number)

    def _hang_up(self) -> None:
        if self.callers and self.dice.random() < 0.3:
            self._end(self.callers.pop(self.dice.randrange(len(self.callers))))
        elif self.devices and self.dice.random() < 0.5:
            self._end(self.devices.pop(self.dice.randrange(len(self.devices))))

    def _end(self, call: Call) -> None:
        answered = not call.outgoing or any(message.status == 200 for message in call.messages)
        if answered:
            call.bye()
        elif call.messages:
            call.cancel()

    def _answer(self) -> None:
        for name, party in self.stage.devices.items():
            with contextlib.suppress(queue.Empty):
                call = party._incoming.get_nowait()
                call.rtp.stop()
                self.seen.rung[caller_of(call), name] += 1
                self._treat(call)

    def _treat(self, call: Call) -> None:
        chance = self.dice.random()
        if chance < 0.7:
            call.ring()
            call.answer()
            self.devices.append(call)
        elif chance < 0.85:
            call.reject(486)
        else:
            call.ring()

    def _click(self) -> None:
        name = self.dice.choice(AGENTS)
        command = self.dice.choice((LogOn, LogOn, BecomeAvailable, EndWrapUp))
        self.stage.does(command(name, AgentId(name)))

    # --- Faults ---

    def _befall(self) -> None:
        fault = self.dice.choice(
            (self._kill_core, self._kill_core, self._cut, self._cut, self._lock, self._freeze_core,
             self._freeze_switch, self._kill_switch)
        )  # fmt: skip
        self.told.append(fault.__name__)
        fault()

    def _kill_core(self) -> None:
        self.stage.kill_core()

    def _cut(self) -> None:
        self.proxy.cut()

    def _lock(self) -> None:
        lock = sqlite3.connect(self.stage.state / "cx.db", isolation_level=None, check_same_thread=False, timeout=2)
        with contextlib.suppress(sqlite3.OperationalError):
            lock.execute("begin exclusive")
        self._after(self.dice.uniform(1, 3), lock.close)

    def _freeze_core(self) -> None:
        self._freeze(self.stage.core.pid)

    def _freeze_switch(self) -> None:
        self._freeze(self.engine.process.pid)

    def _freeze(self, pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)
        self._after(self.dice.uniform(0.5, 3), lambda: _continue(pid))

    def _kill_switch(self) -> None:
        self.engine.process.kill()
        self.engine.process.wait(5)
        self.callers, self.called, self.devices = [], [], []
        self.engine = engines.START[self.engine.name](self.site)

    def _after(self, seconds: float, what: Callable[[], None]) -> None:
        self.later.append((time.monotonic() + seconds, what))

    def _put_right(self, now: float) -> None:
        due = [each for each in self.later if each[0] <= now]
        self.later = [each for each in self.later if each[0] > now]
        for _, what in due:
            what()

    # --- Rest ---

    def _is_at_rest(self) -> bool:
        gevent.sleep(0.2)
        self._end_late_answers()
        if not self.stage.part("switch").healthy or self.stage.contacts():
            return False
        busy = [row for row in self.stage.rows().values() if isinstance(row, AgentRow) and row.state != "ready"]
        return not busy and self._channels() == 0

    def _end_late_answers(self) -> None:
        """A frozen switch may answer a call, or begin to, only after its caller was told to hang up."""
        for call in self.called:
            if not call.ended.is_set():
                with contextlib.suppress(OSError):
                    self._end(call)

    def _channels(self) -> int:
        esl = self.engine.login()
        count = int(esl.api("show channels count").split()[0])
        esl.close()
        return count

    def _unrest(self) -> str:
        return f"rest after {self.told}; the core says {self.stage.core_log()}"


def _continue(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def caller_of(call: Call) -> str:
    """The number that a device was shown."""
    shown = re.search(r"sip:(\+\d+)@", call.remote)
    assert shown, call.remote
    return shown[1]


def check_memory(database: Path, seen: Seen) -> None:
    """What anybody saw of the core's work is written down once, also where the core was killed a moment later."""
    connection = sqlite3.connect(database)
    numbers = "select contact_id, json_extract(body, '$.caller_number') from contact_event where kind = 'ContactOpened'"
    offers = "select contact_id, agent_id from contact_event where kind = 'ContactOffered'"
    try:
        caller = dict(connection.execute(numbers).fetchall())
        offered = Counter((caller[contact], agent) for contact, agent in connection.execute(offers).fetchall())
    finally:
        connection.close()
    assert seen.answered, "the day was too quiet to prove anything"
    assert sorted(seen.answered - set(caller.values())) == []
    assert not seen.rung - offered


def check_books(database: Path) -> None:
    """From what was written down: each contact has one end, each offer one at most, and the figures add up."""
    connection = sqlite3.connect(database)
    try:
        facts = connection.execute("select kind, contact_id, json_extract(body, '$.offer_id') from contact_event")
        rows = facts.fetchall()
        figures = "select offered, answered, abandoned, moved, closed, quick_drops from interval"
        intervals = connection.execute(figures).fetchall()
        waiting = connection.execute("select count(*) from queue_visit where outcome is null").fetchone()[0]
        visits = connection.execute("select count(*) from queue_visit").fetchone()[0]
    finally:
        connection.close()
    opened = Counter(contact for kind, contact, _ in rows if kind == "ContactOpened")
    ended = Counter(contact for kind, contact, _ in rows if kind == "ContactEnded")
    offers = Counter(offer for kind, _, offer in rows if kind == "OfferEnded")
    assert opened, "the day was too quiet to prove anything"
    assert opened == ended
    assert set(opened.values()) == {1}
    assert all(count == 1 for count in offers.values())
    assert all(each[0] == sum(each[1:5]) for each in intervals)
    assert waiting == 0
    assert sum(each[0] + each[5] for each in intervals) == visits


@pytest.mark.parametrize("name", list(engines.START))
def test_whatever_befalls_the_system_each_contact_has_one_end_and_nothing_is_left_over(
    tmp_path: Path, name: str
) -> None:
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    site = engines.prepare_site(tmp_path / "engine", "127.0.0.1:9", "+31715550199")
    faults = Faults(site, engines.START[name](site), tmp_path)
    try:
        faults.run(SECONDS)
        faults.settle()
    finally:
        faults.close()
    check_books(faults.stage.state / "cx.db")
    check_memory(faults.stage.state / "cx.db", faults.seen)
    assert list((faults.stage.state / "held-facts").iterdir()) == []
    assert "was not worked off" not in faults.stage.whole_core_log()
    assert "Traceback" not in faults.stage.whole_core_log()
