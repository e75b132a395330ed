"""Voices that speak a text: espeak-ng, which is always there; Piper, when a model is set; or a service over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cxcore.ports.inspection import SITE_LANGUAGE
from cxcore.ports.messages import Speech, SpeechFailed
from cxcore.sound.programs import Program, ProgramFailed

VOICES = {"nl": "nl+f3", "en": "en-gb+f3", "de": "de+f3", "fr": "fr-fr+f3"}
"""Voices of espeak-ng by language."""
MANNER = ("-s", "145", "-p", "45", "-g", "1")
"""Of espeak-ng's female variants f3 keeps the deepest modulation (the measure behind the speech transmission index of
IEC 60268-16) in every octave of the telephone band. 145 words a minute and 10 ms more between words, a little below its
usual pitch: calm, and fast enough for a menu that is heard often."""

HTTP_SECONDS = 30
LARGEST_ANSWER = 50 * 1024 * 1024


class EspeakVoice:
    """The embedded voice."""

    def speak(self, text: str, language: str) -> bytes:
        """WAV. Raises `SpeechFailed`."""
        if language not in VOICES:
            raise SpeechFailed(f"there is no voice for the language {language}: record the text, or upload it")
        return _spoken_by(("espeak-ng", "-v", VOICES[language], *MANNER, "--stdin", "-w"), text)


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """A neural voice: `program` is Piper's command, `model` its .onnx file, which speaks Dutch. Other languages are
    spoken by `other`."""

    program: str
    model: Path
    other: Speech = EspeakVoice()

    def speak(self, text: str, language: str) -> bytes:
        """WAV. Raises `SpeechFailed`."""
        if language != SITE_LANGUAGE:
            return self.other.speak(text, language)
        return _spoken_by((self.program, "--model", str(self.model), "--output_file"), " ".join(text.split()) + "\n")


def _spoken_by(command: tuple[str, ...], text: str) -> bytes:
    with TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        try:
            Program((*command, str(spoken)), seconds=60).run(text.encode())
            return spoken.read_bytes()
        except (ProgramFailed, OSError) as error:
            raise SpeechFailed(str(error)) from error


@dataclass(frozen=True, slots=True)
class HttpVoice:
    """A service that takes `{"text": …, "language": "nl"}` by POST and answers with a sound file."""

    url: str

    def speak(self, text: str, language: str) -> bytes:
        """Whatever kind of sound the service makes. Raises `SpeechFailed`."""
        body = json.dumps({"text": text, "language": language}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})  # noqa: S310 - a setting
        try:
            with urllib.request.urlopen(request, timeout=HTTP_SECONDS) as answer:  # noqa: S310 - a setting
                sound: bytes = answer.read(LARGEST_ANSWER)
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise SpeechFailed(f"the speech service at {self.url} does not answer: {error}") from error
        return sound
