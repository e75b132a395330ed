"""A web's copy of the picture stays in step with the core's, or says that it is not."""

from __future__ import annotations

import pytest

from cxcore.client.replica import Replica
from cxcore.feed.codec import Broadcast, PictureReply
from cxcore.feed.picture import LivePicture
from cxcore.ports.controller import Change, Subject
from tests.unit.feed.rows import agent_row, contact_row, queue_row


@pytest.fixture
def core() -> LivePicture:
    picture = LivePicture()
    picture.replace(agent_row())
    picture.replace(queue_row(0))
    return picture


@pytest.fixture
def replica(core: LivePicture) -> Replica:
    replica = Replica()
    replica.take_picture(PictureReply("e1", core.picture()))
    return replica


def broadcast(change: Change | None, epoch: str = "e1") -> Broadcast:
    assert change is not None
    return Broadcast(epoch, change.number, (change,))


def test_a_replica_follows_the_core(core: LivePicture, replica: Replica) -> None:
    replica.take(broadcast(core.replace(queue_row(1))))
    replica.take(broadcast(core.remove(Subject.AGENT, "anna")))
    assert replica.in_step
    assert replica.picture.picture().rows == core.picture().rows


def test_a_missed_change_is_noticed_with_the_next(core: LivePicture, replica: Replica) -> None:
    core.replace(queue_row(1))
    replica.take(broadcast(core.replace(queue_row(2))))
    assert not replica.in_step


def test_a_missed_last_change_is_noticed_with_the_heartbeat(core: LivePicture, replica: Replica) -> None:
    core.replace(queue_row(1))
    replica.take(Broadcast("e1", core.number))
    assert not replica.in_step


def test_changes_that_are_in_the_picture_already_do_no_harm(core: LivePicture, replica: Replica) -> None:
    old = broadcast(core.replace(queue_row(1)))
    newer = broadcast(core.replace(queue_row(2)))
    replica.take_picture(PictureReply("e1", core.picture()))
    replica.take(old)
    replica.take(newer)
    assert replica.in_step
    assert replica.picture.picture().rows[Subject.QUEUE, "burgerzaken"] == queue_row(2)


def test_changes_that_overtake_the_picture_are_applied_after_it(core: LivePicture) -> None:
    replica, picture = Replica(), core.picture()
    replica.take(broadcast(core.replace(queue_row(1))))
    replica.take(broadcast(core.replace(contact_row())))
    replica.take_picture(PictureReply("e1", picture))
    assert replica.in_step
    assert replica.picture.picture().rows == core.picture().rows


def test_a_gap_between_picture_and_early_changes_is_noticed(core: LivePicture) -> None:
    replica, picture = Replica(), core.picture()
    core.replace(queue_row(1))
    replica.take(broadcast(core.replace(queue_row(2))))
    replica.take_picture(PictureReply("e1", picture))
    assert not replica.in_step
    replica.take_picture(PictureReply("e1", core.picture()))
    assert replica.in_step


def test_a_restarted_core_is_noticed(replica: Replica) -> None:
    replica.take(Broadcast("e2", 2))
    assert not replica.in_step


def test_listeners_hear_the_differences_of_a_restarted_core_as_numbered_changes(replica: Replica) -> None:
    heard: list[Change] = []
    replica.picture.subscribe(heard.append)
    restarted = LivePicture()
    restarted.replace(queue_row(0))
    restarted.replace(contact_row())
    replica.take_picture(PictureReply("e2", restarted.picture()))
    assert heard == [
        Change(3, Subject.AGENT, "anna", None),
        Change(4, Subject.CONTACT, "c-1", contact_row()),
    ]


def test_late_broadcasts_of_the_old_core_make_the_picture_due_again_but_change_nothing(
    core: LivePicture, replica: Replica
) -> None:
    late = broadcast(core.remove(Subject.AGENT, "anna"))
    restarted = LivePicture()
    restarted.replace(agent_row())
    replica.take_picture(PictureReply("e2", restarted.picture()))
    replica.take(late)
    assert not replica.in_step
    assert (Subject.AGENT, "anna") in replica.picture.picture().rows
