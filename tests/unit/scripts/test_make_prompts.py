"""Set-up speaks the prompts and takes recordings in their place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cxcore.dialplan.prompts import read_prompts
from cxcore.sound import telephone
from cxcore.sound.telephone import RATE
from scripts import make_prompts
from softswitch.media.codec import Codec, decode, encode
from tests.unit.scripts.sounds import samples, share_decibels, sound

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(
    None in (shutil.which("espeak-ng"), shutil.which("ffmpeg")), reason="espeak-ng or ffmpeg is missing; run make setup"
)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with two prompts to speak."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "texts.yml").write_text("welkom: Welkom bij de gemeente.\nstoring: Er is een storing.\n")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the sounds are to go; not there yet."""
    return tmp_path / "var" / "made"


def made(texts: Path, out: Path) -> int:
    """Run the script in this process; gives its exit code."""
    return make_prompts.main(["--texts", str(texts), "--out", str(out)])


def record(path: Path, *synthesis: str, volume: float = 0.5) -> None:
    """Make a recording in the format of the file's name: half a second of silence, one of a tone, one of silence."""
    tone = ("-f", "lavfi", "-i", "sine=frequency=1000:duration=1:sample_rate=44100")
    shape = f"volume={volume},adelay=500,apad=pad_dur=1"
    subprocess.run(["ffmpeg", "-v", "error", *tone, "-af", shape, *synthesis, str(path)], check=True)


def test_every_prompt_of_the_demo_site_is_spoken_fit_for_a_telephone_line(tmp_path: Path) -> None:
    script = [sys.executable, str(ROOT / "scripts/make_prompts.py"), "--out", str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=True, cwd=tmp_path)
    names = read_prompts(ROOT / "prompts/nl", tmp_path).names
    assert done.stdout == f"{len(names)} prompts: {len(names)} made, 0 already there\n"
    for name in names:
        spoken = sound(tmp_path / f"{name}.wav")
        assert telephone.speech_level(spoken) == pytest.approx(-20, abs=0.5)
        assert np.abs(spoken).max() < 0.9
        assert share_decibels(spoken, 300, 3400) > -1
        assert share_decibels(spoken, 0, 240) < -40
        assert share_decibels(spoken, 3500, 4001) < -40


