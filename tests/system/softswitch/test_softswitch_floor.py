"""What people hear and do during a call: bridges, hold, recording, listening in, questions, orders in their order."""

from __future__ import annotations

import time
import wave
from pathlib import Path

import pytest

from tests.system.softswitch.conftest import Floor, Party
from tests.system.softswitch.esl_client import NothingCame

pytestmark = pytest.mark.system


def accept_reinvite(party: Party, direction: str) -> str:
    """The phone agrees to a re-INVITE; returns the description that it got."""
    offer = party.phone.expect_request("INVITE")
    party.phone.respond(offer, 200, "OK", party.phone.sdp(direction))
    party.phone.expect_request("ACK")
    return offer.body


def test_given_two_parties_when_bridged_then_each_event_names_both(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    assert floor.esl.api(f"uuid_bridge {caller.uuid} {agent.uuid}") == f"+OK {agent.uuid}\n"
    bridged = floor.esl.wait("CHANNEL_BRIDGE", caller.uuid)
    assert (bridged["Bridge-A-Unique-ID"], bridged["Bridge-B-Unique-ID"]) == (caller.uuid, agent.uuid)
    assert bridged["Other-Leg-Unique-ID"] == agent.uuid
    assert floor.esl.api(f"uuid_getvar {agent.uuid} bridge_uuid") == caller.uuid
    assert floor.esl.api(f"uuid_getvar {agent.uuid} signal_bond") == caller.uuid


def test_given_a_bridge_when_a_key_is_pressed_then_the_other_side_gets_it(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.bridge(caller, agent)
    with caller.phone.talking(caller.sdp), agent.phone.talking(agent.sdp):
        time.sleep(0.2)
        caller.phone.press(caller.sdp, "5")
        assert floor.esl.wait("DTMF", caller.uuid)["DTMF-Digit"] == "5"
        assert key_packet(agent) == 5


def key_packet(party: Party, seconds: float = 2.0) -> int | None:
    """The first RFC 4733 event that the phone gets."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        party.phone.rtp.settimeout(left)
        packet = party.phone.rtp.recv(2048)
        if packet[1] & 0x7F == 101:
            return packet[12]
    return None


def test_given_a_bridge_when_the_agent_ends_then_the_caller_is_parked_if_it_should_be(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.esl.api(f"uuid_setvar {caller.uuid} park_after_bridge true")
    floor.bridge(caller, agent)
    agent.phone.bye()
    floor.esl.wait("CHANNEL_UNBRIDGE", caller.uuid)
    assert floor.esl.wait("CHANNEL_PARK", caller.uuid)["Channel-State"] == "CS_PARK"


def test_given_a_bridge_when_the_caller_ends_then_the_agent_is_parked_if_it_should_be(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.esl.api(f"uuid_setvar {agent.uuid} park_after_bridge true")
    floor.bridge(caller, agent)
    caller.phone.bye()
    assert floor.esl.wait("CHANNEL_PARK", agent.uuid)["Channel-State"] == "CS_PARK"


def test_given_a_bridge_when_one_side_ends_then_the_other_ends_too(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.bridge(caller, agent)
    caller.phone.bye()
    assert agent.phone.expect_request("BYE")
    assert floor.esl.wait("CHANNEL_HANGUP", agent.uuid)["Hangup-Cause"] == "NORMAL_CLEARING"


def test_given_a_bridge_when_the_caller_is_bridged_elsewhere_then_the_first_agent_stays_if_parked(floor: Floor) -> None:
    caller, first, second = floor.caller(), floor.agent(), floor.agent()
    floor.esl.api(f"uuid_setvar {first.uuid} park_after_bridge true")
    floor.bridge(caller, first)
    floor.bridge(caller, second)
    floor.esl.wait("CHANNEL_PARK", first.uuid)
    assert floor.esl.api(f"uuid_getvar {caller.uuid} bridge_uuid") == second.uuid


def test_given_a_bridge_when_a_leg_is_transferred_inline_then_it_runs_the_applications(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.bridge(caller, agent)
    order = f"uuid_transfer {caller.uuid} 'set:cx_step=done,park:' inline"
    assert floor.esl.api(order) == "+OK\n"
    assert floor.esl.wait("CHANNEL_PARK", caller.uuid)["variable_cx_step"] == "done"


def test_given_a_bridge_when_the_agent_holds_by_order_then_the_caller_hears_music(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.bridge(caller, agent)
    with caller.phone.talking(caller.sdp):
        assert not caller.phone.hears(0.4)
        assert floor.esl.api(f"uuid_hold {agent.uuid}") == "+OK Success\n"
        assert "a=sendonly" in accept_reinvite(agent, "recvonly")
        assert floor.esl.wait("CHANNEL_HOLD", agent.uuid)
        assert floor.esl.wait("PLAYBACK_START", caller.uuid)["Playback-File-Path"].startswith("local_stream://")
        assert caller.phone.hears(1.0)
        floor.esl.send(f"api uuid_hold off {agent.uuid}\n\n")
        assert "a=sendrecv" in accept_reinvite(agent, "sendrecv")
        floor.esl.wait("CHANNEL_UNHOLD", agent.uuid)
        assert floor.esl.next_reply().body == b"+OK Success\n"
    assert floor.esl.api(f"uuid_hold off {agent.uuid}") != "+OK Success\n"


def test_given_a_hold_that_crosses_with_theirs_then_it_is_sent_again(floor: Floor) -> None:
    agent = floor.agent()
    floor.esl.api(f"uuid_hold {agent.uuid}")
    offer = agent.phone.expect_request("INVITE")
    agent.phone.respond(offer, 491, "Request Pending")
    agent.phone.expect_request("ACK")
    assert "a=sendonly" in accept_reinvite(agent, "recvonly")


def test_given_a_phone_that_forgot_the_call_when_held_then_the_leg_ends(floor: Floor) -> None:
    agent = floor.agent()
    floor.esl.api(f"uuid_hold {agent.uuid}")
    agent.phone.respond(agent.phone.expect_request("INVITE"), 481, "Call Does Not Exist")
    floor.esl.wait("CHANNEL_HANGUP", agent.uuid)


def test_given_a_caller_on_hold_when_the_agent_hangs_up_then_the_music_does_not_play_for_ever(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.bridge(caller, agent)
    agent.phone.request("INVITE", agent.phone.sdp("sendonly"))
    agent.phone.ack(agent.phone.expect(200, method="INVITE"))
    floor.esl.wait("PLAYBACK_START", caller.uuid)
    agent.phone.bye()
    floor.esl.wait("CHANNEL_UNHOLD", agent.uuid)
    floor.esl.wait("CHANNEL_HANGUP", caller.uuid)
    assert caller.phone.expect_request("BYE")


def test_given_a_call_when_recorded_in_stereo_then_the_file_has_two_sides(floor: Floor, tmp_path: Path) -> None:
    caller = floor.caller()
    path = tmp_path / "calls" / "one.wav"
    floor.esl.api(f"uuid_setvar {caller.uuid} RECORD_STEREO true")
    with caller.phone.talking(caller.sdp):
        assert floor.esl.api(f"uuid_record {caller.uuid} start {path}") == "+OK Success\n"
        assert floor.esl.wait("RECORD_START", caller.uuid)["Record-File-Path"] == str(path)
        time.sleep(0.5)
        assert floor.esl.api(f"uuid_record {caller.uuid} mask {path}") == "+OK Success\n"
        assert floor.esl.api(f"uuid_record {caller.uuid} unmask {path}") == "+OK Success\n"
        assert floor.esl.api(f"uuid_record {caller.uuid} stop {path}") == "+OK Success\n"
    assert floor.esl.wait("RECORD_STOP", caller.uuid)["Record-File-Path"] == str(path)
    time.sleep(0.3)
    with wave.open(str(path)) as sound:
        assert sound.getnchannels() == 2
        assert sound.getnframes() > 2000


def test_given_a_recording_when_the_leg_ends_then_its_end_is_told(floor: Floor, tmp_path: Path) -> None:
    caller = floor.caller()
    floor.esl.api(f"uuid_record {caller.uuid} start {tmp_path / 'two.wav'}")
    floor.esl.api(f"uuid_kill {caller.uuid}")
    floor.esl.wait("RECORD_STOP", caller.uuid)
    floor.esl.wait("CHANNEL_HANGUP_COMPLETE", caller.uuid)


def test_given_a_conversation_when_a_supervisor_listens_then_keys_choose_who_hears_the_supervisor(floor: Floor) -> None:
    caller, agent, supervisor = floor.caller(), floor.agent(), floor.agent()
    floor.bridge(caller, agent)
    with caller.phone.talking(caller.sdp), agent.phone.talking(agent.sdp), supervisor.phone.talking(supervisor.sdp):
        floor.esl.execute(supervisor.uuid, "eavesdrop", agent.uuid)
        floor.esl.wait("CHANNEL_EXECUTE", supervisor.uuid, Application="eavesdrop")
        for key in "1230":
            supervisor.phone.press(supervisor.sdp, key)
            floor.esl.wait("DTMF", supervisor.uuid, DTMF_Digit=key)
        supervisor.phone.press(supervisor.sdp, "*")
        floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", supervisor.uuid, Application="eavesdrop")
    assert floor.esl.api(f"uuid_exists {agent.uuid}") == "true"


def test_given_a_listener_when_the_conversation_ends_then_listening_ends(floor: Floor) -> None:
    caller, supervisor = floor.caller(), floor.agent()
    floor.esl.execute(supervisor.uuid, "eavesdrop", caller.uuid)
    floor.esl.wait("CHANNEL_EXECUTE", supervisor.uuid, Application="eavesdrop")
    caller.phone.bye()
    floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", supervisor.uuid, Application="eavesdrop")


@pytest.mark.parametrize(("keys", "result"), [("1", "1"), ("12", "1"), ("9", "_undef_"), ("", "_undef_")])
def test_given_a_question_when_keys_are_pressed_then_the_first_valid_ones_count(
    floor: Floor, keys: str, result: str
) -> None:
    caller = floor.caller()
    question = f"1 1 1 1000 # {floor.tone(0.2)} silence_stream://10 digits_menu ^[123]$ 1000"
    floor.esl.execute(caller.uuid, "play_and_get_digits", question, Event_UUID="question-1")
    floor.esl.wait("PLAYBACK_START", caller.uuid)
    if keys:
        floor.esl.api(f"uuid_recv_dtmf {caller.uuid} {keys}")
    done = floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", caller.uuid, Application_UUID="question-1")
    assert done.headers.get("variable_digits_menu", "_undef_") == result
    if keys == "9":
        assert done["variable_digits_menu_invalid"] == "9"


def test_given_a_question_of_several_digits_then_the_terminator_ends_it(floor: Floor) -> None:
    caller = floor.caller()
    question = f"1 8 1 3000 # {floor.tone(0.2)} silence_stream://10 digits_pin"
    floor.esl.execute(caller.uuid, "play_and_get_digits", question, Event_UUID="question-2")
    floor.esl.wait("PLAYBACK_START", caller.uuid)
    floor.esl.api(f"uuid_recv_dtmf {caller.uuid} 1234#")
    done = floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", caller.uuid, Application_UUID="question-2")
    assert done["variable_digits_pin"] == "1234"
    assert done["variable_read_terminator_used"] == "#"
    assert done["variable_read_result"] == "success"


def test_given_several_locked_orders_then_they_run_one_after_the_other(floor: Floor) -> None:
    caller = floor.caller()
    for number in ("1", "2", "3"):
        floor.esl.execute(caller.uuid, "playback", floor.tone(0.2), Event_UUID=number, event_lock="true")
    for number in ("1", "2", "3"):
        floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", caller.uuid, Application_UUID=number)
    order = [
        (event.name, event["Application-UUID"])
        for event in floor.esl.seen
        if event.name.startswith("CHANNEL_EXECUTE") and event["Application-UUID"] in "123"
    ]
    assert order == [(name, n) for n in "123" for name in ("CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE")]


def test_given_more_orders_inside_one_another_than_sense_then_the_switch_goes_on(floor: Floor) -> None:
    caller = floor.caller()
    for _ in range(30):
        floor.esl.execute(caller.uuid, "playback", "local_stream://default")
    assert floor.esl.api("status").startswith("UP ")
    assert floor.esl.api(f"uuid_kill {caller.uuid}") == "+OK\n"
    floor.esl.wait("CHANNEL_DESTROY", caller.uuid)


def test_given_music_when_an_unlocked_prompt_is_ordered_then_the_music_goes_on_after_it(floor: Floor) -> None:
    caller = floor.caller()
    with caller.phone.talking(caller.sdp):
        floor.esl.execute(caller.uuid, "playback", "local_stream://default", Event_UUID="music")
        floor.esl.wait("PLAYBACK_START", caller.uuid)
        floor.esl.execute(caller.uuid, "playback", floor.tone(0.2), Event_UUID="prompt")
        floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", caller.uuid, Application_UUID="prompt")
        assert caller.phone.hears(0.5)
        assert floor.esl.api(f"uuid_break {caller.uuid} all") == "+OK\n"
    ended = floor.esl.wait("PLAYBACK_STOP", caller.uuid, Playback_File_Path="local_stream://default")
    assert ended["Playback-Status"] == "break"


def test_given_music_when_broken_then_what_waits_is_dropped_only_with_all(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.api(f"uuid_broadcast {caller.uuid} local_stream://default aleg")
    floor.esl.wait("PLAYBACK_START", caller.uuid)
    floor.esl.api(f"uuid_broadcast {caller.uuid} {floor.tone(0.2)} aleg")
    floor.esl.api(f"uuid_break {caller.uuid} all")
    floor.esl.wait("PLAYBACK_STOP", caller.uuid, Playback_Status="break")
    with pytest.raises(NothingCame):
        floor.esl.wait("PLAYBACK_START", caller.uuid, limit=0.4)


def test_given_a_file_that_is_not_there_then_the_response_says_so(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.execute(caller.uuid, "playback", "/nowhere/at-all.wav")
    done = floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", caller.uuid, Application="playback")
    assert done["Application-Response"] == "FILE NOT FOUND"


def test_given_an_application_that_does_not_exist_then_the_leg_ends_as_on_freeswitch(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.execute(caller.uuid, "make_coffee")
    assert floor.esl.wait("CHANNEL_HANGUP", caller.uuid)["Hangup-Cause"] == "DESTINATION_OUT_OF_ORDER"


def test_given_live_legs_then_show_and_dump_tell_what_recovery_needs(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.api(f"uuid_setvar_multi {caller.uuid} cx_queue=bz;cx_since=2026")
    assert caller.uuid in floor.esl.api("show channels as json")
    dump = floor.esl.api(f"uuid_dump {caller.uuid}")
    assert f"Unique-ID: {caller.uuid}\n" in dump
    assert "variable_cx_queue: bz\n" in dump
    assert '"variable_cx_since":"2026"' in floor.esl.api(f"uuid_dump {caller.uuid} json")


def test_given_a_leg_that_is_killed_at_a_set_time_then_it_ends_then(floor: Floor) -> None:
    caller = floor.caller()
    assert floor.esl.api(f"sched_hangup +1 {caller.uuid} ALLOTTED_TIMEOUT") == "+OK\n"
    assert floor.esl.wait("CHANNEL_HANGUP", caller.uuid, limit=3)["Hangup-Cause"] == "ALLOTTED_TIMEOUT"
