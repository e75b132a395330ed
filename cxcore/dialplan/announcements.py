"""Reads what the waiting callers of a queue hear."""

from __future__ import annotations

from collections.abc import Iterable

from yaml.nodes import Node

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section, is_text, shown, yes_or_no
from cxcore.dialplan.steps import read_choices
from cxcore.domain.announcing import POSITION_PROMPTS, WAIT_PROMPTS
from cxcore.domain.queue import Announcement, PositionTold, Repeat, WaitMenu

ANNOUNCEMENT_KEYS = ("prompt", "first_seconds", "every_seconds", "repeat", "position", "expected_wait", "menu")
REPEAT_KEYS = ("prompt", "every_seconds", "times", "menu")
WAIT_MENU_KEYS = ("prompt", "choices")
FIRST = Limits(0, 3600)
EVERY = Limits(5, 3600)
TIMES = Limits(0, 999)

_SAYS_SOMETHING = ("position", "expected_wait", "menu")


def read_announcement(names: Names, section: Section) -> Announcement | None:
    """The announcement of a queue. `prompt` may be left out where something else is said."""
    part = section.part("announcement", ANNOUNCEMENT_KEYS)
    if part is None:
        return None
    return Announcement(
        prompt=_read_prompt(names, part),
        first_seconds=part.whole_number("first_seconds", 15, FIRST),
        every_seconds=part.whole_number("every_seconds", 30, EVERY),
        repeat=_read_repeat(names, part),
        position=_read_position(names, part),
        expected_wait=_read_expected_wait(names, part),
        menu=_read_menu(names, part),
    )


def _read_prompt(names: Names, part: Section) -> str | None:
    node = part.node_of("prompt")
    if node is None and not any(part.node_of(key) for key in _SAYS_SOMETHING):
        part.required("prompt", "what waiting callers hear: `prompt: NAME`")
    return names.refer(Kind.PROMPT, node, part.describe("prompt")) or None


def _read_repeat(names: Names, announcement: Section) -> Repeat | None:
    part = announcement.part("repeat", REPEAT_KEYS)
    if part is None:
        return None
    if announcement.node_of("every_seconds") is not None:
        problem = f"{announcement.what} has both `repeat` and `every_seconds`"
        part.findings.error(announcement.node_of("every_seconds"), problem, "move `every_seconds` into `repeat`")
    times = None if part.node_of("times") is None else part.whole_number("times", 1, TIMES)
    prompt = names.refer(Kind.PROMPT, part.node_of("prompt"), part.describe("prompt")) or None
    return Repeat(prompt, part.whole_number("every_seconds", 30, EVERY), times, _read_menu(names, part))


def _read_position(names: Names, part: Section) -> PositionTold:
    node = part.node_of("position")
    if node is None:
        return PositionTold.NEVER
    told = _position_told(part, node)
    if told is not PositionTold.NEVER:
        _refer_to_all(names, POSITION_PROMPTS, node)
    return told


def _position_told(part: Section, node: Node) -> PositionTold:
    if is_text(node) and node.value in (PositionTold.CHANGED, PositionTold.ALWAYS):
        return PositionTold(node.value)
    if is_text(node):
        problem = f"{part.describe('position')} is {shown(node)}"
        part.findings.error(node, problem, "write true or `always` (with each text), `changed`, or false")
        return PositionTold.NEVER
    return PositionTold.ALWAYS if yes_or_no(part.findings, node, part.describe("position")) else PositionTold.NEVER


def _read_expected_wait(names: Names, part: Section) -> bool:
    told = part.yes_or_no("expected_wait", False)
    node = part.node_of("expected_wait")
    if told and node is not None:
        _refer_to_all(names, WAIT_PROMPTS, node)
    return told


def _refer_to_all(names: Names, prompts: Iterable[str], node: Node) -> None:
    for prompt in prompts:
        names.refer_to(Kind.PROMPT, prompt, node)


def _read_menu(names: Names, section: Section) -> WaitMenu | None:
    part = section.part("menu", WAIT_MENU_KEYS)
    if part is None:
        return None
    prompt = part.required("prompt", "the prompt that says which key does what: `prompt: NAME`")
    choices = {str(key): flow for key, flow in read_choices(names, part).items()}
    return WaitMenu(names.refer(Kind.PROMPT, prompt, part.describe("prompt")), choices)
