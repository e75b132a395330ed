"""Whatever happens, in whatever order: each caller has one outcome, lines keep their order, nobody is stuck or silent.

hypothesis plays days on the floor: callers, agents, devices, time, a core that is killed and started, a switch that is
lost, restarted, refuses orders or loses legs without a word. After each step the floor is checked, and at the end of
the day the facts. A day that breaks a rule is shortened to the fewest steps that still do.

    HYPOTHESIS_PROFILE=thorough python -m pytest tests/unit/services/test_floor_machine.py

plays thousands of longer days, other ones each time; `glance` plays a few, for a look at what was compiled.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.commands import (
    AssignContact,
    AssignQueue,
    BecomeAvailable,
    CallNumber,
    CloseQueue,
    Command,
    CompleteTransfer,
    Consult,
    DeclineOffer,
    EndDirectCall,
    EndWrapUp,
    ExtendWrapUp,
    FollowTimetable,
    GoOnBreak,
    HangUpContact,
    HoldContact,
    JoinParties,
    LogOff,
    LogOn,
    MoveContact,
    OpenQueue,
    RemoveFromQueue,
    ResumeContact,
    ServeQueues,
    SwapParties,
    TakeBack,
    TransferContact,
)
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.dialplan import Answer, CallBack, Close, Enqueue, Say
from cxcore.domain.errors import DomainError
from cxcore.domain.events import ContactEnded, ContactOpened
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.queue import Announcement, CallBackSettings, QueueId, WaitMenu
from cxcore.domain.site import Site
from tests import builders
from tests.fakes.switch import Ask, Bridge, Dialled, Hearing, Hold, Join, Mark, Order, PlayHoldMusic, Resume
from tests.fakes.switch import Say as SayOrder
from tests.unit.world import World

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much]
settings.register_profile(
    "fast", max_examples=150, stateful_step_count=80, deadline=None, derandomize=True, database=None,
    suppress_health_check=QUIET,
)  # fmt: skip
settings.register_profile(
    "glance", max_examples=25, stateful_step_count=80, deadline=None, derandomize=True, database=None,
    suppress_health_check=QUIET,
)  # fmt: skip
settings.register_profile(
    "thorough", max_examples=5_000, stateful_step_count=150, deadline=None, database=None,
    suppress_health_check=QUIET, print_blob=True,
)  # fmt: skip
PROFILE = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

AGENTS = ("anna", "bram", "chris")
QUEUES = (builders.BURGERZAKEN, builders.RECEPTIE)
OWN = "+31715550123"
"""Anna's own number."""
NUMBERS = (builders.DIRECT, builders.DIRECT, builders.GENERAL, builders.DIRECT, builders.SERVICE_LINE, OWN)
CALLERS = ("+31612345671", "+31612345672", "+31612345673", None, "+31612345674", "+31612345675", "+31612345676")
SOFIE = "sofie"
UNANSWERED = (HangUpCause.NO_ANSWER, HangUpCause.BUSY, HangUpCause.DECLINED, HangUpCause.UNREACHABLE)
KEYS = ("", "0", "1", "7")
SECONDS = (0.1, 1.0, 3.0, 6.0, 15.0, 31.0, 61.0, 200.0)
EVENTS = (
    *("caller_calls",) * 8, *("device_answers",) * 9, *("device_does_not_answer",) * 3, *("party_hangs_up",) * 4,
    *("prompt_ends_or_key_is_pressed",) * 7, *("agent_asks",) * 8, *("agent_passes_on",) * 4, "supervisor_asks",
    *("time_passes",) * 7,
    "core_is_killed", *("core_starts",) * 4, "connection_is_cut", *("connection_comes_back",) * 4,
    "switch_will_refuse", "leg_is_gone_without_a_word", "switch_restarts",
)  # fmt: skip
"""What may happen, the more often the more times it is named."""
REFUSED: tuple[type[Order], ...] = (Dialled, Bridge, SayOrder, Ask, Hold, Resume, Mark, Join, PlayHoldMusic)
"""Orders that the switch may refuse although the leg lives. A refused `hang_up` means that the leg is gone."""
MUSIC_OR_WORDS = frozenset({Hearing.HOLD_MUSIC, Hearing.PROMPTS, Hearing.QUESTION})
HEALED = timedelta(seconds=21)
"""After a refused order: two checks later floor and switch agree again."""
CONTROLLER_TIMEOUT = timedelta(seconds=4)
SOME = st.sampled_from(range(1009))
"""Which of those that are there: any of them, by its number."""


