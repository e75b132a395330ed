"""The dialplan: what happens to a caller, step by step. It says what is next; services carry it out.

A flow is a list of steps. A caller enters the flow of the number that was dialled, at its first step. `begin`,
`after_step` and `after_key` take the caller's position, the moment, and what came of the last step, and name the next
action with the reasons that led to it. There is no waiting in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal

from cxcore.domain.caller_lists import CallerList, list_of
from cxcore.domain.conditions import ALWAYS, Condition, Moment, Reason, Rule, why_not
from cxcore.domain.contact import FlowPosition
from cxcore.domain.errors import NotFound
from cxcore.domain.numbers import NumberRange, short_form
from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass
from cxcore.domain.schedule import DayKind, Schedule

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
KEYS: tuple[Key, ...] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#")

LONGEST_WALK = 100
"""Steps without a word from the caller; more means a loop, which `cx check` refuses beforehand."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the call."""


@dataclass(frozen=True, slots=True)
class Say:
    """Play a prompt to its end; left out while its condition does not hold [47c, 88b]."""

    prompt: str
    condition: Condition = ALWAYS


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
    no_key: str | None = None
    """Prompt before the question is asked again after no key at all."""
    conditions: Mapping[Key, Condition] = field(default_factory=dict)
    """When a choice is offered; one without a condition is offered always. A choice that is not offered is no key."""
    choice_prompts: Mapping[Key, str] = field(default_factory=dict)
    """What is said of a choice after the menu's prompt, while it is offered."""


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
    otherwise: str | None = None
    """The flow when nobody answers; None: this flow goes on."""
    voicebot: str = ""
    """The name of the voicebot that the destination is, if it is one."""


@dataclass(frozen=True, slots=True)
class When:
    """Go on in another flow by a timetable; where it names none, this flow goes on."""

    timetable: str
    open: str | None = None
    closed: str | None = None
    holiday: str | None = None
    """On a holiday of the timetable; without it `closed` counts."""


