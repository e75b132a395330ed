"""The order in which events come for a typical call, and the headers that each of them has."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Floor
from tests.contract.esl import Esl, Event

TOLD = (
    "CHANNEL_CREATE",
    "CHANNEL_PROGRESS",
    "CHANNEL_PROGRESS_MEDIA",
    "CHANNEL_ANSWER",
    "CHANNEL_PARK",
    "CHANNEL_UNPARK",
    "CHANNEL_BRIDGE",
    "CHANNEL_UNBRIDGE",
    "CHANNEL_EXECUTE",
    "CHANNEL_EXECUTE_COMPLETE",
    "CHANNEL_HOLD",
    "CHANNEL_UNHOLD",
    "CHANNEL_HANGUP",
    "CHANNEL_HANGUP_COMPLETE",
    "CHANNEL_DESTROY",
    "PLAYBACK_START",
    "PLAYBACK_STOP",
)
"""The events that the core reads; an engine may send others between them."""

CALL_EVENTS = ("CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA", "CHANNEL_ANSWER", "CHANNEL_PARK")
END_EVENTS = ("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY")


def _order(floor: Floor, uuid: str) -> list[str]:
    """The events of a leg, executions with their application."""
    told = []
    for event in floor.esl.events:
        if event.uuid == uuid and event.name in TOLD:
            application = event.get("Application") if event.name.startswith("CHANNEL_EXECUTE") else ""
            told.append(f"{event.name} {application}".strip())
    return told


def test_order_for_a_caller_who_is_answered_hears_a_prompt_and_leaves(floor: Floor) -> None:
    leg = floor.arrive()
    floor.esl.ok(f"uuid_ring_ready {leg.uuid}")
    floor.esl.ok(f"uuid_answer {leg.uuid}")
    leg.call.wait_answered()
    floor.esl.run(leg.uuid, "playback", floor.engine.prompt("first"))
    leg.call.bye()
    floor.esl.wait_event("CHANNEL_DESTROY", leg.uuid)
    assert _order(floor, leg.uuid) == [
        "CHANNEL_CREATE",
        "CHANNEL_EXECUTE sched_transfer",
        "CHANNEL_EXECUTE_COMPLETE sched_transfer",
        "CHANNEL_EXECUTE park",
        "CHANNEL_PARK",
        "CHANNEL_PROGRESS",
        "CHANNEL_ANSWER",
        "CHANNEL_EXECUTE playback",
        "PLAYBACK_START",
        "PLAYBACK_STOP",
        "CHANNEL_EXECUTE_COMPLETE playback",
        "CHANNEL_HANGUP",
        "CHANNEL_UNPARK",
        "CHANNEL_EXECUTE_COMPLETE park",
        "CHANNEL_HANGUP_COMPLETE",
        "CHANNEL_DESTROY",
    ]


def test_order_for_an_agent_who_rings_and_answers(floor: Floor) -> None:
    uuid, job = floor.dial()
    call = floor.party.expect_call()
    call.ring()
    floor.esl.wait_event("CHANNEL_PROGRESS", uuid)
    call.answer()
    floor.esl.job_answer(job)
    floor.esl.wait_event("CHANNEL_PARK", uuid)
    assert _order(floor, uuid) == [
        "CHANNEL_CREATE",
        "CHANNEL_PROGRESS",
        "CHANNEL_ANSWER",
        "CHANNEL_EXECUTE park",
        "CHANNEL_PARK",
    ]


def test_order_for_an_agent_who_does_not_answer(floor: Floor) -> None:
    uuid, _ = floor.dial()
    floor.party.expect_call().reject(486)
    floor.esl.wait_event("CHANNEL_DESTROY", uuid)
    assert _order(floor, uuid) == ["CHANNEL_CREATE", "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"]


def test_order_for_a_conversation_that_the_agent_ends(floor: Floor) -> None:
    caller, agent = floor.caller(), floor.agent()
    floor.esl.ok(f"uuid_setvar {caller.uuid} park_after_bridge true")
    floor.bridge(caller, agent)
    start = len(floor.esl.events)
    agent.call.bye()
    floor.esl.wait_event("CHANNEL_DESTROY", agent.uuid)
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    after = [
        (event.name, "caller" if event.uuid == caller.uuid else "agent")
        for event in floor.esl.events[start:]
        if event.name in (*END_EVENTS, "CHANNEL_UNBRIDGE", "CHANNEL_PARK")
    ]
    assert [name for name, who in after if who == "caller"] == ["CHANNEL_UNBRIDGE", "CHANNEL_PARK"]
    assert [name for name, who in after if who == "agent"] == list(END_EVENTS)
    assert after.index(("CHANNEL_HANGUP", "agent")) < after.index(("CHANNEL_UNBRIDGE", "caller"))


def test_order_for_a_caller_who_is_bridged(floor: Floor) -> None:
    caller, _ = floor.talking()
    order = _order(floor, caller.uuid)
    assert order[order.index("CHANNEL_ANSWER") :] == [
        "CHANNEL_ANSWER",
        "CHANNEL_UNPARK",
        "CHANNEL_EXECUTE_COMPLETE park",
        "CHANNEL_EXECUTE uuid_bridge",
        "CHANNEL_BRIDGE",
    ]


def test_each_order_starts_and_ends_in_turn(floor: Floor) -> None:
    leg = floor.caller()
    for number in range(3):
        floor.esl.execute(leg.uuid, "set", f"cx_a={number}", event_lock="true")
    floor.esl.run(leg.uuid, "set", "cx_a=last")
    executed = [name for name in _order(floor, leg.uuid) if name.endswith(" set")]
    assert executed == ["CHANNEL_EXECUTE set", "CHANNEL_EXECUTE_COMPLETE set"] * 4


def test_no_two_events_have_the_same_sequence_number(floor: Floor) -> None:
    floor.talking()
    sequence = [event["Event-Sequence"] for event in floor.esl.events]
    assert len(set(sequence)) == len(sequence)


LEG_HEADERS = (
    "Unique-ID",
    "Call-Direction",
    "Channel-State",
    "Channel-Call-State",
    "Answer-State",
    "Caller-Caller-ID-Number",
    "Caller-Destination-Number",
    "Caller-Channel-Created-Time",
    "Caller-Unique-ID",
    "Channel-Name",
)
ALL_HEADERS = ("Event-Name", "Core-UUID", "Event-Date-Timestamp", "Event-Sequence")


@pytest.fixture
def whole_call(floor: Floor) -> list[Event]:
    """A conversation with all that the contract names, from beginning to end."""
    caller = floor.arrive(display="Jan de Vries", headers={"X-Contact": "17"})
    floor.esl.ok(f"uuid_ring_ready {caller.uuid}")
    floor.esl.ok(f"uuid_pre_answer {caller.uuid}")
    floor.esl.ok(f"uuid_answer {caller.uuid}")
    caller.call.wait_answered()
    floor.esl.run(caller.uuid, "playback", floor.engine.prompt("first"))
    caller.rtp.press("5")
    floor.esl.wait_event("DTMF", caller.uuid)
    agent = floor.agent()
    floor.bridge(caller, agent)
    path = floor.engine.folder / "recordings" / "events.wav"
    path.parent.mkdir(exist_ok=True)
    floor.esl.ok(f"uuid_record {caller.uuid} start {path}")
    caller.call.reinvite("sendonly")
    caller.call.reinvite("sendrecv")
    floor.esl.ok(f"uuid_record {caller.uuid} stop {path}")
    floor.esl.ok(f"uuid_transfer {caller.uuid} -both park inline")
    floor.esl.wait_event("CHANNEL_UNBRIDGE")
    agent.call.bye()
    floor.esl.wait_event("CHANNEL_DESTROY", agent.uuid)
    caller.call.bye()
    floor.esl.wait_event("CHANNEL_DESTROY", caller.uuid)
    return floor.esl.events


HEADERS: dict[str, tuple[str, ...]] = {
    "CHANNEL_CREATE": (*LEG_HEADERS, "variable_sip_call_id", "variable_sip_h_X-Contact", "variable_uuid"),
    "CHANNEL_PROGRESS": (*LEG_HEADERS, "variable_sip_call_id"),
    "CHANNEL_PROGRESS_MEDIA": (*LEG_HEADERS, "variable_sip_call_id"),
    "CHANNEL_ANSWER": (*LEG_HEADERS, "Caller-Channel-Answered-Time", "variable_sip_call_id"),
    "CHANNEL_PARK": (*LEG_HEADERS, "variable_sip_from_user", "variable_sip_to_user"),
    "CHANNEL_UNPARK": LEG_HEADERS,
    "CHANNEL_HOLD": LEG_HEADERS,
    "CHANNEL_UNHOLD": LEG_HEADERS,
    "CHANNEL_BRIDGE": (
        *LEG_HEADERS,
        "Bridge-A-Unique-ID",
        "Bridge-B-Unique-ID",
        "Other-Leg-Unique-ID",
        "variable_bridge_uuid",
        "variable_signal_bond",
    ),
    "CHANNEL_UNBRIDGE": (*LEG_HEADERS, "Bridge-A-Unique-ID", "Bridge-B-Unique-ID"),
    "CHANNEL_EXECUTE": (*LEG_HEADERS, "Application", "Application-UUID"),
    "CHANNEL_EXECUTE_COMPLETE": (*LEG_HEADERS, "Application", "Application-UUID", "Application-Response"),
    "PLAYBACK_START": (*LEG_HEADERS, "Playback-File-Path"),
    "PLAYBACK_STOP": (*LEG_HEADERS, "Playback-File-Path", "Playback-Status"),
    "RECORD_START": (*LEG_HEADERS, "Record-File-Path"),
    "RECORD_STOP": (*LEG_HEADERS, "Record-File-Path", "Record-Completion-Cause"),
    "DTMF": (*LEG_HEADERS, "DTMF-Digit", "DTMF-Duration", "DTMF-Source"),
    "CHANNEL_HANGUP": (*LEG_HEADERS, "Hangup-Cause"),
    "CHANNEL_HANGUP_COMPLETE": (
        *LEG_HEADERS,
        "Hangup-Cause",
        "variable_hangup_cause",
        "variable_sip_hangup_disposition",
        "variable_billsec",
        "variable_rtp_audio_in_packet_count",
        "variable_rtp_audio_in_mos",
    ),
    "CHANNEL_DESTROY": (*LEG_HEADERS, "Hangup-Cause", "variable_hangup_cause"),
}


def test_each_event_has_the_headers_of_the_contract(whole_call: list[Event]) -> None:
    missing = {}
    for name, headers in HEADERS.items():
        event = next((event for event in whole_call if event.name == name), None)
        absent = [header for header in (*ALL_HEADERS, *headers) if event is None or header not in event.headers]
        if absent:
            missing[name] = absent
    assert missing == {}


def test_states_of_a_leg_follow_its_life(whole_call: list[Event]) -> None:
    caller = whole_call[0].uuid or next(event.uuid for event in whole_call if event.name == "CHANNEL_CREATE")
    states = {
        event.name: (event["Answer-State"], event["Channel-Call-State"])
        for event in reversed(whole_call)
        if event.uuid == caller and event.name in (*CALL_EVENTS, *END_EVENTS, "CHANNEL_BRIDGE", "CHANNEL_HOLD")
    }
    assert states == {
        "CHANNEL_CREATE": ("ringing", "DOWN"),
        "CHANNEL_PARK": ("ringing", "RINGING"),
        "CHANNEL_PROGRESS": ("ringing", "RINGING"),
        "CHANNEL_PROGRESS_MEDIA": ("early", "RINGING"),
        "CHANNEL_ANSWER": ("answered", "EARLY"),
        "CHANNEL_BRIDGE": ("answered", "ACTIVE"),
        "CHANNEL_HOLD": ("answered", "HELD"),
        "CHANNEL_HANGUP": ("hangup", "ACTIVE"),
        "CHANNEL_HANGUP_COMPLETE": ("hangup", "HANGUP"),
        "CHANNEL_DESTROY": ("hangup", "HANGUP"),
    }


def test_creation_time_is_in_microseconds_and_stays(whole_call: list[Event]) -> None:
    caller = next(event.uuid for event in whole_call if event.name == "CHANNEL_CREATE")
    of_caller = [event for event in whole_call if event.uuid == caller and event.name in TOLD]
    times = {event["Caller-Channel-Created-Time"] for event in of_caller}
    assert len(times) == 1
    assert int(times.pop()) > 1_700_000_000_000_000


def test_heartbeat_comes_every_twenty_seconds(heartbeats: Esl) -> None:
    beat = heartbeats.wait_event("HEARTBEAT", timeout=25)
    assert beat["Event-Info"] == "System Ready"
    assert beat["Session-Count"].isdigit()


def test_shutdown_is_announced(floor: Floor) -> None:
    """Not sent here, as the engine serves other tests; that it is known is seen in the subscription."""
    assert floor.esl.command("event plain SHUTDOWN").reply == "+OK event listener enabled plain"