def site() -> Site:
    """Two queues: Receptie overflows into Burgerzaken, Burgerzaken into a message."""
    menu = WaitMenu("wachtmenu", {"1": "terugbellen"})
    queues = (
        builders.queue(
            maximum_wait_seconds=120,
            announcement=Announcement("even-geduld", 15, 30, menu=menu),
            call_back=CallBackSettings(attempts=2, retry_seconds=100),
        ),
        builders.queue(
            builders.RECEPTIE, priority=1, maximum_wait_seconds=60, overflow_flow="burgerzaken", ring_agents=2
        ),
    )
    plain = builders.site(queues, agents=AGENTS)
    users = {**plain.users, "anna": replace(plain.users["anna"], number=OWN, caller_number=OWN)}
    flows = {**plain.dialplan.flows, "druk": (Answer(), Say("bel-later-terug"), Close())}
    flows["receptie"] = (Say("welkom"), Enqueue(builders.RECEPTIE))
    flows["terugbellen"] = (CallBack(builders.BURGERZAKEN), Enqueue(builders.BURGERZAKEN))
    return replace(plain, users=users, dialplan=replace(plain.dialplan, flows=flows))


def commands(agent: AgentId) -> list[Command]:
    """Everything that an agent can ask."""
    by = str(agent)
    return [
        LogOn(by, agent), LogOn(by, agent), LogOff(by, agent), BecomeAvailable(by, agent), DeclineOffer(by, agent),
        GoOnBreak(by, agent, "Lunch"), HoldContact(by, agent), ResumeContact(by, agent), HangUpContact(by, agent),
        EndWrapUp(by, agent), ExtendWrapUp(by, agent), ServeQueues(by, agent, (builders.BURGERZAKEN,)),
        CallNumber(by, agent, "+31612340001"), EndDirectCall(by, agent), *transfers(by, agent),
    ]  # fmt: skip


def transfers(by: str, agent: AgentId) -> list[Command]:
    """Whom an agent consults or passes a contact on to, and what follows."""
    targets = [("agent", name) for name in AGENTS if name != by] + [("number", "+31612340002"), ("queue", "receptie")]
    begin: list[Command] = [Consult(by, agent, *target) for target in targets]
    begin += [TransferContact(by, agent, *target) for target in targets[1:]]
    steps: tuple[type[Command], ...] = (TakeBack, SwapParties, JoinParties, CompleteTransfer)
    return begin + [step(by, agent) for step in steps]  # type: ignore[call-arg]


def steering() -> list[Command]:
    """What a supervisor asks of agents and queues."""
    asked: list[Command] = []
    for queue_id in QUEUES:
        asked += [OpenQueue(SOFIE, queue_id), FollowTimetable(SOFIE, queue_id), CloseQueue(SOFIE, queue_id, True)]
        for name in AGENTS:
            asked += [AssignQueue(SOFIE, AgentId(name), queue_id, 2), RemoveFromQueue(SOFIE, AgentId(name), queue_id)]
    return asked


