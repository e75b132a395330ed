"""Topics and notes of contacts [41]."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import EndWrapUp, NoteContact
from cxcore.domain.contact import ContactId
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactNoted
from cxcore.domain.topics import Topic
from tests import builders
from tests.unit.world import World

ANNA = AgentId("anna")


def talking() -> tuple[World, ContactId]:
    world = World(replace(builders.site(), topics=(Topic("Paspoort"), Topic("Verhuizing"))))
    world.log_on("anna")
    caller, _ = world.talk()
    contact_id = world.contact(caller).contact_id
    return world, contact_id


def notes(contact_id: ContactId, *topics: str, note: str = "") -> NoteContact:
    return NoteContact("anna", ANNA, contact_id, topics, note)


def test_topics_and_note_are_kept_in_conversation_in_wrap_up_and_just_after() -> None:
    world, contact_id = talking()
    world.does(notes(contact_id, "Paspoort"))
    world.hangs_up(next(leg for leg in world.switch.legs if world.switch.legs[leg].live.inbound))
    world.does(notes(contact_id, "Paspoort", "Verhuizing", "Paspoort"))
    world.does(EndWrapUp("anna", ANNA))
    world.does(notes(contact_id, "Verhuizing", note=" belt morgen "))
    kept = [(fact.topics, fact.note) for fact in world.all_facts(ContactNoted)]
    assert kept == [(("Paspoort",), ""), (("Paspoort", "Verhuizing"), ""), (("Verhuizing",), "belt morgen")]


def test_contact_of_a_colleague_cannot_be_noted() -> None:
    world, contact_id = talking()
    with pytest.raises(NotAllowed) as refusal:
        world.does(NoteContact("bram", AgentId("bram"), contact_id, ("Paspoort",)))
    assert refusal.value.code == "not-your-contact"


def test_topic_that_is_not_on_the_list_is_refused() -> None:
    world, contact_id = talking()
    with pytest.raises(NotAllowed) as refusal:
        world.does(notes(contact_id, "Fiets"))
    assert refusal.value.code == "no-such-topic"


def test_note_without_end_is_refused() -> None:
    world, contact_id = talking()
    with pytest.raises(NotAllowed) as refusal:
        world.does(notes(contact_id, note="x" * 2001))
    assert refusal.value.code == "note-too-long"
