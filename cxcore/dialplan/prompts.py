"""The prompts of a site: their names, spoken texts and sound files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cxcore.dialplan.findings import ConfigurationRefused, Findings, Place
from cxcore.dialplan.nodes import entries, name, text
from cxcore.dialplan.source import compose
from cxcore.domain.languages import parted

TEXTS = "texts.yml"
LANGUAGE = re.compile(r"[a-z]{2}")
"""ISO 639-1, as folders are called."""
RECORDINGS = frozenset(
    {".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".opus", ".aif", ".aiff", ".wma", ".amr", ".webm"}
)
"""How the file names of recordings end, in small letters."""


class PromptNotMade(Exception):
    """The prompt is known and its sound file is missing; `path` is where it should be."""

    def __init__(self, prompt: str, path: Path) -> None:
        super().__init__(f"prompt {prompt} has no sound at {path}: run `make setup`, which makes the prompts")
        self.prompt, self.path = prompt, path


class NoSuchPrompt(Exception):
    """No text and no recording has that name."""

    def __init__(self, prompt: str) -> None:
        super().__init__(f"there is no prompt {prompt}")
        self.prompt = prompt


@dataclass(frozen=True, slots=True)
class PromptCatalogue:
    """The prompts that exist. Their sounds are made from texts and recordings into `made`, one WAV file each."""

    made: Path
    texts: Mapping[str, str] = field(default_factory=dict)
    """Prompt → what is spoken."""
    recordings: Mapping[str, Path] = field(default_factory=dict)
    """Prompt → the recording that takes the place of the spoken text."""
    languages: Mapping[str, PromptCatalogue] = field(default_factory=dict)
    """Another language → its prompts; what it lacks is said in the language of this catalogue."""
    own: Mapping[str, Path] = field(default_factory=dict)
    """Message that an administrator made → its latest sound, which is played until a version is chosen."""

    @property
    def names(self) -> frozenset[str]:
        """Every prompt that the dialplan may name."""
        return frozenset(self.texts) | frozenset(self.recordings) | frozenset(self.own)

    def sound(self, prompt: str) -> Path:
        """Where the sound that is played stands, whether it is made already or not."""
        shipped = self.made / f"{prompt}.wav"
        return self.own[prompt] if prompt in self.own and not shipped.is_file() else shipped

    def lacks_sound(self, prompt: str) -> bool:
        """Whether the prompt is known, but its sound is not made."""
        return prompt in self.names and not self.sound(prompt).is_file()

    def playable(self, prompt: str) -> Path:
        """The sound file to play, absolute. Raises `NoSuchPrompt`, `PromptNotMade`."""
        if prompt not in self.names:
            raise NoSuchPrompt(prompt)
        if self.lacks_sound(prompt):
            raise PromptNotMade(prompt, self.sound(prompt))
        return self.sound(prompt).absolute()


class SilentCatalogue(PromptCatalogue):
    """Prompts whose sounds need not be made: for who asks what callers hear, and plays nothing."""

    def lacks_sound(self, prompt: str) -> bool:
        """Never."""
        return False


def without_sounds(prompts: PromptCatalogue) -> SilentCatalogue:
    """The same prompts; none lacks its sound."""
    return SilentCatalogue(prompts.made, prompts.texts, prompts.recordings, prompts.languages, prompts.own)


def read_prompts(folder: Path, made: Path, own: Path | None = None) -> PromptCatalogue:
    """The prompts of a folder: `texts.yml` and recordings `NAME.wav`, `.mp3` … `made` is where set-up puts the sounds,
    `own` the library of messages that administrators made (`cxcore.sound.library`).

    A folder with the name of a language (`nl`) brings those of the other languages beside it (`en`). Raises
    `ConfigurationRefused` with every error in texts.yml, and names that have two recordings.
    """
    catalogue = read_language(folder, made)
    made_own = {} if own is None else _find_own(own)
    others = {
        other.name: replace(read_language(other, _made_beside(made, other.name)), own=_in(other.name, made_own))
        for other in _others(folder)
    }
    return replace(catalogue, languages=others, own=_in("", made_own))


def _in(language: str, own: Mapping[str, Path]) -> dict[str, Path]:
    """Those messages that are in a language; empty for that of the site."""
    return {parted(name)[0]: path for name, path in own.items() if parted(name)[1] == language}


def _made_beside(made: Path, language: str) -> Path:
    return (made.parent if LANGUAGE.fullmatch(made.name) else made) / language


def _others(folder: Path) -> list[Path]:
    if not LANGUAGE.fullmatch(folder.name):
        return []
    found = sorted(folder.absolute().parent.glob(f"*/{TEXTS}"))
    return [text.parent for text in found if LANGUAGE.fullmatch(text.parent.name) and text.parent.name != folder.name]


def read_language(folder: Path, made: Path) -> PromptCatalogue:
    """The prompts of one language alone. Raises `ConfigurationRefused`."""
    findings = Findings(folder / TEXTS)
    texts = _read_texts(findings)
    recordings = _find_recordings(findings, folder)
    if findings.any_errors:
        raise ConfigurationRefused(findings.in_order())
    return PromptCatalogue(made, texts, recordings)


def _read_texts(findings: Findings) -> dict[str, str]:
    root = compose(findings)
    if root is None:
        return {}
    texts: dict[str, str] = {}
    for entry in entries(findings, root, "the list of texts", "prompts with texts: `welkom: Goedendag.`"):
        prompt = name(findings, entry.key, "the name of a prompt")
        spoken = text(findings, entry.value, f"the text of prompt {entry.name}")
        texts[prompt or entry.name] = spoken or ""
    return texts


def _find_own(folder: Path) -> dict[str, Path]:
    """The latest sound of each message, in a language as `welkom.en`: FOLDER/MESSAGE/DIGEST.wav."""
    sounds = [path for path in folder.glob("*/*.wav") if not path.name.startswith(".")]
    narrow = [path for path in sounds if path.suffixes == [".wav"]]
    return {path.parent.name: path for path in sorted(narrow, key=lambda each: each.stat().st_mtime_ns)}


def _find_recordings(findings: Findings, folder: Path) -> dict[str, Path]:
    recordings: dict[str, Path] = {}
    for path in sorted(folder.glob("*.*")):
        if path.suffix.lower() not in RECORDINGS or path.name.startswith("."):
            continue
        other = recordings.setdefault(path.stem, path)
        if other != path:
            problem = f"prompt {path.stem} has two recordings, {other.name} and {path.name}"
            findings.error(Place(path), problem, "take one of them away")
    return recordings
