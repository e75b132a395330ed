"""How long contacts are kept, and what of them: report data at least 13 months [67], and not for ever [78]."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """What the database forgets by itself. Instants are aware UTC; each raises `LogUnavailable`.

    A contact that has not ended stays, and so does one of which a recording is kept back (legal hold).
    """

    def forget_persons(self, before: datetime, now: datetime, most: int) -> int:
        """Take numbers, callers' names and notes out of contacts that ended before; of how many, at most `most`.

        Queues, agents, instants and topics stay, so that no figure changes.
        """

    def delete_contacts(self, before: datetime, most: int) -> int:
        """Delete contacts that ended before, with their facts, visits and calls; how many, at most `most`.

        One of which a recording is still kept stays as long as that.
        """

    def delete_figures(self, before: datetime) -> int:
        """Delete figures of quarters before, and what agents' states were; how many rows. States that hold now stay."""
