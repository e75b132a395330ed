"""What every service works with: the floor, the switch, the timers, and the list of facts that a step brought forth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Protocol

from cxcore.domain.contact import Contact, ContactId
from cxcore.domain.dialplan import Next
from cxcore.domain.events import Fact, LeaseHealed
from cxcore.domain.floor import Floor
from cxcore.domain.languages import in_language
from cxcore.domain.leg import OrderId
from cxcore.domain.offer import OfferId
from cxcore.domain.tidings import Tiding
from cxcore.ports.contact_log import BegunMessage, KnownOffer, OpenContact
from cxcore.ports.service_desk import NOBODYS_DESK, ServiceDesk
from cxcore.ports.sound_meter import NO_SOUND_METER, SoundMeter
from cxcore.ports.switch import Prompts, Switch
from cxcore.ports.transcripts import NO_TRANSCRIPTS, Transcripts
from cxcore.ports.voice_messages import NO_VOICE_MESSAGES, VoiceMessages


@dataclass(frozen=True, slots=True)
class Memory:
    """What the log knew of contacts when the core started."""

    left_open: Mapping[ContactId, OpenContact] = field(default_factory=dict)
    ended: frozenset[ContactId] = frozenset()
    """Contacts that ended not long ago; a leg of theirs that lives was meant to be hung up."""
    known_offers: dict[OfferId, KnownOffer] = field(default_factory=dict)
    """Offers of contacts that were left open; one that is settled is taken out."""
    begun_messages: tuple[BegunMessage, ...] = ()
    """Voice messages that were being spoken."""


def _watched_by_nobody(_contact: Contact, _due: Next) -> None:
    """In a running core nobody asks."""


class Timers(Protocol):
    """Tidings of time, each under a key of its own."""

    def set(self, tiding: Tiding) -> None:
        """Put the tiding into the inbox at its instant `tiding.at`; an earlier one of the same kind and object goes."""

    def cancel(self, tiding_type: type[Tiding], identity: str) -> None:
        """Take a timer away; one that is not set is no error."""


@dataclass(slots=True)
class Workplace:
    """Handed to each function of a service."""

    floor: Floor
    switch: Switch
    timers: Timers
    prompts: Mapping[str, PurePath]
    """Prompt name → sound file on the switch's machine, as it was shipped, in the language of the site."""
    new_identity: Callable[[], str]
    next_midnight: Callable[[datetime], datetime]
    """The next local midnight after an instant."""
    voice_messages: VoiceMessages = NO_VOICE_MESSAGES
    """The files of voice messages."""
    music: Prompts = ()
    """Hold music as files, for a question that is to be heard through with music; without any it ends in silence."""
    seconds_of: Callable[[PurePath], float | None] = lambda _: None
    """How long a sound file takes; None when that is not known."""
    desk: ServiceDesk = NOBODYS_DESK
    """What a caller of the service number needs of the world."""
    sound_meter: SoundMeter = NO_SOUND_METER
    """Who knows how calls sounded that went by the border."""
    beep: Prompts = ()
    """After which a caller speaks a message."""
    beep_seconds: float = 0.0
    message_days: int | None = None
    """How long voice messages are kept; None: for ever."""
    transcripts: Transcripts = NO_TRANSCRIPTS
    """Who keeps the text of chats."""
    transcript_days: int | None = None
    """How long that is kept; None: for ever."""
    replaced: dict[str, PurePath] = field(default_factory=dict)
    """Prompt name, with its language where that is another (`domain.languages`) → the sound that is heard in the place
    of the one that was shipped, or without one."""
    find_sound: Callable[[str], PurePath | None] = lambda _: None
    """Where a sound of the library stands; None when there is none of that name."""
    translations: Mapping[str, Mapping[str, PurePath]] = field(default_factory=dict)
    """Another language → its prompts; what it lacks is said in the language of the site."""
    on_walk: Callable[[Contact, Next], None] = _watched_by_nobody
    """Told of each action of the dialplan before it is carried out, with the reasons that led to it."""
    recordings_folder: PurePath = PurePath("/recordings")
    """Where the switch writes recordings of calls, on its machine."""
    room_to_record: Callable[[], bool] = lambda: True
    """Whether the disk has room for another recording."""
    memory: Memory | None = None
    """What the log knows of contacts when a core starts; None once the switch said which of them live."""
    facts: list[Fact] = field(default_factory=list)
    """What happened in this step, in order; the runner takes them away and fans them out."""

    def publish(self, fact: Fact) -> None:
        """Tell a fact. The day's figures are counted here, by the same definitions as the reports."""
        self.floor.observe(fact)
        self.facts.append(fact)

    def tell_healed(self, contact: Contact, cause: str, now: datetime) -> None:
        """Tell that what the floor said of a contact was put right, and why."""
        self.publish(LeaseHealed(now, "contact", contact.contact_id, cause, contact.contact_id))

    def has_sound(self, name: str) -> bool:
        """Whether a prompt of this name can be played."""
        return name in self.replaced or name in self.prompts

    def sounds(self, *names: str | None, language: str = "") -> Prompts:
        """The files of the prompts that are named, in a language where it has them; None is left out."""
        if not language:
            return tuple(self._shipped(name) for name in names if name is not None)
        return tuple(self._translated(name, language) or self._shipped(name) for name in names if name is not None)

    def _translated(self, name: str, language: str) -> PurePath | None:
        return self.replaced.get(in_language(name, language)) or self.translations.get(language, {}).get(name)

    def _shipped(self, name: str) -> PurePath:
        return self.replaced.get(name) or self.prompts[name]

    def new_order(self, contact: Contact) -> OrderId:
        """An identity for the order that moves this contact on; outcomes of earlier orders no longer count."""
        contact.order_id = OrderId(self.new_identity())
        return contact.order_id
