"""The floor agrees with the switch again, whatever happened to either."""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.agent import AgentId, AgentState, AgentStatus
from cxcore.domain.commands import HoldContact
from cxcore.domain.contact import ContactId, ContactState, Outcome
from cxcore.domain.events import ContactEnded, CoreStarted, LeaseHealed, SwitchStateChanged
from cxcore.domain.leg import LegId
from cxcore.ports.contact_log import KnownAgent
from cxcore.services import recovery
from tests import builders
from tests.fakes.switch import Ask, Hearing
from tests.unit.world import World


def restart_core(world: World, *open_contacts: str) -> None:
    """The core dies by kill -9 and another one starts with what the log and the switch know."""
    known = tuple(
        KnownAgent(each.agent_id, each.status, each.reason, world.clock.now(), tuple(each.serves), 0, each.worked)
        for each in world.floor.agents.values()
    )
    world.start_core(world.floor.site)
    recovery.restore_agents(world.work, known, world.clock.now())
    world.work.left_open = tuple(ContactId(each) for each in open_contacts)
    world.switch.comes_back()
    world.settle()


def test_waiting_callers_keep_their_order_and_their_music() -> None:
    world = World()
    callers = []
    for _ in range(5):
        callers.append(world.calls())
        world.advance(1)
    restart_core(world)
    assert world.waiting() == callers
    assert world.last_fact(CoreStarted).taken_up == 5
    assert all(world.switch.hears(each) is Hearing.HOLD_MUSIC for each in callers)


def test_conversation_goes_on_and_ends_as_usual() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    restart_core(world)
    assert world.switch.bridged_to(caller) == device
    assert world.agent("anna").state is AgentState.TALKING
    world.hangs_up(caller)
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED


def test_held_caller_stays_on_hold() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.does(HoldContact("anna", AgentId("anna")))
    restart_core(world)
    assert world.contact(caller).held_since is not None
    assert world.switch.bridged_to(caller) is None


def test_ringing_agent_goes_on_ringing_and_is_bridged_on_answer() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    device = world.ringing()
    restart_core(world)
    assert world.offered_to() == "anna"
    world.answers(device)
    assert world.switch.bridged_to(caller) == device


def test_agent_who_answered_while_no_core_ran_is_bridged() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    device = world.ringing()
    world.switch.answers(device)
    restart_core(world)
    assert world.switch.bridged_to(caller) == device
    assert world.contact(caller).state is ContactState.TALKING


def test_caller_in_the_menu_is_asked_again() -> None:
    world = World()
    caller = world.calls(builders.GENERAL)
    world.switch.ends_prompt(caller)
    world.settle()
    restart_core(world)
    assert len(world.switch.all_of(Ask, caller)) == 2
    world.switch.enters(caller, "1")
    world.settle()
    assert world.waiting() == [caller]


def test_caller_whose_agent_left_while_no_core_ran_waits_again_in_front() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.advance(30)
    later = world.calls()
    world.switch.hangs_up(device)
    world.agent("anna").status = AgentStatus.LOGGED_OFF
    restart_core(world)
    assert world.waiting() == [caller, later]
    assert world.last_fact(LeaseHealed).cause == "its agent's leg is gone from the switch"


def test_contact_that_ended_while_no_core_ran_gets_its_last_word() -> None:
    world = World()
    restart_core(world, "contact-of-yesterday")
    ended = world.last_fact(ContactEnded)
    assert (ended.contact_id, ended.outcome) == ("contact-of-yesterday", Outcome.LOST)


def test_leg_that_nobody_took_is_taken_now() -> None:
    world = World()
    leg = LegId("waits-for-a-core")
    world.switch.arrives(builders.DIRECT, leg_id=leg)
    restart_core(world)
    assert world.waiting() == [leg]


def test_agents_are_as_they_were() -> None:
    world = World()
    world.log_on("anna")
    restart_core(world)
    assert world.agent("anna").status is AgentStatus.AVAILABLE
    assert world.agent("bram").status is AgentStatus.LOGGED_OFF
    world.calls()
    assert world.offered_to() == "anna"


def test_switch_that_died_takes_its_contacts_with_it_and_the_facts_say_so() -> None:
    world = World()
    world.log_on("anna")
    world.talk()
    world.calls()
    world.advance(10)
    world.switch.restarts()
    world.settle()
    assert not world.floor.contacts
    assert world.agent("anna").leg_id is None
    assert {fact.cause.value for fact in world.all_facts(ContactEnded)} == {"switch-lost"}
    assert {fact.outcome for fact in world.all_facts(ContactEnded)} == {Outcome.ANSWERED, Outcome.LOST}
    assert [fact.connected for fact in world.all_facts(SwitchStateChanged)] == [False, True]


def test_nothing_is_offered_while_the_switch_is_away_and_all_of_it_when_it_is_back() -> None:
    world = World()
    caller = world.calls()
    world.switch.is_lost()
    world.settle()
    world.log_on("anna")
    assert world.offered_to() is None
    world.switch.comes_back()
    world.settle()
    assert world.offered_to() == "anna"
    assert world.waiting() == [caller]


def test_agent_whose_leg_vanished_unheard_is_healed_by_the_check() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    world.advance(30)
    del world.switch.legs[device]
    world.switch.legs[caller].live = replace(world.switch.legs[caller].live, bridged_to=None)
    world.switch.report_live_legs()
    world.settle()
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.last_fact(LeaseHealed).kind == "agent"
