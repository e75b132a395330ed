"""A sound library, versions and a catalogue in memory (port `cxcore.ports.messages`)."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import wave
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.emergency_groups import EmergencyGroup
from cxcore.domain.languages import parted
from cxcore.domain.service_line import PreparedText, ServiceLine
from cxcore.ports.messages import KnownMessage, LibrarySound, MessageVersion, Origin, SoundRefused, UsedVersion

PEAKS = tuple(10 + 80 * (number * 7 % 11) // 11 for number in range(120))


class FakeSoundLibrary:
    """Takes whatever begins with RIFF, OggS or the like, as one second of near silence; `refusal` refuses the next."""

    def __init__(self) -> None:
        self._kept: set[str] = set()
        self.refusal: SoundRefused | None = None
        self.taken: list[bytes] = []
        self.spoken: list[str] = []
        self.forgotten_before: datetime | None = None

    def take(self, message: str, file: BinaryIO) -> LibrarySound:
        """Keep a second of sound under the digest of the file."""
        content = file.read()
        if self.refusal is not None:
            raise self.refusal
        if content[:4] not in (b"RIFF", b"OggS", b"\x1aE\xdf\xa3"):
            raise SoundRefused("no-sound", "begins like no sound")
        self.taken.append(content)
        return self._keep(message, content)

    def speak(self, message: str, text: str) -> LibrarySound:
        """Keep a second of sound under the digest of the text."""
        if self.refusal is not None:
            raise self.refusal
        if not text.strip():
            raise SoundRefused("no-text", "there is no text to speak")
        self.spoken.append(text)
        return self._keep(message, text.encode())

    def path(self, sound: str, wide: bool = False) -> Path | None:
        """The file that was kept."""
        return _second_of_sound() if sound in self._kept or sound.startswith("shipped:") else None

    def shipped(self, message: str) -> LibrarySound | None:
        """Every message of the demo site has a sound."""
        name, language = parted(message)
        shipped = {each.name for each in MESSAGES if each.shipped and (not language or language in each.translations)}
        if name not in shipped:
            return None
        return LibrarySound(f"shipped:{message}", "0" * 64, 3.4, PEAKS)

    def forget(self, keep: Collection[str], before: datetime) -> Sequence[str]:
        """All but those to keep, however old they are."""
        forgotten = sorted(self._kept - set(keep))
        self._kept -= set(forgotten)
        self.forgotten_before = before
        return forgotten

    def _keep(self, message: str, content: bytes) -> LibrarySound:
        digest = hashlib.sha256(content).hexdigest()
        sound = LibrarySound(f"{message}/{digest[:20]}", digest, 5.2, PEAKS)
        self._kept.add(sound.sound)
        return sound


@cache
def _second_of_sound() -> Path:
    folder = Path(mkdtemp(prefix="cx-test-sound-"))
    atexit.register(shutil.rmtree, folder)
    path = folder / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00\x01" * 8000)
    return path


class FakeMessageVersions:
    """Versions in a list; `chosen` is what callers hear."""

    def __init__(self, chosen: dict[str, UsedVersion]) -> None:
        self.chosen = chosen
        self.kept: list[MessageVersion] = []

    def add(
        self, message: str, sound: LibrarySound, origin: Origin, text: str, by: str, at: datetime
    ) -> MessageVersion:
        """Keep another version."""
        version = MessageVersion(message, len(self.of(message)) + 1, sound, origin, text, by, at)
        self.kept.append(version)
        return version

    def all(self) -> Sequence[MessageVersion]:
        """Every version, by message, the latest first."""
        return sorted(self.kept, key=lambda each: (each.message, -each.version))

    def of(self, message: str) -> Sequence[MessageVersion]:
        """The versions of one message, the latest first."""
        return [each for each in self.all() if each.message == message]

    def find(self, message: str, version: int) -> MessageVersion | None:
        """One version."""
        return next((each for each in self.of(message) if each.version == version), None)

    def used(self) -> Mapping[str, UsedVersion]:
        """What callers hear."""
        return self.chosen


MESSAGES = (
    KnownMessage("aantal-1", "één", (), ("Burgerzaken",)),
    KnownMessage("even-geduld", "Al onze medewerkers zijn in gesprek.", (), ("Burgerzaken",)),
    KnownMessage("hoofdmenu", "Voor Burgerzaken, toets 1. Voor bouwen en wonen, toets 2.", ("hoofdmenu",)),
    KnownMessage("noodtekst-storing", "Door een storing zijn wij nu niet goed bereikbaar."),
    KnownMessage(
        "welkom", "Welkom bij de gemeente Noordwijk.", ("hoofdmenu",), translations={"en": "Welcome to Noordwijk."}
    ),
)


class FakeMessageCatalogue:
    """The demo site."""

    def messages(self) -> Sequence[KnownMessage]:
        """Some messages."""
        return MESSAGES

    def numbers(self) -> Sequence[str]:
        """Two numbers."""
        return ["+31715550100", "+31715550101"]

    def queues(self) -> Sequence[tuple[str, str]]:
        """Two queues."""
        return [("burgerzaken", "Burgerzaken"), ("receptie", "Receptie")]

    def emergency_groups(self) -> Mapping[str, EmergencyGroup]:
        """A number and a queue."""
        text = PreparedText("noodtekst-storing", Then.GO_ON, hours=4)
        return {"balies": EmergencyGroup("Alle balies", ("+31715550101", "receptie"), text)}

    def service_line(self) -> ServiceLine:
        """One message and two prepared texts, everywhere or in one queue."""
        texts = {"1": PreparedText("noodtekst-storing"), "2": PreparedText("noodtekst-gesloten", Then.GO_ON, hours=0)}
        return ServiceLine("+31715550190", {"1": "welkom"}, texts, {"1": EVERYWHERE, "2": "burgerzaken"})

    def languages(self) -> Sequence[str]:
        """English."""
        return ["en"]

    def flows(self) -> Sequence[str]:
        """Two flows."""
        return ["hoofdmenu", "crisisteam"]
