"""The steps of a flow in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext

Content = Mapping[str, Any]


def step_words(content: Content, step: Any) -> str:
    """One step: `tekst welkom`, `wachtrij Burgerzaken`."""
    if isinstance(step, str):
        return {"answer": gettext("opnemen"), "close": gettext("ophangen")}.get(step, step)
    if not isinstance(step, dict) or not step:
        return str(step)
    name, value = next(iter(step.items()))
    words = {
        "queue": gettext("wachtrij %(name)s", name=queue_name(content, value)),
        "say": gettext("tekst %(name)s", name=_what(value)),
        "menu": gettext("keuzemenu %(name)s", name=_what(value)),
        "transfer": gettext("doorverbinden met %(name)s", name=_whom(_what(value))),
        "goto": gettext("verder in %(name)s", name=_what(value)),
        "when": gettext("rooster %(name)s", name=value.get("timetable", "") if isinstance(value, dict) else value),
        "language": gettext("taal %(name)s", name=_what(value)),
        "voicebot": gettext("spraakassistent %(name)s", name=_what(value)),
        "callback": gettext("terugbellen voor %(name)s", name=queue_name(content, value)),
        "voicemail": gettext("bericht inspreken voor %(name)s", name=queue_name(content, value)),
    }
    return words.get(name, f"{name} {_what(value)}".strip())


def _what(value: Any) -> Any:
    return value.get("prompt") or value.get("to") or value.get("user") or "" if isinstance(value, dict) else value


def _whom(value: Any) -> str:
    return ", ".join(readable(str(each)) or str(each) for each in (value if isinstance(value, list) else [value]))


def queue_name(content: Content, value: Any) -> str:
    """How screens call the queue of a step."""
    key = str(value.get("queue") or "" if isinstance(value, dict) else value)
    queue = (content.get("queues") or {}).get(key)
    return str(queue.get("name") or key) if isinstance(queue, dict) else key


def is_said(step: Any) -> bool:
    """Whether it is a message."""
    return isinstance(step, dict) and "say" in step


def prompt_of(step: Any) -> str:
    """What a message says."""
    said = step.get("say") if is_said(step) else ""
    return str(said.get("prompt") or "") if isinstance(said, dict) else str(said or "")
