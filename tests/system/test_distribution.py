"""Several agents ring at once, direct calls, steering: with real SIP and sound."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallNumber, CloseQueue, OpenQueue
from cxcore.domain.contact import Outcome
from cxcore.domain.queue import QueueId
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call, SipParty
from tests.system.conftest import on_stage
from tests.system.stage import Stage, until
from tests.system.test_caller_reaches_agent import lines_of

pytestmark = pytest.mark.system
TEAM = ("anna", "bram", "chris")
RINGBACK = 425
OWN_NUMBER, OUTSIDE = "+31715550111", "+31612340000"
ANNA = AgentId("anna")


@pytest.fixture
def team(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    """Three agents ring together; Anna has a number of her own."""
    users = {"anna": {"number": OWN_NUMBER, "caller_number": OWN_NUMBER}}
    with on_stage(Stage(system_engine, tmp_path, queue={"ring_agents": 3}, agents=TEAM, users=users)) as stage:
        yield stage


def test_given_three_agents_who_ring_when_one_answers_then_the_others_stop_at_once(team: Stage) -> None:
    team.log_on(*TEAM)
    caller = team.waits()
    devices = {name: team.rings(name) for name in TEAM}
    devices["bram"].answer()
    devices["bram"].rtp.say(1700)
    assert devices["anna"].cancelled.wait(3) and devices["chris"].cancelled.wait(3)
    caller.rtp.hear_tone(1700)
    devices["bram"].rtp.hear_tone(1230)
    team.sees("bram", "talking")
    team.sees("anna", "ready")


def test_given_two_agents_who_answer_in_the_same_instant_then_only_one_is_connected(team: Stage) -> None:
    team.log_on(*TEAM)
    caller = team.waits()
    devices = {name: team.rings(name) for name in TEAM}
    together = [threading.Thread(target=devices[name].answer) for name in ("anna", "bram")]
    for answer in together:
        answer.start()
    for answer in together:
        answer.join()
    talking = _the_one_who_talks(team)
    other = "bram" if talking == "anna" else "anna"
    assert devices[other].wait_ended()
    devices[talking].rtp.say(1700)
    caller.rtp.hear_tone(1700)
    assert len([row for row in team.contacts() if row.agent_id]) == 1


def _the_one_who_talks(team: Stage) -> str:
    until(lambda: any(team.agent(name).state == "talking" for name in TEAM), "one of them talks")
    (talking,) = [name for name in TEAM if team.agent(name).state == "talking"]
    return talking


def test_given_a_call_to_the_own_number_then_that_agent_is_rung_and_the_caller_hears_it_ring(team: Stage) -> None:
    caller = team.calls(OWN_NUMBER)
    device = team.rings("anna")
    caller.wait_status(180)
    device.answer()
    device.rtp.say(1700)
    caller.wait_answered()
    caller.rtp.say(1230)
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    caller.bye()
    assert device.wait_ended()
    _counts_one_direct_call(team)


def _counts_one_direct_call(team: Stage) -> None:
    until(lambda: (team.agent("anna").direct_calls, team.agent("anna").handled_contacts) == (1, 0), "counted apart")
    with team.storage() as storage:
        until(lambda: lines_of(storage), "the report line")
        (line,) = lines_of(storage)
        assert (line.outcome, line.agent_id, line.queue_id) == (Outcome.ANSWERED, "anna", None)


def test_given_an_agent_who_calls_out_then_the_own_device_rings_and_then_the_number(
    team: Stage, trunk: SipParty
) -> None:
    team.does(CallNumber("anna", ANNA, OUTSIDE))
    device = team.rings("anna")
    device.answer()
    device.rtp.say(1230)
    device.rtp.hear_pitch(RINGBACK)
    party = _party(trunk)
    party.answer()
    party.rtp.say(1700)
    device.rtp.hear_tone(1700)
    party.rtp.hear_tone(1230)
    device.bye()
    assert party.wait_ended()
    _counts_one_direct_call(team)


def _party(trunk: SipParty) -> Call:
    party = trunk.expect_call()
    assert party.invite is not None
    assert OUTSIDE in party.invite.start and OWN_NUMBER in party.invite.get("From")
    party.ring()
    return party


def test_given_a_queue_that_a_supervisor_closed_then_callers_are_let_go_until_it_is_opened(team: Stage) -> None:
    queue = QueueId("burgerzaken")
    team.does(CloseQueue("sofie", queue))
    assert team.calls().wait_final().status >= 400
    team.does(OpenQueue("sofie", queue))
    team.waits()
    until(lambda: team.queue().waiting == 1, "the caller waits")
