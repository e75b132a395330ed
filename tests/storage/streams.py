"""Random but plausible streams of facts: a floor of three queues, acted out by dice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cxcore.domain import events
from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.offer import OfferEnd, OfferId
from cxcore.domain.quality import Line
from cxcore.domain.queue import QueueId
from cxcore.domain.thresholds import AlarmKind

MONDAY = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
QUEUES = tuple(QueueId(name) for name in ("burgerzaken", "bouwen-en-wonen", "receptie"))
AGENTS = tuple(AgentId(name) for name in ("anna", "bram", "chris"))


def day(seed: int, contacts: int = 40) -> list[Fact]:
    """The facts of some contacts and of the agents' day, in the order of their instants."""
    dice = random.Random(seed)
    facts: list[Fact] = [events.CoreStarted(MONDAY, 0)]
    for agent in AGENTS:
        facts += _agent(dice, agent)
    for number in range(contacts):
        facts += _Contact(dice, ContactId(f"contact-{seed}-{number}")).life()
        facts += _direct_call(dice, ContactId(f"direct-{seed}-{number}"))
    facts += _steering(dice)
    return sorted(facts, key=lambda fact: fact.at)


def _agent(dice: random.Random, agent: AgentId) -> Iterator[Fact]:
    now = MONDAY
    yield events.AgentStatusChanged(now, agent, AgentStatus.AVAILABLE, None, agent)
    yield events.AgentServes(now, agent, tuple(dice.sample(QUEUES, 2)), agent)
    for _ in range(dice.randrange(5)):
        now += timedelta(minutes=dice.randrange(40))
        status = dice.choice(list(AgentStatus))
        yield events.AgentStatusChanged(now, agent, status, "Lunch" if status == "on-break" else None, "sofie")


def _direct_call(dice: random.Random, contact_id: ContactId) -> Iterator[Fact]:
    now = MONDAY + timedelta(seconds=dice.randrange(7200))
    agent, direction, missed = dice.choice(AGENTS), dice.choice(list(Direction)), dice.random() < 0.3
    number, end = "+31612345678", now + timedelta(seconds=dice.randrange(1, 300))
    yield events.ContactOpened(now, contact_id, Channel.TELEPHONY, number, None, "", direction)
    yield events.DirectCallStarted(now, contact_id, agent, direction, number)
    if not missed:
        yield events.DirectCallAnswered(now, contact_id, agent)
    talked = 0.0 if missed else (end - now).total_seconds()
    yield events.DirectCallEnded(end, contact_id, agent, direction, talked, missed)
    outcome = Outcome.UNANSWERED if missed else Outcome.ANSWERED
    yield events.ContactEnded(end, contact_id, outcome, HangUpCause.NORMAL, HungUpBy.PARTY)
    mos, line = dice.choice([3.2, 4.4]), dice.choice([None, *Line])
    yield events.QualityMeasured(end, contact_id, None, agent, mos, heard_mos=dice.choice([None, 3.9]), line=line)


def _steering(dice: random.Random) -> Iterator[Fact]:
    for minute in range(20):
        at, queue = MONDAY + timedelta(minutes=minute), dice.choice(QUEUES)
        yield events.MembershipChanged(at, dice.choice(AGENTS), queue, dice.randrange(3), "sofie")
        yield events.QueueSwitched(at, queue, dice.choice([True, False, None]), "sofie")
        scope = dice.choice(["*", queue])
        yield events.EmergencySet(at, scope, "noodtekst", "end-call", "", dice.choice([None, at]), True, "sofie")
        if dice.random() < 0.5:
            yield events.EmergencyEnded(at + timedelta(seconds=1), scope, "deadline")
        kind = dice.choice([AlarmKind.WAITING, AlarmKind.MOS])
        yield events.AlarmRaised(at, queue, kind, 9.5, 8.0)
        if dice.random() < 0.5:
            yield events.AlarmAcknowledged(at, queue, kind, "sofie")
        if dice.random() < 0.5:
            yield events.AlarmCleared(at + timedelta(seconds=1), queue, kind, 2.0)
        yield events.MessageUsed(at, "welkom", minute % 3, f"welkom/{minute}.wav", "sofie")


