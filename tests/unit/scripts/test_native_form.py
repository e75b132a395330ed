"""Modules as the compiler gets them do what they did."""

from __future__ import annotations

import dataclasses
from typing import Any

from scripts.compiling.native_form import rewritten

FIRST = '''from __future__ import annotations

from dataclasses import dataclass, field

TIMES = 2
WORDS: tuple[str, ...] = (
    "one",
)
lower = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """Something."""

    at: int


@dataclass(slots=True)
class Line:
    places: list[int] = field(default_factory=list)
    kind: str = "a"
    length: int = field(init=False)

    def __post_init__(self) -> None:
        self.length = len(self.places) * TIMES


'''
SECOND = '''from __future__ import annotations

from cxcore.domain.records import dataclass
from first import Fact


@dataclass(frozen=True)
class Called(Fact):
    by: str
    why: str | None = None
'''


def loaded(text: str, **names: Any) -> dict[str, Any]:
    names["__name__"] = __name__
    exec(text, names)  # noqa: S102 - the text is this test's own
    return names


def modules() -> tuple[dict[str, Any], dict[str, Any]]:
    texts = rewritten({"first": FIRST, "second": SECOND})
    first = loaded(texts["first"])
    return first, loaded(texts["second"].replace("from first import Fact", ""), Fact=first["Fact"])


def test_the_constructor_is_written_out_and_takes_what_it_took() -> None:
    first, second = modules()
    assert "__init__(self, at: int, by: str, why: str | None = None)" in rewritten({"a": FIRST, "b": SECOND})["b"]
    called = second["Called"](1, "anna")
    assert (called.at, called.by, called.why) == (1, "anna", None)
    assert called == second["Called"](at=1, by="anna") != second["Called"](2, "anna")
    assert hash(called) == hash(second["Called"](1, "anna"))
    assert repr(called) == "Called(at=1, by='anna', why=None)"
    assert dataclasses.replace(called, by="bram").by == "bram"
    assert first["Line"]([1, 2]).length == 4


def test_what_is_made_anew_for_each_record_is_shared_by_none() -> None:
    line = modules()[0]["Line"]
    line().places.append(1)
    assert line().places == []


def test_names_in_capitals_are_final_and_others_are_not() -> None:
    text = rewritten({"a": FIRST})["a"]
    assert "TIMES: Final = 2" in text
    assert "WORDS: Final[tuple[str, ...]] = (" in text
    assert "\nlower = 3" in text


def test_every_line_keeps_its_number() -> None:
    lines = rewritten({"a": FIRST})["a"].split("\n")
    for number, line in enumerate(FIRST.split("\n")):
        if line.startswith(("class", "    def")):
            assert lines[number] == line
