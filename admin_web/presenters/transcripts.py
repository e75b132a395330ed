"""What was written in a chat that is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from admin_web.presenters.chat import fault_words
from admin_web.presenters.names import Names
from admin_web.presenters.texts import gettext
from cxcore.domain.chat import Author
from cxcore.domain.events import ChatUndelivered, ChatWritten, Fact
from cxcore.ports.transcripts import Transcripts, TranscriptUnreadable


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A line; `own` of the municipality."""

    at: datetime
    who: str
    text: str
    own: bool
    fault: str = ""
    """Why it did not reach the customer, in words; else empty."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The lines that can be read; none when the text was erased."""

    lines: tuple[TranscriptLine, ...]


def transcript_of(facts: Sequence[Fact], names: Names, transcripts: Transcripts) -> Transcript:
    """The lines of a contact's facts, in order."""
    return Transcript(tuple(_lines(facts, names, transcripts)))


def _lines(facts: Sequence[Fact], names: Names, transcripts: Transcripts) -> Iterator[TranscriptLine]:
    lost = [fact for fact in facts if isinstance(fact, ChatUndelivered)]
    faults = {fact.number: fault_words(fact.fault) for fact in lost}
    for fact in facts:
        if not isinstance(fact, ChatWritten):
            continue
        try:
            text = transcripts.open(fact.contact_id, fact.number, fact.sealed)
        except TranscriptUnreadable:
            continue
        own = fact.author is not Author.CUSTOMER
        yield TranscriptLine(fact.at, _who(fact, names), text, own, faults.get(fact.number, ""))


def _who(fact: ChatWritten, names: Names) -> str:
    if fact.author is Author.CUSTOMER:
        return gettext("Klant")
    return names.agent(fact.agent_id) if fact.agent_id is not None else gettext("Automatisch bericht")
