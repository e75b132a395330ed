"""Transfer and consultation (ruggespraak): who is connected with whom at each step, as a table.

A consultation belongs to one contact: its *caller* (the customer, whoever dialled), its *agent*, and a *target*, which
is whom the agent consults. A blind transfer is a consultation whose agent has let go before the target answered. In no
step is the caller alone: each end leaves the caller with the agent, with the target, or in front of the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from cxcore.domain.errors import NotAllowed
from cxcore.domain.leg import LegId
from cxcore.domain.records import dataclass


class TargetKind(StrEnum):
    """What a contact is passed on to. Phone book entries and employees are numbers with a name."""

    AGENT = "agent"
    QUEUE = "queue"
    NUMBER = "number"
    PHONE_BOOK = "phone-book"
    EMPLOYEE = "employee"


class ConsultationState(StrEnum):
    """Where a consultation stands."""

    RINGING = "ringing"
    """The target's phone rings; the agent hears that it does, the caller hold music."""
    WITH_TARGET = "with-target"
    """Agent and target talk; the caller hears hold music."""
    WITH_CALLER = "with-caller"
    """Agent and caller talk; the target hears hold music."""
    TOGETHER = "together"
    """All three hear each other."""
    PASSING = "passing"
    """The agent has let go; the target's phone rings, the caller hears hold music."""
    PARKED = "parked"
    """The agent has let go; nobody's phone rings, the caller hears hold music until the colleague picks up."""


class ConsultationEvent(StrEnum):
    """What the people do, or what happens to them."""

    TARGET_ANSWERED = "target-answered"
    TARGET_LEFT = "target-left"
    """Busy, no answer, out of reach, or hung up."""
    AGENT_LEFT = "agent-left"
    CALLER_LEFT = "caller-left"
    TAKE_BACK = "take-back"
    SWAP = "swap"
    JOIN = "join"
    COMPLETE = "complete"


class Turn(StrEnum):
    """What is to be done: go on in a state, or end."""

    TALK_TO_TARGET = "talk-to-target"
    TALK_TO_CALLER = "talk-to-caller"
    TALK_TOGETHER = "talk-together"
    LET_GO = "let-go"
    END_WITH_AGENT = "end-with-agent"
    END_WITH_TARGET = "end-with-target"
    END_IN_QUEUE = "end-in-queue"
    END_FOR_ALL = "end-for-all"


LET_GO = frozenset({ConsultationState.PASSING, ConsultationState.PARKED})
"""The agent is done with the contact, and hears how it ended."""

S, E, T = ConsultationState, ConsultationEvent, Turn

IN_TALK: Mapping[ConsultationEvent, Turn] = {
    E.TARGET_LEFT: T.END_WITH_AGENT,
    E.AGENT_LEFT: T.END_WITH_TARGET,
    E.CALLER_LEFT: T.END_FOR_ALL,
    E.TAKE_BACK: T.END_WITH_AGENT,
    E.COMPLETE: T.END_WITH_TARGET,
}
"""In all states in which the target has answered."""

TURNS: Mapping[ConsultationState, Mapping[ConsultationEvent, Turn]] = {
    S.RINGING: {
        E.TARGET_ANSWERED: T.TALK_TO_TARGET,
        E.TARGET_LEFT: T.END_WITH_AGENT,
        E.AGENT_LEFT: T.LET_GO,
        E.CALLER_LEFT: T.END_FOR_ALL,
        E.TAKE_BACK: T.END_WITH_AGENT,
        E.COMPLETE: T.LET_GO,
    },
    S.WITH_TARGET: {**IN_TALK, E.SWAP: T.TALK_TO_CALLER, E.JOIN: T.TALK_TOGETHER},
    S.WITH_CALLER: {**IN_TALK, E.SWAP: T.TALK_TO_TARGET, E.JOIN: T.TALK_TOGETHER},
    S.TOGETHER: {**IN_TALK, E.SWAP: T.TALK_TO_TARGET},
    S.PASSING: {
        E.TARGET_ANSWERED: T.END_WITH_TARGET,
        E.TARGET_LEFT: T.END_IN_QUEUE,
        E.CALLER_LEFT: T.END_FOR_ALL,
    },
    S.PARKED: {E.TARGET_LEFT: T.END_IN_QUEUE, E.CALLER_LEFT: T.END_FOR_ALL},
}
"""What each event leads to. One that a state lacks is refused."""

STATE_AFTER: Mapping[Turn, ConsultationState] = {
    T.TALK_TO_TARGET: S.WITH_TARGET,
    T.TALK_TO_CALLER: S.WITH_CALLER,
    T.TALK_TOGETHER: S.TOGETHER,
    T.LET_GO: S.PASSING,
}
"""The turns that do not end the consultation, with where it stands then."""


def turn(state: ConsultationState, event: ConsultationEvent) -> Turn:
    """What is to be done; raises `NotAllowed` for an event that the state lacks."""
    try:
        return TURNS[state][event]
    except KeyError:
        raise NotAllowed("not-in-this-step", f"{event} is not possible while the consultation is {state}") from None


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a contact is passed on to. Several destinations are a ring group: the first to answer has it."""

    kind: TargetKind
    key: str
    """The agent, queue, number or phone book entry."""
    name: str
    """As it is shown."""
    destinations: tuple[str, ...]
    """SIP addresses or phone numbers."""
    agent_id: str | None = None
    """The agent whose device it is, if any."""


@dataclass(slots=True)
class Consultation:
    """A running consultation or transfer. Instants are aware UTC."""

    target: Target
    agent_id: str
    """Who began it, and who has the caller unless the state is PASSING."""
    since: datetime
    state: ConsultationState = ConsultationState.RINGING
    target_leg: LegId | None = None
    """The leg of the target that answered."""
    ringing: set[LegId] = field(default_factory=set)
    """The legs that were dialled and have not answered."""
    asked_for: tuple[str, ...] = ()
    """Agents of the consulted queue who were rung in vain."""

    @property
    def legs(self) -> set[LegId]:
        """All legs of the target."""
        return self.ringing | ({self.target_leg} if self.target_leg else set())
