"""What prompts say and how long they take, for who hears a site without a switch."""

from __future__ import annotations

import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.domain.languages import in_language, parted
from cxcore.ports.inspection import SITE_LANGUAGE, Voices
from cxcore.ports.messages import MessageVersion, MessageVersions


def no_versions() -> Mapping[str, MessageVersion]:
    """Every message is heard as it was shipped."""
    return {}


def used_versions(messages: MessageVersions) -> Mapping[str, MessageVersion]:
    """Message → the version that callers hear, where that is not the shipped one."""
    used = {name: each.version for name, each in messages.used().items()}
    return {each.message: each for each in messages.all() if used.get(each.message) == each.version}


def no_sound(_sound: str) -> Path | None:
    """There is no library."""
    return None


@dataclass(frozen=True, slots=True)
class SitePrompts:
    """The prompts as callers hear them now: as they were shipped, or in the version that was chosen."""

    find_prompts: Callable[[], PromptCatalogue]
    find_versions: Callable[[], Mapping[str, MessageVersion]] = no_versions
    """Message → the version that callers hear, where that is not the shipped one."""
    find_sound: Callable[[str], Path | None] = no_sound
    """Where a sound of the library stands."""

    def voices(self) -> Voices:
        """The texts of every language, the versions, and the lengths of the sounds that are made."""
        prompts, versions = self.find_prompts(), self.find_versions()
        catalogues = {SITE_LANGUAGE: prompts, **prompts.languages}
        texts = {language: _texts(catalogue, language, versions) for language, catalogue in catalogues.items()}
        lengths: dict[tuple[str, str], float | None] = {}

        def seconds_of(prompt: str, language: str) -> float | None:
            if (name := _name(prompt, language)) in versions:
                return versions[name].sound.seconds
            if (prompt, language) not in lengths:
                lengths[prompt, language] = _seconds(sound_of(prompts, prompt, language))
            return lengths[prompt, language]

        return Voices(texts, seconds_of, {name: version.version for name, version in versions.items()})

    def sound(self, prompt: str, language: str) -> Path | None:
        """The sound file that callers hear; None when there is none."""
        version = self.find_versions().get(_name(prompt, language))
        chosen = None if version is None else self.find_sound(version.sound.sound)
        return chosen or sound_of(self.find_prompts(), prompt, language)


def _name(prompt: str, language: str) -> str:
    """What the versions of a prompt stand under."""
    return prompt if language == SITE_LANGUAGE else in_language(prompt, language)


def _texts(catalogue: PromptCatalogue, language: str, versions: Mapping[str, MessageVersion]) -> dict[str, str]:
    """What is said in a language; a version whose text nobody wrote down has that of the shipped one, or none."""
    of = "" if language == SITE_LANGUAGE else language
    chosen = {parted(name)[0]: each.text for name, each in versions.items() if parted(name)[1] == of}
    return {**dict.fromkeys(chosen, ""), **catalogue.texts, **{name: text for name, text in chosen.items() if text}}


def voices_of(prompts: PromptCatalogue) -> Voices:
    """The same for prompts as they were shipped."""
    return SitePrompts(lambda: prompts).voices()


def sound_of(prompts: PromptCatalogue, prompt: str, language: str) -> Path | None:
    """The sound file of a prompt in a language, as it was shipped; None when it is not made."""
    catalogue = prompts if language == SITE_LANGUAGE else prompts.languages.get(language)
    if catalogue is None or prompt not in catalogue.names or catalogue.lacks_sound(prompt):
        return None
    return catalogue.sound(prompt)


def _seconds(sound: Path | None) -> float | None:
    if sound is None:
        return None
    try:
        with wave.open(str(sound), "rb") as file:
            return file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, OSError):
        return None