@dataclass(frozen=True, slots=True)
class Language:
    """Prompts that follow are those of this language, where it has them: `en`."""

    language: str


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go on in another flow."""

    flow: str


@dataclass(frozen=True, slots=True)
class Close:
    """End the call."""


@dataclass(frozen=True, slots=True)
class ServiceDialogue:
    """Lead the caller through the dialogue of the service number (`domain.service_line`)."""


Waiting = Enqueue | CallBack | Voicemail
Leading = GoTo | When | Language
Step = Answer | Say | Menu | Waiting | Transfer | Leading | ServiceDialogue | Close
PLAIN_STEPS = frozenset({Answer, Enqueue, CallBack, Voicemail, Transfer, ServiceDialogue, Close})
"""Those that are always an action, with nothing to say."""
NUMBER = Rule.NUMBER
"""Asked for each caller; a name of the module costs a tenth of a member of an enumeration."""

SERVICE_FLOW = "dienstnummer "
"""The flow of the service number; no flow of a configuration holds a space."""


DAY_FLOW = "dagtekst "
"""How the flows with the text of a day begin (`domain.day_texts`)."""


def day_flow(text: str, flow: str) -> str:
    """The name of a flow with the text of a day in place of its first message."""
    return f"{DAY_FLOW}{text} {flow}"


def is_of_day(flow: str) -> bool:
    """Whether a flow is one with the text of a day."""
    return flow.startswith(DAY_FLOW)


def usual_flow(flow: str) -> str:
    """The flow that one with the text of a day stands for; any other as it is."""
    return flow.split(" ", 2)[2] if is_of_day(flow) else flow


@dataclass(frozen=True, slots=True)
class NumberLabel:
    """How administrators call a number, and what kind it is: general, group, direct or short."""

    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Dialplan:
    """Numbers and flows. The reader has checked that every name leads somewhere."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    """Dialled number → flow."""
    flows: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    heard_first: Mapping[str, str] = field(default_factory=dict)
    """Dialled number, range as it is written, or queue → the flow of the emergency message that goes before it
    (`domain.emergency`)."""
    ranges: tuple[NumberRange, ...] = ()
    """Numbers from … to, each with a flow; a number that stands in `numbers` counts before them."""
    timetables: Mapping[str, Schedule] = field(default_factory=dict)
    caller_lists: tuple[CallerList, ...] = ()
    labels: Mapping[str, NumberLabel] = field(default_factory=dict)
    """A number, or a range as it is written → its label."""
    service_number: str = ""
    """Whoever dials it comes to `SERVICE_FLOW`, past every emergency message; empty: there is none."""

    def entry(self, dialled_number: str) -> FlowPosition | None:
        """Where a caller of this number starts; None for a number that is not ours."""
        if self.is_service_number(dialled_number):
            return FlowPosition(SERVICE_FLOW)
        key = self.key_of(dialled_number)
        return None if key is None else self._entry_of(key)

    def _entry_of(self, key: str) -> FlowPosition:
        return FlowPosition(self.heard_first.get(key) or self.numbers.get(key) or self._flow_of_range(key))

    def _flow_of_range(self, written: str) -> str:
        return next(each.flow for each in self.ranges if each.written == written)

    def is_service_number(self, dialled_number: str) -> bool:
        """Whether this is the number by which messages are managed."""
        return bool(self.service_number) and dialled_number == self.service_number

    def key_of(self, dialled_number: str) -> str | None:
        """What stands in the dialplan for a number that was dialled: the number, its short form or a range of it."""
        if self.is_service_number(dialled_number):
            return None
        if dialled_number in self.numbers:
            return dialled_number
        short = short_form(dialled_number)
        return short if short in self.numbers else self._range_of(dialled_number)

    def _range_of(self, dialled_number: str) -> str | None:
        return next((each.written for each in self.ranges if each.holds(dialled_number)), None)

    def step(self, position: FlowPosition) -> Step:
        """The step at a position; past the end of a flow the call is closed."""
        steps = self.steps_of(position.flow)
        if steps is None:
            raise NotFound("flow", position.flow)
        return steps[position.index] if position.index < len(steps) else Close()

    def steps_of(self, flow: str) -> tuple[Step, ...] | None:
        """The steps of a flow, also of one that turns the callers on a list away; None when there is no such flow."""
        steps = self.flows.get(flow)
        if steps is not None:
            return steps
        if flow == SERVICE_FLOW:
            return Answer(), ServiceDialogue(), Close()
        return self._steps_of_list(flow)

    def _steps_of_list(self, flow: str) -> tuple[Step, ...] | None:
        turned_away = next((each for each in self.caller_lists if each.block_flow == flow), None)
        return None if turned_away is None else (Answer(), Say(turned_away.block or ""), Close())

    @property
    def entrances(self) -> dict[str, str]:
        """Numbers, and ranges as they are written → flow."""
        return {**{each.written: each.flow for each in self.ranges}, **self.numbers}

    @property
    def all_flows(self) -> dict[str, tuple[Step, ...]]:
        """The flows, and those that turn callers away."""
        names = (each.block_flow for each in self.caller_lists if each.block is not None)
        return {**{name: self.steps_of(name) or () for name in names}, **self.flows}

    def flow_of_day(self, text: str, flow: str) -> str:
        """The flow for closed hours with the text of a day in place of its first message; the usual one where that was
        not made."""
        own = day_flow(text, flow)
        return own if own in self.flows else flow

    def choices_at(self, menu: Menu, moment: Moment) -> tuple[Key, ...]:
        """The keys that a menu offers at a moment, in its order."""
        return tuple(key for key in menu.choices if self.why_not_offered(menu, key, moment) is None)

    def why_not_offered(self, menu: Menu, key: Key, moment: Moment) -> Reason | None:
        """Why a menu does not offer this choice of its own at a moment; None when it does."""
        condition = menu.conditions.get(key)
        return None if condition is None else why_not(condition, self.timetables, moment)


def conditions_in(dialplan: Dialplan) -> Iterator[Condition]:
    """Those of messages and of choices."""
    for step in (step for steps in dialplan.flows.values() for step in steps):
        if isinstance(step, Say):
            yield step.condition
        elif isinstance(step, Menu):
            yield from step.conditions.values()


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that led on without a word to the caller, and why."""

    position: FlowPosition
    reason: Reason
    step: Step | None = None
    """None for what comes before the first step: the number and the lists of callers."""
    flow: str | None = None
    """The flow that it led to; None: it led to the next step."""


@dataclass(frozen=True, slots=True)
class Next:
    """The action that is due, and where the caller then stands."""

    position: FlowPosition
    step: Step
    prompts: tuple[str, ...] = ()
    """What is said: for a message its prompt, for a menu what comes before it, its own prompt and its choices'."""
    language: str | None = None
    """The language that was chosen on the way; None: as it was."""
    passed: tuple[Passed, ...] = ()
    """What led there since the last action."""


def arrival(
    dialplan: Dialplan,
    dialled_number: str,
    caller_number: str | None,
    moment: Moment,
    forwarded_from: str | None = None,
) -> Next | None:
    """The first action for a caller of a number of ours, by the lists of callers and the number; None for others."""
    entry = dialplan.entry(dialled_number)
    if entry is None:
        return None
    if dialplan.caller_lists:
        heard_first = (dialplan.key_of(dialled_number) or "") in dialplan.heard_first
        only_blocked = heard_first or dialplan.is_service_number(dialled_number)
        listed = by_list(dialplan, caller_number, moment, only_blocked, forwarded_from)
        if listed is not None:
            return listed
    number = Passed(entry, Reason(NUMBER, dialled_number), flow=entry.flow)
    return _begin(dialplan, entry, moment, passed=(number,))


