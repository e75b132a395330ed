"""Who hears whom when legs are bridged, parted, transferred and bridged again."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Floor, Leg
from tests.contract.engines import HOLD_MUSIC_HERTZ, STREAM
from tests.contract.sip_peer import wait_until


def test_caller_and_agent_hear_each_other_once_bridged(floor: Floor) -> None:
    caller, agent = floor.talking()
    assert agent.rtp.hear_tone(1230).tones == {1230}
    assert caller.rtp.hear_tone(1700).tones == {1700}


def test_bridge_is_told_with_both_legs(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    assert floor.esl.api(f"uuid_bridge {caller.uuid} {agent.uuid}") == f"+OK {agent.uuid}\n"
    event = floor.esl.wait_event("CHANNEL_BRIDGE")
    assert {event["Bridge-A-Unique-ID"], event["Bridge-B-Unique-ID"]} == {caller.uuid, agent.uuid}
    assert event.uuid == event["Bridge-A-Unique-ID"] == caller.uuid
    assert event["Other-Leg-Unique-ID"] == agent.uuid


def test_legs_that_are_bridged_already_stay_so_when_bridged_again(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    for leg in (caller, agent):
        floor.esl.ok(f"uuid_setvar {leg.uuid} park_after_bridge true")
    for _ in range(2):
        floor.bridge(caller, agent)
        assert caller.rtp.hear_tone(1700).tones == {1700}
        assert agent.rtp.hear_tone(1230).tones == {1230}


def test_bridged_legs_name_each_other(floor: Floor) -> None:
    caller, agent = floor.talking()
    assert floor.esl.variable(caller.uuid, "bridge_uuid") == agent.uuid
    assert floor.esl.variable(agent.uuid, "bridge_uuid") == caller.uuid
    assert floor.esl.variable(caller.uuid, "signal_bond") == agent.uuid
    assert floor.esl.variable(caller.uuid, "last_bridge_to") == agent.uuid


def test_playing_stops_when_the_bridge_begins(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.esl.execute(caller.uuid, "playback", f"local_stream://{STREAM}")
    caller.rtp.hear_among(HOLD_MUSIC_HERTZ[0])
    floor.bridge(caller, agent)
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert agent.rtp.hear_tone(1230).tones == {1230}


def test_unanswered_legs_are_not_bridged(floor: Floor) -> None:
    one, two = floor.arrive(), floor.arrive()
    assert floor.esl.api(f"uuid_bridge {one.uuid} {two.uuid}").startswith("-ERR")


@pytest.mark.parametrize("leaves", ["caller", "agent"])
def test_both_legs_end_when_one_hangs_up(floor: Floor, leaves: str) -> None:
    caller, agent = floor.talking()
    leaver, stayer = (caller, agent) if leaves == "caller" else (agent, caller)
    leaver.call.bye()
    assert stayer.call.wait_ended(3)
    assert floor.esl.wait_event("CHANNEL_HANGUP", stayer.uuid)["Hangup-Cause"] == "NORMAL_CLEARING"


def test_caller_stays_when_the_agent_hangs_up_where_that_is_set(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.esl.ok(f"uuid_setvar {caller.uuid} park_after_bridge true")
    floor.bridge(caller, agent)
    agent.rtp.hear_tone(1230)
    agent.call.bye()
    unbridged = floor.esl.wait_event("CHANNEL_UNBRIDGE")
    assert unbridged.uuid == caller.uuid
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    assert floor.esl.api(f"uuid_exists {caller.uuid}") == "true"


def test_agent_stays_when_the_caller_hangs_up_where_that_is_set(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.esl.ok(f"uuid_setvar {agent.uuid} park_after_bridge true")
    floor.bridge(caller, agent)
    caller.call.bye()
    floor.esl.wait_event("CHANNEL_PARK", agent.uuid)
    assert floor.esl.api(f"uuid_exists {agent.uuid}") == "true"


def test_caller_who_stayed_is_bridged_to_the_next_agent(floor: Floor) -> None:
    caller, first = floor.caller(), floor.agent(1500)
    floor.esl.ok(f"uuid_setvar {caller.uuid} park_after_bridge true")
    floor.bridge(caller, first)
    first.call.bye()
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    second = floor.agent(1900)
    floor.bridge(caller, second)
    assert caller.rtp.hear_tone(1900).tones == {1900}
    assert second.rtp.hear_tone(1230).tones == {1230}


def test_both_legs_stay_when_the_switch_parts_them(floor: Floor) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    answer = floor.esl.api(f"uuid_transfer {caller.uuid} -both park inline")
    assert answer == "+OK\n"
    for leg in (caller, agent):
        floor.esl.wait_event("CHANNEL_PARK", leg.uuid)
    assert agent.rtp.wait_silence()
    assert caller.rtp.wait_silence()
    floor.bridge(caller, agent)
    assert agent.rtp.hear_tone(1230).tones == {1230}


def test_parted_caller_hears_music_and_can_be_bridged_again(floor: Floor) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    floor.esl.ok(f"uuid_transfer {caller.uuid} -both park inline")
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    floor.esl.execute(caller.uuid, "playback", f"local_stream://{STREAM}")
    assert not caller.rtp.hear_among(HOLD_MUSIC_HERTZ[0]).silent
    floor.bridge(caller, agent)
    assert caller.rtp.hear_tone(1700).tones == {1700}


def test_parting_is_told_of_one_leg_or_of_both(floor: Floor) -> None:
    """FreeSWITCH tells it of the other leg too when that one's thread is first (`switch_ivr_bridge.c`)."""
    caller, agent = floor.talking()
    floor.esl.ok(f"uuid_transfer {caller.uuid} -both park inline")
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    floor.esl.collect(0.3)
    assert floor.esl.names(caller.uuid, ("CHANNEL_UNBRIDGE",)) == ["CHANNEL_UNBRIDGE"]
    assert len(floor.esl.names(agent.uuid, ("CHANNEL_UNBRIDGE",))) <= 1


