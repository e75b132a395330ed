"""Holidays and days that differ: periods, texts of a day, what overlaps and what is past."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.reader import examine_site, read_site
from cxcore.dialplan.voices import voices_of
from cxcore.domain.schedule import AMSTERDAM, DayKind, Schedule
from cxcore.domain.site import Site
from cxcore.ports.inspection import HeardStep, SupposedCall
from cxcore.simulation.hearing import hear

SITE = """
site: Proef
numbers: {"100": start, "200": wachtrij}
timetables:
  kantooruren:
    tuesday: "08:30-17:00"
    thursday: "08:30-17:00"
    holidays: [nederland, {koningsdag: {say: welkom}}, {2027-07-26/2027-08-06: {name: Bouwvak, say: drukte-paspoort}}]
    exceptions:
      2026-12-24/2027-01-02: {hours: closed, name: Kerstsluiting, say: storing}
      2026-12-29: {hours: "09:00-12:00", say: wachtrij-vol}
flows:
  start:
    - when: {timetable: kantooruren, open: wachtrij, closed: gesloten, holiday: feestdag}
  wachtrij: [{queue: burgerzaken}]
  gesloten: [answer, {say: gesloten}, {say: bel-later-terug}, close]
  feestdag: [answer, {say: gesloten-feestdag}, close]
queues:
  burgerzaken: {name: Burgerzaken, hours: kantooruren, closed: gesloten}
users:
  anna: {name: Anna, role: agent, device: softphone, queues: {burgerzaken: 1}}
"""
PROMPTS = ("welkom", "drukte-paspoort", "storing", "wachtrij-vol", "gesloten", "bel-later-terug", "gesloten-feestdag")


class Texts(PromptCatalogue):
    """Prompts without sounds."""

    def lacks_sound(self, prompt: str) -> bool:
        """None does."""
        return False


CATALOGUE = Texts(Path("made"), {name: f"Tekst {name}." for name in PROMPTS})


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site(Path("site.yml"), CATALOGUE, SITE.encode())


def schedule(site: Site) -> Schedule:
    return site.dialplan.timetables["kantooruren"]


def said(site: Site, number: str, at: str) -> list[str]:
    call = SupposedCall(number, datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM))
    steps: tuple[HeardStep, ...] = hear(site, voices_of(CATALOGUE), call)
    return [prompt.name for step in steps for prompt in step.prompts]


def test_a_period_is_one_entry_and_holds_its_first_and_its_last_day(site: Site) -> None:
    for day in (date(2026, 12, 24), date(2027, 1, 2)):
        hours = schedule(site).hours_on(day)
        assert (hours.kind, hours.spans, hours.name, hours.text) == (DayKind.EXCEPTION, (), "Kerstsluiting", "storing")
    assert schedule(site).hours_on(date(2026, 12, 23)).kind is DayKind.WEEK
    assert schedule(site).hours_on(date(2027, 8, 6)).name == "Bouwvak"


def test_a_day_within_a_period_has_hours_of_its_own(site: Site) -> None:
    assert schedule(site).is_open(datetime(2026, 12, 29, 10, tzinfo=AMSTERDAM))
    assert not schedule(site).is_open(datetime(2026, 12, 29, 13, tzinfo=AMSTERDAM))


@pytest.mark.parametrize(
    ("number", "at", "heard"),
    [
        ("100", "2026-11-25T10:00", ["gesloten", "bel-later-terug"]),
        ("100", "2026-12-31T10:00", ["storing", "bel-later-terug"]),
        ("200", "2026-12-31T10:00", ["storing", "bel-later-terug"]),
        ("100", "2026-12-29T13:00", ["wachtrij-vol", "bel-later-terug"]),
        ("100", "2027-04-27T10:00", ["welkom"]),
        ("100", "2027-05-06T10:00", ["gesloten-feestdag"]),
        ("100", "2027-07-27T10:00", ["drukte-paspoort"]),
        ("200", "2027-07-27T10:00", ["drukte-paspoort", "bel-later-terug"]),
    ],
)
def test_the_text_of_a_day_is_heard_in_place_of_the_first_message_for_closed_hours(
    site: Site, number: str, at: str, heard: list[str]
) -> None:
    assert said(site, number, at) == heard


def test_where_the_flow_does_not_begin_with_a_message_the_text_goes_before_it() -> None:
    text = SITE.replace("[answer, {say: gesloten}, {say: bel-later-terug}, close]", "[{goto: feestdag}]")
    site = read_site(Path("site.yml"), CATALOGUE, text.encode())
    assert said(site, "100", "2026-12-31T10:00") == ["storing", "gesloten-feestdag"]


def problems(text: str, today: date | None = None) -> list[str]:
    findings = examine_site(Path("site.yml"), CATALOGUE, text.encode(), today).findings.in_order()
    return [str(each).partition(": ")[2] for each in findings]


def test_what_overlaps_is_a_notice_that_says_which_one_counts() -> None:
    assert problems(SITE) == [
        "warning: 2026-12-29 overlaps 2026-12-24/2027-01-02; on those days 2026-12-29 counts"
        " → leave it when that is meant; the shorter one counts"
    ]


def test_what_is_past_is_a_notice_on_the_day_after() -> None:
    assert len(problems(SITE, date(2027, 1, 2))) == 2
    told = problems(SITE, date(2027, 1, 3))
    assert "names days that are past: `2026-12-24/2027-01-02`, `2026-12-29`" in " ".join(told)


def test_a_text_of_a_day_that_there_is_not_is_refused() -> None:
    (problem,) = problems(SITE.replace("say: storing", "say: nergens").replace("      2026-12-29", "      #"))
    assert problem.startswith("error: there is no prompt `nergens`")
