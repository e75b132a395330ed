"""Lists of callers: who is turned away with a message, goes to another flow, or waits in front.

A list may also name the numbers that callers dialled first, before their calls were forwarded to us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field

from cxcore.domain.numbers import EMERGENCY_NUMBERS
from cxcore.domain.records import dataclass

STAR = "*"


@dataclass(frozen=True, slots=True)
class CallerList:
    """Numbers of callers, or beginnings of them with a star at the end, and what becomes of those callers."""

    name: str
    numbers: frozenset[str] = field(default_factory=frozenset)
    hidden: bool = False
    """Callers who hide their number are on it too."""
    forwarded_from: frozenset[str] = field(default_factory=frozenset)
    """Numbers, or beginnings of them, for which a call may have been forwarded to us."""
    block: str | None = None
    """The prompt that they hear before the call ends; the message is what makes them blocked."""
    flow: str | None = None
    """Where they go instead of the flow of the number they dialled."""
    priority: int = 0

    @property
    def block_flow(self) -> str:
        """The name of the flow that turns them away; no flow of a site can have it."""
        return f"callers:{self.name}"

    @property
    def leads_to(self) -> str | None:
        """The flow that they enter; None: that of the number they dialled."""
        return self.flow if self.block is None else self.block_flow


def list_of(
    lists: Sequence[CallerList], caller_number: str | None, forwarded_from: str | None = None
) -> CallerList | None:
    """The list that a caller stands on: the one with the longest entry that fits; None for most callers. For which
    number the call was forwarded counts before who calls, but for those who are turned away and for 112."""
    if not lists:
        return None
    by_caller = _by_caller(lists, caller_number)
    turned_away = by_caller is not None and by_caller.block is not None
    if turned_away or not forwarded_from or caller_number in EMERGENCY_NUMBERS:
        return by_caller
    return _longest(lists, forwarded_from, lambda each: each.forwarded_from) or by_caller


def _by_caller(lists: Sequence[CallerList], caller_number: str | None) -> CallerList | None:
    if not caller_number:
        return next((each for each in lists if each.hidden), None)
    return _longest(lists, caller_number, lambda each: each.numbers)


def _longest(
    lists: Sequence[CallerList], number: str, named: Callable[[CallerList], frozenset[str]]
) -> CallerList | None:
    for entry in entries_for(number):
        for each in lists:
            if entry in named(each):
                return each
    return None


def entries_for(caller_number: str) -> Iterable[str]:
    """What may stand on a list for this caller, the most exact first."""
    yield caller_number
    for length in range(len(caller_number), 0, -1):
        yield caller_number[:length] + STAR
