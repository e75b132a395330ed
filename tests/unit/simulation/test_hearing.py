"""What a caller would hear, from the code that serves callers; and what happens when in a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.prompts import read_prompts as prompts_of
from cxcore.dialplan.reader import read_site
from cxcore.domain.dialplan import Close, Dialplan, Enqueue, Say, When
from cxcore.domain.emergency import Emergency
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.schedule import AMSTERDAM, DayKind, Span, every_day
from cxcore.domain.site import Site
from cxcore.ports.inspection import (
    Band,
    Circumstances,
    HeardKind,
    HeardStep,
    Outcome,
    OutcomeKind,
    SupposedCall,
    Voices,
)
from cxcore.simulation.hearing import hear
from cxcore.simulation.inspection import SiteInspection

ROOT = Path(__file__).resolve().parents[3]
GENERAL, SHORT, BURGERZAKEN, WASTE = "+31715550100", "14071", "+31715550101", "+31715550103"
TUESDAY, CHRISTMAS = "2026-11-24T10:00", "2026-12-25T10:00"


class Unheard(PromptCatalogue):
    """Prompts whose sounds are not asked for."""

    def lacks_sound(self, prompt: str) -> bool:
        return False


@pytest.fixture(scope="module")
def catalogue() -> PromptCatalogue:
    return prompts_of(ROOT / "prompts" / "nl", ROOT)


@pytest.fixture(scope="module")
def site(catalogue: PromptCatalogue) -> Site:
    heard = Unheard(catalogue.made, catalogue.texts, catalogue.recordings, catalogue.languages)
    return read_site(ROOT / "dialplans" / "noordwijk.yml", heard)


@pytest.fixture(scope="module")
def voices(catalogue: PromptCatalogue) -> Voices:
    return Voices({"nl": catalogue.texts, "en": catalogue.languages["en"].texts})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def heard(site: Site, voices: Voices, number: str, at: str, *keys: str, caller: str | None = "+31612345678") -> tuple[
    HeardStep, ...
]:
    return hear(site, voices, SupposedCall(number, local(at), keys, caller))


def kinds(steps: tuple[HeardStep, ...]) -> list[HeardKind]:
    return [step.kind for step in steps]


def said(step: HeardStep) -> list[str]:
    return [f"{prompt.language}/{prompt.name}" for prompt in step.prompts]


def test_on_a_holiday_the_short_number_tells_so_and_names_the_day(site: Site, voices: Voices) -> None:
    steps = heard(site, voices, SHORT, CHRISTMAS)
    assert kinds(steps) == [HeardKind.ANSWERED, HeardKind.SAID, HeardKind.ENDED]
    assert said(steps[1]) == ["nl/gesloten-feestdag"]
    opening = steps[0].passed[1].reason.opening
    assert opening is not None
    assert (opening.hours.kind, opening.hours.name) == (DayKind.HOLIDAY, "eerste-kerstdag")


def test_keys_lead_through_menus_and_the_language_goes_with_the_caller(site: Site, voices: Voices) -> None:
    steps = heard(site, voices, GENERAL, TUESDAY, "9", "4", "1")
    asked = [step for step in steps if step.kind is HeardKind.ASKED]
    assert [step.key for step in asked] == ["9", "4", "1"]
    assert said(asked[0])[0] == "nl/hoofdmenu"
    assert said(asked[2]) == [
        "en/meldingenmenu", "en/keuze-afval-melding", "en/keuze-licht-melding", "en/keuze-terug",
    ]  # fmt: skip
    assert [step.subject for step in steps if step.kind is HeardKind.QUEUED] == ["afval-en-milieu"]


def test_a_choice_that_is_not_offered_is_told_with_its_reason(site: Site, voices: Voices) -> None:
    steps = heard(site, voices, GENERAL, "2026-11-24T20:00", "4")
    menu = [step for step in steps if step.kind is HeardKind.ASKED][1]
    assert list(menu.choices) == ["*"]
    assert {key: passed.reason.subject for key, passed in menu.withheld.items()} == {
        "1": "afval-en-milieu", "2": "kantooruren",
    }  # fmt: skip


def test_who_waits_hears_the_texts_of_the_queue_once_each_and_then_what_follows_nobody(
    site: Site, voices: Voices
) -> None:
    steps = heard(site, voices, BURGERZAKEN, TUESDAY)
    assert kinds(steps) == [
        HeardKind.ANSWERED, HeardKind.QUEUED, HeardKind.SAID, HeardKind.ASKED, HeardKind.TOO_LONG,
        HeardKind.SAID, HeardKind.ENDED,
    ]  # fmt: skip
    assert [step.after_seconds for step in steps[2:5]] == [15, 60, 1800]
    assert steps[3].again_every_seconds == 45
    assert steps[3].choices == {"1": "terugbellen-burgerzaken"}


def test_a_key_of_the_menu_while_waiting_asks_for_a_call_back(site: Site, voices: Voices) -> None:
    steps = heard(site, voices, BURGERZAKEN, TUESDAY, "1")
    assert kinds(steps)[-3:] == [HeardKind.CALL_BACK, HeardKind.SAID, HeardKind.ENDED]


def test_a_closed_queue_gives_its_hours_as_the_reason(site: Site, voices: Voices) -> None:
    steps = heard(site, voices, WASTE, "2026-11-24T20:00")
    assert steps[0].kind is HeardKind.QUEUE_CLOSED
    assert steps[0].opening is not None and steps[0].opening.hours.spans == (Span(time(8, 30), time(17)),)
    assert said(steps[1]) == ["nl/gesloten"]


def test_a_caller_on_a_list_and_a_number_of_nobody(site: Site, voices: Voices) -> None:
    assert said(heard(site, voices, GENERAL, TUESDAY, caller="+31612340099")[1]) == ["nl/geblokkeerd"]
    assert kinds(heard(site, voices, "+31201234567", TUESDAY)) == [HeardKind.NO_SUCH_NUMBER]


def test_the_own_number_of_a_user_rings_and_then_goes_where_unanswered_calls_go(site: Site, voices: Voices) -> None:
    steps = heard(site, voices, "+31715550111", TUESDAY)
    assert kinds(steps)[:2] == [HeardKind.RINGS, HeardKind.NOT_ANSWERED]
    assert HeardKind.QUEUED in kinds(steps)


def inspection(site: Site, voices: Voices) -> SiteInspection:
    return SiteInspection(lambda: site, lambda: voices, lambda _prompt, _language: None)


def test_the_week_shows_each_change_of_the_day_and_marks_the_special_days(site: Site, voices: Voices) -> None:
    (line,) = inspection(site, voices).week(WASTE, date(2026, 12, 21))
    open_, closed = (Outcome(kind, "afval-en-milieu") for kind in (OutcomeKind.QUEUE, OutcomeKind.VOICEMAIL))
    thursday, friday = line.days[3], line.days[4]
    assert thursday.bands == (
        Band(0, 510, closed), Band(510, 720, open_), Band(720, 780, closed), Band(780, 1200, open_),
        Band(1200, 1440, closed),
    )  # fmt: skip
    assert friday.bands == (Band(0, 1440, closed),)
    assert thursday.special["kantooruren"].name == "Kerstavond"
    assert friday.special["kantooruren"].kind is DayKind.HOLIDAY


def test_the_week_has_a_line_for_each_key_of_the_menu(site: Site, voices: Voices) -> None:
    lines = inspection(site, voices).week(GENERAL, date(2026, 11, 23))
    assert [line.keys for line in lines] == [(), ("1",), ("2",), ("3",), ("0",), ("4",), ("9",)]
    assert lines[0].days[0].bands == (Band(0, 1440, Outcome(OutcomeKind.MENU, "hoofdmenu")),)
    assert [band.outcome.kind for band in lines[3].days[0].bands] == [
        OutcomeKind.VOICEMAIL, OutcomeKind.QUEUE, OutcomeKind.VOICEMAIL,
    ]  # fmt: skip


def test_a_gap_in_the_hours_is_a_band_in_which_the_call_ends_without_a_word(site: Site, voices: Voices) -> None:
    flows = {
        "start": (When("ochtend", open="balie"), When("middag", open="balie"), Close()),
        "balie": (Enqueue(QueueId("balie")),),
        "dicht": (Say("gesloten"), Close()),
    }
    hours = {"ochtend": every_day(Span(time(8), time(12))), "middag": every_day(Span(time(13), time(17)))}
    plan = Dialplan({"100": "start"}, flows, timetables=hours)
    gappy = replace(site, dialplan=plan, queues={QueueId("balie"): Queue(QueueId("balie"), "Balie")}, memberships=())
    (line,) = inspection(gappy, voices).week("100", date(2026, 11, 23))
    assert Band(720, 780, Outcome(OutcomeKind.SILENT_END)) in line.days[0].bands


def test_numbers_come_with_their_labels_and_ranges_with_an_example(site: Site, voices: Voices) -> None:
    numbers = {each.written: each for each in inspection(site, voices).numbers()}
    assert numbers[GENERAL].label.name == "Algemeen nummer"
    assert numbers["+3171555012x"].example == "+31715550120"
    assert numbers["+31715550111"].label.name == "Anna de Vries"


def test_the_week_shows_an_emergency_message_until_it_ends_and_a_queue_that_was_closed_by_hand(
    site: Site, voices: Voices
) -> None:
    on = Emergency("+31715550101", "noodtekst-storing", local("2026-11-24T10:00"), local("2026-11-24T12:30"))
    closed = {QueueId("bouwen-en-wonen"): False}
    since = {QueueId("bouwen-en-wonen"): local("2026-11-25T09:00")}
    present = Circumstances((on,), closed, since)
    asked = SiteInspection(lambda: site, lambda: voices, lambda *_: None, find_circumstances=lambda: present)
    tuesday = asked.week("+31715550101", date(2026, 11, 23))[0].days[1]
    assert [(band.begins, band.ends, band.outcome.kind) for band in tuesday.bands] == [
        (0, 600, OutcomeKind.QUEUE), (600, 750, OutcomeKind.MESSAGE), (750, 1440, OutcomeKind.QUEUE),
    ]  # fmt: skip
    wednesday = asked.week("+31715550102", date(2026, 11, 23))[0].days[2]
    assert [band.begins for band in wednesday.bands] == [0, 540]
    assert wednesday.bands[-1].outcome.kind is not OutcomeKind.QUEUE
    last = asked.hear(SupposedCall("+31715550102", local("2026-11-25T10:00")))
    assert [step.by_hand for step in last if step.kind is HeardKind.QUEUE_CLOSED] == [True]
