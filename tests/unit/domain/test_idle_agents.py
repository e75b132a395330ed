"""The floor looks at idle agents only; whoever changes an agent or a membership, it knows who they are."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from cxcore.domain.agent import Agent, AgentId, AgentState, AgentStatus
from cxcore.domain.contact import Contact, ContactId, ContactState
from cxcore.domain.floor import Floor
from cxcore.domain.leg import LegId
from cxcore.domain.membership import Membership
from tests import builders
from tests.builders import BURGERZAKEN, RECEPTIE
from tests.unit.world import START

NAMES = tuple(AgentId(f"agent-{number}") for number in range(6))


def change(dice: Random, floor: Floor, agent: Agent) -> None:
    """One thing that happens to an agent."""
    queue_id = dice.choice((BURGERZAKEN, RECEPTIE))
    match dice.randrange(7):
        case 0:
            agent.status = dice.choice((AgentStatus.AVAILABLE, AgentStatus.AVAILABLE, AgentStatus.ON_BREAK))
        case 1:
            agent.state = dice.choice((AgentState.READY, AgentState.READY, AgentState.TALKING))
        case 2:
            agent.serves = set(dice.sample((BURGERZAKEN, RECEPTIE), dice.choice((0, 1, 2, 2))))
        case 3:
            floor.set_agent_leg(agent, dice.choice((None, None, LegId(f"leg of {agent.agent_id}"))))
        case 4:
            agent.rests_until = dice.choice((None, None, START + timedelta(seconds=10)))
        case 5:
            floor.add_membership(Membership(agent.agent_id, queue_id, dice.choice((1, 2))))
        case 6:
            floor.drop_membership(agent.agent_id, queue_id)


def contact() -> Contact:
    waiting = Contact(ContactId("c"), LegId("l"), "", None, "", START, state=ContactState.WAITING)
    waiting.queue_id, waiting.queued_at = BURGERZAKEN, START
    return waiting


def free(floor: Floor) -> set[AgentId]:
    """Who can be offered a contact of Burgerzaken, found by asking everybody."""
    members = {each.agent_id for name in NAMES for each in floor.memberships_of(name) if each.queue_id == BURGERZAKEN}
    return {
        agent.agent_id
        for agent in floor.agents.values()
        if agent.agent_id in members
        and BURGERZAKEN in agent.serves
        and (agent.status, agent.state) == (AgentStatus.AVAILABLE, AgentState.READY)
        and agent.leg_id is None
        and agent.rests_until is None
    }


def test_candidates_are_those_whom_one_finds_by_asking_everybody() -> None:
    dice, floor = Random(1), Floor(builders.site(agents=NAMES, memberships=()))
    found = 0
    for _ in range(5000):
        change(dice, floor, floor.agents[dice.choice(NAMES)])
        candidates = {each.agent.agent_id for each in floor.candidates(contact(), START)}
        assert candidates == free(floor)
        found += len(candidates)
    assert found > 500
