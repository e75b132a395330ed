"""Who gets which contact: levels, priorities, the agent who knows the caller, several who ring at once."""

from __future__ import annotations

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import DeclineOffer, EndWrapUp, ForgetCaller, GoOnBreak
from cxcore.domain.contact import ContactState
from cxcore.domain.events import ContactAnswered, ContactOffered, OfferEnded
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.membership import Membership
from cxcore.domain.offer import MOST_CONSIDERED, OfferEnd, OfferRule
from cxcore.domain.queue import StrategyName
from tests import builders
from tests.fakes.switch import Hearing
from tests.unit.world import World

AT_HOME, ABROAD = "+31612345678", "+4915112345678"


def member(name: str, level: int = 1, position: int = 1) -> Membership:
    return Membership(AgentId(name), builders.BURGERZAKEN, level, position)


def world_of(*memberships: Membership, **settings: object) -> World:
    names = tuple(str(each.agent_id) for each in memberships)
    queues = (builders.queue(**settings), builders.queue(builders.RECEPTIE))  # type: ignore[arg-type]
    return World(builders.site(queues, memberships, names))


def before_offers(world: World) -> set[str]:
    return {str(offer.agent_id) for offer in world.floor.offers.values()}


def devices(world: World) -> dict[str, LegId]:
    return {str(offer.agent_id): offer.leg_id for offer in world.floor.offers.values()}


def serve_once(world: World, caller: str = AT_HOME) -> str:
    """One whole contact, without wrap-up time left over; who served it."""
    leg = world.calls(caller=caller)
    name, device = next(iter(devices(world).items()))
    world.answers(device)
    world.hangs_up(leg)
    world.does(EndWrapUp(name, AgentId(name)))
    return name


# --- Levels ----------------------------------------------------------------------------------------------------------


def test_next_level_joins_after_its_wait_and_not_before() -> None:
    world = world_of(member("anna", 1), member("bram", 2), level_seconds=30)
    world.log_on("bram")
    world.calls()
    assert world.offered_to() is None
    world.advance(29)
    assert world.offered_to() is None
    world.advance(1)
    assert world.offered_to() == "bram"


def test_third_level_joins_after_twice_the_wait() -> None:
    world = world_of(member("anna", 1), member("bram", 5), member("chris", 9), level_seconds=30)
    world.log_on("chris")
    world.calls()
    world.advance(59)
    assert world.offered_to() is None
    world.advance(1)
    assert world.offered_to() == "chris"


def test_agent_of_a_later_level_takes_who_waited_long_enough_and_leaves_the_others() -> None:
    world = world_of(member("anna", 1), member("bram", 2), level_seconds=30)
    world.calls()
    world.advance(31)
    young = world.calls()
    world.log_on("bram")
    assert world.offered_to() == "bram"
    assert not world.floor.offers_of_contact(world.contact(young).contact_id)


def test_lower_level_is_still_preferred_after_the_wait() -> None:
    world = world_of(member("anna", 1), member("bram", 2), level_seconds=30)
    world.calls()
    world.advance(40)
    world.log_on("anna")
    assert world.offered_to() == "anna"


def test_without_a_wait_all_levels_may_have_the_contact_at_once() -> None:
    world = world_of(member("anna", 1), member("bram", 2))
    world.log_on("bram")
    world.calls()
    assert world.offered_to() == "bram"


# --- Priority of callers ---------------------------------------------------------------------------------------------


def with_priorities(**priorities: int) -> World:
    site = builders.site()
    numbers = {number.replace("_", "*"): priority for number, priority in priorities.items()}
    object.__setattr__(site, "caller_priorities", numbers)
    return World(site)


def test_caller_on_the_list_waits_in_front_of_those_who_came_before() -> None:
    world = with_priorities(**{ABROAD: 5})
    first = world.calls()
    world.advance(10)
    listed = world.calls(caller=ABROAD)
    assert world.waiting() == [listed, first]
    assert world.floor.waiting_since(builders.BURGERZAKEN) == world.contact(first).queued_at
    assert world.floor.position(world.contact(first)) == 2


def test_beginning_of_a_number_gives_priority_and_the_whole_number_wins() -> None:
    world = with_priorities(**{"+4915_": 3, ABROAD: 7})
    assert world.floor.site.priority_of(ABROAD) == 7
    assert world.floor.site.priority_of("+4915999") == 3
    assert world.floor.site.priority_of("+31612345678") == 0
    assert world.floor.site.priority_of(None) == 0


