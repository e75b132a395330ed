"""One contact before one agent."""

from __future__ import annotations

import pytest

from cxcore.domain.agent import AgentId, AgentState, AgentStatus
from cxcore.domain.commands import BecomeAvailable, DeclineOffer, GoOnBreak, LogOff
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactAnswered, ContactOffered, LeaseHealed, OfferEnded
from cxcore.domain.leg import HangUpCause
from cxcore.domain.offer import OfferEnd
from cxcore.domain.queue import StrategyName
from tests import builders
from tests.fakes.switch import Dialled, HangUp, Hearing
from tests.unit.world import World


def test_caller_is_offered_to_the_agent_who_is_idle_longest() -> None:
    world = World()
    world.log_on("bram", "anna")
    world.calls()
    assert world.offered_to() == "bram"
    assert world.last_fact(ContactOffered).candidates == ("bram", "anna")


def test_device_is_rung_with_queue_and_caller() -> None:
    world = World()
    world.log_on("anna")
    world.calls()
    dial = world.switch.last(Dialled).dial
    assert (dial.destination, dial.caller_number) == ("sip:anna@127.0.0.1:5071", "+31612345678")
    assert dial.caller_name == "Burgerzaken: +31612345678"


def test_agent_who_answers_is_bridged_with_the_caller() -> None:
    world = World()
    world.log_on("anna")
    world.advance(10)
    caller = world.calls()
    world.advance(3)
    world.answers(world.ringing())
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    assert world.agent("anna").state is AgentState.TALKING
    assert world.last_fact(ContactAnswered).waited_seconds == 3


def test_agent_who_misses_an_offer_stays_logged_on_and_the_next_gets_it() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    world.advance(15)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.offered_to() == "bram"
    assert world.agent("anna").status is AgentStatus.AVAILABLE
    assert world.agent("anna").can_be_offered
    assert world.agent("anna").warning == "missed"


def test_agent_who_missed_one_contact_gets_the_next_one() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    world.advance(15)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    world.calls()
    assert {str(each.agent_id) for each in world.floor.offers.values()} == {"anna", "bram"}


def test_only_agent_who_missed_is_offered_the_contact_again() -> None:
    world = World()
    world.log_on("anna")
    world.calls()
    world.advance(15)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.offered_to() == "anna"


def test_device_that_cannot_be_reached_is_left_alone_for_ten_seconds() -> None:
    world = World()
    world.log_on("anna")
    world.calls()
    world.hangs_up(world.ringing(), HangUpCause.UNREACHABLE)
    assert world.offered_to() is None
    assert world.agent("anna").warning == "unreachable"
    world.advance(11)
    assert world.offered_to() == "anna"


def test_device_that_cannot_be_reached_leaves_the_contact_to_a_colleague_at_once() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    first = world.offered_to()
    world.hangs_up(world.ringing(), HangUpCause.UNREACHABLE)
    assert {first, world.offered_to()} == {"anna", "bram"}


@pytest.mark.parametrize("cause", [HangUpCause.BUSY, HangUpCause.DECLINED, HangUpCause.NO_ANSWER])
def test_device_that_refuses_by_itself_is_left_alone_for_ten_seconds(cause: HangUpCause) -> None:
    world = World()
    world.log_on("anna")
    world.calls()
    world.hangs_up(world.ringing(), cause)
    assert world.offered_to() is None
    assert world.agent("anna").status is AgentStatus.AVAILABLE
    world.advance(11)
    assert world.offered_to() == "anna"


def test_agent_who_refuses_on_the_device_after_a_while_may_have_the_next_contact_at_once() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    world.advance(3)
    world.hangs_up(world.ringing(), HangUpCause.DECLINED)
    world.calls()
    assert {str(each.agent_id) for each in world.floor.offers.values()} == {"anna", "bram"}


def test_agent_who_declines_leaves_the_contact_to_a_colleague() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    world.does(DeclineOffer("anna", AgentId("anna")))
    assert world.offered_to() == "bram"
    assert world.all_facts(OfferEnded)[0].end is OfferEnd.DECLINED


def test_nothing_can_be_declined_where_nothing_is_offered() -> None:
    world = World()
    world.log_on("anna")
    with pytest.raises(NotAllowed, match="no contact is offered"):
        world.does(DeclineOffer("anna", AgentId("anna")))


def test_one_agent_is_never_before_two_offers() -> None:
    world = World()
    world.log_on("anna")
    for _ in range(3):
        world.calls()
    assert len(world.floor.offers) == 1


def test_contact_is_never_offered_to_an_agent_on_a_break() -> None:
    world = World()
    world.log_on("anna")
    world.does(GoOnBreak("anna", AgentId("anna"), "Lunch"))
    world.calls()
    assert world.offered_to() is None
    world.does(BecomeAvailable("anna", AgentId("anna")))
    assert world.offered_to() == "anna"


def test_agent_who_logs_off_while_rung_gives_the_offer_back() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    world.does(LogOff("anna", AgentId("anna")))
    assert world.offered_to() == "bram"


def test_answer_in_the_instant_of_the_withdrawal_reaches_nobody() -> None:
    world = World()
    world.switch.obedient = True
    world.log_on("anna")
    caller = world.calls()
    device = world.ringing()
    world.switch.answers(device)
    world.switch.hangs_up(caller)
    world.settle()
    assert not world.switch.lives(device)
    assert world.agent("anna").state in (AgentState.WRAP_UP, AgentState.READY)


def test_offer_of_which_the_switch_says_nothing_more_is_healed() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    world.advance(26)
    assert world.offered_to() == "bram"
    assert world.last_fact(LeaseHealed).kind == "offer"


def test_agent_on_level_2_is_offered_nothing_while_level_1_is_ready() -> None:
    from cxcore.domain.membership import Membership

    memberships = (
        Membership(AgentId("anna"), builders.BURGERZAKEN, level=2),
        Membership(AgentId("bram"), builders.BURGERZAKEN, level=1),
    )
    world = World(builders.site(memberships=memberships))
    world.log_on("anna", "bram")
    world.calls()
    assert world.offered_to() == "bram"


def test_agent_of_two_queues_serves_the_queue_with_priority_first() -> None:
    world = World()
    burgerzaken = world.calls()
    world.advance(5)
    caller = world.calls(builders.GENERAL)
    world.switch.ends_prompt(caller)
    world.settle()
    world.switch.enters(caller, "0")
    world.settle()
    world.log_on("anna")
    assert world.contact(caller).contact_id == next(iter(world.floor.offers.values())).contact_id
    assert world.waiting() == [burgerzaken]


@pytest.mark.parametrize("strategy", list(StrategyName))
def test_every_strategy_finds_the_only_ready_agent(strategy: StrategyName) -> None:
    world = World(builders.site((builders.queue(strategy=strategy), builders.queue(builders.RECEPTIE))))
    world.log_on("bram")
    world.calls()
    assert world.offered_to() == "bram"


def test_refused_dial_is_a_device_that_cannot_be_reached() -> None:
    world = World()
    world.log_on("anna")
    world.switch.will_refuse(Dialled)
    world.calls()
    assert world.agent("anna").warning == "unreachable"
    assert world.waiting()


def test_withdrawn_offer_cancels_the_ringing() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    device = world.ringing()
    world.hangs_up(caller)
    assert world.switch.last(HangUp, device).cause is HangUpCause.WITHDRAWN
