"""An administrator changes the steps of a flow."""

from __future__ import annotations

from typing import Any

from tests.cast import SOFIE
from tests.web.admin import activate, administrator, content, submit
from tests.web.conftest import Desk


def form(flow: str, *rows: tuple[str, str]) -> dict[str, str | list[str]]:
    """Rows of the form: the place that a step had, and the message."""
    return {"base": "1", "flow": flow, "was": [was for was, _ in rows], "prompt": [prompt for _, prompt in rows]}


def test_page_shows_the_steps_in_their_order_with_what_is_said(desk: Desk) -> None:
    page = administrator(desk).get("/admin/flows?flow=hoofdmenu").text
    assert page.index("opnemen") < page.index("<option selected>welkom</option>") < page.index("keuzemenu hoofdmenu")
    assert "Welkom bij de gemeente" in page and "toetsen wijzigen" in page
    assert "Er is geen route nergens." in administrator(desk).get("/admin/flows?flow=nergens").text
    assert desk.visitor_as(SOFIE).get("/admin/flows").status_code == 403


def test_steps_change_places_are_added_and_taken_out_and_the_change_is_told_in_words(desk: Desk) -> None:
    aad, before = administrator(desk), content(desk)["flows"]["hoofdmenu"]
    unknown = (("1", "gesloten"), ("0", ""), ("", "storing-niet"), ("2", ""))
    looked = submit(aad, "/admin/flows", form("hoofdmenu", *unknown))
    assert looked.status_code == 422 and "storing-niet" in looked.text
    rows = (("0", ""), ("", "bel-later-terug"), ("1", "welkom"), ("2", ""))
    looked = submit(aad, "/admin/flows", form("hoofdmenu", *rows))
    assert (
        "Route hoofdmenu: stappen opnemen · tekst welkom · keuzemenu hoofdmenu"
        " → opnemen · tekst bel-later-terug · tekst welkom · keuzemenu hoofdmenu" in looked.text
    )
    activate(aad, looked.text)
    after = content(desk)["flows"]["hoofdmenu"]
    assert after == [before[0], {"say": "bel-later-terug"}, *before[1:]]


def test_only_the_order_is_another_and_comments_go_with_their_step(desk: Desk) -> None:
    aad = administrator(desk)
    looked = submit(aad, "/admin/flows", form("hoofdmenu", ("1", "welkom"), ("0", ""), ("2", "")))
    assert "stappen opnemen · tekst welkom · keuzemenu hoofdmenu → tekst welkom · opnemen" in looked.text
    activate(aad, looked.text)
    assert [*map(kind, content(desk)["flows"]["hoofdmenu"])] == ["say", "answer", "menu"]
    text = desk.configurations.text(2)
    assert text.count("# said after a key that is no choice") == 1
    assert text.index("    - say: welkom") < text.index("    - answer") < text.index("# how often it is asked")


def kind(step: Any) -> str:
    """The name of a step."""
    return next(iter(step)) if isinstance(step, dict) else str(step)


def test_a_message_becomes_another_and_its_conditions_stay(desk: Desk) -> None:
    aad = administrator(desk)
    looked = submit(aad, "/admin/flows", form("allen-in-gesprek", ("0", "gesloten"), ("1", "")))
    assert "Route allen-in-gesprek: melding: bel-later-terug → gesloten" in looked.text
    activate(aad, looked.text)
    assert content(desk)["flows"]["allen-in-gesprek"] == [{"say": "gesloten"}, "close"]


def test_an_order_that_the_language_does_not_allow_is_refused_beside_the_step_and_stays_as_it_was_put(
    desk: Desk,
) -> None:
    looked = submit(administrator(desk), "/admin/flows", form("allen-in-gesprek", ("1", ""), ("0", "bel-later-terug")))
    assert looked.status_code == 422
    rows = looked.text.split('id="steps"')[1].split("</ol>")[0]
    assert rows.index("ophangen") < rows.index("bel-later-terug")
    assert "cx-finding" in rows
    assert rows.index('name="was" value="1"') < rows.index('name="was" value="0"')
    assert len(desk.configurations.kept) == 1


def test_the_tree_leads_to_the_steps_of_each_flow(desk: Desk) -> None:
    assert "/admin/flows?flow=burgerzaken" in administrator(desk).get("/admin/menus").text