def by_list(
    dialplan: Dialplan,
    caller_number: str | None,
    moment: Moment,
    only_blocked: bool = False,
    forwarded_from: str | None = None,
) -> Next | None:
    """The first action for a caller whom a list turns away or sends elsewhere; None for others. An emergency message
    comes before the other flow: then a list only turns away."""
    listed = list_of(dialplan.caller_lists, caller_number, forwarded_from)
    flow = None if listed is None else listed.leads_to
    if listed is None or flow is None or (only_blocked and listed.block is None):
        return None
    entry = FlowPosition(flow)
    sent_on = Passed(entry, Reason(Rule.CALLERS, listed.name), flow=flow)
    return _begin(dialplan, entry, moment, passed=(sent_on,))


def begin(dialplan: Dialplan, position: FlowPosition, moment: Moment) -> Next:
    """The first action at a position, past steps that only lead on."""
    return _begin(dialplan, position, moment)


def _begin(
    dialplan: Dialplan,
    position: FlowPosition,
    moment: Moment,
    before: str | None = None,
    passed: tuple[Passed, ...] = (),
) -> Next:
    language: str | None = None
    for _ in range(LONGEST_WALK):
        step = dialplan.step(position)
        if type(step) in PLAIN_STEPS:
            return Next(position, step, (), language, passed)
        led_on = _pass(dialplan, position, step, moment)
        if led_on is None:
            return Next(position, step, _prompts(dialplan, step, moment, before), language, passed)
        passed = (*passed, led_on)
        language = step.language if isinstance(step, Language) else language
        position = FlowPosition(led_on.flow) if led_on.flow else FlowPosition(position.flow, position.index + 1)
    return Next(position, Close(), (), language, passed)


def _pass(dialplan: Dialplan, position: FlowPosition, step: Step, moment: Moment) -> Passed | None:
    """How a step leads on without a word to the caller; None when it is an action."""
    match step:
        case GoTo(flow):
            return Passed(position, Reason(Rule.GOTO, flow), step, flow)
        case Language(language):
            return Passed(position, Reason(Rule.LANGUAGE, language), step)
        case When():
            return _decide(dialplan, position, step, moment)
        case Say():
            reason = why_not(step.condition, dialplan.timetables, moment)
            return None if reason is None else Passed(position, reason, step)
        case Menu() if not dialplan.choices_at(step, moment):
            return Passed(position, Reason(Rule.NO_CHOICE), step, step.otherwise)
        case _:
            return None


def _decide(dialplan: Dialplan, position: FlowPosition, step: When, moment: Moment) -> Passed:
    opening = dialplan.timetables[step.timetable].opening(moment.now)
    flow = step.open if opening.open else step.closed
    if step.holiday is not None and opening.hours.kind is DayKind.HOLIDAY:
        flow = step.holiday
    if flow is not None and not opening.open and opening.hours.text:
        flow = dialplan.flow_of_day(opening.hours.text, flow)
    return Passed(position, Reason(Rule.TIMETABLE, step.timetable, opening), step, flow)


def _prompts(dialplan: Dialplan, step: Step, moment: Moment, before: str | None) -> tuple[str, ...]:
    if isinstance(step, Say):
        return (step.prompt,)
    if not isinstance(step, Menu):
        return ()
    offered = dialplan.choices_at(step, moment)
    choices = [step.choice_prompts[key] for key in offered if key in step.choice_prompts]
    return (*([before] if before else []), step.prompt, *choices)


def after_step(dialplan: Dialplan, position: FlowPosition, moment: Moment) -> Next:
    """The action after a step that is done."""
    return begin(dialplan, FlowPosition(position.flow, position.index + 1), moment)


def after_transfer(dialplan: Dialplan, position: FlowPosition, moment: Moment) -> Next:
    """The action after a transfer that nobody answered."""
    step = dialplan.step(position)
    flow = step.otherwise if isinstance(step, Transfer) else None
    return after_step(dialplan, position, moment) if flow is None else begin(dialplan, FlowPosition(flow), moment)


def after_key(dialplan: Dialplan, position: FlowPosition, key: str, moment: Moment) -> Next:
    """The action after a menu was answered with a key, or with none (`""`)."""
    menu = dialplan.step(position)
    if not isinstance(menu, Menu):
        return after_step(dialplan, position, moment)
    chosen = next((choice for choice in dialplan.choices_at(menu, moment) if choice == key), None)
    if chosen is not None:
        return begin(dialplan, FlowPosition(menu.choices[chosen]), moment)
    if position.attempt + 1 >= menu.attempts:
        return begin(dialplan, FlowPosition(menu.otherwise), moment)
    again = FlowPosition(position.flow, position.index, position.attempt + 1)
    return _begin(dialplan, again, moment, menu.wrong_key if key else menu.no_key)
