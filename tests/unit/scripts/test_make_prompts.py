"""Prompts become sounds fit for a telephone line."""

from __future__ import annotations

import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed; run make setup")


def make(folder: Path) -> subprocess.CompletedProcess[str]:
    script = str(ROOT / "scripts/make_prompts.py")
    command = [sys.executable, script, "--texts", str(folder), "--out", str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def samples_of(file: Path) -> np.ndarray:  # type: ignore[type-arg]
    with wave.open(str(file)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16).astype(float)


def test_text_is_spoken_once_and_again_only_when_it_changes(tmp_path: Path) -> None:
    (tmp_path / "texts.yml").write_text("welkom: Welkom bij de gemeente.\n", encoding="utf-8")
    assert make(tmp_path).stdout == "1 prompts: 1 made, 0 already there\n"
    spoken = samples_of(tmp_path / "out/welkom.wav")
    assert 0.05 < np.sqrt((spoken**2).mean()) / 32768 < 0.2
    assert make(tmp_path).stdout == "1 prompts: 0 made, 1 already there\n"
    (tmp_path / "texts.yml").write_text("welkom: Goedemorgen.\n", encoding="utf-8")
    assert make(tmp_path).stdout == "1 prompts: 1 made, 0 already there\n"


def test_recording_takes_the_place_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "texts.yml").write_text("welkom: Welkom.\n", encoding="utf-8")
    tone = (np.sin(np.arange(44100) * 2 * np.pi * 1000 / 44100) * 3000).astype(np.int16)
    with wave.open(str(tmp_path / "welkom.wav"), "wb") as file:
        file.setparams((1, 2, 44100, 0, "NONE", ""))
        file.writeframes(tone.tobytes())
    assert make(tmp_path).returncode == 0
    power = np.abs(np.fft.rfft(samples_of(tmp_path / "out/welkom.wav")))
    assert abs(power.argmax() * 8000 / (2 * (len(power) - 1)) - 1000) < 20


def test_recording_that_is_no_sound_is_named_and_the_others_are_made(tmp_path: Path) -> None:
    (tmp_path / "texts.yml").write_text("welkom: Welkom.\nstoring: Storing.\n", encoding="utf-8")
    (tmp_path / "welkom.wav").write_bytes(b"not a sound")
    done = make(tmp_path)
    assert done.returncode == 1
    assert "prompt welkom" in done.stderr
    assert (tmp_path / "out/storing.wav").is_file()
