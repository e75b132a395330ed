"""What came of a day of traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lab.robots import Outcome, RobotAgent, RobotCaller
from softswitch.media import TickStatistics

SILENCE_LIMIT_SECONDS: Final = 2.0
"""More silence together than this, and a caller thinks that the line is dead."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of callers and offers; waits in seconds."""

    calls: int
    under_way: int
    talked: int
    gave_up: int
    turned_away: int
    refused: int
    failed: int
    average_wait: float
    longest_wait: float
    worst_silence: float
    callers_in_silence: int
    """Callers who heard more than two seconds of silence together."""
    offers: int
    offers_answered: int
    offers_missed: int
    agents: int
    agents_talking: int
    desk_refusals: int
    late_ticks: int
    """Ticks that the lab itself was late; silence may then be its own."""

    def progress(self, now: float) -> str:
        """One line."""
        return (
            f"{int(now) // 60:3}:{int(now) % 60:02}  calls {self.calls:4}  under way {self.under_way:3}  "
            f"talked {self.talked:4}  gave up {self.gave_up:3}  turned away {self.turned_away:3}  "
            f"failed {self.refused + self.failed:3}  agents talking {self.agents_talking}/{self.agents}  "
            f"silence {self.worst_silence:.1f} s"
        )

    def summary(self) -> str:
        """Several lines."""
        lines = [
            f"{self.calls} calls",
            *(f"  {count:5} {self._percent(count):5.1f} %  {what}" for what, count in self._outcomes()),
            f"wait for an agent: {self.average_wait:.1f} s on average, {self.longest_wait:.1f} s at most",
            f"{self.offers} offers to {self.agents} agents: {self.offers_answered} answered, "
            f"{self.offers_missed} missed",
            f"worst silence heard: {self.worst_silence:.1f} s; {self.callers_in_silence} callers heard more than "
            f"{SILENCE_LIMIT_SECONDS:.0f} s together",
        ]
        if self.desk_refusals:
            lines.append(f"{self.desk_refusals} clicks of agents were refused")
        if self.late_ticks:
            lines.append(f"the lab itself was late {self.late_ticks} times; some silence may be its own")
        return "\n".join(lines)

    def _percent(self, count: int) -> float:
        return 100 * count / self.calls if self.calls else 0.0

    def _outcomes(self) -> list[tuple[str, int]]:
        return [
            ("reached an agent", self.talked),
            ("gave up waiting", self.gave_up),
            ("were turned away", self.turned_away),
            ("were refused", self.refused),
            ("failed", self.failed),
        ]


def tally_of(callers: Sequence[RobotCaller], agents: Sequence[RobotAgent], ticks: TickStatistics) -> Tally:
    """Count."""
    outcomes = [caller.outcome for caller in callers]
    waits = [caller.waited for caller in callers if caller.outcome is Outcome.TALKED]
    silences = [caller.call.hearing.longest_silence() for caller in callers]
    return Tally(
        calls=len(callers),
        under_way=sum(not caller.done for caller in callers),
        talked=outcomes.count(Outcome.TALKED),
        gave_up=outcomes.count(Outcome.GAVE_UP),
        turned_away=outcomes.count(Outcome.TURNED_AWAY),
        refused=outcomes.count(Outcome.REFUSED),
        failed=outcomes.count(Outcome.FAILED),
        average_wait=round(sum(waits) / len(waits), 2) if waits else 0.0,
        longest_wait=round(max(waits, default=0.0), 2),
        worst_silence=max(silences, default=0.0),
        callers_in_silence=sum(silence > SILENCE_LIMIT_SECONDS for silence in silences),
        offers=sum(agent.offered for agent in agents),
        offers_answered=sum(agent.answered for agent in agents),
        offers_missed=sum(agent.missed for agent in agents),
        agents=len(agents),
        agents_talking=sum(agent.talking for agent in agents),
        desk_refusals=sum(agent.refusals for agent in agents),
        late_ticks=ticks.late + ticks.skipped,
    )
