"""What prompts say and how long they take, for who hears a site without a switch."""

from __future__ import annotations

import wave
from pathlib import Path

from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.ports.inspection import SITE_LANGUAGE, Voices


def voices_of(prompts: PromptCatalogue) -> Voices:
    """The texts of every language, and the lengths of the sounds that are made."""
    others = {language: catalogue.texts for language, catalogue in prompts.languages.items()}
    lengths: dict[tuple[str, str], float | None] = {}

    def seconds_of(prompt: str, language: str) -> float | None:
        if (prompt, language) not in lengths:
            lengths[prompt, language] = _seconds(sound_of(prompts, prompt, language))
        return lengths[prompt, language]

    return Voices({SITE_LANGUAGE: prompts.texts, **others}, seconds_of)


def sound_of(prompts: PromptCatalogue, prompt: str, language: str) -> Path | None:
    """The sound file of a prompt in a language; None when it is not made."""
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
