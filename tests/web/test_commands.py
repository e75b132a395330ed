"""What a click becomes."""

from __future__ import annotations

import json

import pytest

from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.domain.queue import QueueId
from cxcore.ports.controller import CommandRefused
from tests.cast import ANNA
from tests.web.conftest import Desk

BY, SELF = "anna", AgentId("anna")


def test_each_name_makes_its_command_about_whoever_asks(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    visitor.command("log-on", queue_ids=["receptie"])
    visitor.command("go-on-break", reason="Lunch")
    visitor.command("become-available")
    visitor.command("serve-queues", queue_ids=["burgerzaken"])
    assert desk.controller.submitted == [
        commands.LogOn(BY, SELF, (QueueId("receptie"),)),
        commands.GoOnBreak(BY, SELF, "Lunch"),
        commands.BecomeAvailable(BY, SELF),
        commands.ServeQueues(BY, SELF, (QueueId("burgerzaken"),)),
    ]


def test_whole_conversation_by_commands(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    visitor.command("log-on")
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    desk.controller.offers("c1", "anna")
    desk.controller.answers("c1")
    for name in ("hold-contact", "resume-contact", "hang-up-contact", "extend-wrap-up", "end-wrap-up"):
        assert visitor.command(name).status_code == 204, name
    assert desk.controller.agent("anna").state == "ready"


def test_agent_named_in_the_body_is_not_listened_to(desk: Desk) -> None:
    desk.visitor_as(ANNA).command("log-on", agent_id="bram", by="sofie")
    assert desk.controller.submitted == [commands.LogOn(BY, SELF)]


def test_refusal_is_told_in_dutch_as_a_problem(desk: Desk) -> None:
    answer = desk.visitor_as(ANNA).command("hold-contact")
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.text)
    assert problem["type"] == "urn:cx:problem:not-now"
    assert problem["status"] == 409
    assert "geen gesprek om in de wacht te zetten" in problem["detail"]


def test_unknown_refusal_still_says_something(desk: Desk) -> None:
    desk.controller.refusal = CommandRefused("brand-new", "english words")
    detail = json.loads(desk.visitor_as(ANNA).command("log-off").text)["detail"]
    assert "english" not in detail
    assert "Kijk wat de pagina nu toont" in detail


def test_core_that_is_away_is_told_as_a_problem(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    desk.controller.heard = False
    answer = visitor.command("log-on")
    assert answer.status_code == 503
    assert "Lopende gesprekken gaan door" in json.loads(answer.text)["detail"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("go-on-break", {}),
        ("call-number", {}),
        ("go-on-break", {"reason": 3}),
        ("go-on-break", {"reason": "x" * 201}),
        ("serve-queues", {"queue_ids": "burgerzaken"}),
        ("serve-queues", {"queue_ids": [1]}),
        ("serve-queues", {"queue_ids": ["q"] * 501}),
        ("extend-wrap-up", {"seconds": True}),
        ("extend-wrap-up", {"seconds": 100_000}),
        ("extend-wrap-up", {"seconds": -1}),
    ],
)
def test_wrong_body_is_refused_before_the_core_sees_it(desk: Desk, name: str, body: dict[str, object]) -> None:
    answer = desk.visitor_as(ANNA).command(name, **body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert desk.controller.submitted == []


def test_unknown_command_is_not_found(desk: Desk) -> None:
    assert desk.visitor_as(ANNA).command("fire-everybody").status_code == 404


def test_command_of_another_site_is_refused(desk: Desk) -> None:
    answer = desk.visitor_as(ANNA).command_without_token("log-on")
    assert answer.status_code == 400
    assert json.loads(answer.text)["type"] == "urn:cx:problem:page-expired"
    assert desk.controller.submitted == []


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/language", "/session/alive"])
def test_form_of_another_site_is_refused(desk: Desk, path: str) -> None:
    assert desk.visitor_as(ANNA).post_without_token(path, username="anna").status_code == 400


def test_command_of_somebody_signed_out_is_refused_as_a_problem(desk: Desk) -> None:
    answer = desk.visitor().command("log-on")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
