"""How a call ends: causes, the SIP status that carries them, and what the events say."""

from __future__ import annotations

import time

import pytest

from tests.contract.conftest import Floor

KILLED_BEFORE_ANSWER = [
    ("USER_BUSY", 486),
    ("CALL_REJECTED", 603),
    ("NO_ANSWER", 480),
    ("UNALLOCATED_NUMBER", 404),
    ("NO_ROUTE_DESTINATION", 404),
    ("USER_NOT_REGISTERED", 480),
    ("NORMAL_TEMPORARY_FAILURE", 503),
    ("DESTINATION_OUT_OF_ORDER", 502),
    ("RECOVERY_ON_TIMER_EXPIRE", 504),
    ("INCOMPATIBLE_DESTINATION", 488),
    ("SERVICE_UNAVAILABLE", 480),
    ("NORMAL_CLEARING", 480),
    ("ALLOTTED_TIMEOUT", 480),
]


@pytest.mark.parametrize(("cause", "status"), KILLED_BEFORE_ANSWER)
def test_cause_of_a_kill_is_told_to_the_caller_as_a_status(floor: Floor, cause: str, status: int) -> None:
    leg = floor.arrive()
    floor.esl.ok(f"uuid_kill {leg.uuid} {cause}")
    final = leg.call.wait_final()
    assert final.status == status
    ended = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", leg.uuid)
    assert ended["Hangup-Cause"] == cause
    assert ended.variable("hangup_cause") == cause
    assert ended.variable("sip_hangup_disposition") == "send_refuse"


def test_hangup_by_the_caller_is_told_apart_from_ours(floor: Floor) -> None:
    ours, theirs = floor.caller(), floor.caller()
    floor.esl.ok(f"uuid_kill {ours.uuid}")
    theirs.call.bye()
    dispositions = [
        floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", leg.uuid).variable("sip_hangup_disposition")
        for leg in (ours, theirs)
    ]
    assert dispositions == ["send_bye", "recv_bye"]


def test_hangup_while_ringing_is_told_as_a_cancel(floor: Floor) -> None:
    leg = floor.arrive()
    leg.call.cancel()
    ended = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", leg.uuid)
    assert ended["Hangup-Cause"] == "ORIGINATOR_CANCEL"
    assert ended.variable("sip_hangup_disposition") == "recv_cancel"


def test_withdrawn_offer_is_told_as_a_cancel_of_ours(floor: Floor) -> None:
    uuid, _ = floor.dial()
    floor.party.expect_call().ring()
    floor.esl.wait_event("CHANNEL_PROGRESS", uuid)
    floor.esl.ok(f"uuid_kill {uuid} ORIGINATOR_CANCEL")
    ended = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", uuid)
    assert ended.variable("sip_hangup_disposition") == "send_cancel"


def test_seconds_talked_are_told_at_the_end(floor: Floor) -> None:
    leg = floor.caller()
    time.sleep(1.1)
    leg.call.bye()
    ended = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", leg.uuid)
    assert ended.variable("billsec") in ("1", "2")
    assert int(ended.variable("answer_epoch") or 0) > 1_700_000_000


def test_all_calls_end_together(floor: Floor) -> None:
    legs = [floor.caller(), floor.caller()]
    floor.esl.ok("hupall NORMAL_TEMPORARY_FAILURE")
    causes = [floor.esl.wait_event("CHANNEL_HANGUP", leg.uuid)["Hangup-Cause"] for leg in legs]
    assert causes == ["NORMAL_TEMPORARY_FAILURE"] * 2
    assert all(leg.call.wait_ended() for leg in legs)