class FloorMachine(RuleBasedStateMachine):
    """The rules are what may happen; the invariants what must be true whatever did."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(site())
        self.world.restart_core()
        self.arrived: dict[LegId, datetime] = {}
        self.lines: dict[QueueId, list[str]] = {}

    @property
    def core_runs(self) -> bool:
        return self.world.core_runs

    @property
    def hears_the_switch(self) -> bool:
        return self.core_runs and self.world.switch.connected

    def leg(self, which: int, fits: Callable[[LegId], bool]) -> LegId | None:
        legs = [leg_id for leg_id in self.world.switch.legs if fits(leg_id)]
        return legs[which % len(legs)] if legs else None

    @initialize(names=st.sets(st.sampled_from(AGENTS), min_size=1))
    def agents_log_on(self, names: set[str]) -> None:
        self.world.log_on(*sorted(names))

    @rule(what=st.sampled_from(EVENTS), which=SOME)
    def happens(self, what: str, which: int) -> None:
        """One thing happens; what cannot happen at this moment does not."""
        getattr(self, f"_{what}")(which)
        self.world.settle()

    # --- Callers and devices ---

    def _caller_calls(self, which: int) -> None:
        leg_id = self.world.calls(NUMBERS[which % len(NUMBERS)], CALLERS[which % len(CALLERS)])
        self.arrived[leg_id] = self.world.clock.now()

    def _device_answers(self, which: int) -> None:
        legs = self.world.switch.legs
        leg_id = self.leg(which, lambda each: not legs[each].live.inbound and not legs[each].live.answered)
        if leg_id is not None:
            self.world.answers(leg_id)

    def _device_does_not_answer(self, which: int) -> None:
        legs = self.world.switch.legs
        leg_id = self.leg(which, lambda each: not legs[each].live.inbound and not legs[each].live.answered)
        if leg_id is not None:
            self.world.hangs_up(leg_id, UNANSWERED[which % len(UNANSWERED)])

    def _party_hangs_up(self, which: int) -> None:
        leg_id = self.leg(which, lambda each: True)
        if leg_id is not None:
            self.world.hangs_up(leg_id)

    def _prompt_ends_or_key_is_pressed(self, which: int) -> None:
        legs = self.world.switch.legs
        leg_id = self.leg(which, lambda each: legs[each].running is not None)
        if leg_id is None:
            return
        if legs[leg_id].asked:
            self.world.switch.enters(leg_id, KEYS[which % len(KEYS)])
        else:
            self.world.switch.ends_prompt(leg_id)

    # --- Agents ---

    def _agent_asks(self, which: int) -> None:
        possible = [command for name in AGENTS for command in commands(AgentId(name))]
        if self.core_runs:
            with suppress(DomainError):
                self.world.does(possible[which % len(possible)])

    def _agent_passes_on(self, which: int) -> None:
        talking = [each.agent_id for each in self.world.floor.agents.values() if each.state is AgentState.TALKING]
        possible = [command for agent_id in talking for command in transfers(str(agent_id), agent_id)]
        if self.core_runs and possible:
            with suppress(DomainError):
                self.world.does(possible[which % len(possible)])

    def _supervisor_asks(self, which: int) -> None:
        contacts = [*self.world.floor.contacts]
        moves = [MoveContact(SOFIE, contact_id, queue_id) for contact_id in contacts[:3] for queue_id in QUEUES]
        gifts = [AssignContact(SOFIE, contact_id, AgentId(name)) for contact_id in contacts[:3] for name in AGENTS]
        possible = [*steering(), *moves, *moves, *gifts]
        if self.core_runs:
            with suppress(DomainError):
                self.world.does(possible[which % len(possible)])

    # --- Time ---

    def _time_passes(self, which: int) -> None:
        self.world.advance(SECONDS[which % len(SECONDS)])
        self._let_the_fallback_have_the_untaken()

    def _let_the_fallback_have_the_untaken(self) -> None:
        now = self.world.clock.now()
        for leg_id, leg in self.world.switch.legs.items():
            if leg.live.inbound and not leg.taken and now - self.arrived[leg_id] >= CONTROLLER_TIMEOUT:
                self.world.switch.overflows(leg_id)

    # --- Faults ---

    def _core_is_killed(self, which: int) -> None:
        if self.core_runs:
            self.world.kill_core(self._unwritten(which % 4))

    def _unwritten(self, at_most: int) -> int:
        """Facts are written within a tenth of a second, so only those of this instant can lack."""
        now, last = self.world.clock.now(), self.world.log.facts[-at_most:] if at_most else []
        return sum(fact.at >= now for fact in last)

    def _core_starts(self, _which: int) -> None:
        if not self.core_runs:
            self.world.restart_core()

    def _connection_is_cut(self, _which: int) -> None:
        self.world.switch.is_lost()

    def _connection_comes_back(self, _which: int) -> None:
        if not self.world.switch.connected:
            self.world.switch.comes_back()

    def _switch_restarts(self, _which: int) -> None:
        self.world.switch.restarts()

    def _switch_will_refuse(self, which: int) -> None:
        self.world.switch.will_refuse(REFUSED[which % len(REFUSED)])

    def _leg_is_gone_without_a_word(self, which: int) -> None:
        leg_id = self.leg(which, lambda each: True)
        if leg_id is not None and self.hears_the_switch:
            self.world.switch.loses(leg_id)
            self.world.advance(21)

    # --- What must be true ---

    @invariant()
    def nothing_failed(self) -> None:
        assert self.world.inbox.pace.faults == 0

    @invariant()
    def no_agent_has_two_calls(self) -> None:
        legs = [leg.live for leg in self.world.switch.legs.values() if leg.live.dialled_number.startswith("sip:")]
        assert all(count == 1 for count in Counter(leg.dialled_number for leg in legs).values())
        assert all(count == 1 for count in Counter(leg.bridged_to for leg in legs if leg.bridged_to).values())

    @precondition(lambda self: self.hears_the_switch)
    @invariant()
    def every_contact_stands_where_its_leg_does(self) -> None:
        floor = self.world.floor
        for contact in floor.contacts.values():
            in_line = contact.queue_id is not None and contact.leg_id in self.world.waiting(contact.queue_id)
            assert in_line == (contact.state is ContactState.WAITING)
            if not contact.has_leg:
                continue
            assert self.world.switch.lives(contact.leg_id), "a contact has no leg"
            if contact.state is ContactState.TALKING:
                self._talks(contact)

    def _talks(self, contact: Contact) -> None:
        """Who passed the contact on may still wrap it up."""
        agents = [
            agent
            for agent in self.world.floor.agents.values()
            if agent.contact_id == contact.contact_id and agent.state is AgentState.TALKING
        ]
        assert [agent.agent_id for agent in agents] == [contact.agent_id], "a caller has one agent"

    @precondition(lambda self: self.hears_the_switch)
    @invariant()
    def every_agent_stands_where_the_device_does(self) -> None:
        for agent in self.world.floor.agents.values():
            offer = self.world.floor.offer_of_agent(agent.agent_id)
            assert (agent.state is AgentState.OFFERED) == (offer is not None)
            if agent.leg_id is not None:
                assert self.world.switch.lives(agent.leg_id), "an agent has no leg"
            if agent.state is AgentState.TALKING:
                assert agent.contact_id in self.world.floor.contacts
                assert agent.leg_id is not None
            if agent.state is AgentState.WRAP_UP:
                assert agent.wrap_up_until is not None
                assert agent.wrap_up_until >= self.world.clock.now()

    @precondition(lambda self: self.hears_the_switch and self.world.clock.now() > self.world.refused_at + HEALED)
    @invariant()
    def floor_and_switch_say_the_same(self) -> None:
        floor, legs = self.world.floor, self.world.switch.legs
        for agent in floor.agents.values():
            match agent.state:
                case AgentState.OFFERED:
                    assert agent.leg_id is not None
                    assert not legs[agent.leg_id].live.answered, "an answer was not heard"
                case AgentState.READY | AgentState.WRAP_UP:
                    assert agent.leg_id is None, "a device without a contact"
        for contact in floor.contacts.values():
            if contact.has_leg:
                self._says_the_same(contact)

    def _says_the_same(self, contact: Contact) -> None:
        legs, agent = self.world.switch.legs, self.world.floor.agent_talking_with(contact)
        hears = self.world.switch.bridged_to(contact.leg_id)
        match contact.state:
            case ContactState.WAITING:
                assert self.world.switch.hears(contact.leg_id) in MUSIC_OR_WORDS, "a waiting caller hears nothing"
            case ContactState.TALKING:
                assert agent is not None
                assert hears == (agent.leg_id if contact.held_since is None else None)
            case ContactState.PASSING:
                assert self.world.switch.hears(contact.leg_id) in MUSIC_OR_WORDS, "a caller who is passed on is alone"
                assert contact.party_legs, "nobody is rung for a caller who is passed on"
            case ContactState.TRANSFERRED:
                assert hears in contact.party_legs
            case ContactState.IN_FLOW if contact.party_legs:
                assert not any(legs[leg_id].live.answered for leg_id in contact.party_legs)
            case ContactState.IN_FLOW:
                assert legs[contact.leg_id].running == contact.order_id is not None, "a caller is stuck"

    @precondition(lambda self: self.hears_the_switch)
    @invariant()
    def no_agent_is_idle_while_a_caller_waits(self) -> None:
        for agent in self.world.floor.agents.values():
            if agent.can_be_offered:
                assert self._next_contact(agent) is None, "an agent is ready and a contact waits"

    def _next_contact(self, agent: Agent) -> Contact | None:
        return self.world.floor.next_contact_for(agent, self.world.clock.now())

    @precondition(lambda self: self.hears_the_switch)
    @invariant()
    def lines_keep_their_order(self) -> None:
        for queue_id in QUEUES:
            line = [f"{each.contact_id} since {each.queued_at}" for each in self.world.floor.waiting(queue_id)]
            before = self.lines.get(queue_id, [])
            assert [each for each in line if each in before] == [each for each in before if each in line]
            self.lines[queue_id] = line

    @precondition(lambda self: self.core_runs)
    @invariant()
    def every_contact_ends_once(self) -> None:
        ended = Counter(fact.contact_id for fact in self.world.log.facts if isinstance(fact, ContactEnded))
        assert all(count == 1 for count in ended.values()), "a contact ended twice"
        if self.hears_the_switch:
            opened = {fact.contact_id for fact in self.world.log.facts if isinstance(fact, ContactOpened)}
            assert opened - ended.keys() == self.world.floor.contacts.keys()

    # --- The end of the day ---

    def teardown(self) -> None:
        """Everybody goes home: then nothing is left, and the figures add up."""
        if not self.core_runs or not self.world.switch.connected:
            self.world.restart_core()
        for name in AGENTS:
            self.world.does(LogOff(name, AgentId(name)))
        for leg_id in list(self.world.switch.legs):
            if self.world.switch.lives(leg_id):
                self.world.hangs_up(leg_id)
        self.world.advance(600)
        assert not self.world.switch.legs, "a leg is left over"
        assert not self.world.floor.contacts.keys() - self.world.floor.call_backs.keys()
        assert all(agent.state is AgentState.READY for agent in self.world.floor.agents.values())
        self.nothing_failed()
        self.every_contact_ends_once()
        self._figures_add_up()

    def _figures_add_up(self) -> None:
        shown = {key: each for key, each in self.world.floor.day.queues.items() if each.offered or each.quick_drops}
        assert shown == dict(self.world.replayed_day().queues)
        for each in shown.values():
            assert each.offered == each.answered + each.abandoned + each.moved + each.closed
        assert not self.world.floor.day.visits.keys() - self.world.floor.call_backs.keys()


FloorMachine.TestCase.settings = PROFILE
TestFloor = FloorMachine.TestCase
