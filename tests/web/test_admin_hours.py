"""An administrator changes opening hours."""

from __future__ import annotations

from admin_web.presenters.configuration import DAYS
from cxcore.domain.commands import ActivateConfiguration
from tests.web.admin import activate, administrator, content, submit
from tests.web.conftest import Desk

AFVAL = "queues/afval-en-milieu"


def week(**days: str) -> dict[str, str | list[str]]:
    """The form as it stands, with some days otherwise: `tuesday="09:00-17:00"`."""
    usual = dict.fromkeys(DAYS, "08:30-17:00") | {"thursday": "08:30-12:00, 13:00-20:00", "saturday": "", "sunday": ""}
    fields: dict[str, str | list[str]] = {"base": "1", "of": AFVAL, "mode": "week", "closed": "gesloten"}
    for day, written in (usual | days).items():
        spans = [span.split("-") for span in written.split(", ") if span]
        fields[f"day-{day}-opens"] = [opens for opens, _ in spans]
        fields[f"day-{day}-closes"] = [closes for _, closes in spans]
    holidays = ["2026-12-25", "2027-01-01", "2027-03-29", "2027-04-27", "2027-05-06", "2027-05-17"]
    return fields | {"holiday": holidays, "holiday-name": [""] * len(holidays), "when_closing": "serve"}


def test_page_shows_the_week_of_a_queue(desk: Desk) -> None:
    page = administrator(desk).get("/admin/hours?of=queues/afval-en-milieu").text
    assert 'value="13:00"' in page
    assert 'value="2027-04-27"' in page
    assert "Afval en milieu" in page


def test_change_is_told_in_words_and_counts_when_it_is_activated(desk: Desk) -> None:
    aad = administrator(desk)
    shown = submit(aad, "/admin/hours", week(tuesday="09:00-17:00"))
    assert shown.status_code == 200
    assert "Openingstijden van Afval en milieu: dinsdag 08:30-17:00 → 09:00-17:00" in shown.text
    assert activate(aad, shown.text).status_code == 302
    assert content(desk)["queues"]["afval-en-milieu"]["hours"]["tuesday"] == "09:00-17:00"
    assert desk.controller.submitted == [ActivateConfiguration("aad", 2)]
    version = desk.configurations.version(2)
    assert (version.by, version.summary.splitlines()) == (
        "aad",
        ["Openingstijden van Afval en milieu: dinsdag 08:30-17:00 → 09:00-17:00"],
    )
    assert [event.action for event in desk.audit.events][-1] == "activate-configuration"


def test_day_without_times_is_closed_and_midnight_is_the_end_of_the_day(desk: Desk) -> None:
    aad = administrator(desk)
    page = submit(aad, "/admin/hours", week(monday="", friday="18:00-00:00")).text
    activate(aad, page)
    hours = content(desk)["queues"]["afval-en-milieu"]["hours"]
    assert "monday" not in hours
    assert hours["friday"] == "18:00-24:00"


def test_what_is_wrong_stands_beside_its_day_and_nothing_typed_is_lost(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/hours", week(tuesday="17:00-09:00", friday="10:00-11:00"))
    assert shown.status_code == 422
    tuesday = shown.text.split('aria-label="dinsdag"')[1].split('aria-label="woensdag"')[0]
    assert "cx-finding" in tuesday
    assert 'value="17:00"' in tuesday
    assert 'value="11:00"' in shown.text
    assert len(desk.configurations.kept) == 1


def test_queue_that_is_always_open_loses_its_hours(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, submit(aad, "/admin/hours", week() | {"mode": "always"}).text)
    assert "hours" not in content(desk)["queues"]["afval-en-milieu"]


def test_holidays_by_name_and_days_with_hours_of_their_own(desk: Desk) -> None:
    aad = administrator(desk)
    days: dict[str, str | list[str]] = {
        "holiday": ["nederland", "2027-05-07"],
        "holiday-name": ["", "Brugdag"],
        "exception": ["2026-12-24", "2026-12-31", ""],
        "exception-0-opens": ["08:30"],
        "exception-0-closes": ["12:00"],
        "exception-0-name": "Kerstavond",
    }
    looked = submit(aad, "/admin/hours", week() | days).text
    assert "feestdagen + nederland, + vr 7 mei 2027 Brugdag, − vr 25 dec 2026" in looked
    odd = "afwijkende dagen + do 24 dec 2026 08:30-12:00 (Kerstavond), + do 31 dec 2026 gesloten"
    assert odd in looked
    activate(aad, looked)
    hours = content(desk)["queues"]["afval-en-milieu"]["hours"]
    assert hours["holidays"] == ["nederland", {"2027-05-07": "Brugdag"}]
    assert hours["exceptions"] == {"2026-12-24": {"hours": "08:30-12:00", "name": "Kerstavond"}, "2026-12-31": "closed"}
    page = aad.get("/admin/hours?of=queues/afval-en-milieu").text
    assert 'value="Kerstavond"' in page
    assert 'value="nederland"' in page
    fewer = submit(aad, "/admin/hours", week() | days | {"base": "2", "exception": ["2026-12-24"]}).text
    assert "afwijkende dagen − do 31 dec 2026 gesloten" in fewer


def test_the_form_as_it_stands_changes_nothing(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/hours", week())
    assert "Niets: alles is al zo." in shown.text
    assert "Activeren</button>" not in shown.text
