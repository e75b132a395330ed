"""The sound quality of conversations, measured when a leg hangs up [112].

RTCP at the border tells of both directions, and G.107 makes a score of each (`domain.quality`). The switch's own score
of what it received counts for calls whose sound does not go by the border, or of which no RTCP came. The conversation
is often over before both of its legs are, so who talked with whom is noted when they are bridged.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cxcore.domain.agent import SOFTPHONE
from cxcore.domain.contact import ContactId
from cxcore.domain.events import QualityMeasured
from cxcore.domain.leg import LegId
from cxcore.domain.numbers import is_number
from cxcore.domain.quality import Line, MeasuredBy, mos_of
from cxcore.domain.queue import QueueId
from cxcore.domain.tidings import LegHungUp, SoundMeasured

CALLER = "caller"
CALLED = "party"
"""Somebody outside, who was called or to whom a caller was transferred."""
TEAMS = "pstnhub.microsoft.com"
KEPT_SCORES = 20
WINDOW = timedelta(minutes=30)
FEWEST_SCORES = 4
"""Of two conversations: one bad line is no alarm."""
BEST = 5.0


Scores = dict[QueueId | None, deque[tuple[datetime, float]]]


def _no_scores() -> Scores:
    return defaultdict(lambda: deque(maxlen=KEPT_SCORES))


@dataclass(frozen=True, slots=True)
class Party:
    """Whose sound a leg brings."""

    contact_id: ContactId
    queue_id: QueueId | None
    name: str
    """`CALLER`, `CALLED`, or an agent."""
    line: Line


@dataclass(slots=True)
class QualityWatch:
    """Legs in conversations, those whose measure is awaited, and the last scores of each queue."""

    legs: dict[LegId, Party] = field(default_factory=dict)
    awaited: dict[LegId, tuple[Party, float | None]] = field(default_factory=dict)
    """With the switch's own score."""
    _scores: Scores = field(default_factory=_no_scores)

    def hung_up(self, tiding: LegHungUp) -> bool:
        """A leg is gone. True when it was in a conversation, so that `measured` is to follow."""
        party = self.legs.pop(tiding.leg_id, None)
        if party is None:
            return False
        mos = tiding.mos
        self.awaited[tiding.leg_id] = (party, mos if mos is not None and 1.0 <= mos <= BEST else None)
        return True

    def measured(self, tiding: SoundMeasured) -> QualityMeasured | None:
        """The fact that follows from what was found out; None when nobody measured what came from the leg."""
        party, score = self.awaited.pop(tiding.leg_id, (None, None))
        fact = _fact(party, score, tiding) if party is not None else None
        if fact is not None:
            self._scores[fact.queue_id].append((tiding.at, fact.worse))
        return fact

    def keep(self, living: Iterable[LegId]) -> None:
        """Forget legs that the switch does not know any more."""
        known = set(living)
        self.legs = {leg_id: party for leg_id, party in self.legs.items() if leg_id in known}

    def mean(self, queue_id: QueueId, now: datetime) -> float | None:
        """The mean score of the last conversations of a queue, each leg by the worse of its directions.

        None when too little was measured of late.
        """
        return _mean(self._scores.get(queue_id, ()), now)

    def mean_of_all(self, now: datetime) -> float | None:
        """The same of all conversations."""
        return _mean([score for scores in self._scores.values() for score in scores], now)


def line_of(address: str) -> Line:
    """By what an address that we dial is reached: the device of an agent, or a number."""
    if address.startswith(SOFTPHONE):
        return Line.SOFTPHONE
    if TEAMS in address.lower():
        return Line.TEAMS
    return Line.TRUNK if is_number(address) else Line.PHONE


def _fact(party: Party, score: float | None, tiding: SoundMeasured) -> QualityMeasured | None:
    sent, heard = tiding.sent, None if tiding.heard is None else round(mos_of(tiding.heard), 2)
    line = tiding.line or party.line
    whose = (tiding.at, party.contact_id, party.queue_id, party.name)
    if sent is not None:
        figures = (round(sent.loss, 4), sent.jitter, sent.round_trip)
        return QualityMeasured(*whose, round(mos_of(sent), 2), MeasuredBy.BORDER, heard, *figures, line)
    return None if score is None else QualityMeasured(*whose, score, MeasuredBy.SWITCH, heard, line=line)


def _mean(scores: Iterable[tuple[datetime, float]], now: datetime) -> float | None:
    recent = [mos for at, mos in scores if now - at <= WINDOW]
    return sum(recent) / len(recent) if len(recent) >= FEWEST_SCORES else None
