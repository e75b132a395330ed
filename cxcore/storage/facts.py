"""Facts to rows and lines of JSON, and back.

Each field has one home: the instant and the three ids are columns, so that they can be searched; all other fields are
in the body. A field that a stored fact lacks takes its default, so a fact may gain a field that has one.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from cxcore.domain import events
from cxcore.domain.events import Fact
from cxcore.storage.models import storable

_to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

COLUMNS = ("at", "contact_id", "agent_id", "queue_id")

KINDS: Mapping[str, type[Fact]] = {
    name: member
    for name, member in inspect.getmembers(events, inspect.isclass)
    if issubclass(member, Fact) and member is not Fact
}
"""Every kind of fact by its name, which is the name of its class."""

BODY_FIELDS: Mapping[type[Fact], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if field.name not in COLUMNS) for kind in KINDS.values()
}

Body = dict[str, Any]


class UnreadableFact(Exception):
    """A stored fact is of a kind or shape that this version does not know."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(f"a stored fact of kind {kind!r} cannot be read: {why}")
        self.kind, self.why = kind, why


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A fact on its way to the database. `writer` names one run of one core, `number` counts its facts from 1.

    Together they tell whether a fact was written already, after a commit of which the answer was lost.
    """

    writer: str
    number: int
    fact: Fact


def to_row(held: HeldFact) -> Body:
    """The columns of `contact_event`."""
    fact = held.fact
    return {
        "writer": held.writer,
        "number": held.number,
        "at": fact.at,
        "kind": type(fact).__name__,
        "contact_id": getattr(fact, "contact_id", None),
        "agent_id": getattr(fact, "agent_id", None),
        "queue_id": getattr(fact, "queue_id", None),
        "body": {name: _encode(getattr(fact, name)) for name in BODY_FIELDS[type(fact)]},
    }


def from_row(row: Mapping[str, Any]) -> Fact:
    """The fact of a row. Raises `UnreadableFact`."""
    kind = row["kind"]
    if kind not in KINDS:
        raise UnreadableFact(kind, "this version does not know the kind; it was written by a newer one")
    cls = KINDS[kind]
    try:
        return cls(**{field.name: _value(cls, field, row) for field in fields(cls)})
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFact(kind, str(error)) from error


def to_line(held: HeldFact) -> str:
    """One line of JSON, without its line end."""
    row = to_row(held)
    row["at"] = held.fact.at.isoformat()
    return _to_json(row)


def from_line(line: str) -> HeldFact:
    """The fact of a line. Raises `UnreadableFact`."""
    try:
        row = json.loads(line)
        row["at"] = datetime.fromisoformat(row["at"])
        writer, number, kind = str(row["writer"]), int(row["number"]), str(row["kind"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFact("unknown", f"broken line: {error}") from error
    return HeldFact(writer, number, from_row({**row, "kind": kind}))


# ---------------------------------------------------------------------------------------------------------------------


def _encode(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if is_dataclass(value):
        return {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
    return value


def _value(cls: type[Fact], field: Field[Any], row: Mapping[str, Any]) -> Any:
    if field.name in COLUMNS:
        return row[field.name]
    body = row["body"]
    if field.name in body:
        return DECODERS[cls][field.name](body[field.name])
    if field.default is MISSING:
        raise KeyError(field.name)
    return field.default


def _decoder(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, NewType):
        return _decoder(hint.__supertype__)
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (_decoder(arg) for arg in get_args(hint) if arg is not NoneType)
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        item = _decoder(get_args(hint)[0])
        return lambda value: tuple(item(each) for each in value)
    if hint is datetime:
        return datetime.fromisoformat
    if is_dataclass(hint):
        return _part_decoder(hint)
    if issubclass(hint, StrEnum):
        enumeration: type[StrEnum] = hint
        return enumeration
    return lambda value: value


def _part_decoder(part: Any) -> Callable[[Any], Any]:
    """A part of a fact, itself with fields; one that lacks takes its default, one that is unknown is left out."""
    decoders = {name: _decoder(hint) for name, hint in get_type_hints(part).items()}
    return lambda value: part(**{name: decoders[name](item) for name, item in value.items() if name in decoders})


DECODERS: Mapping[type[Fact], Mapping[str, Callable[[Any], Any]]] = {
    kind: {name: _decoder(hint) for name, hint in get_type_hints(kind).items()} for kind in KINDS.values()
}