def test_speech_begins_after_150_ms_and_ends_250_ms_before_the_end(texts: Path, out: Path) -> None:
    assert made(texts, out) == 0
    powers = telephone.frame_powers(sound(out / "welkom.wav"), RATE // 100)
    loud = np.flatnonzero(powers > 10 ** ((-20 - 32) / 10))
    assert loud[0] == pytest.approx(15, abs=2)
    assert len(powers) - 1 - loud[-1] == pytest.approx(25, abs=2)


def test_speech_has_the_same_level_after_g711(texts: Path, out: Path) -> None:
    assert made(texts, out) == 0
    heard = decode(Codec.PCMA, encode(Codec.PCMA, samples(out / "welkom.wav"))) / 32768
    assert telephone.speech_level(heard) == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize("name", ["welkom.wav", "welkom.mp3", "welkom.flac", "welkom.ogg"])
def test_a_recording_takes_the_place_of_the_spoken_text(texts: Path, out: Path, name: str) -> None:
    record(texts / name)
    assert made(texts, out) == 0
    tone = sound(out / "welkom.wav")
    assert len(tone) / RATE == pytest.approx(1.4, abs=0.06)
    assert share_decibels(tone, 950, 1050) > -0.5
    assert telephone.speech_level(tone) == pytest.approx(-20, abs=0.5)
    assert share_decibels(sound(out / "storing.wav"), 950, 1050) < -3


@pytest.mark.parametrize("volume", [0.01, 7.0])
def test_faint_and_loud_stereo_recordings_come_to_the_same_level(texts: Path, out: Path, volume: float) -> None:
    record(texts / "welkom.wav", "-ac", "2", volume=volume)
    assert made(texts, out) == 0
    assert telephone.speech_level(sound(out / "welkom.wav")) == pytest.approx(-20, abs=0.5)


def test_a_peak_in_a_recording_is_turned_down_and_not_cut_off() -> None:
    speech = 0.1 * np.sin(2 * np.pi * 500 * np.arange(RATE) / RATE)
    speech[4000:4016] *= 30
    fit = telephone.limited(speech, 0.5)
    assert np.abs(fit).max() <= 0.5
    assert np.count_nonzero(np.abs(fit) > 0.499) <= 2
    assert np.array_equal(fit[:3800], speech[:3800])


def test_a_recording_without_a_text_is_a_prompt_too(texts: Path, out: Path) -> None:
    record(texts / "jingle.mp3")
    assert made(texts, out) == 0
    assert (out / "jingle.wav").exists()


def test_only_what_changed_is_made_again(texts: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(texts, out) == 0
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    (texts / "texts.yml").write_text("welkom: Goedendag.\nstoring: Er is een storing.\n")
    assert made(texts, out) == 0
    changed = {path.name for path in out.iterdir() if path.stat().st_mtime_ns != before[path.name]}
    assert changed == {"welkom.wav", "welkom.json"}
    record(texts / "storing.wav")
    assert made(texts, out) == 0
    assert made(texts, out) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 prompts: 2 made, 0 already there",
        "2 prompts: 1 made, 1 already there",
        "2 prompts: 1 made, 1 already there",
        "2 prompts: 0 made, 2 already there",
    ]


@pytest.mark.parametrize("damage", [b"", b"RIFF"])
def test_a_damaged_sound_or_note_of_its_making_is_made_again(texts: Path, out: Path, damage: bytes) -> None:
    assert made(texts, out) == 0
    whole = (out / "welkom.wav").read_bytes()
    (out / "welkom.wav").write_bytes(damage)
    (out / "storing.json").write_bytes(damage)
    assert made(texts, out) == 0
    assert (out / "welkom.wav").read_bytes() == whole
    assert set(json.loads((out / "storing.json").read_text())) == {"recipe", "sound"}


def test_nothing_but_sounds_and_their_records_is_left_behind(texts: Path, out: Path) -> None:
    assert made(texts, out) == 0
    assert {path.name for path in out.iterdir()} == {"welkom.wav", "welkom.json", "storing.wav", "storing.json"}


def test_an_unreadable_recording_is_named_and_the_others_are_made(
    texts: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (texts / "welkom.mp3").write_text("this is a letter")
    assert made(texts, out) == 1
    said = capsys.readouterr()
    assert said.out == "2 prompts: 1 made, 0 already there, 1 NOT made\n"
    assert said.err.startswith(f"{texts}/welkom.mp3: ffmpeg cannot read it as sound (")
    assert said.err.endswith("save it again as WAV, or take it away\n")
    assert (out / "storing.wav").exists()
    assert not (out / "welkom.wav").exists()


def test_a_silent_recording_is_refused(texts: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(texts / "welkom.wav", volume=0)
    assert made(texts, out) == 1
    assert f"{texts}/welkom.wav: nothing can be heard in it; record it again" in capsys.readouterr().err


def test_two_recordings_of_one_prompt_are_refused(texts: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (texts / "welkom.wav").touch()
    (texts / "welkom.mp3").touch()
    assert made(texts, out) == 1
    assert "prompt welkom has two recordings, welkom.mp3 and welkom.wav → take one" in capsys.readouterr().err


def test_a_broken_text_is_told_with_file_and_line(texts: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (texts / "texts.yml").write_text("welkom: Welkom.\nstoring: 9\n")
    assert made(texts, out) == 1
    assert capsys.readouterr().err.startswith(f"{texts}/texts.yml:2:10: error: ")
    assert not out.exists()


def test_a_missing_program_is_told_with_the_package_that_brings_it(
    texts: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(texts))
    assert made(texts, out) == 1
    assert capsys.readouterr().err.splitlines() == [
        "espeak-ng is not installed, and the prompts need it: apt install espeak-ng",
        "ffmpeg is not installed, and the prompts need it: apt install ffmpeg",
    ]


def test_nothing_needs_to_be_installed_when_all_prompts_are_there(
    texts: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made(texts, out) == 0
    monkeypatch.setenv("PATH", str(texts))
    assert made(texts, out) == 0


def test_a_place_where_nothing_can_be_written_is_named(
    texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert made(texts, tmp_path / "file" / "made") == 1
    assert f"{tmp_path}/file/made" in capsys.readouterr().err
