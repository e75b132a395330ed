"""What travels between core and web, there and back, and what is refused."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, Command, ExtendWrapUp, GoOnBreak, LogOn, ServeQueues
from cxcore.domain.queue import QueueId
from cxcore.feed.codec import (
    COMMANDS,
    Broadcast,
    PictureReply,
    PictureRequest,
    Reply,
    Request,
    Unavailable,
    decode_broadcast,
    decode_reply,
    decode_request,
    encode_broadcast,
    encode_reply,
    encode_request,
)
from cxcore.feed.fields import MessageRefused
from cxcore.feed.picture import identity
from cxcore.ports.controller import Change, CommandOutcome, Picture, Row, Subject, SystemRow
from tests.unit.feed.rows import NINE, agent_row, alarm_row, contact_row, queue_row, system_row

ROWS: list[Row] = [agent_row(), queue_row(3), contact_row(), system_row(healthy=False), alarm_row("Sofie")]
ANNA = AgentId("anna")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: type(row).__name__)
def test_every_row_survives_the_journey(row: Row) -> None:
    subject, key = identity(row)
    broadcast = Broadcast("e1", 7, (Change(7, subject, key, row),))
    assert decode_broadcast(encode_broadcast(broadcast)) == broadcast


def test_a_row_that_is_gone_and_a_heartbeat_survive_the_journey() -> None:
    for broadcast in (Broadcast("e1", 8, (Change(8, Subject.CONTACT, "c-1", None),)), Broadcast("e1", 8)):
        assert decode_broadcast(encode_broadcast(broadcast)) == broadcast


@pytest.mark.parametrize("name", ['"},{"', "\0\r\n", "\u2028", "J\ud800n", "Łukasz 🙂", "x" * 8192])
def test_a_callers_name_cannot_break_out_of_its_field(name: str) -> None:
    broadcast = Broadcast("e1", 1, (Change(1, Subject.CONTACT, name, contact_row(name, name)),))
    assert decode_broadcast(encode_broadcast(broadcast)) == broadcast


@pytest.mark.parametrize(
    "request_",
    [
        PictureRequest(),
        LogOn("anna", ANNA, (QueueId("burgerzaken"), QueueId("receptie"))),
        GoOnBreak("sofie", ANNA, "Lunch"),
        ServeQueues("anna", ANNA, ()),
        ExtendWrapUp("anna", ANNA, 30),
    ],
    ids=lambda request: type(request).__name__,
)
def test_every_request_survives_the_journey(request_: Request) -> None:
    assert decode_request(encode_request(request_)) == request_


def test_every_command_of_the_domain_can_be_sent() -> None:
    assert COMMANDS.keys() == {
        command.__name__ for command in Command.__subclasses__() if command.__module__ == Command.__module__
    }
    for command in COMMANDS.values():
        fields = {"by": "anna", "agent_id": "anna", "reason": "Lunch", "queue_ids": ["receptie"], "seconds": 5,
                  "queue_id": "receptie", "level": 2, "move_waiting": True,
                  "scope": "*", "message": "storing", "then": "end-call",
                  "number": "112", "contact_id": "c1", "version": 3, "kind": "agent",
                  "key": "bram", "digits": "1", "text": "Hallo", "page": "0123456789abcdef",
                  "via": "10654", "sender": "+31612345678", "line": 2, "fault": "131047"}  # fmt: skip
        known = {name: value for name, value in fields.items() if name in command.__dataclass_fields__}
        decode_request(json.dumps({"ask": "command", "command": command.__name__, "fields": known}).encode())


@pytest.mark.parametrize(
    "reply",
    [
        PictureReply("e1", Picture(9, {identity(row): row for row in ROWS})),
        PictureReply("e1", Picture(0)),
        CommandOutcome(),
        CommandOutcome("not-allowed", "Anna is talking."),
        Unavailable("busy"),
    ],
)
def test_every_reply_survives_the_journey(reply: Reply) -> None:
    assert decode_reply(encode_reply(reply)) == reply


def test_instants_travel_in_utc() -> None:
    summer = datetime(2026, 7, 1, 11, 0, tzinfo=timezone(timedelta(hours=2)))
    change = Change(1, Subject.SYSTEM, "switch", SystemRow("switch", True, summer))
    assert b'"since":"2026-07-01T09:00:00+00:00"' in encode_broadcast(Broadcast("e1", 1, (change,)))


def test_an_instant_without_time_zone_is_not_sent() -> None:
    change = Change(1, Subject.SYSTEM, "switch", SystemRow("switch", True, NINE.replace(tzinfo=None)))
    with pytest.raises(MessageRefused, match="without time zone"):
        encode_broadcast(Broadcast("e1", 1, (change,)))


def test_a_field_with_a_default_may_lack() -> None:
    message = b'{"ask":"command","command":"ExtendWrapUp","fields":{"by":"anna","agent_id":"anna"}}'
    assert decode_request(message) == ExtendWrapUp("anna", ANNA)


def command(name: str, **fields: object) -> bytes:
    return json.dumps({"ask": "command", "command": name, "fields": fields}).encode()


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"9" * 10_000, "no JSON"),
        (b"[]", "message must be an object, and is a list"),
        (b"{}", "neither for the picture nor for a command"),
        (b'{"ask": ["picture"]}', "neither"),
        (b'{"ask": "command", "command": 5}', "command must be text, and is a int"),
        (command("Reboot", by="anna"), "there is no command 'Reboot'"),
        (command("Command", by="anna"), "there is no command 'Command'"),
        (command("__class__"), "there is no command"),
        (command("BecomeAvailable", by="anna"), "BecomeAvailable lacks agent_id"),
        (command("BecomeAvailable", by="anna", agent_id=7), "BecomeAvailable.agent_id must be text, and is a int"),
        (command("BecomeAvailable", by="anna", agent_id=None), "BecomeAvailable.agent_id must be text"),
        (command("BecomeAvailable", by="anna", agent_id="anna", x=1), "has a field 'x' that nobody knows"),
        (command("ServeQueues", by="anna", agent_id="anna", queue_ids="receptie"), "queue_ids must be an array"),
        (command("ServeQueues", by="anna", agent_id="anna", queue_ids=[1]), "queue_ids must be text"),
        (command("ExtendWrapUp", by="anna", agent_id="anna", seconds=1.5), "seconds must be a whole number"),
        (command("ExtendWrapUp", by="anna", agent_id="anna", seconds=True), "seconds must be a whole number"),
        (command("ExtendWrapUp", by="anna", agent_id="anna", seconds=float("nan")), "NaN is no number"),
    ],
)
def test_a_request_that_is_not_understood_is_refused_with_the_reason(message: bytes, reason: str) -> None:
    with pytest.raises(MessageRefused, match=reason):
        decode_request(message)


def changed(**parts: object) -> bytes:
    row = {"part": "switch", "healthy": True, "since": NINE.isoformat()}
    change = {"number": 1, "subject": "system", "key": "switch", "row": row, **parts}
    return json.dumps({"epoch": "e1", "number": 1, "changes": [change]}).encode()


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"{}", "changes must be an array"),
        (b'{"changes": [], "epoch": 1, "number": 1}', "epoch must be text"),
        (b'{"changes": [], "epoch": "e", "number": "1"}', "number must be a whole number"),
        (b'{"changes": [5], "epoch": "e", "number": 1}', "change must be an object"),
        (changed(subject="weather"), "a subject that nobody knows"),
        (changed(subject="agent"), "agent has a field|agent lacks"),
        (changed(key="database"), "holds the row of another"),
        (changed(row={"part": "switch", "healthy": 1, "since": NINE.isoformat()}), "healthy must be true or false"),
        (changed(row={"part": "switch", "healthy": True, "since": "gisteren"}), "since is no instant"),
        (changed(row={"part": "switch", "healthy": True, "since": "2026-03-02T09:00:00"}), "without time zone"),
    ],
)
def test_a_broadcast_that_is_not_understood_is_refused_with_the_reason(message: bytes, reason: str) -> None:
    with pytest.raises(MessageRefused, match=reason):
        decode_broadcast(message)


def test_a_command_is_what_it_says() -> None:
    assert decode_request(command("BecomeAvailable", by="anna", agent_id="anna")) == BecomeAvailable("anna", ANNA)
