"""The hold music of our own is pleasant to the line: no silence, no click, no sudden loudness."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cxcore.sound import telephone
from cxcore.sound.telephone import RATE, Sound
from scripts import make_hold_music
from softswitch.media import HoldMusic
from softswitch.media.codec import G711, decode, encode
from tests.unit.scripts.sounds import samples, share_decibels, sound

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The music as the script writes it."""
    path = tmp_path_factory.mktemp("music") / "new" / "wachtmuziek.wav"
    script = [sys.executable, str(ROOT / "scripts/make_hold_music.py"), "--out", str(path)]
    done = subprocess.run(script, capture_output=True, text=True, check=True, cwd=path.parents[1])
    assert done.stdout == f"hold music: 154 s made, {path}\n"
    return path


@pytest.fixture(scope="module")
def music(path: Path) -> Sound:
    """Its samples."""
    return sound(path)


def half_seconds(sound: Sound) -> Sound:
    """The level of each half second in dBov, and those halfway between them; the sound is a circle."""
    frame = RATE // 2
    circle = np.concatenate([sound, sound[: -len(sound) % frame]])
    powers = [telephone.frame_powers(np.roll(circle, shift), frame) for shift in (0, frame // 2)]
    return 10 * np.log10(np.concatenate(powers))


def test_a_round_lasts_two_to_three_minutes_and_whole_packets(music: Sound) -> None:
    assert 120 <= len(music) / RATE <= 180
    assert len(music) % 160 == 0


def test_the_music_stays_at_its_level(music: Sound) -> None:
    assert telephone.level(music) == pytest.approx(-22, abs=0.3)
    assert np.abs(music).max() < telephone.amplitude(-6)
    assert half_seconds(music).min() > -32
    assert half_seconds(music).max() < -15


def test_the_music_lies_within_the_band_of_a_telephone(music: Sound) -> None:
    assert share_decibels(music, 300, 3400) > -0.2
    assert share_decibels(music, 0, 250) < -60
    assert share_decibels(music, 3450, 4001) < -60


def test_the_end_runs_on_into_the_start_without_a_click(music: Sound) -> None:
    around = np.concatenate([music[-RATE:], music[:RATE]])
    steps = np.abs(np.diff(around))
    assert steps[RATE - 1] < np.percentile(steps, 99)
    # A click is broad: it would show above the band, where the music has nothing. Compared with places inside.
    hiss = [_power_above_the_band(np.roll(music, shift)) for shift in (0, RATE * 30 + 17, RATE * 70 + 5)]
    assert hiss[0] < 2 * max(hiss[1:]) + 1e-9


def _power_above_the_band(circle: Sound) -> float:
    around = np.concatenate([circle[-400:], circle[:400]]) * np.blackman(800)
    spectrum = np.abs(np.fft.rfft(around)) ** 2
    return float(spectrum[np.fft.rfftfreq(800, 1 / RATE) > 3600].max())


def test_no_moment_is_struck_hard(music: Sound) -> None:
    powers = telephone.frame_powers(music, RATE // 100)
    rises = 10 * np.log10(powers[2:] / powers[:-2])
    assert np.percentile(rises, 99.9) < 12


def test_the_music_has_the_same_level_after_g711(path: Path, music: Sound) -> None:
    for codec in G711:
        heard = decode(codec, encode(codec, samples(path))) / 32768
        assert telephone.level(heard) == pytest.approx(telephone.level(music), abs=0.2)
        assert telephone.level(heard - music) < telephone.level(music) - 30


def test_softswitch_plays_every_sample_of_it(path: Path, music: Sound) -> None:
    assert HoldMusic(path.parent).seconds == len(music) / RATE


def test_the_same_notes_always_give_the_same_sound(path: Path) -> None:
    again = path.with_name("again.wav")
    assert make_hold_music.make(again)
    assert again.read_bytes() == path.read_bytes()
    again.unlink()


def test_music_that_is_there_is_not_made_again(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = path.stat().st_mtime_ns
    assert make_hold_music.main(["--out", str(path)]) == 0
    assert capsys.readouterr().out == f"hold music: 154 s already there, {path}\n"
    assert path.stat().st_mtime_ns == before


def test_every_bar_of_the_composition_is_full() -> None:
    for bars in make_hold_music.SECTIONS.values():
        for bar in bars:
            assert sum(float(note.split(":")[1]) for note in bar.melody.split()) == make_hold_music.BAR_BEATS


def test_every_melody_note_that_is_held_belongs_to_its_chord() -> None:
    strange = []
    for section, bars in make_hold_music.SECTIONS.items():
        for bar in bars:
            chord = {name[:-1] for part in bar.chords for name in part.replace(":", "").split()}
            held = {note.split(":")[0][:-1] for note in bar.melody.split() if float(note.split(":")[1]) >= 2}
            strange += [(section, bar.melody, note) for note in held - {""} - chord]
    assert strange == []


def test_a_note_name_gives_its_pitch() -> None:
    assert make_hold_music.hertz("A4") == 440
    assert make_hold_music.hertz("C4") == pytest.approx(261.63, abs=0.01)
    assert make_hold_music.hertz("F#5") == pytest.approx(739.99, abs=0.01)


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert make_hold_music.main(["--out", str(tmp_path / "file" / "music.wav")]) == 1
    assert f"{tmp_path}/file" in capsys.readouterr().err


def test_a_file_name_that_is_no_wav_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        make_hold_music.main(["--out", "music.mp3"])
    assert "name a file that ends in .wav" in capsys.readouterr().err
