#!/usr/bin/env python3
"""Make the sound of each prompt: the recording prompts/nl/NAME.* where there is one, else the text, spoken.

Each becomes a WAV file of 8 kHz, mono, 16 bit, with its silence trimmed and its level evened, as a telephone line wants
it. Only what changed is made anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pydub import AudioSegment
from pydub.silence import detect_leading_silence

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cxcore.dialplan.findings import ConfigurationRefused  # noqa: E402
from cxcore.dialplan.prompts import PromptCatalogue, read_prompts  # noqa: E402

RECIPE = 1
"""To be raised when the making below changes, so that every prompt is made anew."""
VOICE = ("-v", "nl+f3", "-s", "145", "-p", "42", "-g", "2")
"""A Dutch female voice, unhurried, with a breath between words: callers hear it once, over a bad line."""
LEVEL_DBFS = -20.0
PEAK_DBFS = -3.0
BEFORE_MS, AFTER_MS = 120, 250
SILENCE_DBFS = -45.0
SPEAK_SECONDS = 60


class CannotMake(Exception):
    """A prompt that cannot be made; the message says which, why, and what to do."""


def main() -> int:
    """Make what is missing or changed; 1 when a prompt could not be made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=ROOT / "prompts/nl", help="folder of texts.yml and recordings")
    parser.add_argument("--out", type=Path, default=ROOT / "var/prompts/nl", help="folder for the sounds")
    options = parser.parse_args()
    try:
        catalogue = read_prompts(options.texts, options.out)
        _check_programs()
    except (ConfigurationRefused, CannotMake) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    return _make_all(catalogue, options.out)


def _check_programs() -> None:
    missing = [program for program in ("espeak-ng", "ffmpeg") if shutil.which(program) is None]
    if missing:
        raise CannotMake(f"{' and '.join(missing)} is not installed; run: apt-get install {' '.join(missing)}")


def _make_all(catalogue: PromptCatalogue, out: Path) -> int:
    index_file = out / "index.json"
    index = json.loads(index_file.read_text(encoding="utf-8")) if index_file.is_file() else {}
    problems = [problem for name in sorted(catalogue.names) if (problem := _make_one(catalogue, out, name, index))]
    _replace(index_file, json.dumps(index, indent=1, sort_keys=True).encode())
    made = sum(each.get("made", False) for each in index.values() if isinstance(each, dict))
    print(f"{len(catalogue.names)} prompts: {made} made, {len(catalogue.names) - made - len(problems)} already there")
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def _make_one(catalogue: PromptCatalogue, out: Path, name: str, index: dict[str, dict[str, object]]) -> str | None:
    source = _fingerprint(catalogue, name)
    if index.get(name, {}).get("source") == source and (out / f"{name}.wav").is_file():
        index[name]["made"] = False
        return None
    try:
        _replace(out / f"{name}.wav", _wav(_evened(_raw(catalogue, name))))
    except (CannotMake, OSError) as fault:
        return f"prompt {name}: {fault}"
    index[name] = {"source": source, "made": True}
    return None


def _fingerprint(catalogue: PromptCatalogue, name: str) -> str:
    recording = catalogue.recordings.get(name)
    content = recording.read_bytes() if recording else f"{VOICE}{catalogue.texts[name]}".encode()
    return hashlib.sha256(f"{RECIPE}".encode() + content).hexdigest()


def _raw(catalogue: PromptCatalogue, name: str) -> AudioSegment:
    recording = catalogue.recordings.get(name)
    if recording is None:
        return _spoken(catalogue.texts[name])
    try:
        return AudioSegment.from_file(recording)
    except Exception as error:  # pydub raises what ffmpeg's output happens to break
        raise CannotMake(f"{recording} cannot be read as sound; record it again, or remove it") from error


def _spoken(text: str) -> AudioSegment:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "spoken.wav"
        subprocess.run(
            ["espeak-ng", *VOICE, "-w", str(file), text], check=True, timeout=SPEAK_SECONDS, capture_output=True
        )
        return AudioSegment.from_wav(file)


def _evened(sound: AudioSegment) -> AudioSegment:
    """Telephone band, trimmed, at one level, never clipped."""
    sound = sound.set_channels(1).set_sample_width(2)
    sound = sound.high_pass_filter(250).set_frame_rate(8000)
    sound = _trimmed(sound)
    if sound.dBFS == float("-inf"):
        raise CannotMake("there is no sound in it; record it again, or write a text")
    gain = min(LEVEL_DBFS - sound.dBFS, PEAK_DBFS - sound.max_dBFS)
    return sound.apply_gain(gain)


def _trimmed(sound: AudioSegment) -> AudioSegment:
    start = detect_leading_silence(sound, SILENCE_DBFS)
    end = detect_leading_silence(sound.reverse(), SILENCE_DBFS)
    kept = sound[start : len(sound) - end]
    quiet = AudioSegment.silent
    return quiet(BEFORE_MS, frame_rate=8000) + kept + quiet(AFTER_MS, frame_rate=8000)


def _wav(sound: AudioSegment) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.wav"
        sound.export(file, format="wav").close()
        return file.read_bytes()


def _replace(file: Path, content: bytes) -> None:
    """Whole or not at all: a caller may be listening."""
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_bytes(content)
    draft.replace(file)


if __name__ == "__main__":
    sys.exit(main())
