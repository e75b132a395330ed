"""The live picture and its changes."""

from __future__ import annotations

import logging

import pytest

from cxcore.feed.picture import LivePicture
from cxcore.ports.controller import Change, Subject
from tests.unit.feed.rows import agent_row, contact_row, queue_row, system_row


def test_a_row_that_differs_makes_a_numbered_change() -> None:
    picture = LivePicture()
    assert picture.replace(agent_row()) == Change(1, Subject.AGENT, "anna", agent_row())
    assert picture.replace(agent_row(status="on-break")) == Change(
        2, Subject.AGENT, "anna", agent_row(status="on-break")
    )


def test_a_row_that_is_the_same_makes_no_change() -> None:
    picture = LivePicture()
    picture.replace(agent_row())
    assert picture.replace(agent_row()) is None
    assert picture.number == 1


def test_a_row_is_taken_away_once() -> None:
    picture = LivePicture()
    picture.replace(contact_row())
    assert picture.remove(Subject.CONTACT, "c-1") == Change(2, Subject.CONTACT, "c-1", None)
    assert picture.remove(Subject.CONTACT, "c-1") is None


def test_rows_of_different_subjects_may_have_the_same_key() -> None:
    picture = LivePicture()
    picture.replace(agent_row("burgerzaken"))
    picture.replace(queue_row())
    picture.replace(system_row())
    assert len(picture.picture().rows) == 3


def test_a_picture_stays_as_it_was_when_it_was_taken() -> None:
    live = LivePicture()
    live.replace(agent_row())
    taken = live.picture()
    live.remove(Subject.AGENT, "anna")
    assert taken.number == 1
    assert taken.rows == {(Subject.AGENT, "anna"): agent_row()}


def test_a_late_joiner_gets_the_changes_it_missed() -> None:
    picture = LivePicture()
    changes = [picture.replace(queue_row(waiting)) for waiting in range(5)]
    assert picture.since(3) == tuple(changes[3:])
    assert picture.since(5) == ()


def test_a_joiner_who_comes_too_late_is_told_so() -> None:
    picture = LivePicture(kept_changes=3)
    for waiting in range(5):
        picture.replace(queue_row(waiting))
    assert picture.since(1) is None
    assert picture.since(6) is None
    assert [change.number for change in picture.since(2) or ()] == [3, 4, 5]


def test_a_listener_hears_changes_until_it_ends_it() -> None:
    picture, heard = LivePicture(), list[Change]()
    end = picture.subscribe(heard.append)
    picture.replace(queue_row(1))
    end()
    end()
    picture.replace(queue_row(2))
    assert [change.number for change in heard] == [1]


def test_a_listener_that_fails_keeps_nobody_else_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    picture, heard = LivePicture(), list[Change]()

    def fail(change: Change) -> None:
        raise RuntimeError("closed socket")

    picture.subscribe(fail)
    picture.subscribe(heard.append)
    with caplog.at_level(logging.ERROR):
        picture.replace(queue_row(1))
    assert len(heard) == 1
    assert "a listener failed on change 1" in caplog.text
    assert "Burgerzaken" not in caplog.messages[0]


def test_a_listener_may_end_itself_while_it_hears() -> None:
    picture, heard = LivePicture(), list[Change]()
    ends = [picture.subscribe(lambda change: ends[0]()), picture.subscribe(heard.append)]
    picture.replace(queue_row(1))
    assert len(heard) == 1
