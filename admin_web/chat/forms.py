"""What customers' pages send: each reads one field of a body and raises `BadBody`."""

from __future__ import annotations

import re

from admin_web.commands import bodies
from admin_web.commands.bodies import BadBody
from cxcore.domain.chat import LONGEST_LINE

TOKEN = re.compile(r"[0-9a-f]{32}")
MOST_LETTERS = LONGEST_LINE * 2
"""What is longer than any line could be is refused, and not cut off."""


def text(body: bodies.Body) -> str:
    """What the customer wrote."""
    given = body.get("text")
    if not isinstance(given, str) or not given.strip() or len(given) > MOST_LETTERS:
        raise BadBody("text")
    return given


def short(body: bodies.Body, name: str) -> str:
    """A name or address; empty when it lacks."""
    given = body.get(name, "")
    if not isinstance(given, str) or len(given) > bodies.LONGEST_TEXT:
        raise BadBody(name)
    return given


def token(body: bodies.Body) -> str:
    """What tells a request that is sent again from another."""
    given = body.get("token")
    if not isinstance(given, str) or not TOKEN.fullmatch(given):
        raise BadBody("token")
    return given
