"""Reads the steps of a flow."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cxcore.dialplan.addresses import is_sip_address
from cxcore.dialplan.conditions import CONDITION_KEYS, read_condition
from cxcore.dialplan.findings import Findings, Place
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section, entries, items, name, nearest, one_of, shown, text
from cxcore.dialplan.numbers import read_shown_number
from cxcore.domain.conditions import ALWAYS, Condition
from cxcore.domain.dialplan import (
    KEYS,
    Answer,
    CallBack,
    Close,
    Enqueue,
    GoTo,
    Key,
    Language,
    Menu,
    Say,
    Step,
    Transfer,
    Voicemail,
    When,
)
from cxcore.domain.numbers import EMERGENCY_NUMBERS, is_number, normalised
from cxcore.domain.queue import QueueId

MENU_KEYS = ("prompt", "choices", "otherwise", "attempts", "timeout_seconds", "wrong_key", "no_key")
CHOICE_KEYS = ("flow", "prompt", *CONDITION_KEYS)
SAY_KEYS = ("prompt", *CONDITION_KEYS)
WHEN_KEYS = ("timetable", "open", "closed", "holiday")
VOICEMAIL_KEYS = ("queue", "greeting", "seconds", "priority")
TRANSFER_KEYS = ("to", "user", "ring_seconds", "together", "caller_number", "otherwise")
ATTEMPTS = Limits(1, 9)
MENU_TIMEOUT = Limits(1, 60)
TRANSFER_RING = Limits(1, 300)
MESSAGE_SECONDS = Limits(10, 600)
MESSAGE_PRIORITY = Limits(-9, 99)

_LOST_KEY = re.compile(r"\s*#\s*:\s*\S")
_BARE_STEPS: Mapping[str, Step] = {"answer": Answer(), "close": Close()}
_EXAMPLES = {
    "answer": "`- answer`",
    "say": "`- say: PROMPT`",
    "menu": "`- menu: {prompt: PROMPT, choices: {1: FLOW}, otherwise: FLOW}`",
    "queue": "`- queue: QUEUE`",
    "transfer": '`- transfer: "+31…"`',
    "goto": "`- goto: FLOW`",
    "close": "`- close`",
    "callback": "`- callback: QUEUE`",
    "voicemail": "`- voicemail: QUEUE`",
    "when": "`- when: {timetable: TIMETABLE, open: FLOW, closed: FLOW}`",
    "language": "`- language: en`",
    "voicebot": "`- voicebot: VOICEBOT`",
}
_DESTINATIONS = 'a number ("+31715550100") or an address ("sip:anna@192.0.2.7:5060")'
STEP_NAMES = tuple(_EXAMPLES)


def read_flows(names: Names, node: Node | None) -> dict[str, tuple[Step, ...]]:
    """The flows, by name. A step that cannot be read is taken for `Close`."""
    if node is None:
        return {}
    found = entries(names.findings, node, "`flows`", "flows: a name, a colon, and under it a list of steps")
    flows: dict[str, tuple[Step, ...]] = {}
    for entry in found:
        flow = name(names.findings, entry.key, "the name of a flow") or entry.name
        names.define(Kind.FLOW, flow, entry.key)
        flows[flow] = _read_flow(names, flow, entry.value)
    return flows


def _read_flow(names: Names, flow: str, node: Node) -> tuple[Step, ...]:
    nodes = items(names.findings, node, f"flow {flow}", "`- say: PROMPT` and then `- close`, for instance")
    for index, item in enumerate(nodes):
        names.step_places[flow, index] = names.findings.place(item)
    steps = [_read_step(names, flow, item) for item in nodes]
    _refuse_steps_after_end(names, flow, steps)
    return tuple(step or Close() for step in steps)


def _refuse_steps_after_end(names: Names, flow: str, steps: list[Step | None]) -> None:
    for index, step in enumerate(steps[:-1]):
        if step is not None and ends_flow(step):
            place = names.step_places[flow, index + 1]
            problem = f"this step of flow {flow} is never reached: the step before it ends the flow"
            names.findings.error(place, problem, "take it out, or put it before that step")
            return


def ends_flow(step: Step) -> bool:
    """Whether no caller gets to the step after it."""
    if isinstance(step, When):
        return step.open is not None and step.closed is not None
    if isinstance(step, Transfer):
        return step.otherwise is not None
    return isinstance(step, Enqueue | GoTo | Close | Menu)


def _read_step(names: Names, flow: str, node: Node) -> Step | None:
    if isinstance(node, ScalarNode):
        return _read_bare_step(names.findings, flow, node)
    if not isinstance(node, MappingNode) or not node.value:
        names.findings.error(node, f"a step of flow {flow} is {shown(node)}", f"write one of {one_of(STEP_NAMES)}")
        return None
    found = entries(names.findings, node, f"a step of flow {flow}", "a step")
    for extra in found[1:]:
        names.findings.error(extra.key, f"`{extra.name}` stands in the step of another", "put `- ` before it")
    first = next(iter(found), None)
    if first is None or first.name not in _READERS:
        _refuse_step(names.findings, flow, first.key if first else node, first.name if first else "")
        return None
    return _READERS[first.name](names, flow, first.value)


def _read_bare_step(findings: Findings, flow: str, node: ScalarNode) -> Step | None:
    if node.value in _BARE_STEPS:
        return _BARE_STEPS[node.value]
    if node.value in _EXAMPLES:
        findings.error(node, f"the step {node.value} of flow {flow} is not complete", f"write {_EXAMPLES[node.value]}")
    else:
        _refuse_step(findings, flow, node, node.value)
    return None


def _refuse_step(findings: Findings, flow: str, node: Node, written: str) -> None:
    meant = nearest(written.partition(":")[0], STEP_NAMES)
    remedy = f"write {_EXAMPLES[meant]}" if meant else f"write one of {one_of(STEP_NAMES)}"
    findings.error(node, f"flow {flow} has no step called `{written[:60]}`", remedy)


def _read_answer(names: Names, flow: str, node: Node) -> Step | None:
    return _without_value(names, flow, node, "answer")


def _read_close(names: Names, flow: str, node: Node) -> Step | None:
    return _without_value(names, flow, node, "close")


def _without_value(names: Names, flow: str, node: Node, step: str) -> Step | None:
    names.findings.error(node, f"the step {step} of flow {flow} takes nothing after it", f"write {_EXAMPLES[step]}")
    return None


def _read_say(names: Names, flow: str, node: Node) -> Step:
    if not isinstance(node, MappingNode):
        return Say(names.refer(Kind.PROMPT, node, f"the prompt of `say` in flow {flow}"))
    section = Section(names.findings, node, f"`say` in flow {flow}", SAY_KEYS)
    prompt = section.required("prompt", "what is said: `prompt: NAME`")
    return Say(names.refer(Kind.PROMPT, prompt, section.describe("prompt")), read_condition(names, section))


def _read_queue(names: Names, flow: str, node: Node) -> Step:
    return Enqueue(QueueId(names.refer(Kind.QUEUE, node, f"the queue in flow {flow}")))


def _read_callback(names: Names, flow: str, node: Node) -> Step:
    return CallBack(QueueId(names.refer(Kind.QUEUE, node, f"the queue of `callback` in flow {flow}")))


def _read_voicemail(names: Names, flow: str, node: Node) -> Step:
    what, usual = f"the voicemail of flow {flow}", Voicemail(QueueId(""))
    if not isinstance(node, MappingNode):
        names.refer_to(Kind.PROMPT, usual.greeting, node)
        return Voicemail(QueueId(names.refer(Kind.QUEUE, node, f"the queue of `voicemail` in flow {flow}")))
    section = Section(names.findings, node, what, VOICEMAIL_KEYS)
    queue = section.required("queue", "the queue whose agents hear the messages: `queue: QUEUE`")
    greeting = section.node_of("greeting")
    if greeting is None:
        names.refer_to(Kind.PROMPT, usual.greeting, node)
    return Voicemail(
        QueueId(names.refer(Kind.QUEUE, queue, section.describe("queue"))),
        names.refer(Kind.PROMPT, greeting, section.describe("greeting")) or usual.greeting,
        section.whole_number("seconds", usual.seconds, MESSAGE_SECONDS),
        section.whole_number("priority", usual.priority, MESSAGE_PRIORITY),
    )


def _read_goto(names: Names, flow: str, node: Node) -> Step:
    return GoTo(names.refer(Kind.FLOW, node, f"the flow of `goto` in flow {flow}"))


def _read_when(names: Names, flow: str, node: Node) -> Step | None:
    section = Section(names.findings, node, f"`when` in flow {flow}", WHEN_KEYS)
    if not isinstance(node, MappingNode):
        return None
    timetable = section.required("timetable", "the timetable that decides: `timetable: NAME`")
    flows = {key: _flow_of(names, section, key) for key in ("open", "closed", "holiday")}
    if node.value and not any(flows.values()):
        remedy = "write `open: FLOW`, `closed: FLOW`, or both"
        names.findings.error(node, f"{section.what} does not say where callers go", remedy)
    return When(names.refer(Kind.TIMETABLE, timetable, section.describe("timetable")), **flows)


def _flow_of(names: Names, section: Section, key: str) -> str | None:
    return names.refer(Kind.FLOW, section.node_of(key), section.describe(key)) or None


def _read_language(names: Names, flow: str, node: Node) -> Step:
    return Language(names.refer(Kind.LANGUAGE, node, f"the language in flow {flow}"))


def _read_voicebot(names: Names, flow: str, node: Node) -> Step:
    bot = names.refer(Kind.VOICEBOT, node, f"the voicebot in flow {flow}")
    return names.voicebots.get(bot, Transfer(("",), otherwise="", voicebot=bot))


def _read_transfer(names: Names, flow: str, node: Node) -> Step | None:
    what = f"the transfer in flow {flow}"
    if not isinstance(node, MappingNode):
        return Transfer((read_destination(names.findings, node, what, True),))
    section = Section(names.findings, node, what, TRANSFER_KEYS)
    return Transfer(
        _read_whom(names, section, what),
        section.whole_number("ring_seconds", 30, TRANSFER_RING),
        section.yes_or_no("together", True),
        read_shown_number(section, "caller_number"),
        _flow_of(names, section, "otherwise"),
    )


def _read_whom(names: Names, section: Section, what: str) -> tuple[str, ...]:
    """Numbers and addresses, or the device of a user."""
    user = section.node_of("user")
    to = section.node_of("to") if user is not None else section.required("to", 'it: {to: "+31…", ring_seconds: 30}')
    if user is None:
        return () if to is None else _read_destinations(names.findings, to, what)
    if to is not None:
        section.findings.error(user, f"{what} has both `to` and `user`", "take one of them out")
    username = names.refer(Kind.USER, user, section.describe("user"))
    if (Kind.USER, username) in names.places and username not in names.devices:
        problem = f"{section.describe('user')}: {username} has no `device` that could ring"
        section.findings.error(user, problem, "give the user a `device`, or write `to` with a number")
    return (names.devices.get(username, ""),)


def _read_destinations(findings: Findings, node: Node, what: str) -> tuple[str, ...]:
    """One destination, or the list of a ring group."""
    if not isinstance(node, SequenceNode):
        return (read_destination(findings, node, what, True),)
    found = items(findings, node, f"the ring group of {what}", '["+31612345678", "+31612345679"]')
    return tuple(read_destination(findings, each, what, True) for each in found)


def read_destination(
    findings: Findings, node: Node, what: str, refuse_emergency: bool = False, also: str = ""
) -> str:
    """A SIP address or phone number that can be dialled. `also` is what else may be written there, for the remedy."""
    written = text(findings, node, what)
    if written in EMERGENCY_NUMBERS and refuse_emergency:
        remedy = "take it out: let a message say that the caller is to dial it directly"
        findings.error(node, f"{what} goes to the emergency number {written}", remedy)
        return ""
    if written is None or is_sip_address(written) or is_number(written):
        return written or ""
    meant = normalised(written)
    remedy = f'write "{meant}"' if meant else f"write {also}{_DESTINATIONS}"
    findings.error(node, f"{what}: `{written[:60]}` is no SIP address or phone number", remedy)
    return ""


def _read_menu(names: Names, flow: str, node: Node) -> Step | None:
    section = Section(names.findings, node, f"the menu of flow {flow}", MENU_KEYS)
    if not isinstance(node, MappingNode):
        return None
    prompt = section.required("prompt", "the prompt that says which key does what: `prompt: NAME`")
    otherwise = section.required("otherwise", "the flow after no key or a wrong one: `otherwise: FLOW`")
    conditions: dict[Key, Condition] = {}
    prompts: dict[Key, str] = {}
    return Menu(
        prompt=names.refer(Kind.PROMPT, prompt, section.describe("prompt")),
        choices=_read_choices(names, section, conditions, prompts),
        otherwise=names.refer(Kind.FLOW, otherwise, section.describe("otherwise")),
        attempts=section.whole_number("attempts", 2, ATTEMPTS),
        timeout_seconds=section.seconds("timeout_seconds", 5.0, MENU_TIMEOUT),
        wrong_key=_prompt_of(names, section, "wrong_key"),
        no_key=_prompt_of(names, section, "no_key"),
        conditions=conditions,
        choice_prompts=prompts,
    )


def _prompt_of(names: Names, section: Section, key: str) -> str | None:
    return names.refer(Kind.PROMPT, section.node_of(key), section.describe(key)) or None


def read_choices(names: Names, section: Section) -> Mapping[Key, str]:
    """The keys of a menu while waiting, and their flows."""
    return _read_choices(names, section, None, {})


def _read_choices(
    names: Names, section: Section, conditions: dict[Key, Condition] | None, prompts: dict[Key, str]
) -> Mapping[Key, str]:
    """The keys and their flows. Where `conditions` are kept, a choice may also be a mapping."""
    node = section.required("choices", "the keys and the flows they lead to: `choices: {1: FLOW}`")
    if node is None:
        return {}
    choices: dict[Key, str] = {}
    for entry in entries(names.findings, node, section.describe("choices"), "keys with flows: {1: FLOW, 2: FLOW}"):
        key = next((key for key in KEYS if key == entry.name), None)
        if key is None:
            problem = f"`{entry.name[:60]}` is no key of a telephone"
            names.findings.error(entry.key, problem, 'write one of 0 to 9, "*" or "#"')
        what = f"key {entry.name} in {section.what}"
        if conditions is not None and key is not None and isinstance(entry.value, MappingNode):
            choices[key] = _read_choice(
                names, Section(names.findings, entry.value, what, CHOICE_KEYS), key, conditions, prompts
            )
        else:
            flow = names.refer(Kind.FLOW, entry.value, f"the flow of {what}")
            choices.update({} if key is None else {key: flow})
    _warn_of_lost_key(names.findings, node)
    return choices


def _read_choice(
    names: Names, choice: Section, key: Key, conditions: dict[Key, Condition], prompts: dict[Key, str]
) -> str:
    condition, prompt = read_condition(names, choice), _prompt_of(names, choice, "prompt")
    if condition != ALWAYS:
        conditions[key] = condition
    if prompt is not None:
        prompts[key] = prompt
    flow = choice.required("flow", "where it leads: `flow: FLOW`")
    return names.refer(Kind.FLOW, flow, choice.describe("flow"))


def _warn_of_lost_key(findings: Findings, choices: Node) -> None:
    start, end = choices.start_mark, choices.end_mark
    lines = findings.lines_around(start)
    for number in range(start.line, min(end.line + 1, len(lines))) if start and end else ():
        if _LOST_KEY.match(lines[number]):
            place = Place(findings.path, number + 1, lines[number].index("#") + 1)
            findings.warn(place, "YAML takes this line for a comment", 'put quotes round the key: "#"')


_READERS: Mapping[str, Callable[[Names, str, Node], Step | None]] = {
    "answer": _read_answer,
    "say": _read_say,
    "menu": _read_menu,
    "queue": _read_queue,
    "transfer": _read_transfer,
    "goto": _read_goto,
    "close": _read_close,
    "callback": _read_callback,
    "voicemail": _read_voicemail,
    "when": _read_when,
    "language": _read_language,
    "voicebot": _read_voicebot,
}
