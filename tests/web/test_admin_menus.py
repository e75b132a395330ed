"""An administrator builds menus."""

from __future__ import annotations

from typing import Any

from tests.web.admin import Fields, activate, administrator, content, submit
from tests.web.conftest import Desk

ROWS = (("1", "burgerzaken"), ("2", "bouwen-en-wonen"), ("3", "afval-en-milieu"), ("0", "receptie"))

ONE_KEY = {"key": "1", "flow-of": "receptie", "prompt-of": "", "was": "", "state": "on", "from": "", "until": ""}


def form(rows: tuple[tuple[str, ...], ...] = ROWS, **fields: str) -> Fields:
    """The form of the main menu. A row is a key, its flow, and then perhaps: key before, state, from, until, text."""
    full = [(*row, *("", row[0], "on", "", "", "")[len(row) - 1 :]) for row in rows]
    names = ("key", "flow-of", "was", "state", "from", "until", "prompt-of")
    columns = dict(zip(names, map(list, zip(*full, strict=True)), strict=True))
    usual = {
        "base": "1", "flow": "hoofdmenu", "prompt": "hoofdmenu", "attempts": "2", "timeout_seconds": "5",
        "wrong_key": "verkeerde-toets", "otherwise": "receptie",
    }  # fmt: skip
    return usual | columns | fields


def menu(desk: Desk, flow: str = "hoofdmenu", index: int = 2) -> dict[str, Any]:
    return content(desk)["flows"][flow][index]["menu"]  # type: ignore[no-any-return]


def test_page_shows_where_callers_come_as_a_tree(desk: Desk) -> None:
    page = administrator(desk).get("/admin/menus").text
    assert "071 555 0100" in page
    assert "toets 3" in page
    assert "wachtrij Afval en milieu" in page
    assert "Voor Burgerzaken, toets 1" in page


def test_form_as_it_stands_changes_nothing(desk: Desk) -> None:
    assert "Niets: alles is al zo." in submit(administrator(desk), "/admin/menus", form()).text


def test_key_is_added_removed_and_moved(desk: Desk) -> None:
    aad = administrator(desk)
    shown = submit(
        aad,
        "/admin/menus",
        form((("3", "afval-en-milieu"), ("1", "burgerzaken"), ("9", "gesloten"), ("0", "receptie"))),
    )
    assert "Keuzemenu hoofdmenu: toets 2 verwijderd (was bouwen-en-wonen)" in shown.text
    assert "Keuzemenu hoofdmenu: toets 9 toegevoegd: gesloten" in shown.text
    activate(aad, shown.text)
    assert list(menu(desk)["choices"]) == ["3", "1", "9", "0"]


def test_text_that_still_names_a_key_that_is_switched_off_is_told_before_it_counts(desk: Desk) -> None:
    aad = administrator(desk)
    assert "noemt toets" not in submit(aad, "/admin/menus", form()).text
    rows = (*ROWS[:1], ("2", "bouwen-en-wonen", "2", "off", "", ""), *ROWS[2:])
    shown = submit(aad, "/admin/menus", form(rows)).text
    assert "De tekst van keuzemenu hoofdmenu noemt toets 2, en die staat uit" in shown
    assert "Maak bij Meldteksten een versie van de tekst zonder die toets" in shown
    activate(aad, shown)
    assert menu(desk)["choices"]["2"] == {"flow": "bouwen-en-wonen", "enabled": False}


