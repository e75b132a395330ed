"""How often somebody may do something: counts in memory, in this process."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

REMEMBERED = 10_000


@dataclass(slots=True)
class Allowance:
    """At most `most` times within `period`, for each of the latest 10,000 who were seen."""

    most: int
    period: timedelta
    _times: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def allows(self, who: str, now: datetime) -> bool:
        """Count one more, if it is not one too many."""
        times = self._times.setdefault(who, deque())
        self._times.move_to_end(who)
        while len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        while times and now - times[0] >= self.period:
            times.popleft()
        if len(times) >= self.most:
            return False
        times.append(now)
        return True
