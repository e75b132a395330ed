"""Dataclasses to JSON and back, strictly: a field of another type or name is refused."""

from __future__ import annotations

import dataclasses
import json
import operator
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

Read = Callable[[object, str], Any]
T = TypeVar("T")


class MessageRefused(Exception):
    """A message that does not say what it should; the reason names the field and what was expected."""


def written(value: object) -> str:
    """A value as JSON. A dataclass is written without the fields that have their default; instants are ISO 8601 in UTC.

    A naive instant raises `MessageRefused`.
    """
    return _encoder.encode(value)


def _plain(value: object) -> object:
    """What JSON has for a value that it does not know."""
    if isinstance(value, datetime):
        return _written_instant(value)
    shape = _shape(typing.cast(Hashable, type(value)))
    given = zip(shape.names, shape.values(value), shape.defaults, strict=True)
    return {name: each for name, each, default in given if each is not default and each != default}


_encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_plain)


def from_plain(wanted: type[T], value: object, where: str) -> T:
    """An instance from what `written` made of one. Fields with a default may lack; others raise `MessageRefused`."""
    given, kind = mapping(value, where), typing.cast(Hashable, wanted)
    reads = _reads(kind)
    for name in given.keys() - reads.keys():
        raise MessageRefused(f"{where} has a field {name[:40]!r} that nobody knows")
    for name in _obligatory(kind) - given.keys():
        raise MessageRefused(f"{where} lacks {name}")
    return wanted(**{name: reads[name](item, f"{where}.{name}") for name, item in given.items()})


def mapping(value: object, where: str) -> Mapping[str, object]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise _mismatch(where, "an object", value)
    return value


def sequence(value: object, where: str) -> list[object]:
    """A JSON array."""
    if not isinstance(value, list):
        raise _mismatch(where, "an array", value)
    return value


def text(value: object, where: str) -> str:
    """A JSON string."""
    if not isinstance(value, str):
        raise _mismatch(where, "text", value)
    return value


def whole_number(value: object, where: str) -> int:
    """A JSON number without fraction; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise _mismatch(where, "a whole number", value)
    return value


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mismatch(where, "a number", value)
    return value


def _truth(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _mismatch(where, "true or false", value)
    return value


def _instant(value: object, where: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text(value, where))
    except ValueError:
        raise MessageRefused(f"{where} is no instant of ISO 8601") from None
    if instant.tzinfo is None:
        raise MessageRefused(f"{where} is an instant without time zone")
    return instant.astimezone(UTC)


def _written_instant(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise MessageRefused("an instant without time zone cannot be sent")
    return instant.astimezone(UTC).isoformat()


def _mismatch(where: str, wanted: str, value: object) -> MessageRefused:
    return MessageRefused(f"{where} must be {wanted}, and is a {type(value).__name__}")


_SCALARS: Mapping[object, Read] = {
    str: text,
    int: whole_number,
    float: _number,
    bool: _truth,
    datetime: _instant,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a dataclass, in their order; a field that must be given has a default that no value equals."""

    names: tuple[str, ...]
    defaults: tuple[object, ...]
    values: Callable[[object], tuple[object, ...]]


@cache
def _shape(kind: Hashable) -> Shape:
    fields = dataclasses.fields(typing.cast(Any, kind))
    names = tuple(field.name for field in fields)
    # With one more name than there may be, the values are always a tuple.
    values = operator.attrgetter(*names, "__class__")
    return Shape(names, tuple(field.default for field in fields), lambda instance: values(instance)[:-1])


@cache
def _obligatory(wanted: Any) -> frozenset[str]:
    missing = dataclasses.MISSING
    return frozenset(
        field.name
        for field in dataclasses.fields(wanted)
        if field.default is missing and field.default_factory is missing
    )


@cache
def _reads(wanted: Any) -> Mapping[str, Read]:
    hints = typing.get_type_hints(wanted)
    return {field.name: _read(hints[field.name]) for field in dataclasses.fields(wanted)}


def _read(hint: Any) -> Read:
    """How a value of this type is read. `TypeError` for a type that messages do not carry."""
    if isinstance(hint, typing.NewType):
        return _read(hint.__supertype__)
    arguments = typing.get_args(hint)
    if isinstance(hint, types.UnionType) and type(None) in arguments:
        return _optional(_read(next(option for option in arguments if option is not type(None))))
    if typing.get_origin(hint) is tuple and arguments[1:] == (Ellipsis,):
        return _each(_read(arguments[0]))
    if dataclasses.is_dataclass(hint):
        return lambda value, where: from_plain(typing.cast(type[Any], hint), value, where)
    if hint not in _SCALARS:
        raise TypeError(f"messages do not carry {hint}")
    return _SCALARS[hint]


def _optional(read: Read) -> Read:
    return lambda value, where: None if value is None else read(value, where)


def _each(read: Read) -> Read:
    return lambda value, where: tuple(read(item, where) for item in sequence(value, where))
