"""An outbox in memory (port `cxcore.ports.outbox`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cxcore.ports.outbox import KeptLetter, Letter, Way


@dataclass(slots=True)
class Kept:
    """A letter and how it stands with it; without `next_at` it was given up."""

    letter: KeptLetter
    next_at: datetime | None
    fault: str = ""
    given_up_at: datetime | None = None


class FakeOutbox:
    """Keeps letters in a dictionary, in the order in which they were handed in."""

    def __init__(self, now: Callable[[], datetime], ways: frozenset[Way] = frozenset(Way)) -> None:
        self.now, self.ways = now, ways
        self.kept: dict[str, Kept] = {}

    def mail(self, subject: str, body: str, recipients: Sequence[str]) -> bool:
        """Keep one letter for each recipient."""
        if Way.MAIL not in self.ways or not recipients:
            return False
        for recipient in recipients:
            self.add(f"m{len(self.kept) + 1}", Letter(Way.MAIL, subject, body, recipient))
        return True

    def add(self, letter_id: str, letter: Letter) -> None:
        """As a fact adds one."""
        self.kept[letter_id] = Kept(KeptLetter(letter_id, self.now(), letter, 0), self.now())

    def hurry(self, way: Way, now: datetime) -> None:
        """All that waits is due."""
        for kept in self.kept.values():
            if kept.letter.letter.way is way and kept.next_at is not None:
                kept.next_at = min(kept.next_at, now)

    def take(self, way: Way, now: datetime, until: datetime) -> KeptLetter | None:
        """The oldest that is due."""
        for kept in self.kept.values():
            if kept.letter.letter.way is way and kept.next_at is not None and kept.next_at <= now:
                old = kept.letter
                if way is Way.WHATSAPP and self._waits_before(old):
                    continue
                kept.letter = KeptLetter(old.letter_id, old.at, old.letter, old.attempts + 1)
                kept.next_at = until
                return kept.letter
        return None

    def _waits_before(self, letter: KeptLetter) -> bool:
        others = [kept for kept in self.kept.values() if kept.letter.letter.way is Way.WHATSAPP and kept.next_at]
        same = [kept.letter for kept in others if kept.letter.letter.subject == letter.letter.subject]
        return any(each.at < letter.at for each in same)

    def sent(self, letter_id: str) -> None:
        """Forget it."""
        del self.kept[letter_id]

    def put_back(self, letter_id: str, fault: str, next_at: datetime) -> None:
        """Try again then."""
        self.kept[letter_id].fault, self.kept[letter_id].next_at = fault, next_at

    def give_up(self, letter_id: str, fault: str, at: datetime) -> None:
        """Try no more."""
        kept = self.kept[letter_id]
        kept.fault, kept.next_at, kept.given_up_at = fault, None, at

    def trouble(self, way: Way, since: datetime) -> str:
        """Why the newest one was not taken."""
        for kept in reversed(self.kept.values()):
            fresh = kept.given_up_at is None or kept.given_up_at >= since
            if kept.letter.letter.way is way and kept.fault and fresh:
                return kept.fault if kept.given_up_at is None else f"given up: {kept.fault}"
        return ""
