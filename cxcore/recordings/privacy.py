"""Finds and erases what is kept of a person, over every store (port `cxcore.ports.privacy`, `Privacy`)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from cxcore.domain.commands import Command, ForgetCaller
from cxcore.domain.contact import Channel, ContactId
from cxcore.ports.audit import AuditResult
from cxcore.ports.controller import CommandRefused, ControllerUnavailable
from cxcore.ports.privacy import (
    CoreMemory,
    KeptBecause,
    PersonContact,
    PersonIndex,
    PersonLine,
    PersonRecording,
    PersonReport,
    Place,
)
from cxcore.ports.recordings import StoredRecording
from cxcore.ports.transcripts import Transcripts, TranscriptUnreadable
from cxcore.recordings.upkeep import Upkeep
from cxcore.recordings.voice_messages import VoiceMessageFolder

log = logging.getLogger(__name__)

ASKED = "asked-by-person"


@dataclass(slots=True)
class PersonFile:
    """Implements `Privacy`. Sound is erased before what leads to it, so that nothing is left that nobody finds."""

    persons: PersonIndex
    upkeep: Upkeep
    messages: VoiceMessageFolder
    transcripts: Transcripts
    tell_core: Callable[[Command], None]
    """Carries a command out in the running core; raises `CommandRefused`, `ControllerUnavailable`."""

    def find(self, number: str, by: str, origin: str) -> PersonReport:
        report = self._report(number)
        self._tell("find-person", f"number={number} {_counted(report)}", by, origin)
        return report

    def erase(self, number: str, by: str, origin: str) -> PersonReport:
        report = _without_kept(self._report(number))
        for recording in self._recordings(report.contacts):
            self.upkeep.delete(recording, by, ASKED)
        for message in report.messages:
            self.messages.erase(_file_of(message))
        for contact in report.contacts:
            if contact.chat:
                self.transcripts.erase(contact.contact_id)
            self.persons.forget(contact, number)
        core = self._forget_in_core(number, by)
        self._tell("erase-person", f"{_counted(report)} kept={len(report.kept)} core={core}", by, origin)
        return replace(report, core=core)

    def _forget_in_core(self, number: str, by: str) -> CoreMemory:
        """Last, so that a core that starts meanwhile reads nothing of it any more."""
        try:
            self.tell_core(ForgetCaller(by, number))
        except (CommandRefused, ControllerUnavailable) as away:
            log.warning("the core was not told to forget a caller: %s", away)
            return CoreMemory.NOT_TOLD
        return CoreMemory.FORGOTTEN

    def _report(self, number: str) -> PersonReport:
        contacts = tuple(self._with_text(each) for each in self.persons.contacts_of(number))
        recordings = self._recordings(contacts)
        messages = tuple(
            each.contact_id for each in contacts
            if each.channel == Channel.VOICEMAIL and self.messages.exists(_file_of(each.contact_id))
        )  # fmt: skip
        running = {each.contact_id: KeptBecause.RUNNING for each in contacts if not each.ended}
        held = {each.contact_id: KeptBecause.HELD for each in recordings if each.held_by is not None}
        told = tuple(map(_recording, recordings))
        back = tuple(each for each in told if each.held_by)
        return PersonReport(number, contacts, told, messages, running | held, back, self._elsewhere(number))

    def _with_text(self, contact: PersonContact) -> PersonContact:
        return replace(contact, chat=tuple(self._opened(contact.contact_id, contact.chat))) if contact.chat else contact

    def _opened(self, contact_id: ContactId, lines: Sequence[PersonLine]) -> Iterator[PersonLine]:
        """The lines that can still be read."""
        for line in lines:
            with suppress(TranscriptUnreadable):
                yield replace(line, text=self.transcripts.open(contact_id, line.number, line.text))

    def _recordings(self, contacts: Sequence[PersonContact]) -> list[StoredRecording]:
        """Of calls that the person was a party of."""
        found = (self.upkeep.index.of_contact(each.contact_id) for each in contacts if each.is_party)
        return [recording for recordings in found for recording in recordings]

    def _elsewhere(self, number: str) -> frozenset[Place]:
        places = {
            Place.CONFIGURATION: self.persons.is_in_configuration(number),
            Place.AUDIT: self.persons.is_in_audit(number),
        }
        return frozenset(place for place, there in places.items() if there)

    def _tell(self, action: str, object: str, by: str, origin: str) -> None:
        self.upkeep.audit.record(by, action, object, AuditResult.DONE, origin, self.upkeep.clock.now())


def _without_kept(report: PersonReport) -> PersonReport:
    """What may be erased now."""
    return PersonReport(
        report.number,
        tuple(each for each in report.contacts if each.contact_id not in report.kept),
        tuple(each for each in report.recordings if each.contact_id not in report.kept),
        tuple(each for each in report.messages if ContactId(each) not in report.kept),
        report.kept,
        report.held,
        report.elsewhere,
    )


def _recording(stored: StoredRecording) -> PersonRecording:
    return PersonRecording(
        stored.recording_id, stored.contact_id, stored.started_at, stored.duration_seconds, stored.keep_until,
        stored.held_by or "", stored.hold_reason,
    )  # fmt: skip


def _file_of(contact_id: str) -> str:
    return f"{contact_id}.wav"


def _counted(report: PersonReport) -> str:
    return f"contacts={len(report.contacts)} recordings={len(report.recordings)} messages={len(report.messages)}"
