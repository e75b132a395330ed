"""A site as configured (port `cxcore.ports.directory`)."""

from __future__ import annotations

from cxcore.domain.phone_book import PhoneBook, PhoneBookEntry


class FakeDirectory:
    """The demo site."""

    def __init__(self) -> None:
        self.softphones: set[str] = set()
        self.by_themselves: set[str] = set()

    def site_name(self) -> str:
        """How the site calls itself."""
        return "Gemeente Noordwijk"

    def break_reasons(self) -> tuple[str, ...]:
        """The reasons for a break."""
        return ("Pauze", "Lunch", "Overleg", "Andere werkzaamheden")

    def phone_book(self) -> PhoneBook:
        """Two entries, one of them a ring group."""
        team = PhoneBookEntry("wijkteam", "Wijkteam Noord", ("+31715550200", "+31715550201"), "Sociaal domein")
        return PhoneBook.of([team, PhoneBookEntry("notaris", "Notaris Van Dam", ("+31715550210",), "Extern")])

    def topics(self) -> tuple[str, ...]:
        """What a contact can be about."""
        return ("Paspoort", "Rijbewijs", "Verhuizing")

    def answers_by_itself(self, agent_id: str) -> bool:
        """Nobody's, unless the test says so."""
        return agent_id in self.by_themselves

    def has_softphone(self, agent_id: str) -> bool:
        """Nobody's telephone is the page, unless the test says so."""
        return agent_id in self.softphones
