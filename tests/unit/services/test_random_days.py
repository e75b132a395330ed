"""Whatever happens, in whatever order: each caller has one outcome, and nobody is left in a state without a leg."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from cxcore.domain.agent import AgentId, AgentState, AgentStatus
from cxcore.domain.commands import (
    BecomeAvailable,
    DeclineOffer,
    EndWrapUp,
    GoOnBreak,
    HangUpContact,
    HoldContact,
    LogOff,
    LogOn,
    ResumeContact,
)
from cxcore.domain.contact import ContactState
from cxcore.domain.errors import DomainError
from cxcore.domain.events import ContactEnded, ContactOpened, OfferEnded
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.offer import OfferEnd
from tests import builders
from tests.unit.services.test_recovery import restart_core
from tests.unit.world import World

AGENTS = ("anna", "bram", "chris")
FAILURES = (HangUpCause.NO_ANSWER, HangUpCause.BUSY, HangUpCause.UNREACHABLE, HangUpCause.NORMAL)


class Chance:
    """Lets anything happen that can happen."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.world = World(builders.site(agents=AGENTS))
        self.events: list[Callable[[], None]] = [
            self.call, self.call, self.answer, self.answer, self.hang_up, self.press, self.command, self.command,
            self.command, self.pass_time, self.kill_core, self.lose_switch, self.vanish,
        ]  # fmt: skip

    def happen(self) -> None:
        self.random.choice(self.events)()
        self.world.settle()

    def leg(self, *, inbound: bool) -> LegId | None:
        legs = [leg_id for leg_id, leg in self.world.switch.legs.items() if leg.live.inbound is inbound]
        return self.random.choice(legs) if legs else None

    def call(self) -> None:
        self.world.calls(self.random.choice((builders.GENERAL, builders.DIRECT, builders.SERVICE_LINE)))

    def answer(self) -> None:
        if (leg := self.leg(inbound=False)) is not None:
            self.world.answers(leg)

    def hang_up(self) -> None:
        if (leg := self.leg(inbound=self.random.random() < 0.6)) is not None:
            self.world.hangs_up(leg, self.random.choice(FAILURES))

    def press(self) -> None:
        if (leg := self.leg(inbound=True)) is not None and self.world.switch.legs[leg].running is not None:
            if self.random.random() < 0.5:
                self.world.switch.ends_prompt(leg)
            else:
                self.world.switch.enters(leg, self.random.choice(("1", "0", "7", "")))

    def command(self) -> None:
        agent = AgentId(self.random.choice(AGENTS))
        kind = self.random.choice((LogOn, LogOn, LogOff, BecomeAvailable, DeclineOffer, HoldContact, ResumeContact,
                                   HangUpContact, EndWrapUp, GoOnBreak))  # fmt: skip
        command = GoOnBreak(agent, agent, "Lunch") if kind is GoOnBreak else kind(agent, agent)  # type: ignore[call-arg]
        try:
            self.world.does(command)
        except DomainError:
            pass

    def pass_time(self) -> None:
        self.world.advance(self.random.choice((0.1, 1, 5, 31, 90)))

    def kill_core(self) -> None:
        if self.random.random() < 0.2:
            opened = {fact.contact_id for fact in self.world.all_facts(ContactOpened)}
            ended = {fact.contact_id for fact in self.world.all_facts(ContactEnded)}
            restart_core(self.world, *(opened - ended))

    def lose_switch(self) -> None:
        if self.random.random() < 0.1:
            self.world.advance(5)
            self.world.switch.restarts()

    def vanish(self) -> None:
        """A leg dies and nobody hears of it until the next check."""
        leg = self.leg(inbound=self.random.random() < 0.5)
        if leg is not None and self.random.random() < 0.3:
            self.world.switch._separate(leg)
            del self.world.switch.legs[leg]
            self.world.advance(5)
            self.world.switch.report_live_legs()


def check_floor(world: World) -> None:
    """What must be true at every moment once all tidings are worked off."""
    for agent in world.floor.agents.values():
        offer = world.floor.offer_of_agent(agent.agent_id)
        assert (agent.state is AgentState.OFFERED) == (offer is not None)
        if agent.state is AgentState.TALKING:
            assert agent.contact_id in world.floor.contacts
            assert agent.leg_id is not None
    for contact in world.floor.contacts.values():
        in_line = contact.leg_id in world.waiting(contact.queue_id) if contact.queue_id else False
        assert in_line == (contact.state is ContactState.WAITING)
    devices = Counter(leg.live.dialled_number for leg in world.switch.legs.values() if not leg.live.inbound)
    assert all(count == 1 for number, count in devices.items() if number.startswith("sip:")), devices


@pytest.mark.parametrize("seed", range(60))
def test_every_caller_has_exactly_one_outcome_and_no_agent_is_stuck(seed: int) -> None:
    chance = Chance(seed)
    world = chance.world
    for _ in range(250):
        chance.happen()
        check_floor(world)
    for leg in list(world.switch.legs):
        if world.switch.lives(leg):
            world.hangs_up(leg)
    world.advance(5)
    world.switch.report_live_legs()
    world.settle()
    world.advance(100)
    check_floor(world)

    outcomes = Counter(fact.contact_id for fact in world.all_facts(ContactEnded))
    assert set(outcomes) == {fact.contact_id for fact in world.all_facts(ContactOpened)}
    assert set(outcomes.values()) == {1}
    for agent in world.floor.agents.values():
        assert agent.state is AgentState.READY
        assert agent.leg_id is None
        assert agent.status in AgentStatus
    accepted = [fact.contact_id for fact in world.all_facts(OfferEnded) if fact.end is OfferEnd.ACCEPTED]
    assert accepted, "the day was too quiet to prove anything"
    assert world.inbox.pace.faults == 0
