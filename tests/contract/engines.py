"""Starts an engine for the contract suite, on free ports, with sound that the tests can recognise."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts import freeswitch_site
from tests.contract.esl import Esl
from tests.contract.sip_peer import SipParty
from tests.contract.sound import tone, write_wav
from tests.ports import PortBlock, free_port

PASSWORD = "contract-suite-7Qx"
STREAM = "wachtmuziek"
CONTROLLER_TIMEOUT_SECONDS = 2
SHORTEST_SESSION_SECONDS = 3
"""On softswitch; FreeSWITCH takes none below two minutes."""
START_SECONDS = 90.0
RTP_PORTS = 400

HOLD_MUSIC_HERTZ = (480, 550)
"""Tones of the two files of the hold music, in turn."""
FALLBACK_HERTZ = 2150
PROMPTS = {"first": 630, "second": 790, "third": 980}
"""Each prompt is a tone of 0.6 s."""
LONG_PROMPT_HERTZ = 400
"""A prompt of 20 s, to be cut short."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine and how to reach it. `folder` is a place for files that both sides see."""

    name: str
    esl_address: tuple[str, int]
    sip_address: tuple[str, int]
    sip_address_ipv6: tuple[str, int]
    folder: Path
    process: subprocess.Popen[bytes]
    profile: str = "cx"
    gateway: str = "trunk"

    def login(self) -> Esl:
        return Esl.login(self.esl_address, PASSWORD)

    def prompt(self, name: str) -> str:
        return str(self.folder / "prompts" / f"{name}.wav")

    def dial_string(self, party: SipParty, user: str = "agent") -> str:
        return f"sofia/{self.profile}/{party.uri(user)}"


@dataclass(frozen=True, slots=True)
class Site:
    """What an engine is started with. The trunk and the overflow number belong to a party of the tests.

    The ports of the sound are `block`'s, unless others are named.
    """

    folder: Path
    esl_port: int
    sip_port: int
    sip_port_ipv6: int
    rtp_start: int
    trunk: str
    overflow_number: str
    block: PortBlock
    rtp_ports: int = RTP_PORTS
    media_timeout_seconds: int = 60

    @property
    def prompts(self) -> Path:
        return self.folder / "prompts"

    @property
    def music(self) -> Path:
        return self.folder / "music"


def prepare_site(folder: Path, trunk: str, overflow_number: str) -> Site:
    """Free ports and the sounds."""
    for name, hertz in PROMPTS.items():
        write_wav(folder / "prompts" / f"{name}.wav", tone(hertz, 0.6))
    write_wav(folder / "prompts" / "wide.wav", tone(1370, 0.6, rate=16000), 16000)
    write_wav(folder / "prompts" / "long.wav", tone(LONG_PROMPT_HERTZ, 20.0))
    write_wav(folder / "prompts" / "fallback.wav", tone(FALLBACK_HERTZ, 0.8))
    for number, hertz in enumerate(HOLD_MUSIC_HERTZ):
        write_wav(folder / "music" / f"{number}.wav", tone(hertz, 1.5))
    block = PortBlock(RTP_PORTS + 1)
    return Site(
        folder=folder,
        esl_port=free_port(),
        sip_port=free_port(),
        sip_port_ipv6=free_port(),
        rtp_start=block.first,
        trunk=trunk,
        overflow_number=overflow_number,
        block=block,
    )


def freeswitch_missing() -> str:
    """Why FreeSWITCH cannot be tested here; empty when it can."""
    found = shutil.which("freeswitch")
    return _left_out("freeswitch") if found else "FreeSWITCH is not installed: no `freeswitch` on the PATH"


def softswitch_missing() -> str:
    """Why softswitch cannot be tested here; empty when it can."""
    found = importlib.util.find_spec("softswitch.__main__")
    return _left_out("softswitch") if found else "softswitch cannot be started: it has no __main__"


