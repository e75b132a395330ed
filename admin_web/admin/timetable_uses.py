"""What a timetable decides: the queues and routes that ask it, and the numbers whose callers come past them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from admin_web.presenters.configuration import name_of
from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext

Content = Mapping[str, Any]
LEADS = ("flow", "otherwise", "open", "closed", "holiday", "fallback", "then")
"""Settings of steps that name the flow that a caller goes on in."""


def uses_of(content: Content, timetable: str) -> list[str]:
    """Sentences without an end: `Wachtrij Burgerzaken`, `Route feestdag`, `Nummer 071 555 01 00`."""
    queues = [key for key, queue in _part(content, "queues").items() if _hours_of(queue) == timetable]
    flows = [flow for flow, steps in _part(content, "flows").items() if timetable in _timetables_in(steps)]
    told = [gettext("Wachtrij %(name)s", name=name_of(content, {}, "queues", key)) for key in queues]
    told += [gettext("Route %(name)s", name=flow) for flow in flows]
    numbers = _numbers(content, set(flows), set(queues))
    return told + [gettext("Nummer %(number)s", number=readable(each) or each) for each in numbers]


def _part(content: Content, name: str) -> Content:
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _hours_of(queue: Any) -> Any:
    return queue.get("hours") if isinstance(queue, dict) else None


def _timetables_in(value: Any) -> set[str]:
    """Every timetable that steps ask."""
    if isinstance(value, list):
        return set().union(*map(_timetables_in, value))
    if not isinstance(value, dict):
        return set()
    named = {str(value[key]) for key in ("when", "unless", "timetable") if isinstance(value.get(key), str)}
    return named.union(*map(_timetables_in, value.values()))


def _numbers(content: Content, flows: set[str], queues: set[str]) -> list[str]:
    """The numbers whose callers can come past one of these flows or queues."""
    numbers = {key: value.get("flow") if isinstance(value, dict) else value for key, value in
               _part(content, "numbers").items()}  # fmt: skip
    ways = {flow: set(_ways(steps)) for flow, steps in _part(content, "flows").items()}
    wanted = flows | {f"queue {each}" for each in queues}
    return [number for number, flow in numbers.items() if wanted & _reached(ways, str(flow))]


def _reached(ways: Mapping[str, set[str]], flow: str) -> set[str]:
    found, left = {flow}, [flow]
    while left:
        new = ways.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def _ways(value: Any) -> Iterator[str]:
    """The flows that steps lead to, and the queues in which callers come to wait."""
    if isinstance(value, list):
        for each in value:
            yield from _ways(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "queue" and isinstance(inner, str):
                yield f"queue {inner}"
            elif isinstance(inner, str) and (key in LEADS or key == "goto"):
                yield inner
            elif key == "choices" and isinstance(inner, dict):
                yield from (flow for flow in inner.values() if isinstance(flow, str))
                yield from _ways(list(inner.values()))
            else:
                yield from _ways(inner)