def test_order_alone_is_a_change_too(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/menus", form(ROWS[::-1]))
    assert "volgorde van de toetsen gewijzigd" in shown.text


def test_what_is_wrong_stands_beside_its_setting_and_nothing_typed_is_lost(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/menus", form(attempts="veel", timeout_seconds="7.5"))
    assert shown.status_code == 422
    beside = shown.text.split('value="veel"')[1][:400]
    assert "cx-finding" in beside
    assert 'value="7.5"' in shown.text


def test_row_without_a_route_is_not_filled_in_yet_and_a_menu_without_keys_is_refused(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/menus", form((("1", ""),)))
    assert shown.status_code == 422
    assert "is leeg" in shown.text


def test_menu_under_a_menu_under_a_menu(desk: Desk) -> None:
    aad = administrator(desk)
    for base, (under, name) in enumerate((("hoofdmenu", "Wijken en buurten"), ("wijken-en-buurten", "Zee")), start=1):
        new = {"base": str(base), "under": under, "under-key": "5", "name": name, "kind": "menu", "prompt": "hoofdmenu"}
        page = submit(aad, "/admin/menus/new", new | ONE_KEY | {"otherwise": "receptie"})
        assert page.status_code == 200, page.text
        activate(aad, page.text)
    assert menu(desk)["choices"]["5"] == "wijken-en-buurten"
    assert menu(desk, "wijken-en-buurten", 0)["choices"] == {"1": "receptie", "5": "zee"}
    assert "zee" in aad.get("/admin/menus").text


def test_queue_message_and_number_come_under_a_key(desk: Desk) -> None:
    aad = administrator(desk)
    new = {"under": "hoofdmenu", "to-queue": "receptie", "to-say": "gesloten", "to-transfer": "+31715550199"}
    for base, (key, kind) in enumerate((("5", "queue"), ("6", "say"), ("7", "transfer")), start=1):
        page = submit(
            aad, "/admin/menus/new", new | {"base": str(base), "under-key": key, "name": f"nieuw-{kind}", "kind": kind}
        )
        activate(aad, page.text)
    flows = content(desk)["flows"]
    assert flows["nieuw-queue"] == [{"queue": "receptie"}]
    assert flows["nieuw-say"] == [{"say": "gesloten"}, "close"]
    assert flows["nieuw-transfer"] == [{"transfer": "+31715550199"}]
    assert menu(desk)["choices"]["7"] == "nieuw-transfer"


def test_new_key_that_is_taken_or_without_a_name_is_refused(desk: Desk) -> None:
    aad = administrator(desk)
    new = {"base": "1", "under": "hoofdmenu", "under-key": "1", "name": "iets", "kind": "queue", "to-queue": "receptie"}
    assert submit(aad, "/admin/menus/new", new).status_code == 422
    assert submit(aad, "/admin/menus/new", new | {"under-key": "5", "name": " "}).status_code == 422
    assert submit(aad, "/admin/menus/new", new | {"under-key": "5", "name": "receptie"}).status_code == 422
    assert submit(aad, "/admin/menus/new", new | {"under-key": "5", "kind": "menu"}).status_code == 422


def test_key_is_switched_off_and_offered_for_a_time(desk: Desk) -> None:
    aad = administrator(desk)
    rows = (
        ("1", "burgerzaken", "1", "off"),
        ("2", "bouwen-en-wonen", "2", "on", "2026-12-01", "2026-12-24"),
        *ROWS[2:],
    )
    shown = submit(aad, "/admin/menus", form(rows))
    assert "<li>Keuzemenu hoofdmenu: toets 1 uitgezet</li>" in shown.text
    told = "Keuzemenu hoofdmenu: toets 2: vanaf di 1 dec 2026, tot en met do 24 dec 2026"
    assert told in shown.text
    activate(aad, shown.text)
    assert menu(desk)["choices"]["1"] == {"flow": "burgerzaken", "enabled": False}
    assert menu(desk)["choices"]["2"] == {"flow": "bouwen-en-wonen", "from": "2026-12-01", "until": "2026-12-24"}
    assert "cx-badge" in aad.get("/admin/menus").text
    shown = submit(aad, "/admin/menus", form(base="2"))
    assert "<li>Keuzemenu hoofdmenu: toets 1 aangezet</li>" in shown.text
    activate(aad, shown.text)
    assert menu(desk)["choices"]["1"] == "burgerzaken"


def test_key_gets_a_text_of_its_own_and_loses_it_again(desk: Desk) -> None:
    aad = administrator(desk)
    rows = (*ROWS[:2], ("3", "afval-en-milieu", "3", "on", "", "2026-12-24", "keuze-melding"), *ROWS[3:])
    shown = submit(aad, "/admin/menus", form(rows)).text
    assert "Keuzemenu hoofdmenu: toets 3: tekst keuze-melding, tot en met do 24 dec 2026" in shown
    assert "De eigen tekst keuze-melding van toets 3 van keuzemenu hoofdmenu noemt een andere toets" in shown
    activate(aad, shown)
    kept = {"flow": "afval-en-milieu", "prompt": "keuze-melding", "until": "2026-12-24"}
    assert menu(desk)["choices"]["3"] == kept
    row = aad.get("/admin/menus").text.split('name="was" value="3"')[1].split("</li>")[0]
    assert '<option value="keuze-melding" selected>' in row
    assert "Voor een melding over de openbare ruimte" in row
    assert "Niets: alles is al zo." in submit(aad, "/admin/menus", form(rows, base="2")).text
    activate(aad, submit(aad, "/admin/menus", form(base="2")).text)
    assert menu(desk)["choices"]["3"] == "afval-en-milieu"


def test_text_that_nobody_has_stands_beside_its_key(desk: Desk) -> None:
    rows = (*ROWS[:3], ("0", "receptie", "0", "on", "", "", "bestaat-niet"))
    shown = submit(administrator(desk), "/admin/menus", form(rows))
    assert shown.status_code == 422
    row = shown.text.split('name="was" value="0"')[1].split("</li>")[0]
    assert "cx-finding" in row
    assert "<option selected>bestaat-niet</option>" in row


def test_caller_who_presses_nothing_hears_a_text_before_the_menu_again(desk: Desk) -> None:
    aad = administrator(desk)
    shown = submit(aad, "/admin/menus", form(no_key="even-geduld")).text
    assert "Keuzemenu hoofdmenu: tekst als er geen toets komt: – → even-geduld" in shown
    activate(aad, shown)
    assert menu(desk)["no_key"] == "even-geduld"


def test_unknown_menu_is_not_there(desk: Desk) -> None:
    assert administrator(desk).get("/admin/menus?flow=nergens").status_code == 404
