"""Requirement 15: the dashboard has (a) the presence of all employees, (b) the duration of the call, (c) log on and off
per group, (d) the status of the agents with the reason, (e) queues, (f) received, missed and made calls; each part is
shown or not.

(a.i) comes from a port that CX's own state of agents and a fake stand behind; Teams and Outlook are a further adapter,
held to `tests/contract/test_presence_port.py`. (b) to (e) live, in a browser: `tests/browser/test_desk.py`; the list
within a second, moving and hiding by mouse and keyboard: `tests/browser/test_desk_parts.py`.
"""

from __future__ import annotations

from datetime import timedelta

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import GoOnBreak, LogOn
from cxcore.domain.presence import Availability, Presence
from cxcore.ports.agent_calls import CallKind
from tests.cast import ANNA
from tests.web.conftest import Desk
from tests.web.test_agent_calls import KAREL, call

ZOE = "z.vandermeer@noordwijk.example"
WORDS = {
    Availability.AVAILABLE: "beschikbaar",
    Availability.BUSY: "bezet",
    Availability.DO_NOT_DISTURB: "niet storen",
    Availability.OFFLINE: "afgemeld",
    Availability.IN_MEETING: "in een afspraak",
    Availability.OUT_OF_OFFICE: "niet op kantoor",
    Availability.UNKNOWN: "aanwezigheid onbekend",
}


def shown(desk: Desk, query: str) -> dict[str, object]:
    (hit,) = desk.visitor_as(ANNA).get(f"/agent/directory?q={query}").json["hits"]
    found: dict[str, object] = hit
    return found


def test_a_presence_of_any_employee_is_said_in_words(desk: Desk) -> None:
    for availability, words in WORDS.items():
        desk.presence.known[ZOE] = Presence(availability)
        assert shown(desk, "meer")["words"] == words


def test_a_presence_from_the_calendar_says_until_when(desk: Desk) -> None:
    desk.presence.known[ZOE] = Presence(Availability.IN_MEETING, desk.clock.now() + timedelta(hours=1))
    assert " tot " in str(shown(desk, "meer")["words"])


def test_d_status_of_a_colleague_is_shown_with_its_reason(desk: Desk) -> None:
    desk.controller.submit(LogOn("bram", AgentId("bram")))
    desk.controller.submit(GoOnBreak("bram", AgentId("bram"), "Lunch"))
    assert shown(desk, "bram")["words"] == "pauze: lunch"


def test_f_received_missed_and_made_calls_are_listed(desk: Desk) -> None:
    desk.calls.calls["anna"] = [call(desk, kind.value, kind, KAREL, at) for at, kind in enumerate(CallKind)]
    page = desk.visitor_as(ANNA).get("/agent/calls").text
    assert [words for words in ("ontvangen", "gemist", "gebeld") if words in page] == ["ontvangen", "gemist", "gebeld"]


def test_parts_are_shown_or_not_as_each_agent_chooses(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    columns = [["contact", "calls"], ["caller", "queues", "colleagues"]]
    visitor.post_json("/agent/layout", columns=columns, hidden=["queues"])
    page = visitor.get("/agent").text
    assert 'data-part="queues" data-name="Wachtrijen" hidden' in page
    assert 'data-part="calls" data-name="Mijn gesprekken" hidden' not in page
