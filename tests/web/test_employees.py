"""The directory of employees on the agent's page: found, with presence and calendar, called and consulted."""

from __future__ import annotations

from datetime import timedelta

from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.domain.presence import Availability, BusyPeriod, Presence
from tests.cast import ANNA
from tests.web.conftest import Desk

SELF = AgentId("anna")
ZOE = "z.vandermeer@noordwijk.example"


def hits(desk: Desk, query: str) -> list[dict[str, object]]:
    answer = desk.visitor_as(ANNA).get(f"/agent/directory?q={query}")
    listed: list[dict[str, object]] = answer.json["hits"]
    return listed


def test_employee_is_found_by_function_and_shows_presence_in_words(desk: Desk) -> None:
    until = desk.clock.now() + timedelta(hours=1)
    desk.presence.known[ZOE] = Presence(Availability.IN_MEETING, until)
    (hit,) = hits(desk, "reisdoc meer")
    assert (hit["kind"], hit["name"], hit["detail"]) == (
        "employee", "Zoë van der Meer", "Consulent reisdocumenten · Burgerzaken"
    )  # fmt: skip
    assert hit["numbers"] == [{"number": "+31715550137", "shown": "071 555 0137"}]
    assert hit["state"] == "presence-in-meeting"
    assert str(hit["words"]).startswith("in een afspraak tot ")


def test_employee_who_is_an_agent_stands_once_with_the_state_of_the_floor(desk: Desk) -> None:
    (hit,) = hits(desk, "kcc bram")
    assert (hit["kind"], hit["key"], hit["words"], hit["detail"]) == (
        "agent", "bram", "afgemeld", "KCC-medewerker · Klantcontactcentrum"
    )  # fmt: skip


def test_search_goes_on_without_employees_while_the_database_is_away(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    desk.employees.away = True
    assert [hit["key"] for hit in visitor.get("/agent/directory?q=bram").json["hits"]] == ["bram"]


def test_employee_is_consulted_on_the_number_that_the_directory_knows(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    visitor.command("consult", kind="employee", key=ZOE, destinations=["+4900000"])
    expected = commands.Consult("anna", SELF, "employee", ZOE, "Zoë van der Meer", ("+31715550137",))
    assert desk.controller.submitted == [expected]
    assert visitor.command("consult", kind="employee", key="nobody").status_code == 400
    assert visitor.command("consult", kind="employee", key=ZOE, number="+4900000").status_code == 400


def test_calendar_of_an_employee_shows_when_and_not_what(desk: Desk) -> None:
    now = desk.clock.now()
    desk.presence.calendars[ZOE] = [BusyPeriod(now, now + timedelta(minutes=30))]
    shown = desk.visitor_as(ANNA).get(f"/agent/employees/{ZOE}").json
    (period,) = shown["calendar"]
    assert period.endswith(" bezet")
    assert shown["words"] == "aanwezigheid onbekend"
    desk.presence.calendars.clear()
    assert desk.visitor_as(ANNA).get(f"/agent/employees/{ZOE}").json["calendar"] is None
    assert desk.visitor_as(ANNA).get("/agent/employees/nobody").status_code == 404


def test_agent_chooses_the_number_that_the_called_party_sees(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    page = visitor.get("/agent").text
    for option in ("071 555 0111 (uw eigen nummer)", "071 555 0100 (algemeen nummer)", "071 555 0101 (Burgerzaken)"):
        assert option in page
    visitor.command("call-number", number="071 555 0137", shows="+31715550101")
    assert desk.controller.submitted == [commands.CallNumber("anna", SELF, "071 555 0137", "+31715550101")]
