"""Calls that the switch makes: how they are dialled, how they end, what the controller hears of it."""

from __future__ import annotations

import time

import pytest

from tests.contract.conftest import Floor
from tests.contract.engines import Engine
from tests.contract.esl import Esl
from tests.contract.sip_peer import SipParty
from tests.contract.sound import G722, PCMA, PCMU


def test_agent_who_answers_waits_in_a_park(floor: Floor) -> None:
    uuid, job = floor.dial()
    call = floor.party.expect_call()
    call.ring()
    floor.esl.wait_event("CHANNEL_PROGRESS", uuid)
    call.answer()
    floor.esl.wait_event("CHANNEL_ANSWER", uuid)
    floor.esl.wait_event("CHANNEL_PARK", uuid)
    assert floor.esl.job_answer(job) == f"+OK {uuid}\n"
    assert call.acknowledged.wait(2)
    assert floor.esl.variable(uuid, "direction") == "outbound"


def test_path_in_a_dial_string_is_where_the_call_goes_and_not_whom_it_is_for(floor: Floor) -> None:
    whom = "+31715550177@sip.pstnhub.microsoft.com"
    dialled = f"sofia/{floor.engine.profile}/sip:{whom};fs_path=sip:{floor.party.address}"
    floor.esl.bgapi(f"originate {{originate_timeout=5}}{dialled} &park()")
    call = floor.party.expect_call()
    assert call.invite is not None
    assert call.invite.start.startswith(f"INVITE sip:{whom} ")
    call.answer()
    floor.esl.wait_event("CHANNEL_PARK")


def test_originate_waits_for_the_answer(floor: Floor) -> None:
    _, job = floor.dial()
    floor.party.expect_call().ring()
    assert not [event for event in floor.esl.collect(0.4) if event.get("Job-UUID") == job]


def test_job_answers_at_early_media_unless_told_to_ignore_it(floor: Floor) -> None:
    uuid, job = floor.dial()
    floor.party.expect_call().progress()
    assert floor.esl.job_answer(job) == f"+OK {uuid}\n"


def test_early_media_is_no_answer_when_ignored(floor: Floor) -> None:
    uuid, job = floor.dial("ignore_early_media=true")
    call = floor.party.expect_call()
    call.progress()
    floor.esl.wait_event("CHANNEL_PROGRESS_MEDIA", uuid)
    assert not [event for event in floor.esl.collect(0.4) if event.get("Job-UUID") == job]
    call.answer()
    assert floor.esl.job_answer(job) == f"+OK {uuid}\n"


def test_caller_id_is_what_the_originate_says(floor: Floor) -> None:
    uuid, _ = floor.dial("origination_caller_id_number=+31715550100,origination_caller_id_name='Gemeente Noordwijk'")
    call = floor.party.expect_call()
    assert call.invite
    assert call.invite.get("From").startswith('"Gemeente Noordwijk" <sip:+31715550100@')
    created = floor.esl.wait_event("CHANNEL_CREATE", uuid)
    assert created["Caller-Caller-ID-Number"] == "+31715550100"
    assert created["Caller-Caller-ID-Name"] == "Gemeente Noordwijk"
    assert created["Call-Direction"] == "outbound"


def test_header_and_variable_are_given_to_the_leg(floor: Floor) -> None:
    uuid, _ = floor.dial("sip_h_X-Contact=17,cx_contact=17,cx_name='two words'")
    call = floor.party.expect_call()
    assert call.invite
    assert call.invite.get("X-Contact") == "17"
    created = floor.esl.wait_event("CHANNEL_CREATE", uuid)
    assert created.variable("cx_contact") == "17"
    assert created.variable("cx_name") == "two words"


def test_variables_may_be_parted_by_another_character(floor: Floor) -> None:
    uuid = floor.esl.api("create_uuid")
    variables = f"{{^^;origination_uuid={uuid};cx_name=Vries,Jan;cx_other=1}}"
    floor.esl.bgapi(f"originate {variables}{floor.engine.dial_string(floor.party)} &park()")
    created = floor.esl.wait_event("CHANNEL_CREATE", uuid)
    assert created.variable("cx_name") == "Vries,Jan"
    assert created.variable("cx_other") == "1"


