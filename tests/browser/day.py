"""What the log keeps of the contacts of the demo: facts that agree with the report lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.offer import Consideration, OfferEnd, OfferId, OfferRule
from cxcore.domain.queue import QueueId
from cxcore.ports.reports import ContactLine, IntervalFigures, QueueFigures

GENERAL = "hoofdmenu"
MENU_SECONDS = 9.0
RING_SECONDS = 20.0


QUARTER = timedelta(minutes=15)


def course_of_the_day(queue_ids: Iterable[str], now: datetime, midnight: datetime) -> Iterator[IntervalFigures]:
    """Up to five hours in quarters, busy in the middle: what the service level suffers from."""
    present = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    for number, queue_id in enumerate(queue_ids):
        for ago in range(20):
            offered, in_time = 4 + (ago * 3 + number) % 5, max(1, 4 - abs(ago - 9 - number) % 4 - (ago % 7 == 3))
            figures = QueueFigures(QueueId(queue_id), offered, offered - 1, min(offered - 1, in_time + 2), 1)
            if present - ago * QUARTER >= midnight:
                yield IntervalFigures(present - ago * QUARTER, figures)


def facts_of(line: ContactLine, colleague: AgentId) -> Iterator[Fact]:
    """The contact from its ring to its end; who answered late was offered it after the colleague had missed it."""
    now = line.opened_at
    yield events.ContactOpened(
        now, line.contact_id, Channel.TELEPHONY, line.dialled_number, line.caller_number, line.caller_number or ""
    )
    now += timedelta(seconds=MENU_SECONDS)
    yield events.MenuChosen(now, line.contact_id, GENERAL, "1")
    if line.outcome is not Outcome.LEFT_IN_FLOW:
        queue, waited = line.queue_id or QueueId("receptie"), line.waited_seconds or 0.0
        yield events.ContactQueued(now, line.contact_id, queue, 20)
        if line.agent_id is not None:
            yield from _answered(line, line.agent_id, colleague, queue, now)
            return
        now += timedelta(seconds=waited)
        yield events.ContactLeftQueue(now, line.contact_id, queue, line.outcome or Outcome.ABANDONED, waited)
    yield events.ContactEnded(
        now, line.contact_id, line.outcome or Outcome.ABANDONED, HangUpCause.NORMAL, HungUpBy.PARTY
    )


def _answered(
    line: ContactLine, agent: AgentId, colleague: AgentId, queue: QueueId, queued: datetime
) -> Iterator[Fact]:
    waited, talked = line.waited_seconds or 0.0, line.talked_seconds or 0.0
    answered, now = queued + timedelta(seconds=waited), queued
    own = _seen(agent, idle=123, since_offer=480, handled=3, worked=1250)
    other = _seen(colleague, position=2, idle=250, since_offer=900, handled=5, worked=1820)
    third = next(AgentId(name) for name in ("chris", "dirk") if name != agent)
    far = _seen(third, level=2, idle=31, since_offer=95, handled=9, worked=2900)
    if waited > RING_SECONDS:
        first, second = OfferId(f"{line.contact_id}-1"), OfferId(f"{line.contact_id}-2")
        yield _offer(line, first, queue, colleague, OfferRule.LONGEST_IDLE, now, other, own, far)
        now += timedelta(seconds=RING_SECONDS)
        yield events.OfferEnded(now, first, line.contact_id, colleague, queue, OfferEnd.MISSED, "no-answer")
        missed = replace(other, passed_over=True, idle_seconds=270.0, since_offer_seconds=20.0)
        yield _offer(line, second, queue, agent, OfferRule.NOT_PASSED_OVER, now, own, missed)
        yield events.OfferEnded(answered, second, line.contact_id, agent, queue, OfferEnd.ACCEPTED, "")
    else:
        only = OfferId(f"{line.contact_id}-1")
        yield _offer(line, only, queue, agent, OfferRule.ONLY_ONE, now, own)
        yield events.OfferEnded(answered, only, line.contact_id, agent, queue, OfferEnd.ACCEPTED, "")
    yield events.ContactAnswered(answered, line.contact_id, agent, queue, waited)
    ended = answered + timedelta(seconds=talked)
    yield events.TalkEnded(ended, line.contact_id, agent, queue, talked)
    yield events.WrapUpStarted(ended, agent, line.contact_id, queue, ended + timedelta(seconds=30))
    yield events.ContactEnded(ended, line.contact_id, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY)
    yield events.WrapUpEnded(ended + timedelta(seconds=18), agent, line.contact_id, queue, 18, agent)


def _seen(
    agent: AgentId, idle: float, since_offer: float, handled: int, worked: float, level: int = 1, position: int = 1
) -> Consideration:
    return Consideration(
        agent,
        level,
        position,
        idle_seconds=idle,
        since_offer_seconds=since_offer,
        handled_contacts=handled,
        worked_seconds=worked,
    )


def _offer(
    line: ContactLine, offer_id: OfferId, queue: QueueId, agent: AgentId, rule: str, at: datetime,
    *considered: Consideration,
) -> Fact:
    ids = tuple(each.agent_id for each in considered)
    return events.ContactOffered(
        at, offer_id, line.contact_id, agent, queue, rule, ids, considered, len(considered), "longest-idle"
    )
