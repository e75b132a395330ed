"""What a caller hears: prompts, tones, hold music, and how they are cut short."""

from __future__ import annotations

import time

import pytest

from tests.contract.conftest import Floor, Leg
from tests.contract.engines import HOLD_MUSIC_HERTZ, STREAM
from tests.contract.esl import Event
from tests.contract.sound import SILENCE_DBOV, level


def _frequencies(halves: list[set[int]]) -> list[int]:
    """The tones in the order in which they were heard, repetitions left out."""
    order: list[int] = []
    for tones in halves:
        order += [hertz for hertz in sorted(tones) if not order or hertz != order[-1]]
    return order


def test_prompt_is_heard_and_its_end_is_told(floor: Floor) -> None:
    leg = floor.caller()
    marker = floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("first"))
    assert leg.rtp.hear_tone(630).tones == {630}
    started = floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    stopped = floor.esl.wait_event("PLAYBACK_STOP", leg.uuid)
    assert started["Playback-File-Path"] == stopped["Playback-File-Path"] == floor.engine.prompt("first")
    assert stopped["Playback-Status"] == "done"
    complete = floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", leg.uuid, {"Application-UUID": marker})
    assert complete["Application"] == "playback"
    assert complete["Application-Data"] == floor.engine.prompt("first")
    assert complete["Application-Response"] == "FILE PLAYED"


def test_prompt_lasts_as_long_as_its_file(floor: Floor) -> None:
    leg = floor.caller()
    started = time.monotonic()
    floor.esl.run(leg.uuid, "playback", floor.engine.prompt("first"))
    assert 0.55 < time.monotonic() - started < 1.0


def test_prompt_of_16_khz_is_heard_at_its_pitch(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("wide"))
    assert leg.rtp.hear_tone(1370).tones == {1370}


def _in_a_row(floor: Floor, leg: Leg, *names: str) -> str:
    """The paths as one argument, which the leg is told to part."""
    floor.esl.ok(f"uuid_setvar_multi {leg.uuid} playback_delimiter=!;playback_sleep_val=0")
    return "!".join(floor.engine.prompt(name) for name in names)


def test_prompts_in_a_row_are_heard_without_a_pause(floor: Floor) -> None:
    leg = floor.caller()
    moment = time.monotonic()
    complete = floor.esl.run(leg.uuid, "playback", _in_a_row(floor, leg, "first", "second", "third"))
    assert complete["Application-Response"] == "FILE PLAYED"
    tenths = leg.rtp.heard_since(moment)
    parts = [tenths.samples[start : start + 1600] for start in range(0, tenths.samples.size - 1600, 1600)]
    heard = [type(tenths)(part, 0, 0.2).tones for part in parts]
    assert _frequencies(heard) == [630, 790, 980]
    assert time.monotonic() - moment < 1.8 + 0.6, "three of 0.6 s; pauses of a quarter of a second would make it 2.3 s"


def test_prompts_in_a_row_begin_without_silence(floor: Floor) -> None:
    """`file_string://A!B` begins with a quarter of a second of it on FreeSWITCH, and so is not used."""
    leg = floor.caller()
    path, before = _in_a_row(floor, leg, "first", "second"), len(leg.rtp.packets)
    floor.esl.run(leg.uuid, "playback", path)
    loud = [level(packet.samples) > SILENCE_DBOV for packet in leg.rtp.packets[before:] if packet.samples.size]
    assert any(loud)
    assert loud.index(True) <= 2, "packets of 20 ms"


