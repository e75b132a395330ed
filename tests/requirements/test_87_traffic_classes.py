"""Requirement 87: the administrator decides who may dial where; 112 can be dialled by everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallNumber, Command, Consult, TransferContact
from cxcore.domain.contact import ContactState
from cxcore.domain.dialplan import CallBack
from cxcore.domain.errors import NotAllowed
from cxcore.domain.phone_book import PhoneBookEntry
from cxcore.domain.queue import CallBackSettings
from cxcore.domain.site import Site
from cxcore.domain.traffic import TrafficClass, TrafficKind
from cxcore.services.configuration import UseSite
from tests import builders
from tests.unit.world import World

ANNA = AgentId("anna")
ABROAD, MOBILE, COSTLY = "+32475123456", "+31612345678", "09001234"
INTERN = TrafficClass("intern", "Alleen intern", frozenset({TrafficKind.INTERNAL, TrafficKind.PHONE_BOOK}))
FORBIDDEN = {TrafficKind.PREMIUM, TrafficKind.INTERNATIONAL}
NATIONAL = TrafficClass("nationaal", "Nationaal", frozenset(TrafficKind) - FORBIDDEN)


def site(anna: str = "") -> Site:
    """Everybody may dial within the country, unless Anna has a class of her own."""
    made = builders.site()
    return replace(
        made,
        users={**made.users, "anna": replace(made.users["anna"], traffic_class=anna)},
        traffic_classes={"intern": INTERN, "nationaal": NATIONAL},
        traffic_class="nationaal",
        phone_book=(PhoneBookEntry("brussel", "Brussel", (ABROAD,)),),
    )


def call(number: str) -> Command:
    return CallNumber("anna", ANNA, number)


def consult(number: str) -> Command:
    return Consult("anna", ANNA, "number", number)


def transfer(number: str) -> Command:
    return TransferContact("anna", ANNA, "number", number)


def world_for(ask: Callable[[str], Command], anna: str = "") -> World:
    world = World(site(anna))
    world.log_on("anna")
    if ask is not call:
        world.talk()
    return world


WAYS = [call, consult, transfer]


@pytest.mark.parametrize("ask", WAYS)
def test_number_outside_the_class_is_refused_with_its_kind_and_nothing_is_dialled(
    ask: Callable[[str], Command],
) -> None:
    world = world_for(ask)
    dialled = world.switch.dialled_legs()
    for number, kind in ((ABROAD, "international"), (COSTLY, "premium")):
        with pytest.raises(NotAllowed) as refusal:
            world.does(ask(number))
        assert refusal.value.code == f"traffic-{kind}"
    assert world.switch.dialled_legs() == dialled


@pytest.mark.parametrize("ask", WAYS)
def test_number_within_the_class_is_dialled(ask: Callable[[str], Command]) -> None:
    world = world_for(ask)
    world.does(ask(MOBILE))
    assert world.switch.dialled_legs()


@pytest.mark.parametrize("ask", WAYS)
def test_who_may_dial_inside_only_can_dial_112(ask: Callable[[str], Command]) -> None:
    world = world_for(ask, "intern")
    with pytest.raises(NotAllowed):
        world.does(ask(MOBILE))
    world.does(ask("112"))
    assert world.switch.dialled_legs()


def test_class_may_allow_the_phone_book_as_it_stands_there_and_no_other_number_under_its_name() -> None:
    world = world_for(consult, "intern")
    with pytest.raises(NotAllowed):
        world.does(Consult("anna", ANNA, "phone-book", "brussel", "Brussel", (COSTLY,)))
    world.does(Consult("anna", ANNA, "phone-book", "brussel", "Brussel", (ABROAD,)))
    assert world.switch.dialled_legs()


def test_caller_is_not_called_back_at_a_number_that_the_class_of_the_site_forbids() -> None:
    made = site()
    queue = replace(made.queues[builders.BURGERZAKEN], call_back=CallBackSettings(numbers=("+",)))
    flows = made.dialplan.flows
    flows = {**flows, "burgerzaken": (CallBack(builders.BURGERZAKEN), *flows["burgerzaken"])}
    dialplan = replace(made.dialplan, flows=flows)
    world = World(replace(made, queues={**made.queues, queue.queue_id: queue}, dialplan=dialplan))
    from_abroad = world.contact(world.calls(builders.DIRECT, ABROAD))
    from_here = world.contact(world.calls(builders.DIRECT, MOBILE))
    assert from_abroad.call_back is None
    assert from_here.state is ContactState.CALL_BACK


def test_changed_class_counts_for_the_next_call_without_a_restart() -> None:
    world = world_for(call)
    changed = replace(world.floor.site, traffic_class="intern")
    world.does(UseSite("aad", 2, changed))
    with pytest.raises(NotAllowed) as refusal:
        world.does(call(MOBILE))
    assert refusal.value.code == "traffic-mobile"


def test_site_without_classes_allows_everything() -> None:
    world = World()
    world.does(call(ABROAD))
    assert world.switch.dialled_legs()
