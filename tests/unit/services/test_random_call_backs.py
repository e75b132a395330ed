"""Days on which callers are called back, with everything else that can happen: nobody is lost or called twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import EndWrapUp, HangUpContact, HoldContact, LogOff, LogOn
from cxcore.domain.contact import ContactState
from cxcore.domain.errors import DomainError
from cxcore.domain.events import (
    CallBackAsked,
    CallBackEnded,
    ContactEnded,
    ContactOpened,
    ContactQueued,
)
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.queue import CallBackSettings
from tests import builders
from tests.unit.services.test_callbacks import LINE, restart, site
from tests.unit.world import World

AGENTS = ("anna", "bram")
NUMBERS = tuple(f"+3161234567{digit}" for digit in range(6))
CAUSES = (HangUpCause.NO_ANSWER, HangUpCause.BUSY, HangUpCause.UNREACHABLE, HangUpCause.NORMAL)


class Chance:
    """Lets anything happen that can happen."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.world = World(site(CallBackSettings(attempts=2, retry_seconds=120)))
        self.events: list[Callable[[], None]] = [
            self.call, self.call, self.answer, self.answer, self.answer, self.hang_up, self.press, self.press,
            self.press, self.command, self.command, self.pass_time, self.pass_time, self.kill_core, self.restart_switch,
        ]  # fmt: skip

    def happen(self) -> None:
        self.dice.choice(self.events)()
        self.world.settle()

    def leg(self, *, inbound: bool) -> LegId | None:
        legs = [leg_id for leg_id, leg in self.world.switch.legs.items() if leg.live.inbound is inbound]
        return self.dice.choice(legs) if legs else None

    def call(self) -> None:
        self.world.calls(self.dice.choice((builders.DIRECT, builders.DIRECT, LINE)), self.dice.choice(NUMBERS))

    def answer(self) -> None:
        if (leg := self.leg(inbound=False)) is not None:
            self.world.answers(leg)

    def hang_up(self) -> None:
        if (leg := self.leg(inbound=self.dice.random() < 0.5)) is not None:
            self.world.hangs_up(leg, self.dice.choice(CAUSES))

    def press(self) -> None:
        running = [leg for leg, each in self.world.switch.legs.items() if each.running is not None]
        if running and self.dice.random() < 0.4:
            self.world.switch.ends_prompt(self.dice.choice(running))
        elif running:
            self.world.switch.enters(self.dice.choice(running), self.dice.choice(("1", "1", "5", "")))

    def command(self) -> None:
        agent = AgentId(self.dice.choice(AGENTS))
        kind = self.dice.choice((LogOn, LogOn, LogOn, LogOff, HangUpContact, HoldContact, EndWrapUp))
        try:
            self.world.does(kind(agent, agent))
        except DomainError:
            pass

    def pass_time(self) -> None:
        self.world.advance(self.dice.choice((0.1, 1, 5, 12, 35, 130)))

    def kill_core(self) -> None:
        if self.dice.random() < 0.2:
            restart(self.world)

    def restart_switch(self) -> None:
        if self.dice.random() < 0.15:
            self.world.advance(5)
            self.world.switch.restarts()


def check_floor(world: World) -> None:
    """What must be true at every moment once all tidings are worked off."""
    for contact in world.floor.contacts.values():
        line = list(world.floor.waiting(contact.queue_id)) if contact.queue_id else []
        assert (contact in line) == (contact.state is ContactState.WAITING)
        if contact.state is ContactState.CALLING_BACK:
            agent = world.floor.agent_talking_with(contact)
            assert agent is not None
            assert agent.state is AgentState.TALKING
    owed = Counter(contact.call_back.number for contact in world.floor.contacts.values() if contact.call_back)
    assert all(count == 1 for count in owed.values()), owed
    dialled = Counter(
        leg.live.dialled_number
        for leg in world.switch.legs.values()
        if not leg.live.inbound and (leg.live.dialled_number.startswith("sip:") or not leg.live.answered)
    )
    assert all(count == 1 for count in dialled.values()), dialled


@pytest.mark.parametrize("seed", range(60))
def test_every_call_back_ends_once_and_so_does_every_contact(seed: int) -> None:
    chance = Chance(seed)
    world = chance.world
    for _ in range(250):
        chance.happen()
        check_floor(world)
    end_the_day(world)
    check_floor(world)
    outcomes = Counter(fact.contact_id for fact in world.all_facts(ContactEnded))
    assert set(outcomes) == {fact.contact_id for fact in world.all_facts(ContactOpened)}
    assert set(outcomes.values()) == {1}
    asked = Counter(fact.contact_id for fact in world.all_facts(CallBackAsked))
    assert asked == Counter(fact.contact_id for fact in world.all_facts(CallBackEnded))
    assert asked, "the day was too quiet to prove anything"
    assert world.inbox.pace.faults == 0
    check_day(world)


def end_the_day(world: World) -> None:
    """Everybody on the line hangs up, and nobody who is called back answers."""
    for agent in AGENTS:
        world.does(LogOn(agent, AgentId(agent)))
    for _ in range(400):
        for leg in list(world.switch.legs):
            if world.switch.lives(leg) and world.switch.legs[leg].live.dialled_number.startswith("sip:"):
                world.answers(leg)
            elif world.switch.lives(leg):
                world.hangs_up(leg, HangUpCause.BUSY)
        world.advance(10)
        if not world.floor.contacts and not world.switch.legs:
            return


def check_day(world: World) -> None:
    """offered = answered + abandoned + moved + closed, over the contacts that were queued."""
    queued = {fact.contact_id for fact in world.all_facts(ContactQueued)}
    day = world.floor.day.queues[builders.BURGERZAKEN]
    assert day.offered == day.answered + day.abandoned + day.moved + day.closed
    assert day.offered + day.quick_drops <= len(queued)
