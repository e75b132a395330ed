"""A supervisor on the call of an agent [25, 33]."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BargeIn, CallNumber, ListenIn, LogOn, StopListening, Whisper
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ListeningChanged, ListeningEnded, ListeningStarted
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.listening import ListeningMode
from cxcore.domain.membership import Membership
from cxcore.domain.site import Site
from cxcore.domain.tidings import OrderRefused
from tests import builders
from tests.fakes.switch import Listen
from tests.unit.world import World

ANNA, BRAM = AgentId("anna"), AgentId("bram")


def site() -> Site:
    plain = builders.site()
    sofie = replace(plain.users["sofie"], device="sip:sofie@127.0.0.1:5071")
    served = (*plain.memberships, Membership(AgentId("sofie"), builders.BURGERZAKEN, level=2))
    return replace(plain, users={**plain.users, "sofie": sofie}, memberships=served)


def talking() -> tuple[World, LegId, LegId]:
    world = World(site())
    world.log_on("anna")
    caller, device = world.talk()
    return world, caller, device


def heard_by_sofie(world: World, command: type = ListenIn) -> LegId:
    """Sofie asks to be on Anna's call and answers her phone; its leg."""
    world.does(command("sofie", ANNA))
    phone = world.ringing()
    world.answers(phone)
    return phone


def test_supervisor_hears_the_device_of_the_agent() -> None:
    world, _, device = talking()
    phone = heard_by_sofie(world)
    order = world.switch.last(Listen)
    assert (order.leg_id, order.to, order.mode) == (phone, device, ListeningMode.LISTEN)
    started = world.last_fact(ListeningStarted)
    assert (started.by, started.agent_id, started.told) == ("sofie", ANNA, True)


@pytest.mark.parametrize(("command", "mode"), [(Whisper, ListeningMode.WHISPER), (BargeIn, ListeningMode.BARGE)])
def test_supervisor_begins_as_asked_or_changes_to_it(command: type, mode: ListeningMode) -> None:
    world, *_ = talking()
    heard_by_sofie(world, command)
    assert world.last_fact(ListeningStarted).mode is mode
    world.does(ListenIn("sofie", ANNA))
    world.does(command("sofie", ANNA))
    assert [fact.mode for fact in world.all_facts(ListeningChanged)] == [ListeningMode.LISTEN, mode]
    assert world.switch.last(Listen).mode is mode


def test_supervisor_stops() -> None:
    world, caller, _ = talking()
    phone = heard_by_sofie(world)
    world.does(StopListening("sofie", ANNA))
    assert phone not in world.switch.legs
    assert caller in world.switch.legs
    assert len(world.all_facts(ListeningEnded)) == 1


def test_supervisor_who_hangs_up_or_does_not_answer_leaves_nothing_behind() -> None:
    world, *_ = talking()
    world.hangs_up(heard_by_sofie(world))
    world.does(ListenIn("sofie", ANNA))
    world.hangs_up(world.ringing(), HangUpCause.NO_ANSWER)
    assert not world.floor.listenings
    assert len(world.all_facts(ListeningEnded)) == 1


def test_device_that_cannot_be_dialled_leaves_nothing_behind() -> None:
    world, *_ = talking()
    world.does(ListenIn("sofie", ANNA))
    world.inbox.step(OrderRefused(world.clock.now(), world.ringing(), "dial", "-ERR no route"))
    assert not world.floor.listenings


def test_agent_without_a_conversation_cannot_be_listened_to() -> None:
    world = World(site())
    world.log_on("anna")
    with pytest.raises(NotAllowed, match="no conversation"):
        world.does(ListenIn("sofie", ANNA))


def test_one_supervisor_at_a_time_listens_to_one_call_at_a_time() -> None:
    world, *_ = talking()
    world.log_on("bram")
    world.calls()
    world.answers(world.ringing())
    heard_by_sofie(world)
    with pytest.raises(NotAllowed, match="another call"):
        world.does(ListenIn("sofie", BRAM))
    with pytest.raises(NotAllowed, match="somebody else"):
        world.does(ListenIn("bram", ANNA))


def test_supervisor_who_serves_queues_takes_a_break_first() -> None:
    world, *_ = talking()
    world.does(LogOn("sofie", AgentId("sofie")))
    with pytest.raises(NotAllowed, match="break"):
        world.does(ListenIn("sofie", ANNA))


def test_supervisor_without_a_device_is_told_so() -> None:
    world = World()
    world.log_on("anna")
    world.talk()
    with pytest.raises(NotAllowed, match="no device"):
        world.does(ListenIn("sofie", ANNA))


def test_direct_calls_are_listened_to_at_the_agents_side() -> None:
    world = World(site())
    world.does(CallNumber("anna", ANNA, "0612345678"))
    desk = world.ringing()
    world.answers(desk)
    world.answers(world.ringing())
    heard_by_sofie(world)
    assert world.switch.last(Listen).to == desk


def test_core_that_starts_again_knows_who_listens() -> None:
    world, *_ = talking()
    phone = heard_by_sofie(world, Whisper)
    world.restart_core()
    assert world.floor.listenings["sofie"].mode is ListeningMode.WHISPER
    world.does(BargeIn("sofie", ANNA))
    assert world.switch.last(Listen).mode is ListeningMode.BARGE
    world.hangs_up(phone)
    assert world.last_fact(ListeningEnded).by == "sofie"


def test_device_that_rang_when_the_core_died_is_let_go() -> None:
    world, *_ = talking()
    world.does(ListenIn("sofie", ANNA))
    phone = world.ringing()
    world.restart_core()
    assert phone not in world.switch.legs
    assert not world.floor.listenings
