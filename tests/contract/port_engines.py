"""Real switches for the Switch port's suite: FreeSWITCH with a configuration of a page, on ports of its own."""

from __future__ import annotations

import contextlib
import math
import shutil
import socket
import struct
import subprocess
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxcore.switch.settings import SwitchSettings

PASSWORD = "a-secret-of-this-test"
TAKE_WITHIN_SECONDS = 2
"""After which an arrived leg overflows."""
START_SECONDS = 20
MUSIC_HERTZ, PROMPT_HERTZ = 440.0, 1000.0


@dataclass(frozen=True)
class Engine:
    """A running switch: where it takes SIP, how the core reaches it, and sounds to play."""

    name: str
    sip_address: tuple[str, int]
    settings: SwitchSettings
    sounds: Path
    process: subprocess.Popen[bytes]

    @property
    def prompt(self) -> Path:
        """One second of a tone that is not the hold music's."""
        return self.sounds / "prompt.wav"


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_tone(path: Path, hertz: float, seconds: float) -> None:
    """A WAV of 8 kHz, mono."""
    samples = (int(9000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(int(8000 * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


def freeswitch_installed() -> bool:
    return shutil.which("freeswitch") is not None


@contextlib.contextmanager
def freeswitch(folder: Path) -> Iterator[Engine]:
    """FreeSWITCH in `folder`, until the end of the block."""
    sip_port, event_port = free_port(socket.SOCK_DGRAM), free_port()
    sounds = folder / "sounds"
    (sounds / "moh").mkdir(parents=True)
    write_tone(sounds / "moh" / "music.wav", MUSIC_HERTZ, 4)
    write_tone(sounds / "prompt.wav", PROMPT_HERTZ, 1)
    for name in ("conf", "log", "db", "run"):
        (folder / name).mkdir()
    (folder / "conf" / "freeswitch.xml").write_text(
        CONFIGURATION.format(
            sip_port=sip_port, event_port=event_port, password=PASSWORD, sounds=sounds, seconds=TAKE_WITHIN_SECONDS
        )
    )
    folders = [part for name in ("conf", "log", "db", "run") for part in (f"-{name}", str(folder / name))]
    command = ["freeswitch", *folders, "-nonat", "-nonatmap", "-nf", "-nc", "-np"]
    with open(folder / "console.log", "wb") as console:
        process = subprocess.Popen(command, stdout=console, stderr=console, stdin=subprocess.DEVNULL)
    settings = SwitchSettings("127.0.0.1", event_port, PASSWORD, sip_profile="internal", gateway="trunk")
    try:
        _await_port(event_port, process)
        yield Engine("freeswitch", ("127.0.0.1", sip_port), settings, sounds, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the switch ended with {process.returncode}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"no Event Socket on port {port} within {START_SECONDS} s")


CONFIGURATION = """<?xml version="1.0"?>
<document type="freeswitch/xml">
 <section name="configuration">
  <configuration name="modules.conf"><modules>
   <load module="mod_logfile"/><load module="mod_event_socket"/><load module="mod_commands"/>
   <load module="mod_dptools"/><load module="mod_dialplan_xml"/><load module="mod_sndfile"/>
   <load module="mod_native_file"/><load module="mod_local_stream"/><load module="mod_tone_stream"/>
   <load module="mod_sofia"/>
  </modules></configuration>
  <configuration name="switch.conf"><settings>
   <param name="max-sessions" value="500"/><param name="sessions-per-second" value="200"/>
   <param name="loglevel" value="debug"/><param name="rtp-enable-zrtp" value="false"/>
  </settings></configuration>
  <configuration name="logfile.conf"><profiles><profile name="default">
   <settings><param name="rollover" value="0"/></settings>
   <mappings><map name="all" value="debug,info,notice,warning,err,crit,alert"/></mappings>
  </profile></profiles></configuration>
  <configuration name="event_socket.conf"><settings>
   <param name="listen-ip" value="127.0.0.1"/><param name="listen-port" value="{event_port}"/>
   <param name="password" value="{password}"/><param name="apply-inbound-acl" value="loopback.auto"/>
  </settings></configuration>
  <configuration name="local_stream.conf"><directory name="moh" path="{sounds}/moh">
   <param name="rate" value="8000"/><param name="channels" value="1"/><param name="interval" value="20"/>
   <param name="timer-name" value="soft"/>
  </directory></configuration>
  <configuration name="sofia.conf"><profiles><profile name="internal">
   <gateways><gateway name="trunk"><param name="proxy" value="127.0.0.1:{sip_port}"/>
    <param name="register" value="false"/><param name="username" value="x"/><param name="password" value="x"/>
   </gateway></gateways>
   <settings>
    <param name="context" value="public"/><param name="dialplan" value="XML"/><param name="auth-calls" value="false"/>
    <param name="sip-ip" value="127.0.0.1"/><param name="rtp-ip" value="127.0.0.1"/>
    <param name="sip-port" value="{sip_port}"/><param name="codec-prefs" value="PCMA,PCMU"/>
    <param name="inbound-codec-negotiation" value="generous"/><param name="rtp-timer-name" value="soft"/>
    <param name="dtmf-type" value="rfc2833"/><param name="rfc2833-pt" value="101"/>
    <param name="send-message-query-on-register" value="false"/><param name="manage-presence" value="false"/>
   </settings></profile></profiles></configuration>
 </section>
 <section name="dialplan">
  <context name="public"><extension name="any"><condition>
   <action application="sched_transfer" data="+{seconds} overflow XML overflow"/>
   <action application="park"/>
  </condition></extension></context>
  <context name="overflow"><extension name="overflow"><condition>
   <action application="answer"/><action application="playback" data="{sounds}/prompt.wav"/>
   <action application="hangup" data="NORMAL_TEMPORARY_FAILURE"/>
  </condition></extension></context>
 </section>
</document>
"""
