"""The dialplan: what happens to a caller, step by step. It says what is next; services carry it out.

A flow is a list of steps. A caller enters the flow of the number that was dialled, at its first step. `advance` takes
the caller's position and what came of the last step, and names the next action. There is no waiting in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from cxcore.domain.contact import FlowPosition
from cxcore.domain.errors import NotFound
from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
KEYS: tuple[Key, ...] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#")

LONGEST_WALK = 100
"""Steps without a word from the caller; more means a loop, which `cx check` refuses beforehand."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the call."""


@dataclass(frozen=True, slots=True)
class Say:
    """Play a prompt to its end."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Menu:
    """Ask for one key. A wrong key or none is asked again until `attempts` are used up, then `otherwise` follows."""

    prompt: str
    choices: Mapping[Key, str]
    """Key → the flow it leads to."""
    otherwise: str
    """The flow after the last attempt."""
    attempts: int = 2
    timeout_seconds: float = 5.0
    wrong_key: str | None = None
    """Prompt before the question is asked again after a key that is no choice."""


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Let the caller wait in a queue; the flow ends here."""

    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class CallBack:
    """Offer to call the caller back in turn, and end the call; a caller who cannot be called back goes on."""

    queue_id: QueueId


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Let the caller speak a message of at most `seconds`, which waits in the queue as a contact of its own.

    Any key ends it, and the flow goes on. Messages stand in line by `priority`, as callers do by theirs; below 0 they
    come after the callers of the queue.
    """

    queue_id: QueueId
    greeting: str = "voicemail"
    seconds: int = 120
    priority: int = -1


@dataclass(frozen=True, slots=True)
class Transfer:
    """Connect the caller with the first of these SIP addresses or phone numbers that answers; a ring group [9].

    They ring for `ring_seconds`, all `together` or one after another; without an answer the flow goes on.
    """

    destinations: tuple[str, ...]
    ring_seconds: int = 30
    together: bool = True
    caller_number: str = ""
    """What they see; empty for the number of the contact's queue or of the site [9]."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go on in another flow."""

    flow: str


@dataclass(frozen=True, slots=True)
class Close:
    """End the call."""


Step = Answer | Say | Menu | Enqueue | Transfer | GoTo | Close | CallBack | Voicemail


@dataclass(frozen=True, slots=True)
class Dialplan:
    """Numbers and flows. The reader has checked that every name leads somewhere."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    """Dialled number → flow."""
    flows: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    def entry(self, dialled_number: str) -> FlowPosition | None:
        """Where a caller of this number starts; None for a number that is not ours."""
        flow = self.numbers.get(dialled_number)
        return None if flow is None else FlowPosition(flow)

    def step(self, position: FlowPosition) -> Step:
        """The step at a position; past the end of a flow the call is closed."""
        try:
            steps = self.flows[position.flow]
        except KeyError:
            raise NotFound("flow", position.flow) from None
        return steps[position.index] if position.index < len(steps) else Close()


@dataclass(frozen=True, slots=True)
class Next:
    """The action that is due, and where the caller then stands. `wrong_key` is said before a menu is asked again."""

    position: FlowPosition
    step: Step
    wrong_key: str | None = None


def begin(dialplan: Dialplan, position: FlowPosition) -> Next:
    """The first action at a position, following `GoTo` steps."""
    for _ in range(LONGEST_WALK):
        step = dialplan.step(position)
        if not isinstance(step, GoTo):
            return Next(position, step)
        position = FlowPosition(step.flow)
    return Next(position, Close())


def after_step(dialplan: Dialplan, position: FlowPosition) -> Next:
    """The action after a step that is done."""
    return begin(dialplan, FlowPosition(position.flow, position.index + 1))


def after_key(dialplan: Dialplan, position: FlowPosition, key: str) -> Next:
    """The action after a menu was answered with a key, or with none (`""`)."""
    menu = dialplan.step(position)
    if not isinstance(menu, Menu):
        return after_step(dialplan, position)
    flow = next((flow for choice, flow in menu.choices.items() if choice == key), None)
    if flow is not None:
        return begin(dialplan, FlowPosition(flow))
    if position.attempt + 1 >= menu.attempts:
        return begin(dialplan, FlowPosition(menu.otherwise))
    again = FlowPosition(position.flow, position.index, position.attempt + 1)
    return Next(again, menu, wrong_key=menu.wrong_key if key else None)
