"""A site as configured (port `cxcore.ports.directory`)."""

from __future__ import annotations


class FakeDirectory:
    """The demo site."""

    def site_name(self) -> str:
        """How the site calls itself."""
        return "Gemeente Noordwijk"

    def break_reasons(self) -> tuple[str, ...]:
        """The reasons for a break."""
        return ("Pauze", "Lunch", "Overleg", "Andere werkzaamheden")
