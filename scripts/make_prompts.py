#!/usr/bin/env python3
"""Make the sound of every prompt: speak the texts of texts.yml with espeak-ng, or take a recording in their place.

    scripts/make_prompts.py
    scripts/make_prompts.py --texts prompts/nl --out var/prompts/nl
    scripts/make_prompts.py --texts prompts/en --out var/prompts/en

A recording has the name of its prompt (prompts/nl/welkom.wav, or .mp3, .m4a, .flac …) and stands beside texts.yml.
What comes out is fit for the line: 8 kHz, mono, 16 bit PCM, 300–3400 Hz, speech at −20 dBov, the silence at both
ends trimmed. A prompt is made again only when its text, its recording or this recipe changes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.dialplan.prompts import PromptCatalogue, read_language
from cxcore.sound import fitting, speaking
from cxcore.sound import telephone as line
from cxcore.sound.fitting import NothingHeard, fit_for_the_line
from cxcore.sound.speaking import MANNER, VOICES
from cxcore.sound.telephone import RATE, Sound

ROOT: Final = Path(__file__).resolve().parents[1]

PATIENCE_SECONDS: Final = 60
LONGEST_SECONDS: Final = 600

PACKAGES: Final = {"espeak-ng": "espeak-ng", "ffmpeg": "ffmpeg"}
"""Program → the Debian package that brings it."""


class SoundNotMade(Exception):
    """One prompt cannot be made; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt to be made: from its recording if it has one, else from its text."""

    name: str
    text: str
    recording: Path | None
    sound: Path
    voice: str = VOICES["nl"]

    @property
    def recipe(self) -> str:
        """Changes when the sound must be made again. Raises OSError when the recording cannot be read."""
        code = (Path(module) for module in (__file__, fitting.__file__, speaking.__file__, line.__file__))
        return line.fingerprint(self.recording or self.text, *code)

    @property
    def is_made(self) -> bool:
        """Whether the sound is there and up to date; False also when the recording cannot be read."""
        try:
            return line.is_made(self.sound, self.recipe)
        except OSError:
            return False


def listed(catalogue: PromptCatalogue, language: str = "nl") -> list[Prompt]:
    """Every prompt of the catalogue, by name."""
    voice = VOICES.get(language, VOICES["nl"])
    return [
        Prompt(name, catalogue.texts.get(name, ""), catalogue.recordings.get(name), catalogue.sound(name), voice)
        for name in sorted(catalogue.names)
    ]


def make(prompt: Prompt) -> None:
    """Write the sound of a prompt. Raises SoundNotMade."""
    source = prompt.recording or prompt.sound
    try:
        recipe = prompt.recipe
        speech = _decoded(prompt.recording) if prompt.recording else _spoken(prompt)
        line.write_sound(prompt.sound, fit_for_the_line(speech), recipe)
    except subprocess.TimeoutExpired as error:
        raise SoundNotMade(f"{source}: {error.cmd[0]} took longer than {PATIENCE_SECONDS} s; try again") from error
    except OSError as error:
        raise SoundNotMade(f"{error.filename or source}: {error.strerror}; check who may read and write it") from error
    except (SoundNotMade, NothingHeard) as error:
        raise SoundNotMade(f"{source}: {error}") from error


def _spoken(prompt: Prompt) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        _run("espeak-ng", "-v", prompt.voice, *MANNER, "--stdin", "-w", str(spoken), given=prompt.text.encode())
        return _decoded(spoken)


def _decoded(path: Path) -> Sound:
    # The longer filter of the resampler keeps the band flat up to 3400 Hz and folds nothing back into it.
    raw = _run(
        "ffmpeg", "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-i", f"file:{path.absolute()}",
        "-map", "0:a:0", "-t", str(LONGEST_SECONDS + 1), "-af", f"aresample={RATE}:filter_size=64:cutoff=0.95",
        "-ac", "1", "-f", "f32le", "-",
    )  # fmt: skip
    if len(raw) // 4 > LONGEST_SECONDS * RATE:
        raise SoundNotMade(f"is longer than {LONGEST_SECONDS // 60} minutes; shorten it")
    return np.frombuffer(raw, "<f4").astype(np.float64)


def _run(program: str, *arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(
        [program, *arguments], input=given, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
    if program == "ffmpeg":
        raise SoundNotMade(f"ffmpeg cannot read it as sound ({said[-1]}); save it again as WAV, or take it away")
    raise SoundNotMade(f"espeak-ng cannot speak it ({said[-1]}); install its Dutch voice: apt install espeak-ng-data")


def missing_programs(prompts: Iterable[Prompt]) -> Iterator[str]:
    """What has to be installed before these prompts can be made, one sentence each."""
    needed = {program for prompt in prompts for program in ("ffmpeg", "" if prompt.recording else "espeak-ng")}
    for program in sorted(needed - {""}):
        if shutil.which(program) is None:
            yield f"{program} is not installed, and the prompts need it: apt install {PACKAGES[program]}"


def make_all(prompts: Iterable[Prompt]) -> list[str]:
    """Make these prompts; what could not be made does not keep back the others. Gives what went wrong."""
    problems = []
    for prompt in prompts:
        try:
            make(prompt)
        except SoundNotMade as problem:
            problems.append(str(problem))
    return problems


def summary(total: int, made: int, failed: int) -> str:
    """`6 prompts: 2 made, 4 already there`."""
    parts = [f"{made} made", f"{total - made - failed} already there"] + ([f"{failed} NOT made"] if failed else [])
    return f"{total} prompt{'' if total == 1 else 's'}: {', '.join(parts)}"


def refuse(problems: Iterable[str]) -> int:
    """Say what a person must put right; gives the exit code."""
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1


def options(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=ROOT / "prompts/nl", metavar="FOLDER",
                        help="where texts.yml and the recordings stand; default prompts/nl")  # fmt: skip
    parser.add_argument("--out", type=Path, default=ROOT / "var/prompts/nl", metavar="FOLDER",
                        help="where the sounds are put, NAME.wav; default var/prompts/nl")  # fmt: skip
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Make what is not up to date; gives the exit code, 1 when a prompt could not be made."""
    chosen = options(arguments)
    try:
        prompts = listed(read_language(chosen.texts, chosen.out), chosen.texts.name)
    except ConfigurationRefused as refused:
        return refuse(map(str, refused.findings))
    stale = [prompt for prompt in prompts if not prompt.is_made]
    if missing := list(missing_programs(stale)):
        return refuse(missing)
    problems = make_all(stale)
    print(summary(len(prompts), len(stale) - len(problems), len(problems)))
    return refuse(problems) if problems else 0


if __name__ == "__main__":
    sys.exit(main())
