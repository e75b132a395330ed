"""Requirement 89: users report a fault with everything that is needed to find its cause.

The log of the last minutes and the last contacts of the user go along by themselves, without personal data.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from admin_web.app import WebSettings
from cxcore.alerting import fault_mail
from cxcore.monitoring.logs import LogFolder, masked
from cxcore.ports.faults import Fault, FaultStatus
from tests.cast import AAD, ANNA, SOFIE
from tests.web.conftest import KEY, Desk, make_desk
from tests.web.test_pages import line


def desk() -> Desk:
    """A floor on which Anna had two contacts, and a log."""
    made = make_desk(WebSettings(secret_key=KEY))
    made.reports.lines = [line(made, "c2", "anna"), line(made, "c1", "anna"), line(made, "c9", "bram")]
    now = made.clock.now()
    made.logs.lines = [(now - timedelta(hours=1), "core: long ago"), (now - timedelta(minutes=2), "core: leg lost")]
    return made


def test_report_takes_the_log_of_the_last_minutes_and_the_users_own_contacts_along() -> None:
    floor = desk()
    answer = floor.visitor_as(ANNA).post_json("/faults", text="  Ik hoor de beller niet.  ", page="/agent")
    assert answer.status_code == 201
    fault = floor.faults.reports[0].fault
    assert (fault.by, fault.page, fault.text) == ("anna", "/agent", "Ik hoor de beller niet.")
    assert fault.log_lines == ("core: leg lost",)
    assert fault.contact_ids == ("c2", "c1")
    assert "report-fault" in [event.action for event in floor.audit.events]


def test_every_page_of_agent_supervisor_and_administrator_has_the_button() -> None:
    floor = desk()
    for account, page in ((ANNA, "/agent"), (SOFIE, "/supervisor"), (AAD, "/admin"), (AAD, "/admin/queues")):
        assert "data-open-fault" in floor.visitor_as(account).get(page).text


def test_administrator_sees_the_reports_and_says_where_the_handling_stands() -> None:
    floor = desk()
    for text in ("Eerste", "Tweede"):
        floor.visitor_as(ANNA).post_json("/faults", text=text)
    aad = floor.visitor_as(AAD)
    assert aad.get("/admin/faults").text.index("Tweede") < aad.get("/admin/faults").text.index("Eerste")
    shown = aad.get("/admin/faults/2").text
    assert "core: leg lost" in shown
    assert "<code>c2</code>" in shown
    aad.post("/admin/faults/2", status="solved", remark="Toestel stond uit.")
    report = floor.faults.find(2)
    assert report is not None
    assert (report.status, report.remark, report.handled_by) == (FaultStatus.SOLVED, "Toestel stond uit.", "aad")
    assert aad.get("/admin/faults").text.index("Eerste") < aad.get("/admin/faults").text.index("Tweede")
    assert floor.visitor_as(ANNA).get("/admin/faults/2").status_code == 403


def test_list_says_whom_reports_are_mailed_to() -> None:
    floor = desk()
    assert "worden niet gemaild" in floor.visitor_as(AAD).get("/admin/faults").text
    floor.faults.mailed_to = ("beheer@example.nl",)
    assert "ook gemaild naar beheer@example.nl" in floor.visitor_as(AAD).get("/admin/faults").text


def test_report_is_mailed_with_its_log_and_contacts_and_its_subject_tells_nothing() -> None:
    at = datetime(2027, 5, 3, 8, tzinfo=UTC)
    fault = Fault(at, "anna", "/agent", "Geen geluid", "Chromium", ("c2",), ("core: leg lost",))
    assert fault_mail.subject(7) == "Storingsmelding 7"
    for part in ("Geen geluid", "anna", "c2", "core: leg lost"):
        assert part in fault_mail.text(fault, at)


def test_empty_report_is_answered_with_what_to_write() -> None:
    floor = desk()
    answer = floor.visitor_as(ANNA).post_json("/faults", text="   ")
    assert answer.status_code == 422
    assert floor.faults.reports == []


def test_log_lines_hold_no_numbers_addresses_or_mail_and_keep_what_identifies_a_contact() -> None:
    contact = "0f8fad5b-d9cb-469f-a165-708673728950"
    written = (
        f"2027-05-03 10:00:00,123 WARNING x: contact {contact} of +31612345678 and 071 555 01 00 for "
        "sip:anna@192.0.2.7:5060, j.jansen@noordwijk.nl, 203.0.113.9"
    )
    assert masked(written) == (
        f"2027-05-03 10:00:00,123 WARNING x: contact {contact} of [nummer] and [nummer] for "
        "sip:…@192.0.x.x:5060, [e-mail], 203.0.x.x"
    )


def test_excerpt_begins_at_the_instant_and_keeps_lines_without_a_time_with_the_one_before(tmp_path: Path) -> None:
    log = "2027-05-03 09:59:59,000 INFO a: old\n2027-05-03 10:00:01,000 ERROR a: new\nTraceback\n"
    (tmp_path / "core.log").write_text(log, encoding="utf-8")
    (tmp_path / "kamailio.log").write_text("May  3 10:00:01 other\n", encoding="utf-8")
    start = datetime(2027, 5, 3, 10, 0, 0).astimezone()
    assert LogFolder(tmp_path).since(start) == ["core: 2027-05-03 10:00:01,000 ERROR a: new", "core: Traceback"]
    assert LogFolder(tmp_path / "none").since(start) == []
