"""What prompts say, as they were shipped or in the version that was chosen."""

from __future__ import annotations

import wave
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath

from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.voices import SitePrompts
from cxcore.ports.messages import LibrarySound, MessageVersion, Origin

AT = datetime(2026, 11, 24, tzinfo=UTC)
CHOSEN = MessageVersion(
    "welkom", 3, LibrarySound("welkom-abc", "abc", 4.5, ()), Origin.SPOKEN, "Goedendag.", "aad", AT
)  # fmt: skip


def shipped(folder: Path) -> PromptCatalogue:
    """A prompt of one second, with an English one that is not made."""
    with wave.open(str(folder / "welkom.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\0\0" * 8000)
    english = PromptCatalogue(folder / "en", {"welkom": "Welcome."})
    return PromptCatalogue(folder, {"welkom": "Welkom."}, languages={"en": english})


def test_prompts_are_heard_as_they_were_shipped(tmp_path: Path) -> None:
    prompts = SitePrompts(lambda: shipped(tmp_path))
    spoken = prompts.voices().spoken(prompts.voices().sounds("nl")["welkom"])
    assert (spoken.text, spoken.seconds, spoken.version) == ("Welkom.", 1.0, 0)
    assert prompts.sound("welkom", "nl") == tmp_path / "welkom.wav"


def test_the_chosen_version_of_a_message_counts_in_the_language_of_the_site(tmp_path: Path) -> None:
    library = tmp_path / "library.wav"
    prompts = SitePrompts(lambda: shipped(tmp_path), lambda: {"welkom": CHOSEN}, {"welkom-abc": library}.get)
    voices = prompts.voices()
    spoken = voices.spoken(voices.sounds("nl")["welkom"])
    assert (spoken.text, spoken.seconds, spoken.version) == ("Goedendag.", 4.5, 3)
    assert prompts.sound("welkom", "nl") == library
    english = voices.spoken(voices.sounds("en")["welkom"])
    assert (english.text, english.version) == ("Welcome.", 0)


def test_a_sound_that_is_not_made_is_none_and_its_length_is_guessed_from_the_text(tmp_path: Path) -> None:
    prompts = SitePrompts(lambda: shipped(tmp_path))
    assert prompts.sound("welkom", "en") is None
    assert prompts.sound("welkom", "fr") is None
    assert 0 < prompts.voices().spoken(prompts.voices().sounds("en")["welkom"]).seconds < 2


def test_a_version_in_another_language_is_heard_there_with_its_text_and_length(tmp_path: Path) -> None:
    sound = tmp_path / "library.wav"
    english = replace(CHOSEN, message="welkom.en", text="Welcome")
    prompts = SitePrompts(lambda: shipped(tmp_path), lambda: {"welkom.en": english}, {english.sound.sound: sound}.get)
    spoken = prompts.voices().spoken(PurePath("en/welkom"))
    assert (spoken.text, spoken.version, spoken.seconds) == ("Welcome", english.version, english.sound.seconds)
    assert prompts.voices().spoken(PurePath("nl/welkom")).version == 0
    assert prompts.sound("welkom", "en") == sound
