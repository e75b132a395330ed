"""What waiting callers hear beside the music."""

from __future__ import annotations

from collections.abc import Callable

from cxcore.domain.contact import ContactState, Outcome
from cxcore.domain.events import ContactLeftQueue, MenuChosen, OfferEnded
from cxcore.domain.leg import LegId
from cxcore.domain.offer import OfferEnd
from cxcore.domain.queue import Announcement, PositionTold, Repeat, WaitMenu
from tests import builders
from tests.fakes.switch import Ask, Hearing, PlayHoldMusic, Say
from tests.unit.world import World

MENU = WaitMenu("wachtmenu", {"1": "receptie", "9": "druk"})


def world_with(announcement: Announcement) -> World:
    return World(builders.site((builders.queue(announcement=announcement), builders.queue(builders.RECEPTIE))))


def arrivals(world: World, count: int) -> list[LegId]:
    """Callers, a tenth of a second apart."""
    callers = []
    for _ in range(count):
        callers.append(world.calls())
        world.advance(0.1)
    return callers


def heard(world: World, caller: LegId) -> list[tuple[str, ...]]:
    """The prompts of each announcement so far, by name."""
    return [tuple(path.stem for path in order.prompts) for order in world.switch.all_of(Say, caller)]


def test_first_text_comes_at_once_when_its_time_is_zero() -> None:
    world = world_with(Announcement("even-geduld", 0, repeat=Repeat("nog-even-geduld", 20)))
    caller = world.calls()
    assert heard(world, caller) == [("even-geduld",)]
    world.switch.ends_prompt(caller)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC


def test_first_text_is_followed_by_another_as_often_as_the_queue_says() -> None:
    world = world_with(Announcement("even-geduld", 10, repeat=Repeat("nog-even-geduld", 20, times=2)))
    caller = world.calls()
    world.advance(10 + 20 + 20)
    assert heard(world, caller) == [("even-geduld",), ("nog-even-geduld",), ("nog-even-geduld",)]
    world.advance(200)
    assert len(heard(world, caller)) == 3


def test_place_counts_down_in_one_order_with_the_text() -> None:
    world = world_with(Announcement("even-geduld", 10, position=PositionTold.ALWAYS))
    first, second = world.calls(), world.calls()
    world.advance(10)
    assert heard(world, second) == [("even-geduld", "u-bent-nummer", "aantal-2", "in-de-wachtrij")]
    world.hangs_up(first)
    world.advance(30)
    assert heard(world, second)[1] == ("even-geduld", "u-bent-nummer", "aantal-1", "in-de-wachtrij")


def test_place_that_did_not_change_is_not_told_again_where_the_queue_says_so() -> None:
    world = world_with(Announcement("even-geduld", 10, repeat=Repeat(None, 20), position=PositionTold.CHANGED))
    first, second = world.calls(), world.calls()
    world.advance(10 + 20)
    assert len(heard(world, second)) == 1
    world.hangs_up(first)
    world.advance(20)
    assert heard(world, second)[1] == ("u-bent-nummer", "aantal-1", "in-de-wachtrij")


def test_place_beyond_twenty_has_words_of_its_own() -> None:
    world = world_with(Announcement(None, 10, position=PositionTold.ALWAYS))
    callers = arrivals(world, 21)
    world.advance(10)
    assert heard(world, callers[19]) == [("u-bent-nummer", "aantal-20", "in-de-wachtrij")]
    assert heard(world, callers[20]) == [("er-zijn", "meer-dan-twintig", "wachtenden")]


def test_expected_wait_is_told_in_whole_minutes_once_enough_was_measured() -> None:
    world = world_with(Announcement("even-geduld", 10, expected_wait=True))
    world.log_on("anna")
    callers = arrivals(world, 10)
    world.advance(10)
    assert heard(world, callers[9]) == [("even-geduld",)]
    for caller in callers[:6]:
        world.answers(world.ringing())
        world.advance(60)
        world.hangs_up(caller)
        world.advance(30)
    world.answers(world.ringing())
    world.advance(30)
    assert world.floor.position(world.contact(callers[9])) == 3
    told = heard(world, callers[9])[-1]
    assert told == ("even-geduld", "de-wachttijd-is-ongeveer", "aantal-5", "minuten")


