"""`cx privacy find | erase NUMBER`: a person asks what is kept, or to have it erased (GDPR 15 and 17)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager

from cxcore.client.controller import ControllerClient
from cxcore.config import Settings
from cxcore.domain.commands import Command
from cxcore.domain.numbers import person_key
from cxcore.feed.link import LinkRefused, LinkSettings
from cxcore.launch.recordings import CANNOT, DONE, OPERATOR
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.privacy import CoreMemory, PersonReport, Privacy
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.privacy import PersonFile
from cxcore.recordings.transcripts import TranscriptFolder
from cxcore.recordings.upkeep import Upkeep
from cxcore.recordings.voice_messages import KEPT, VoiceMessageFolder
from cxcore.runner.clock import SystemClock
from cxcore.storage import Storage, open_storage

LINK_SECONDS = 3.0


def find(settings: Settings, written: str) -> int:
    """List what is kept of a number."""
    return _of_person(settings, written, _find)


def erase(settings: Settings, written: str) -> int:
    """Erase what is kept of a number, but what must be kept, and report both."""
    return _of_person(settings, written, _erase)


COMMANDS: Mapping[str, Callable[[Settings, str], int]] = {"find": find, "erase": erase}


@contextmanager
def _running_core(settings: Settings) -> Iterator[Callable[[Command], None]]:
    """The way to the core; a command that finds none is refused."""
    controller = ControllerClient(LinkSettings(settings.changes_endpoint, settings.commands_endpoint))
    controller.start()
    try:
        controller.wait_for_picture(LINK_SECONDS)
        yield controller.submit
    finally:
        controller.stop()


def person_file(settings: Settings, storage: Storage, tell_core: Callable[[Command], None]) -> PersonFile:
    """What finds and erases, on the stores of this site."""
    keys = KeyRing(settings.recording_keys_directory)
    messages = VoiceMessageFolder(settings.voice_messages_directory, keys, serves=False)
    kept, clock = settings.kept_recordings_directory, SystemClock()
    upkeep = Upkeep(
        storage.recordings, kept, keys, storage.audit, clock, settings.voice_messages_directory / KEPT
    )
    transcripts = TranscriptFolder(settings.chat_keys_directory)
    return PersonFile(storage.persons, upkeep, messages, transcripts, tell_core)


def _of_person(settings: Settings, written: str, work: Callable[[Privacy, str], None]) -> int:
    number = person_key(written)
    if number is None:
        sys.stderr.write(
            f"{written[:40]!r} is no phone number or mail address: write +31612345678, 0612345678 or k@example.nl\n"
        )
        return CANNOT
    try:
        held = settings.site.state / "held-facts-of-privacy"
        with closing(open_storage(settings.database_url, held)) as storage, _running_core(settings) as tell_core:
            work(person_file(settings, storage, tell_core), number)
    except (LogUnavailable, LinkRefused, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT
    return DONE


CORE_WORDS: Mapping[CoreMemory, str] = {
    CoreMemory.NOT_ASKED: "",
    CoreMemory.FORGOTTEN: "the running core has forgotten who spoke the caller last",
    CoreMemory.NOT_TOLD: "no core answered: one that runs unreached knows for sticky_seconds who spoke the caller last",
}


def _find(privacy: Privacy, number: str) -> None:
    report = privacy.find(number, OPERATOR, "")
    sys.stdout.write(f"{_counted(report)} of {number}\n")
    sys.stdout.writelines(f"  {line}\n" for line in _lines(report))
    _tell_kept(report, "cannot be erased now")


def _erase(privacy: Privacy, number: str) -> None:
    report = privacy.erase(number, OPERATOR, "")
    sys.stdout.write(f"{_counted(report)} erased; the audit holds it. The figures of the reports stay as they are\n")
    sys.stdout.writelines(f"  {line}\n" for line in _lines(report))
    _tell_kept(report, "were NOT erased")
    sys.stdout.write(f"{CORE_WORDS[report.core]}\n")


def _counted(report: PersonReport) -> str:
    contacts, recordings, messages = len(report.contacts), len(report.recordings), len(report.messages)
    return f"{contacts} contacts, {recordings} recordings, {messages} voice messages"


def _lines(report: PersonReport) -> Iterator[str]:
    for contact in report.contacts:
        began = contact.opened_at.isoformat(timespec="seconds")
        notes = f", {len(contact.notes)} notes" if contact.notes else ""
        yield f"{began}  {contact.channel} {contact.direction}  {contact.contact_id}  {contact.facts} facts{notes}"
    for each in report.recordings:
        began = each.started_at.isoformat(timespec="seconds")
        why = f"  kept back by {each.held_by}: {each.hold_reason}" if each.held_by else ""
        yield f"{began}  recording of {each.seconds:.0f} s  {each.recording_id}{why}"
    yield from (f"voice message {each}" for each in report.messages)


def _tell_kept(report: PersonReport, what: str) -> None:
    if report.kept:
        sys.stdout.write(f"{len(report.kept)} contacts {what}:\n")
        sys.stdout.writelines(f"  {contact_id}  {why.value}\n" for contact_id, why in report.kept.items())
    for each in report.held:
        sys.stdout.write(f"  {each.recording_id}  kept back by {each.held_by}: {each.hold_reason}\n")
    for place in sorted(report.elsewhere):
        sys.stdout.write(f"the number also stands in the {place.value}, which is not touched\n")
