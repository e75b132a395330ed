"""What is sent to people and systems elsewhere: kept until it was taken, whatever becomes of the process meanwhile.

Any process hands in; the core sends. Whatever was handed in is sent at least once: a core that is killed between the
sending and the noting of it sends it again, under the same id, by which a receiver knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Way(StrEnum):
    """How something leaves the house."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    WHATSAPP = "whatsapp"
    """The lines of a chat, which arrive in their order: what is tried again holds up the later ones of that chat."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to send. `body` is the text of a mail, the JSON of a webhook, or which line of a chat it is; `subject`
    is then the chat's contact, and neither text nor phone number stands here."""

    way: Way
    subject: str
    body: str
    recipient: str = ""
    """The address of a mail; one letter for each, so that an address that is refused stops no other."""


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter in the outbox. `letter_id` is unique, and the same at each attempt; `at` is when it was handed in."""

    letter_id: str
    at: datetime
    letter: Letter
    attempts: int
    """How many have begun, this one included."""


class Outbox(Protocol):
    """Where letters are handed in."""

    def mail(self, subject: str, body: str, recipients: Sequence[str]) -> bool:
        """Send a plain text, to each recipient apart; whether that will be tried. It is not where no mail server is
        set, or for nobody. Returns when the letters are kept; raises `LogUnavailable`."""


class LettersToSend(Protocol):
    """What the core has to send. Each waits for the database and raises `LogUnavailable`."""

    def hurry(self, way: Way, now: datetime) -> None:
        """A core begins: all that waits is due, also what an earlier core was about to send when it ended."""

    def take(self, way: Way, now: datetime, until: datetime) -> KeptLetter | None:
        """The oldest letter that is due; nobody else is given it before `until`."""

    def sent(self, letter_id: str) -> None:
        """It was taken: nothing of it is kept."""

    def put_back(self, letter_id: str, fault: str, next_at: datetime) -> None:
        """It was not taken; try again then."""

    def give_up(self, letter_id: str, fault: str, at: datetime) -> None:
        """It is not tried any more. It is kept for some days, for those who look for it."""

    def trouble(self, way: Way, since: datetime) -> str:
        """Why the newest letter that waits after an attempt, or was given up since then, was not taken; else empty."""
