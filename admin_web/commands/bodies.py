"""Reads what a click sends along, before the core sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.problems import problem
from cxcore.domain.agent import AgentId
from cxcore.domain.chat import LONGEST_LINE
from cxcore.domain.contact import ContactId
from cxcore.domain.queue import QueueId

LONGEST_TEXT = 200
MOST_QUEUES = 500
MOST_TOPICS = 20
LONGEST_NOTE = 2000
LONGEST_EXTENSION_SECONDS = 900
LEVELS = range(1, 100)

PAGE = re.compile(r"[0-9a-f]{16,64}")
FAULTS = frozenset(
    {
        "not-registered",
        "microphone-not-asked",
        "microphone-denied",
        "no-microphone",
        "no-sound",
        "no-media",
        "checking",
        "not-set-up",
        "insecure",
    }
)
"""What keeps a softphone from taking calls, as the page finds it out; the core adds `no-page`."""

Body = Mapping[str, object]


class BadBody(Exception):
    """The body does not have the shape that the command needs."""


def read_body() -> Body:
    """The JSON object of this request. Raises `BadBody`."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadBody("body")
    return body


def queue_ids(body: Body) -> tuple[QueueId, ...]:
    """Some queues; none when the field lacks."""
    given = body.get("queue_ids", [])
    if not isinstance(given, list) or len(given) > MOST_QUEUES or not all(is_text(each) for each in given):
        raise BadBody("queue_ids")
    return tuple(QueueId(each) for each in given)


def queue_id(body: Body) -> QueueId:
    """One queue."""
    return QueueId(text(body, "queue_id"))


def agent_id(body: Body) -> AgentId:
    """One agent."""
    return AgentId(text(body, "agent_id"))


def reason(body: Body) -> str:
    """The reason of a break."""
    return text(body, "reason")


def number(body: Body) -> str:
    """The phone number to call, as the agent wrote it; the core judges it."""
    return text(body, "number")


def shows(body: Body) -> str:
    """The number that the called party sees; empty when the field lacks. The core judges it."""
    return text(body, "shows") if body.get("shows") else ""


def chosen_number(body: Body) -> str:
    """Which number of an employee rings; empty when the field lacks."""
    return text(body, "number") if body.get("number") else ""


def key(body: Body) -> str:
    """The agent, queue, number or phone book entry that a contact goes to."""
    return text(body, "key")


def kind(body: Body) -> str:
    """What `key` names."""
    return text(body, "kind")


def contact_id(body: Body) -> ContactId:
    """The contact that a note is about."""
    return ContactId(text(body, "contact_id"))


def topics(body: Body) -> tuple[str, ...]:
    """What a contact was about; nothing when the field lacks."""
    given = body.get("topics", [])
    if not isinstance(given, list) or len(given) > MOST_TOPICS or not all(is_text(each) for each in given):
        raise BadBody("topics")
    return tuple(given)


def note(body: Body) -> str:
    """What the agent wrote; it may be empty."""
    given = body.get("note", "")
    if not isinstance(given, str) or len(given) > LONGEST_NOTE:
        raise BadBody("note")
    return given


def chosen_contact(body: Body) -> ContactId:
    """A contact; empty when the field lacks."""
    return ContactId(text(body, "contact_id")) if body.get("contact_id") else ContactId("")


def chat_line(body: Body) -> tuple[str, str]:
    """What the agent wrote in a chat, and what tells it from a line that is sent again."""
    given, token = body.get("text"), body.get("token", "")
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_LINE:
        raise BadBody("text")
    if not isinstance(token, str) or len(token) > LONGEST_TEXT:
        raise BadBody("token")
    return given, token


def digits(body: Body) -> str:
    """The keys to send; the core judges them."""
    return text(body, "digits")


def seconds(body: Body) -> int:
    """How much longer; a minute when the field lacks."""
    return _whole_number(body, "seconds", 60, range(1, LONGEST_EXTENSION_SECONDS + 1))


def level(body: Body) -> int:
    """The level at which an agent serves a queue; the first when the field lacks."""
    return _whole_number(body, "level", 1, LEVELS)


def page(body: Body) -> str:
    """What tells one opened page of others."""
    given = text(body, "page")
    if not PAGE.fullmatch(given):
        raise BadBody("page")
    return given


def fault(body: Body) -> str | None:
    """What a softphone lacks; None when it can take calls."""
    given = body.get("fault")
    if given is not None and given not in FAULTS:
        raise BadBody("fault")
    return None if given is None else str(given)


def move_waiting(body: Body) -> bool:
    """Whether those who wait are sent on; they are served when the field lacks."""
    return truth(body, "move_waiting")


def truth(body: Body, name: str) -> bool:
    """True or false; false when the field lacks."""
    given = body.get(name, False)
    if not isinstance(given, bool):
        raise BadBody(name)
    return given


def is_text(value: object) -> bool:
    """Whether it is a text that is neither empty nor endless."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def refuse_body(error: BadBody) -> ResponseReturnValue:
    """400: the page and the server do not understand each other."""
    detail = gettext("Het veld %(field)s klopt niet. Laad de pagina opnieuw.", field=str(error))
    return problem(400, "bad-body", gettext("Dit verzoek klopt niet"), detail)


def text(body: Body, name: str) -> str:
    """A text that is neither empty nor endless."""
    given = body.get(name)
    if not isinstance(given, str) or not is_text(given):
        raise BadBody(name)
    return given


def _whole_number(body: Body, name: str, otherwise: int, allowed: range) -> int:
    given = body.get(name, otherwise)
    if isinstance(given, bool) or not isinstance(given, int) or given not in allowed:
        raise BadBody(name)
    return given
