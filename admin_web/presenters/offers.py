"""Why an offer went to this agent, in one sentence, and whom the rule had to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.names import Names
from admin_web.presenters.texts import gettext
from admin_web.presenters.words import lasted
from cxcore.domain.agent import AgentId
from cxcore.domain.events import ContactOffered
from cxcore.domain.offer import Consideration, OfferRule
from cxcore.domain.queue import StrategyName

STRATEGIES: Mapping[str, LazyString] = {
    StrategyName.LINEAR: lazy_gettext("vaste volgorde"),
    StrategyName.CYCLIC: lazy_gettext("om de beurt"),
    StrategyName.WORKLOAD: lazy_gettext("minste werk sinds aanmelden"),
    StrategyName.LONGEST_IDLE: lazy_gettext("langst vrij"),
}


NO_LEVEL_CLAUSE = (OfferRule.LAST_SPOKE, OfferRule.NOT_PASSED_OVER, OfferRule.ASSIGNED)
"""Rules that do not choose by level."""


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """One line of the table of candidates, in words."""

    name: str
    level: int
    idle: str
    since_offer: str
    handled: int
    worked: str
    remarks: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    """The chosen agent, and the others that the strategy compared with: those of the same standing."""

    own: Consideration
    others: Sequence[Consideration]
    group: str
    """`van 3 vrije medewerkers`"""


def explain_offer(offer: ContactOffered, names: Names, ringing: Sequence[AgentId] = ()) -> str:
    """The sentence; `ringing` are those before whom this contact was already at that instant."""
    agent = names.agent(offer.agent_id)
    if offer.reason == OfferRule.ALL_RING and ringing:
        return gettext(
            "Ook aangeboden aan %(agent)s: rinkelt tegelijk met %(others)s.", agent=agent, others=names.agents(ringing)
        )
    why = _why(offer, names)
    if ringing:
        why = gettext("%(why)s; rinkelt tegelijk met %(others)s", why=why, others=names.agents(ringing))
    if not why:
        return gettext("Aangeboden aan %(agent)s.", agent=agent)
    return gettext("Aangeboden aan %(agent)s: %(why)s.", agent=agent, why=why)


def _why(offer: ContactOffered, names: Names) -> str:
    own = next((each for each in offer.considered if each.agent_id == offer.agent_id), None)
    if own is None or offer.reason not in RULES:
        return str(STRATEGIES.get(offer.reason, ""))
    words = RULES[OfferRule(offer.reason)](_choice(offer, own), offer, names)
    return words + _level_clause(own, offer)


def _choice(offer: ContactOffered, own: Consideration) -> _Choice:
    equals = [each for each in offer.considered if _standing(each) == _standing(own)]
    others = [each for each in equals if each.agent_id != own.agent_id]
    if len(equals) == len(offer.considered):
        group = gettext("van %(count)s vrije medewerkers", count=max(offer.ready, len(equals)))
    elif any(each.level != own.level for each in offer.considered if not each.passed_over):
        group = gettext("van %(count)s vrije medewerkers op niveau %(level)s", count=len(equals), level=own.level)
    else:
        group = gettext("van %(count)s vrije medewerkers die dit contact nog niet misten", count=len(equals))
    return _Choice(own, others, group)


def _standing(each: Consideration) -> tuple[bool, bool, int]:
    return (each.passed_over, each.last_spoke, each.level)


def _level_clause(own: Consideration, offer: ContactOffered) -> str:
    if own.level < 2 or offer.reason in NO_LEVEL_CLAUSE:
        return ""
    if own.level == 2:
        return gettext("; niveau 2, want op niveau 1 was niemand vrij")
    return gettext("; niveau %(level)s, want op een lager niveau was niemand vrij", level=own.level)


# --- One function per rule -------------------------------------------------------------------------------------------


def _only_one(choice: _Choice, _offer: ContactOffered, _names: Names) -> str:
    if choice.own.passed_over:
        return gettext("als enige vrij, ook al is dit contact hier eerder gemist of geweigerd")
    return gettext("als enige vrij")


def _not_passed_over(_choice: _Choice, offer: ContactOffered, names: Names) -> str:
    others = [each.agent_id for each in offer.considered if each.agent_id != offer.agent_id]
    if len(others) == 1:
        return gettext("%(other)s miste of weigerde dit contact al", other=names.agent(others[0]))
    return gettext("de anderen misten of weigerden dit contact al")


def _last_spoke(_choice: _Choice, _offer: ContactOffered, _names: Names) -> str:
    return gettext("sprak deze beller het laatst")


def _level(choice: _Choice, _offer: ContactOffered, _names: Names) -> str:
    return gettext("als enige vrij op niveau %(level)s", level=choice.own.level)


def _linear(choice: _Choice, _offer: ContactOffered, names: Names) -> str:
    if not choice.others:
        return gettext("als eerste op de lijst van de wachtrij")
    own, other = choice.own, choice.others[0]
    texts = {"group": choice.group, "place": own.position, "other": names.agent(other.agent_id)}
    if own.position == other.position:
        return gettext("%(group)s op dezelfde plaats %(place)s als %(other)s, en voorgaand op naam", **texts)
    return gettext(
        "%(group)s als eerste op de lijst (plaats %(place)s; daarna %(other)s, plaats %(next)s)",
        **texts,
        next=other.position,
    )


def _cyclic(choice: _Choice, _offer: ContactOffered, names: Names) -> str:
    if not choice.others:
        return gettext("aan de beurt")
    own, other = choice.own, choice.others[0]
    texts = {"group": choice.group, "other": names.agent(other.agent_id)}
    if own.since_offer_seconds is None and other.since_offer_seconds is None:
        return gettext("aan de beurt: %(group)s nog zonder aanbod, en eerder op de lijst dan %(other)s", **texts)
    if own.since_offer_seconds is None:
        return gettext("aan de beurt: %(group)s als enige nog zonder aanbod", **texts)
    time, after = lasted(own.since_offer_seconds), lasted(other.since_offer_seconds)
    return gettext(
        "aan de beurt: %(group)s het langst zonder aanbod (%(time)s; daarna %(other)s, %(after)s)",
        **texts,
        time=time,
        after=after,
    )


def _workload(choice: _Choice, _offer: ContactOffered, names: Names) -> str:
    if not choice.others:
        return gettext("het minste werk sinds aanmelden")
    own, other = choice.own, choice.others[0]
    texts = {"group": choice.group, "other": names.agent(other.agent_id), "count": own.handled_contacts}
    if own.handled_contacts != other.handled_contacts:
        return gettext(
            "%(group)s de minste contacten sinds aanmelden (%(count)s; daarna %(other)s, %(after)s)",
            **texts,
            after=other.handled_contacts,
        )
    time, after_time = lasted(own.worked_seconds), lasted(other.worked_seconds)
    if own.worked_seconds != other.worked_seconds:
        return gettext(
            "%(group)s de minste werktijd bij evenveel contacten (%(count)s; %(time)s; daarna %(other)s, %(after)s)",
            **texts,
            time=time,
            after=after_time,
        )
    return gettext("%(group)s het langst vrij, bij evenveel werk als %(other)s (%(count)s contacten)", **texts)


def _longest_idle(choice: _Choice, _offer: ContactOffered, names: Names) -> str:
    if not choice.others:
        return gettext("het langst vrij")
    own, other = choice.own, choice.others[0]
    texts = {"group": choice.group, "other": names.agent(other.agent_id), "time": lasted(own.idle_seconds)}
    if own.idle_seconds == other.idle_seconds:
        return gettext("%(group)s even lang vrij als %(other)s (%(time)s), en eerder op de lijst", **texts)
    after = lasted(other.idle_seconds)
    return gettext("%(group)s het langst vrij (%(time)s; daarna %(other)s, %(after)s)", **texts, after=after)


def _all_ring(_choice: _Choice, _offer: ContactOffered, _names: Names) -> str:
    return gettext("deze wachtrij belt meerdere medewerkers tegelijk")


def _assigned(choice: _Choice, offer: ContactOffered, names: Names) -> str:
    others = [each.agent_id for each in offer.considered if each.agent_id != offer.agent_id]
    if not others:
        return gettext("gekozen door een supervisor; volgens de verdeling was niemand vrij")
    return gettext("gekozen door een supervisor; de verdeling had %(other)s gekozen", other=names.agent(others[0]))


RULES: Mapping[OfferRule, Callable[[_Choice, ContactOffered, Names], str]] = {
    OfferRule.ONLY_ONE: _only_one,
    OfferRule.NOT_PASSED_OVER: _not_passed_over,
    OfferRule.LAST_SPOKE: _last_spoke,
    OfferRule.LEVEL: _level,
    OfferRule.LINEAR: _linear,
    OfferRule.CYCLIC: _cyclic,
    OfferRule.WORKLOAD: _workload,
    OfferRule.LONGEST_IDLE: _longest_idle,
    OfferRule.ALL_RING: _all_ring,
    OfferRule.ASSIGNED: _assigned,
}


# --- The table -------------------------------------------------------------------------------------------------------


def candidates(offer: ContactOffered, names: Names) -> tuple[ShownCandidate, ...]:
    """The candidates in the order of the rule."""
    return tuple(_shown(each, offer, names) for each in offer.considered)


def candidates_heading(offer: ContactOffered) -> str:
    """What the table shows."""
    strategy = str(STRATEGIES.get(offer.strategy, offer.strategy))
    if offer.reason == OfferRule.ASSIGNED:
        return gettext(
            "Gekozen door een supervisor, en wie volgens de verdeling (%(strategy)s) vrij was", strategy=strategy
        )
    if offer.ready > len(offer.considered):
        return gettext(
            "Verdeling: %(strategy)s. De eerste %(shown)s van %(count)s vrije medewerkers, in volgorde",
            strategy=strategy,
            shown=len(offer.considered),
            count=offer.ready,
        )
    return gettext(
        "Verdeling: %(strategy)s. Vrije medewerkers: %(count)s, in volgorde",
        strategy=strategy,
        count=len(offer.considered),
    )


def _shown(each: Consideration, offer: ContactOffered, names: Names) -> ShownCandidate:
    return ShownCandidate(
        names.agent(each.agent_id),
        each.level,
        lasted(each.idle_seconds),
        lasted(each.since_offer_seconds),
        each.handled_contacts,
        lasted(each.worked_seconds),
        "; ".join(_remarks(each, offer)),
        each.agent_id == offer.agent_id,
    )


def _remarks(each: Consideration, offer: ContactOffered) -> list[str]:
    remarks = [
        (each.agent_id == offer.agent_id, gettext("gekozen")),
        (each.last_spoke, gettext("sprak deze beller het laatst")),
        (each.passed_over, gettext("miste of weigerde dit contact al")),
    ]
    return [words for holds, words in remarks if holds]
