"""A floor to measure on: an engine, a core of its own, agents whose devices answer, and callers.

Agents called `sound…` have devices with sound, `plain…` have devices without; all serve one queue.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import gevent
from argon2 import PasswordHasher
from gevent.event import Event

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import EndWrapUp, LogOff, LogOn
from cxcore.ports.accounts import Account, Role
from cxcore.ports.controller import AgentRow, Change, QueueRow
from cxcore.storage import open_storage
from cxcore.storage.accounts import SqlAccounts
from scripts.benchmarks.parties import Leg, NothingCame, Parties
from scripts.benchmarks.sound import SoundRoom
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.sound import tone, write_wav
from tests.ports import PortBlock, free_port
from tests.system.stage import DIRECT, Stage

SOUND = tuple(f"sound{number:02}" for number in range(40))
PLAIN = tuple(f"plain{number:03}" for number in range(200))
HEARING = 20
"""The first of them get sound."""
CALLER_HERTZ, AGENT_HERTZ = 1500, 1000
CALLS_PER_SECOND = 40
RTP_PORTS = 2400
QUEUES = {f"+317155502{number:02}": f"wachtrij-{number:02}" for number in range(1, 30)}
"""Number → queue, beside the queue of the stage: thirty in all."""
MENU = "+31715550300"
"""Leads to a menu that asks again for longer than a measurement takes."""
SERVED = 5
"""How many of them each `plain` agent serves beside the queue of the stage."""
QUEUE = {
    "wrap_up_seconds": 600,
    "ring_seconds": 30,
    "announcement": {"prompt": "even-geduld", "first_seconds": 300, "every_seconds": 300},
}
MUSIC_SECONDS = 150.0
SUPERVISOR, PASSWORD = "sofie", "the password of everybody here"


class FloorStage(Stage):
    """A stage with a supervisor, whose pages can be served."""

    def __init__(self, engine: Engine, folder: Path, addresses: dict[str, str]) -> None:
        self.web_port = free_port()
        super().__init__(engine, folder, addresses, QUEUE)

    def _write_site(self) -> None:
        """Also make the accounts: at argon2's real cost the first start of the core would take 0.1 s for each."""
        super()._write_site()
        storage = open_storage(f"sqlite:///{self.state / 'cx.db'}", self.state / "held-facts-of-the-bench")
        accounts = SqlAccounts(storage.engine, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        for name in self.addresses:
            accounts.create(Account(name, name, Role.AGENT, AgentId(name)), PASSWORD)
        accounts.create(Account(SUPERVISOR, SUPERVISOR, Role.SUPERVISOR, None), PASSWORD)
        storage.close()

    def _site(self) -> dict[str, object]:
        site: dict[str, Any] = super()._site()
        for number, name in QUEUES.items():
            site["numbers"][number] = name
            site["flows"][name] = [{"queue": name}]
            site["queues"][name] = dict(site["queues"]["burgerzaken"]) | {"name": name}
        menu = {"prompt": "hoofdmenu", "choices": {1: "burgerzaken"}, "otherwise": "burgerzaken"}
        site["numbers"][MENU] = "lang-menu"
        site["flows"]["lang-menu"] = ["answer", {"menu": menu | {"attempts": 9, "timeout_seconds": 60}}]
        for at, name in enumerate(PLAIN):
            served = [list(QUEUES.values())[(at * SERVED + each) % len(QUEUES)] for each in range(SERVED)]
            site["users"][name]["queues"] |= dict.fromkeys(served, 1)
        site["users"][SUPERVISOR] = {"name": "Sofie", "role": "supervisor"}
        return site

    def _settings(self) -> dict[str, object]:
        return super()._settings() | {"web": {"port": self.web_port}}


class Floor:
    """Devices answer at once unless `answers` is taken away."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.room = SoundRoom()
        self.street = Parties(engine.sip_address)
        self.silent_street = Parties(engine.sip_address, hears=False)
        self.speaking_street = Parties(engine.sip_address, self.room)
        self.devices = [Parties(engine.sip_address, self.room), Parties(engine.sip_address)]
        self.devices.append(Parties(engine.sip_address, hears=False))
        for parties in self.devices:
            parties.on_call = self._take_call
        addresses = {
            name: f"sip:{name}@{parties.address}"
            for parties, names in zip(self.devices, (SOUND, PLAIN[:HEARING], PLAIN[HEARING:]), strict=True)
            for name in names
        }
        self.rung = {name: Event() for name in addresses}
        self.current: dict[str, Leg] = {}
        self.states: dict[str, str] = {}
        self.queue_waits: dict[str, int] = {}
        self.answers: Callable[[Leg], None] = Leg.answer
        self._numbers = count(1)
        self.stage = FloorStage(engine, folder, addresses)
        self.stage.open()
        self.stage.controller.subscribe(self._note)

    def _take_call(self, leg: Leg) -> None:
        self.current[leg.user] = leg
        self.rung[leg.user].set()
        self.answers(leg)

    def _note(self, change: Change) -> None:
        if isinstance(change.row, AgentRow):
            self.states[change.key] = change.row.state
        elif isinstance(change.row, QueueRow):
            self.queue_waits[change.key] = change.row.waiting

    # --- What people do ---

    def call(self, dialled: str = DIRECT, speaks: bool = False, hears: bool = True) -> Leg:
        """Somebody with a number of their own calls."""
        number = f"+316{next(self._numbers):08}"
        street = self.speaking_street if speaks else self.street if hears else self.silent_street
        return street.call(dialled, number, CALLER_HERTZ)

    def log_on(self, names: Sequence[str]) -> None:
        """These agents begin to work."""
        for name in names:
            self.stage.does(LogOn(name, AgentId(name)))

    def fill(
        self,
        agents: Sequence[str],
        waiting: int,
        calls: int,
        speaks: bool = False,
        numbers: Sequence[str] = (DIRECT,),
        hears: bool = True,
    ) -> list[Leg]:
        """Log the agents on and place calls until all agents talk and so many callers wait."""
        self.log_on(agents)
        legs = []
        for number in range(calls):
            legs.append(self.call(numbers[number % len(numbers)], speaks, hears))
            gevent.sleep(1 / CALLS_PER_SECOND)
        self.until(lambda: self.waiting() == waiting, f"{waiting} callers wait", 60)
        self.until(lambda: all(self.states.get(name) == "talking" for name in agents), "all agents talk", 20)
        return legs

    def waiting(self) -> int:
        """How many wait in all queues together."""
        return sum(self.queue_waits.values())

    def hang_up(self, name: str) -> None:
        """The agent's device hangs up, and the screens show that the agent wraps up."""
        self.current[name].bye()
        self.until(lambda: self.states.get(name) == "wrap-up", f"{name} wraps up")

    def end_wrap_up(self, name: str) -> None:
        """The agent is done."""
        self.rung[name].clear()
        self.stage.does(EndWrapUp(name, AgentId(name)))

    def empty(self, names: Sequence[str], callers: Sequence[Leg]) -> None:
        """These callers hang up and these agents go home."""
        for name in names:
            self.stage.does(LogOff(name, AgentId(name)))
        for leg in callers:
            if not leg.ended.is_set():
                leg.bye()
                gevent.sleep(0.01)
        self.until(lambda: not self.stage.contacts(), "no contact is left", 20)
        for name in names:
            if self.states.get(name) == "wrap-up":
                self.end_wrap_up(name)

    def until(self, condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
        """Wait for a condition, looking every 5 ms. Raises `NothingCame`."""
        with gevent.Timeout(seconds, NothingCame(f"not within {seconds} s: {what}")):
            while not condition():
                gevent.sleep(0.005)

    def core_cpu_seconds(self) -> float:
        """User and system time of the core's process: proc(5), fields 14 and 15."""
        return cpu_seconds(self.stage.core.pid)

    def close(self) -> None:
        """End the core; the engine that ends then ends the calls."""
        self.stage.close()
        self.room.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process: proc(5), fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def floor_on(engine_name: str) -> Iterator[Floor]:
    """A floor on an engine of its own, on free ports."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as state:
        site = engines.prepare_site(Path(folder), "127.0.0.1:9", "+31715550199")
        block = PortBlock(RTP_PORTS + 1)
        site = replace(site, block=block, rtp_start=block.first, rtp_ports=RTP_PORTS, media_timeout_seconds=0)
        _lengthen_music(site.music)
        with engines.running(engine_name, site) as engine:
            floor = Floor(engine, Path(state))
            try:
                yield floor
            finally:
                floor.close()


def _lengthen_music(folder: Path) -> None:
    """Hold music about as long as the product's: mod_local_stream loses 20 ms at each change of file."""
    for number, hertz in enumerate(engines.HOLD_MUSIC_HERTZ):
        write_wav(folder / f"{number}.wav", tone(hertz, MUSIC_SECONDS))
