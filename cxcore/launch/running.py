"""The loop of `cx run`: start, greet, watch, restart what dies, stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from cxcore import compiled
from cxcore.config import ROOT, Enabled, Settings
from cxcore.dialplan.check import has_errors, report
from cxcore.launch.children import Child
from cxcore.launch.commands import (
    CannotLaunch,
    core_command,
    recorder_command,
    rtpengine_command,
    sbc_command,
    sbc_is_used,
    softphones_lack,
    switch_command,
    web_command,
)
from cxcore.launch.directory import fill_at_first_start
from cxcore.launch.greeting import greeting
from cxcore.launch.inspection import inspect, inspect_dialplans
from cxcore.launch.places import check_claims, make_places

CANNOT_START = 2
"""Exit code, ours and the children's, for what a person must put right; a restart does not help."""
READY_SECONDS = 60.0
LOOK_SECONDS = 0.1
CALM_SECONDS = 30.0
"""Who ran for so long died for a new reason: it is restarted at once again."""
LONGEST_PAUSE_SECONDS = 10.0
BORDER = frozenset({"sbc", "rtpengine"})


def check(settings: Settings) -> int:
    """Print what a core runs and what is wrong with the site; returns 0 when nothing stops the start."""
    findings = inspect(settings)
    _say(f"decisions: {compiled.state()}")
    _say(report(findings))
    return 1 if has_errors(findings) else 0


def check_dialplans(settings: Settings, files: Sequence[Path]) -> int:
    """Print what is wrong with dialplans that nobody runs yet; returns 0 when each could be put into use."""
    findings = inspect_dialplans(settings, files)
    _say(report(findings))
    return 1 if has_errors(findings) else 0


def run(settings: Settings) -> int:
    """Run the product until Ctrl-C or SIGTERM: 0. 2 when a person must put something right first."""
    findings = inspect(settings)
    if findings:
        _say(report(findings))
    if has_errors(findings):
        return CANNOT_START
    try:
        make_places(settings)
        sbc = sbc_command(settings)
        check_claims(settings, with_sbc=sbc is not None)
        fill_at_first_start(settings)
        children = _children(settings, sbc)
        _tell_of_softphones(settings)
    except CannotLaunch as refusal:
        _say(str(refusal))
        return CANNOT_START
    return House(settings, children, with_sbc=sbc is not None).live()


def _children(settings: Settings, sbc: list[str] | None) -> list[Child]:
    """In the order in which they start."""
    commands = {
        "switch": switch_command(settings),
        "rtpengine": rtpengine_command(settings),
        "sbc": sbc,
        "core": core_command(settings),
        "recorder": recorder_command(settings),
        "web": web_command(settings),
    }
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return [
        Child(name, command, settings.log_directory, {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"})
        for name, command in commands.items()
        if command is not None
    ]


def _tell_of_softphones(settings: Settings) -> None:
    """Once, when they cannot work: whose device is a desk phone goes on to work."""
    if settings.sbc.softphones is Enabled.AUTO and sbc_is_used(settings) and (missing := softphones_lack(settings)):
        _say(f"  {missing}. Agents with a telephone of their own can work.")


@dataclass(slots=True)
class House:
    """All children of one `cx run`."""

    settings: Settings
    children: list[Child]
    with_sbc: bool
    stopping: bool = False
    exit_code: int = 0
    greeted: bool = False
    """Whether everything has run; from then on nothing that one child does ends the others, calls go on."""
    due: dict[str, float] = field(default_factory=dict)
    """Children that wait for their restart, and when it is due."""

    def live(self) -> int:
        """Start everything, keep it running, and stop it at a signal."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note_signal)
        try:
            self._start()
            self._watch()
        finally:
            self._stop()
        return self.exit_code

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    # --- Starting ---

    def _start(self) -> None:
        started = time.monotonic()
        for child in self.children:
            if not self.stopping:
                self._start_child(child)
        if not self.stopping:
            self._until(self._is_healthy, "the pages")
        if not self.stopping:
            self.greeted = True
            _say(greeting(self.settings, self.with_sbc, time.monotonic() - started))

    def _start_child(self, child: Child) -> None:
        _say(f"  starting {child.name} …")
        try:
            child.start()
        except FileNotFoundError as error:
            self._give_up(f"{child.name}: {error.filename} is not installed; run `make setup`")
            return
        if child.name == "switch":
            self._until(self._switch_listens, "the switch")

    def _until(self, ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping and not ready():
            self._look()
            if time.monotonic() > deadline:
                self._give_up(f"{what} did not come up in {READY_SECONDS:.0f} s; see {self.settings.log_directory}")
            time.sleep(LOOK_SECONDS)

    def _switch_listens(self) -> bool:
        try:
            socket.create_connection((self.settings.switch.host, self.settings.switch.port), 1).close()
        except OSError:
            return False
        return True

    def _is_healthy(self) -> bool:
        try:
            url, trust = f"{self.settings.web_url}healthz", _trust_in(self.settings.web.certificate)
            with urllib.request.urlopen(url, timeout=2, context=trust) as answer:  # noqa: S310 - our own
                return bool(json.load(answer)["status"] != "down")
        except (OSError, urllib.error.URLError, ValueError):
            return False

    # --- Watching ---

    def _watch(self) -> None:
        while not self.stopping:
            self._look()
            time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        for child in self.children:
            child.turn_log_over()
            code = child.exit_code()
            if code is not None and child.name not in self.due:
                self._note_death(child, code)
            elif child.name in self.due and time.monotonic() >= self.due[child.name] and not self.stopping:
                del self.due[child.name]
                child.start()

    def _note_death(self, child: Child, code: int) -> None:
        if code == CANNOT_START and not self.greeted:
            self._give_up(f"{child.name} cannot start:\n{child.last_lines()}")
            return
        child.end_remains()
        lived = time.monotonic() - child.started_at
        child.deaths_in_a_row = 0 if lived > CALM_SECONDS else child.deaths_in_a_row + 1
        pause = min(2.0 ** (child.deaths_in_a_row - 1) - 1.0, LONGEST_PAUSE_SECONDS) if child.deaths_in_a_row else 0.0
        self.due[child.name] = time.monotonic() + pause
        _say(f"  {child.name} ended ({_told(code)}); it is started again{f' in {pause:.0f} s' if pause else ''}.")
        _say(f"  the end of {child.log_file}:\n{child.last_lines()}")

    def _give_up(self, message: str) -> None:
        if not self.stopping:
            _say(message)
        self.stopping, self.exit_code = True, CANNOT_START

    # --- Stopping ---

    def _stop(self) -> None:
        # The SBC and rtpengine go last: the switch says good-bye to its callers through them.
        _say("Stopping …")
        border = [child for child in self.children if child.name in BORDER]
        inside = [child for child in self.children if child.name not in BORDER]
        for child in [*reversed(inside), *reversed(border)]:
            child.stop()


def _trust_in(certificate: Path | None) -> ssl.SSLContext | None:
    """Trust in the pages' own certificate alone. It bears the name that people call, not the address asked here."""
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(certificate)
    return context


def _told(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
