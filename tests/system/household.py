"""`cx run` on free ports, as a process of its own: what it prints, its children, its health."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import yaml

from cxcore.config import PROMPT_TEXTS
from tests.contract.engines import HOLD_MUSIC_HERTZ
from tests.contract.sound import tone, write_wav
from tests.ports import PortBlock, free_port

ROOT = Path(__file__).resolve().parents[2]
PROMPTS = tuple(yaml.safe_load((PROMPT_TEXTS / "texts.yml").read_text(encoding="utf-8")))
"""All that the demo site may say."""
START_SECONDS = 90.0
CHILDREN = {
    "switch": "-m softswitch",
    "core": "-m cxcore core",
    "recorder": "-m cxcore recordings keep",
    "web": "-m admin_web.wsgi",
    "sbc": "kamailio",
}
CHILDREN |= {"rtpengine": "rtpengine"}
"""How each child is known among the processes."""


def until(condition: Callable[[], object], what: Callable[[], str], seconds: float) -> None:
    """Wait for a condition; fails telling what was there instead."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s; {what()}"
        time.sleep(0.05)


class Household:
    """One site in a folder of its own, and the `cx run` that is started for it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "var"
        self.process: subprocess.Popen[bytes] | None = None
        spoken = tone(630, 0.3)
        for name in PROMPTS:
            for language in ("", "en"):
                write_wav(folder / "prompts" / language / f"{name}.wav", spoken)
        for number, hertz in enumerate(HOLD_MUSIC_HERTZ):
            write_wav(folder / "music" / f"{number}.wav", tone(hertz, 0.5))
        self._sound, self._relays = PortBlock(100), PortBlock(100)
        self.sip_port = free_port()
        self.event_socket_port, self.web_port = (free_port() for _ in range(2))
        self.dialplan: Path = ROOT / "dialplans/noordwijk.yml"
        self.write_settings()

    @property
    def settings_file(self) -> Path:
        return self.folder / "cx.yml"

    def settings(self) -> dict[str, Any]:
        """What the settings file says, section by section."""
        return {
            "site": {
                "dialplan": str(self.dialplan),
                "prompts": str(self.folder / "prompts"),
                "state": str(self.state),
            },
            "switch": {
                "port": self.event_socket_port,
                "sip_addresses": [f"127.0.0.1:{self.sip_port}"],
                "rtp_ports": f"{self._sound.first}-{self._sound.last}",
                "hold_music_directory": str(self.folder / "music"),
            },
            "sbc": {"enabled": "no"},
            "web": {"port": self.web_port},
        }

    def with_sbc(self) -> int:
        """Let Kamailio stand in front of the switch from the next start on; its port."""
        ports = [free_port() for _ in range(3)]
        names = ("port", "tls_port", "websocket_port")
        sbc: dict[str, Any] = {"enabled": "yes", "hosts": ["127.0.0.1"], **dict(zip(names, ports, strict=True))}
        control = free_port()
        sbc["rtpengine"] = {"control": f"127.0.0.1:{control}", "rtp_ports": f"{self._relays.first}-{self._relays.last}"}
        self.write_settings({"sbc": sbc})
        return ports[0]

    def write_settings(self, changes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Write the settings file, with changes by section."""
        settings = self.settings()
        for section, values in (changes or {}).items():
            settings.setdefault(section, {}).update(values)
        self.settings_file.write_text(yaml.safe_dump(settings), encoding="utf-8")

    # --- Running ---

    def start(self, *options: str, environment: Mapping[str, str] | None = None) -> None:
        """Start `cx run`; what it prints is kept."""
        with self._console.open("wb") as output:
            self.process = subprocess.Popen(
                self.command("run", *options), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}, start_new_session=True,
            )  # fmt: skip

    def command(self, name: str, *options: str) -> Sequence[str]:
        return [sys.executable, "-m", "cxcore", name, "--config", str(self.settings_file), *options]

    def start_and_greet(self, *options: str) -> float:
        """Start and wait until it says that everything runs; the seconds that took."""
        began = time.monotonic()
        self.start(*options)
        until(lambda: "Everything runs" in self.console() or self.has_ended(), self.console, START_SECONDS)
        assert "Everything runs" in self.console(), self.console()
        return time.monotonic() - began

    def refuses(self, *options: str, environment: Mapping[str, str] | None = None) -> str:
        """Start it where it must refuse with exit code 2 before it starts any child; what it says."""
        self.start(*options, environment=environment)
        assert self.process
        assert self.process.wait(START_SECONDS) == 2, self.console()
        assert "starting" not in self.console()
        return self.console()

    def asks(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Run another subcommand to its end."""
        return subprocess.run(self.command(name, *options), cwd=ROOT, capture_output=True, text=True, timeout=30)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the parent alone; its exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(25)

    def close(self) -> None:
        """Leave nothing running, whatever a test did."""
        if self.process is None or self.has_ended():
            return
        children = self.child_processes()
        self.process.kill()
        self.process.wait(5)
        for child in children:
            _end(child)

    # --- What is seen ---

    @property
    def _console(self) -> Path:
        return self.folder / "console"

    def console(self) -> str:
        return self._console.read_text(encoding="utf-8", errors="replace")

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def child_processes(self) -> list[psutil.Process]:
        """Everything that it started, and what those started."""
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def children(self) -> dict[str, psutil.Process]:
        """The children by the name that the console calls them."""
        assert self.process
        found: dict[str, psutil.Process] = {}
        for child in psutil.Process(self.process.pid).children():
            line = _command_of(child)
            found |= {name: child for name, words in CHILDREN.items() if words in line}
        return found

    def health(self) -> dict[str, Any]:
        """What /healthz answers; empty while nothing does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}/healthz", timeout=3) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as refusal:
            with refusal:
                return dict(json.load(refusal))
        except (OSError, ValueError):
            return {}

    def is_healthy(self) -> bool:
        return self.health().get("status") == "healthy"

    def passwords(self) -> dict[str, str]:
        """The accounts in what was printed."""
        return dict(re.findall(r"^ {12}(\w+) +([\w-]{16})$", self.console(), re.M))


def _command_of(process: psutil.Process) -> str:
    """Empty for one that has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _end(process: psutil.Process) -> None:
    try:
        process.kill()
        process.wait(5)
    except psutil.NoSuchProcess:
        return


def all_gone(processes: Sequence[psutil.Process]) -> bool:
    """Whether none of them runs."""
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)
