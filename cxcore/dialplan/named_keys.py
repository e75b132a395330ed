"""Menus whose text names a key that does nothing, or not always: callers would press it in vain.

What a text says is known where it is spoken from texts.yml. A recording can only be pointed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cxcore.dialplan.names import Names
from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.domain.conditions import ALWAYS
from cxcore.domain.dialplan import KEYS, Key, Menu
from cxcore.domain.site import Site

WORDS = {
    "nul": "0", "één": "1", "twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6", "zeven": "7", "acht": "8",
    "negen": "9", "sterretje": "*", "ster": "*", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "star": "*",
}  # fmt: skip
_KEY = rf"(?<![\w*])([0-9*]|{'|'.join(WORDS)})(?![\w*])"
NAMED = re.compile(
    rf"\b(?:toets|druk|kies|press)(?:\s+(?:dan|op|de|het|cijfer|toets|key))*\s+{_KEY}(?:\s+(?:of|or)\s+{_KEY})?",
    re.IGNORECASE,
)
"""`toets 1`, `druk op sterretje`, `press 2 or 3`. Not `een`, which is an article far more often than a key."""
REMEDY = "change the text, or give the key a `prompt` of its own, which is said only while the key works"


def keys_named(text: str) -> frozenset[str]:
    """The keys that a spoken text tells callers to press."""
    found = (key.lower() for named in NAMED.finditer(text) for key in named.groups() if key)
    return frozenset(WORDS.get(key, key) for key in found)


def warn_of_named_keys(site: Site, names: Names, prompts: PromptCatalogue) -> None:
    """Warn of each key that a menu's text names and that does nothing when a caller presses it."""
    for flow, steps in site.dialplan.flows.items():
        for index, step in enumerate(steps):
            if isinstance(step, Menu):
                for problem, remedy in _problems(step, flow, prompts):
                    names.findings.warn(names.step_places[flow, index], problem, remedy)


def _problems(menu: Menu, flow: str, prompts: PromptCatalogue) -> Iterator[tuple[str, str]]:
    yield from _other_keys(menu, flow, prompts)
    told = _keys_told(menu.prompt, prompts)
    if told is None:
        yield from _not_known(menu, flow)
        return
    for key in KEYS:
        fault = _fault(menu, key) if key in told else None
        if fault:
            yield f"the text of the menu of flow {flow} names key {key}, which {fault}", REMEDY


def _other_keys(menu: Menu, flow: str, prompts: PromptCatalogue) -> Iterator[tuple[str, str]]:
    for key, prompt in menu.choice_prompts.items():
        told = _keys_told(prompt, prompts)
        if told and key not in told:
            problem = f"the text {prompt} of key {key} of the menu of flow {flow} names another key"
            yield problem, f"choose a text that names key {key}, or change this one"


def _fault(menu: Menu, key: Key) -> str | None:
    """What is wrong with a key when it is pressed; None when it always leads somewhere."""
    if key not in menu.choices:
        return "leads nowhere"
    condition = menu.conditions.get(key, ALWAYS)
    if not condition.enabled:
        return "is switched off"
    return None if condition == ALWAYS else "does not work at all times"


def _not_known(menu: Menu, flow: str) -> Iterator[tuple[str, str]]:
    for key, condition in menu.conditions.items():
        if not condition.enabled and key not in menu.choice_prompts:
            problem = f"key {key} of the menu of flow {flow} is switched off"
            problem += f"; its recorded text {menu.prompt} may name it"
            yield problem, "listen to it, and record it anew if it does"


def _keys_told(prompt: str, prompts: PromptCatalogue) -> frozenset[str] | None:
    """In any language; None where what is heard is a recording."""
    if prompt in prompts.recordings or prompt in prompts.own:
        return None
    spoken = [each.texts.get(prompt, "") for each in (prompts, *prompts.languages.values())]
    return frozenset(key for text in spoken for key in keys_named(text))
