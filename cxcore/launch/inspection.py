"""What is wrong with a site, found before anything starts: its dialplan, its prompts, the switch's own sounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from cxcore.config import PROMPT_TEXTS, Settings
from cxcore.dialplan.check import check_files
from cxcore.dialplan.findings import Finding, Place, Severity
from cxcore.domain.schedule import AMSTERDAM
from cxcore.launch.commands import outside_fault
from cxcore.runner.clock import SystemClock

REMEDY = "run `make setup`, which makes the sounds, or correct the setting"


def inspect(settings: Settings) -> list[Finding]:
    """Everything that is wrong, file by file; empty when all is well."""
    site = inspect_dialplans(settings, [settings.site.dialplan])
    return [*site, *_silences(settings), *_outside(settings), *_whatsapp(settings)]


def inspect_dialplans(settings: Settings, files: Sequence[Path]) -> list[Finding]:
    """What is wrong in these files, each as if it were the site's; an export of the pages, or a draft."""
    prompts = (PROMPT_TEXTS, settings.site.prompts, settings.messages_directory, _today())
    return [finding for file in files for finding in check_files(file, *prompts)]


def _today() -> date:
    return SystemClock().now().astimezone(AMSTERDAM).date()


def _outside(settings: Settings) -> Iterator[Finding]:
    """Trunk and Teams, as the SBC would be told of them."""
    if fault := outside_fault(settings):
        key = "sbc.trunk" if settings.sbc.trunk.addresses else "sbc.teams"
        place = Place(settings.file, settings.lines.get(key, 1))
        yield Finding(place, Severity.ERROR, f"{key}: {fault}", "docs/operations/sbc.md explains each value")


def _whatsapp(settings: Settings) -> Iterator[Finding]:
    """The secrets of WhatsApp."""
    if fault := settings.whatsapp_fault:
        place = Place(settings.file, settings.lines.get(f"whatsapp.{fault.partition(':')[0]}", 1))
        remedy = "docs/operations/settings.md#whatsapp tells where each comes from"
        yield Finding(place, Severity.ERROR, f"whatsapp.{fault}", remedy)


def _silences(settings: Settings) -> Iterator[Finding]:
    """Sounds that the switch plays by itself. Without them callers would hear silence."""
    fallback, music = settings.fallback_sound, settings.switch.hold_music_directory
    if not fallback.is_file():
        yield _finding(settings, "switch.fallback_prompt", f"{fallback} is not there")
    if not _holds_sound(music) and not _holds_sound(music / settings.switch.hold_music):
        yield _finding(settings, "switch.hold_music_directory", f"{music} holds no .wav file")


def _holds_sound(folder: Path) -> bool:
    return folder.is_dir() and any(file.suffix.lower() == ".wav" for file in folder.iterdir())


def _finding(settings: Settings, key: str, problem: str) -> Finding:
    place = Place(settings.file, settings.lines.get(key, 1))
    return Finding(place, Severity.ERROR, f"{key}: {problem}", REMEDY)