def test_only_the_named_codec_is_offered(floor: Floor) -> None:
    floor.dial("absolute_codec_string=PCMU")
    offer = floor.party.expect_call().messages[0].sdp if floor.party else None
    assert offer
    assert [number for number in offer.payload_types if number < 96] == [PCMU]


def test_the_codecs_of_the_site_and_digits_are_offered(floor: Floor) -> None:
    floor.dial()
    call = floor.party.expect_call()
    assert call.invite and call.invite.sdp
    assert [number for number in call.invite.sdp.payload_types if number < 96] == [G722, PCMA, PCMU]
    assert call.invite.sdp.digits_payload_type == 101


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, "USER_BUSY"),
        (480, "NO_USER_RESPONSE"),
        (603, "CALL_REJECTED"),
        (404, "UNALLOCATED_NUMBER"),
        (403, "CALL_REJECTED"),
        (408, "RECOVERY_ON_TIMER_EXPIRE"),
        (410, "NUMBER_CHANGED"),
        (488, "INCOMPATIBLE_DESTINATION"),
        (500, "NORMAL_TEMPORARY_FAILURE"),
        (503, "NORMAL_TEMPORARY_FAILURE"),
        (600, "USER_BUSY"),
    ],
)
def test_refusal_by_the_device_is_told_as_a_cause(floor: Floor, status: int, cause: str) -> None:
    uuid, job = floor.dial()
    floor.party.expect_call().reject(status)
    assert floor.esl.job_answer(job) == f"-ERR {cause}\n"
    ended = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", uuid)
    assert ended["Hangup-Cause"] == cause
    assert ended.variable("sip_term_status") == str(status)
    assert ended.variable("sip_invite_failure_status") == str(status)
    assert ended.variable("sip_hangup_disposition") == "recv_refuse"


def test_cause_in_a_reason_header_goes_before_the_status(floor: Floor) -> None:
    _, job = floor.dial()
    floor.party.expect_call().reject(480, headers={"Reason": 'Q.850;cause=19;text="No answer"'})
    assert floor.esl.job_answer(job) == "-ERR NO_ANSWER\n"


def test_unanswered_call_is_taken_back_after_its_time(floor: Floor) -> None:
    uuid, job = floor.dial("originate_timeout=2")
    call = floor.party.expect_call()
    call.ring()
    started = time.monotonic()
    assert call.cancelled.wait(4)
    assert 0.9 < time.monotonic() - started < 2.6, "FreeSWITCH counts whole seconds of the clock"
    assert floor.esl.job_answer(job) == "-ERR NO_ANSWER\n"
    assert floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", uuid)["Hangup-Cause"] == "NO_ANSWER"


def test_call_that_is_killed_while_it_rings_is_cancelled(floor: Floor) -> None:
    uuid, job = floor.dial()
    call = floor.party.expect_call()
    call.ring()
    floor.esl.wait_event("CHANNEL_PROGRESS", uuid)
    floor.esl.ok(f"uuid_kill {uuid} ORIGINATOR_CANCEL")
    assert call.cancelled.wait(2)
    assert floor.esl.job_answer(job) == "-ERR ORIGINATOR_CANCEL\n"
    assert floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", uuid)["Hangup-Cause"] == "ORIGINATOR_CANCEL"


def test_call_is_killed_by_its_uuid_before_any_answer_came(floor: Floor) -> None:
    uuid, job = floor.dial()
    call = floor.party.expect_call()
    floor.esl.ok(f"uuid_kill {uuid} ORIGINATOR_CANCEL")
    assert floor.esl.job_answer(job) == "-ERR ORIGINATOR_CANCEL\n"
    assert call.cancelled.wait(2)


@pytest.mark.parametrize(
    ("dial_string", "cause"),
    [
        ("sofia/nonsense/anna@127.0.0.1", "INVALID_PROFILE"),
        ("sofia/gateway/nonsense/100", "INVALID_GATEWAY"),
        ("nonsense/anna", "CHAN_NOT_IMPLEMENTED"),
        ("error/USER_BUSY", "USER_BUSY"),
    ],
)
def test_impossible_destination_is_refused_at_once(esl: Esl, dial_string: str, cause: str) -> None:
    assert esl.api(f"originate {dial_string} &park()") == f"-ERR {cause}\n"


def test_originate_without_an_end_is_refused_with_its_usage(esl: Esl) -> None:
    answer = esl.api("originate nonsense")
    assert answer.startswith("-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>]")