def test_each_of_prompts_in_a_row_is_told(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.run(leg.uuid, "playback", _in_a_row(floor, leg, "first", "second"))
    told = [event for event in floor.esl.events if event.uuid == leg.uuid and event.name.startswith("PLAYBACK_")]
    prompts = [floor.engine.prompt(name) for name in ("first", "first", "second", "second")]
    assert [event["Playback-File-Path"] for event in told] == prompts
    assert [event.name for event in told] == ["PLAYBACK_START", "PLAYBACK_STOP"] * 2


def test_missing_one_of_prompts_in_a_row_is_passed_over(floor: Floor) -> None:
    leg = floor.caller()
    complete = floor.esl.run(leg.uuid, "playback", _in_a_row(floor, leg, "first", "missing", "second"))
    assert complete["Application-Response"] == "FILE PLAYED"
    assert floor.esl.names(leg.uuid, ("PLAYBACK_START",)) == ["PLAYBACK_START"] * 2


def test_prompts_in_a_row_have_a_pause_unless_told_otherwise(floor: Floor) -> None:
    leg = floor.caller()
    names = _in_a_row(floor, leg, "first", "second")
    floor.esl.ok(f"uuid_setvar {leg.uuid} playback_sleep_val")
    moment = time.monotonic()
    floor.esl.run(leg.uuid, "playback", names)
    assert time.monotonic() - moment > 1.2 + 0.2


@pytest.mark.parametrize(("flags", "starts"), [("", 2), (" all", 1)])
def test_break_ends_one_of_prompts_in_a_row_and_of_all_each(floor: Floor, flags: str, starts: int) -> None:
    leg = floor.caller()
    floor.esl.ok(f"uuid_transfer {leg.uuid} 'm:|:playback:{_in_a_row(floor, leg, 'long', 'second')}|park' inline")
    leg.rtp.hear_tone(400)
    floor.esl.ok(f"uuid_break {leg.uuid}{flags}")
    floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", leg.uuid, {"Application": "playback"})
    assert floor.esl.names(leg.uuid, ("PLAYBACK_START",)) == ["PLAYBACK_START"] * starts


def test_missing_prompt_is_told_and_the_call_goes_on(floor: Floor) -> None:
    leg = floor.caller()
    complete = floor.esl.run(leg.uuid, "playback", "/nonexistent/prompt.wav")
    assert complete["Application-Response"] == "FILE NOT FOUND"
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "true"


def test_prompt_is_cut_short_by_a_break(floor: Floor) -> None:
    leg = floor.caller()
    marker = floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("long"))
    leg.rtp.hear_tone(400)
    assert floor.esl.api(f"uuid_break {leg.uuid}") == "+OK\n"
    stopped = floor.esl.wait_event("PLAYBACK_STOP", leg.uuid)
    assert stopped["Playback-Status"] == "break"
    floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", leg.uuid, {"Application-UUID": marker})
    assert leg.rtp.wait_silence()


def test_prompts_that_wait_are_dropped_by_a_break_of_all(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("long"), event_lock="true")
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("second"), event_lock="true")
    floor.esl.ok(f"uuid_break {leg.uuid} all")
    floor.esl.wait_event("PLAYBACK_STOP", leg.uuid)
    assert not [event for event in floor.esl.collect(0.6) if event.name == "PLAYBACK_START"]


def test_key_cuts_a_prompt_short_where_that_is_allowed(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.ok(f"uuid_setvar {leg.uuid} playback_terminators #")
    marker = floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("long"))
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.press("#")
    complete = floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", leg.uuid, {"Application-UUID": marker})
    assert complete["Application-Response"] == "FILE PLAYED"
    assert floor.esl.variable(leg.uuid, "playback_terminator_used") == "#"


def test_no_key_cuts_a_prompt_short_where_none_may(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.ok(f"uuid_setvar {leg.uuid} playback_terminators none")
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("long"))
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.press("5*")
    floor.esl.wait_event("DTMF", leg.uuid, {"DTMF-Digit": "5"})
    assert leg.rtp.hear(0.5).tones == {400}


def test_orders_to_a_leg_are_carried_out_in_their_order(floor: Floor) -> None:
    leg = floor.caller()
    markers = [
        floor.esl.execute(leg.uuid, "playback", floor.engine.prompt(name), event_lock="true")
        for name in ("first", "second", "third")
    ]
    done = [_complete(floor, leg.uuid, marker) for marker in markers]
    sequence = [int(event["Event-Sequence"]) for event in done]
    assert sequence == sorted(sequence)
    started = [event for event in floor.esl.events if event.name == "PLAYBACK_START"]
    assert [event["Playback-File-Path"] for event in started] == [
        floor.engine.prompt(name) for name in ("first", "second", "third")
    ]


def _complete(floor: Floor, uuid: str, marker: str) -> Event:
    return floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", uuid, {"Application-UUID": marker})


def test_order_is_named_by_its_uuid_at_start_and_end(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "set", "cx_a=b", event_uuid="order-17")
    started = floor.esl.wait_event("CHANNEL_EXECUTE", leg.uuid, {"Application-UUID": "order-17"})
    assert started["Application"] == "set"
    assert started["Application-Data"] == "cx_a=b"
    _complete(floor, leg.uuid, "order-17")


