"""Requirement 87: the administrator decides who may dial where; 112 can be dialled by everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import CallNumber, Command, Consult, TransferContact
from cxcore.domain.contact import CallBackRequest
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

EVERYTHING = TrafficClass("alles", "Alles", frozenset(TrafficKind))


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


def call_back_world(anna: str = "", bram: str = "") -> World:
    """Burgerzaken, which Anna and Bram serve, calls back."""
    made = site(anna)
    users = {**made.users, "bram": replace(made.users["bram"], traffic_class=bram)}
    queue = replace(made.queues[builders.BURGERZAKEN], call_back=CallBackSettings(numbers=("+",)))
    flows = made.dialplan.flows
    flows = {**flows, "burgerzaken": (CallBack(builders.BURGERZAKEN), *flows["burgerzaken"])}
    dialplan = replace(made.dialplan, flows=flows)
    classes = {**made.traffic_classes, "alles": EVERYTHING}
    queues = {**made.queues, queue.queue_id: queue}
    return World(replace(made, users=users, queues=queues, dialplan=dialplan, traffic_classes=classes))


def asks_for_a_call_back(world: World, number: str) -> None:
    """Somebody calls, and hears that the request was taken, or why not."""
    world.switch.ends_prompt(world.calls(builders.DIRECT, number))
    world.settle()


def test_caller_is_not_called_back_at_a_number_that_no_agent_of_the_queue_may_dial() -> None:
    world = call_back_world()
    asks_for_a_call_back(world, ABROAD)
    assert not requests(world)
    asks_for_a_call_back(world, MOBILE)
    assert [request.number for request in requests(world)] == [MOBILE]


def requests(world: World) -> list[CallBackRequest]:
    return [contact.call_back for contact in world.floor.contacts.values() if contact.call_back is not None]


def test_call_back_is_offered_only_to_agents_who_may_dial_its_number() -> None:
    world = call_back_world(bram="alles")
    world.log_on("anna")
    asks_for_a_call_back(world, ABROAD)
    assert world.floor.agent(ANNA).state is AgentState.READY
    assert not world.floor.offers
    world.log_on("bram")
    assert [offer.agent_id for offer in world.floor.offers.values()] == ["bram"]


def test_agent_who_becomes_ready_gets_the_next_in_line_when_the_first_may_not_be_dialled() -> None:
    world = call_back_world(bram="alles")
    asks_for_a_call_back(world, ABROAD)
    asks_for_a_call_back(world, MOBILE)
    world.log_on("anna")
    (offer,) = world.floor.offers.values()
    contact = world.floor.contacts[offer.contact_id]
    assert contact.call_back is not None
    assert (offer.agent_id, contact.call_back.number) == (ANNA, MOBILE)


def test_class_of_the_agent_counts_before_that_of_the_site() -> None:
    world = call_back_world(anna="intern", bram="intern")
    asks_for_a_call_back(world, MOBILE)
    assert not requests(world)


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
