"""Messages and their versions, as the pages of the administration show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from babel import Locale
from flask_babel import get_locale, lazy_gettext

from admin_web.presenters.texts import gettext
from admin_web.web_ports import MessagePorts
from cxcore.domain.announcing import POSITION_PROMPTS, WAIT_PROMPTS
from cxcore.domain.languages import in_language, parted
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
class Translation:
    """A message in another language. `name` is that of the language in words, `key` what its versions stand under."""

    language: str
    name: str
    key: str
    text: str = ""
    is_missing: bool = False
    """Callers hear it in the language of the site."""
    is_behind: bool = False
    """It is older than the version in the language of the site."""


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
    translations: tuple[Translation, ...] = ()
    """What callers hear who chose another language, for each language of the site."""
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
    def lacking(self) -> list[str]:
        """The languages in which it is not to be heard, in words."""
        return [each.name for each in self.translations if each.is_missing]

    @property
    def behind(self) -> list[str]:
        """The languages in which it is older than in that of the site, in words."""
        return [each.name for each in self.translations if each.is_behind]

    @property
    def searched(self) -> str:
        """What a search looks at."""
        translated = (each.text for each in self.translations)
        return " ".join((self.name, self.text, *self.flows, *self.queues, *translated)).lower()


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
    names = {parted(name)[0] for name, _ in latest}
    made = {name: KnownMessage(name, "", shipped=False) for name in names if name not in known}
    languages = messages.catalogue.languages()
    found = [(_line(messages, each, used.get(each.name), latest), each) for _, each in sorted((known | made).items())]
    return [replace(line, translations=_translations(each, languages, used, latest)) for line, each in found]


def _translations(
    known: KnownMessage,
    languages: Sequence[str],
    used: Mapping[str, UsedVersion],
    versions: Mapping[tuple[str, int], MessageVersion],
) -> tuple[Translation, ...]:
    return tuple(_translation(known, language, used, versions) for language in languages)


def _translation(
    known: KnownMessage,
    language: str,
    used: Mapping[str, UsedVersion],
    versions: Mapping[tuple[str, int], MessageVersion],
) -> Translation:
    key = in_language(known.name, language)
    here, there = used.get(known.name), used.get(key)
    version = versions.get((key, there.version)) if there is not None else None
    missing = version is None and language not in known.translations
    behind = not missing and here is not None and here.version > 0 and (there is None or there.at < here.at)
    text = known.translations.get(language, "") if version is None else version.text
    return Translation(language, language_name(language), key, text, missing, behind)


def unknown(messages: MessagePorts, name: str) -> Line:
    """A message that nobody uses yet."""
    known = KnownMessage(name, "", shipped=False)
    return Line(name, translations=_translations(known, messages.catalogue.languages(), {}, {}))


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
    number_heard = number if heard else None
    uses = (known.flows, known.queues, number_heard, seconds, changed_at)
    return Line(known.name, text, *uses, timetables=known.timetables)


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
    plain, language = parted(name)
    known = next((each for each in messages.catalogue.messages() if each.name == plain), KnownMessage(plain, ""))
    text = known.translations.get(language, "") if language else known.text
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
