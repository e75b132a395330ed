"""Versions of messages are remembered in their order."""

from __future__ import annotations

from datetime import UTC, datetime

from cxcore.domain import events
from cxcore.ports.messages import LibrarySound, Origin
from cxcore.storage import Storage

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def sound(name: str) -> LibrarySound:
    return LibrarySound(f"welkom/{name}", name * 3, 2.125, (0, 50, 100))


def test_versions_are_numbered_per_message_and_given_back_as_they_were(storage: Storage) -> None:
    versions = storage.messages
    first = versions.add("welkom", sound("a"), Origin.UPLOADED, "Welkom", "sofie", AT)
    second = versions.add("welkom", sound("b"), Origin.SPOKEN, "Goedendag", "sofie", AT)
    other = versions.add("storing", sound("c"), Origin.RECORDED, "", "anna", AT)
    assert (first.version, second.version, other.version) == (1, 2, 1)
    assert list(versions.of("welkom")) == [second, first]
    assert list(versions.all()) == [other, second, first]
    assert versions.find("welkom", 1) == first
    assert versions.find("welkom", 3) is None


def test_the_version_that_is_heard_is_the_one_chosen_last(storage: Storage) -> None:
    storage.contact_log.record([events.MessageUsed(AT, "welkom", 2, "welkom/b", "sofie")])
    storage.contact_log.record([events.MessageUsed(AT, "welkom", 1, "welkom/a", "anna")])
    storage.contact_log.flush()
    used = storage.messages.used()["welkom"]
    assert (used.version, used.by, used.at) == (1, "anna", AT)


def test_emergency_messages_that_are_on_are_known_to_the_next_core(storage: Storage) -> None:
    first = events.EmergencySet(AT, "*", "storing", "end-call", "", None, False, "sofie")
    second = events.EmergencySet(AT, "receptie", "storing", "flow", "druk", AT, True, "sofie")
    storage.contact_log.record([first, second, events.EmergencyEnded(AT, "*", "sofie")])
    assert storage.contact_log.steering().emergencies == (second,)
