"""Facts become rows and lines, and come back as they were."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import pytest

from cxcore.domain.contact import Channel, ContactId
from cxcore.domain.events import ContactOpened, ContactQueued, Fact
from cxcore.domain.queue import QueueId
from cxcore.storage.derive import DERIVATIONS
from cxcore.storage.facts import KINDS, HeldFact, UnreadableFact, from_line, from_row, to_line, to_row

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def sample(hint: Any) -> Any:
    """A value of the type."""
    if isinstance(hint, NewType):
        return sample(hint.__supertype__)
    if get_origin(hint) in (Union, UnionType):
        return sample(next(arg for arg in get_args(hint) if arg is not NoneType))
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return (sample(item), sample(item) if is_dataclass(item) else "second")
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{field.name: sample(hints[field.name]) for field in fields(hint)})
    if issubclass(hint, StrEnum):
        return list(hint)[-1]
    return {str: "Zoë 'x' \\ \"y\" 汉", int: 7, float: 0.1 + 0.2, bool: True, datetime: NOON}[hint]


def fact_of(kind: type[Fact]) -> Fact:
    hints = get_type_hints(kind)
    return kind(**{field.name: sample(hints[field.name]) for field in fields(kind)})


def emptied(kind: type[Fact]) -> Fact:
    """The same with None wherever it may stand, and empty tuples."""
    hints = get_type_hints(kind)

    def value(hint: Any) -> Any:
        if get_origin(hint) in (Union, UnionType):
            return None
        return () if get_origin(hint) is tuple else sample(hint)

    return kind(**{field.name: value(hints[field.name]) for field in fields(kind)})


def test_every_subclass_of_fact_is_known() -> None:
    assert {cls.__name__ for cls in Fact.__subclasses__()} == set(KINDS)


def test_every_kind_of_fact_says_what_is_derived_from_it() -> None:
    assert set(KINDS.values()) == set(DERIVATIONS)


@pytest.mark.parametrize("make", [fact_of, emptied])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_fact_comes_back_from_its_row_and_its_line(kind: type[Fact], make: Any) -> None:
    held = HeldFact("core-1", 42, make(kind))

    row = to_row(held)
    row["body"] = json.loads(json.dumps(row["body"]))

    assert from_row(row) == held.fact
    assert from_line(to_line(held)) == held


def test_what_postgresql_cannot_store_in_a_text_is_replaced() -> None:
    fact = ContactOpened(NOON, ContactId("c"), Channel.TELEPHONY, "+31", None, "A\0B\udcffC")

    stored = from_row(to_row(HeldFact("core-1", 1, fact)))

    assert isinstance(stored, ContactOpened)
    assert stored.caller_name == "A\ufffdB\ufffdC"


def test_a_fact_stored_before_it_had_a_field_takes_the_default() -> None:
    row = to_row(HeldFact("core-1", 1, ContactQueued(NOON, ContactId("c"), QueueId("q"), 45)))
    del row["body"]["target_seconds"]

    assert from_row(row) == ContactQueued(NOON, ContactId("c"), QueueId("q"), 20)


@pytest.mark.parametrize("kind", ["FactOfTomorrow", "MenuChosen"])
def test_a_fact_of_unknown_kind_or_shape_is_named(kind: str) -> None:
    with pytest.raises(UnreadableFact, match=kind):
        from_row({"at": NOON, "kind": kind, "contact_id": "c", "body": {}})


@pytest.mark.parametrize("line", ["", "{", "[]", "null", '{"kind": "CoreStarted"}', '{"at": 1}'])
def test_a_broken_line_is_named(line: str) -> None:
    with pytest.raises(UnreadableFact):
        from_line(line)
