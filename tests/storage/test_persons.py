"""What the stores keep of a person is found, and erased for good."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxcore.alerting import whatsapp
from cxcore.alerting.courier import NotWanted
from cxcore.alerting.whatsapp import LineSender
from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.chat import Author
from cxcore.domain.commands import Command, ForgetCaller
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingId
from cxcore.ports.audit import AuditQuestion
from cxcore.ports.controller import ControllerUnavailable
from cxcore.ports.outbox import Way
from cxcore.ports.privacy import CoreMemory, KeptBecause, Place
from cxcore.ports.recordings import Peaks, StoredRecording
from cxcore.recordings import sealing
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.privacy import PersonFile
from cxcore.recordings.transcripts import TranscriptFolder
from cxcore.recordings.upkeep import Upkeep
from cxcore.recordings.voice_messages import KEPT, VoiceMessageFolder
from cxcore.storage import Storage
from tests.fakes.clock import FakeClock
from tests.fakes.messenger import FakeMessenger

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KAREL, OTHER, OURS = "+31612345678", "+31687654321", "+31715550100"
BURGERZAKEN, ANNA = QueueId("burgerzaken"), AgentId("anna")


def call(
    name: str, caller: str, *between: Fact, ended: bool = True, channel: Channel = Channel.TELEPHONY
) -> list[Fact]:
    """A call that Anna answered."""
    contact_id = ContactId(name)
    facts: list[Fact] = [
        events.ContactOpened(NOW, contact_id, channel, OURS, caller, f"naam van {caller}"),
        events.ContactQueued(NOW, contact_id, BURGERZAKEN, 20),
        events.ContactAnswered(NOW, contact_id, ANNA, BURGERZAKEN, 5.0),
        *between,
    ]
    end = events.ContactEnded(NOW, contact_id, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY)
    return [*facts, end] if ended else facts


def noted(name: str, note: str) -> Fact:
    return events.ContactNoted(NOW, ContactId(name), ANNA, ("Paspoort",), note)


class Core:
    """A core that is told to forget callers, or is away."""

    def __init__(self, away: bool = False) -> None:
        self.away = away
        self.told: list[Command] = []

    def tell(self, command: Command) -> None:
        if self.away:
            raise ControllerUnavailable("the core is not there")
        self.told.append(command)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kept", "messages"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def person_file(storage: Storage, folder: Path) -> Iterator[PersonFile]:
    """Karel called twice, waits on the line, left a message, and was called by way of somebody else's call."""
    log, keys = storage.contact_log, KeyRing(folder / "keys")
    keys.prepare(NOW.date())
    log.record(call("c1", KAREL, noted("c1", "Belt morgen weer op 06-nummer")))
    log.record(call("held", KAREL))
    log.record(call("waits", KAREL, ended=False))
    log.record(call("m1", KAREL, channel=Channel.VOICEMAIL))
    passed_on = events.ContactTransferred(NOW, ContactId("o1"), KAREL, True, ANNA)
    log.record(call("o1", OTHER, noted("o1", "van een ander"), passed_on))
    log.flush()
    messages = VoiceMessageFolder(folder / "messages", keys)
    for name in ("c1", "held"):
        record(storage, folder / "kept", keys, name)
    storage.recordings.hold(RecordingId("held.1"), "sofie", "klacht")
    with wave.open(str(folder / "messages" / "m1.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000))
    kept, clock = folder / "kept", FakeClock(NOW)
    upkeep = Upkeep(storage.recordings, kept, keys, storage.audit, clock, folder / "messages" / KEPT)
    yield PersonFile(storage.persons, upkeep, messages, TranscriptFolder(folder / "chats"), Core().tell)


def record(storage: Storage, kept: Path, keys: KeyRing, name: str) -> None:
    recording = RecordingId(f"{name}.1")
    sealing.seal(kept, recording, [b"sound"], {"channels": 2, "rate": 8000}, keys)
    row = StoredRecording(recording, ContactId(name), None, ANNA, NOW, 12.0, NOW + timedelta(days=30), "ab" * 32)
    storage.recordings.add(row, Peaks(b"", b""))


def everything(storage: Storage) -> str:
    """All that the database holds of contacts, as text."""
    with storage.engine.connect() as connection:
        tables = ("contact_event", "contact", "queue_visit", "recording")
        return "\n".join(str(row) for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}"))


def test_report_tells_contacts_notes_recordings_and_messages(person_file: PersonFile) -> None:
    report = person_file.find(KAREL, "fenna", "192.0.2.1")
    assert {each.contact_id for each in report.contacts} == {"c1", "held", "waits", "m1", "o1"}
    first = next(each for each in report.contacts if each.contact_id == "c1")
    assert (first.notes, first.topics) == (("Belt morgen weer op 06-nummer",), ("Paspoort",))
    assert first.name == f"naam van {KAREL}"
    assert {each.recording_id for each in report.recordings} == {"c1.1", "held.1"}
    assert report.messages == ("m1",)
    assert report.kept == {"waits": KeptBecause.RUNNING, "held": KeptBecause.HELD}


def test_erasure_leaves_neither_number_nor_name_nor_note_nor_sound_of_what_may_go(
    person_file: PersonFile, storage: Storage, folder: Path
) -> None:
    report = person_file.erase(KAREL, "fenna", "192.0.2.1")
    assert {each.contact_id for each in report.contacts} == {"c1", "m1", "o1"}
    left = "\n".join(line for line in everything(storage).split("\n") if "'held" not in line and "'waits" not in line)
    assert KAREL not in left
    assert "Belt morgen" not in left
    assert "van een ander" in left  # the note of somebody else's call is not Karel's
    assert [path.name for path in (folder / "kept").glob("*.sealed")] == ["held.1.sealed"]
    assert not (folder / "messages" / "m1.wav").exists()


def test_what_is_held_or_running_stays_whole_and_goes_later(person_file: PersonFile, storage: Storage) -> None:
    person_file.erase(KAREL, "fenna", "")
    again = person_file.find(KAREL, "fenna", "")
    assert {each.contact_id for each in again.contacts} == {"held", "waits"}
    storage.recordings.hold(RecordingId("held.1"), None, "")
    person_file.erase(KAREL, "fenna", "")
    assert {each.contact_id for each in person_file.find(KAREL, "fenna", "").contacts} == {"waits"}


def test_tables_made_anew_from_the_facts_do_not_bring_it_back(person_file: PersonFile, storage: Storage) -> None:
    figures = storage.reports.queue_figures(NOW - timedelta(hours=9), NOW + timedelta(hours=9))
    person_file.erase(KAREL, "fenna", "")
    storage.contact_log.rebuild()
    assert {each.contact_id for each in person_file.find(KAREL, "fenna", "").contacts} == {"held", "waits"}
    assert storage.reports.queue_figures(NOW - timedelta(hours=9), NOW + timedelta(hours=9)) == figures


def test_search_and_erasure_and_each_deleted_recording_are_in_the_audit(
    person_file: PersonFile, storage: Storage
) -> None:
    person_file.find(KAREL, "fenna", "192.0.2.1")
    person_file.erase(KAREL, "fenna", "192.0.2.1")
    question = AuditQuestion(NOW - timedelta(days=1), NOW + timedelta(days=1))
    told = {entry.action: entry for entry in storage.audit.entries(question, 10)}
    assert told["erase-person"].actor == "fenna"
    assert "contacts=3 recordings=1 messages=1 kept=2" in told["erase-person"].object
    assert "why=asked-by-person" in told["delete-recording"].object
    assert Place.AUDIT in person_file.find(KAREL, "fenna", "").elsewhere


@pytest.mark.parametrize("away", [False, True])
def test_running_core_is_told_to_forget_and_the_report_says_whether_it_was(
    person_file: PersonFile, storage: Storage, away: bool
) -> None:
    core = Core(away)
    person_file.tell_core = core.tell
    assert person_file.find(KAREL, "fenna", "").core is CoreMemory.NOT_ASKED
    assert core.told == []
    report = person_file.erase(KAREL, "fenna", "")
    assert report.core is (CoreMemory.NOT_TOLD if away else CoreMemory.FORGOTTEN)
    assert core.told == ([] if away else [ForgetCaller("fenna", KAREL)])
    question = AuditQuestion(NOW - timedelta(days=1), NOW + timedelta(days=1), action="erase-person")
    assert storage.audit.entries(question, 1)[0].object.endswith(f"core={report.core}")


def test_who_wrote_by_whatsapp_is_found_by_number_and_goes_with_the_text_and_what_was_still_to_be_sent(
    person_file: PersonFile, storage: Storage, folder: Path
) -> None:
    transcripts, chat = TranscriptFolder(folder / "chats"), ContactId("whatsapp1")
    lines = [(None, Author.CUSTOMER, "Mag ik iets vragen?"), (AgentId("anna"), Author.AGENT, "Zeker.")]
    storage.contact_log.send_with(whatsapp.letters_of)
    storage.contact_log.record(
        [
            events.ContactOpened(NOW, chat, Channel.WHATSAPP, "WhatsApp Noordwijk", "+31687650001", "Karel Kat"),
            *(
                events.ChatWritten(NOW, chat, agent, by, number, transcripts.seal(chat, number, text), "", "106540352")
                for number, (agent, by, text) in enumerate(lines, start=1)
            ),
            events.ContactEnded(NOW, chat, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY),
        ]
    )
    storage.contact_log.flush()
    letter = storage.outbox.take(Way.WHATSAPP, NOW, NOW + timedelta(minutes=1))
    assert letter is not None
    assert storage.contact_log.caller_number(chat) == "+31687650001"

    (found,) = person_file.find("+31687650001", "fenna", "").contacts
    assert [(line.author, line.text) for line in found.chat] == [
        ("customer", "Mag ik iets vragen?"), ("agent", "Zeker."),
    ]  # fmt: skip
    person_file.erase("+31687650001", "fenna", "")

    assert person_file.find("+31687650001", "fenna", "").contacts == ()
    assert storage.contact_log.caller_number(chat) is None
    messenger = FakeMessenger()
    with pytest.raises(NotWanted, match="gone"):
        LineSender(messenger, transcripts, storage.contact_log.caller_number).send(letter)
    assert messenger.sent == []
    for known in ("+31687650001", "Karel Kat"):
        assert known not in everything(storage)


def test_person_is_found_by_mail_address_and_the_text_of_the_chat_goes_with_its_key(
    person_file: PersonFile, storage: Storage, folder: Path
) -> None:
    transcripts, chat, mail = TranscriptFolder(folder / "chats"), ContactId("chat1"), "karel@example.nl"
    sealed = transcripts.seal(chat, 1, "Mag ik iets vragen?")
    storage.contact_log.record(
        [
            events.ContactOpened(NOW, chat, Channel.WEB_CHAT, "www.noordwijk.nl", mail, "Karel"),
            events.ChatWritten(NOW, chat, None, Author.CUSTOMER, 1, sealed),
            events.ContactEnded(NOW, chat, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY),
        ]
    )
    storage.contact_log.flush()

    (found,) = person_file.find(mail, "fenna", "").contacts
    assert [line.text for line in found.chat] == ["Mag ik iets vragen?"]
    person_file.erase(mail, "fenna", "")

    assert not transcripts.is_kept(chat)
    assert mail not in everything(storage)
    assert person_file.find(mail, "fenna", "").contacts == ()
