"""`cx recordings keep | purge | rotate-key`: the process beside the core that keeps recordings, and its tools."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from cxcore.config import Settings
from cxcore.ports.contact_log import LogUnavailable
from cxcore.recordings.intake import Intake
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.message_intake import MessageIntake
from cxcore.recordings.upkeep import Upkeep
from cxcore.recordings.voice_messages import KEPT
from cxcore.runner.clock import SystemClock
from cxcore.storage import open_storage

DONE, CANNOT = 0, 2
OPERATOR, RECORDER = "operator", "recorder"
"""Who deletes, in the audit: whoever gave the command, or the process by itself."""
LOOK_SECONDS = 1.0
PURGE_EVERY = timedelta(hours=1)
LONGEST_PAUSE_SECONDS = 60.0

log = logging.getLogger(__name__)


def keep(settings: Settings) -> int:
    """Encrypt what the switch recorded and delete what was kept long enough, until SIGTERM or SIGINT."""
    logging.basicConfig(level=settings.log.level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    messages = settings.voice_messages_directory
    return with_upkeep(settings, lambda intake, upkeep: _round(intake, upkeep, messages, stopped).run())


def _round(intake: Intake, upkeep: Upkeep, messages: Path, stopped: Event) -> Round:
    return Round(intake, MessageIntake(intake.index, messages, intake.keys, intake.clock), upkeep, stopped)


def purge(settings: Settings) -> int:
    """Delete what was kept long enough, and say how many recordings that were."""
    return with_upkeep(settings, _purge)


def rotate_key(settings: Settings) -> int:
    """Encrypt under a new key."""
    return with_upkeep(settings, _rotate_key)


COMMANDS: Mapping[str, Callable[[Settings], int]] = {"keep": keep, "purge": purge, "rotate-key": rotate_key}


def _purge(_intake: Intake, upkeep: Upkeep) -> int:
    deleted = 0
    while count := upkeep.purge(OPERATOR):
        deleted += count
    sys.stdout.write(f"{deleted} recordings deleted; the audit holds each of them\n")
    return DONE


def _rotate_key(_intake: Intake, upkeep: Upkeep) -> int:
    key_id, changed = upkeep.rotate_key(OPERATOR)
    sys.stdout.write(f"the key is {key_id} now; {changed} recordings are encrypted under it, earlier keys are gone\n")
    return DONE


def with_upkeep(settings: Settings, work: Callable[[Intake, Upkeep], int]) -> int:
    """Do some work on the recordings of this site; returns the exit code."""
    clock, keys = SystemClock(), KeyRing(settings.recording_keys_directory)
    incoming, kept = settings.incoming_recordings_directory, settings.kept_recordings_directory
    try:
        for folder in (incoming, kept):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys.prepare(clock.now().date())
        with closing(open_storage(settings.database_url, settings.site.state / "held-facts-of-recorder")) as storage:
            intake = Intake(storage.recordings, incoming, kept, keys, clock)
            messages = settings.voice_messages_directory
            upkeep = Upkeep(storage.recordings, kept, keys, storage.audit, clock, messages / KEPT)
            return work(intake, upkeep)
    except (LogUnavailable, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT


@dataclass(slots=True)
class Round:
    """Looks at what the switch recorded, again and again. What fails is tried again later, ever more slowly."""

    intake: Intake
    messages: MessageIntake
    upkeep: Upkeep
    stopped: Event
    purged_at: datetime | None = None
    pause: float = LOOK_SECONDS

    def run(self) -> int:
        """Go round until told to stop."""
        while not self.stopped.wait(self.pause):
            try:
                self._go()
                self.pause = LOOK_SECONDS
            except (LogUnavailable, OSError) as error:
                self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)
                log.error("recordings wait, and are tried again in %.0f s: %s", self.pause, error)  # noqa: TRY400
        return DONE

    def _go(self) -> None:
        taken_up, now = self.intake.look() + self.messages.look(), self.intake.clock.now()
        if taken_up:
            log.info("%s recordings encrypted", taken_up)
        if self.purged_at is None or now - self.purged_at >= PURGE_EVERY:
            deleted = self.upkeep.purge(RECORDER)
            self.purged_at = now
            if deleted:
                log.info("%s recordings deleted, whose time was over", deleted)
