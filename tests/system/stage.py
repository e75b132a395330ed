"""The product on a stage: an engine, a real core in its own process, agents' devices and callers with real RTP.

Every prompt is a tone of its own, so that a test knows by what it hears which prompt it was.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import gevent
import yaml

from cxcore.client.controller import ControllerClient
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import Command, LogOn
from cxcore.feed.link import LinkSettings
from cxcore.ports.controller import AgentRow, ContactRow, QueueRow, Row, Subject, SystemRow
from cxcore.storage import Storage, open_storage
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call, SipParty
from tests.contract.sound import PCMA, PCMU, tone, write_wav

GENERAL, DIRECT = "+31715550100", "+31715550101"
WELCOME, MENU, WRONG_KEY, ANNOUNCEMENT, LATER, FAULT = 630, 790, 980, 1100, 1370, 2150
PROMPTS = {
    "welkom": WELCOME,
    "hoofdmenu": MENU,
    "verkeerde-toets": WRONG_KEY,
    "even-geduld": ANNOUNCEMENT,
    "bel-later-terug": LATER,
    "storing": FAULT,
}
HOLD_MUSIC = frozenset(engines.HOLD_MUSIC_HERTZ)
START_SECONDS = 90.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AGENTS = ("anna", "bram")


def until(condition: Callable[[], object], what: str, seconds: float = 15.0) -> None:
    """Wait for a condition; fails naming what did not come about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        gevent.sleep(0.01)


