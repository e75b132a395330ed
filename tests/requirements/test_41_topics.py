"""Requirement 41: after a contact the agent records one or more topics from a list."""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import NoteContact
from cxcore.domain.events import ContactNoted
from cxcore.domain.topics import Topic
from tests import builders
from tests.unit.world import World

ANNA = AgentId("anna")


def test_several_topics_are_kept_with_a_contact_after_it_has_ended() -> None:
    world = World(replace(builders.site(), topics=(Topic("Paspoort"), Topic("Verhuizing"), Topic("Afval"))))
    world.log_on("anna")
    caller, _ = world.talk()
    contact_id = world.contact(caller).contact_id
    world.hangs_up(caller)
    world.does(NoteContact("anna", ANNA, contact_id, ("Paspoort", "Afval")))
    assert world.last_fact(ContactNoted).topics == ("Paspoort", "Afval")