def test_other_leg_is_transferred_by_itself(floor: Floor) -> None:
    caller, agent = floor.talking()
    floor.esl.ok(f"uuid_setvar {caller.uuid} park_after_bridge true")
    floor.esl.ok(f"uuid_transfer {caller.uuid} -bleg playback:{floor.engine.prompt('long')} inline")
    assert agent.rtp.hear_tone(400).tones == {400}
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)


def test_leg_is_parked_out_of_its_bridge(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.esl.ok(f"uuid_setvar {agent.uuid} park_after_bridge true")
    floor.bridge(caller, agent)
    agent.rtp.hear_tone(1230)
    assert floor.esl.api(f"uuid_park {caller.uuid}") == "+OK\n"
    for leg in (caller, agent):
        floor.esl.wait_event("CHANNEL_PARK", leg.uuid)


def test_leg_is_transferred_to_an_application_in_line(floor: Floor) -> None:
    caller = floor.caller()
    answer = floor.esl.api(f"uuid_transfer {caller.uuid} 'playback:{floor.engine.prompt('first')},park' inline")
    assert answer == "+OK\n"
    assert caller.rtp.hear_tone(630).tones == {630}
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)


def test_leg_runs_a_list_whose_parts_hold_commas(floor: Floor) -> None:
    """How the core plays: name the order, prompts, endless music, and a park should the music fail."""
    caller = floor.caller()
    prompts = "!".join(floor.engine.prompt(name) for name in ("first", "second"))
    applications = [
        "multiset:^^;playback_terminators=none;playback_delimiter=!;playback_sleep_val=0",
        "multiset:^^;cx_text=a, b;app_uuid=order-17",
        f"playback:{prompts}",
        f"endless_playback:local_stream://{STREAM}",
        "park",
    ]
    floor.esl.ok(f"uuid_transfer {caller.uuid} 'm:|:{'|'.join(applications)}' inline")
    complete = floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", caller.uuid, {"Application-UUID": "order-17"})
    assert complete["Application"] == "playback"
    assert complete["Application-Response"] == "FILE PLAYED"
    assert complete.variable("cx_text") == "a, b"
    assert not caller.rtp.hear_among(HOLD_MUSIC_HERTZ[0]).silent


