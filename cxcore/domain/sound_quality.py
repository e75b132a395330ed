"""The sound quality of conversations, as the switch measures it when a leg hangs up [112].

The conversation is often over before both of its legs are, so who talked with whom is noted at the answer.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cxcore.domain.contact import ContactId
from cxcore.domain.events import QualityMeasured
from cxcore.domain.leg import LegId
from cxcore.domain.queue import QueueId

CALLER = "caller"
KEPT_SCORES = 20
WINDOW = timedelta(minutes=30)
FEWEST_SCORES = 4
"""Of two conversations: one bad line is no alarm."""
BEST = 5.0


@dataclass(frozen=True, slots=True)
class Party:
    """Whose sound a leg brings."""

    contact_id: ContactId
    queue_id: QueueId | None
    name: str
    """`caller`, or an agent."""


@dataclass(slots=True)
class QualityWatch:
    """Legs in conversations, and the last scores of each queue."""

    legs: dict[LegId, Party] = field(default_factory=dict)
    _scores: dict[QueueId, deque[tuple[datetime, float]]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=KEPT_SCORES))
    )

    def hung_up(self, leg_id: LegId, mos: float | None, at: datetime) -> QualityMeasured | None:
        """The fact that follows from a leg that is gone; None when it was in no conversation or was not measured."""
        party = self.legs.pop(leg_id, None)
        if party is None or mos is None or not 1.0 <= mos <= BEST:
            return None
        if party.queue_id is not None:
            self._scores[party.queue_id].append((at, mos))
        return QualityMeasured(at, party.contact_id, party.queue_id, party.name, mos)

    def keep(self, living: Iterable[LegId]) -> None:
        """Forget legs that the switch does not know any more."""
        known = set(living)
        self.legs = {leg_id: party for leg_id, party in self.legs.items() if leg_id in known}

    def mean(self, queue_id: QueueId, now: datetime) -> float | None:
        """The mean score of the last conversations of a queue; None when too little was measured of late."""
        scores = [mos for at, mos in self._scores.get(queue_id, ()) if now - at <= WINDOW]
        return sum(scores) / len(scores) if len(scores) >= FEWEST_SCORES else None
