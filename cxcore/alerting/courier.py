"""Delivers the letters of one way, the oldest first, until each was taken or it makes no sense any more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

import gevent

from cxcore.ports.clock import Clock
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.outbox import KeptLetter, LettersToSend, Way

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds between two attempts; the last one counts for all further ones."""
LONGEST_SENDING = timedelta(seconds=60)
"""So long a letter that is being sent is given to nobody else."""
AWAY = "away"
"""Told instead of a reason of the other side, when it was away until the letter was given up."""
SHOWN = timedelta(days=1)
"""How long the pages tell of a letter that was given up, unless a later one is taken before."""

Answer = TypeVar("Answer")


class NotDelivered(Exception):
    """The other side did not take the letter; the message says why, and names no person."""


class NotWanted(NotDelivered):
    """The other side will never take it, however often it is tried."""


Send = Callable[[KeptLetter], None]
"""Delivers one letter; waits, so it is called in a thread. Raises `NotDelivered`."""


def _nobody(_letter: KeptLetter, _why: str) -> None:
    """Nobody waits for news of this letter."""


def _in_thread(work: Callable[[], object]) -> object:
    return gevent.get_hub().threadpool.apply(work)


@dataclass(slots=True)
class Courier:
    """`run` is the body of a greenlet of its own. A way that is blocked never delays the core, nor another way."""

    way: Way
    send: Send
    outbox: LettersToSend
    clock: Clock
    give_up_after: timedelta
    pauses: tuple[float, ...] = PAUSES
    apply: Callable[[Callable[[], object]], object] = _in_thread
    lost: Callable[[KeptLetter, str], None] = _nobody
    """Is told of each letter that is given up, and why; twice, if the core is killed at that moment."""
    fault: str = ""
    """Why the newest letter was not taken, if it was not; known to the next core too."""
    taken_at: datetime | None = None
    """When a letter was taken last. What was given up before that is no trouble of now."""

    def run(self) -> None:
        """Deliver until the greenlet is killed, first what an earlier core left."""
        step = self.begin
        while True:
            try:
                step()
                step = self.deliver_due
            except LogUnavailable as away:
                log.warning("letters by %s wait: %s", self.way, away)
            gevent.sleep(LOOK_SECONDS)

    def begin(self) -> None:
        """Let all that waits be due. Raises `LogUnavailable`."""
        now = self.clock.now()
        self.apply(lambda: self.outbox.hurry(self.way, now))

    def deliver_due(self) -> None:
        """Try once each letter that is due. Raises `LogUnavailable`."""
        while (letter := self._next()) is not None:
            self._deliver(letter)
        since = self.clock.now() - SHOWN
        since = since if self.taken_at is None else max(since, self.taken_at)
        self.fault = self._ask(lambda: self.outbox.trouble(self.way, since))

    def _next(self) -> KeptLetter | None:
        now = self.clock.now()
        return self._ask(lambda: self.outbox.take(self.way, now, now + LONGEST_SENDING))

    def _deliver(self, letter: KeptLetter) -> None:
        try:
            self.apply(lambda: self.send(letter))
        except NotDelivered as error:
            self._not_taken(letter, str(error), isinstance(error, NotWanted))
            return
        self.taken_at = self.clock.now()
        self.apply(lambda: self.outbox.sent(letter.letter_id))

    def _not_taken(self, letter: KeptLetter, why: str, never: bool) -> None:
        now, name = self.clock.now(), letter.letter_id
        if never or now - letter.at >= self.give_up_after:
            self.lost(letter, why if never else AWAY)
            log.error("letter %s by %s is given up after %d attempts: %s", name, self.way, letter.attempts, why)
            self.apply(lambda: self.outbox.give_up(name, "" if never else why, now))  # one refusal is no trouble
            return
        log.warning("letter %s by %s was not taken: %s", name, self.way, why)
        pause = self.pauses[min(letter.attempts, len(self.pauses)) - 1]
        self.apply(lambda: self.outbox.put_back(name, why, now + timedelta(seconds=pause)))

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        return cast(Answer, self.apply(question))