def test_list_that_is_cut_short_by_the_next_says_so(floor: Floor) -> None:
    caller = floor.caller()
    for order in ("one", "two"):
        applications = f"multiset:^^;app_uuid={order}|playback:{floor.engine.prompt('long')}|park"
        floor.esl.ok(f"uuid_transfer {caller.uuid} 'm:|:{applications}' inline")
        floor.esl.wait_event("CHANNEL_EXECUTE", caller.uuid, {"Application-UUID": order})
    floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", caller.uuid, {"Application-UUID": "one"})
    assert caller.rtp.hear_tone(400).tones == {400}


def test_leg_may_be_transferred_as_often_as_its_variable_says(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.ok(f"uuid_setvar {caller.uuid} max_session_transfers 1000")
    for _ in range(90):
        floor.esl.ok(f"uuid_transfer {caller.uuid} park inline")
        floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    assert floor.esl.api(f"uuid_exists {caller.uuid}") == "true"


def test_parked_leg_sends_silence_where_that_is_set(floor: Floor) -> None:
    leg = floor.arrive()
    floor.esl.ok(f"uuid_setvar {leg.uuid} send_silence_when_idle -1")
    floor.esl.ok(f"uuid_transfer {leg.uuid} 'answer,park' inline")
    leg.call.wait_answered()
    leg.rtp.hear(0.3)
    heard = leg.rtp.hear(0.5)
    assert heard.packets > 15
    assert heard.silent


def test_leg_is_transferred_to_an_extension(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.ok(f"uuid_transfer {caller.uuid} 100 XML public")
    parked = floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    assert parked["Caller-Destination-Number"] == "100"


def test_transfer_application_goes_to_an_extension(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.execute(caller.uuid, "transfer", "100 XML public")
    assert floor.esl.wait_event("CHANNEL_PARK", caller.uuid)["Caller-Destination-Number"] == "100"


def test_scheduled_transfer_comes_at_its_time(floor: Floor) -> None:
    caller = floor.caller()
    answer = floor.esl.api(f"sched_transfer +1 {caller.uuid} 100 XML public")
    assert answer == "+OK\n"
    assert floor.esl.wait_event("CHANNEL_PARK", caller.uuid)["Caller-Destination-Number"] == "100"


def test_scheduled_transfer_is_taken_back_by_its_leg(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.run(caller.uuid, "sched_transfer", "+1 100 XML public")
    assert floor.esl.ok(f"sched_del {caller.uuid}") == "Deleted: 1"
    assert not [event for event in floor.esl.collect(1.7) if event.name == "CHANNEL_PARK"]


def test_scheduled_hangup_application_ends_the_leg(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.run(caller.uuid, "sched_hangup", "+1 ALLOTTED_TIMEOUT")
    assert floor.esl.wait_event("CHANNEL_HANGUP", caller.uuid)["Hangup-Cause"] == "ALLOTTED_TIMEOUT"


def test_bridge_application_calls_and_connects(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.execute(caller.uuid, "bridge", floor.engine.dial_string(floor.party))
    call = floor.party.expect_call()
    call.answer()
    call.rtp.say(1700)
    floor.esl.wait_event("CHANNEL_BRIDGE", caller.uuid)
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert call.rtp.hear_tone(1230).tones == {1230}


def test_refused_bridge_application_leaves_the_cause(floor: Floor) -> None:
    caller = floor.caller()
    floor.esl.run(caller.uuid, "set", "continue_on_fail=true")
    marker = floor.esl.execute(caller.uuid, "bridge", floor.engine.dial_string(floor.party))
    floor.party.expect_call().reject(486)
    complete = floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", caller.uuid, {"Application-UUID": marker})
    assert complete.variable("originate_disposition") == "USER_BUSY"


@pytest.mark.parametrize("who", ["caller", "agent"])
def test_party_that_falls_silent_is_heard_as_silence(floor: Floor, who: str) -> None:
    caller, agent = floor.talking()
    speaker, listener = (caller, agent) if who == "caller" else (agent, caller)
    listener.rtp.hear_tone(1230 if who == "caller" else 1700)
    speaker.rtp.say(None)
    assert listener.rtp.wait_silence()


def test_quality_of_the_sound_is_told_at_the_end(floor: Floor) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear(1.0)
    caller.call.bye()
    ended = floor.esl.wait_event("CHANNEL_HANGUP_COMPLETE", caller.uuid)
    assert int(ended.variable("rtp_audio_in_packet_count") or 0) > 40
    assert int(ended.variable("rtp_audio_out_packet_count") or 0) > 20
    assert float(ended.variable("rtp_audio_in_mos") or 0) > 3.5
    assert ended.variable("rtp_audio_in_skip_packet_count") is not None
    assert float(ended.variable("rtp_audio_in_quality_percentage") or 0) > 70


def _hold(floor: Floor, holder: Leg, held: Leg) -> None:
    assert holder.call.reinvite("sendonly").status == 200
    floor.esl.wait_event("CHANNEL_HOLD", holder.uuid)


def test_party_that_is_held_by_the_other_hears_music(floor: Floor) -> None:
    caller, agent = floor.talking()
    caller.rtp.hear_tone(1700)
    _hold(floor, agent, caller)
    assert not caller.rtp.hear_among(HOLD_MUSIC_HERTZ[0]).silent
    assert 1700 not in caller.rtp.hear(0.3).tones


def test_parties_hear_each_other_after_the_hold(floor: Floor) -> None:
    caller, agent = floor.talking()
    _hold(floor, agent, caller)
    caller.rtp.hear_among(HOLD_MUSIC_HERTZ[0])
    assert agent.call.reinvite("sendrecv").status == 200
    floor.esl.wait_event("CHANNEL_UNHOLD", agent.uuid)
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert agent.rtp.hear_tone(1230).tones == {1230}


@pytest.mark.parametrize(("offered", "answered"), [("sendonly", "recvonly"), ("inactive", "inactive")])
def test_hold_is_answered_with_the_opposite_direction(floor: Floor, offered: str, answered: str) -> None:
    _, agent = floor.talking()
    answer = agent.call.reinvite(offered)
    assert answer.sdp
    assert answer.sdp.direction == answered


def test_parked_party_may_hold_and_come_back(floor: Floor) -> None:
    leg = floor.caller()
    assert leg.call.reinvite("sendonly").status == 200
    floor.esl.wait_event("CHANNEL_HOLD", leg.uuid)
    assert leg.call.reinvite("sendrecv").status == 200
    floor.esl.wait_event("CHANNEL_UNHOLD", leg.uuid)


def test_switch_holds_and_resumes_a_party(floor: Floor) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    assert floor.esl.api(f"uuid_hold {agent.uuid}") == "+OK Success\n"
    assert wait_until(lambda: [sdp.direction for sdp in agent.call.reinvites()] == ["sendonly"])
    floor.esl.wait_event("CHANNEL_HOLD", agent.uuid)
    assert 1700 not in caller.rtp.hear(0.5).tones
    assert floor.esl.api(f"uuid_hold off {agent.uuid}") == "+OK Success\n"
    assert wait_until(lambda: [sdp.direction for sdp in agent.call.reinvites()] == ["sendonly", "sendrecv"])
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert agent.rtp.hear_tone(1230).tones == {1230}


def test_hold_is_toggled(floor: Floor) -> None:
    _, agent = floor.talking()
    for _ in range(2):
        floor.esl.ok(f"uuid_hold toggle {agent.uuid}")
        floor.esl.collect(0.3)
    assert [sdp.direction for sdp in agent.call.reinvites()] == ["sendonly", "sendrecv"]


def test_the_one_who_was_put_first_is_taken_out_of_a_bridge_into_another(floor: Floor) -> None:
    lasting = "park_after_bridge=true,hangup_after_bridge=false"
    caller, agent = floor.caller(), floor.agent(1700, lasting)
    target = floor.agent(2150, lasting, user="bram")
    floor.bridge(target, agent)
    agent.rtp.hear_tone(2150)
    floor.bridge(caller, target)
    floor.esl.ok(f"uuid_kill {agent.uuid}")
    caller.rtp.hear_tone(2150)
    target.rtp.hear_tone(1230)
