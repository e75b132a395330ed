"""An administrator changes opening hours."""

from __future__ import annotations

from admin_web.presenters.configuration import DAYS
from cxcore.domain.commands import ActivateConfiguration
from cxcore.ports.configurations import Draft
from tests.fakes.site_texts import NOORDWIJK
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


def test_a_period_and_a_text_of_its_own_are_one_row(desk: Desk) -> None:
    aad = administrator(desk)
    days: dict[str, str | list[str]] = {
        "holiday": ["nederland", "koningsdag", "2027-07-26"],
        "holiday-name": ["", "", "Bouwvak"],
        "holiday-until": ["", "", "2027-08-06"],
        "holiday-say": ["", "gesloten-feestdag", ""],
        "exception": ["2026-12-24", ""],
        "exception-until": ["2027-01-02", ""],
        "exception-0-name": "Kerstsluiting",
        "exception-say": ["bel-later-terug", ""],
    }
    looked = submit(aad, "/admin/hours", week() | days).text
    assert "+ do 24 dec 2026 t/m za 2 jan 2027 gesloten (Kerstsluiting, tekst bel-later-terug)" in looked
    assert "+ ma 26 jul 2027 t/m vr 6 aug 2027 Bouwvak" in looked and "koningsdag tekst gesloten-feestdag" in looked
    activate(aad, looked)
    hours = content(desk)["queues"]["afval-en-milieu"]["hours"]
    assert hours["holidays"][1:] == [
        {"koningsdag": {"say": "gesloten-feestdag"}}, {"2027-07-26/2027-08-06": "Bouwvak"}
    ]  # fmt: skip
    told = {"hours": "closed", "name": "Kerstsluiting", "say": "bel-later-terug"}
    assert hours["exceptions"] == {"2026-12-24/2027-01-02": told}
    page = aad.get(f"/admin/hours?of={AFVAL}").text
    assert 'name="exception-until" value="2027-01-02"' in page
    assert '<option value="bel-later-terug" selected>' in page
    assert '<option value="koningsdag" selected>' in page


def test_a_period_that_ends_before_it_begins_is_refused_and_stays_filled_in(desk: Desk) -> None:
    days: dict[str, str | list[str]] = {"exception": ["2027-01-02"], "exception-until": ["2026-12-24"]}
    answer = submit(administrator(desk), "/admin/hours", week() | days)
    assert answer.status_code == 422
    assert "is geen periode van hooguit een jaar" in answer.text
    assert 'name="exception-until" value="2026-12-24"' in answer.text


def test_what_is_past_is_marked_and_taken_out_by_one_button(desk: Desk) -> None:
    aad = administrator(desk)
    days: dict[str, str | list[str]] = {
        "holiday": ["2020-12-25", "2099-12-25"],
        "exception": ["2020-12-24", "2099-12-24"],
        "exception-until": ["2021-01-02", "2100-01-02"],
    }
    activate(aad, submit(aad, "/admin/hours", week() | days).text)
    page = aad.get(f"/admin/hours?of={AFVAL}").text
    assert page.count("voorbij</span>") == 2 and "Verwijder wat voorbij is" in page
    again = {**week(), **days, "base": "2", "drop_past": "yes"}
    activate(aad, submit(aad, "/admin/hours", again).text)
    hours = content(desk)["queues"]["afval-en-milieu"]["hours"]
    assert (hours["holidays"], list(hours["exceptions"])) == (["2099-12-25"], ["2099-12-24/2100-01-02"])
    assert "Verwijder wat voorbij is" not in aad.get(f"/admin/hours?of={AFVAL}").text


def test_a_timetable_says_by_what_it_is_used(desk: Desk) -> None:
    name = "    name: Bouwen en wonen\n"
    text = NOORDWIJK.replace(name, f"{name}    hours: kantooruren\n    closed: gesloten\n")
    now, head = desk.clock.now(), desk.configurations.head()
    assert head is not None
    desk.configurations.add(Draft(now, "aad", "", text, 1, now), head.number)
    page = administrator(desk).get("/admin/hours?of=timetables/kantooruren").text
    uses = page.split("Wordt gebruikt door")[1].split("</section>")[0]
    users = ("Wachtrij Bouwen en wonen", "Route landelijk-nummer", "Route meldingen", "Nummer 14071", "071 555 0102")
    assert [used for used in users if used not in uses] == []
    assert "071 555 0103" not in uses
    queue = administrator(desk).get("/admin/hours?of=queues/bouwen-en-wonen").text
    assert "/admin/hours?of=timetables/kantooruren" in queue