def test_order_with_its_argument_in_the_body_is_understood(floor: Floor) -> None:
    leg = floor.caller()
    argument = "cx_text=one: two; three"
    head = (
        f"sendmsg {leg.uuid}\ncall-command: execute\nexecute-app-name: set\nEvent-UUID: with-body\n"
        f"content-type: text/plain\ncontent-length: {len(argument)}\n\n{argument}"
    )
    floor.esl.socket.sendall(head.encode())
    assert floor.esl.read_reply().reply == "+OK"
    _complete(floor, leg.uuid, "with-body")
    assert floor.esl.variable(leg.uuid, "cx_text") == "one: two; three"


def test_order_is_repeated_as_often_as_it_says(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("first"), loops="2", event_lock="true")
    floor.esl.collect(1.8)
    assert floor.esl.names(leg.uuid, ("PLAYBACK_START",)) == ["PLAYBACK_START"] * 2


def test_unknown_application_ends_the_leg(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "nonsense", "x")
    assert floor.esl.wait_event("CHANNEL_HANGUP", leg.uuid)["Hangup-Cause"] == "DESTINATION_OUT_OF_ORDER"


def test_leg_is_hung_up_by_a_message(floor: Floor) -> None:
    leg = floor.caller()
    reply = floor.esl.command(f"sendmsg {leg.uuid}\ncall-command: hangup\nhangup-cause: NORMAL_UNSPECIFIED")
    assert reply.reply == "+OK"
    assert floor.esl.wait_event("CHANNEL_HANGUP", leg.uuid)["Hangup-Cause"] == "NORMAL_UNSPECIFIED"


def test_endless_prompt_begins_again(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "endless_playback", floor.engine.prompt("first"))
    leg.rtp.hear_tone(630)
    assert all(630 in half.tones for half in leg.rtp.hear(2.0).half_seconds()[:3])


def test_tone_stream_is_heard_and_ends(floor: Floor) -> None:
    leg = floor.caller()
    marker = floor.esl.execute(leg.uuid, "playback", "tone_stream://%(400,100,1100);loops=3")
    assert leg.rtp.hear_tone(1100).tones == {1100}
    _complete(floor, leg.uuid, marker)


