"""Another telephone takes over an agent's call (INVITE with Replaces)."""

from __future__ import annotations

from cxcore.domain.agent import AgentState
from cxcore.domain.commands import HoldContact
from cxcore.domain.contact import ContactState
from cxcore.domain.events import ContactOpened, ContactResumed, DeviceReplaced
from cxcore.domain.leg import HangUpCause, LegId
from tests.fakes.switch import HangUp
from tests.unit.services.test_consulting import ANNA, Desk, desk, with_target


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


def test_call_of_nobody_is_unknown_and_one_with_a_consultation_is_busy() -> None:
    found = with_target()
    switch = found.world.switch
    busy, unknown = taken_over(found), switch.arrives(replaces=LegId(""))
    found.world.settle()
    causes = [switch.last(HangUp, leg).cause for leg in (busy, unknown)]
    assert causes == [HangUpCause.BUSY, HangUpCause.NO_SUCH_NUMBER]
    assert found.world.contact(found.caller).state is ContactState.TALKING
    assert found.world.switch.lives(found.anna)


def test_caller_on_hold_is_back_by_the_other_telephone() -> None:
    found = desk()
    found.world.does(HoldContact("anna", ANNA))
    found.world.advance(20)
    leg = taken_over(found)
    assert found.world.switch.bridged_to(found.caller) == leg
    assert found.world.contact(found.caller).held_since is None
    assert found.world.last_fact(ContactResumed).held_seconds == 20
