"""Does what a caller of the service number needs of the world, outside the inbox (port `cxcore.ports.service_desk`).

A PIN takes a tenth of a second to compare, a recording up to a second to be made fit for the line; both need disk or
database. So each is done in a thread, one after another, and its outcome comes into the inbox as a tiding. A recording
is made fit before its speaker has approved it, so that callers hear it at once when he does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import gevent
import gevent.queue

from cxcore.domain.tidings import PinChecked, SoundPrepared, Tiding, VersionMade
from cxcore.ports.audit import Audit, AuditResult
from cxcore.ports.clock import Clock
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.messages import LibrarySound, MessageVersions, Origin, SoundLibrary, SoundRefused
from cxcore.ports.service_desk import Asker, PhonePins
from cxcore.ports.voice_messages import VoiceMessages

log = logging.getLogger(__name__)

MOST_JOBS = 200
KEEP_UNUSED = timedelta(days=30)
Answer = TypeVar("Answer")


class BackgroundDesk:
    """`run` is the body of a greenlet of its own. Where too much waits, a caller is refused at once."""

    def __init__(
        self,
        pins: PhonePins,
        sounds: SoundLibrary,
        versions: MessageVersions,
        recordings: VoiceMessages,
        audit: Audit,
        clock: Clock,
        tell: Callable[[Tiding], None],
        keep_unused: timedelta = KEEP_UNUSED,
    ) -> None:
        """`keep_unused`: how long a sound is kept that became no version."""
        self._keep_unused = keep_unused
        self._pins, self._sounds, self._versions, self._recordings = pins, sounds, versions, recordings
        self._audit, self._clock, self._tell = audit, clock, tell
        self._prepared: dict[str, LibrarySound] = {}
        """Sounds that wait for a yes; the latest ones."""
        self._jobs: gevent.queue.Queue[Callable[[], None]] = gevent.queue.Queue(MOST_JOBS)

    def check(self, asker: Asker, code: str, pin: str) -> None:
        """See `ServiceDesk`."""
        refused = PinChecked(self._clock.now(), asker.leg_id, asker.order_id, "", right=False)
        self._put(lambda: self._check(asker, code, pin), refused)

    def prepare(self, asker: Asker, message: str, recording: str) -> None:
        """See `ServiceDesk`."""
        refused = SoundPrepared(self._clock.now(), asker.leg_id, asker.order_id, "")
        self._put(lambda: self._prepare(asker, message, recording), refused)

    def make(self, asker: Asker, message: str, sound: str, by: str) -> None:
        """See `ServiceDesk`."""
        self._put(lambda: self._tell(self._made(asker, message, sound, by)), self._not_made(asker, message, by))

    def note(self, by: str, action: str, subject: str, result: AuditResult, origin: str) -> None:
        """See `ServiceDesk`."""
        at = self._clock.now()
        self._put(lambda: _in_thread(lambda: self._audit.record(by, action, subject, result, origin, at)), None)

    def tidy(self) -> None:
        """See `ServiceDesk`."""
        self._put(lambda: _in_thread(self._forget), None)

    def run(self) -> None:
        """Do one job after another until the greenlet is killed."""
        while True:
            job = self._jobs.get()
            try:
                job()
            except LogUnavailable as away:
                log.warning("the service number: %s", away)
            except Exception:  # one bad job must not end the process
                log.exception("a job of the service number failed")

    def _put(self, job: Callable[[], None], refusal: Tiding | None) -> None:
        try:
            self._jobs.put_nowait(job)
        except gevent.queue.Full:
            log.warning("the service number: %d jobs wait, one more was refused", MOST_JOBS)
            if refusal is not None:
                gevent.spawn(self._tell, refusal)

    def _check(self, asker: Asker, code: str, pin: str) -> None:
        """A database that is away refuses, like a wrong PIN."""
        user, right, locked = "", False, False
        try:
            outcome = _in_thread(lambda: self._pins.check(code, pin, self._clock.now()))
            user, right, locked = outcome.known, outcome.username is not None, outcome.locked
        finally:
            self._tell(PinChecked(self._clock.now(), asker.leg_id, asker.order_id, user, right, locked))

    def _prepare(self, asker: Asker, message: str, recording: str) -> None:
        sound = ""
        try:
            sound = self._fitted(message, recording)
        except (SoundRefused, OSError) as refused:
            log.info("what was recorded for message %s is no message: %s", message, refused)
        finally:
            self._tell(SoundPrepared(self._clock.now(), asker.leg_id, asker.order_id, sound))

    def _fitted(self, message: str, recording: str) -> str:
        self._recordings.seconds(recording)  # puts the head right of one that was broken off
        with Path(self._recordings.path(recording)).open("rb") as file:
            made = self._sounds.take(message, file)
        self._recordings.remove(recording)
        self._prepared[made.sound] = made
        while len(self._prepared) > MOST_JOBS:
            del self._prepared[next(iter(self._prepared))]
        return made.sound

    def _made(self, asker: Asker, message: str, sound: str, by: str) -> VersionMade:
        prepared = self._prepared.pop(sound, None)
        if prepared is None:
            return self._not_made(asker, message, by)
        try:
            version = _in_thread(lambda: self._add(asker, message, prepared, by))
        except LogUnavailable as away:
            log.warning("message %s was not kept: %s", message, away)
            return self._not_made(asker, message, by)
        now = self._clock.now()
        return VersionMade(now, asker.leg_id, asker.order_id, message, version, sound, by, asker.origin)

    def _add(self, asker: Asker, message: str, sound: LibrarySound, by: str) -> int:
        now = self._clock.now()
        made = self._versions.add(message, sound, Origin.PHONED, "", by, now)
        subject = f"message={message} version={made.version} origin={Origin.PHONED}"
        self._audit.record(by, "message-make", subject, AuditResult.DONE, asker.origin, now)
        return made.version

    def _forget(self) -> None:
        """Every version can be taken back, used or not, so its sound stays; without the versions nothing is removed."""
        keep = {version.sound.sound for version in self._versions.all()} | self._prepared.keys()
        forgotten = self._sounds.forget(keep, self._clock.now() - self._keep_unused)
        for sound in forgotten:
            log.info("the sound %s is removed: no version has it", sound)

    def _not_made(self, asker: Asker, message: str, by: str) -> VersionMade:
        return VersionMade(self._clock.now(), asker.leg_id, asker.order_id, message, 0, "", by, asker.origin)


def _in_thread(function: Callable[[], Answer]) -> Answer:
    answer: Answer = gevent.get_hub().threadpool.apply(function)
    return answer
