"""A recorded day beside its replays: as a table, as JSON, and in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from itertools import zip_longest
from typing import Any

from cxcore.domain.queue import QueueId
from cxcore.simulation.figures import Figures

LITTLE_SECONDS, LITTLE_WAIT, LITTLE_LOSS = 1.0, 0.05, 0.01
"""Mean waits that differ by less than a second or this share, and losses by less than this share of those offered, are
called the same: other draws of what was not recorded differ as much."""

ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("offered", lambda figures: str(figures.offered)),
    ("answered", lambda figures: str(figures.answered)),
    ("abandoned", lambda figures: str(figures.abandoned)),
    ("moved on after the maximum wait", lambda figures: str(figures.moved)),
    ("not served", lambda figures: str(figures.unserved)),
    ("left within 5 s, not counted", lambda figures: str(figures.quick_drops)),
    ("mean wait of the answered", lambda figures: _seconds(figures.mean_wait)),
    ("90 % of them waited at most", lambda figures: _seconds(figures.p90_wait)),
    ("longest wait", lambda figures: _seconds(figures.longest_wait)),
    ("answered within the target", lambda figures: _percent(figures.service_level)),
    ("occupancy of the agents", lambda figures: _percent(figures.occupancy)),
    ("contacts per agent, fewest to most", lambda figures: _spread(figures)),
    ("  standard deviation", lambda figures: _number(figures.handled_deviation)),
)
SELDOM = ("moved on after the maximum wait", "not served", "left within 5 s, not counted")
"""Rows that are left out when they are all zero."""


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _spread(figures: Figures) -> str:
    return f"{figures.handled[0]}–{figures.handled[-1]}" if figures.handled else "–"


def table(columns: Sequence[Figures]) -> str:
    """The figures side by side, a column for each."""
    lines = [("", *(figures.name for figures in columns))]
    for name, shown in ROWS:
        cells = tuple(shown(figures) for figures in columns)
        if name not in SELDOM or set(cells) != {"0"}:
            lines.append((name, *cells))
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()


def conclusion(recorded: Figures, replays: Sequence[Figures], target: float = 0.8) -> str:
    """What a supervisor should take from it, in one sentence. `target` is the share to be answered in time."""
    best = min(replays, key=_merit)
    if len(replays) == 1:
        return f"With {_called(best)} {_compared(recorded, best)}."
    if len({len(figures.handled) for figures in replays}) > 1:
        return _of_staffing(recorded, replays, target)
    evenest = min(replays, key=lambda figures: figures.handled_deviation or 0.0)
    even = f"{evenest.name} spreads the work most evenly, {_spread(evenest)} contacts an agent"
    if all(_alike(each, best) for each in replays):
        return f"Callers would notice little difference; {even}."
    if evenest is best:
        return f"Best is {best.name}: {_compared(recorded, best)}, and it spreads the work most evenly."
    return f"Best for callers is {best.name}: {_compared(recorded, best)}; {even}."


def _of_staffing(recorded: Figures, replays: Sequence[Figures], target: float) -> str:
    """More agents are always better for callers; the question is how few are enough."""
    enough = [figures for figures in replays if (figures.service_level or 0.0) >= target]
    if not enough:
        best = min(replays, key=_merit)
        return f"None of these answers {100 * target:.0f} % in time; with {best.name} {_compared(recorded, best)}."
    fewest = min(enough, key=lambda figures: (len(figures.handled), _merit(figures)))
    verb = "is" if len(fewest.handled) == 1 else "are"
    return f"{fewest.name} {verb} enough to answer {100 * target:.0f} % in time; {_compared(recorded, fewest)}."


def _called(figures: Figures) -> str:
    return "everything as configured now" if figures.name == "replayed" else figures.name


def _merit(figures: Figures) -> tuple[float, ...]:
    return (_lost(figures), figures.mean_wait or 0.0)


def _lost(figures: Figures) -> int:
    return figures.abandoned + figures.unserved + figures.moved


def _alike(one: Figures, other: Figures) -> bool:
    wait, other_wait = one.mean_wait or 0.0, other.mean_wait or 0.0
    loss = abs(_lost(one) - _lost(other))
    return abs(wait - other_wait) < max(LITTLE_SECONDS, LITTLE_WAIT * wait) and loss <= LITTLE_LOSS * one.offered


def _compared(recorded: Figures, figures: Figures) -> str:
    mean, before = _seconds(figures.mean_wait), _seconds(recorded.mean_wait)
    wait = f"callers would have waited {mean} on average instead of {before}"
    more = figures.abandoned - recorded.abandoned
    if more == 0:
        return f"{wait}, and as many would have given up"
    return f"{wait}, and {abs(more)} {'more' if more > 0 else 'fewer'} would have given up"


def as_json(
    day: date, queue_ids: Sequence[QueueId], recorded: Figures, replays: Sequence[Figures], target: float
) -> str:
    """The same for programs; waits in seconds, shares from 0 to 1."""
    document: dict[str, Any] = {
        "day": day.isoformat(),
        "queues": list(queue_ids),
        "recorded": _plain(recorded),
        "replays": [_plain(figures) for figures in replays],
        "conclusion": conclusion(recorded, replays, target),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _plain(figures: Figures) -> dict[str, Any]:
    return {**asdict(figures), "handled_deviation": figures.handled_deviation}
