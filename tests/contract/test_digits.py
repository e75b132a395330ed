"""Keys: asking for them, hearing them, sending them, and passing them through a conversation."""

from __future__ import annotations

import time

import pytest

from tests.contract.conftest import Floor, Leg
from tests.contract.esl import Event
from tests.contract.sip_peer import wait_until

ASK = "{least} {most} 1 {timeout} {terminators} {prompt} {invalid} digits_choice {pattern} {between}"


def _ask(
    floor: Floor,
    leg: Leg,
    *,
    least: int = 1,
    most: int = 1,
    timeout: int = 800,
    terminators: str = "#",
    prompt: str = "",
    invalid: str = "silence_stream://10",
    pattern: str = r"\d+",
    between: int = 800,
) -> str:
    """`play_and_get_digits` with one attempt, as the core gives it; the Event-UUID."""
    argument = ASK.format(
        least=least,
        most=most,
        timeout=timeout,
        terminators=terminators,
        prompt=prompt or floor.engine.prompt("first"),
        invalid=invalid,
        pattern=pattern,
        between=between,
    )
    return floor.esl.execute(leg.uuid, "play_and_get_digits", argument)


def _answered(floor: Floor, leg: Leg, marker: str) -> Event:
    return floor.esl.wait_event("CHANNEL_EXECUTE_COMPLETE", leg.uuid, {"Application-UUID": marker})


def test_key_ends_the_question_and_is_told(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg)
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.press("2")
    answered = _answered(floor, leg, marker)
    assert answered["Application"] == "play_and_get_digits"
    assert answered.variable("digits_choice") == "2"
    assert floor.esl.variable(leg.uuid, "digits_choice") == "2"


def test_key_cuts_the_prompt_short(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg, prompt=floor.engine.prompt("long"))
    assert leg.rtp.hear_tone(400).tones == {400}
    leg.rtp.press("2")
    assert _answered(floor, leg, marker).variable("digits_choice") == "2"
    assert leg.rtp.wait_silence()


def test_question_without_a_key_ends_at_its_time(floor: Floor) -> None:
    leg = floor.caller()
    started = time.monotonic()
    answered = _answered(floor, leg, _ask(floor, leg, timeout=500))
    assert answered.variable("digits_choice") is None
    assert floor.esl.variable(leg.uuid, "digits_choice") == "_undef_"
    assert 0.9 < time.monotonic() - started < 5.0, "the prompt of 0.6 s, then the time-out"