class Stage:
    """One engine and one core. `devices` are the agents' phones, `street` is where callers call from."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        addresses: Mapping[str, str] | None = None,
        queue: Mapping[str, object] | None = None,
        agents: Sequence[str] = AGENTS,
        users: Mapping[str, Mapping[str, object]] | None = None,
        sbc: str = "127.0.0.1:5060",
    ) -> None:
        """`addresses`: the agents' devices, where the stage is to make none; `queue`, `users`: changes to the site."""
        self.engine, self.folder = engine, folder
        self.devices = {} if addresses else {name: SipParty(engine.sip_address) for name in agents}
        self.addresses = addresses or {name: f"sip:{party.uri(name)}" for name, party in self.devices.items()}
        self.sbc_address = sbc
        self.queue_changes, self.user_changes = queue or {}, users or {}
        self.street = SipParty(engine.sip_address)
        self.state = folder / "state"
        self._write_site()
        self.controller = ControllerClient(LinkSettings.in_folder(self.state / "run"))
        self.controller.start()
        self.core = self._start_core()

    def open(self) -> None:
        """Wait until the core can take calls."""
        self.wait_for_floor()

    # --- Setting up ---

    def _write_site(self) -> None:
        for name, hertz in PROMPTS.items():
            write_wav(self.folder / "prompts" / f"{name}.wav", tone(hertz, 0.6))
        (self.state / "run").mkdir(parents=True, mode=0o700)
        (self.folder / "password").write_text(engines.PASSWORD, encoding="utf-8")
        (self.folder / "site.yml").write_text(yaml.safe_dump(self._site()), encoding="utf-8")
        (self.folder / "cx.yml").write_text(yaml.safe_dump(self._settings()), encoding="utf-8")

    def _site(self) -> dict[str, object]:
        menu: dict[str, object] = {"prompt": "hoofdmenu", "choices": {1: "burgerzaken"}, "otherwise": "burgerzaken"}
        menu |= {"wrong_key": "verkeerde-toets", "timeout_seconds": 2}
        queue: dict[str, object] = {"ring_seconds": 5, "wrap_up_seconds": 2, "name": "Burgerzaken"}
        queue["announcement"] = {"prompt": "even-geduld", "first_seconds": 2, "every_seconds": 30}
        queue |= self.queue_changes
        users = {
            name: {"name": name, "role": "agent", "queues": {"burgerzaken": 1}, "device": address}
            | dict(self.user_changes.get(name, {}))
            for name, address in self.addresses.items()
        }
        return {
            "site": "Proef",
            "numbers": {GENERAL: "hoofdmenu", DIRECT: "burgerzaken"},
            "flows": {
                "hoofdmenu": ["answer", {"say": "welkom"}, {"menu": menu}],
                "burgerzaken": [{"queue": "burgerzaken"}],
            },
            "queues": {"burgerzaken": queue},
            "break_reasons": ["Lunch"],
            "caller_number": GENERAL,
            "users": users,
        }

    def _settings(self) -> dict[str, object]:
        host, port = self.engine.esl_address
        run = self.state / "run"
        return {
            "site": {
                "dialplan": str(self.folder / "site.yml"),
                "prompts": str(self.folder / "prompts"),
                "state": str(self.state),
            },
            "switch": {
                "host": host,
                "port": port,
                "password_file": str(self.folder / "password"),
                "profile": self.engine.profile,
                "gateway": self.engine.gateway,
                "trunk": self.sbc_address,
                "hold_music": engines.STREAM,
                "hold_music_directory": str(self.engine.folder / "music"),
            },
            "link": {"changes": f"ipc://{run}/changes.sock", "commands": f"ipc://{run}/requests.sock"},
        }

    def _start_core(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "cxcore", "core", "--config", str(self.folder / "cx.yml")]
        with (self.folder / "core.out").open("ab") as output:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)

    def wait_for_floor(self) -> None:
        """Wait until the core shows its floor and has the switch."""
        assert self.controller.wait_for_picture(START_SECONDS), self.core_log()
        until(lambda: self._is_connected(), f"the core has the switch; it says {self.core_log()}", START_SECONDS)

    def _is_connected(self) -> bool:
        return self.controller.connected() and self.part("switch").healthy

    # --- What happens to the core ---

    def kill_core(self) -> None:
        """kill -9."""
        self.core.send_signal(signal.SIGKILL)
        self.core.wait(5)

    def restart_core(self) -> float:
        """Start another core; seconds until it has the floor and the switch."""
        started = time.monotonic()
        taken = self.controller.pictures_taken
        self.core = self._start_core()
        until(lambda: self.controller.pictures_taken > taken and self._is_connected(), "a new core", START_SECONDS)
        return time.monotonic() - started

    def core_log(self) -> str:
        """The end of what the core logged."""
        return self.whole_core_log()[-3000:]

    def whole_core_log(self) -> str:
        return (self.folder / "core.out").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Stop the core; it must end by itself."""
        self.controller.stop()
        if self.core.poll() is None:
            self.core.terminate()
            self.core.wait(10)
        for party in (self.street, *self.devices.values()):
            party.close()

    # --- What people do ---

    def does(self, command: Command) -> None:
        self.controller.submit(command)

    def log_on(self, *names: str) -> None:
        for name in names:
            self.does(LogOn(name, AgentId(name)))

    def calls(self, number: str = DIRECT, **options: object) -> Call:
        """A caller calls and says nothing."""
        return self.street.call(number, **options)  # type: ignore[arg-type]

    def waits(self, speaks: int | None = 1230, codecs: tuple[int, ...] = (PCMA, PCMU)) -> Call:
        """A caller who waits in the queue, and says a tone."""
        call = self.calls(codecs=codecs)
        call.wait_answered()
        call.rtp.say(speaks)
        return call

    def rings(self, name: str, timeout: float = 15.0) -> Call:
        """The device of the agent rings."""
        call = self.devices[name].expect_call(timeout)
        call.ring()
        return call

    def picks_up(self, name: str, speaks: int = 1700) -> Call:
        """The agent answers the device, and says a tone."""
        call = self.rings(name)
        call.answer()
        call.rtp.say(speaks)
        return call

    # --- What is seen ---

    def rows(self) -> Mapping[tuple[Subject, str], Row]:
        """The live picture. The client's greenlets run in this thread, so they are given time to read first."""
        gevent.sleep(0.05)
        return self.controller.picture().rows

    def row(self, subject: Subject, key: str) -> Row | None:
        return self.rows().get((subject, key))

    def agent(self, name: str) -> AgentRow:
        row = self.row(Subject.AGENT, name)
        assert isinstance(row, AgentRow)
        return row

    def part(self, name: str) -> SystemRow:
        """How the screens say that a part fares; unhealthy without a reason while they say nothing."""
        row = self.row(Subject.SYSTEM, name)
        return row if isinstance(row, SystemRow) else SystemRow(name, healthy=False, since=LONG_AGO)

    def queue(self) -> QueueRow:
        row = self.row(Subject.QUEUE, "burgerzaken")
        assert isinstance(row, QueueRow)
        return row

    def contacts(self) -> list[ContactRow]:
        """The live contacts, the first to arrive first."""
        rows = [row for row in self.rows().values() if isinstance(row, ContactRow)]
        return sorted(rows, key=lambda row: row.opened_at)

    def sees(self, name: str, state: str, seconds: float = 15.0) -> None:
        """Wait until the screens show the agent in this state."""
        until(lambda: self.agent(name).state == state, f"{name} is {state}", seconds)

    @contextmanager
    def storage(self) -> Iterator[Storage]:
        """What the core has written down."""
        storage = open_storage(f"sqlite:///{self.state / 'cx.db'}", self.state / "held-facts-of-the-test")
        yield storage
        storage.close()


def silent_half_seconds(calls: Sequence[Call], moment: float) -> list[tuple[int, float]]:
    """Which caller heard half a second of silence since a moment, and its level."""
    return [
        (number, heard.level)
        for number, call in enumerate(calls)
        for heard in call.rtp.heard_since(moment).half_seconds()
        if heard.silent
    ]


def environment() -> dict[str, str]:
    """The environment of a child that must find this checkout."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
