"""Puts versions of the configuration into use: when a page asks for it, and when the time of one has come.

Reading a version takes a database and some tenths of a second, so it is done outside the inbox; what comes out of it
passes the inbox like every other command.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

import gevent
import gevent.queue
from gevent.event import AsyncResult

from cxcore.domain.commands import ActivateConfiguration
from cxcore.domain.errors import DomainError, NotAllowed, NotFound
from cxcore.domain.site import Site
from cxcore.ports.clock import Clock
from cxcore.ports.configurations import Configurations, NoSuchVersion, Version
from cxcore.ports.contact_log import LogUnavailable
from cxcore.runner.inbox import Inbox, InboxFull, Reply
from cxcore.services.configuration import UseSite

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
"""The longest time between two looks for versions whose time has come."""
MOST_REQUESTS = 100
Answer = TypeVar("Answer")


class VersionRefused(Exception):
    """The reader refuses the text of a version; the message says what is wrong, a line for each finding."""


@dataclass(frozen=True, slots=True)
class ReadSite:
    """A site, and the sounds of its prompts."""

    site: Site
    prompts: Mapping[str, PurePath]


ReadVersion = Callable[[str], ReadSite]
"""Reads the text of a version, in a thread. Raises `VersionRefused`."""


class Activation:
    """`run` is the body of a greenlet of its own; one version after another."""

    def __init__(self, configurations: Configurations, read: ReadVersion, inbox: Inbox, clock: Clock) -> None:
        self._configurations, self._read, self._inbox, self._clock = configurations, read, inbox, clock
        self._requests: gevent.queue.Queue[tuple[ActivateConfiguration, Reply]] = gevent.queue.Queue(MOST_REQUESTS)
        self._refused: set[int] = set()
        """Versions for later that were refused when their time came; they are not tried again."""

    def ask(self, command: ActivateConfiguration, reply: Reply) -> None:
        """Put the version into use, now or when its time comes. Raises `InboxFull`."""
        try:
            self._requests.put_nowait((command, reply))
        except gevent.queue.Full:
            raise InboxFull(f"{MOST_REQUESTS} activations wait") from None

    def run(self) -> None:
        """Serve requests and the calendar until the greenlet is killed."""
        while True:
            patience = self._activate_what_is_due()
            try:
                command, reply = self._requests.get(timeout=patience)
            except gevent.queue.Empty:
                continue
            reply(self._carry_out(command))

    def _carry_out(self, command: ActivateConfiguration) -> DomainError | None:
        try:
            version = _in_thread(lambda: self._configurations.version(command.version))
            if version.activated_at is None and version.activate_at <= self._clock.now():
                self._activate(version)
        except NoSuchVersion:
            return NotFound("version", str(command.version))
        except (VersionRefused, DomainError) as refused:
            return NotAllowed("version-refused", str(refused))
        except LogUnavailable as away:
            return DomainError(str(away))
        return None

    def _activate_what_is_due(self) -> float:
        """Returns the seconds until the next look is due."""
        try:
            scheduled = _in_thread(self._configurations.scheduled)
        except LogUnavailable as away:
            log.warning("versions of the configuration cannot be looked up: %s", away)
            return LOOK_SECONDS
        now, waits = self._clock.now(), [LOOK_SECONDS]
        for version in scheduled:
            if version.activate_at > now:
                waits.append((version.activate_at - now).total_seconds())
            elif version.number not in self._refused:
                self._activate_or_log(version)
        return min(waits)

    def _activate_or_log(self, version: Version) -> None:
        try:
            self._activate(version)
        except (VersionRefused, DomainError) as refused:
            self._refused.add(version.number)
            log.warning("version %d of the configuration was due and cannot be used: %s", version.number, refused)
        except LogUnavailable as away:
            log.warning("version %d of the configuration is due and cannot be read yet: %s", version.number, away)

    def _activate(self, version: Version) -> None:
        """What is noted first counts also for a core that starts after this one died in between."""
        read = _in_thread(lambda: self._read(self._configurations.text(version.number)))
        _in_thread(lambda: self._configurations.note_activated(version.number, self._clock.now()))
        outcome: AsyncResult[DomainError | None] = AsyncResult()
        self._inbox.submit(UseSite(version.by, version.number, read.site, read.prompts), outcome.set)
        refusal = outcome.get()
        if refusal is not None:
            raise refusal


def _in_thread(function: Callable[[], Answer]) -> Answer:
    answer: Answer = gevent.get_hub().threadpool.apply(function)
    return answer
