"""Edits of a site's YAML change what they name and leave the rest as it is written."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from cxcore.dialplan.editing import edited
from cxcore.dialplan.plain import content_of, differences
from cxcore.dialplan.prompts import read_prompts
from cxcore.dialplan.site_texts import YamlSiteTexts
from cxcore.ports.site_texts import Difference, Edit, TextRefused

ROOT = Path(__file__).resolve().parents[2]
NOORDWIJK = (ROOT / "tests" / "web" / "site.yml").read_text(encoding="utf-8")
TEXTS = YamlSiteTexts(lambda: read_prompts(ROOT / "prompts" / "nl", ROOT / "var" / "prompts"))
CHOICES = ("flows", "hoofdmenu", "2", "menu", "choices")


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that came and went, with their sign."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    return [line for line in lines if not line.startswith("@@")]


def test_one_value_changes_one_line() -> None:
    after = edited(NOORDWIJK, [Edit(("queues", "afval-en-milieu", "hours", "tuesday"), "09:00-17:00")])
    assert changed_lines(NOORDWIJK, after) == ['-      tuesday: "08:30-17:00"', '+      tuesday: "09:00-17:00"']


def test_comments_stay_where_they_are() -> None:
    after = edited(NOORDWIJK, [Edit(("queues", "burgerzaken", "level_seconds"), 45)])
    assert "level_seconds: 45               # agents of level 2 join after half a minute" in after
    assert changed_lines(NOORDWIJK, after)[0].endswith("# agents of level 2 join after half a minute")


def test_choices_of_a_menu_are_added_taken_away_and_put_in_another_order() -> None:
    wanted = {"2": "bouwen-en-wonen", "1": "burgerzaken", "9": "gesloten"}
    after = edited(NOORDWIJK, [Edit(CHOICES, wanted)])
    menu = content_of(after)["flows"]["hoofdmenu"][2]["menu"]
    assert list(menu["choices"].items()) == list(wanted.items())
    assert "prompt: hoofdmenu           # " in after


def test_another_order_alone_is_written_too() -> None:
    choices = dict(reversed(content_of(NOORDWIJK)["flows"]["hoofdmenu"][2]["menu"]["choices"].items()))
    after = edited(NOORDWIJK, [Edit(CHOICES, choices)])
    assert list(content_of(after)["flows"]["hoofdmenu"][2]["menu"]["choices"]) == ["0", "3", "2", "1"]


@pytest.mark.parametrize(
    "text", ["on", "Nee", "08:30", "12", "+31715550100", "a: b", "# x", "", "é", "null", "1e3", "- x"]
)
def test_whatever_text_is_written_is_read_as_that_text(text: str) -> None:
    after = edited(NOORDWIJK, [Edit(("queues", "receptie", "name"), text), Edit(("queues", "nieuw", "name"), text)])
    queues = content_of(after)["queues"]
    assert queues["receptie"]["name"] == text
    assert queues["nieuw"]["name"] == text


def test_what_is_new_is_made_with_all_that_leads_to_it() -> None:
    after = edited(NOORDWIJK, [Edit(("queues", "receptie", "hours"), {"monday": "08:30-17:00"})])
    assert content_of(after)["queues"]["receptie"]["hours"] == {"monday": "08:30-17:00"}
    assert edited(after, [Edit(("queues", "receptie", "hours"), None)]) == NOORDWIJK


def test_every_edit_that_leads_from_one_text_to_another_leads_there() -> None:
    other = edited(NOORDWIJK, [Edit(("users", "dirk"), None), Edit((*CHOICES, "9"), "gesloten")])
    edits = [Edit(each.where, each.after) for each in differences(content_of(NOORDWIJK), content_of(other))]
    assert content_of(edited(NOORDWIJK, edits)) == content_of(other)


def test_an_edit_of_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(TextRefused):
        edited(NOORDWIJK, [Edit(("flows", "hoofdmenu", "7", "say"), "welkom")])


def test_changes_of_two_people_in_different_places_are_both_kept() -> None:
    ring = edited(NOORDWIJK, [Edit(("queues", "receptie", "ring_seconds"), 15)])
    hours = edited(NOORDWIJK, [Edit(("queues", "afval-en-milieu", "hours", "monday"), None)])
    merge = TEXTS.merged(NOORDWIJK, ring, hours)
    assert merge.conflicts == ()
    queues = content_of(merge.text)["queues"]
    assert queues["receptie"]["ring_seconds"] == 15
    assert "monday" not in queues["afval-en-milieu"]["hours"]


def test_changes_of_two_people_in_the_same_place_are_told() -> None:
    where = ("queues", "burgerzaken", "ring_seconds")
    merge = TEXTS.merged(NOORDWIJK, edited(NOORDWIJK, [Edit(where, 15)]), edited(NOORDWIJK, [Edit(where, 25)]))
    assert merge.conflicts == (Difference(where, 15, 25),)


def test_a_remark_names_the_value_that_it_is_about() -> None:
    after = edited(NOORDWIJK, [Edit((*CHOICES, "9"), "nergens")])
    remark = next(each for each in TEXTS.remarks(after) if "nergens" in each.problem)
    assert remark.where == (*CHOICES, "9")
    assert remark.is_error
