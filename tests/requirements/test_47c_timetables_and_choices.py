"""Requirements 47b, 47c, 88b, 88c: menus of any depth; choices and messages follow a timetable, a day or a queue."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.inspection import HeardKind, HeardStep, SupposedCall
from tests.fakes.inspection import DemoInspection

TUESDAY, EVENING, CHRISTMAS = "2026-11-24T10:00", "2026-11-24T21:00", "2026-12-25T10:00"


def hear(number: str, at: str, *keys: str) -> list[HeardStep]:
    """What a caller of the demo site hears."""
    return list(DemoInspection().hear(SupposedCall(number, datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM), keys)))


def menus(steps: list[HeardStep]) -> list[list[str]]:
    """The keys that each menu offers."""
    return [list(step.choices) for step in steps if step.kind is HeardKind.ASKED]


def said(steps: list[HeardStep]) -> list[str]:
    return [prompt.name for step in steps for prompt in step.prompts]


main_menu = partial(hear, "+31715550100")


def test_menu_leads_to_another_menu_and_that_back_to_the_first() -> None:
    assert menus(main_menu(TUESDAY, "4", "*"))[:3] == [
        ["1", "2", "3", "0", "4", "9"], ["1", "2", "*"], ["1", "2", "3", "0", "4", "9"],
    ]  # fmt: skip


def test_choices_and_what_is_said_of_them_follow_the_timetable() -> None:
    assert menus(main_menu(EVENING, "4"))[1] == ["*"]
    assert "keuze-licht-melding" in said(main_menu(TUESDAY, "4"))
    assert "keuze-licht-melding" not in said(main_menu(EVENING, "4"))


def test_message_is_said_in_office_hours_alone() -> None:
    assert "drukte-paspoort" in said(hear("14071", TUESDAY))
    assert "drukte-paspoort" not in said(hear("14071", EVENING))


def test_public_holiday_has_a_message_of_its_own() -> None:
    assert said(hear("14071", CHRISTMAS)) == ["gesloten-feestdag"]


def test_who_chooses_english_hears_english_from_then_on() -> None:
    languages = [prompt.language for step in main_menu(TUESDAY, "9") for prompt in step.prompts]
    assert languages[0] == "nl" and languages[-1] == "en"
