"""What screens see of the floor."""

from __future__ import annotations

from cxcore.domain.queue import QueueId
from cxcore.feed.floor_rows import everything, named_by, row
from cxcore.ports.controller import AgentRow, ContactRow, QueueRow, Subject
from tests import builders
from tests.unit.world import START, World


def queue_row(world: World, queue_id: QueueId = builders.BURGERZAKEN) -> QueueRow:
    found = row(world.floor, Subject.QUEUE, queue_id)
    assert isinstance(found, QueueRow)
    return found


def test_queue_shows_who_waits_and_since_when() -> None:
    world = World()
    world.calls()
    world.advance(30)
    world.calls()
    assert (queue_row(world).waiting, queue_row(world).longest_waiting_since) == (2, START)


def test_queue_shows_who_serves_it() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    assert (queue_row(world).agents_logged_on, queue_row(world).agents_ready) == (2, 1)


def test_offer_shows_on_the_contact_and_on_the_agent() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    contact = world.contact(caller)
    shown = row(world.floor, Subject.CONTACT, contact.contact_id)
    agent = row(world.floor, Subject.AGENT, "anna")
    assert isinstance(shown, ContactRow)
    assert isinstance(agent, AgentRow)
    assert (shown.offered_to, agent.contact_id, agent.state) == ("anna", contact.contact_id, "offered")


def test_every_change_of_a_step_is_named() -> None:
    world = World()
    world.log_on("anna")
    world.facts.clear()
    world.calls()
    world.answers(world.ringing())
    named = named_by(world.floor, world.facts)
    assert {(Subject.AGENT, "anna"), (Subject.QUEUE, "burgerzaken"), (Subject.QUEUE, "receptie")} <= named


def test_contact_that_ended_has_no_row() -> None:
    world = World()
    caller = world.calls()
    contact_id = world.contact(caller).contact_id
    world.hangs_up(caller)
    assert row(world.floor, Subject.CONTACT, contact_id) is None
    assert everything(world.floor) == {
        (Subject.QUEUE, "burgerzaken"), (Subject.QUEUE, "receptie"), (Subject.AGENT, "anna"), (Subject.AGENT, "bram"),
    }  # fmt: skip
