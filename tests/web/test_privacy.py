"""The privacy officer answers somebody who asks what is kept of them, or to be forgotten."""

from __future__ import annotations

from cxcore.ports.privacy import CoreMemory
from tests.cast import FENNA, SOFIE
from tests.fakes.privacy import KNOWN
from tests.web.conftest import Desk


def test_report_tells_everything_and_is_audited(desk: Desk) -> None:
    page = desk.visitor_as(FENNA).post("/privacy/find", number="06 12 34 56 78").text
    for told in ("K. de Groot", "Verhuizing", "Vraagt naar de verhuizing.", "klacht 2026-14", "opname van 61 s"):
        assert told in page
    assert "een opname wordt vastgehouden" in page
    assert "functioneel beheerder" in page
    event = desk.audit.events[-1]
    assert (event.actor, event.action, event.object) == ("fenna", "find-person", f"number={KNOWN}")


def test_report_is_a_file_for_who_asked(desk: Desk) -> None:
    answer = desk.visitor_as(FENNA).post("/privacy/find", **{"number": KNOWN, "as": "json"})
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.json["contacts"][0]["notes"] == ["Vraagt naar de verhuizing."]


def test_erasure_asks_for_a_tick_and_tells_what_stays_and_why(desk: Desk) -> None:
    fenna = desk.visitor_as(FENNA)
    refused = fenna.post("/privacy/erase", number=KNOWN)
    assert refused.status_code == 422
    assert desk.privacy.erased == []
    page = fenna.post("/privacy/erase", number=KNOWN, sure="yes").text
    assert desk.privacy.erased == [KNOWN]
    assert "Niet gewist: 1 contacten." in page
    assert "klacht 2026-14" in page
    assert desk.audit.events[-1].action == "erase-person"


def test_erasure_tells_whether_the_running_core_has_forgotten_too(desk: Desk) -> None:
    fenna = desk.visitor_as(FENNA)
    assert "het laatst sprak" not in fenna.post("/privacy/find", number=KNOWN).text
    assert "Ook de draaiende centrale weet niet meer" in fenna.post("/privacy/erase", number=KNOWN, sure="yes").text
    desk.privacy.core = CoreMemory.NOT_TOLD
    assert "niet te bereiken" in fenna.post("/privacy/erase", number=KNOWN, sure="yes").text


def test_what_is_no_number_is_refused_and_nothing_is_looked_up(desk: Desk) -> None:
    answer = desk.visitor_as(FENNA).post("/privacy/find", number="iedereen")
    assert answer.status_code == 422
    assert "geen telefoonnummer" in answer.text
    assert "find-person" not in {event.action for event in desk.audit.events}


def test_supervisor_may_not(desk: Desk) -> None:
    assert desk.visitor_as(SOFIE).post("/privacy/find", number=KNOWN).status_code == 403
    assert desk.visitor_as(SOFIE).post("/privacy/erase", number=KNOWN, sure="yes").status_code == 403
