"""A site as configured (port `cxcore.ports.directory`)."""

from __future__ import annotations


class FakeDirectory:
    """The demo site."""

    def __init__(self) -> None:
        self.softphones: set[str] = set()

    def site_name(self) -> str:
        """How the site calls itself."""
        return "Gemeente Noordwijk"

    def break_reasons(self) -> tuple[str, ...]:
        """The reasons for a break."""
        return ("Pauze", "Lunch", "Overleg", "Andere werkzaamheden")

    def has_softphone(self, agent_id: str) -> bool:
        """Nobody's telephone is the page, unless the test says so."""
        return agent_id in self.softphones
