"""Messages and their versions, as the pages of the administration show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from babel import Locale
from flask_babel import get_locale, lazy_gettext

from admin_web.presenters.texts import gettext
from admin_web.web_ports import MessagePorts
from cxcore.domain.announcing import POSITION_PROMPTS, WAIT_PROMPTS
from cxcore.domain.service_line import PROMPTS as SERVICE_PROMPTS
from cxcore.ports.messages import KnownMessage, LibrarySound, MessageVersion, Origin, UsedVersion

ORIGINS = {
    Origin.UPLOADED: lazy_gettext("geüpload"),
    Origin.RECORDED: lazy_gettext("ingesproken"),
    Origin.SPOKEN: lazy_gettext("uitgesproken door de computer"),
    Origin.PHONED: lazy_gettext("ingesproken per telefoon"),
}

PIECES = frozenset((*POSITION_PROMPTS, *WAIT_PROMPTS, *SERVICE_PROMPTS))
"""Messages of which sentences are put together, and those of the service number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message with the version that callers hear; without a sound nobody hears it yet."""

    name: str
    text: str = ""
    flows: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    version: int | None = None
    seconds: float | None = None
    changed_at: datetime | None = None
    translations: Mapping[str, str] = field(default_factory=dict)
    """Language, in words → what callers who chose it hear."""
    timetables: tuple[str, ...] = ()

    @property
    def is_heard(self) -> bool:
        """Whether there is something to hear."""
        return self.seconds is not None

    @property
    def is_used(self) -> bool:
        """Whether callers come past it."""
        return bool(self.flows or self.queues or self.timetables)

    @property
    def is_piece(self) -> bool:
        """Whether it is a piece of a sentence that is put together, or is heard on the service number alone."""
        return self.name in PIECES

    @property
    def is_out_of_step(self) -> bool:
        """Whether callers of another language still hear what was shipped, though the message was replaced."""
        return bool(self.translations and self.version)

    @property
    def searched(self) -> str:
        """What a search looks at."""
        return " ".join((self.name, self.text, *self.flows, *self.queues)).lower()


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a message; `is_heard` when callers hear it, `wave` is its waveform as an SVG path of 240 × 100."""

    version: int
    seconds: float
    wave: str
    origin: str
    text: str
    by: str
    at: datetime | None
    is_heard: bool


def lines(messages: MessagePorts) -> list[Line]:
    """Every message, by name: those of the site, and those that were made and are used nowhere yet."""
    used, latest = messages.versions.used(), _versions(messages.versions.all())
    known = {each.name: each for each in messages.catalogue.messages()}
    made = {name: KnownMessage(name, "", shipped=False) for name, _ in latest if name not in known}
    return [_line(messages, each, used.get(each.name), latest) for _, each in sorted((known | made).items())]


def grouped(found: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The same lines under headings: what callers come past, what is ready to be used, pieces of sentences."""
    whole = [line for line in found if not line.is_piece]
    groups = (
        (gettext("Te horen bij uw nummers en wachtrijen"), [line for line in whole if line.is_used]),
        (gettext("Klaar voor gebruik, zoals noodteksten"), [line for line in whole if not line.is_used]),
        (gettext("Losse woorden, en teksten van het dienstnummer"), [line for line in found if line.is_piece]),
    )
    return [(heading, group) for heading, group in groups if group]


def _versions(versions: Sequence[MessageVersion]) -> dict[tuple[str, int], MessageVersion]:
    return {(each.message, each.version): each for each in versions}


def _line(
    messages: MessagePorts,
    known: KnownMessage,
    used: UsedVersion | None,
    versions: dict[tuple[str, int], MessageVersion],
) -> Line:
    version = versions.get((known.name, used.version)) if used is not None else None
    shipped = messages.sounds.shipped(known.name) if known.shipped and version is None else None
    heard = shipped if version is None else version.sound
    text = known.text if version is None else version.text or known.text
    number = 0 if version is None else version.version
    seconds = None if heard is None else heard.seconds
    changed_at = None if used is None else used.at
    translations = {language_name(language): said for language, said in known.translations.items()}
    number_heard = number if heard else None
    heard_with = (number_heard, seconds, changed_at, translations, known.timetables)
    return Line(known.name, text, known.flows, known.queues, *heard_with)


def language_name(code: str) -> str:
    """How the reader calls a language: `en` is Engels."""
    return str(Locale.parse(code).get_language_name(get_locale()) or code)


def versions_of(messages: MessagePorts, name: str, name_of: Callable[[str], str]) -> list[VersionLine]:
    """The versions of a message, the latest first, the shipped one last. `name_of` tells the name of a user."""
    used = messages.versions.used().get(name)
    heard = used.version if used is not None else 0
    made = [
        _version_line(each.version, each.sound, str(ORIGINS[each.origin]), each.text, name_of(each.by), each.at, heard)
        for each in messages.versions.of(name)
    ]
    shipped = messages.sounds.shipped(name)
    if shipped is None:
        return made
    text = next((each.text for each in messages.catalogue.messages() if each.name == name), "")
    return [*made, _version_line(0, shipped, gettext("meegeleverd"), text, "", None, heard)]


def _version_line(
    version: int, sound: LibrarySound, origin: str, text: str, by: str, at: datetime | None, heard: int
) -> VersionLine:
    return VersionLine(version, sound.seconds, wave(sound.peaks), origin, text, by, at, version == heard)


def wave(peaks: Sequence[int]) -> str:
    """Bars from 0 to 100 as a path: a stroke for each bar, as high as it, around the middle."""
    step = 240 / max(len(peaks), 1)
    bars = ((round((number + 0.5) * step, 1), max(peak, 2) / 2) for number, peak in enumerate(peaks))
    return "".join(f"M{x:g} {50 - half:g}V{50 + half:g}" for x, half in bars)
