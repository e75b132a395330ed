"""Frames, authentication, subscriptions: what goes over the event socket before any call is made."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from tests.contract.engines import PASSWORD, Engine
from tests.contract.esl import Esl, Event, Frame


@pytest.fixture
def stranger(engine: Engine) -> Iterator[Esl]:
    """A connection that has not authenticated."""
    connection = Esl.connect(engine.esl_address)
    yield connection
    connection.close()


@pytest.fixture
def controller(engine: Engine) -> Iterator[Esl]:
    """A connection without subscriptions."""
    connection = engine.login()
    yield connection
    connection.close()


def test_engine_asks_for_a_password_at_once(stranger: Esl) -> None:
    assert stranger.read_frame() == Frame({"Content-Type": "auth/request"}, "")


def test_right_password_is_accepted(stranger: Esl) -> None:
    stranger.read_frame()
    reply = stranger.command(f"auth {PASSWORD}")
    assert reply.headers == {"Content-Type": "command/reply", "Reply-Text": "+OK accepted"}


@pytest.mark.parametrize("password", ["wrong", "", "ClueCon", PASSWORD + "x", PASSWORD[:-1]])
def test_wrong_password_is_refused_and_the_connection_closed(stranger: Esl, password: str) -> None:
    stranger.read_frame()
    assert stranger.command(f"auth {password}").reply == "-ERR invalid"
    assert stranger.read_frame().content_type == "text/disconnect-notice"
    assert stranger.is_closed()


def test_command_before_the_password_is_refused(stranger: Esl) -> None:
    stranger.read_frame()
    assert stranger.command("api status").reply == "-ERR command not found"
    assert stranger.command(f"auth {PASSWORD}").reply == "+OK accepted"


def test_event_socket_is_reached_over_ipv6_too(engine: Engine) -> None:
    connection = Esl.login(("::1", engine.esl_address[1]), PASSWORD)
    assert connection.api("status").startswith("UP ")
    connection.close()


def test_peer_from_elsewhere_is_turned_away(engine: Engine) -> None:
    with socket.create_connection(engine.esl_address, 5, source_address=("127.0.0.2", 0)) as elsewhere:
        assert Esl(elsewhere).read_frame().content_type == "text/rude-rejection"


@pytest.mark.parametrize("command", ["nonsense", "api", "bgapi", "filter"])
def test_unknown_or_empty_command_is_refused(controller: Esl, command: str) -> None:
    assert controller.command(command).reply == "-ERR command not found"


def test_unknown_api_is_refused_by_name(controller: Esl) -> None:
    assert controller.api("nonsense with words") == "-ERR nonsense Command not found!\n"


def test_content_length_counts_bytes_of_utf_8(controller: Esl) -> None:
    controller.subscribe("CUSTOM")
    assert controller.api("uuid_exists Ж") == "false"
    assert controller.api("uuid_exists x") == "false"


def test_command_in_pieces_is_put_together(controller: Esl) -> None:
    for piece in (b"ap", b"i uuid_exi", b"sts x\n", b"\n"):
        controller.socket.sendall(piece)
        controller.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    assert controller.read_frame().body == "false"


def test_commands_sent_together_are_answered_in_their_order(controller: Esl) -> None:
    controller.socket.sendall(b"api uuid_exists x\n\napi create_uuid\n\napi nonsense\n\n")
    bodies = [controller.read_frame().body for _ in range(3)]
    assert bodies[0] == "false"
    assert len(bodies[1]) == 36
    assert bodies[2].startswith("-ERR nonsense")


def test_line_ends_with_carriage_returns_are_understood(controller: Esl) -> None:
    controller.socket.sendall(b"api uuid_exists x\r\n\r\n")
    assert controller.read_frame().body == "false"


@pytest.mark.parametrize("form", ["plain", "json"])
def test_subscription_is_confirmed_with_its_form(controller: Esl, form: str) -> None:
    assert controller.command(f"event {form} ALL").reply == f"+OK event listener enabled {form}"


@pytest.mark.parametrize("names", ["", " NONSENSE"])
def test_subscription_to_nothing_is_refused(controller: Esl, names: str) -> None:
    assert controller.command(f"event plain{names}").reply == "-ERR no keywords supplied"


def test_unknown_name_among_known_ones_is_passed_over(controller: Esl) -> None:
    assert controller.command("event plain CHANNEL_CREATE NONSENSE").reply == "+OK event listener enabled plain"


@pytest.mark.parametrize("form", ["plain", "json"])
def test_background_job_answers_as_an_event_with_a_body(controller: Esl, form: str) -> None:
    controller.subscribe("BACKGROUND_JOB", form)
    reply = controller.command("bgapi uuid_exists x\nJob-UUID: my-job")
    assert reply.headers["Job-UUID"] == "my-job"
    assert reply.reply == "+OK Job-UUID: my-job"
    done = controller.wait_event("BACKGROUND_JOB", where={"Job-UUID": "my-job"})
    assert done.body == "false"
    assert done["Job-Command"] == "uuid_exists"
    assert done["Job-Command-Arg"] == "x"


def test_background_job_without_a_name_is_given_one(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB")
    job = controller.bgapi("nonsense")
    assert len(job) == 36
    assert controller.job_answer(job) == "-ERR nonsense Command not found!\n"


def test_event_has_the_headers_that_order_it(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB")
    first = controller.wait_event("BACKGROUND_JOB", where={"Job-UUID": controller.bgapi("uuid_exists x")})
    second = controller.wait_event("BACKGROUND_JOB", where={"Job-UUID": controller.bgapi("uuid_exists x")})
    assert int(second["Event-Sequence"]) > int(first["Event-Sequence"])
    assert int(second["Event-Date-Timestamp"]) >= int(first["Event-Date-Timestamp"]) > 1_700_000_000_000_000
    assert len(first["Core-UUID"]) == 36
    assert first["Core-UUID"] == second["Core-UUID"]


def test_event_plain_escapes_values(controller: Esl) -> None:
    event = _raw_event(controller, "plain", "one two:three 100% é")
    assert "Job-Command-Arg: one%20two%3Athree%20100%25%20%C3%A9\n" in event.body
    assert event.body.endswith("Content-Length: 5\n\nfalse")


def test_event_plain_leaves_what_looks_escaped_as_it_is(controller: Esl) -> None:
    """So a caller's `%0A` cannot be told from a line end in event plain (`switch_url_encode`); event json can."""
    event = _raw_event(controller, "plain", "one%0Atwo%0athree")
    assert "Job-Command-Arg: one%0Atwo%250athree\n" in event.body