def test_prompts_in_a_row_ask_one_question(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.ok(f"uuid_setvar_multi {leg.uuid} playback_delimiter=!;playback_sleep_val=0")
    marker = _ask(floor, leg, prompt="!".join(floor.engine.prompt(name) for name in ("first", "second")))
    assert leg.rtp.hear_tone(790).tones == {790}
    leg.rtp.press("3")
    assert _answered(floor, leg, marker).variable("digits_choice") == "3"


def test_key_during_the_first_of_prompts_in_a_row_ends_all(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.ok(f"uuid_setvar_multi {leg.uuid} playback_delimiter=!;playback_sleep_val=0")
    marker = _ask(floor, leg, prompt="!".join(floor.engine.prompt(name) for name in ("long", "second")))
    leg.rtp.hear_tone(400)
    leg.rtp.press("3")
    assert _answered(floor, leg, marker).variable("digits_choice") == "3"
    assert floor.esl.names(leg.uuid, ("PLAYBACK_START",)) == ["PLAYBACK_START"]


def test_several_keys_are_one_answer(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg, least=1, most=4)
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.press("1234")
    assert _answered(floor, leg, marker).variable("digits_choice") == "1234"


def test_terminator_ends_the_answer_and_is_no_part_of_it(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg, least=1, most=8)
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.press("12#")
    answered = _answered(floor, leg, marker)
    assert answered.variable("digits_choice") == "12"
    assert answered.variable("read_terminator_used") == "#"


def test_pause_between_keys_ends_the_answer(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg, least=1, most=8, timeout=3000, between=400)
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    started = time.monotonic()
    leg.rtp.press("12")
    assert _answered(floor, leg, marker).variable("digits_choice") == "12"
    assert time.monotonic() - started < 2.5


def test_key_that_is_no_choice_is_no_answer(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg, pattern="[123]", invalid=floor.engine.prompt("third"))
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.press("9")
    assert leg.rtp.hear_tone(980).tones == {980}, "the prompt for a wrong key"
    answered = _answered(floor, leg, marker)
    assert answered.variable("digits_choice") is None
    assert answered.variable("digits_choice_invalid") == "9"


def test_star_and_hash_are_keys_too(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg, terminators="none", pattern=r"[*\#]")
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    leg.rtp.press("*")
    assert _answered(floor, leg, marker).variable("digits_choice") == "*"


def test_keys_that_wait_can_be_forgotten(floor: Floor) -> None:
    leg = floor.caller()
    assert floor.esl.api(f"uuid_flush_dtmf {leg.uuid}") == "+OK\n"


def test_question_is_cut_short_by_a_break(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg, prompt=floor.engine.prompt("long"), timeout=300)
    leg.rtp.hear_tone(400)
    floor.esl.ok(f"uuid_break {leg.uuid} all")
    assert _answered(floor, leg, marker).variable("digits_choice") is None


def test_each_key_is_told_with_its_length(floor: Floor) -> None:
    leg = floor.caller()
    leg.rtp.press("5", 160)
    event = floor.esl.wait_event("DTMF", leg.uuid)
    assert event["DTMF-Digit"] == "5"
    assert event["DTMF-Source"] == "RTP"
    assert 1000 <= int(event["DTMF-Duration"]) <= 1500, "units of 1/8000 s"


def test_all_keys_are_told_in_their_order(floor: Floor) -> None:
    leg = floor.caller()
    leg.rtp.press("0123456789*#")
    told = [floor.esl.wait_event("DTMF", leg.uuid)["DTMF-Digit"] for _ in range(12)]
    assert "".join(told) == "0123456789*#"


def test_switch_sends_keys_to_the_party(floor: Floor) -> None:
    leg = floor.caller()
    assert floor.esl.api(f"uuid_send_dtmf {leg.uuid} 12*#@100") == f"+OK {leg.uuid} sent DTMF 12*#@100.\n"
    assert wait_until(lambda: len(leg.rtp.digits) >= 4, 4)
    assert leg.rtp.digits == ["1", "2", "*", "#"]


def test_switch_sends_keys_by_an_application(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.run(leg.uuid, "send_dtmf", "42")
    assert wait_until(lambda: len(leg.rtp.digits) >= 2, 4)
    assert leg.rtp.digits == ["4", "2"]


def test_key_can_be_put_in_as_if_the_party_had_pressed_it(floor: Floor) -> None:
    leg = floor.caller()
    marker = _ask(floor, leg)
    floor.esl.wait_event("PLAYBACK_START", leg.uuid)
    assert floor.esl.api(f"uuid_recv_dtmf {leg.uuid} 6") == f"+OK {leg.uuid} received DTMF 6.\n"
    assert _answered(floor, leg, marker).variable("digits_choice") == "6"


@pytest.mark.parametrize("from_caller", [True, False])
def test_keys_pass_through_a_conversation(floor: Floor, from_caller: bool) -> None:
    caller, agent = floor.talking()
    sender, receiver = (caller, agent) if from_caller else (agent, caller)
    receiver.rtp.hear_tone(1230 if from_caller else 1700)
    sender.rtp.press("159")
    assert wait_until(lambda: len(receiver.rtp.digits) >= 3, 4)
    assert receiver.rtp.digits == ["1", "5", "9"]
    assert floor.esl.wait_event("DTMF", sender.uuid)["DTMF-Digit"] == "1"


def test_keys_sent_into_a_conversation_reach_only_their_party(floor: Floor) -> None:
    caller, agent = floor.talking()
    floor.esl.ok(f"uuid_send_dtmf {caller.uuid} 77")
    assert wait_until(lambda: len(caller.rtp.digits) >= 2, 4)
    assert agent.rtp.digits == []