class _Contact:
    """One contact's way: menu, queues, perhaps an agent, an end."""

    def __init__(self, dice: random.Random, contact_id: ContactId) -> None:
        self._dice, self._id = dice, contact_id
        self._now = MONDAY + timedelta(seconds=dice.randrange(7200))
        self._offers = 0

    def life(self) -> Iterator[Fact]:
        channel = self._dice.choice(list(Channel))
        number = self._dice.choice(["+31612345678", None])
        yield events.ContactOpened(self._now, self._id, channel, "+31715550100", number, "Caller")
        if channel is Channel.VOICEMAIL:
            spoken = (ContactId(f"call-of-{self._id}"), f"{self._id}.wav", 8.0, -1)
            yield events.VoiceMessageLeft(self._now, self._id, QUEUES[0], *spoken)
        yield events.MenuChosen(self._later(10), self._id, "hoofdmenu", self._dice.choice(["1", "2", ""]))
        if self._dice.random() < 0.1:
            yield self._end(Outcome.LEFT_IN_FLOW)
            return
        for _ in range(self._dice.randrange(1, 5)):
            outcome = None
            for fact in self._stay(self._dice.choice(QUEUES)):
                outcome = fact.outcome if isinstance(fact, events.ContactEnded) else outcome
                yield fact
            if outcome:
                return
        if self._dice.random() < 0.9:
            yield self._end(Outcome.ANSWERED)

    def _stay(self, queue: QueueId) -> Iterator[Fact]:
        began = self._now
        yield events.ContactQueued(began, self._id, queue, self._dice.choice([20, 45]))
        for _ in range(self._dice.randrange(3)):
            yield from self._offer(queue, OfferEnd.MISSED)
        kind = self._dice.choice(["answered", "answered", "left", "moved", "vanished", "elsewhere"])
        at = self._later(90)
        waited = (at - began).total_seconds()
        if kind == "answered":
            yield from self._talk(queue, waited)
        elif kind == "left":
            yield from self._leave(queue, Outcome.QUICK_DROP if waited < 5 else Outcome.ABANDONED, waited)
        elif kind == "moved":
            yield events.ContactLeftQueue(at, self._id, queue, Outcome.OVERFLOWED, waited)
        elif kind == "vanished":
            yield self._end(self._dice.choice([Outcome.LOST, Outcome.CLOSED, Outcome.ABANDONED]))

    def _leave(self, queue: QueueId, outcome: Outcome, waited: float) -> Iterator[Fact]:
        yield events.ContactLeftQueue(self._now, self._id, queue, outcome, waited)
        yield self._end(outcome)

    def _offer(self, queue: QueueId, end: OfferEnd) -> Iterator[Fact]:
        self._offers += 1
        agent, offer = self._dice.choice(AGENTS), OfferId(f"{self._id}-{self._offers}")
        yield events.ContactOffered(self._now, offer, self._id, agent, queue, "longest idle", AGENTS)
        yield events.OfferEnded(self._later(20), offer, self._id, agent, queue, end, "no-answer")

    def _talk(self, queue: QueueId, waited: float) -> Iterator[Fact]:
        agent = self._dice.choice(AGENTS)
        yield events.ContactAnswered(self._now, self._id, agent, queue, waited)
        began = self._now
        if self._dice.random() < 0.3:
            held = self._later(30)
            yield events.ContactHeld(held, self._id, agent)
            if self._dice.random() < 0.7:
                resumed = self._later(60)
                yield events.ContactResumed(resumed, self._id, agent, (resumed - held).total_seconds())
        ended = self._later(600)
        yield events.TalkEnded(ended, self._id, agent, queue, (ended - began).total_seconds())
        yield events.WrapUpStarted(ended, agent, self._id, queue, ended + timedelta(seconds=30))
        lasted = self._dice.random() * 30
        yield events.WrapUpEnded(ended + timedelta(seconds=lasted), agent, self._id, queue, lasted, "deadline")

    def _end(self, outcome: Outcome) -> Fact:
        return events.ContactEnded(self._now, self._id, outcome, HangUpCause.NORMAL, HungUpBy.PARTY)

    def _later(self, at_most_seconds: int) -> datetime:
        self._now += timedelta(seconds=self._dice.random() * at_most_seconds)
        return self._now
