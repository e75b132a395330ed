"""Decodes what somebody uploaded, trusting nothing in it.

The kind of file is known by its first bytes and forced on ffmpeg, so that no playlist, script or list of other files is
ever read as such; ffmpeg gets the bytes on its standard input and may use no protocol but that, so that it opens no
file and no address; it may use the named decoders only, for one stream of sound, for so many seconds.
"""

from __future__ import annotations

import json

import numpy as np

from cxcore.ports.messages import SoundRefused
from cxcore.sound.fitting import WIDE_RATE
from cxcore.sound.programs import Program, ProgramFailed, ProgramMissing, ProgramTooSlow
from cxcore.sound.telephone import Sound

DECODERS = (
    "pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,"
    "mp3float,mp3,aac,alac,vorbis,opus,libopus,flac"
)
PICTURES = "mjpeg,png,bmp,gif,mpeg4,h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d"
"""Known by ffprobe, so that it can say that there are pictures; none is ever decoded to be used."""
# `cache` lets ffmpeg go back in what it has read from the pipe, which an m4a with its index at the end needs.
INPUT = ("-protocol_whitelist", "cache,pipe", "-codec_whitelist")
SOURCE = "cache:pipe:0"


def kind_of(start: bytes) -> str | None:
    """ffmpeg's name for the kind of file that begins like this; None for what is not taken."""
    if start[:4] in (b"RIFF", b"RF64") and start[8:12] == b"WAVE":
        return "wav"
    if start[4:8] == b"ftyp":
        return "mov"
    if start[:3] == b"ID3" or (start[:1] == b"\xff" and len(start) > 1 and start[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "mp3"
    return {b"OggS": "ogg", b"fLaC": "flac", b"\x1aE\xdf\xa3": "matroska"}.get(start[:4])


def decoded(file: bytes, longest_seconds: int) -> Sound:
    """The sound in the file, 16000 samples a second. Raises `SoundRefused`."""
    kind = kind_of(file[:16])
    if not file:
        raise SoundRefused("empty", "the file is empty")
    if kind is None:
        raise SoundRefused("no-sound", "the file begins like none of wav, mp3, m4a, ogg, webm and flac")
    _refuse_video(file, kind)
    sound = np.frombuffer(_run(_decoder(kind, longest_seconds), file), "<f4").astype(np.float64)
    if len(sound) > longest_seconds * WIDE_RATE:
        raise SoundRefused("too-long", f"the sound is longer than {longest_seconds} s", longest_seconds)
    if not len(sound):
        raise SoundRefused("empty", "there is no sound in the file")
    return np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0)


def _decoder(kind: str, longest_seconds: int) -> Program:
    return Program((
        "ffmpeg", "-nostdin", "-v", "error", "-threads", "1", *INPUT, DECODERS, "-f", kind, "-i", SOURCE,
        "-map", "0:a:0", "-vn", "-sn", "-dn", "-t", str(longest_seconds + 1),
        "-af", f"aresample={WIDE_RATE}:filter_size=64:cutoff=0.95", "-ac", "1", "-f", "f32le", "pipe:1",
    ))  # fmt: skip


def _refuse_video(file: bytes, kind: str) -> None:
    """A picture on the cover is none."""
    entries = "stream=codec_type:stream_disposition=attached_pic"
    codecs = f"{DECODERS},{PICTURES}"
    probe = ("ffprobe", "-v", "error", *INPUT, codecs, "-f", kind, "-show_entries", entries, "-of", "json", SOURCE)
    streams = json.loads(_run(Program(probe), file) or b"{}").get("streams", [])
    if any(_is_video(stream) for stream in streams):
        raise SoundRefused("video", "the file holds moving pictures")
    if not any(stream.get("codec_type") == "audio" for stream in streams):
        raise SoundRefused("no-sound", "there is no sound in the file")


def _is_video(stream: dict[str, object]) -> bool:
    disposition = stream.get("disposition")
    is_cover = isinstance(disposition, dict) and disposition.get("attached_pic") == 1
    return stream.get("codec_type") == "video" and not is_cover


def _run(program: Program, file: bytes) -> bytes:
    try:
        return program.run(file)
    except ProgramMissing as error:
        raise SoundRefused("no-converter", str(error)) from error
    except ProgramTooSlow as error:
        raise SoundRefused("too-slow", str(error)) from error
    except ProgramFailed as error:
        raise SoundRefused("broken", f"the file cannot be read as sound: {error}") from error
