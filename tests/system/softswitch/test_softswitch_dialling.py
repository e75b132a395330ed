"""Calls that we make: whom they reach, how they fail, and how they are withdrawn."""

from __future__ import annotations

import time

import pytest

from tests.system.softswitch.conftest import Floor
from tests.system.softswitch.sip_phone import NothingCame

pytestmark = pytest.mark.system


def test_given_variables_then_they_are_on_the_leg_and_in_the_invite(floor: Floor) -> None:
    uuid, phone, _ = floor.dial(
        "origination_caller_id_number=0715550100,origination_caller_id_name='Gemeente Noordwijk',"
        "sip_h_X-Queue=bz,cx_role=agent"
    )
    invite = phone.take_call()
    assert 'Gemeente Noordwijk" <sip:0715550100@' in invite.get("From")
    assert invite.get("X-Queue") == "bz"
    assert any(line.startswith("X-Queue:") for line in invite.lines)
    created = floor.esl.wait("CHANNEL_CREATE", uuid)
    assert created["variable_cx_role"] == "agent"
    assert created["Caller-Caller-ID-Number"] == "0715550100"


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a%0AX-Evil: 1", "é" * 300, "a\u2028X-Evil: 1"])
def test_given_a_strange_caller_name_then_the_invite_stays_whole(floor: Floor, name: str) -> None:
    _, phone, _ = floor.dial(f"origination_caller_id_name='{name}',origination_caller_id_number=0715550100")
    invite = phone.take_call()
    assert not invite.get("X-Evil")
    assert "<sip:0715550100@" in invite.get("From")


@pytest.mark.parametrize(
    ("status", "cause"),
    [(486, "USER_BUSY"), (480, "NO_USER_RESPONSE"), (404, "UNALLOCATED_NUMBER"), (603, "CALL_REJECTED"),
     (408, "RECOVERY_ON_TIMER_EXPIRE"), (503, "NORMAL_TEMPORARY_FAILURE"), (488, "INCOMPATIBLE_DESTINATION")],
)  # fmt: skip
def test_given_a_refusal_then_its_status_decides_the_cause(floor: Floor, status: int, cause: str) -> None:
    uuid, phone, job = floor.dial()
    phone.respond(phone.take_call(), status, "No")
    phone.expect_request("ACK")
    assert floor.esl.answer_of(job) == f"-ERR {cause}\n"
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", uuid)
    assert ended["variable_sip_term_status"] == str(status)
    assert ended["variable_sip_invite_failure_status"] == str(status)


def test_given_no_answer_when_the_time_is_up_then_the_call_is_withdrawn(floor: Floor) -> None:
    uuid, phone, job = floor.dial("originate_timeout=1")
    invite = phone.take_call()
    phone.respond(invite, 180, "Ringing")
    cancel = phone.expect_request("CANCEL", limit=3)
    phone.respond(cancel, 200, "OK")
    phone.respond(invite, 487, "Request Terminated")
    assert floor.esl.answer_of(job) == "-ERR NO_ANSWER\n"
    assert floor.esl.wait("CHANNEL_HANGUP", uuid)["Hangup-Cause"] == "NO_ANSWER"


def test_given_a_dead_peer_when_the_time_is_up_then_the_order_fails(floor: Floor) -> None:
    uuid, _, job = floor.dial("originate_timeout=1")
    assert floor.esl.answer_of(job, limit=4) == "-ERR NO_ANSWER\n"
    floor.esl.wait("CHANNEL_DESTROY", uuid)


def test_given_a_ringing_phone_when_the_leg_is_killed_then_the_call_is_withdrawn(floor: Floor) -> None:
    uuid, phone, job = floor.dial()
    invite = phone.take_call()
    phone.respond(invite, 180, "Ringing")
    floor.esl.wait("CHANNEL_PROGRESS", uuid)
    floor.esl.api(f"uuid_kill {uuid} ORIGINATOR_CANCEL")
    phone.respond(phone.expect_request("CANCEL"), 200, "OK")
    phone.respond(invite, 487, "Request Terminated")
    assert floor.esl.answer_of(job) == "-ERR ORIGINATOR_CANCEL\n"


