"""The site that is served: its dialplan, its prompts, and the sounds of its messages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cxcore.config import PROMPT_TEXTS, MessageSettings, Settings
from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.reader import read_site
from cxcore.dialplan.site_texts import YamlSiteTexts
from cxcore.domain.site import Site
from cxcore.ports.messages import Speech
from cxcore.runner.activation import ReadSite, VersionRefused
from cxcore.runner.importing import configured_text
from cxcore.sound.library import FileLibrary
from cxcore.sound.speaking import EspeakVoice, HttpVoice, PiperVoice
from cxcore.storage import Storage


def prompt_catalogue(settings: Settings) -> PromptCatalogue:
    """The prompts of the site, and the messages that were made in the pages."""
    return read_prompts(PROMPT_TEXTS, settings.site.prompts, settings.messages_directory)


def playable_sounds(prompts: PromptCatalogue) -> dict[str, Path]:
    """The files of those prompts that have sound, by name."""
    return {name: prompts.playable(name) for name in prompts.names if not prompts.lacks_sound(name)}


def sound_library(settings: Settings) -> FileLibrary:
    """The sounds of messages, and the voice that speaks new ones."""
    largest_bytes = settings.messages.largest_megabytes * 1_000_000
    limits = (largest_bytes, settings.messages.longest_seconds)
    return FileLibrary(settings.messages_directory, _voice(settings.messages), *limits, settings.site.prompts)


def _voice(settings: MessageSettings) -> Speech:
    if settings.speech_url:
        return HttpVoice(settings.speech_url)
    if settings.piper_model is not None:
        return PiperVoice(settings.piper, settings.piper_model)
    return EspeakVoice()


def configured_site(settings: Settings, storage: Storage, prompts: PromptCatalogue, now: datetime) -> Site:
    """The site of the active version. A file with errors stops the start, also when it would only be imported."""
    site, texts = read_site(settings.site.dialplan, prompts), YamlSiteTexts(lambda: prompts)
    configured = configured_text(settings.site.dialplan, storage.configurations, texts, now)
    if configured.name == settings.site.dialplan:
        return site
    return read_site(configured.name, prompts, configured.text.encode())


def read_version(settings: Settings, text: str) -> ReadSite:
    """The site of a text that is to become active. Raises `VersionRefused`."""
    try:
        prompts = prompt_catalogue(settings)
        return ReadSite(YamlSiteTexts(lambda: prompts).site(text), playable_sounds(prompts))
    except ConfigurationRefused as refused:
        raise VersionRefused(str(refused)) from refused