def asked(menu_at: int = 10) -> tuple[World, LegId]:
    world = world_with(Announcement("even-geduld", menu_at, repeat=Repeat("nog-even-geduld", 30, menu=MENU), menu=MENU))
    caller = world.calls()
    world.advance(menu_at)
    return world, caller


def test_menu_is_asked_in_one_order_with_the_text() -> None:
    world, caller = asked()
    assert [path.stem for path in world.switch.last(Ask, caller).question.prompts] == ["even-geduld", "wachtmenu"]


def test_key_leads_into_its_flow_and_out_of_the_queue() -> None:
    world, caller = asked()
    world.switch.enters(caller, "1")
    world.settle()
    assert world.waiting() == []
    assert world.waiting(builders.RECEPTIE) == [caller]
    assert world.last_fact(MenuChosen).key == "1"
    (left,) = world.all_facts(ContactLeftQueue)
    assert (left.queue_id, left.outcome) == (builders.BURGERZAKEN, Outcome.OVERFLOWED)


def test_caller_without_a_key_or_with_a_wrong_one_keeps_the_place_with_music() -> None:
    for keys in ("", "7"):
        world, caller = asked()
        later = world.calls()
        world.switch.enters(caller, keys)
        world.settle()
        assert world.waiting() == [caller, later]
        assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
        assert not world.all_facts(ContactLeftQueue)
        world.advance(31)
        assert len(world.switch.all_of(Ask, caller)) == 2


def test_offer_is_withdrawn_from_the_agent_when_the_caller_chooses_to_leave() -> None:
    world, caller = asked()
    world.log_on("bram")
    assert world.offered_to() == "bram"
    world.switch.enters(caller, "9")
    world.settle()
    assert world.last_fact(OfferEnded).end is OfferEnd.WITHDRAWN
    assert world.offered_to() is None


def test_key_that_comes_after_the_agent_answered_disturbs_nobody() -> None:
    world, caller = asked()
    question = world.switch.last(Ask, caller).order_id
    world.log_on("bram")
    device = world.ringing()
    world.answers(device)
    world.switch.enters(caller, "1", question)
    world.settle()
    assert world.contact(caller).state is ContactState.TALKING
    assert world.switch.bridged_to(caller) == device


def each_order_after_the_bridge(world: World, caller: LegId) -> list[str]:
    orders = world.switch.orders_to(caller)
    bridged = next(index for index, order in enumerate(orders) if type(order).__name__ == "Bridge")
    return [type(order).__name__ for order in orders[bridged + 1 :]]


def test_nothing_is_said_into_a_conversation() -> None:
    for start in (lambda: asked()[0], lambda: world_with(Announcement("even-geduld", 10))):
        world = begin_talking(start)
        world.advance(120)
        (caller,) = [leg for leg, each in world.switch.legs.items() if each.live.inbound]
        assert set(each_order_after_the_bridge(world, caller)) <= {"Mark"}


def begin_talking(start: Callable[[], World]) -> World:
    world = start()
    if not world.floor.contacts:
        world.calls()
    world.log_on("bram")
    world.answers(world.ringing())
    return world


def test_caller_who_comes_to_another_queue_hears_its_first_text() -> None:
    queues = (
        builders.queue(announcement=Announcement("even-geduld", 10, menu=MENU)),
        builders.queue(builders.RECEPTIE, announcement=Announcement("welkom", 5)),
    )
    world = World(builders.site(queues))
    caller = world.calls()
    world.advance(40)
    world.switch.enters(caller, "1")
    world.settle()
    assert isinstance(world.switch.orders_to(caller)[-2], PlayHoldMusic)
    world.advance(6)
    assert heard(world, caller) == [("welkom",)]
