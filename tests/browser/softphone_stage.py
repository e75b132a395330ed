"""The whole product around a softphone: engine, core, Kamailio, rtpengine and pages; and somebody at a page."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

from cxcore.config import load
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import LogOff, LogOn
from cxcore.launch.children import Child
from cxcore.launch.commands import rtpengine_command, sbc_command, web_command
from cxcore.launch.places import make_places
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call
from tests.contract.sound import PCMA, PCMU, RATE, Samples, tone, write_wav
from tests.ports import PortBlock, free_port
from tests.system.stage import HOLD_MUSIC, Stage, environment, until

MICROPHONE, CALLER, COLLEAGUE = 700, 1230, 1700
"""What each says, in Hz; the last in a browser of its own."""
PHONE_BOOK = {"notaris": {"name": "Notaris Van Dam", "numbers": ["+31612340001"]}}
SPY = Path(__file__).with_name("softphone_spy.js").read_text(encoding="utf-8")


def speech(hertz: int = MICROPHONE) -> Samples:
    """A tone that comes and goes, as speech does: browsers take an even one for noise and silence it."""
    burst, pause = tone(hertz, 0.7, amplitude=0.5), np.zeros(int(0.15 * RATE), np.int16)
    return np.concatenate([burst, pause])


class SoftphoneStage(Stage):
    """Anna and Bram have softphones. Callers come in by the SBC."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.sbc_port, self.tls_port, self.websocket_port, self.web_port = (
            free_port() for _ in range(4)
        )
        self.children: list[Child] = []
        users = {
            "anna": {"name": "Anna de Vries", "number": "+31715550111"},
            "bram": {"name": "Bram Jansen", "number": "+31715550112"},
        }
        queue = {"wrap_up_seconds": 1, "ring_seconds": 8}
        addresses = {"anna": "softphone", "bram": "softphone"}
        super().__init__(engine, folder, addresses=addresses, queue=queue, users=users)
        self.street.engine = ("127.0.0.1", self.sbc_port)
        self._start_children()

    def _site(self) -> dict[str, object]:
        site = super()._site()
        sofie = {"name": "Sofie Mulder", "role": "supervisor", "device": "softphone"}
        return site | {"phone_book": PHONE_BOOK, "users": {**dict(site["users"]), "sofie": sofie}}  # type: ignore[call-overload]

    def _settings(self) -> dict[str, object]:
        settings = super()._settings()
        switch = dict(settings["switch"])  # type: ignore[call-overload]
        host, port = self.engine.sip_address
        switch |= {"sip_addresses": [f"{host}:{port}"], "trunk": f"127.0.0.1:{self.sbc_port}"}
        control = free_port()
        relays = self._relays = PortBlock(400)
        sbc = {
            "enabled": "yes",
            "softphones": "yes",
            "hosts": ["127.0.0.1"],
            "port": self.sbc_port,
            "tls_port": self.tls_port,
            "websocket_port": self.websocket_port,
            "rtpengine": {"control": f"127.0.0.1:{control}", "rtp_ports": f"{relays.first}-{relays.last}"},
        }
        return {**settings, "switch": switch, "sbc": sbc, "web": {"port": self.web_port}}

    def _start_children(self) -> None:
        settings = load(self.folder / "cx.yml")
        make_places(settings)
        commands = {"rtpengine": rtpengine_command, "sbc": sbc_command, "web": web_command}
        for name, command in ((name, make(settings)) for name, make in commands.items()):
            assert command is not None
            child = Child(name, command, settings.log_directory, environment())
            child.start()
            self.children.append(child)

    def open(self) -> None:
        """Wait until the core can take calls, the SBC passes them on, and the pages are served."""
        super().open()
        for port in (self.web_port, self.websocket_port):
            until(lambda port=port: _listens(port), f"port {port} is served", 30)  # type: ignore[misc]

    def close(self) -> None:
        for child in reversed(self.children):
            child.stop()
        super().close()

    def part_dies(self, name: str) -> None:
        """kill -9 of a child; its supervisor, which is here, starts it again."""
        child = next(child for child in self.children if child.name == name)
        child.end_remains()
        child.stop()
        child.start()

    def log(self, name: str) -> str:
        """The end of what a child said."""
        return next(child for child in self.children if child.name == name).last_lines(30)

    @property
    def passwords(self) -> dict[str, str]:
        """Those of the accounts that the core made."""
        lines = (self.state / "secrets/first-passwords").read_text(encoding="utf-8").splitlines()
        return dict(line.split() for line in lines)

    def clear(self) -> None:
        """Everybody goes home, and every call is ended."""
        for name in self.addresses:
            self.does(LogOff(name, AgentId(name)))
        esl = self.engine.login()
        esl.api("hupall NORMAL_CLEARING")
        esl.close()
        until(lambda: not self.contacts(), "every contact is over", 10)
        until(lambda: all(self.agent(name).state == "ready" for name in self.addresses), "everybody is free", 10)

    def is_ready(self, name: str) -> bool:
        """Whether the core would ring the agent's softphone."""
        return self.agent(name).device_fault is None


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@dataclass(slots=True)
class Desk:
    """Somebody at the page of an agent."""

    page: Page

    def is_fault(self, fault: str, seconds: float = 20.0) -> None:
        """Wait until the page says that this is wrong; nothing, when it is empty."""
        deadline = time.monotonic() + seconds
        while (shown := self.page.evaluate("document.body.dataset.softphoneFault")) != fault:
            assert time.monotonic() < deadline, f"the page says {shown!r}, not {fault!r}"
            self.page.wait_for_timeout(50)

    def is_call(self, state: str, seconds: float = 20.0) -> None:
        """Wait until the softphone's call is so; empty for none."""
        self.page.wait_for_selector(f'body[data-softphone-call="{state}"]', timeout=seconds * 1000)

    def is_mode(self, mode: str, seconds: float = 20.0) -> None:
        """Wait until the contact's card is so."""
        self.page.wait_for_selector(f'#contact[data-mode="{mode}"]', timeout=seconds * 1000)

    def rings(self) -> None:
        """Wait until the softphone rings."""
        self.page.wait_for_selector("#softphone-answer:not([disabled])", timeout=20_000)

    def is_connected(self, seconds: float = 20.0) -> None:
        """Wait until the way of the newest call's sound is laid."""
        self._until("softphoneSpy.connections.at(-1).connectionState === 'connected'", "no sound could pass", seconds)

    def is_disconnected(self, seconds: float = 20.0) -> None:
        """Wait until no call has a way for its sound."""
        every = "softphoneSpy.connections.every((each) => each.connectionState === 'closed')"
        self._until(every, "the way of a call is still there", seconds)

    def answers(self, mode: str = "talking") -> None:
        """Press Alt+A once it rings."""
        self.rings()
        self.page.keyboard.press("Alt+a")
        self.is_mode(mode)

    def hears_all(self, *hertz: int, seconds: float = 20.0) -> None:
        """Wait until the page hears each of these tones, at the same moment."""
        self._until(f"softphoneSpy.hearsAll({list(hertz)})", f"{hertz} Hz are not heard together", seconds)

    def hears_music(self, seconds: float = 20.0) -> None:
        """Wait until the page hears the music of those who are on hold."""
        tones = sorted(HOLD_MUSIC)
        script = f"{tones}.some((each) => Math.abs(softphoneSpy.heard() - each) < 25)"
        self._until(script, "no hold music is heard", seconds)

    def _until(self, script: str, otherwise: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(script):
            assert time.monotonic() < deadline, f"{otherwise} in {seconds} s"
            self.page.wait_for_timeout(50)

    def hears(self, hertz: int | None, seconds: float = 20.0) -> None:
        """Wait until the page hears this tone above all others; None: until it is silent."""
        deadline = time.monotonic() + seconds
        while True:
            heard = self.page.evaluate("softphoneSpy.heard()")
            if heard is not None and (abs(heard - hertz) < 25 if hertz else heard == 0):
                return
            assert time.monotonic() < deadline, f"{hertz} Hz not heard in {seconds} s; at the end {heard}"
            self.page.wait_for_timeout(50)


def enter(stage: SoftphoneStage, context: BrowserContext, name: str) -> Desk:
    """Sign in; returns once the page is live."""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{stage.web_port}/sign-in")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(stage.passwords[name])
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_selector('#connection[data-connection="live"]')
    return Desk(page)


@contextmanager
def seat(stage: SoftphoneStage, browser: Browser, microphone: bool = True) -> Iterator[BrowserContext]:
    """A browser profile of one person."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    origin = f"http://127.0.0.1:{stage.web_port}"
    context.grant_permissions(["microphone"] if microphone else [], origin=origin)
    context.add_init_script(SPY)
    with closing(context):  # also after a failure: a page that stays open keeps the softphone from the next
        yield context


def works(stage: SoftphoneStage, context: BrowserContext, name: str) -> Desk:
    """Sign in with a softphone that is ready, and log on."""
    desk = enter(stage, context, name)
    desk.is_fault("")
    until(lambda: stage.is_ready(name), f"the core knows that {name}'s softphone is ready")
    stage.does(LogOn(name, AgentId(name)))
    desk.is_mode("ready")
    return desk


def talks(stage: SoftphoneStage, desk: Desk, codecs: tuple[int, ...] = (PCMA, PCMU)) -> Call:
    """A caller whom the agent answers; both hear each other."""
    caller = stage.waits(CALLER, codecs)
    desk.answers()
    both_hear(desk, caller)
    return caller


def both_hear(desk: Desk, caller: Call, seconds: float = 20.0) -> None:
    """Wait until each hears the other."""
    caller.rtp.hear_tone(MICROPHONE, seconds)
    desk.hears(CALLER, seconds)


def microphone_file(folder: Path, hertz: int = MICROPHONE) -> Path:
    """What Chromium's fake microphone plays, over and over."""
    return write_wav(folder / "microphone.wav", speech(hertz))


def speaking_flags(microphone: Path) -> list[str]:
    """What Chromium is started with so that its microphone plays a file, and nobody is asked to allow it."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required",
    ]


def told(desk: Desk) -> dict[str, str]:
    """What the foot of the page says."""
    found: dict[str, str] = json.loads(
        desk.page.evaluate(
            "JSON.stringify(Object.fromEntries(['softphone-mark', 'microphone-mark', 'softphone-why']"
            ".map((id) => [id, document.getElementById(id).textContent])))"
        )
    )
    return found