def test_tone_of_two_frequencies_has_both(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", "tone_stream://%(2000,0,790,1500)")
    assert leg.rtp.hear_tones({790, 1500}).tones == {790, 1500}


def test_endless_tone_goes_on(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", "tone_stream://%(200,100,1100);loops=-1")
    leg.rtp.hear_tone(1100)
    assert all(not half.silent for half in leg.rtp.hear(2.0).half_seconds()[:3])


def test_silence_lasts_as_long_as_it_says(floor: Floor) -> None:
    leg = floor.caller()
    started = time.monotonic()
    complete = floor.esl.run(leg.uuid, "playback", "silence_stream://500")
    assert 0.4 < time.monotonic() - started < 0.9
    assert complete["Application-Response"] == "FILE PLAYED"


def test_hold_music_has_no_silent_half_second(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", f"local_stream://{STREAM}")
    assert not leg.rtp.hear_tone(HOLD_MUSIC_HERTZ[0]).silent
    halves = leg.rtp.hear(7.0).half_seconds()
    assert len(halves) >= 13
    assert not [number for number, half in enumerate(halves) if half.silent]
    assert set().union(*(half.tones for half in halves)) == set(HOLD_MUSIC_HERTZ)


def test_hold_music_comes_at_once(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "playback", f"local_stream://{STREAM}")
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.hear(0.3)
    assert not leg.rtp.hear(0.2).silent


def test_unknown_hold_music_is_told(floor: Floor) -> None:
    leg = floor.caller()
    complete = floor.esl.run(leg.uuid, "playback", "local_stream://nonsense")
    assert complete["Application-Response"] == "FILE NOT FOUND"


def test_two_callers_hear_the_same_stream(floor: Floor) -> None:
    one, two = floor.caller(), floor.caller()
    for leg in (one, two):
        floor.esl.execute(leg.uuid, "playback", f"local_stream://{STREAM}")
    assert not one.rtp.hear_tone(HOLD_MUSIC_HERTZ[0]).silent
    assert not two.rtp.hear(0.3).silent


def test_broadcast_is_heard_by_a_parked_leg(floor: Floor) -> None:
    leg = floor.caller()
    answer = floor.esl.api(f"uuid_broadcast {leg.uuid} {floor.engine.prompt('first')}")
    assert answer == "+OK Message sent\n"
    assert leg.rtp.hear_tone(630).tones == {630}
    floor.esl.wait_event("PLAYBACK_STOP", leg.uuid)


@pytest.mark.parametrize(("side", "heard_by"), [("aleg", "caller"), ("bleg", "agent"), ("both", "both")])
def test_broadcast_in_a_conversation_is_heard_by_the_side_it_names(floor: Floor, side: str, heard_by: str) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    floor.esl.ok(f"uuid_broadcast {caller.uuid} {floor.engine.prompt('long')} {side}")
    heard_first = caller if heard_by in ("caller", "both") else agent
    assert 400 in heard_first.rtp.hear_among(400).tones
    other = agent if heard_first is caller else caller
    assert (400 in other.rtp.hear(0.4).tones) is (heard_by == "both")


def test_conversation_goes_on_after_a_broadcast(floor: Floor) -> None:
    caller, agent = floor.talking()
    floor.esl.ok(f"uuid_broadcast {caller.uuid} {floor.engine.prompt('first')} aleg")
    caller.rtp.hear_tone(630)
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert agent.rtp.hear_tone(1230).tones == {1230}


def test_application_is_broadcast_too(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.ok(f"uuid_broadcast {leg.uuid} set::cx_broadcast=1")
    floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", leg.uuid, {"Application": "set"})
    assert floor.esl.variable(leg.uuid, "cx_broadcast") == "1"


def test_prompt_before_the_answer_is_early_media(floor: Floor) -> None:
    leg = floor.arrive()
    floor.esl.ok(f"uuid_pre_answer {leg.uuid}")
    assert leg.call.wait_status(183).sdp
    floor.esl.execute(leg.uuid, "playback", floor.engine.prompt("long"))
    assert leg.rtp.hear_tone(400).tones == {400}
    assert 200 not in leg.call.statuses()


def test_echo_gives_the_caller_his_own_voice(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "echo")
    assert leg.rtp.hear_tone(1230).tones == {1230}


def test_sleep_lasts_as_long_as_it_says(floor: Floor) -> None:
    leg = floor.caller()
    started = time.monotonic()
    floor.esl.run(leg.uuid, "sleep", "400")
    assert 0.35 < time.monotonic() - started < 0.8


def test_variables_are_set_and_removed_by_applications(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.run(leg.uuid, "set", "cx_one=1 and more")
    floor.esl.run(leg.uuid, "multiset", "cx_two=2 cx_three=3")
    floor.esl.run(leg.uuid, "unset", "cx_two")
    values = {name: floor.esl.variable(leg.uuid, name) for name in ("cx_one", "cx_two", "cx_three")}
    assert values == {"cx_one": "1 and more", "cx_two": "_undef_", "cx_three": "3"}


def test_exported_variable_is_set_on_the_leg_and_listed(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.run(leg.uuid, "export", "cx_shared=7")
    assert floor.esl.variable(leg.uuid, "cx_shared") == "7"
    assert floor.esl.variable(leg.uuid, "export_vars") == "cx_shared"


def test_answering_applications_answer(floor: Floor) -> None:
    leg = floor.arrive()
    for application, status in (("ring_ready", 180), ("pre_answer", 183), ("answer", 200)):
        floor.esl.run(leg.uuid, application)
        leg.call.wait_status(status)
    assert leg.call.statuses() == [180, 183, 200]


def test_hangup_application_ends_with_its_cause(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.execute(leg.uuid, "hangup", "NORMAL_UNSPECIFIED")
    assert floor.esl.wait_event("CHANNEL_HANGUP", leg.uuid)["Hangup-Cause"] == "NORMAL_UNSPECIFIED"


def test_event_application_sends_an_event_of_its_own(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.subscribe("CUSTOM cx::mark")
    floor.esl.execute(leg.uuid, "event", "Event-Subclass=cx::mark,Event-Name=CUSTOM,Mark=17")
    event = floor.esl.wait_event("CUSTOM", where={"Event-Subclass": "cx::mark"})
    assert event["Mark"] == "17"
    assert event.uuid == leg.uuid


def test_log_application_completes(floor: Floor) -> None:
    leg = floor.caller()
    assert floor.esl.run(leg.uuid, "log", "DEBUG hello")["Application"] == "log"