def _raw_event(controller: Esl, form: str, argument: str) -> Frame:
    """The frame of the BACKGROUND_JOB of a command with this argument."""
    controller.command(f"event {form} BACKGROUND_JOB")
    controller.send(f"bgapi uuid_exists {argument}")
    frames = [controller.read_frame(), controller.read_frame()]
    return next(frame for frame in frames if frame.content_type == f"text/event-{form}")


def test_event_json_is_one_flat_object_of_strings(controller: Esl) -> None:
    event = json.loads(_raw_event(controller, "json", "one two%0Athree").body)
    assert all(isinstance(value, str) for value in event.values())
    assert event["Job-Command-Arg"] == "one two%0Athree"
    assert event["Content-Length"] == "5"
    assert event["_body"] == "false"


def test_event_that_is_not_subscribed_does_not_come(controller: Esl) -> None:
    controller.subscribe("CHANNEL_CREATE")
    controller.bgapi("uuid_exists x")
    assert _all_events(controller) == []


def test_nixed_event_does_not_come_any_more(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB CHANNEL_CREATE")
    assert controller.command("nixevent BACKGROUND_JOB").reply == "+OK events nixed"
    controller.bgapi("uuid_exists x")
    assert _all_events(controller) == []


def test_nothing_comes_after_noevents(controller: Esl) -> None:
    controller.subscribe("ALL")
    assert controller.command("noevents").reply == "+OK no longer listening for events"
    controller.events.clear()
    controller.bgapi("uuid_exists x")
    assert _all_events(controller) == []


def _all_events(controller: Esl) -> list[Event]:
    """What has come, a moment after the last command."""
    controller.collect(0.3)
    return controller.events


def test_filter_lets_only_matching_events_through(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB")
    assert controller.command("filter Job-UUID wanted").reply == "+OK filter added. [Job-UUID]=[wanted]"
    controller.bgapi("uuid_exists x", "unwanted")
    controller.bgapi("uuid_exists x", "wanted")
    assert [event["Job-UUID"] for event in _all_events(controller)] == ["wanted"]


def test_filters_on_one_header_add_up(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB")
    controller.command("filter Job-UUID one")
    controller.command("filter Job-UUID two")
    for job in ("one", "two", "three"):
        controller.bgapi("uuid_exists x", job)
    assert sorted(event["Job-UUID"] for event in _all_events(controller)) == ["one", "two"]


def test_filters_on_two_headers_add_up_and_take_patterns(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB HEARTBEAT RELOADXML")
    controller.command("filter Event-Name /^(?!BACKGROUND_JOB$)/")
    controller.command("filter Job-UUID /^(one|two)$/")
    for job in ("one", "two", "twofold"):
        controller.bgapi("uuid_exists x", job)
    controller.api("reloadxml")
    told = [event.get("Job-UUID", event["Event-Name"]) for event in _all_events(controller)]
    assert sorted(told) == ["RELOADXML", "one", "two"]


def test_deleted_filter_no_longer_counts(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB")
    controller.command("filter Job-UUID one")
    assert controller.command("filter delete Job-UUID one").reply == "+OK filter deleted. [Job-UUID][one]"
    controller.bgapi("uuid_exists x", "two")
    assert [event["Job-UUID"] for event in _all_events(controller)] == ["two"]


def test_filters_of_a_header_are_deleted_together(controller: Esl) -> None:
    controller.subscribe("BACKGROUND_JOB")
    controller.command("filter Job-UUID one")
    controller.command("filter Job-UUID two")
    assert controller.command("filter delete Job-UUID").reply == "+OK filter deleted. [Job-UUID][]"
    controller.bgapi("uuid_exists x", "three")
    assert [event["Job-UUID"] for event in _all_events(controller)] == ["three"]


@pytest.mark.parametrize("command", ["filter delete", "filter Job-UUID"])
def test_incomplete_filter_is_refused(controller: Esl, command: str) -> None:
    assert controller.command(command).reply == "-ERR invalid syntax"


@pytest.mark.parametrize("command", ["linger", "linger 3", "nolinger"])
def test_lingering_belongs_to_sockets_of_a_leg(controller: Esl, command: str) -> None:
    assert controller.command(command).reply == "-ERR not controlling a session"


def test_log_is_switched_on_and_off(controller: Esl) -> None:
    assert controller.command("log 3").reply == "+OK log level 3 [3]"
    assert controller.command("nolog").reply == "+OK no longer logging"


def test_exit_says_goodbye_and_closes(controller: Esl) -> None:
    assert controller.command("exit").reply == "+OK bye"
    assert controller.read_frame().content_type == "text/disconnect-notice"
    assert controller.is_closed()


def test_message_to_an_unknown_leg_is_refused(controller: Esl) -> None:
    reply = controller.command("sendmsg nobody\ncall-command: hangup")
    assert reply.reply == "-ERR invalid session id [nobody]"


def test_own_event_reaches_every_controller(engine: Engine, controller: Esl) -> None:
    other = engine.login()
    other.subscribe("BACKGROUND_JOB")
    controller.bgapi("uuid_exists x", "shared")
    assert other.job_answer("shared") == "false"
    other.close()


def test_controller_that_vanishes_hurts_nobody(engine: Engine, controller: Esl) -> None:
    gone = engine.login()
    gone.subscribe("ALL")
    gone.close()
    assert controller.api("uuid_exists x") == "false"
