"""What is uploaded or typed becomes a sound fit for the line, or gets a plain refusal and changes nothing [46, 48b]."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import wave
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from cxcore.ports.messages import LibrarySound, SoundRefused
from cxcore.sound.decoding import kind_of
from cxcore.sound.library import FileLibrary
from cxcore.sound.speaking import EspeakVoice, HttpVoice, PiperVoice
from cxcore.sound.telephone import Sound, frame_powers, speech_level

LARGEST, LONGEST = 2_000_000, 20
YESTERDAY = datetime(2020, 1, 1, tzinfo=UTC)
"""Later than files of 1970, and earlier than any that a test writes."""
KINDS = ["wav", "mp3", "m4a", "ogg", "flac", "webm"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "messages"


@pytest.fixture
def library(folder: Path) -> FileLibrary:
    return FileLibrary(folder, EspeakVoice(), LARGEST, LONGEST)


def recording(path: Path, *arguments: str, seconds: float = 1.0, volume: float = 0.3) -> Path:
    """A tone of 600 Hz between half seconds of silence."""
    source = f"sine=frequency=600:duration={seconds}:sample_rate=44100"
    shape = f"volume={volume},adelay=500|500,apad=pad_dur=0.5"
    command = ["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", source, "-af", shape, *arguments, str(path)]
    subprocess.run(command, check=True)
    return path


def take(library: FileLibrary, content: bytes) -> LibrarySound:
    return library.take("welkom", io.BytesIO(content))


def samples(path: Path | None, rate: int) -> Sound:
    assert path is not None
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rate", ["8000", "48000"])
def test_a_recording_of_any_kind_and_rate_is_kept_narrow_and_wide(
    library: FileLibrary, tmp_path: Path, kind: str, rate: str
) -> None:
    path = recording(tmp_path / f"tone.{kind}", "-ar", rate, "-ac", "2")
    kept = take(library, path.read_bytes())
    assert kept.seconds == pytest.approx(1.4, abs=0.1)
    assert max(kept.peaks) > 10
    for wide in (False, True):
        sound = samples(library.path(kept.sound, wide), 16000 if wide else 8000)
        frequency = np.argmax(np.abs(np.fft.rfft(sound))) * (16000 if wide else 8000) / len(sound)
        assert frequency == pytest.approx(600, abs=3)


@pytest.mark.parametrize("volume", [0.01, 0.05, 4.0])
def test_faint_and_loud_ones_come_to_the_same_level(library: FileLibrary, tmp_path: Path, volume: float) -> None:
    kept = take(library, recording(tmp_path / "tone.wav", volume=volume).read_bytes())
    assert speech_level(samples(library.path(kept.sound), 8000)) == pytest.approx(-20, abs=0.5)


def test_silence_at_both_ends_is_trimmed(library: FileLibrary, tmp_path: Path) -> None:
    kept = take(library, recording(tmp_path / "tone.wav", seconds=2).read_bytes())
    loud = np.flatnonzero(frame_powers(samples(library.path(kept.sound), 8000), 80) > 1e-5)
    assert loud[0] == pytest.approx(15, abs=2)
    assert kept.seconds == pytest.approx(2.4, abs=0.05)


def refusal(library: FileLibrary, folder: Path, content: bytes) -> str:
    with pytest.raises(SoundRefused) as refused:
        take(library, content)
    assert files(folder) == []
    return refused.value.code


def test_what_is_no_sound_is_refused(library: FileLibrary, folder: Path, tmp_path: Path) -> None:
    assert refusal(library, folder, b"") == "empty"
    assert refusal(library, folder, b"This is a letter.") == "no-sound"
    assert refusal(library, folder, b"RIFF\x00\x00\x00\x00WAVE" + b"\x00" * 100) == "broken"
    assert refusal(library, folder, b"ID3" + b"\xff" * 5000) in ("broken", "no-sound")
    half = recording(tmp_path / "tone.m4a").read_bytes()[:2000]
    assert refusal(library, folder, half) == "broken"


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b'<?xml version="1.0"?><MPD><Period/></MPD>',
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    ],
    ids=["playlist of files", "playlist of addresses", "list to join", "manifest", "session description"],
)
def test_a_list_of_other_files_or_addresses_is_not_followed(
    library: FileLibrary, folder: Path, content: bytes
) -> None:
    assert refusal(library, folder, content) == "no-sound"


def test_an_m4a_that_points_to_another_file_gives_nothing_of_it(
    library: FileLibrary, folder: Path, tmp_path: Path
) -> None:
    secret = recording(tmp_path / "secret.m4a")
    content = secret.read_bytes()
    at = content.index(b"dref")
    # `url ` with its flag "in this file" cleared and a path in its place.
    name = b"file://" + str(secret).encode() + b"\x00"
    entry = (12 + len(name)).to_bytes(4, "big") + b"url \x00\x00\x00\x00" + name
    outside = content[:at] + b"dref\x00\x00\x00\x00\x00\x00\x00\x01" + entry
    assert refusal(library, folder, outside + b"\x00" * 64) == "broken"


def test_a_video_is_refused_and_a_picture_on_the_cover_is_not(
    library: FileLibrary, folder: Path, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc=size=64x64:duration=1:rate=5")
    tone = ("-f", "lavfi", "-i", "sine=frequency=600:duration=1")
    subprocess.run(["ffmpeg", "-v", "error", *picture, *tone, "-c:v", "mpeg4", str(film)], check=True)
    assert refusal(library, folder, film.read_bytes()) == "video"
    cover, album = tmp_path / "cover.jpg", tmp_path / "album.mp3"
    subprocess.run(["ffmpeg", "-v", "error", *picture, "-frames:v", "1", str(cover)], check=True)
    attach = ("-i", str(cover), "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic")
    subprocess.run(["ffmpeg", "-v", "error", *tone, *attach, str(album)], check=True)
    assert take(library, album.read_bytes()).seconds > 1


def test_what_is_too_big_or_too_long_or_silent_is_refused(
    library: FileLibrary, folder: Path, tmp_path: Path
) -> None:
    assert refusal(library, folder, b"RIFF" + b"\x00" * LARGEST) == "too-big"
    long = recording(tmp_path / "long.flac", seconds=LONGEST + 5)
    assert refusal(library, folder, long.read_bytes()) == "too-long"
    assert refusal(library, folder, recording(tmp_path / "silent.wav", volume=0).read_bytes()) == "silent"
    for content, limit in ((b"RIFF" + b"\x00" * LARGEST, LARGEST), (long.read_bytes(), LONGEST)):
        with pytest.raises(SoundRefused) as refused:
            take(library, content)
        assert refused.value.limit == limit


def test_a_small_file_that_is_very_long_is_decoded_no_further_than_the_limit(
    library: FileLibrary, folder: Path, tmp_path: Path
) -> None:
    endless = recording(tmp_path / "endless.flac", "-ar", "8000", seconds=900, volume=0.0)
    assert endless.stat().st_size < LARGEST
    assert refusal(library, folder, endless.read_bytes()) == "too-long"


def test_a_version_is_a_file_of_its_own_and_the_same_sound_is_the_same_file(
    library: FileLibrary, folder: Path, tmp_path: Path
) -> None:
    first = take(library, recording(tmp_path / "a.wav").read_bytes())
    path = library.path(first.sound)
    assert path is not None
    before = path.stat()
    again = take(library, recording(tmp_path / "b.wav").read_bytes())
    assert again == first
    assert path.stat().st_ino == before.st_ino, "it was written again"
    other = take(library, recording(tmp_path / "c.wav", seconds=3).read_bytes())
    assert other.sound != first.sound
    assert len(files(folder)) == 4


@pytest.mark.parametrize("name", ["../welkom/0", "welkom/../../etc/passwd", "/etc/passwd", "welkom/nope", ""])
def test_a_name_that_leads_out_of_the_library_leads_nowhere(library: FileLibrary, name: str) -> None:
    assert library.path(name) is None
    with pytest.raises(SoundRefused):
        library.take("../welkom", io.BytesIO(b"RIFF"))


def test_when_nothing_can_be_written_that_is_said_and_nothing_is_left(
    library: FileLibrary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    content = recording(tmp_path / "tone.wav").read_bytes()
    monkeypatch.setattr("os.fsync", full)
    assert refusal(library, folder, content) == "disk-full"


# --- Voices ---


def test_a_text_is_spoken_at_the_level_of_the_other_prompts(library: FileLibrary) -> None:
    kept = library.speak("storing", "Er is een storing. --help")
    assert kept.seconds > 1
    assert speech_level(samples(library.path(kept.sound), 8000)) == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize(("text", "code"), [("  \n", "no-text"), ("a " * 2000, "text-too-long"), ("...", "silent")])
def test_a_text_that_cannot_be_spoken_is_refused(
    library: FileLibrary, folder: Path, text: str, code: str
) -> None:
    with pytest.raises(SoundRefused) as refused:
        library.speak("storing", text)
    assert refused.value.code in (code, "empty", "broken")
    assert files(folder) == []


def test_piper_speaks_when_its_model_is_set(folder: Path, tmp_path: Path) -> None:
    tone = recording(tmp_path / "tone.wav")
    piper = tmp_path / "piper"
    piper.write_text(f'#!/bin/sh\n[ "$2" = /models/nl.onnx ] && read -r text && cp {tone} "$4"\n')
    piper.chmod(0o755)
    library = FileLibrary(folder, PiperVoice(str(piper), Path("/models/nl.onnx")), LARGEST, LONGEST)
    assert library.speak("storing", "Er is\neen storing").seconds == pytest.approx(1.4, abs=0.1)


def test_without_its_program_a_voice_says_so(folder: Path) -> None:
    library = FileLibrary(folder, PiperVoice("/nowhere/piper", Path("/models/nl.onnx")), LARGEST, LONGEST)
    with pytest.raises(SoundRefused, match="is not installed") as refused:
        library.speak("storing", "Er is een storing")
    assert refused.value.code == "no-voice"


def test_a_service_over_http_speaks(folder: Path, tmp_path: Path) -> None:
    answer, asked = recording(tmp_path / "tone.mp3").read_bytes(), list[bytes]()

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.handle_request).start()
        url = f"http://127.0.0.1:{server.server_port}/speak"
        kept = FileLibrary(folder, HttpVoice(url), LARGEST, LONGEST).speak("storing", "Er is een storing")
    assert kept.seconds == pytest.approx(1.4, abs=0.1)
    assert asked == [b'{"text": "Er is een storing", "language": "nl"}']
    with pytest.raises(SoundRefused) as refused:
        FileLibrary(folder, HttpVoice(url), LARGEST, LONGEST).speak("storing", "Er is een storing")
    assert refused.value.code == "no-voice"


def test_the_kind_is_known_by_its_first_bytes() -> None:
    assert kind_of(b"\xff\xfb\x90\x00") == "mp3"
    assert kind_of(b"\xff\xf1\x90\x00") is None
    assert kind_of(b"\x00\x00\x00\x20ftypM4A ") == "mov"


def test_an_old_sound_that_is_not_to_be_kept_is_removed_in_both_rates_and_no_other(
    library: FileLibrary, folder: Path, tmp_path: Path
) -> None:
    kept, thrown_away, fresh = (
        take(library, recording(tmp_path / f"{seconds}.wav", seconds=seconds).read_bytes()).sound
        for seconds in (1.0, 1.5, 2.0)
    )
    shipped = folder / "welkom" / "met-de-hand.wav"
    shipped.write_bytes(b"")
    for sound in (kept, thrown_away):
        for wide in (False, True):
            path = library.path(sound, wide)
            assert path is not None
            os.utime(path, (0, 0))
    os.utime(shipped, (0, 0))
    assert library.forget({kept}, YESTERDAY) == [thrown_away]
    assert library.path(thrown_away) is None and library.path(thrown_away, wide=True) is None
    assert all(library.path(sound, wide) for sound in (kept, fresh) for wide in (False, True))
    assert shipped.is_file()
    assert library.forget({kept}, YESTERDAY) == []


def test_a_sound_that_is_taken_again_is_as_young_as_a_new_one(library: FileLibrary, tmp_path: Path) -> None:
    content = recording(tmp_path / "tone.wav").read_bytes()
    sound = take(library, content).sound
    for wide in (False, True):
        path = library.path(sound, wide)
        assert path is not None
        os.utime(path, (0, 0))
    assert take(library, content).sound == sound
    assert library.forget((), YESTERDAY) == []


def test_a_text_in_another_language_is_kept_under_its_own_name_and_spoken_by_a_voice_of_it(folder: Path) -> None:
    asked: list[tuple[str, str]] = []

    class Voice:
        def speak(self, text: str, language: str) -> bytes:
            asked.append((text, language))
            return EspeakVoice().speak(text, language)

    library = FileLibrary(folder, Voice(), LARGEST, LONGEST)
    kept = library.speak("welkom.en", "Welcome to Noordwijk")
    assert kept.sound.startswith("welkom.en/") and library.path(kept.sound) is not None
    assert asked == [("Welcome to Noordwijk", "en")]
    with pytest.raises(SoundRefused) as refused:
        library.speak("welkom.xx", "Hello")
    assert refused.value.code == "no-voice"


def test_the_shipped_sound_of_another_language_stands_beside_that_of_the_site(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "made" / "en").mkdir(parents=True)
    shutil.copy(recording(tmp_path / "tone.wav"), tmp_path / "made" / "en" / "welkom.wav")
    library = FileLibrary(folder, EspeakVoice(), LARGEST, LONGEST, tmp_path / "made" / "nl")
    found = library.shipped("welkom.en")
    assert found is not None and found.sound == "shipped:welkom.en"
    assert library.shipped("welkom") is None
