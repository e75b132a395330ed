"""Each api command: its answer, its error forms. What a call hears of it stands in the other files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from tests.contract.conftest import Floor
from tests.contract.esl import Esl
from tests.contract.sip_peer import wait_until

NOBODY = "12345678-1234-1234-1234-123456789012"
TRANSFER_USAGE = "-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n"
RECORD_USAGE = "-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n"


def test_status_says_that_the_engine_is_up(esl: Esl) -> None:
    assert re.match(r"UP \d+ years?, \d+ days?, \d+ hours?, \d+ minutes?, \d+ seconds?", esl.api("status"))
    assert " is ready\n" in esl.api("status")


def test_version_names_the_program(esl: Esl) -> None:
    assert re.match(r"\S+ Version \d+\.\d+", esl.api("version"))


def test_uptime_is_a_number_of_seconds(esl: Esl) -> None:
    assert esl.api("uptime").strip().isdigit()


def test_uuids_are_made_anew(esl: Esl) -> None:
    one, two = esl.api("create_uuid"), esl.api("create_uuid")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one)
    assert one != two


def test_global_variable_is_read(esl: Esl) -> None:
    assert esl.api("global_getvar core_uuid") == _core_uuid(esl)
    assert esl.api("global_getvar nonsense") == "-ERR no reply\n"


def _core_uuid(esl: Esl) -> str:
    return esl.wait_event("BACKGROUND_JOB", where={"Job-UUID": esl.bgapi("uuid_exists x")})["Core-UUID"]


def test_no_channels_are_shown_when_there_are_none(esl: Esl) -> None:
    assert wait_until(lambda: esl.api("show channels count") == "\n0 total.\n")
    assert json.loads(esl.api("show channels as json")) == {"row_count": 0}


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("uuid_dump", "-USAGE: <uuid> [format]\n"),
        (f"uuid_dump {NOBODY}", "-ERR No such channel!\n"),
        ("uuid_exists", "false"),
        (f"uuid_exists {NOBODY}", "false"),
        (f"uuid_getvar {NOBODY}", "-USAGE: <uuid> <var>\n"),
        (f"uuid_getvar {NOBODY} a", "-ERR No such channel!\n"),
        ("uuid_setvar", "-USAGE: <uuid> <var> [value]\n"),
        (f"uuid_setvar {NOBODY} a b", "-ERR No such channel!\n"),
        (
            f"uuid_setvar_multi {NOBODY} a=b",
            "-ERR No such channel!\n-USAGE: <uuid> <var>=<value>;<var>=<value>...\n",
        ),
        ("uuid_ring_ready", "-USAGE: <uuid> [queued]\n"),
        (f"uuid_ring_ready {NOBODY}", "-ERROR\n"),
        (f"uuid_pre_answer {NOBODY}", "-ERROR\n"),
        (f"uuid_answer {NOBODY}", "-ERROR\n"),
        ("uuid_media_reneg", "-USAGE: <uuid>[ <codec_string>]\n-ERR Operation Failed\n"),
        (f"uuid_media_reneg {NOBODY}", "-ERR Operation Failed\n"),
        ("uuid_kill", "-USAGE: <uuid> [cause]\n"),
        (f"uuid_kill {NOBODY}", "-ERR No such channel!\n"),
        (f"uuid_kill {NOBODY} USER_BUSY", "-ERR No such channel!\n"),
        ("uuid_bridge", "-USAGE: <uuid> <other_uuid>\n"),
        (f"uuid_bridge {NOBODY}", "-USAGE: <uuid> <other_uuid>\n"),
        (f"uuid_bridge {NOBODY} {NOBODY}", "-ERR Invalid uuid\n"),
        ("uuid_park", "-ERR No such channel!\n"),
        (f"uuid_park {NOBODY}", "-ERR No such channel!\n"),
        (f"uuid_transfer {NOBODY}", TRANSFER_USAGE),
        (f"uuid_transfer {NOBODY} 100", "-ERR No such channel!\n"),
        (f"uuid_transfer {NOBODY} park inline", "-ERR No such channel!\n"),
        (f"uuid_broadcast {NOBODY}", "-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n"),
        (f"uuid_broadcast {NOBODY} /a.wav", "-ERR invalid uuid\n"),
        ("uuid_break", "-USAGE: <uuid> [all]\n"),
        (f"uuid_break {NOBODY} all", "-ERR No such channel!\n"),
        ("uuid_hold", "-USAGE: [off|toggle] <uuid> [<display>]\n-ERR Operation failed\n"),
        (f"uuid_hold {NOBODY}", "+OK Success\n"),
        (f"uuid_hold off {NOBODY}", "+OK Success\n"),
        ("uuid_record", RECORD_USAGE),
        (f"uuid_record {NOBODY} start /a.wav", "-ERR Cannot locate session!\n"),
        ("uuid_send_dtmf", "-USAGE: <uuid> <dtmf_data>\n"),
        (f"uuid_send_dtmf {NOBODY} 1", "-ERR Cannot locate session!\n"),
        (f"uuid_recv_dtmf {NOBODY} 1", "-ERR Cannot locate session!\n"),
        (f"uuid_flush_dtmf {NOBODY}", "-ERR No such session\n"),
        ("sched_transfer", "-USAGE: [+]<time> <uuid> <extension> [<dialplan>] [<context>]\n"),
        (f"sched_transfer +1 {NOBODY} 100", "-ERR No such channel!\n"),
        ("sched_hangup", "-USAGE: [+]<time> <uuid> [<cause>]\n"),
        (f"sched_hangup +1 {NOBODY}", "-ERR No such channel!\n"),
        ("sched_del nobody", "+OK Deleted: 0\n"),
        ("reloadxml", "+OK [Success]\n"),
        ("hupall", "+OK hangup all channels with cause MANAGER_REQUEST\n"),
        ("hupall USER_BUSY cx_a 1", "+OK hangup all channels matching [cx_a]=[1] with cause: USER_BUSY\n"),
    ],
)
def test_command_answers_in_its_own_form(esl: Esl, command: str, answer: str) -> None:
    assert esl.api(command) == answer


def test_shown_channels_tell_what_recovery_needs(floor: Floor) -> None:
    leg = floor.caller(display="Jan de Vries")
    shown = _shown(floor, 1)[0]
    assert shown["uuid"] == leg.uuid
    assert shown["direction"] == "inbound"
    assert shown["cid_num"] == "+31612345678"
    assert shown["cid_name"] == "Jan de Vries"
    assert shown["dest"] == "+31715550100"
    assert shown["callstate"] == "ACTIVE"
    assert shown["created_epoch"].isdigit()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown["created"])
    assert shown["name"] == f"sofia/{floor.engine.profile}/+31612345678@{floor.party.address}"
    assert {"state", "application", "application_data", "call_uuid"} <= shown.keys()


def test_shown_channels_tell_who_talks_to_whom(floor: Floor) -> None:
    caller, agent = floor.talking()
    rows = _shown(floor, 2, lambda row: bool(row["call_uuid"]))
    shown = {row["uuid"]: row["call_uuid"] for row in rows}
    assert shown.keys() == {caller.uuid, agent.uuid}
    assert len(set(shown.values())) == 1


Row = dict[str, str]


def _shown(floor: Floor, count: int, ready: Callable[[Row], bool] = lambda row: True) -> list[Row]:
    """FreeSWITCH writes this table in the background, so it may come a moment late."""
    rows: list[Row] = []
    for _ in range(50):
        rows = json.loads(floor.esl.api("show channels as json")).get("rows", [])
        if len(rows) == count and all(row["callstate"] == "ACTIVE" and ready(row) for row in rows):
            return rows
        floor.esl.collect(0.05)
    raise AssertionError(f"not {count} active channels: {rows}")


def test_counted_channels_are_those_that_live(floor: Floor) -> None:
    floor.talking()
    for _ in range(50):
        if floor.esl.api("show channels count") == "\n2 total.\n":
            return
        floor.esl.collect(0.05)
    pytest.fail(floor.esl.api("show channels count"))


def test_leg_exists_until_it_is_over(floor: Floor) -> None:
    leg = floor.caller()
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "true"
    leg.call.bye()
    floor.esl.wait_event("CHANNEL_DESTROY", leg.uuid)
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "false"


def test_variable_is_set_read_and_removed(floor: Floor) -> None:
    leg = floor.arrive()
    assert floor.esl.api(f"uuid_setvar {leg.uuid} cx_queue Bouwen en wonen") == "+OK\n"
    assert floor.esl.api(f"uuid_getvar {leg.uuid} cx_queue") == "Bouwen en wonen"
    assert floor.esl.api(f"uuid_setvar {leg.uuid} cx_queue") == "+OK\n"
    assert floor.esl.api(f"uuid_getvar {leg.uuid} cx_queue") == "_undef_"


def test_several_variables_are_set_at_once(floor: Floor) -> None:
    leg = floor.arrive()
    assert floor.esl.api(f"uuid_setvar_multi {leg.uuid} cx_a=1;cx_b=two words;cx_c=") == "+OK\n"
    assert floor.esl.api(f"uuid_getvar {leg.uuid} cx_a") == "1"
    assert floor.esl.api(f"uuid_getvar {leg.uuid} cx_b") == "two words"
    assert floor.esl.api(f"uuid_getvar {leg.uuid} cx_c") == "_undef_"


def test_marks_come_back_in_events_and_in_the_dump(floor: Floor) -> None:
    leg = floor.arrive()
    floor.esl.ok(f"uuid_setvar {leg.uuid} cx_contact 17")
    floor.esl.ok(f"uuid_answer {leg.uuid}")
    assert floor.esl.wait_event("CHANNEL_ANSWER", leg.uuid).variable("cx_contact") == "17"
    assert "variable_cx_contact: 17\n" in floor.esl.api(f"uuid_dump {leg.uuid}")


def test_dump_is_an_event_of_the_leg(floor: Floor) -> None:
    leg = floor.caller(display="Jan de Vries")
    lines = floor.esl.api(f"uuid_dump {leg.uuid}").split("\n")
    dump = {name: unquote(value) for name, value in (line.split(": ", 1) for line in lines if ": " in line)}
    assert dump["Event-Name"] == "CHANNEL_DATA"
    assert dump["Unique-ID"] == leg.uuid
    assert dump["Channel-Call-State"] == "ACTIVE"
    assert dump["Answer-State"] == "answered"
    assert dump["Call-Direction"] == "inbound"
    assert dump["Caller-Caller-ID-Name"] == "Jan de Vries"
    assert dump["variable_sip_call_id"] == leg.call.call_id


def test_dump_as_json_is_one_flat_object(floor: Floor) -> None:
    leg = floor.caller(display="Jan de Vries")
    dump = json.loads(floor.esl.api(f"uuid_dump {leg.uuid} json"))
    assert dump["Event-Name"] == "CHANNEL_DATA"
    assert dump["Unique-ID"] == leg.uuid
    assert dump["Caller-Caller-ID-Name"] == "Jan de Vries"


def test_arrived_leg_rings_when_told(floor: Floor) -> None:
    leg = floor.arrive()
    assert floor.esl.api(f"uuid_ring_ready {leg.uuid}") == "+OK\n"
    leg.call.wait_status(180)
    floor.esl.wait_event("CHANNEL_PROGRESS", leg.uuid)


def test_arrived_leg_gets_early_media_when_told(floor: Floor) -> None:
    leg = floor.arrive()
    assert floor.esl.api(f"uuid_pre_answer {leg.uuid}") == "+OK\n"
    assert leg.call.wait_status(183).sdp
    floor.esl.wait_event("CHANNEL_PROGRESS_MEDIA", leg.uuid)


def test_arrived_leg_is_answered_when_told(floor: Floor) -> None:
    leg = floor.arrive()
    assert floor.esl.api(f"uuid_answer {leg.uuid}") == "+OK\n"
    assert leg.call.wait_status(200).sdp


def test_parked_leg_is_not_answered_by_itself(floor: Floor) -> None:
    leg = floor.arrive()
    floor.esl.collect(0.5)
    assert leg.call.statuses() == []


def test_killed_leg_is_over(floor: Floor) -> None:
    leg = floor.caller()
    assert floor.esl.api(f"uuid_kill {leg.uuid}") == "+OK\n"
    assert leg.call.wait_ended()
    assert floor.esl.wait_event("CHANNEL_HANGUP", leg.uuid)["Hangup-Cause"] == "NORMAL_CLEARING"


def test_unknown_cause_is_refused(floor: Floor) -> None:
    leg = floor.arrive()
    answer = floor.esl.api(f"uuid_kill {leg.uuid} NONSENSE")
    assert answer == "+OK\n"
    assert floor.esl.wait_event("CHANNEL_HANGUP", leg.uuid)["Hangup-Cause"] == "NORMAL_CLEARING"


def test_all_legs_of_a_mark_are_ended_together(floor: Floor) -> None:
    marked, other = floor.caller(), floor.caller()
    floor.esl.ok(f"uuid_setvar {marked.uuid} cx_shard noordwijk")
    floor.esl.ok("hupall NORMAL_CLEARING cx_shard noordwijk")
    floor.esl.wait_event("CHANNEL_DESTROY", marked.uuid)
    assert floor.esl.api(f"uuid_exists {other.uuid}") == "true"


def test_scheduled_hangup_comes_with_its_cause(floor: Floor) -> None:
    leg = floor.caller()
    assert floor.esl.api(f"sched_hangup +1 {leg.uuid} ALLOTTED_TIMEOUT") == "+OK\n"
    assert floor.esl.wait_event("CHANNEL_HANGUP", leg.uuid)["Hangup-Cause"] == "ALLOTTED_TIMEOUT"


def test_scheduled_hangup_is_taken_back_by_its_leg(floor: Floor) -> None:
    leg = floor.caller()
    floor.esl.ok(f"sched_hangup +1 {leg.uuid}")
    assert floor.esl.ok(f"sched_del {leg.uuid}") == "Deleted: 1"
    floor.esl.collect(1.7)
    assert floor.esl.api(f"uuid_exists {leg.uuid}") == "true"


def test_reloading_is_told(esl: Esl) -> None:
    esl.ok("reloadxml")
    esl.wait_event("RELOADXML")
