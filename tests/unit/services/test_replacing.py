"""Another telephone takes over an agent's call (INVITE with Replaces)."""

from __future__ import annotations

from cxcore.domain.agent import AgentState
from cxcore.domain.contact import ContactState
from cxcore.domain.events import ContactOpened, DeviceReplaced
from cxcore.domain.leg import LegId
from tests.fakes.switch import HangUp
from tests.unit.services.test_consulting import Desk, desk, with_target


def taken_over(found: Desk) -> LegId:
    """Another telephone asks for Anna's call."""
    leg = found.world.switch.arrives("+31715550177", "+31715550178", replaces=found.anna)
    found.world.settle()
    return leg


def test_agent_talks_on_by_the_other_telephone_also_after_a_kill() -> None:
    found = desk()
    world, opened = found.world, len(found.world.all_facts(ContactOpened))
    leg = taken_over(found)
    assert world.switch.bridged_to(found.caller) == leg
    assert not world.switch.lives(found.anna)
    assert world.agent("anna").state is AgentState.TALKING
    assert world.last_fact(DeviceReplaced).agent_id == "anna"
    assert len(world.all_facts(ContactOpened)) == opened, "it is the same contact"
    world.restart_core()
    assert world.agent("anna").state is AgentState.TALKING
    world.hangs_up(leg)
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_call_of_nobody_and_one_with_a_consultation_are_not_given_away() -> None:
    found = with_target()
    refused = [taken_over(found), found.world.switch.arrives(replaces=LegId(""))]
    found.world.settle()
    for leg in refused:
        assert found.world.switch.last(HangUp, leg)
    assert found.world.contact(found.caller).state is ContactState.TALKING
    assert found.world.switch.lives(found.anna)