def test_callers_of_one_priority_are_served_in_the_order_of_their_arrival() -> None:
    world = with_priorities(**{"+49_": 3})
    later = [world.calls()]
    listed = []
    for number in ("+491", "+492", "+493"):
        world.advance(1)
        listed.append(world.calls(caller=number))
    assert world.waiting() == listed + later


# --- Who knows the caller --------------------------------------------------------------------------------------------


def test_agent_who_spoke_the_caller_last_gets_the_caller_again() -> None:
    world = world_of(member("anna"), member("bram"), sticky_seconds=3600)
    world.log_on("anna", "bram")
    assert serve_once(world) == "anna"
    world.advance(60)
    assert serve_once(world) == "anna"
    assert world.all_facts(ContactOffered)[-1].reason == OfferRule.LAST_SPOKE


def test_other_caller_gets_the_agent_who_is_idle_longest() -> None:
    world = world_of(member("anna"), member("bram"), sticky_seconds=3600)
    world.log_on("anna", "bram")
    serve_once(world)
    assert serve_once(world, ABROAD) == "bram"


def test_who_spoke_the_caller_last_is_forgotten_after_the_set_time() -> None:
    world = world_of(member("anna"), member("bram"), sticky_seconds=3600)
    world.log_on("anna", "bram")
    serve_once(world)
    world.advance(3700)
    assert serve_once(world) == "bram"


def test_caller_who_was_erased_is_known_to_nobody_any_more() -> None:
    world = world_of(member("anna"), member("bram"), sticky_seconds=3600)
    world.log_on("anna", "bram")
    serve_once(world)
    world.does(ForgetCaller("fenna", AT_HOME))
    assert AT_HOME not in world.floor.last_talks
    assert serve_once(world) == "bram"
    world.does(ForgetCaller("fenna", ABROAD))  # of whom nothing is known


def test_caller_does_not_wait_for_the_agent_who_knows_them() -> None:
    world = world_of(member("anna"), member("bram"), sticky_seconds=3600)
    world.log_on("anna", "bram")
    serve_once(world)
    world.does(GoOnBreak("anna", AgentId("anna"), "Lunch"))
    assert serve_once(world) == "bram"


def test_number_of_a_caller_is_kept_no_longer_than_a_queue_asks_for() -> None:
    world = world_of(member("anna"), sticky_seconds=60)
    world.log_on("anna")
    serve_once(world)
    world.floor.forget_talks(world.clock.now())
    assert AT_HOME in world.floor.last_talks
    world.advance(61)
    world.floor.forget_talks(world.clock.now())
    assert not world.floor.last_talks


def test_queue_that_does_not_ask_for_it_remembers_no_caller() -> None:
    world = world_of(member("anna"))
    world.log_on("anna")
    serve_once(world)
    assert not world.floor.last_talks


# --- Several agents ring at once -------------------------------------------------------------------------------------


def ringing_three(ring_agents: int = 3) -> World:
    world = world_of(member("anna"), member("bram"), member("chris"), ring_agents=ring_agents)
    world.log_on("anna", "bram", "chris")
    return world


def test_several_agents_ring_for_one_contact() -> None:
    world = ringing_three()
    world.calls()
    assert before_offers(world) == {"anna", "bram", "chris"}
    assert [fact.reason for fact in world.all_facts(ContactOffered)] == ["longest-idle", "all-ring", "all-ring"]


def test_first_to_answer_wins_and_the_others_stop_ringing_at_once() -> None:
    world = ringing_three()
    caller = world.calls()
    legs = devices(world)
    world.answers(legs["bram"])
    assert world.agent("bram").state is AgentState.TALKING
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    assert not world.switch.lives(legs["anna"]) and not world.switch.lives(legs["chris"])
    assert world.agent("anna").can_be_offered and world.agent("chris").can_be_offered
    ends = {str(fact.agent_id): (fact.end, fact.cause) for fact in world.all_facts(OfferEnded)}
    assert ends["bram"][0] is OfferEnd.ACCEPTED
    assert ends["anna"] == ends["chris"] == (OfferEnd.WITHDRAWN, "answered-by-another")


def test_two_who_answer_in_one_instant_are_not_both_bridged() -> None:
    world = ringing_three()
    caller = world.calls()
    legs = devices(world)
    world.switch.answers(legs["anna"])
    world.switch.answers(legs["bram"])
    world.settle()
    assert [agent.agent_id for agent in world.floor.agents.values() if agent.state is AgentState.TALKING] == ["anna"]
    assert not world.switch.lives(legs["bram"])
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    assert len(world.all_facts(ContactAnswered)) == 1


