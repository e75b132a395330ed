"""The configuration changes under callers and agents."""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.commands import AssignQueue, BecomeAvailable, GoOnBreak
from cxcore.domain.dialplan import Answer, Enqueue, Menu, Say
from cxcore.domain.events import AgentServes, ConfigurationActivated
from cxcore.domain.leg import LegId
from cxcore.domain.membership import Membership
from cxcore.domain.queue import QueueId
from cxcore.domain.schedule import Schedule
from cxcore.domain.site import Site
from cxcore.domain.tidings import LeaseCheckDue
from cxcore.services.configuration import UseSite
from tests import builders
from tests.builders import BURGERZAKEN, DIRECT, GENERAL, RECEPTIE
from tests.unit.world import World

PARKEREN = QueueId("parkeren")


def activates(world: World, site: Site, number: int = 2) -> None:
    world.does(UseSite("aad", number, site))


def prompt_ends(world: World, caller: LegId) -> None:
    world.switch.ends_prompt(caller)
    world.settle()


def presses(world: World, caller: LegId, key: str) -> None:
    world.switch.enters(caller, key)
    world.settle()


def with_flows(site: Site, **flows: tuple[object, ...]) -> Site:
    """The site with some flows replaced, or added."""
    return replace(site, dialplan=replace(site.dialplan, flows={**site.dialplan.flows, **flows}))  # type: ignore[dict-item]


def without_reception() -> Site:
    """Reception is gone, and with it its key."""
    site = builders.site(
        (builders.queue(),), tuple(Membership(AgentId(name), BURGERZAKEN) for name in ("anna", "bram"))
    )
    flows = {name: steps for name, steps in site.dialplan.flows.items() if name != "receptie"}
    flows["hoofdmenu"] = (Answer(), Menu("hoofdmenu", {"1": "burgerzaken"}, "burgerzaken"))
    return replace(site, dialplan=replace(site.dialplan, flows=flows))


def test_the_next_caller_gets_the_new_menu_and_who_is_in_the_old_one_finishes_it() -> None:
    world = World()
    caller = world.calls(GENERAL)
    prompt_ends(world, caller)
    activates(
        world, with_flows(world.floor.site, hoofdmenu=(Answer(), Say("welkom"), Say("welkom"), Enqueue(RECEPTIE)))
    )
    presses(world, caller, "1")
    assert world.waiting() == [caller]
    newcomer = world.calls(GENERAL)
    prompt_ends(world, newcomer)
    prompt_ends(world, newcomer)
    assert world.waiting(RECEPTIE) == [newcomer]


def test_a_key_that_vanished_still_works_for_who_was_asked_before() -> None:
    world = World()
    caller = world.calls(GENERAL)
    prompt_ends(world, caller)
    activates(world, without_reception())
    presses(world, caller, "0")
    assert world.waiting(RECEPTIE) == [caller]


def test_a_queue_that_vanished_serves_who_waits_in_it_and_is_gone_after_the_last() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls(GENERAL)
    prompt_ends(world, caller)
    world.does(GoOnBreak("anna", AgentId("anna"), "Lunch"))
    presses(world, caller, "0")
    activates(world, without_reception())
    assert RECEPTIE in world.floor.site.queues
    world.does(BecomeAvailable("anna", AgentId("anna")))
    device = world.ringing()
    world.answers(device)
    world.hangs_up(caller)
    world.advance(60)
    world.inbox.step(LeaseCheckDue(world.clock.now()))
    assert RECEPTIE not in world.floor.site.queues
    assert RECEPTIE not in world.agent("anna").serves


def test_a_new_queue_is_served_at_once_by_the_agents_who_got_it() -> None:
    world = World()
    world.log_on("anna")
    site = builders.site((builders.queue(), builders.queue(RECEPTIE), builders.queue(PARKEREN)))
    site = with_flows(site, burgerzaken=(Enqueue(PARKEREN),))
    activates(world, replace(site, memberships=(*site.memberships, Membership(AgentId("anna"), PARKEREN))))
    world.calls(DIRECT)
    assert world.offered_to() == "anna"
    assert PARKEREN in world.last_fact(AgentServes).queue_ids


def test_an_agent_who_is_no_user_any_more_finishes_the_conversation_and_gets_no_other() -> None:
    world = World()
    world.log_on("anna")
    caller, device = world.talk()
    activates(world, builders.site(agents=("bram",), memberships=(Membership(AgentId("bram"), BURGERZAKEN),)))
    assert world.agent("anna").status is AgentStatus.LOGGED_OFF
    assert world.switch.bridged_to(caller) == device
    world.hangs_up(caller)
    world.advance(60)
    world.inbox.step(LeaseCheckDue(world.clock.now()))
    assert "anna" not in world.floor.agents


def test_what_a_supervisor_changed_stays_where_the_configuration_did_not() -> None:
    world = World()
    world.does(AssignQueue("sofie", AgentId("bram"), RECEPTIE, 1))
    activates(world, replace(world.floor.site, name="Anders"))
    assert RECEPTIE in {each.queue_id for each in world.floor.memberships_of(AgentId("bram"))}


def test_hours_count_at_once_and_the_next_change_is_waited_for() -> None:
    world = World()
    closed = builders.queue(hours=Schedule())
    activates(world, builders.site((closed, builders.queue(RECEPTIE))))
    assert not world.floor.is_open(BURGERZAKEN, world.clock.now())
    assert world.last_fact(ConfigurationActivated) == ConfigurationActivated(world.clock.now(), 2, "aad")
