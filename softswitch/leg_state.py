"""What a leg can be doing: FreeSWITCH's channel states and call states, and the steps between them as a table.

Source: switch_types.h and `switch_channel_perform_set_state` in switch_channel.c (1.10.12).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class State(IntEnum):
    """The number is `Channel-State-Number`."""

    CS_NEW = 0
    CS_INIT = 1
    CS_ROUTING = 2
    CS_SOFT_EXECUTE = 3
    CS_EXECUTE = 4
    CS_EXCHANGE_MEDIA = 5
    CS_PARK = 6
    CS_CONSUME_MEDIA = 7
    CS_HIBERNATE = 8
    CS_RESET = 9
    CS_HANGUP = 10
    CS_REPORTING = 11
    CS_DESTROY = 12


class CallState(StrEnum):
    DOWN = "DOWN"
    DIALING = "DIALING"
    RINGING = "RINGING"
    EARLY = "EARLY"
    ACTIVE = "ACTIVE"
    HELD = "HELD"
    RING_WAIT = "RING_WAIT"
    HANGUP = "HANGUP"
    UNHELD = "UNHELD"


_LIVE = frozenset(
    {
        State.CS_ROUTING,
        State.CS_SOFT_EXECUTE,
        State.CS_EXECUTE,
        State.CS_EXCHANGE_MEDIA,
        State.CS_PARK,
        State.CS_CONSUME_MEDIA,
        State.CS_HIBERNATE,
        State.CS_RESET,
        State.CS_HANGUP,
    }
)

TRANSITIONS: dict[State, frozenset[State]] = {
    State.CS_NEW: _LIVE | {State.CS_INIT},
    State.CS_INIT: _LIVE,
    **{state: _LIVE - {state} for state in _LIVE - {State.CS_HANGUP}},
    State.CS_HANGUP: frozenset({State.CS_REPORTING, State.CS_DESTROY}),
    State.CS_REPORTING: frozenset({State.CS_DESTROY}),
    State.CS_DESTROY: frozenset(),
}


class IllegalTransition(Exception):
    """A step that the table lacks: a defect, never a caller's doing."""

    def __init__(self, before: State, after: State) -> None:
        super().__init__(f"a leg in {before.name} cannot go to {after.name}")
        self.before = before
        self.after = after


def check_transition(before: State, after: State) -> None:
    if after not in TRANSITIONS[before]:
        raise IllegalTransition(before, after)