def test_one_who_misses_it_lets_the_others_ring_on_and_a_further_one_ring() -> None:
    world = ringing_three(ring_agents=2)
    world.calls()
    world.advance(10)
    world.hangs_up(devices(world)["anna"], HangUpCause.NO_ANSWER)
    assert before_offers(world) == {"bram", "chris"}


def test_agent_who_becomes_ready_joins_the_ringing() -> None:
    world = world_of(member("anna"), member("bram"), ring_agents=2)
    world.log_on("anna")
    world.calls()
    world.log_on("bram")
    assert before_offers(world) == {"anna", "bram"}


def test_agent_serves_a_contact_for_whom_nobody_rings_before_joining_others() -> None:
    world = world_of(member("anna"), member("bram"), ring_agents=2)
    world.log_on("anna")
    first = world.calls()
    second = world.calls()
    world.log_on("bram")
    offered = {offer.agent_id: offer.contact_id for offer in world.floor.offers.values()}
    assert offered == {"anna": world.contact(first).contact_id, "bram": world.contact(second).contact_id}


def test_caller_who_leaves_stops_all_of_them() -> None:
    world = ringing_three()
    caller = world.calls()
    world.hangs_up(caller)
    assert not world.floor.offers and not world.switch.dialled_legs()


# --- Declined --------------------------------------------------------------------------------------------------------


def test_agent_who_declines_alone_is_not_asked_again_at_once_but_after_a_while() -> None:
    world = world_of(member("anna"))
    world.log_on("anna")
    caller = world.calls()
    world.does(DeclineOffer("anna", AgentId("anna")))
    assert world.offered_to() is None
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.advance(15)
    assert world.offered_to() == "anna"


def test_agent_who_declined_one_contact_gets_the_next() -> None:
    world = world_of(member("anna"))
    world.log_on("anna")
    world.calls()
    second = world.calls()
    world.does(DeclineOffer("anna", AgentId("anna")))
    assert world.floor.offers_of_contact(world.contact(second).contact_id)


def test_colleague_gets_the_declined_contact_though_another_declined_it() -> None:
    world = world_of(member("anna"), member("bram"))
    world.log_on("anna")
    caller = world.calls()
    world.does(DeclineOffer("anna", AgentId("anna")))
    world.log_on("bram")
    assert world.offered_to() == "bram"
    assert world.contact(caller).state is ContactState.WAITING


# --- Explained -------------------------------------------------------------------------------------------------------


def test_offer_keeps_the_candidates_and_what_was_seen_of_them() -> None:
    world = world_of(member("anna"), member("bram"))
    world.log_on("anna", "bram")
    world.advance(60)
    world.calls()
    fact = world.last_fact(ContactOffered)
    assert (fact.reason, fact.strategy, fact.ready) == (OfferRule.LONGEST_IDLE, StrategyName.LONGEST_IDLE, 2)
    assert [(str(each.agent_id), each.idle_seconds) for each in fact.considered] == [("anna", 62.0), ("bram", 61.0)]


def test_offer_to_the_only_ready_agent_says_so() -> None:
    world = world_of(member("anna"))
    world.log_on("anna")
    world.calls()
    assert world.last_fact(ContactOffered).reason == OfferRule.ONLY_ONE


def test_offer_after_a_miss_says_that_the_other_missed_it() -> None:
    world = world_of(member("anna"), member("bram"))
    world.log_on("anna", "bram")
    world.calls()
    world.advance(15)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.last_fact(ContactOffered).reason == OfferRule.NOT_PASSED_OVER


def test_offer_by_level_says_so() -> None:
    world = world_of(member("anna", 2), member("bram", 1))
    world.log_on("anna", "bram")
    world.calls()
    assert world.last_fact(ContactOffered).reason == OfferRule.LEVEL


def test_offer_keeps_the_front_of_many_candidates_and_how_many_there_were() -> None:
    names = [f"agent{number:02}" for number in range(30)]
    world = world_of(*(member(name) for name in names))
    world.log_on(*names)
    world.calls()
    fact = world.last_fact(ContactOffered)
    assert len(fact.considered) == len(fact.candidates) == MOST_CONSIDERED
    assert fact.ready == 30


@pytest.mark.parametrize("seconds", [10, 60])
def test_device_that_cannot_be_reached_rests_as_long_as_the_queue_says(seconds: int) -> None:
    world = world_of(member("anna"), unreachable_pause_seconds=seconds)
    world.log_on("anna")
    world.calls()
    world.hangs_up(world.ringing(), HangUpCause.UNREACHABLE)
    assert world.agent("anna").warning == "unreachable"
    world.advance(seconds - 1)
    assert world.offered_to() is None
    world.advance(1)
    assert world.offered_to() == "anna"