def test_given_a_withdrawn_call_when_the_answer_crosses_then_it_is_ended_at_once(floor: Floor) -> None:
    uuid, phone, _ = floor.dial()
    invite = phone.take_call()
    phone.respond(invite, 180, "Ringing")
    floor.esl.wait("CHANNEL_PROGRESS", uuid)
    floor.esl.api(f"uuid_kill {uuid}")
    phone.expect_request("CANCEL")
    phone.respond(invite, 200, "OK", phone.sdp())
    phone.expect_request("BYE")


def test_given_a_leg_killed_before_any_answer_then_the_cancel_waits_for_one(floor: Floor) -> None:
    uuid, phone, _ = floor.dial()
    invite = phone.take_call()
    floor.esl.api(f"uuid_kill {uuid}")
    with pytest.raises(NothingCame):
        phone.expect_request("CANCEL", limit=0.3)
    phone.respond(invite, 180, "Ringing")
    phone.expect_request("CANCEL")


def test_given_two_phones_at_once_when_one_answers_then_the_other_is_withdrawn(floor: Floor) -> None:
    first, second = floor.phone(), floor.phone()
    job = floor.esl.bgapi(f"originate sofia/cx/a@{first.address},sofia/cx/b@{second.address} &park()")
    ringing, answering = first.take_call(), second.take_call()
    first.respond(ringing, 180, "Ringing")
    floor.esl.wait("CHANNEL_PROGRESS")
    second.answer(answering)
    cancel = first.expect_request("CANCEL")
    first.respond(cancel, 200, "OK")
    assert floor.esl.answer_of(job).startswith("+OK ")
    assert floor.esl.wait("CHANNEL_HANGUP")["Hangup-Cause"] == "LOSE_RACE"


def test_given_a_second_choice_when_the_first_is_busy_then_it_is_dialled(floor: Floor) -> None:
    first, second = floor.phone(), floor.phone()
    job = floor.esl.bgapi(f"originate sofia/cx/a@{first.address}|sofia/cx/b@{second.address} &park()")
    first.respond(first.take_call(), 486, "Busy Here")
    second.answer(second.take_call())
    assert floor.esl.answer_of(job).startswith("+OK ")


def test_given_early_media_that_is_not_ignored_then_the_order_is_done_before_the_answer(floor: Floor) -> None:
    uuid, phone, job = floor.dial()
    invite = phone.take_call()
    phone.respond(invite, 183, "Session Progress", phone.sdp())
    assert floor.esl.answer_of(job) == f"+OK {uuid}\n"
    assert floor.esl.wait("CHANNEL_PARK", uuid)["Answer-State"] == "early"


def test_given_early_media_that_is_ignored_then_the_order_waits_for_the_answer(floor: Floor) -> None:
    uuid, phone, job = floor.dial("ignore_early_media=true")
    invite = phone.take_call()
    phone.respond(invite, 183, "Session Progress", phone.sdp())
    floor.esl.wait("CHANNEL_PROGRESS_MEDIA", uuid)
    with pytest.raises(Exception, match="no job"):
        floor.esl.answer_of(job, limit=0.3)
    phone.answer(invite)
    assert floor.esl.answer_of(job) == f"+OK {uuid}\n"


@pytest.mark.parametrize(
    ("dial_string", "cause"),
    [("sofia/gateway/nowhere/1", "INVALID_GATEWAY"), ("sofia/cx/", "INVALID_URL"),
     ("user/1000", "CHAN_NOT_IMPLEMENTED"), ("sofia/other/a@127.0.0.1", "INVALID_PROFILE"),
     ("error/USER_BUSY", "USER_BUSY")],
)  # fmt: skip
def test_given_a_destination_that_cannot_be_then_it_is_refused_at_once(
    floor: Floor, dial_string: str, cause: str
) -> None:
    assert floor.esl.api(f"originate {dial_string} &park()") == f"-ERR {cause}\n"


def test_given_a_dead_proxy_when_the_call_is_withdrawn_then_nothing_keeps_ringing(floor: Floor) -> None:
    uuid, phone, job = floor.dial("originate_timeout=1")
    phone.take_call()
    assert floor.esl.answer_of(job, limit=4) == "-ERR NO_ANSWER\n"
    time.sleep(0.2)
    assert floor.esl.api(f"uuid_exists {uuid}") == "false"
