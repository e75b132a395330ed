"""What a supervisor's click becomes, and what is kept of it."""

from __future__ import annotations

import json

import pytest

from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.queue import QueueId
from cxcore.ports.audit import AuditResult
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.controller import AlarmRow, CommandRefused, Subject
from tests.cast import AAD, ANNA, KAREL, SOFIE
from tests.web.conftest import Desk

BY, ANNA_ID, RECEPTIE = "sofie", AgentId("anna"), QueueId("receptie")


def steered(desk: Desk) -> list[tuple[str, str, AuditResult]]:
    """What the audit holds, but for the sign-in."""
    events = [event for event in desk.audit.events if event.action != "sign-in"]
    assert {event.actor for event in events} == {"sofie"}
    assert {event.origin for event in events} == {"192.0.2.1"}
    return [(event.action, event.object, event.result) for event in events]


def test_each_name_makes_its_command_about_the_agent(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    assert visitor.command("agents/anna/log-on").status_code == 204
    visitor.command("agents/anna/go-on-break", reason="Lunch")
    visitor.command("agents/anna/become-available")
    visitor.command("agents/anna/assign-queue", queue_id="receptie", level=2)
    visitor.command("agents/anna/remove-from-queue", queue_id="receptie")
    visitor.command("agents/anna/log-off")
    assert desk.controller.submitted == [
        commands.LogOn(BY, ANNA_ID),
        commands.GoOnBreak(BY, ANNA_ID, "Lunch"),
        commands.BecomeAvailable(BY, ANNA_ID),
        commands.AssignQueue(BY, ANNA_ID, RECEPTIE, 2),
        commands.RemoveFromQueue(BY, ANNA_ID, RECEPTIE),
        commands.LogOff(BY, ANNA_ID),
    ]


def test_each_name_makes_its_command_about_the_queue_or_the_contact(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    visitor.command("contacts/c1/move", queue_id="receptie")
    visitor.command("contacts/c1/assign", agent_id="anna")
    visitor.command("contacts/c1/cancel-call-back")
    visitor.command("queues/receptie/close", move_waiting=True)
    visitor.command("queues/receptie/open")
    visitor.command("queues/receptie/follow-timetable")
    assert desk.controller.submitted == [
        commands.MoveContact(BY, ContactId("c1"), RECEPTIE),
        commands.AssignContact(BY, ContactId("c1"), ANNA_ID),
        commands.CancelCallBack(BY, ContactId("c1")),
        commands.CloseQueue(BY, RECEPTIE, True),
        commands.OpenQueue(BY, RECEPTIE),
        commands.FollowTimetable(BY, RECEPTIE),
    ]


def test_every_command_is_kept_with_who_what_whom_and_result(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    visitor.command("agents/anna/assign-queue", queue_id="receptie", level=2)
    visitor.command("queues/receptie/close")
    visitor.command("contacts/gone/move", queue_id="receptie")
    assert steered(desk) == [
        ("agent-assign-queue", "agent_id=anna queue_id=receptie level=2", AuditResult.DONE),
        ("queue-close", "queue_id=receptie move_waiting=False", AuditResult.DONE),
        ("contact-move", "contact_id=gone queue_id=receptie", AuditResult.FAILED),
    ]


def test_command_that_the_core_did_not_answer_is_kept_as_failed(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    desk.controller.heard = False
    assert visitor.command("agents/anna/log-off").status_code == 503
    assert steered(desk) == [("agent-log-off", "agent_id=anna", AuditResult.FAILED)]


def test_floor_can_be_steered_while_the_database_is_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = desk.visitor_as(SOFIE)

    def record(*_: object) -> None:
        raise LogUnavailable("database: it is away")

    monkeypatch.setattr(desk.audit, "record", record)
    assert visitor.command("agents/anna/log-on").status_code == 204
    assert desk.controller.submitted == [commands.LogOn(BY, ANNA_ID)]


@pytest.mark.parametrize("path", ["agents/bram/log-off", "queues/receptie/close", "contacts/c1/move"])
def test_only_a_supervisor_steers(desk: Desk, path: str) -> None:
    for account in (ANNA, AAD, KAREL):
        assert desk.visitor_as(account).command(path, queue_id="receptie").status_code == 403
    assert desk.controller.submitted == []


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("agents/anna/become-available", "not-logged-on", "niet aangemeld"),
        ("agents/anna/log-off", "not-found", "medewerker of wachtrij is niet bekend"),
        ("queues/receptie/open", "not-found", "wachtrij is niet bekend"),
        ("contacts/c1/move", "not-waiting", "wacht niet meer"),
        ("contacts/c1/move", "already-there", "wacht al in deze wachtrij"),
        ("contacts/c1/move", "brand-new", "Kijk wat de pagina nu toont"),
    ],
)
def test_refusal_is_told_in_dutch(desk: Desk, path: str, code: str, words: str) -> None:
    desk.controller.refusal = CommandRefused(code, "english words")
    answer = desk.visitor_as(SOFIE).command(path, queue_id="receptie")
    assert answer.status_code == 409
    assert words in json.loads(answer.text)["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("agents/anna/assign-queue", {}),
        ("agents/anna/assign-queue", {"queue_id": "receptie", "level": 0}),
        ("agents/anna/assign-queue", {"queue_id": "receptie", "level": True}),
        ("agents/anna/go-on-break", {}),
        ("queues/receptie/close", {"move_waiting": "yes"}),
        ("contacts/c1/move", {"queue_id": ""}),
    ],
)
def test_wrong_body_is_refused_before_the_core_sees_it(desk: Desk, path: str, body: dict[str, object]) -> None:
    assert desk.visitor_as(SOFIE).command(path, **body).status_code == 400
    assert desk.controller.submitted == []


@pytest.mark.parametrize("path", ["agents/anna/fire", "queues/receptie/burn", "contacts/c1/log-off"])
def test_unknown_command_is_not_found(desk: Desk, path: str) -> None:
    assert desk.visitor_as(SOFIE).command(path).status_code == 404


def test_only_a_supervisor_gets_the_dialogs(desk: Desk) -> None:
    assert 'id="agent-dialog"' in desk.visitor_as(SOFIE).get("/supervisor").text
    assert 'id="agent-dialog"' not in desk.visitor_as(AAD).get("/supervisor").text


def test_who_may_not_steer_is_refused_and_the_audit_keeps_it(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    assert visitor.command("agents/bram/log-off").status_code == 403
    (refused,) = [event for event in desk.audit.events if event.action != "sign-in"]
    assert (refused.actor, refused.action, refused.result) == ("anna", "steer-floor", AuditResult.REFUSED)
    assert refused.object == "POST /commands/agents/bram/log-off"


def test_alarm_is_acknowledged_by_name_and_audited(desk: Desk) -> None:
    desk.controller.alarm("burgerzaken", "waiting", 9, 8)
    sofie = desk.visitor_as(SOFIE)
    assert sofie.command("alarms/burgerzaken:waiting/acknowledge").status_code == 204
    row = desk.controller.picture().rows[Subject.ALARM, "burgerzaken:waiting"]
    assert isinstance(row, AlarmRow)
    assert row.acknowledged_by == "Sofie Mulder"
    event = desk.audit.events[-1]
    assert (event.actor, event.action, event.object) == (
        "sofie", "alarm-acknowledge", "queue_id=burgerzaken kind=waiting",
    )  # fmt: skip


def test_alarm_that_is_over_cannot_be_acknowledged(desk: Desk) -> None:
    answer = desk.visitor_as(SOFIE).command("alarms/burgerzaken:waiting/acknowledge")
    assert answer.status_code == 409
    assert "al voorbij" in answer.json["detail"]
