"""The phone book is searched as one types."""

from __future__ import annotations

import time

import pytest

from cxcore.domain.phone_book import PhoneBook, PhoneBookEntry

BOOK = PhoneBook.of(
    [
        PhoneBookEntry("wijk", "Wijkteam Noord", ("+31715550200", "+31715550201"), "Sociaal domein"),
        PhoneBookEntry("jose", "José van Dam-Bakker", ("+31612345678",), "Burgerzaken"),
        PhoneBookEntry("anne", "Anne van Dam", ("2210",), "Sociaal domein"),
    ]
)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("dam", ["anne", "jose"]),
        ("jose", ["jose"]),
        ("bakker", ["jose"]),
        ("soc noord", ["wijk"]),
        ("071555", ["wijk"]),
        ("+3171555", ["wijk"]),
        ("0612345678", ["jose"]),
        ("2210", ["anne"]),
        ("07", []),
        ("nobody", []),
        ("", []),
        ("am", []),
    ],
)
def test_each_word_begins_a_word_or_is_part_of_a_number(query: str, keys: list[str]) -> None:
    assert [entry.key for entry in BOOK.search(query)] == keys


def test_five_thousand_entries_take_a_few_milliseconds() -> None:
    names = ("Bakker", "Visser", "De Vries", "Mulder", "Jansen")
    book = PhoneBook.of(
        PhoneBookEntry(str(number), f"Medewerker {number} {names[number % 5]}", (f"+3171{number:07d}",), "Team")
        for number in range(5000)
    )
    began = time.process_time()
    assert len(book.search("mulder team")) == 20
    assert book.search("zzz") == []
    assert time.process_time() - began < 0.1