def test_call_into_the_void_ends_at_its_time(esl: Esl, engine: Engine) -> None:
    answer = esl.api(f"originate {{originate_timeout=1}}sofia/{engine.profile}/anna@127.0.0.1:9 &park()")
    assert answer in ("-ERR NO_ANSWER\n", "-ERR NORMAL_TEMPORARY_FAILURE\n", "-ERR RECOVERY_ON_TIMER_EXPIRE\n")


def test_uri_with_its_scheme_is_dialled_too(floor: Floor) -> None:
    floor.esl.bgapi(f"originate sofia/{floor.engine.profile}/sip:anna@{floor.party.address} &park()")
    call = floor.party.expect_call()
    assert call.invite
    assert call.invite.start == f"INVITE sip:anna@{floor.party.address} SIP/2.0"


def test_gateway_leads_to_the_trunk(floor: Floor, trunk: SipParty) -> None:
    floor.esl.bgapi(f"originate sofia/gateway/{floor.engine.gateway}/+31612345678 &park()")
    call = trunk.expect_call()
    assert call.invite
    assert call.invite.start == f"INVITE sip:+31612345678@{trunk.address} SIP/2.0"
    call.reject(486)


def test_next_destination_is_tried_when_the_first_is_busy(floor: Floor) -> None:
    first, second = (floor.engine.dial_string(floor.party, user) for user in ("anna", "bram"))
    job = floor.esl.bgapi(f"originate {{originate_timeout=5}}{first}|{second} &park()")
    floor.party.expect_call().reject(486)
    call = floor.party.expect_call()
    assert call.invite and "sip:bram@" in call.invite.start
    call.answer()
    assert floor.esl.job_answer(job).startswith("+OK ")


def test_first_to_answer_wins_and_the_other_stops_ringing(floor: Floor) -> None:
    first, second = (floor.engine.dial_string(floor.party, user) for user in ("anna", "bram"))
    job = floor.esl.bgapi(f"originate {{originate_timeout=5}}{first},{second} &park()")
    loser, winner = floor.party.expect_call(), floor.party.expect_call()
    loser.ring()
    winner.answer()
    winner_uuid = floor.esl.job_answer(job).removeprefix("+OK ").strip()
    assert loser.cancelled.wait(2)
    hung_up = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", where={"Hangup-Cause": "LOSE_RACE"})
    assert hung_up.uuid != winner_uuid


def test_answered_call_runs_the_application_that_is_named(floor: Floor) -> None:
    prompt = floor.engine.prompt("long")
    floor.esl.bgapi(f"originate {floor.engine.dial_string(floor.party)} &playback({prompt})")
    call = floor.party.expect_call()
    call.answer()
    assert call.rtp.hear_tone(400).tones == {400}


def test_answered_call_runs_the_extension_that_is_named(floor: Floor) -> None:
    uuid = floor.esl.api("create_uuid")
    variables = f"{{origination_uuid={uuid}}}"
    floor.esl.bgapi(f"originate {variables}{floor.engine.dial_string(floor.party)} overflow XML overflow")
    floor.party.expect_call().answer()
    floor.esl.wait_event("CHANNEL_EXECUTE", uuid, {"Application": "playback"})


def test_leg_of_a_chosen_uuid_that_lives_already_is_refused(floor: Floor) -> None:
    agent = floor.agent()
    string = floor.engine.dial_string(floor.party)
    answer = floor.esl.api(f"originate {{origination_uuid={agent.uuid}}}{string} &park()")
    assert answer == "-ERR DESTINATION_OUT_OF_ORDER\n"
    assert floor.party.expect_no_call(0.3)


def test_device_over_ipv6_is_called(engine: Engine, esl: Esl) -> None:
    phone = SipParty(engine.sip_address_ipv6, "::1")
    uuid = esl.api("create_uuid")
    profile = f"{engine.profile}6"
    job = esl.bgapi(f"originate {{origination_uuid={uuid}}}sofia/{profile}/anna@{phone.address} &echo()")
    call = phone.expect_call()
    call.answer()
    assert esl.job_answer(job) == f"+OK {uuid}\n"
    call.rtp.say(1230)
    assert call.rtp.hear_tone(1230).tones == {1230}
    phone.close()
