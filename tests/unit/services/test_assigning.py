"""A supervisor chooses who has a contact [32]."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import AssignContact, BecomeAvailable, DeclineOffer, GoOnBreak, LogOff, LogOn
from cxcore.domain.contact import ContactId, ContactState
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import ContactAssigned, ContactOffered, OfferEnded
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.offer import OfferEnd, OfferRule
from cxcore.domain.site import Site
from tests import builders
from tests.fakes.switch import Hearing
from tests.unit.world import World

SOFIE = "sofie"


def site(ring_agents: int = 1) -> Site:
    """Sofie has a desk of her own and serves no queue; Chris serves none either."""
    queues = (builders.queue(ring_agents=ring_agents), builders.queue(builders.RECEPTIE))
    made = builders.site(queues, agents=("anna", "bram", "chris"))
    members = tuple(each for each in made.memberships if each.agent_id != "chris")
    sofie = replace(made.users[SOFIE], device="sip:sofie@127.0.0.1:5071")
    return replace(made, memberships=members, users={**made.users, SOFIE: sofie})


def give(world: World, caller: LegId, agent_id: str) -> None:
    world.does(AssignContact(SOFIE, world.contact(caller).contact_id, AgentId(agent_id)))


def refusal(world: World, caller: LegId, agent_id: str) -> str:
    with pytest.raises(NotAllowed) as refused:
        give(world, caller, agent_id)
    return refused.value.code


def test_waiting_caller_rings_at_the_chosen_agent_whatever_the_strategy_says() -> None:
    world = World(site())
    first, second = world.calls(), world.calls()
    world.log_on("bram")
    world.does(LogOn("chris", AgentId("chris")))
    give(world, second, "chris")
    assert [(offer.contact_id, offer.agent_id) for offer in world.floor.offers.values()] == [
        (world.contact(first).contact_id, "bram"),
        (world.contact(second).contact_id, "chris"),
    ]
    assert world.last_fact(ContactAssigned).by == SOFIE


def test_choice_is_kept_with_whom_the_strategy_would_have_had() -> None:
    world = World(site())
    world.log_on("anna", "bram")
    world.does(LogOn("chris", AgentId("chris")))
    caller = world.calls()
    give(world, caller, "chris")
    offered = world.last_fact(ContactOffered)
    assert (offered.reason, offered.candidates) == (OfferRule.ASSIGNED, ("chris", "bram"))
    assert world.last_fact(OfferEnded).cause == "assigned"


def test_agent_to_whom_the_contact_rang_is_free_for_the_next_caller() -> None:
    world = World(site())
    world.log_on("bram")
    world.does(LogOn("chris", AgentId("chris")))
    first = world.calls()
    give(world, first, "chris")
    world.calls()
    assert sorted(str(offer.agent_id) for offer in world.floor.offers.values()) == ["bram", "chris"]


@pytest.mark.parametrize("declines", [True, False])
def test_caller_keeps_the_place_in_line_when_the_chosen_agent_does_not_take_it(declines: bool) -> None:
    world = World(site())
    callers = [world.calls() for _ in range(3)]
    since = world.contact(callers[1]).queued_at
    world.does(LogOn("chris", AgentId("chris")))
    give(world, callers[1], "chris")
    if declines:
        world.does(DeclineOffer("chris", AgentId("chris")))
    else:
        world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.waiting() == callers
    assert world.contact(callers[1]).queued_at == since
    assert world.switch.hears(callers[1]) is Hearing.HOLD_MUSIC
    assert world.last_fact(OfferEnded).end is (OfferEnd.DECLINED if declines else OfferEnd.MISSED)
    world.log_on("bram")
    assert world.offered_to() == "bram"


def test_supervisor_takes_a_waiting_caller_without_serving_any_queue() -> None:
    world = World(site())
    caller = world.calls()
    give(world, caller, SOFIE)
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == SOFIE
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    world.hangs_up(caller)
    world.advance(60)
    world.calls()
    assert world.offered_to() is None


def test_supervisor_on_a_break_takes_a_caller_and_a_colleague_on_a_break_is_left_alone() -> None:
    world = World(site())
    world.log_on("bram", SOFIE)
    world.does(GoOnBreak("bram", AgentId("bram"), "Lunch"))
    world.does(GoOnBreak(SOFIE, AgentId(SOFIE), "Pauze"))
    caller = world.calls()
    assert refusal(world, caller, "bram") == "on-break"
    assert refusal(world, caller, "anna") == "not-logged-on"
    give(world, caller, SOFIE)
    assert world.offered_to() == SOFIE


def test_agent_who_has_a_contact_is_not_rung_for_another() -> None:
    world = World(site())
    world.log_on("bram")
    world.talk()
    caller = world.calls()
    assert refusal(world, caller, "bram") == "agent-engaged"
    assert world.waiting() == [caller]


def test_contact_is_offered_once_to_one_agent() -> None:
    world = World(site())
    world.log_on("bram")
    caller = world.calls()
    assert refusal(world, caller, "bram") == "already-offered"
    assert len(world.all_facts(ContactOffered)) == 1


def test_nobody_rings_beside_the_chosen_agent_where_a_queue_rings_several() -> None:
    world = World(site(ring_agents=3))
    world.log_on("anna", "bram")
    world.does(LogOn("chris", AgentId("chris")))
    caller = world.calls()
    assert len(world.floor.offers) == 2
    give(world, caller, "chris")
    assert world.offered_to() == "chris"
    world.does(GoOnBreak("bram", AgentId("bram"), "Lunch"))
    world.does(BecomeAvailable("bram", AgentId("bram")))
    assert world.offered_to() == "chris"


def test_call_of_a_colleague_is_taken_over_and_the_caller_never_hears_silence() -> None:
    world = World(site())
    world.log_on("bram")
    caller, _ = world.talk()
    give(world, caller, SOFIE)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.answers(world.ringing())
    assert world.contact(caller).agent_id == SOFIE
    assert world.switch.hears(caller) is Hearing.OTHER_LEG


def test_caller_waits_in_front_when_the_call_that_was_to_be_taken_over_is_not_answered() -> None:
    world = World(site())
    world.log_on("bram")
    caller, _ = world.talk()
    other = world.calls()
    give(world, caller, SOFIE)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.waiting() == [caller, other]


def test_contact_that_is_gone_or_is_not_there_for_an_agent_is_not_given() -> None:
    world = World(site())
    world.log_on("bram")
    with pytest.raises(NotFound):
        world.does(AssignContact(SOFIE, ContactId("nobody"), AgentId("bram")))
    caller = world.calls(builders.GENERAL)
    assert world.contact(caller).state is ContactState.IN_FLOW
    assert refusal(world, caller, "bram") == "not-waiting"
    assert not world.all_facts(ContactAssigned)


def test_chosen_agent_who_logs_off_leaves_the_caller_in_line() -> None:
    world = World(site())
    caller = world.calls()
    world.does(LogOn("chris", AgentId("chris")))
    give(world, caller, "chris")
    world.does(LogOff("chris", AgentId("chris")))
    assert world.offered_to() is None
    assert world.waiting() == [caller]


def test_offer_to_the_chosen_agent_outlives_the_core() -> None:
    world = World(site())
    caller = world.calls()
    give(world, caller, SOFIE)
    device = world.ringing()
    world.restart_core()
    assert world.offered_to() == SOFIE
    world.answers(device)
    assert world.contact(caller).agent_id == SOFIE
