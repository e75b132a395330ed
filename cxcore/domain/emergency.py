"""The emergency message: what callers hear first, on all numbers, one number or one queue [47e, 48a].

It is laid over the dialplan as flows of its own, so that a caller who hears one stands at a place like any other: the
next core finds it again, and a message that ends meanwhile is heard to its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from cxcore.domain.dialplan import Answer, Close, Dialplan, Enqueue, GoTo, Say, Step
from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass

EVERYWHERE = "*"
"""The scope of an emergency message on all numbers."""
_PREFIX = "noodtekst "
"""How the flows of emergency messages begin; no flow of a dialplan holds a space."""


class Then(StrEnum):
    """What follows the message."""

    END_CALL = "end-call"
    GO_ON = "go-on"
    """The caller goes on to where the call was going."""
    FLOW = "flow"
    """The caller goes to a flow, for instance one that leads to a special team."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency message that is on. `scope` is `EVERYWHERE`, a dialled number or the id of a queue."""

    scope: str
    message: str
    """The prompt that is said."""
    since: datetime
    until: datetime | None = None
    then: Then = Then.END_CALL
    flow: str = ""
    by: str = ""

    def flow_before(self, target: str) -> str:
        """The name of the flow that says the message to somebody who was going to `target`."""
        return f"{_PREFIX}{self.since.isoformat()} {target}"

    def steps(self, dialplan: Dialplan, onward: Step) -> tuple[Step, ...]:
        """The message, and what follows it; `onward` is where the call was going. A flow that is gone ends the call."""
        flow = GoTo(self.flow) if self.flow in dialplan.flows else Close()
        after: Mapping[Then, Step] = {Then.END_CALL: Close(), Then.GO_ON: onward, Then.FLOW: flow}
        return Answer(), Say(self.message), after[self.then]


def is_of_emergency(flow: str) -> bool:
    """Whether a flow is that of an emergency message, and not one of the configuration."""
    return flow.startswith(_PREFIX)


def lay_over(dialplan: Dialplan, emergencies: Mapping[str, Emergency], queue_ids: Iterable[QueueId]) -> Dialplan:
    """The dialplan with these messages before everything; flows of earlier messages stay, for those who hear them."""
    flows = dict(dialplan.flows)
    first: dict[str, str] = {}
    for number, flow in dialplan.entrances.items():
        emergency = emergencies.get(number) or emergencies.get(EVERYWHERE)
        if emergency is not None:
            first[number] = emergency.flow_before(flow)
            flows[first[number]] = emergency.steps(dialplan, GoTo(flow))
    for queue_id in queue_ids:
        emergency = emergencies.get(queue_id)
        if emergency is not None:
            first[queue_id] = emergency.flow_before(queue_id)
            flows[first[queue_id]] = emergency.steps(dialplan, Enqueue(queue_id))
    return replace(dialplan, flows=flows, heard_first=first)


def with_emergencies_of(before: Dialplan, dialplan: Dialplan) -> Dialplan:
    """The dialplan with the flows of emergency messages that callers may stand in."""
    kept = {name: steps for name, steps in before.flows.items() if name.startswith(_PREFIX)}
    return replace(dialplan, flows={**dialplan.flows, **kept})
