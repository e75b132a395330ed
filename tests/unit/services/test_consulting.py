"""Consultation and transfer: who hears whom at each step, and with whom a caller ends whoever drops out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import (
    CallNumber,
    CompleteTransfer,
    Consult,
    EndDirectCall,
    HangUpContact,
    HoldContact,
    JoinParties,
    SendDigits,
    SwapParties,
    TakeBack,
    TransferContact,
)
from cxcore.domain.contact import ContactState, Outcome
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import (
    ConsultationEnded,
    ConsultationStarted,
    ContactAnswered,
    ContactEnded,
    ContactQueued,
    ContactTransferred,
    TalkEnded,
)
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.transfer import ConsultationState, Turn
from tests import builders
from tests.fakes.switch import Bridge, Dialled, Hearing, Join
from tests.fakes.switch import SendDigits as DigitsSent
from tests.unit.world import World

ANNA, BRAM = AgentId("anna"), AgentId("bram")
OUTSIDE = "+31612340000"
MUSIC, OTHER, RINGBACK, ALL = Hearing.HOLD_MUSIC, Hearing.OTHER_LEG, Hearing.RINGBACK, Hearing.CONVERSATION


@dataclass
class Desk:
    """Anna talks with a caller, and consults."""

    world: World
    caller: LegId
    anna: LegId

    @property
    def target(self) -> LegId:
        legs = [leg for leg in self.world.switch.dialled_legs() if leg != self.anna]
        assert len(legs) == 1, legs
        return legs[0]

    @property
    def state(self) -> ConsultationState | None:
        consultation = self.world.contact(self.caller).consultation
        return consultation.state if consultation else None

    def consults(self, kind: str = "agent", key: str = "bram", **more: object) -> None:
        self.world.does(Consult("anna", ANNA, kind, key, **more))  # type: ignore[arg-type]

    def talks_to_target(self, kind: str = "agent", key: str = "bram") -> LegId:
        self.consults(kind, key)
        target = self.target
        self.world.answers(target)
        return target

    def reports(self, count: int) -> None:
        """The switch says which legs live."""
        for _ in range(count):
            self.world.switch.report_live_legs()
            self.world.settle()

    def together(self) -> bool:
        """Caller and Anna hear each other."""
        return self.world.switch.bridged_to(self.caller) == self.anna


def desk(world: World | None = None) -> Desk:
    world = world or World()
    world.log_on("anna")
    caller, anna = world.talk()
    world.advance(60)
    return Desk(world, caller, anna)


def ringing() -> Desk:
    found = desk()
    found.consults()
    return found


def with_target() -> Desk:
    found = desk()
    found.talks_to_target()
    return found


def with_caller() -> Desk:
    found = with_target()
    found.world.does(SwapParties("anna", ANNA))
    return found


def together() -> Desk:
    found = with_target()
    found.world.does(JoinParties("anna", ANNA))
    return found


def passing() -> Desk:
    found = desk()
    found.world.does(TransferContact("anna", ANNA, "agent", "bram"))
    return found


# --- Who hears whom --------------------------------------------------------------------------------------------------


def test_while_the_target_rings_the_agent_hears_it_and_the_caller_hold_music() -> None:
    found = ringing()
    assert found.world.switch.hears(found.caller) is MUSIC
    assert found.world.switch.hears(found.anna) is RINGBACK
    dial = found.world.switch.last(Dialled).dial
    assert (dial.destination, dial.caller_name) == ("sip:bram@127.0.0.1:5071", "Anna: +31612345678")


def test_target_who_answers_talks_with_the_agent_and_the_caller_still_hears_music() -> None:
    found = with_target()
    assert found.world.switch.bridged_to(found.anna) == found.target
    assert found.world.switch.hears(found.caller) is MUSIC


def test_swap_brings_the_caller_back_and_the_target_hears_music_and_the_next_swap_the_other_way() -> None:
    found = with_caller()
    assert found.together()
    assert found.world.switch.hears(found.target) is MUSIC
    found.world.does(SwapParties("anna", ANNA))
    assert found.world.switch.bridged_to(found.anna) == found.target
    assert found.world.switch.hears(found.caller) is MUSIC


def test_three_way_lets_the_target_take_part_in_the_conversation() -> None:
    found = together()
    assert found.together()
    assert found.world.switch.last(Join).other == found.anna
    assert found.world.switch.hears(found.target) is ALL


@pytest.mark.parametrize("step", [ringing, with_target, with_caller, together])
def test_take_back_leaves_caller_and_agent_together_and_lets_the_target_go(step: Callable[[], Desk]) -> None:
    found = step()
    target = found.target
    found.world.does(TakeBack("anna", ANNA))
    assert found.together()
    assert not found.world.switch.lives(target)
    assert found.state is None
    assert found.world.agent("bram").direct_contact_id is None


@pytest.mark.parametrize("step", [with_target, with_caller, together])
def test_completed_transfer_to_a_colleague_makes_the_colleague_the_agent(step: Callable[[], Desk]) -> None:
    found = step()
    target = found.target
    found.world.does(CompleteTransfer("anna", ANNA))
    assert found.world.switch.bridged_to(found.caller) == target
    assert not found.world.switch.lives(found.anna)
    assert found.world.agent("anna").state is AgentState.WRAP_UP
    assert found.world.agent("bram").state is AgentState.TALKING
    assert found.world.contact(found.caller).agent_id == "bram"
    found.world.hangs_up(found.caller)
    assert not found.world.switch.legs
    assert found.world.agent("bram").state is AgentState.WRAP_UP


def test_completed_while_it_rings_the_transfer_goes_on_without_the_agent() -> None:
    found = ringing()
    found.world.does(CompleteTransfer("anna", ANNA))
    assert found.world.switch.hears(found.caller) is MUSIC
    assert found.world.agent("anna").state is AgentState.WRAP_UP
    found.world.answers(found.target)
    assert found.world.switch.hears(found.caller) is OTHER
    assert found.world.agent("bram").state is AgentState.TALKING


def test_transferred_contact_is_one_contact_answered_once_with_the_talk_of_each_agent() -> None:
    found = with_target()
    found.world.advance(30)
    found.world.does(CompleteTransfer("anna", ANNA))
    found.world.advance(45)
    found.world.hangs_up(found.caller)
    assert len(found.world.all_facts(ContactAnswered)) == 1
    talks = [(fact.agent_id, fact.talked_seconds) for fact in found.world.all_facts(TalkEnded)]
    assert talks == [("anna", 90), ("bram", 45)]
    day = found.world.floor.day.queues[builders.BURGERZAKEN]
    assert (day.offered, day.answered) == (1, 1)
    transferred = found.world.last_fact(ContactTransferred)
    assert (transferred.agent_id, transferred.colleague_id) == ("anna", "bram")


# --- Where it goes ---------------------------------------------------------------------------------------------------


def test_number_outside_sees_the_number_of_the_queue_and_has_the_caller_afterwards() -> None:
    site = builders.site(queues=(builders.queue(caller_number="+31715550150"), builders.queue(builders.RECEPTIE)))
    found = desk(World(site))
    target = found.talks_to_target("number", "0612340000")
    dial = found.world.switch.last(Dialled).dial
    assert (dial.destination, dial.caller_number) == (OUTSIDE, "+31715550150")
    found.world.does(CompleteTransfer("anna", ANNA))
    assert found.world.switch.bridged_to(found.caller) == target
    assert found.world.contact(found.caller).state is ContactState.TRANSFERRED
    found.world.hangs_up(target)
    assert found.world.last_fact(ContactEnded).outcome is Outcome.TRANSFERRED
    assert not found.world.switch.legs


def test_agent_shows_the_own_number_where_the_queue_has_none() -> None:
    site = builders.site()
    users = {**site.users, "anna": replace(site.users["anna"], caller_number="+31715550111")}
    found = desk(World(replace(site, users=users)))
    found.consults("number", OUTSIDE)
    assert found.world.switch.last(Dialled).dial.caller_number == "+31715550111"


def test_first_phone_of_a_ring_group_to_answer_has_it_and_the_others_fall_silent() -> None:
    found = desk()
    found.consults("phone-book", "wijkteam", name="Wijkteam", destinations=(OUTSIDE, "sip:wijk@192.0.2.7"))
    one, two = [leg for leg in found.world.switch.dialled_legs() if leg != found.anna]
    found.world.hangs_up(one, HangUpCause.BUSY)
    assert found.state is ConsultationState.RINGING
    found.world.answers(two)
    assert found.world.switch.bridged_to(found.anna) == two


def test_transfer_to_a_queue_lets_the_same_contact_wait_there_and_the_next_agent_of_it_have_it() -> None:
    found = desk()
    found.world.does(TransferContact("anna", ANNA, "queue", "receptie"))
    assert found.world.switch.hears(found.caller) is MUSIC
    assert found.world.waiting(builders.RECEPTIE) == [found.caller]
    assert [fact.queue_id for fact in found.world.all_facts(ContactQueued)] == ["burgerzaken", "receptie"]
    days = found.world.floor.day.queues
    assert days[builders.BURGERZAKEN].answered == 1
    found.world.advance(31)
    found.world.answers(found.world.ringing())
    assert found.world.switch.hears(found.caller) is OTHER
    assert (days[builders.BURGERZAKEN].offered, days[builders.RECEPTIE].offered) == (1, 1)


def test_consulted_queue_rings_the_agent_who_is_free_for_longest_and_then_the_next() -> None:
    site = builders.site(agents=("anna", "bram", "chris"))
    found = desk(World(site))
    found.world.log_on("chris", "bram")
    found.consults("queue", "burgerzaken")
    assert found.world.switch.last(Dialled).dial.destination == "sip:chris@127.0.0.1:5071"
    found.world.hangs_up(found.target, HangUpCause.NO_ANSWER)
    assert found.world.switch.last(Dialled).dial.destination == "sip:bram@127.0.0.1:5071"
    assert found.world.agent("chris").direct_contact_id is None
    found.world.hangs_up(found.target, HangUpCause.NO_ANSWER)
    assert found.together()


def test_consulting_a_queue_in_which_nobody_is_free_is_refused_and_the_caller_stays() -> None:
    found = desk()
    with pytest.raises(NotAllowed) as refusal:
        found.consults("queue", "receptie")
    assert refusal.value.code == "nobody-free"
    assert found.together()


@pytest.mark.parametrize(
    ("kind", "key", "code"),
    [("agent", "anna", "own-number"), ("number", "nonsense", "no-such-number")],
)
def test_what_cannot_be_reached_is_refused_and_the_caller_stays(kind: str, key: str, code: str) -> None:
    found = desk()
    with pytest.raises(NotAllowed) as refusal:
        found.consults(kind, key)
    assert refusal.value.code == code
    assert found.together()


@pytest.mark.parametrize(("kind", "key"), [("agent", "nobody"), ("queue", "nothing"), ("phone-book", "x"), ("?", "x")])
def test_what_is_not_known_is_refused_and_the_caller_stays(kind: str, key: str) -> None:
    found = desk()
    with pytest.raises(NotFound):
        found.consults(kind, key)
    assert found.together()


def test_colleague_in_a_conversation_is_not_rung() -> None:
    found = desk()
    found.world.log_on("bram")
    found.world.talk()
    with pytest.raises(NotAllowed) as refusal:
        found.consults()
    assert refusal.value.code == "colleague-engaged"


def test_consulted_colleague_gets_no_offer_and_one_in_wrap_up_can_be_consulted() -> None:
    world = World()
    world.log_on("bram")
    caller, _ = world.talk()
    world.hangs_up(caller)
    found = desk(world)
    found.talks_to_target()
    world.calls()
    world.advance(40)
    assert world.offered_to() is None
    world.does(CompleteTransfer("anna", ANNA))
    assert world.agent("bram").state is AgentState.TALKING


def test_colleague_who_takes_over_in_wrap_up_is_not_offered_a_waiting_caller_in_between() -> None:
    world = World()
    world.log_on("bram")
    before, _ = world.talk()
    world.hangs_up(before)
    found = desk(world)
    found.talks_to_target()
    world.calls()
    world.does(CompleteTransfer("anna", ANNA))
    assert world.agent("bram").state is AgentState.TALKING
    assert world.offered_to() is None


def test_agent_cannot_hold_or_hang_up_in_the_midst_of_a_consultation() -> None:
    found = with_target()
    for command in (HoldContact("anna", ANNA), HangUpContact("anna", ANNA)):
        with pytest.raises(NotAllowed):
            found.world.does(command)


@pytest.mark.parametrize("command", [SwapParties("anna", ANNA), JoinParties("anna", ANNA)])
def test_nobody_can_be_swapped_or_joined_before_the_target_answers(command: object) -> None:
    found = ringing()
    with pytest.raises(NotAllowed) as refusal:
        found.world.does(command)  # type: ignore[arg-type]
    assert refusal.value.code == "not-in-this-step"
    assert found.state is ConsultationState.RINGING


def test_keys_go_to_whom_the_agent_talks_with() -> None:
    found = desk()
    found.world.does(SendDigits("anna", ANNA, "1"))
    target = found.talks_to_target()
    found.world.does(SendDigits("anna", ANNA, "2#"))
    sent = found.world.switch.all_of(DigitsSent)
    assert [(order.leg_id, order.digits) for order in sent] == [(found.caller, "1"), (target, "2#")]
    with pytest.raises(NotAllowed):
        found.world.does(SendDigits("anna", ANNA, "12a"))


def test_consulted_colleague_hangs_up_from_the_page() -> None:
    found = with_target()
    found.world.does(EndDirectCall("bram", BRAM))
    assert found.together()


# --- Whoever drops out -----------------------------------------------------------------------------------------------

WITH_AGENT, WITH_TARGET, IN_FRONT, RINGS_ON, OVER = "agent", "target", "in front", "rings on", "over"
DROPS = [
    (ringing, "target", WITH_AGENT),
    (ringing, "agent", RINGS_ON),
    (ringing, "caller", OVER),
    (with_target, "target", WITH_AGENT),
    (with_target, "agent", WITH_TARGET),
    (with_target, "caller", OVER),
    (with_caller, "target", WITH_AGENT),
    (with_caller, "agent", WITH_TARGET),
    (with_caller, "caller", OVER),
    (together, "target", WITH_AGENT),
    (together, "agent", WITH_TARGET),
    (together, "caller", OVER),
    (passing, "target", IN_FRONT),
    (passing, "caller", OVER),
]
IDS = [f"{step.__name__}-{who}" for step, who, _ in DROPS]


def _legs(found: Desk) -> dict[str, LegId]:
    return {"caller": found.caller, "agent": found.anna, "target": found.target}


def _ends(found: Desk, target: LegId, end: str) -> None:
    switch = found.world.switch
    if end == OVER:
        assert not switch.legs
        assert not found.world.floor.contacts
        assert len(found.world.all_facts(ContactEnded)) == 1
    elif end == WITH_AGENT:
        assert found.together()
    elif end == WITH_TARGET:
        assert switch.bridged_to(found.caller) == target
        assert found.world.agent("anna").state is AgentState.WRAP_UP
    elif end == IN_FRONT:
        assert switch.hears(found.caller) is MUSIC
        assert found.world.waiting()[0] == found.caller
    else:
        assert switch.hears(found.caller) is MUSIC
        assert found.state is ConsultationState.PASSING
        assert switch.lives(target)


@pytest.mark.parametrize(("step", "who", "end"), DROPS, ids=IDS)
def test_caller_is_never_alone_whoever_drops_out(step: Callable[[], Desk], who: str, end: str) -> None:
    found = step()
    legs = _legs(found)
    found.world.hangs_up(legs[who], HangUpCause.NO_ANSWER if who == "target" else HangUpCause.NORMAL)
    _ends(found, legs["target"], end)


@pytest.mark.parametrize(("step", "who", "end"), DROPS, ids=IDS)
def test_caller_is_never_alone_whoever_drops_out_while_no_core_runs(
    step: Callable[[], Desk], who: str, end: str
) -> None:
    found = step()
    legs = _legs(found)
    found.world.kill_core()
    found.world.switch.hangs_up(legs[who], HangUpCause.NORMAL)
    found.world.restart_core()
    if end == OVER:
        found.world.advance(11)
    _ends(found, legs["target"], end)


@pytest.mark.parametrize("step", [ringing, with_target, with_caller, together, passing])
def test_consultation_goes_on_where_it_stood_when_the_core_was_killed(step: Callable[[], Desk]) -> None:
    found = step()
    target = found.target
    heard = {leg: found.world.switch.hears(leg) for leg in found.world.switch.legs}
    before = found.world.contact(found.caller).consultation
    found.world.restart_core()
    after = found.world.contact(found.caller).consultation
    assert before is not None
    assert after is not None
    assert (after.state, after.agent_id, after.legs) == (before.state, before.agent_id, before.legs)
    assert after.target.name == before.target.name
    assert {leg: found.world.switch.hears(leg) for leg in found.world.switch.legs} == heard
    assert found.world.agent("bram").direct_contact_id == found.world.contact(found.caller).contact_id
    if step is not passing:
        found.world.does(TakeBack("anna", ANNA))
        assert found.together()
        assert not found.world.switch.lives(target)


def test_target_who_answered_while_no_core_ran_talks_with_the_agent() -> None:
    found = ringing()
    found.world.kill_core()
    found.world.switch.answers(found.target)
    found.world.restart_core()
    assert found.world.switch.bridged_to(found.anna) == found.target


def test_agent_who_took_over_is_still_the_agent_after_a_kill() -> None:
    found = with_target()
    target = found.target
    found.world.does(CompleteTransfer("anna", ANNA))
    found.world.restart_core()
    assert found.world.switch.bridged_to(found.caller) == target
    assert found.world.agent("bram").state is AgentState.TALKING
    assert found.world.agent("anna").state is AgentState.WRAP_UP


def test_number_outside_keeps_the_caller_after_a_kill() -> None:
    found = desk()
    target = found.talks_to_target("number", OUTSIDE)
    found.world.does(CompleteTransfer("anna", ANNA))
    found.world.restart_core()
    assert found.world.switch.bridged_to(found.caller) == target
    assert found.world.contact(found.caller).state is ContactState.TRANSFERRED


def test_caller_who_came_back_stands_in_front_of_those_who_wait_longer_also_after_a_kill() -> None:
    found = desk()
    longer = [found.world.calls() for _ in range(2)]
    found.world.advance(20)
    found.world.does(TransferContact("anna", ANNA, "number", OUTSIDE))
    found.world.hangs_up(found.target, HangUpCause.BUSY)
    assert found.world.waiting() == [found.caller, *longer]
    found.world.restart_core()
    assert found.world.waiting() == [found.caller, *longer]
    found.world.advance(31)
    found.world.answers(found.world.ringing())
    assert found.world.switch.hears(found.caller) is OTHER


def test_switch_that_refuses_to_dial_gives_the_caller_back() -> None:
    found = desk()
    found.world.switch.will_refuse(Dialled)
    found.consults()
    assert found.together()
    assert found.world.last_fact(ConsultationEnded).end == Turn.END_WITH_AGENT


def test_switch_that_refuses_to_dial_a_direct_transfer_puts_the_caller_in_front() -> None:
    found = desk()
    found.world.switch.will_refuse(Dialled)
    found.world.does(TransferContact("anna", ANNA, "agent", "bram"))
    assert found.world.waiting() == [found.caller]
    assert found.world.agent("bram").direct_contact_id is None


def test_switch_that_refuses_to_connect_them_gives_the_caller_back_once_the_target_is_seen_gone() -> None:
    found = ringing()
    target = found.target
    found.world.switch.will_refuse(Bridge)
    found.world.answers(target)
    found.world.switch.loses(target)
    found.world.advance(10)
    found.reports(2)
    assert found.together()


def test_answer_that_was_not_heard_is_found_by_the_next_reports() -> None:
    found = ringing()
    target = found.target
    tell, found.world.switch.tell = found.world.switch.tell, lambda tiding: None
    found.world.switch.answers(target)
    found.world.switch.tell = tell
    found.reports(2)
    assert found.world.switch.bridged_to(found.anna) == target


def test_the_switch_dies_in_a_consultation_and_nothing_is_left_over() -> None:
    found = together()
    found.world.switch.restarts()
    found.world.settle()
    assert not found.world.floor.contacts
    assert found.world.agent("bram").direct_contact_id is None


def test_what_happened_is_told_with_who_and_how_it_ended() -> None:
    found = ringing()
    started = found.world.last_fact(ConsultationStarted)
    assert (started.agent_id, started.target, started.blind, started.colleague_id) == ("anna", "Bram", False, "bram")
    found.world.hangs_up(found.target, HangUpCause.BUSY)
    ended = found.world.last_fact(ConsultationEnded)
    assert (ended.end, ended.cause) == ("end-with-agent", "busy")


def told(found: Desk, name: str) -> tuple[str, str] | None:
    """With whom the consultation was that this agent hears the end of, and how it ended."""
    passed = found.world.agent(name).passed_on
    return None if passed is None else (passed.target, passed.end)


@pytest.mark.parametrize("step", [ringing, with_target, with_caller, together])
def test_caller_who_leaves_in_a_consultation_is_told_to_both(step: Callable[[], Desk]) -> None:
    found = step()
    found.world.hangs_up(found.caller)
    assert told(found, "anna") == ("Bram", "caller-left")
    assert told(found, "bram") == ("Anna", "consulted-caller-left")


@pytest.mark.parametrize("step", [with_target, with_caller, together])
def test_colleague_who_is_let_go_hears_why_and_who_did_it_hears_nothing(step: Callable[[], Desk]) -> None:
    found = step()
    found.world.does(TakeBack("anna", ANNA))
    assert told(found, "anna") is None
    assert told(found, "bram") == ("Anna", "consulted-taken-back")


# --- Direct calls ----------------------------------------------------------------------------------------------------

OWN = "+31715550111"


def direct_call(outbound: bool = False) -> Desk:
    """Anna talks directly with somebody who called her own number, or whom she called."""
    site = builders.site()
    users = {**site.users, "anna": replace(site.users["anna"], number=OWN)}
    world = World(replace(site, users=users))
    world.log_on("anna")
    if outbound:
        world.does(CallNumber("anna", ANNA, OUTSIDE))
        anna = world.ringing()
        world.answers(anna)
        caller = world.ringing()
        world.answers(caller)
    else:
        caller = world.calls(OWN)
        anna = world.ringing()
        world.answers(anna)
    return Desk(world, caller, anna)


def direct_target(found: Desk) -> LegId:
    (leg,) = [leg for leg in found.world.switch.dialled_legs() if leg not in (found.anna, found.caller)]
    return leg


@pytest.mark.parametrize("outbound", [False, True], ids=["inbound", "outbound"])
@pytest.mark.parametrize("killed", [False, True], ids=["", "killed"])
def test_direct_call_is_consulted_about_and_taken_back(outbound: bool, killed: bool) -> None:
    found = direct_call(outbound)
    found.consults()
    assert found.world.switch.hears(found.caller) is MUSIC
    assert found.world.switch.hears(found.anna) is RINGBACK
    found.world.answers(direct_target(found))
    assert found.world.switch.bridged_to(found.anna) == direct_target(found)
    if killed:
        found.world.restart_core()
    found.world.does(SwapParties("anna", ANNA))
    assert found.together()
    found.world.does(TakeBack("anna", ANNA))
    assert found.together()


@pytest.mark.parametrize("outbound", [False, True], ids=["inbound", "outbound"])
@pytest.mark.parametrize("killed", [False, True], ids=["", "killed"])
@pytest.mark.parametrize("kind", ["agent", "number"])
def test_direct_call_is_handed_over_and_ends_with_the_target(outbound: bool, killed: bool, kind: str) -> None:
    found = direct_call(outbound)
    found.consults(kind, "bram" if kind == "agent" else "+31612349999")
    target = direct_target(found)
    found.world.answers(target)
    found.world.does(CompleteTransfer("anna", ANNA))
    assert found.world.switch.bridged_to(found.caller) == target
    assert not found.world.switch.lives(found.anna)
    assert found.world.agent("anna").direct_contact_id is None
    if killed:
        found.world.restart_core()
        assert found.world.switch.bridged_to(found.caller) == target
    found.world.hangs_up(target)
    assert not found.world.switch.legs
    assert not found.world.floor.contacts
    assert found.world.agent("bram").direct_contact_id is None


@pytest.mark.parametrize("outbound", [False, True], ids=["inbound", "outbound"])
def test_direct_call_whose_agent_hangs_up_in_a_consultation_goes_on_with_the_target(outbound: bool) -> None:
    found = direct_call(outbound)
    found.consults()
    target = direct_target(found)
    found.world.answers(target)
    found.world.hangs_up(found.anna)
    assert found.world.switch.bridged_to(found.caller) == target


def test_direct_call_that_nobody_takes_over_rings_its_agent_again() -> None:
    found = direct_call()
    found.world.does(TransferContact("anna", ANNA, "agent", "bram"))
    found.world.hangs_up(direct_target(found), HangUpCause.NO_ANSWER)
    (again,) = found.world.switch.dialled_legs()
    assert found.world.switch.legs[again].live.dialled_number == "sip:anna@127.0.0.1:5071"
    found.world.answers(again)
    assert found.world.switch.bridged_to(found.caller) == again


@pytest.mark.parametrize("outbound", [False, True], ids=["inbound", "outbound"])
def test_direct_call_goes_to_a_queue_as_any_other(outbound: bool) -> None:
    found = direct_call(outbound)
    found.world.does(TransferContact("anna", ANNA, "queue", "receptie"))
    assert found.world.switch.hears(found.caller) is MUSIC
    found.world.answers(found.world.ringing() if not outbound else _device(found))
    assert found.world.switch.hears(found.caller) is OTHER


def _device(found: Desk) -> LegId:
    (leg,) = [leg for leg in found.world.switch.dialled_legs() if leg != found.caller]
    return leg
