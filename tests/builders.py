"""Sane defaults for what tests need."""

from __future__ import annotations

from cxcore.domain.agent import AgentId
from cxcore.domain.dialplan import Answer, Close, Dialplan, Enqueue, Menu, Say, Transfer
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Announcement, Queue, QueueId, StrategyName
from cxcore.domain.site import ConfiguredUser, Site

BURGERZAKEN, RECEPTIE = QueueId("burgerzaken"), QueueId("receptie")
GENERAL, DIRECT, SERVICE_LINE = "+31715550100", "+31715550101", "+31715550109"


def user(username: str, role: str = "agent") -> ConfiguredUser:
    """A user named after the user name, with a device if an agent."""
    device = f"sip:{username}@127.0.0.1:5071" if role == "agent" else None
    return ConfiguredUser(username, username.capitalize(), role, device)


def queue(
    queue_id: QueueId = BURGERZAKEN, strategy: StrategyName = StrategyName.LONGEST_IDLE, **changes: object
) -> Queue:
    """A queue with an announcement, an overflow and short times."""
    defaults: dict[str, object] = {
        "strategy": strategy,
        "ring_seconds": 20,
        "wrap_up_seconds": 30,
        "maximum_wait_seconds": 600,
        "overflow_flow": "druk",
        "announcement": Announcement("even-geduld", 15, 30),
    }
    return Queue(queue_id, queue_id.capitalize(), **{**defaults, **changes})  # type: ignore[arg-type]


def dialplan() -> Dialplan:
    """A general number with a menu, a direct number, and a line that goes outside."""
    return Dialplan(
        numbers={GENERAL: "hoofdmenu", DIRECT: "burgerzaken", SERVICE_LINE: "storingsdienst"},
        flows={
            "hoofdmenu": (
                Answer(),
                Say("welkom"),
                Menu("hoofdmenu", {"1": "burgerzaken", "0": "receptie"}, "receptie", wrong_key="verkeerde-toets"),
            ),
            "burgerzaken": (Enqueue(BURGERZAKEN),),
            "receptie": (Enqueue(RECEPTIE),),
            "storingsdienst": (Transfer(("+31612340000",)), Say("bel-later-terug"), Close()),
            "druk": (Say("bel-later-terug"), Close()),
        },
    )


def site(
    queues: tuple[Queue, ...] = (queue(), queue(RECEPTIE, priority=1)),
    memberships: tuple[Membership, ...] | None = None,
    agents: tuple[str, ...] = ("anna", "bram"),
) -> Site:
    """Anna and Bram serve Burgerzaken; Anna serves Receptie too."""
    if memberships is None:
        memberships = (
            *(Membership(AgentId(name), BURGERZAKEN, position=at) for at, name in enumerate(agents, start=1)),
            Membership(AgentId("anna"), RECEPTIE),
        )
    return Site(
        "Noordwijk",
        dialplan(),
        {each.queue_id: each for each in queues},
        memberships,
        {name: user(name) for name in agents} | {"sofie": user("sofie", "supervisor")},
        ("Pauze", "Lunch"),
        GENERAL,
    )
