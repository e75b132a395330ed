"""Requirement 42: a phone book that is managed centrally; the agent transfers to its entries."""

from __future__ import annotations

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import TransferContact
from cxcore.domain.phone_book import PhoneBook, PhoneBookEntry
from tests.unit.world import World

NUMBERS = ("+31715550200", "+31715550201")


def test_entry_is_found_by_name_department_and_number() -> None:
    book = PhoneBook.of([PhoneBookEntry("wijk", "Wijkteam Noord", NUMBERS, "Sociaal domein")])
    for query in ("noord", "sociaal", "071 555 02".replace(" ", "")):
        assert [entry.key for entry in book.search(query)] == ["wijk"]


def test_contact_is_transferred_to_the_first_number_of_an_entry_that_answers() -> None:
    world = World()
    world.log_on("anna")
    caller, _ = world.talk()
    world.does(TransferContact("anna", AgentId("anna"), "phone-book", "wijk", "Wijkteam Noord", NUMBERS))
    one, two = world.switch.dialled_legs()
    world.answers(two)
    assert world.switch.bridged_to(caller) == two
    assert not world.switch.lives(one)
