"""Events of recorded calls and of the corners of the protocol → tidings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg, OrderId
from cxcore.domain.tidings import (
    DigitsEntered,
    LegAnswered,
    LegArrived,
    LegHungUp,
    LegRinging,
    LegsBridged,
    LegsUnbridged,
    PromptEnded,
    Tiding,
)
from cxcore.switch.causes import CAUSES, cause_of, hung_up_by
from cxcore.switch.commands import CAUSES as ORDERED_CAUSES
from cxcore.switch.frames import Event, FrameReader, event_of
from cxcore.switch.translate import KnownLegs, translate

TRACES = Path(__file__).parents[1] / "traces"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CALLER = LegId("e593642d-87a1-4555-89ed-cfe5dfe32a7d")
ANNA = LegId("11111111-2222-4333-8444-555555555555")
BRAM = LegId("22222222-2222-4333-8444-555555555555")
NOBODY = LegId("33333333-2222-4333-8444-555555555555")


def dialled(leg_id: LegId) -> LiveLeg:
    return LiveLeg(leg_id, False, False, "softphone:anna", "+31715550100", "", NOON)


def replay(trace: str) -> list[Tiding]:
    """What the recorded call tells a core that gave the orders of the recording."""
    known, tidings = KnownLegs(), []
    for frame in FrameReader().feed((TRACES / trace).read_bytes()):
        if frame.content_type.startswith("text/event"):
            for tiding in translate(event_of(frame), known, NOON):
                tidings.append(tiding)
                order_next(known, tiding)
    return tidings


def order_next(known: KnownLegs, tiding: Tiding) -> None:
    """The orders of the recording, as far as they are of interest to the translation."""
    match tiding:
        case LegArrived():
            known.expects(tiding.leg_id, OrderId("order-1"))
            for leg_id in (ANNA, BRAM, NOBODY):
                known.dialled(dialled(leg_id), "job")
        case PromptEnded():
            known.expects(tiding.leg_id, OrderId("order-2"))


@pytest.mark.parametrize("trace", ["call_json.txt", "call_plain.txt"])
def test_a_recorded_call_tells_its_story(trace: str) -> None:
    normal, by_party = HangUpCause.NORMAL, HungUpBy.PARTY
    told = replay(trace)
    ended = [tiding for tiding in told if isinstance(tiding, LegHungUp)]
    assert len({tiding.call_id for tiding in ended if tiding.call_id}) == 4, "by these the border knows the calls"
    assert [replace(tiding, call_id="") if tiding in ended else tiding for tiding in told] == [
        LegArrived(NOON, CALLER, "+31715550100", "0612345678", "JanUnique-ID: victim"),
        LegAnswered(NOON, CALLER),
        PromptEnded(NOON, CALLER, OrderId("order-1")),
        DigitsEntered(NOON, CALLER, OrderId("order-2"), "2"),
        LegHungUp(NOON, BRAM, HangUpCause.BUSY, by_party),
        LegRinging(NOON, ANNA),
        LegHungUp(NOON, NOBODY, HangUpCause.UNREACHABLE, by_party),
        LegAnswered(NOON, ANNA),
        LegsBridged(NOON, CALLER, ANNA),
        LegsUnbridged(NOON, CALLER, ANNA),
        LegsBridged(NOON, CALLER, ANNA),
        LegsUnbridged(NOON, ANNA, CALLER),
        LegHungUp(NOON, ANNA, normal, by_party, 4.5),
        LegHungUp(NOON, CALLER, normal, by_party, 4.5),
    ]


def event(name: str, leg_id: str = CALLER, body: str = "", **headers: str) -> Event:
    named = {key.replace("__", "-"): value for key, value in headers.items()}
    return Event({"Event-Name": name, "Unique-ID": leg_id, **named}, body)


def park(leg_id: str = CALLER, **headers: str) -> Event:
    defaults = {
        "Call__Direction": "inbound",
        "Caller__Destination__Number": "+31715550100",
        "Caller__Caller__ID__Number": "+31612345678",
        "Caller__Caller__ID__Name": "Jan",
    }
    return event("CHANNEL_PARK", leg_id, **(defaults | headers))


def arrived() -> KnownLegs:
    known = KnownLegs()
    translate(park(), known, NOON)
    return known


def test_a_leg_that_parks_again_has_not_arrived_again() -> None:
    assert translate(park(), arrived(), NOON) == []


def test_a_leg_that_an_earlier_core_took_has_not_arrived() -> None:
    assert translate(park(variable_cx_leg="taken"), KnownLegs(), NOON) == []


def test_a_leg_that_somebody_else_dialled_is_not_ours() -> None:
    known = KnownLegs()
    assert translate(park(Call__Direction="outbound"), known, NOON) == []
    assert translate(event("CHANNEL_HANGUP_COMPLETE", Hangup__Cause="NORMAL_CLEARING"), known, NOON) == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"Caller__Caller__ID__Number": "anonymous", "Caller__Caller__ID__Name": "Anonymous"},
        {"Caller__Caller__ID__Number": "", "Caller__Caller__ID__Name": ""},
        {"Caller__Privacy__Hide__Number": "true"},
        {"variable_sip_Privacy": "id"},
    ],
)
def test_a_hidden_caller_has_neither_number_nor_name(hidden: dict[str, str]) -> None:
    assert translate(park(**hidden), KnownLegs(), NOON) == [LegArrived(NOON, CALLER, "+31715550100", None, "")]


@pytest.mark.parametrize(
    ("sent", "number"), [("+31715550199", "+31715550199"), ("14071", "14071"), ("<b>", None), ("", None)]
)
def test_only_a_number_counts_as_that_from_which_a_call_was_forwarded(sent: str, number: str | None) -> None:
    [tiding] = translate(park(**{"variable_sip_h_X-CX-Forwarded-From": sent}), KnownLegs(), NOON)
    assert isinstance(tiding, LegArrived)
    assert tiding.forwarded_from == number


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("0031612345678", "+31612345678"),
        ("+31 6-1234 5678", "+31612345678"),
        ("0612345678", "0612345678"),
        ("00", "00"),
        ("jan", "jan"),
    ],
)
def test_numbers_are_made_alike(sent: str, number: str) -> None:
    [tiding] = translate(park(Caller__Caller__ID__Number=sent), KnownLegs(), NOON)
    assert isinstance(tiding, LegArrived)
    assert tiding.caller_number == number


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("J\x00an\r\n", "Jan"),
        ("+31612345678", ""),
        ("x" * 8000, "x" * 100),
        ("\ud800Jan", "Jan"),
        ("O'Brien é", "O'Brien é"),
    ],
)
def test_names_are_made_harmless(sent: str, name: str) -> None:
    [tiding] = translate(park(Caller__Caller__ID__Name=sent), KnownLegs(), NOON)
    assert isinstance(tiding, LegArrived)
    assert tiding.caller_name == name


def complete(order_id: str, application: str = "playback", **headers: str) -> Event:
    named = {"Application": application, "Application__UUID": order_id, "Answer__State": "answered"}
    return event("CHANNEL_EXECUTE_COMPLETE", **(named | headers))


def test_an_order_that_was_cut_short_tells_nothing() -> None:
    known = arrived()
    known.expects(CALLER, OrderId("first"))
    known.expects(CALLER, OrderId("second"))
    assert translate(complete("first"), known, NOON) == []
    assert translate(complete("second"), known, NOON) == [PromptEnded(NOON, CALLER, OrderId("second"))]
    assert translate(complete("second"), known, NOON) == []


def test_hold_music_leaves_no_outcome_to_tell() -> None:
    known = arrived()
    known.expects(CALLER, OrderId("first"))
    known.expects(CALLER, None)
    assert translate(complete("first"), known, NOON) == []


def test_a_caller_who_hangs_up_ends_no_prompt() -> None:
    known = arrived()
    known.expects(CALLER, OrderId("first"))
    assert translate(complete("first", Answer__State="hangup"), known, NOON) == []


def test_a_question_without_an_answer_has_no_digits() -> None:
    known = arrived()
    known.expects(CALLER, OrderId("q"))
    told = translate(complete("q", "play_and_get_digits"), known, NOON)
    assert told == [DigitsEntered(NOON, CALLER, OrderId("q"), "")]


def test_a_dialled_leg_is_answered_when_it_is_free_to_be_bridged() -> None:
    known = KnownLegs()
    known.dialled(dialled(ANNA), "job")
    translate(event("CHANNEL_CREATE", ANNA), known, NOON)
    assert translate(event("CHANNEL_PROGRESS_MEDIA", ANNA), known, NOON) == [LegRinging(NOON, ANNA)]
    assert translate(event("CHANNEL_PROGRESS", ANNA), known, NOON) == []
    assert translate(event("CHANNEL_ANSWER", ANNA), known, NOON) == []
    parked = event("CHANNEL_PARK", ANNA, Call__Direction="outbound", Answer__State="answered")
    assert translate(parked, known, NOON) == [LegAnswered(NOON, ANNA)]
    assert translate(parked, known, NOON) == []


@pytest.mark.parametrize(
    ("destination", "known_to_the_border"),
    [
        ("sip:anna@192.0.2.7:5060", False),
        ("softphone:anna~0123456789abcdef", True),
        ("sip:+31715550177@sip.pstnhub.microsoft.com", True),
        ("+31612345678", True),
    ],
)
def test_border_is_not_asked_for_a_device_that_the_switch_dialled_itself(
    destination: str, known_to_the_border: bool
) -> None:
    known = KnownLegs()
    known.dialled(replace(dialled(ANNA), dialled_number=destination), "job")
    [ended] = translate(event("CHANNEL_HANGUP_COMPLETE", ANNA, variable_sip_call_id="a@b"), known, NOON)
    assert isinstance(ended, LegHungUp) and ended.call_id == ("a@b" if known_to_the_border else "")


@pytest.mark.parametrize(
    ("headers", "call_id"),
    [
        ({}, "a@b"),
        ({"variable_sip_h_X-CX-Sound": "direct"}, ""),
        ({"variable_sip_h_X-Cx-Sound": "direct"}, ""),
        ({"variable_sip_h_X-CX-Sound": "odd"}, "a@b"),
    ],
)
def test_border_is_not_asked_for_a_caller_whose_sound_it_says_it_does_not_relay(
    headers: dict[str, str], call_id: str
) -> None:
    known = KnownLegs()
    known.adopt([LiveLeg(CALLER, True, True, "+31715550100", None, "", NOON)])
    ended = event("CHANNEL_HANGUP_COMPLETE", CALLER, variable_sip_call_id="a@b", **headers)
    [told] = translate(ended, known, NOON)
    assert isinstance(told, LegHungUp) and told.call_id == call_id


def test_a_call_that_never_became_a_channel_is_hung_up_once_by_its_job() -> None:
    known = KnownLegs()
    known.dialled(dialled(ANNA), "job")
    job = event("BACKGROUND_JOB", "", body="-ERR INVALID_GATEWAY\n", Job__UUID="job")
    told = [LegHungUp(NOON, ANNA, HangUpCause.UNREACHABLE, HungUpBy.SWITCH)]
    assert translate(job, known, NOON) == told
    assert translate(job, known, NOON) == []
    assert translate(event("CHANNEL_HANGUP_COMPLETE", ANNA, Hangup__Cause="NONE"), known, NOON) == []


def test_a_call_that_became_a_channel_is_hung_up_once_by_its_channel() -> None:
    known = KnownLegs()
    known.dialled(dialled(ANNA), "job")
    translate(event("CHANNEL_CREATE", ANNA), known, NOON)
    assert translate(event("BACKGROUND_JOB", "", body="-ERR USER_BUSY\n", Job__UUID="job"), known, NOON) == []
    ended = event(
        "CHANNEL_HANGUP_COMPLETE", ANNA, Hangup__Cause="USER_BUSY", variable_sip_hangup_disposition="recv_refuse"
    )
    assert translate(ended, known, NOON) == [LegHungUp(NOON, ANNA, HangUpCause.BUSY, HungUpBy.PARTY)]
    assert translate(ended, known, NOON) == []


@pytest.mark.parametrize(
    ("rang", "disposition", "cause"),
    [
        (True, "send_cancel", HangUpCause.NO_ANSWER),
        (False, "send_cancel", HangUpCause.UNREACHABLE),
        (False, "recv_refuse", HangUpCause.NO_ANSWER),
    ],
)
def test_a_device_that_never_rang_in_its_time_was_not_there_to_be_answered(
    rang: bool, disposition: str, cause: HangUpCause
) -> None:
    known = KnownLegs()
    known.dialled(dialled(ANNA), "job")
    translate(event("CHANNEL_CREATE", ANNA), known, NOON)
    if rang:
        translate(event("CHANNEL_PROGRESS", ANNA), known, NOON)
    ended = event(
        "CHANNEL_HANGUP_COMPLETE", ANNA, Hangup__Cause="NO_ANSWER", variable_sip_hangup_disposition=disposition
    )
    (told,) = translate(ended, known, NOON)
    assert isinstance(told, LegHungUp)
    assert told.cause is cause


def test_a_device_that_rang_for_an_earlier_core_is_not_taken_for_one_that_is_gone() -> None:
    known = KnownLegs()
    known.adopt([dialled(ANNA)])
    (told,) = translate(event("CHANNEL_HANGUP_COMPLETE", ANNA, Hangup__Cause="NO_ANSWER"), known, NOON)
    assert isinstance(told, LegHungUp)
    assert told.cause is HangUpCause.NO_ANSWER


def bridged() -> KnownLegs:
    known = arrived()
    known.adopt([dialled(ANNA), dialled(BRAM)])
    translate(pair("CHANNEL_BRIDGE", CALLER, ANNA), known, NOON)
    return known


def pair(name: str, one: str, two: str) -> Event:
    return event(name, one, Bridge__A__Unique__ID=one, Bridge__B__Unique__ID=two)


def test_a_bridge_is_told_once_and_so_is_its_end() -> None:
    known = bridged()
    assert translate(pair("CHANNEL_BRIDGE", ANNA, CALLER), known, NOON) == []
    assert translate(pair("CHANNEL_UNBRIDGE", ANNA, CALLER), known, NOON) == [LegsUnbridged(NOON, ANNA, CALLER)]
    assert translate(pair("CHANNEL_UNBRIDGE", CALLER, ANNA), known, NOON) == []


def test_a_late_word_on_an_earlier_bridge_leaves_the_new_one() -> None:
    known = bridged()
    told = translate(pair("CHANNEL_BRIDGE", CALLER, BRAM), known, NOON)
    assert told == [LegsUnbridged(NOON, CALLER, ANNA), LegsBridged(NOON, CALLER, BRAM)]
    assert translate(pair("CHANNEL_UNBRIDGE", CALLER, ANNA), known, NOON) == []


def test_the_end_of_a_bridged_leg_tells_the_end_of_the_bridge_first() -> None:
    known = bridged()
    told = translate(event("CHANNEL_HANGUP_COMPLETE", ANNA, Hangup__Cause="NORMAL_CLEARING"), known, NOON)
    assert told == [
        LegsUnbridged(NOON, ANNA, CALLER),
        LegHungUp(NOON, ANNA, HangUpCause.NORMAL, HungUpBy.SWITCH),
    ]
    assert translate(pair("CHANNEL_UNBRIDGE", CALLER, ANNA), known, NOON) == []


def test_events_that_tell_nothing_are_passed_over() -> None:
    assert translate(event("HEARTBEAT"), arrived(), NOON) == []


def test_a_caller_who_cancels_has_hung_up_and_a_device_that_we_cancel_was_withdrawn() -> None:
    assert cause_of("ORIGINATOR_CANCEL", inbound=True, by=HungUpBy.PARTY) is HangUpCause.NORMAL
    assert cause_of("ORIGINATOR_CANCEL") is HangUpCause.WITHDRAWN


ONLY_ONE_WAY = {HangUpCause.SWITCH_LOST, HangUpCause.NO_SUCH_NUMBER}
"""Never told by the switch; a device that is unknown where it is dialled is unreachable."""


@pytest.mark.parametrize("cause", [cause for cause in HangUpCause if cause not in ONLY_ONE_WAY])
def test_a_cause_that_we_order_comes_back_as_ours(cause: HangUpCause) -> None:
    assert cause_of(ORDERED_CAUSES[cause]) is cause


def test_causes_that_nobody_listed_are_other() -> None:
    assert cause_of("SYSTEM_SHUTDOWN") is HangUpCause.OTHER
    assert set(CAUSES.values()) | {HangUpCause.OTHER} | ONLY_ONE_WAY == set(HangUpCause)


def test_the_disposition_says_who_ended_the_leg() -> None:
    assert hung_up_by("recv_bye") is HungUpBy.PARTY
    assert hung_up_by("send_cancel") is HungUpBy.SWITCH
    assert hung_up_by("") is HungUpBy.SWITCH


def test_score_of_the_sound_comes_with_the_end_of_a_leg_from_which_sound_came() -> None:
    heard = {"variable_rtp_audio_in_media_packet_count": "900", "variable_rtp_audio_in_mos": "4.31"}
    for headers, mos in ((heard, 4.31), ({**heard, "variable_rtp_audio_in_media_packet_count": "0"}, None), ({}, None)):
        known = arrived()
        (told,) = translate(event("CHANNEL_HANGUP_COMPLETE", Hangup__Cause="NORMAL_CLEARING", **headers), known, NOON)
        assert isinstance(told, LegHungUp)
        assert told.mos == mos
