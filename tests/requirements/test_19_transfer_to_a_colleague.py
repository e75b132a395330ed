"""Requirement 19: a call on hold is transferred to a fellow agent; one who is busy can have it parked. A chat is
assigned to one."""

from __future__ import annotations

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import AcceptChat, HoldContact, ParkContact, PickUpContact, TransferContact
from cxcore.domain.contact import ContactId
from tests.fakes.switch import Hearing
from tests.unit.services.test_chats import site, starts
from tests.unit.world import World

ANNA, BRAM = AgentId("anna"), AgentId("bram")


def test_call_on_hold_is_transferred_to_a_colleague() -> None:
    world = World()
    world.log_on("anna")
    caller, _ = world.talk()
    world.does(HoldContact("anna", ANNA))
    world.does(TransferContact("anna", ANNA, "agent", BRAM))
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == BRAM


def test_call_is_parked_at_a_colleague_who_takes_it_later() -> None:
    world = World()
    world.log_on("anna")
    caller, _ = world.talk()
    world.does(ParkContact("anna", ANNA, BRAM))
    world.advance(30)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.does(PickUpContact("bram", BRAM, world.contact(caller).contact_id))
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == BRAM


def test_agent_who_let_go_is_told_what_became_of_the_call() -> None:
    world = World()
    world.log_on("anna")
    world.talk()
    world.does(TransferContact("anna", ANNA, "agent", BRAM))
    world.answers(world.ringing())
    told = world.agent("anna").passed_on
    assert told is not None
    assert told.end == "end-with-target"


def test_chat_is_assigned_to_a_colleague() -> None:
    world = World(site())
    world.log_on("anna", "bram")
    starts(world)
    world.does(AcceptChat("anna", ANNA))
    world.does(TransferContact("anna", ANNA, "agent", BRAM))
    world.does(AcceptChat("bram", BRAM))
    assert world.floor.contacts[ContactId("c1")].agent_id == BRAM
