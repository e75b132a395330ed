"""Versions of the configuration are kept, and no change is lost under another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cxcore.ports.configurations import Draft, NoSuchVersion, Overtaken, Version
from cxcore.storage import Storage
from tests.storage.streams import MONDAY

HOUR = timedelta(hours=1)


def add(storage: Storage, draft: Draft) -> Version:
    """Store a draft that was made from the head."""
    return storage.configurations.add(draft, draft.base)


def draft(text: str, base: int | None, at: datetime = MONDAY, activate_at: datetime | None = None) -> Draft:
    return Draft(at, "aad", f"changed to {text}", text, base, activate_at or at)


def test_versions_count_up_and_keep_their_text(storage: Storage) -> None:
    first = add(storage, draft("site: Één", None))
    second = add(storage, draft("site: Twee", first.number, MONDAY + HOUR))
    assert [version.number for version in storage.configurations.versions()] == [2, 1]
    assert storage.configurations.text(1) == "site: Één"
    assert storage.configurations.version(2) == second
    with pytest.raises(NoSuchVersion):
        storage.configurations.text(3)


def test_who_comes_second_is_told_who_came_first(storage: Storage) -> None:
    add(storage, draft("one", None))
    ahead = add(storage, draft("two", 1))
    with pytest.raises(Overtaken) as overtaken:
        add(storage, draft("three", 1))
    assert overtaken.value.latest == ahead


def test_what_counts_is_what_the_core_put_into_use_last(storage: Storage) -> None:
    for base, text in ((None, "one"), (1, "two")):
        add(storage, draft(text, base))
    storage.configurations.note_activated(1, MONDAY)
    active, head = storage.configurations.active(), storage.configurations.head()
    assert active is not None and active.number == 1
    assert head is not None and head.number == 2


def test_a_version_for_later_is_no_head_until_its_time_and_can_be_taken_back(storage: Storage) -> None:
    add(storage, draft("one", None))
    storage.configurations.note_activated(1, MONDAY)
    add(storage, draft("later", 1, activate_at=MONDAY + HOUR))
    assert [version.number for version in storage.configurations.scheduled()] == [2]
    add(storage, draft("now", 1))
    assert storage.configurations.take_back(2, MONDAY)
    assert not storage.configurations.take_back(2, MONDAY)
    assert [version.number for version in storage.configurations.scheduled()] == [3]
