"""Starts `python -m softswitch` for tests, on free ports."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import wave
from math import pi, sin
from pathlib import Path

from tests.ports import PortBlock

PASSWORD = "a password of the tests"
START_SECONDS = 15.0


class DidNotStart(AssertionError):
    """The process ended or said nothing in time."""


class Softswitch:
    def __init__(self, folder: Path, *flags: str, sip_port: int = 0, event_socket_port: int = 0) -> None:
        self.folder = folder
        password_file = folder / "password"
        password_file.write_text(PASSWORD)
        music = folder / "music"
        music.mkdir(exist_ok=True)
        write_tone(music / "music.wav", 440, 1.0)
        self._block = PortBlock(400)
        arguments = [
            *(sys.executable, "-m", "softswitch", "--password-file", str(password_file)),
            *("--sip-port", str(sip_port), "--event-socket-port", str(event_socket_port)),
            *("--rtp-port-min", str(self._block.first), "--rtp-port-max", str(self._block.last)),
            *("--hold-music-directory", str(music), *flags),
        ]
        self.process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
        self.lines: list[str] = []
        self._told = threading.Event()
        self._is_ready = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())
            if line.rstrip().endswith(" ready"):
                self._is_ready = True
                self._told.set()
        self._told.set()

    def __enter__(self) -> Softswitch:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_ready(self) -> Softswitch:
        if not self._told.wait(START_SECONDS) or not self._is_ready:
            self.stop()
            raise DidNotStart("\n".join(self.lines))
        return self

    def _port(self, pattern: str) -> int:
        for line in self.lines:
            found = re.search(pattern, line)
            if found:
                return int(found.group(1))
        raise DidNotStart(f"no line with {pattern} in:\n" + "\n".join(self.lines))

    @property
    def event_socket_port(self) -> int:
        return self._port(r"Event Socket on \S+:(\d+)")

    @property
    def sip(self) -> tuple[str, int]:
        return "127.0.0.1", self._port(r"SIP on 127\.0\.0\.1:(\d+)")

    @property
    def sip6(self) -> tuple[str, int]:
        return "::1", self._port(r"SIP on \[::1\]:(\d+)")

    def stop(self, limit: float = 10.0) -> int:
        """SIGTERM; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code: int = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait(limit)
        self._reader.join(5)
        if self.process.stderr is not None:
            self.process.stderr.close()
        return int(code)


def write_tone(path: Path, hertz: float, seconds: float) -> Path:
    """A WAV file, 8 kHz mono."""
    samples = [int(12000 * sin(2 * pi * hertz * n / 8000)) for n in range(int(8000 * seconds))]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return path
