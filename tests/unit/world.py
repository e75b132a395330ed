"""The core in one piece, without sockets: a real inbox and floor, a fake switch, and a clock that the test moves."""

from __future__ import annotations

import itertools
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import TypeVar

from cxcore.dialplan.prompts import read_prompts
from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.commands import Command, LogOn
from cxcore.domain.contact import Contact
from cxcore.domain.errors import DomainError
from cxcore.domain.events import Fact
from cxcore.domain.floor import Floor
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.measures import Day
from cxcore.domain.queue import QueueId
from cxcore.domain.site import Site
from cxcore.domain.tidings import DayBegan, LeaseCheckDue, OrderRefused, Tiding
from cxcore.runner.clock import last_midnight, next_midnight
from cxcore.runner.inbox import Inbox, Request
from cxcore.runner.timers import TimerHeap
from cxcore.services import alarms, recovery
from cxcore.services.workplace import Workplace
from tests import builders
from tests.fakes.contact_log import FakeContactLog
from tests.fakes.switch import FakeSwitch
from tests.fakes.transcripts import FakeTranscripts
from tests.fakes.voice_messages import FakeVoiceMessages

FactKind = TypeVar("FactKind", bound=Fact)
ROOT = Path(__file__).resolve().parents[2]
PROMPTS = {name: PurePath(f"/prompts/{name}.wav") for name in read_prompts(ROOT / "prompts" / "nl", ROOT).texts}
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class MovedClock:
    """A clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.present = START

    def now(self) -> datetime:
        return self.present


class World:
    """A core with its switch. Tidings are worked off as soon as the test has said what happened."""

    def __init__(self, site: Site | None = None, clock: MovedClock | None = None) -> None:
        self.clock = clock or MovedClock()
        self.facts: list[Fact] = []
        """All that was ever published, also what was not written when a core was killed."""
        self.log = FakeContactLog()
        self.messages = FakeVoiceMessages()
        self.transcripts = FakeTranscripts()
        self.core_runs = True
        self.refused_at = START - timedelta(days=1)
        """When an order was refused last."""
        self._tidings: deque[Tiding] = deque()
        self._identities = itertools.count(1)
        self.switch = FakeSwitch(self._tell, self.clock)
        self.site = site or builders.site()
        self.start_core(self.site)
        self.floor.switch_connected = True

    def start_core(self, site: Site) -> None:
        """Begin with an empty floor, as a core that starts does; the switch stays as it is."""
        self._tidings.clear()
        timers = TimerHeap()
        self.floor = Floor(site)
        self.work = Workplace(self.floor, self.switch, timers, PROMPTS, self._identity, next_midnight)
        self.work.voice_messages = self.messages
        self.work.transcripts = self.transcripts
        self.inbox = Inbox(self.work, timers, self.clock, [self.facts.extend, self.log.record])
        self.core_runs = True

    def kill_core(self, unwritten_facts: int = 0) -> None:
        """kill -9: the floor is gone; the last facts may not have been written yet."""
        self.core_runs = False
        self._tidings.clear()
        if unwritten_facts:
            del self.log.facts[-unwritten_facts:]

    def restart_core(self) -> None:
        """Another core starts with what the log and the switch know."""
        self.kill_core()
        self.start_core(self.site)
        now = self.clock.now()
        self.floor.day = self.replayed_day()
        recovery.remember(self.work, self.log, now)
        self.work.timers.set(LeaseCheckDue(now + timedelta(seconds=recovery.CHECK_SECONDS)))
        self.work.timers.set(DayBegan(next_midnight(now)))
        alarms.watch(self.work, now)
        self.switch.comes_back()
        self.settle()

    def replayed_day(self) -> Day:
        """The day's figures as the facts in the log give them."""
        day = Day(last_midnight(self.clock.now()))
        for fact in self.log.facts:
            day.count(fact)
        return day

    def _tell(self, tiding: Tiding) -> None:
        if isinstance(tiding, OrderRefused):
            self.refused_at = self.clock.now()
        if self.core_runs:
            self._tidings.append(tiding)

    def _identity(self) -> str:
        return f"id-{next(self._identities)}"

    # --- What the test says ---

    def settle(self) -> None:
        """Work off everything that was told."""
        while self._tidings:
            self.inbox.step(self._tidings.popleft())

    def advance(self, seconds: float) -> None:
        """Let time pass, timer by timer."""
        end = self.clock.present + timedelta(seconds=seconds)
        while self.core_runs and (at := self.inbox.timers.next_at()) is not None and at <= end:
            self.clock.present = max(at, self.clock.present)
            self.inbox.step(None)
            self.settle()
        self.clock.present = end

    def does(self, command: Command) -> None:
        """Carry a command out; raises its refusal."""
        refusals: list[DomainError | None] = []
        self.inbox.step(Request(command, refusals.append))
        self.settle()
        if refusals[0] is not None:
            raise refusals[0]

    def log_on(self, *names: str) -> None:
        """Log agents on for all their queues, a second apart."""
        for name in names:
            self.does(LogOn(name, AgentId(name)))
            self.advance(1)

    def calls(self, number: str = builders.DIRECT, caller: str | None = "+31612345678") -> LegId:
        """A caller calls."""
        leg = self.switch.arrives(number, caller)
        self.settle()
        return leg

    def answers(self, leg: LegId) -> None:
        self.switch.answers(leg)
        self.settle()

    def hangs_up(self, leg: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        self.switch.hangs_up(leg, cause)
        self.settle()

    def talk(self) -> tuple[LegId, LegId]:
        """A caller of the direct number and the agent who answers; their legs."""
        caller = self.calls()
        device = self.ringing()
        self.answers(device)
        return caller, device

    # --- What the test asks ---

    def ringing(self) -> LegId:
        """The one agent's device that rings."""
        ringing = [leg for leg in self.switch.dialled_legs() if not self.switch.legs[leg].live.answered]
        assert len(ringing) == 1, f"{len(ringing)} devices ring"
        return ringing[0]

    def offered_to(self) -> str | None:
        """Who is before an offer; None if nobody."""
        names = [str(offer.agent_id) for offer in self.floor.offers.values()]
        assert len(names) <= 1, names
        return names[0] if names else None

    def agent(self, name: str) -> Agent:
        return self.floor.agents[AgentId(name)]

    def contact(self, leg: LegId) -> Contact:
        contact = self.floor.contact_of_leg(leg)
        assert contact is not None
        return contact

    def waiting(self, queue_id: QueueId = builders.BURGERZAKEN) -> list[LegId]:
        """The callers' legs in line."""
        return [contact.leg_id for contact in self.floor.waiting(queue_id)]

    def all_facts(self, kind: type[FactKind]) -> list[FactKind]:
        """The facts of a kind, in order."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def last_fact(self, kind: type[FactKind]) -> FactKind:
        """The latest fact of a kind."""
        return self.all_facts(kind)[-1]
