"""What a caller hears at an instant, and when in a week: asked of the configuration, without a call.

The answer comes from the same code that serves callers, in simulated time, with nobody at work: so it shows the texts
of the queue and what follows when nobody answers. What a supervisor closed, and an emergency message that is on, count
for as long as they will.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Protocol

from cxcore.domain.dialplan import NumberLabel, Passed
from cxcore.domain.emergency import Emergency
from cxcore.domain.languages import in_language
from cxcore.domain.queue import QueueId
from cxcore.domain.schedule import DayHours, Opening

SITE_LANGUAGE = "nl"
TYPICAL_RATE = 14.0
"""Signs a second of spoken text, for a prompt whose sound is not made."""


class HeardKind(StrEnum):
    """What happens at one step."""

    NO_SUCH_NUMBER = "no-such-number"
    ANSWERED = "answered"
    SAID = "said"
    ASKED = "asked"
    QUEUED = "queued"
    """The caller waits, with hold music."""
    QUEUE_CLOSED = "queue-closed"
    QUEUE_FULL = "queue-full"
    TOO_LONG = "too-long"
    """The longest wait of the queue is over."""
    MOVED = "moved"
    """The queue closed while the caller waited."""
    RINGS = "rings"
    NOT_ANSWERED = "not-answered"
    CALL_BACK = "call-back"
    """The request was taken; the caller is called back."""
    RECORDED = "recorded"
    """The caller speaks a message."""
    WAITS_ON = "waits-on"
    """Nothing more changes while the caller waits."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SpokenPrompt:
    """A prompt: its name, the language in which it is heard, its text, the length of its sound, and which version of
    the message it is; 0 is what was shipped."""

    name: str
    language: str
    text: str
    seconds: float
    version: int = 0


@dataclass(frozen=True, slots=True)
class Voices:
    """What prompts say: language → prompt → text, and how long their sounds are."""

    texts: Mapping[str, Mapping[str, str]]
    seconds_of: Callable[[str, str], float | None] = lambda _prompt, _language: None
    versions: Mapping[str, int] = field(default_factory=dict)
    """Prompts that are not heard as they were shipped, with their language where that is another (`welkom.en`)."""

    def spoken(self, sound: PurePath) -> SpokenPrompt:
        """The prompt that a sound of `sounds` stands for."""
        name, language = sound.name, sound.parent.name
        text = self.texts.get(language, {}).get(name, "")
        seconds = self.seconds_of(name, language) or len(text) / TYPICAL_RATE
        version = self.versions.get(in_language(name, "" if language == SITE_LANGUAGE else language), 0)
        return SpokenPrompt(name, language, text, seconds, version)

    def sounds(self, language: str) -> Mapping[str, PurePath]:
        """A sound for each prompt of a language."""
        return {name: PurePath(language) / name for name in self.texts.get(language, {})}


@dataclass(frozen=True, slots=True)
class HeardStep:
    """One thing that the caller notices, `after_seconds` from the beginning of the call, and what led to it."""

    after_seconds: float
    kind: HeardKind
    prompts: tuple[SpokenPrompt, ...] = ()
    subject: str = ""
    """The queue or the destinations that it is about."""
    flow: str = ""
    index: int = 0
    """The step of the flow, counted from 0."""
    key: str | None = None
    """The key that was pressed at a question; empty for none."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """What a question offers: key → flow."""
    withheld: Mapping[str, Passed] = field(default_factory=dict)
    """The choices that are not offered now, with the reason."""
    opening: Opening | None = None
    """Of a queue that has hours."""
    by_hand: bool = False
    """Whether a supervisor opened or closed the queue that it is about."""
    seconds: float = 0.0
    """How long it rings at most, or how long the caller waited."""
    again_every_seconds: int | None = None
    """A text of a queue: how often it comes again."""
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What people switched beside the configuration, and what stays until somebody switches it again."""

    emergencies: tuple[Emergency, ...] = ()
    """The messages that are on now; those with an end count until then."""
    queues: Mapping[QueueId, bool] = field(default_factory=dict)
    """Queues that a supervisor opened (True) or closed."""
    since: Mapping[QueueId, datetime] = field(default_factory=dict)
    """When that was; before, the timetable counted."""

    def emergencies_at(self, at: datetime) -> Mapping[str, Emergency]:
        """Scope → the message that is on at an instant."""
        on = (each for each in self.emergencies if each.since <= at and (each.until is None or at < each.until))
        return {each.scope: each for each in on}

    def queues_at(self, at: datetime) -> Mapping[QueueId, bool]:
        """The queues that were opened or closed by hand before an instant."""
        return {queue_id: is_open for queue_id, is_open in self.queues.items() if self.since[queue_id] <= at}


AS_CONFIGURED = Circumstances()


@dataclass(frozen=True, slots=True)
class SupposedCall:
    """A call that nobody makes. `at` is aware; a hidden `caller_number` is None; an empty key lets a question pass."""

    dialled_number: str
    at: datetime
    keys: tuple[str, ...] = ()
    caller_number: str | None = "+31612345678"
    forwarded_from: str | None = None
    """The number that was dialled before the call was forwarded to `dialled_number`."""


class OutcomeKind(StrEnum):
    """Where a caller ends up."""

    MENU = "menu"
    QUEUE = "queue"
    MESSAGE = "message"
    """A message, and then the call ends."""
    RINGS = "rings"
    CALL_BACK = "call-back"
    VOICEMAIL = "voicemail"
    SILENT_END = "silent-end"
    """The call ends without a word: a gap."""
    NOT_OFFERED = "not-offered"
    """The menu does not offer this key now."""
    NO_SUCH_NUMBER = "no-such-number"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a caller ends up: the flow of a menu, a queue, the message that was heard last, or the destinations."""

    kind: OutcomeKind
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """From an instant until another of the same day, callers get the same. Minutes from local midnight, up to 1440."""

    begins: int
    ends: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class DayOfLine:
    """The bands of a day, and what is special about it by the timetables: their names → hours from no weekday."""

    day: date
    bands: tuple[Band, ...]
    special: Mapping[str, DayHours] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A week of callers who press these keys; none is the number itself."""

    keys: tuple[str, ...]
    days: tuple[DayOfLine, ...]


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number, or a range as it is written, with its label; `example` is a number that can be dialled."""

    written: str
    example: str
    label: NumberLabel


class Inspection(Protocol):
    """Asks the configuration that counts. Nothing here changes anything."""

    def of(self, text: str) -> Inspection:
        """Asks another text of the configuration: of a version, or a draft. Messages, emergency messages and queues
        that were closed by hand are those of now. Raises `TextRefused` for one that has errors."""

    def numbers(self) -> Sequence[OwnNumber]:
        """What callers can dial, in the order of the configuration."""

    def hear(self, call: SupposedCall) -> Sequence[HeardStep]:
        """What the caller would hear, in order."""

    def week(self, number: str, monday: date) -> Sequence[Line]:
        """What happens when in the week that begins on a day: for the number, then for each key of its menu."""

    def queue_names(self) -> Mapping[str, str]:
        """Queue → how screens call it."""

    def sound(self, prompt: str, language: str) -> Path | None:
        """The sound file of a prompt; None when there is none."""
