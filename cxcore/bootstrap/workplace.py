"""What the services are given: sounds, music, folders, and the switch to steer."""

from __future__ import annotations

import math
import uuid
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from cxcore.bootstrap.site import playable_sounds
from cxcore.bootstrap.starting import CannotStart
from cxcore.config import Settings
from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.monitoring.recordings import has_room
from cxcore.recordings.transcripts import TranscriptFolder
from cxcore.recordings.voice_messages import write_beep
from cxcore.services.workplace import Workplace
from cxcore.sound.lengths import seconds_of_file
from cxcore.switch.settings import SwitchSettings

MUSIC_FILES, MUSIC_SECONDS = 12, 90.0
"""Pieces of hold music behind a question, at least; the next text, or the end of the time for an answer, comes long
before they have been played."""


def equip(work: Workplace, settings: Settings, prompts: PromptCatalogue) -> None:
    """What calls are told, where they are recorded, and how long what was spoken is kept."""
    beep = settings.site.state / "sounds" / "beep.wav"
    work.beep_seconds, work.beep = write_beep(beep), (beep.absolute(),)
    work.message_days = settings.voicemail.keep_days or None
    work.transcripts = TranscriptFolder(settings.chat_keys_directory)
    work.transcript_days = settings.chats.keep_days
    shipped = {language: replace(other, own={}) for language, other in prompts.languages.items()}
    work.translations = {language: playable_sounds(other) for language, other in shipped.items()}
    work.music, work.seconds_of = hold_music(settings.switch.hold_music_directory), seconds_of_file
    settings.incoming_recordings_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    work.recordings_folder = settings.incoming_recordings_directory.absolute()
    work.room_to_record = lambda: has_room(settings.site.state)


def hold_music(folder: Path) -> tuple[Path, ...]:
    """The hold music as the files that the switch makes its stream of, over and over."""
    files = sorted(path.absolute() for path in folder.rglob("*.wav"))
    once = sum(seconds_of_file(path) or 0.0 for path in files)
    rounds = math.ceil(MUSIC_SECONDS / once) if once else 0
    return tuple(islice(cycle(files), max(MUSIC_FILES, rounds * len(files))))


def switch_settings(settings: Settings) -> SwitchSettings:
    """Where the switch listens, and what it knows its parts by. Raises `CannotStart` without a password."""
    file = settings.event_socket_password_file
    password = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    if not password:
        raise CannotStart(f"{file} holds no password for the event socket: write one into it, or start with cx run")
    return SwitchSettings(
        settings.switch.host,
        settings.switch.port,
        password,
        sip_profile=settings.switch.profile,
        gateway=settings.switch.gateway,
        sbc=str(settings.switch.trunk),
        hold_music=f"local_stream://{settings.switch.hold_music}",
        codecs=settings.switch.codecs,
    )


def new_identity() -> str:
    """An identity that nothing else has."""
    return str(uuid.uuid4())
