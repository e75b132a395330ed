"""A flow rings several numbers outside; what they see [9]."""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.contact import ContactState, Outcome
from cxcore.domain.dialplan import Close, Dialplan, Say, Transfer
from cxcore.domain.events import ContactEnded, ContactTransferred
from cxcore.domain.leg import HangUpCause, LegId
from tests import builders
from tests.fakes.switch import Dialled, Hearing
from tests.fakes.switch import Say as Said
from tests.unit.world import World

FIRST, SECOND, THIRD = "+31612340001", "sip:teams@127.0.0.1:5099", "+31612340003"


def world_of(step: Transfer, **queue_settings: object) -> World:
    site = builders.site((builders.queue(**queue_settings), builders.queue(builders.RECEPTIE)))  # type: ignore[arg-type]
    flows = {**site.dialplan.flows, "storingsdienst": (step, Say("bel-later-terug"), Close())}
    return World(replace(site, dialplan=Dialplan(site.dialplan.numbers, flows)))


def ringing(world: World) -> dict[str, LegId]:
    return {order.dial.destination: order.leg_id for order in world.switch.orders if isinstance(order, Dialled)
            and world.switch.lives(order.leg_id)}  # fmt: skip


def test_all_of_a_ring_group_ring_at_once_and_the_first_to_answer_wins() -> None:
    world = world_of(Transfer((FIRST, SECOND, THIRD)))
    caller = world.calls(builders.SERVICE_LINE)
    assert set(ringing(world)) == {FIRST, SECOND, THIRD}
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.answers(ringing(world)[SECOND])
    assert set(ringing(world)) == {SECOND}
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    assert world.last_fact(ContactTransferred).destination == SECOND


def test_number_outside_is_told_for_which_number_the_call_is_forwarded() -> None:
    world = world_of(Transfer((FIRST,)))
    world.calls(builders.SERVICE_LINE)
    assert world.switch.last(Dialled).dial.forwarded_from == builders.SERVICE_LINE


def test_two_of_a_ring_group_who_answer_in_one_instant_are_not_both_connected() -> None:
    world = world_of(Transfer((FIRST, SECOND)))
    caller = world.calls(builders.SERVICE_LINE)
    legs = ringing(world)
    world.switch.answers(legs[FIRST])
    world.switch.answers(legs[SECOND])
    world.settle()
    assert not world.switch.lives(legs[SECOND])
    assert len(world.all_facts(ContactTransferred)) == 1
    assert world.contact(caller).state is ContactState.TRANSFERRED


def test_members_of_a_group_in_turn_ring_one_after_another() -> None:
    world = world_of(Transfer((FIRST, SECOND), together=False))
    world.calls(builders.SERVICE_LINE)
    assert set(ringing(world)) == {FIRST}
    world.hangs_up(ringing(world)[FIRST], HangUpCause.NO_ANSWER)
    assert set(ringing(world)) == {SECOND}
    world.answers(ringing(world)[SECOND])
    assert world.last_fact(ContactTransferred).destination == SECOND


def test_flow_goes_on_when_the_last_of_the_group_did_not_answer() -> None:
    for together in (True, False):
        world = world_of(Transfer((FIRST, SECOND), together=together))
        caller = world.calls(builders.SERVICE_LINE)
        while legs := ringing(world):
            assert world.contact(caller).state is ContactState.IN_FLOW
            world.hangs_up(next(iter(legs.values())), HangUpCause.NO_ANSWER)
        assert world.switch.last(Said, caller).prompts[0].name == "bel-later-terug.wav"


def test_caller_who_leaves_stops_the_whole_group() -> None:
    world = world_of(Transfer((FIRST, SECOND)))
    caller = world.calls(builders.SERVICE_LINE)
    world.hangs_up(caller)
    assert not ringing(world)
    assert world.last_fact(ContactEnded).outcome is Outcome.LEFT_IN_FLOW


def test_party_that_is_dialled_sees_the_number_of_the_site() -> None:
    world = world_of(Transfer((FIRST,)))
    world.calls(builders.SERVICE_LINE)
    assert world.switch.last(Dialled).dial.caller_number == builders.GENERAL


def test_party_that_is_dialled_sees_the_number_of_the_group_when_it_has_one() -> None:
    world = world_of(Transfer((FIRST,), caller_number=builders.SERVICE_LINE))
    world.calls(builders.SERVICE_LINE)
    assert world.switch.last(Dialled).dial.caller_number == builders.SERVICE_LINE


def test_party_that_is_dialled_for_a_queue_sees_the_number_of_the_queue() -> None:
    world = world_of(Transfer((FIRST,)), caller_number=builders.DIRECT, overflow_flow="storingsdienst")
    world.calls()
    world.advance(600)
    assert world.switch.last(Dialled).dial.caller_number == builders.DIRECT
