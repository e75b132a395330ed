"""Supervisors listen in; each time is noted, and an agent knows what the site says that agents may know [25, 33]."""

from __future__ import annotations

from dataclasses import replace

import pytest

from admin_web.live.encoding import Encoder, Shape
from admin_web.live.views import DeskView
from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.ports.audit import AuditResult
from cxcore.ports.controller import AgentRow, CommandRefused, Subject
from tests.cast import AAD, ANNA, FENNA, KAREL, SOFIE
from tests.web.conftest import Desk

NAMES = {
    "listen-in": commands.ListenIn,
    "whisper": commands.Whisper,
    "barge-in": commands.BargeIn,
    "stop": commands.StopListening,
}


@pytest.fixture
def talking(desk: Desk) -> Desk:
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    desk.controller.offers("c1", "anna")
    desk.controller.answers("c1")
    return desk


@pytest.mark.parametrize("name", NAMES)
def test_supervisor_listens_and_it_is_noted(talking: Desk, name: str) -> None:
    assert talking.visitor_as(SOFIE).command(f"listening/anna/{name}").status_code == 204
    (submitted,) = talking.controller.submitted
    assert (type(submitted), submitted.by) == (NAMES[name], "sofie")
    (event,) = [each for each in talking.audit.events if each.action.startswith("listening-")]
    assert (event.actor, event.action, event.object) == ("sofie", f"listening-{name}", "agent_id=anna")
    assert event.result is AuditResult.DONE


def test_refusal_is_told_and_noted(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    desk.controller.refusal = CommandRefused("no-device", "no device")
    answer = visitor.command("listening/anna/listen-in")
    assert answer.status_code == 409
    assert "eigen toestel" in answer.json["detail"]
    assert desk.audit.events[-1].result is AuditResult.FAILED


def test_nobody_else_listens(talking: Desk) -> None:
    for account in (ANNA, AAD, FENNA, KAREL):
        assert talking.visitor_as(account).command("listening/anna/listen-in").status_code == 403
    assert not talking.controller.submitted


@pytest.mark.parametrize("told", [True, False])
def test_agent_is_told_only_where_the_site_says_so(told: bool) -> None:
    row = AgentRow("anna", "Anna", "available", "talking", listened_by="sofie", listening="whisper")
    key, shown = (Subject.AGENT, "anna"), replace(row, listening_told=told)
    shape = DeskView(AgentId("anna")).shape(key, shown)
    assert shape is not None
    text = Encoder().encode(key, shown, shape)
    assert ("whisper" in text) is told
    assert "sofie" not in text
    assert "sofie" in Encoder().encode(key, shown, Shape.FULL)
    assert "whisper" not in Encoder().encode(key, shown, Shape.COLLEAGUE)