def _left_out(name: str) -> str:
    """`CX_TEST_ENGINES` names the engines to test, separated by commas; without it each that is installed is tested."""
    chosen = os.environ.get("CX_TEST_ENGINES", name)
    return "" if name in chosen.split(",") else f"{name} is left out: CX_TEST_ENGINES={chosen}"


def start_freeswitch(site: Site) -> Engine:
    state = site.folder / "freeswitch"
    values = {
        "event_socket_password": PASSWORD,
        "event_socket_ip": "::",
        "event_socket_port": str(site.esl_port),
        "sbc_networks": "127.0.0.1/32,::1/128",
        "sip_port": str(site.sip_port),
        "sip_port_ipv6": str(site.sip_port_ipv6),
        "rtp_start_port": str(site.rtp_start),
        "rtp_end_port": str(site.rtp_start + site.rtp_ports),
        "gateway_address": site.trunk,
        "overflow_number": site.overflow_number,
        "controller_timeout_seconds": str(CONTROLLER_TIMEOUT_SECONDS),
        "media_timeout_seconds": str(site.media_timeout_seconds),
        "fallback_message": str(site.prompts / "fallback.wav"),
        "hold_music_stream": STREAM,
        "hold_music_directory": str(site.music),
        "log_level": "info",
    }
    freeswitch_site.write_site(state, values)
    return _started("freeswitch", freeswitch_site.start_command(state), site)


def start_softswitch(site: Site) -> Engine:
    password_file = site.folder / "event-socket"
    password_file.write_text(PASSWORD, encoding="utf-8")
    values = {
        "--sip-port": site.sip_port,
        "--sip-port-ipv6": site.sip_port_ipv6,
        "--rtp-port-min": site.rtp_start,
        "--rtp-port-max": site.rtp_start + site.rtp_ports,
        "--event-socket-port": site.esl_port,
        "--password-file": password_file,
        "--controller-timeout-seconds": CONTROLLER_TIMEOUT_SECONDS,
        "--media-timeout-seconds": site.media_timeout_seconds,
        "--fallback-prompt": site.prompts / "fallback.wav",
        "--overflow-dial-string": f"sofia/gateway/trunk/{site.overflow_number}",
        "--gateway": f"trunk={site.trunk}",
        "--hold-music-directory": site.music,
        "--hold-music": f"local_stream://{STREAM}",
        "--minimum-session-seconds": SHORTEST_SESSION_SECONDS,
    }
    command = [sys.executable, "-m", "softswitch", *(str(part) for pair in values.items() for part in pair)]
    command += ["--event-socket-addresses", "127.0.0.1", "::1", "--allowed-peers", "127.0.0.1/32", "::1/128"]
    return _started("softswitch", command, site)


def _started(name: str, command: list[str], site: Site) -> Engine:
    with (site.folder / f"{name}.out").open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    engine = Engine(
        name=name,
        esl_address=("127.0.0.1", site.esl_port),
        sip_address=("127.0.0.1", site.sip_port),
        sip_address_ipv6=("::1", site.sip_port_ipv6),
        folder=site.folder,
        process=process,
    )
    try:
        _wait_ready(engine, site)
    except BaseException:
        _stop(process)
        raise
    return engine


def _wait_ready(engine: Engine, site: Site) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if engine.process.poll() is not None:
            break
        try:
            engine.login().close()
            return
        except (ConnectionError, TimeoutError):
            time.sleep(0.1)
    output = (site.folder / f"{engine.name}.out").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"{engine.name} did not start: {output[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


@contextmanager
def running(name: str, site: Site) -> Iterator[Engine]:
    engine = START[name](site)
    try:
        yield engine
    finally:
        _stop(engine.process)


START: dict[str, Callable[[Site], Engine]] = {"softswitch": start_softswitch, "freeswitch": start_freeswitch}
MISSING: dict[str, Callable[[], str]] = {"softswitch": softswitch_missing, "freeswitch": freeswitch_missing}
