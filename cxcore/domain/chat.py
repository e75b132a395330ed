"""A chat: what customer and agent write to each other, and the pages on which chats begin [22, 34, 40]."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cxcore.domain.numbers import USER_ID, normalised
from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass
from cxcore.domain.schedule import AMSTERDAM

LONGEST_LINE = 2000
"""Characters."""
MOST_LINES = 500
"""Of one chat: it stands in the memory of the core and in the live picture."""
MOST_LETTERS = 100_000
"""In all its lines."""
LONGEST_NAME = 80
LONGEST_ADDRESS = 160


CLOSED_WORDS = "Wij zijn op dit moment gesloten. Uw bericht wordt niet gelezen."
FULL_WORDS = "Het is nu erg druk. Uw bericht wordt niet gelezen; probeert u het later nog eens."


class Author(StrEnum):
    """Who wrote a line."""

    CUSTOMER = "customer"
    AGENT = "agent"
    HOUSE = "house"
    """The contact centre by itself: that it is closed."""


class ChatEnd(StrEnum):
    """Who ended a chat, as the customer is told."""

    CUSTOMER = "customer"
    AGENT = "agent"
    AWAY = "away"
    """The customer's page was gone too long."""
    CLOSED = "closed"
    """The queue closed while the customer waited, or was closed when a message came."""
    FULL = "full"
    """As many waited as may when a message came."""


@dataclass(frozen=True, slots=True)
class ChatLine:
    """What was written. `agent_id` of an agent's line; `token` tells one that is sent again from another."""

    number: int
    at: datetime
    author: Author
    text: str = field(repr=False)
    agent_id: str | None = None
    token: str = ""
    fault: str = ""
    """Why it did not reach the customer: a code of the messaging service; empty as long as nothing is known of that."""


@dataclass(slots=True)
class Chat:
    """A conversation in writing on the live floor. Instants are aware UTC."""

    page: str
    """The key of the page on which it began; empty for one that came another way."""
    via: str = ""
    """By which number of ours at a messaging service it goes (`ChatPage.whatsapp`); empty for one on a page."""
    lines: list[ChatLine] = field(default_factory=list)
    tokens: dict[str, int] = field(default_factory=dict)
    """By token: the number of its line."""
    letters: int = 0
    away_since: datetime | None = None
    """Since when the customer's page is not heard of."""
    seen_at: datetime | None = None
    turned_away: str | None = None
    """Whose message found the queue closed or full: this phone number's."""
    end: ChatEnd | None = None
    writing_until: dict[Author, datetime] = field(default_factory=dict)
    """Until when each of the two counts as somebody who is writing."""
    read: int = 0
    """The number of the last line that the customer has seen, as page or messaging service say."""

    def add(self, line: ChatLine) -> None:
        """Keep another line; its author has written it."""
        self.lines.append(line)
        self.writing_until.pop(line.author, None)
        self.letters += len(line.text)
        if line.token:
            self.tokens[line.token] = line.number

    def note_fault(self, number: int, fault: str) -> bool:
        """Keep why a line did not arrive; whether that is news."""
        for at, line in enumerate(self.lines):
            if line.number == number and not line.fault:
                self.lines[at] = replace(line, fault=fault)
                return True
        return False

    def note_read(self, number: int) -> bool:
        """Keep how far the customer has read; whether that is news. Nobody reads what is not there yet."""
        if not self.read < number < self.next_number:
            return False
        self.read = number
        return True

    @property
    def is_full(self) -> bool:
        """Whether it takes no further line."""
        return len(self.lines) >= MOST_LINES or self.letters >= MOST_LETTERS

    @property
    def next_number(self) -> int:
        """Of the line that comes next, counted from 1."""
        return self.lines[-1].number + 1 if self.lines else 1


@dataclass(frozen=True, slots=True)
class ChatPage:
    """A page on which chats begin. `name` is the website as agents and customers know it [17]."""

    key: str
    name: str
    queue_id: QueueId
    origins: tuple[str, ...] = ()
    """The websites that may show it in a frame: `https://www.noordwijk.nl`."""
    welcome: str = ""
    """Said above the form; empty for the usual words."""
    whatsapp: str = ""
    """The id that WhatsApp has for our number (`phone_number_id`): its messages begin the chats, and nobody looks at a
    page; empty for a page."""
    closed: str = CLOSED_WORDS
    """Written to who sends a message then; when the queue opens next follows."""
    full: str = FULL_WORDS


def pages_in(written: Mapping[str, Any]) -> dict[str, ChatPage]:
    """The pages as they stand in the site, which has been checked."""
    return {
        str(key): ChatPage(
            str(key),
            str(each.get("name") or key),
            QueueId(str(each["queue"])),
            tuple(str(origin) for origin in each.get("origins") or ()),
            str(each.get("welcome") or ""),
            str(each.get("whatsapp") or ""),
        )
        for key, each in written.items()
    }


def address_in(written: str) -> str | None:
    """A phone number, mail address or user id in the form in which it is looked for; None when nothing was written."""
    address = cleaned(written, LONGEST_ADDRESS)
    if USER_ID.fullmatch(address):
        return address
    return normalised(address) or address.casefold() or None


DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def opening_words(opens_at: datetime) -> str:
    """When we can be reached again, as it is written to a customer; `opens_at` is aware."""
    local = opens_at.astimezone(AMSTERDAM)
    return f"Vanaf {DAYS[local.weekday()]} {local.day}-{local.month} om {local:%H:%M} uur zijn wij er weer voor u."


def cleaned(text: str, longest: int, lines: bool = False) -> str:
    """The text without control characters and unpaired surrogates, cut off; `lines`: with its ends of lines."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    allowed = "\n" if lines else ""
    letters = (each for each in kept if each in allowed or not _is_control(each))
    return "".join(letters).strip()[:longest].rstrip()


def _is_control(letter: str) -> bool:
    """Controls, unpaired halves, and marks that turn the direction of writing about; ZWJ and ZWNJ belong to scripts
    and emoji (Unicode 15, 23.2 and 23.3)."""
    category = unicodedata.category(letter)
    return category in ("Cc", "Cs", "Cn") or letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
