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
from cxcore.recordings.expiry import Expiry, KeptMonths
from cxcore.recordings.intake import Intake
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.message_intake import MessageIntake
from cxcore.recordings.upkeep import Upkeep
from cxcore.recordings.voice_messages import KEPT
from cxcore.runner.clock import SystemClock, local_time
from cxcore.storage import open_storage

DONE, CANNOT = 0, 2
OPERATOR, RECORDER = "operator", "recorder"
"""Who deletes, in the audit: whoever gave the command, or the process by itself."""
LOOK_SECONDS = 1.0
PURGE_EVERY = timedelta(hours=1)
LONGEST_PAUSE_SECONDS = 60.0

log = logging.getLogger(__name__)


def keep(settings: Settings) -> int:
    """Encrypt what the switch recorded and delete what was kept long enough, contacts too, until SIGTERM or SIGINT."""
    logging.basicConfig(level=settings.log.level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    messages = settings.voice_messages_directory
    return with_keeping(settings, lambda kept: _round(kept, messages, stopped).run())


def _round(kept: Keeping, messages: Path, stopped: Event) -> Round:
    intake = kept.intake
    return Round(kept, MessageIntake(intake.index, messages, intake.keys, intake.clock), stopped)


def purge(settings: Settings) -> int:
    """Delete what was kept long enough, and say how many recordings and contacts that were."""
    return with_keeping(settings, _purge)


def rotate_key(settings: Settings) -> int:
    """Encrypt under a new key."""
    return with_keeping(settings, _rotate_key)


COMMANDS: Mapping[str, Callable[[Settings], int]] = {"keep": keep, "purge": purge, "rotate-key": rotate_key}


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeps and deletes, on the stores of one site."""

    intake: Intake
    upkeep: Upkeep
    expiry: Expiry


def _purge(kept: Keeping) -> int:
    deleted = 0
    while count := kept.upkeep.purge(OPERATOR):
        deleted += count
    sys.stdout.write(f"{deleted} recordings deleted; the audit holds each of them\n")
    forgotten, contacts = kept.expiry.purge(OPERATOR, local_time(kept.intake.clock.now()))
    sys.stdout.write(f"{contacts} contacts deleted; of {forgotten} the caller was forgotten\n")
    return DONE


def _rotate_key(kept: Keeping) -> int:
    key_id, changed = kept.upkeep.rotate_key(OPERATOR)
    sys.stdout.write(f"the key is {key_id} now; {changed} recordings are encrypted under it, earlier keys are gone\n")
    return DONE


def with_keeping(settings: Settings, work: Callable[[Keeping], int]) -> int:
    """Do some work on what this site keeps; returns the exit code."""
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
            months = KeptMonths(settings.retention.report_months, settings.retention.person_months)
            return work(Keeping(intake, upkeep, Expiry(storage.retention, months, storage.audit)))
    except (LogUnavailable, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT


@dataclass(slots=True)
class Round:
    """Looks at what the switch recorded, again and again. What fails is tried again later, ever more slowly."""

    kept: Keeping
    messages: MessageIntake
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
        intake = self.kept.intake
        taken_up, now = intake.look() + self.messages.look(), intake.clock.now()
        if taken_up:
            log.info("%s recordings encrypted", taken_up)
        if self.purged_at is None or now - self.purged_at >= PURGE_EVERY:
            self._delete(now)
            self.purged_at = now

    def _delete(self, now: datetime) -> None:
        deleted = self.kept.upkeep.purge(RECORDER)
        forgotten, contacts = self.kept.expiry.purge(RECORDER, local_time(now))
        if deleted or forgotten or contacts:
            told = "%s recordings and %s contacts deleted, whose time was over; of %s the caller was forgotten"
            log.info(told, deleted, contacts, forgotten)
