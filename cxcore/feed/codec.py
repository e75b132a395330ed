"""Everything that travels between core and web, as JSON.

Broadcast  {"epoch": E, "number": N, "changes": [CHANGE…]}; N is the number of the last change. Without changes it is
           the heartbeat.
Request    {"ask": "picture"}, or {"ask": "command", "command": NAME, "fields": {…}}.
Reply      {"epoch": E, "picture": {"number": N, "rows": [{"subject": S, "row": {…}}…]}},
           {"outcome": {"code": null or text, "message": text}} or {"unavailable": text}.
CHANGE     {"number": N, "subject": S, "key": K, "row": {…} or null}

An epoch is one run of a core: its numbers start at 1 again. Rows and commands have the fields of their dataclasses,
without those that have their default; instants are ISO 8601 in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from cxcore.domain import commands
from cxcore.domain.commands import Command
from cxcore.feed.fields import MessageRefused, from_plain, mapping, sequence, text, whole_number, written
from cxcore.feed.picture import ROW_TYPES, identity
from cxcore.ports.controller import Change, CommandOutcome, Picture, Row, Subject

LARGEST_REQUEST = 64 * 1024
LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of a picture; one of 500 agents, 50 queues and 1000 contacts takes about 600,000."""

_KEPT_ROWS = 8192

COMMANDS: Mapping[str, type[Command]] = {
    name: kind
    for name, kind in vars(commands).items()
    if isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What the core tells all: changes, or none as a sign of life."""

    epoch: str
    number: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Asks for the picture."""


@dataclass(frozen=True, slots=True)
class PictureReply:
    """The picture, and the run of the core that its number belongs to."""

    epoch: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The core did not take the request, or did not answer it in time."""

    reason: str


Request = PictureRequest | Command
Reply = PictureReply | CommandOutcome | Unavailable


def encode_broadcast(broadcast: Broadcast) -> bytes:
    """Bytes of a broadcast."""
    changes = ",".join(map(_written_change, broadcast.changes))
    return f'{{"epoch":{written(broadcast.epoch)},"number":{broadcast.number},"changes":[{changes}]}}'.encode()


def decode_broadcast(message: bytes) -> Broadcast:
    """A broadcast; raises `MessageRefused`."""
    content = _content(message)
    changes = tuple(_read_change(change) for change in sequence(content.get("changes"), "changes"))
    return Broadcast(text(content.get("epoch"), "epoch"), whole_number(content.get("number"), "number"), changes)


def encode_request(request: Request) -> bytes:
    """Bytes of a request."""
    if isinstance(request, PictureRequest):
        return b'{"ask":"picture"}'
    content = {"ask": "command", "command": type(request).__name__, "fields": request}
    return written(content).encode()


def decode_request(message: bytes) -> Request:
    """A request; raises `MessageRefused`."""
    content = _content(message)
    if content.get("ask") == "picture":
        return PictureRequest()
    if content.get("ask") != "command":
        raise MessageRefused("a request asks neither for the picture nor for a command")
    name = text(content.get("command"), "command")
    if name not in COMMANDS:
        raise MessageRefused(f"there is no command {name[:40]!r}")
    return from_plain(COMMANDS[name], content.get("fields"), name)


def encode_reply(reply: Reply) -> bytes:
    """Bytes of a reply."""
    if isinstance(reply, PictureReply):
        return f'{{"epoch":{written(reply.epoch)},"picture":{_written_picture(reply.picture)}}}'.encode()
    if isinstance(reply, Unavailable):
        return written({"unavailable": reply.reason}).encode()
    return written({"outcome": reply}).encode()


def decode_reply(message: bytes) -> Reply:
    """A reply; raises `MessageRefused`."""
    content = _content(message)
    if "picture" in content:
        return PictureReply(text(content.get("epoch"), "epoch"), _read_picture(content["picture"]))
    if "outcome" in content:
        return from_plain(CommandOutcome, content["outcome"], "outcome")
    return Unavailable(text(content.get("unavailable"), "unavailable"))


def _written_change(change: Change) -> str:
    row = "null" if change.row is None else _written_row(change.row)
    return f'{{"number":{change.number},"subject":"{change.subject}","key":{written(change.key)},"row":{row}}}'


def _read_change(value: object) -> Change:
    content = mapping(value, "change")
    subject, key = _read_subject(content.get("subject")), text(content.get("key"), "key")
    written = content.get("row")
    row = None if written is None else _read_row(subject, written)
    if row is not None and identity(row) != (subject, key):
        raise MessageRefused(f"a change of {subject} holds the row of another")
    return Change(whole_number(content.get("number"), "number"), subject, key, row)


def _written_picture(picture: Picture) -> str:
    rows = (f'{{"subject":"{subject}","row":{_written_row(row)}}}' for (subject, _), row in picture.rows.items())
    return f'{{"number":{picture.number},"rows":[{",".join(rows)}]}}'


def _read_picture(value: object) -> Picture:
    content = mapping(value, "picture")
    rows = [_read_subject_and_row(item) for item in sequence(content.get("rows"), "rows")]
    return Picture(whole_number(content.get("number"), "number"), {identity(row): row for row in rows})


def _read_subject_and_row(value: object) -> Row:
    content = mapping(value, "row")
    return _read_row(_read_subject(content.get("subject")), content.get("row"))


# Most rows of a picture did not change since it was last asked for; writing one takes about 20 µs of the core's time.
@lru_cache(maxsize=_KEPT_ROWS)
def _written_row(row: Row) -> str:
    return written(row)


def _read_row(subject: Subject, value: object) -> Row:
    return from_plain(ROW_TYPES[subject], value, subject.value)


def _read_subject(value: object) -> Subject:
    try:
        return Subject(text(value, "subject"))
    except ValueError:
        raise MessageRefused("a row is about a subject that nobody knows") from None


def _content(message: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(message, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MessageRefused(f"a message is no JSON: {error}") from None
    return mapping(content, "message")


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
