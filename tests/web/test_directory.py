"""What an agent finds as the target of a transfer, and what a choice becomes."""

from __future__ import annotations

from datetime import timedelta

from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ContactNoted
from tests.cast import ANNA, KAREL, SOFIE
from tests.web.conftest import Desk

SELF = AgentId("anna")


def found(desk: Desk, query: str) -> list[dict[str, object]]:
    answer = desk.visitor_as(ANNA).get(f"/agent/directory?q={query}")
    assert answer.status_code == 200
    hits: list[dict[str, object]] = answer.json["hits"]
    return hits


def test_colleague_is_found_with_state_and_oneself_is_not(desk: Desk) -> None:
    desk.controller.submit(commands.LogOn("bram", AgentId("bram")))
    desk.controller.submit(commands.GoOnBreak("bram", AgentId("bram"), "Lunch"))
    (hit,) = found(desk, "bram")
    assert (hit["kind"], hit["key"], hit["words"], hit["state"]) == ("agent", "bram", "pauze: lunch", "on-break")
    assert found(desk, "anna") == []


def test_queue_phone_book_and_number_are_found(desk: Desk) -> None:
    assert [(hit["kind"], hit["key"]) for hit in found(desk, "rece")] == [("queue", "receptie")]
    (team,) = found(desk, "wijk")
    assert (team["kind"], team["key"], team["words"]) == ("phone-book", "wijkteam", "belgroep van 2 nummers")
    (number,) = found(desk, "06%2012%2034%2056%2078")
    assert (number["kind"], number["key"], number["name"]) == ("number", "+31612345678", "06 12 34 56 78")


def test_queue_tells_since_when_somebody_waits_and_what_is_expected(desk: Desk) -> None:
    (quiet,) = found(desk, "rece")
    assert (quiet["longest_waiting_since"], quiet["expected_wait"]) == (None, None)
    desk.controller.arrives("c1", "receptie", "+31612345678")
    desk.controller.expects("receptie", 90)
    (busy,) = found(desk, "rece")
    assert busy["state"] == "logged-off"
    since = round(desk.clock.now().timestamp() * 1000)
    assert (busy["longest_waiting_since"], busy["expected_wait"]) == (since, 90)
    assert busy["words"] == "niemand aangemeld, 1 wachtend"


def test_directory_is_for_agents_only(desk: Desk) -> None:
    assert desk.visitor_as(SOFIE).get("/agent/directory?q=bram").status_code == 403
    assert desk.visitor_as(KAREL).get("/agent/directory?q=bram").status_code == 403


def test_phone_book_says_what_rings_and_never_the_browser(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    desk.controller.refusal = None
    visitor.command("transfer-contact", kind="phone-book", key="wijkteam", destinations=["+4900000"])
    expected = ("+31715550200", "+31715550201")
    transfer = commands.TransferContact("anna", SELF, "phone-book", "wijkteam", "Wijkteam Noord", expected)
    assert desk.controller.submitted == [transfer]
    assert visitor.command("consult", kind="phone-book", key="nobody").status_code == 400
    assert visitor.command("consult", kind="agent").status_code == 400


def test_notes_of_the_agent_alone_are_given_back(desk: Desk) -> None:
    now, contact_id = desk.clock.now() - timedelta(minutes=1), ContactId("c1")
    desk.reports.facts = [
        ContactNoted(now, contact_id, SELF, ("Paspoort",), ""),
        ContactNoted(now, contact_id, SELF, ("Paspoort", "Rijbewijs"), "belt morgen"),
        ContactNoted(now, contact_id, AgentId("bram"), (), "geheim"),
    ]
    visitor = desk.visitor_as(ANNA)
    assert visitor.get("/agent/notes/c1").json == {"topics": ["Paspoort", "Rijbewijs"], "note": "belt morgen"}
    assert visitor.get("/agent/notes/c2").json == {"topics": [], "note": ""}
