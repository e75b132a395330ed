"""A caller walks through the dialplan."""

from __future__ import annotations

from cxcore.domain.contact import ContactState, Outcome
from cxcore.domain.events import ContactEnded, ContactOpened, ContactTransferred, MenuChosen
from cxcore.domain.leg import HangUpCause, LegId, OrderId
from cxcore.feed.floor_rows import contact_row
from tests import builders
from tests.fakes.switch import Ask, HangUp, Hearing, Say, Take
from tests.unit.world import PROMPTS, World


def test_caller_of_the_general_number_hears_welcome_and_then_the_menu() -> None:
    world = World()
    caller = world.calls(builders.GENERAL)
    assert world.switch.all_of(Take, caller)
    assert world.switch.last(Say, caller).prompts == (PROMPTS["welkom"],)
    world.switch.ends_prompt(caller)
    world.settle()
    assert world.switch.last(Ask, caller).question.prompts == (PROMPTS["hoofdmenu"],)


def in_menu(world: World) -> LegId:
    caller = world.calls(builders.GENERAL)
    world.switch.ends_prompt(caller)
    world.settle()
    return caller


def test_key_1_leads_to_the_queue_of_burgerzaken() -> None:
    world = World()
    caller = in_menu(world)
    world.switch.enters(caller, "1")
    world.settle()
    assert world.waiting() == [caller]
    assert world.last_fact(MenuChosen).key == "1"


def test_wrong_key_is_told_and_the_menu_asked_again() -> None:
    world = World()
    caller = in_menu(world)
    world.switch.enters(caller, "7")
    world.settle()
    assert world.switch.last(Ask, caller).question.prompts == (PROMPTS["verkeerde-toets"], PROMPTS["hoofdmenu"])


def test_silence_twice_leads_to_the_reception() -> None:
    world = World()
    caller = in_menu(world)
    for _ in range(2):
        world.switch.enters(caller, "")
        world.settle()
    assert world.waiting(builders.RECEPTIE) == [caller]


def test_late_outcome_of_an_earlier_order_moves_nobody() -> None:
    world = World()
    caller = in_menu(world)
    world.switch.enters(caller, "1", OrderId("an-order-long-gone"))
    world.settle()
    assert world.contact(caller).state is ContactState.IN_FLOW


def test_unknown_number_is_refused_and_no_contact_is_opened() -> None:
    world = World()
    caller = world.calls("+31715559999")
    assert world.switch.last(HangUp, caller).cause is HangUpCause.NO_SUCH_NUMBER
    assert not world.all_facts(ContactOpened)


def test_call_that_was_forwarded_keeps_the_number_that_was_dialled_first_also_after_a_kill() -> None:
    world = World()
    caller = world.switch.arrives(forwarded_from="+31715550199")
    world.settle()
    assert world.last_fact(ContactOpened).forwarded_from == "+31715550199"
    assert contact_row(world.floor, world.contact(caller)).forwarded_from == "+31715550199"
    world.restart_core()
    assert world.contact(caller).forwarded_from == "+31715550199"


def test_leg_that_is_told_twice_is_one_contact() -> None:
    world = World()
    caller = world.calls()
    world.switch.arrives(builders.DIRECT, leg_id=caller)
    world.settle()
    assert len(world.all_facts(ContactOpened)) == 1


def test_caller_who_leaves_in_the_menu_left_in_flow() -> None:
    world = World()
    world.hangs_up(in_menu(world))
    assert world.last_fact(ContactEnded).outcome is Outcome.LEFT_IN_FLOW
    assert not world.floor.contacts


def test_transfer_step_connects_with_the_number_outside() -> None:
    world = World()
    caller = world.calls(builders.SERVICE_LINE)
    outside = world.ringing()
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.answers(outside)
    assert world.switch.bridged_to(caller) == outside
    assert world.last_fact(ContactTransferred).destination == "+31612340000"
    world.hangs_up(outside)
    assert world.last_fact(ContactEnded).outcome is Outcome.TRANSFERRED
    assert not world.switch.legs


def test_transfer_without_answer_goes_on_in_the_flow() -> None:
    world = World()
    caller = world.calls(builders.SERVICE_LINE)
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert world.switch.last(Say, caller).prompts == (PROMPTS["bel-later-terug"],)
    world.switch.ends_prompt(caller)
    world.settle()
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED


def test_caller_who_leaves_during_a_transfer_stops_the_ringing_outside() -> None:
    world = World()
    world.hangs_up(world.calls(builders.SERVICE_LINE))
    assert not world.switch.legs
