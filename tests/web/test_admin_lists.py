"""An administrator keeps the reasons of breaks, the topics, the phone book and the traffic classes."""

from __future__ import annotations

import json

import pytest

from admin_web.admin.changes import Change
from admin_web.admin.navigation import TASKS
from cxcore.ports.site_texts import Edit
from tests.cast import ANNA, SOFIE
from tests.web.admin import Fields, activate, administrator, content, hidden, submit
from tests.web.conftest import Desk, Visitor


def does(visitor: Visitor, path: str, fields: Fields) -> str:
    """Fill the form in and activate what comes of it; returns the page that told the change."""
    shown = submit(visitor, path, {"base": hidden(visitor.get(path).text, "base"), **fields})
    assert shown.status_code == 200, shown.text
    assert activate(visitor, shown.text).status_code == 302
    return shown.text


def test_reasons_are_lines_of_a_field_and_each_change_is_told_by_its_name(desk: Desk) -> None:
    told = does(administrator(desk), "/admin/reasons", {"reasons": "Pauze\nOverleg\n  Lunch\n\nOpleiding\n"})
    assert "Pauzereden Opleiding toegevoegd" in told
    assert "Pauzereden Andere werkzaamheden verwijderd" in told
    assert content(desk)["break_reasons"] == ["Pauze", "Overleg", "Lunch", "Opleiding"]
    again = submit(administrator(desk), "/admin/reasons", {"base": "2", "reasons": "Pauze\nLunch\nOverleg\nOpleiding"})
    assert "Pauzereden: volgorde gewijzigd" in again.text


def test_reason_that_stands_twice_is_refused_and_what_was_typed_stays(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/reasons", {"base": "1", "reasons": "Pauze\nPauze"})
    assert shown.status_code == 422
    assert "Pauze\nPauze</textarea>" in shown.text


def test_topic_is_added_grouped_renamed_and_retired_and_never_deleted(desk: Desk) -> None:
    aad = administrator(desk)
    assert "Onderwerp Paspoort toegevoegd" in does(aad, "/admin/topics", {"name": "Paspoort", "group": "Burgerzaken"})
    does(aad, "/admin/topics", {"name": "Overig"})
    does(aad, "/admin/topics", {"name": "Rijbewijs", "group": "Burgerzaken"})
    assert [str(each) for each in content(desk)["topics"]] == [
        "{'name': 'Paspoort', 'group': 'Burgerzaken'}", "{'name': 'Rijbewijs', 'group': 'Burgerzaken'}", "Overig"
    ]  # fmt: skip
    told = does(aad, "/admin/topics", {"before": "Overig", "name": "Overig", "retired": "yes"})
    assert "Onderwerp Overig: vervallen – → ja" in told
    assert content(desk)["topics"][2] == {"name": "Overig", "retired": True}
    assert "Verwijderen" not in aad.get("/admin/topics?topic=Overig").text


def test_topics_are_found_by_the_beginning_of_a_word_of_name_or_group(desk: Desk) -> None:
    aad = administrator(desk)
    for name, group in (("Paspoort", "Burgerzaken"), ("Afval", "Wonen")):
        does(aad, "/admin/topics", {"name": name, "group": group})
    found = aad.get("/admin/topics?q=burg").text
    assert "Paspoort" in found
    assert "Afval" not in found


def test_topic_of_that_name_is_there_already(desk: Desk) -> None:
    aad = administrator(desk)
    does(aad, "/admin/topics", {"name": "Paspoort"})
    assert submit(aad, "/admin/topics", {"base": "2", "name": "Paspoort"}).status_code == 422
    assert aad.get("/admin/topics?topic=Fiets").status_code == 404


ENTRY: Fields = {"name": "Wijkteam Noord", "department": "Sociaal domein", "numbers": "071 555 0200\n071-5550201"}


def test_entry_of_the_phone_book_is_typed_as_people_write_numbers(desk: Desk) -> None:
    aad = administrator(desk)
    assert "Telefoonboek: Wijkteam Noord toegevoegd" in does(aad, "/admin/phone-book", ENTRY)
    entry = content(desk)["phone_book"]["wijkteam-noord"]
    assert entry["numbers"] == ["+31715550200", "+31715550201"]
    changed: Fields = {**ENTRY, "key": "wijkteam-noord", "name": "Wijkteam Zuid"}
    assert "Wijkteam Zuid: naam: Wijkteam Noord → Wijkteam Zuid" in does(aad, "/admin/phone-book", changed)
    assert "071 555 0200" in aad.get("/admin/phone-book?q=0715550200").text
    assert "Niemand gevonden." in aad.get("/admin/phone-book?q=notaris").text
    does(aad, "/admin/phone-book", {"key": "wijkteam-noord", "remove": "yes"})
    assert "phone_book" not in content(desk)


def test_number_that_is_none_is_refused_beside_its_field(desk: Desk) -> None:
    for number in ("112", "nul zeven een"):
        shown = submit(administrator(desk), "/admin/phone-book", {**ENTRY, "base": "1", "numbers": number})
        assert shown.status_code == 422
        assert "cx-finding" in shown.text.split('name="numbers"')[1][:1500]
        assert 'value="Wijkteam Noord"' in shown.text


def test_supervisor_keeps_the_phone_book_and_changes_nothing_else(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    does(sofie, "/admin/phone-book", ENTRY)
    assert "wijkteam-noord" in content(desk)["phone_book"]
    forged = Change(2, (Edit(("phone_book", "x"), {"name": "X"}), Edit(("users", "sofie", "role"), "administrator")))
    answer = sofie.post("/admin/changes", change=forged.written(), back="/admin", seen="2", when="now")
    assert answer.status_code == 403
    whole = json.loads(Change(2, text="site: X").written())
    answer = sofie.post("/admin/changes", change=json.dumps(whole), back="/admin", seen="2", when="now")
    assert answer.status_code == 403


CLASS: Fields = {"name": "Nationaal", "kind": ["internal", "national"], "allow": "0044*\n0800 1121"}


def test_first_traffic_class_is_the_one_of_everybody_and_a_user_gets_another(desk: Desk) -> None:
    aad = administrator(desk)
    told = does(aad, "/admin/traffic", CLASS)
    assert "Verkeersklasse Nationaal toegevoegd" in told
    assert content(desk)["traffic_class"] == "nationaal"
    assert content(desk)["traffic_classes"]["nationaal"]["allow"] == ["internal", "national", "+44*", "08001121"]
    does(aad, "/admin/traffic", {"name": "Alleen intern", "kind": "internal"})
    assert content(desk)["traffic_class"] == "nationaal"
    user: Fields = {
        "base": "3", "username": "sofie", "name": "Sofie Mulder", "role": "supervisor",
        "traffic_class": "alleen-intern",
    }  # fmt: skip
    activate(aad, submit(aad, "/admin/users", user).text)
    assert content(desk)["users"]["sofie"]["traffic_class"] == "alleen-intern"
    in_use = submit(aad, "/admin/traffic", {"base": "4", "key": "alleen-intern", "remove": "yes"})
    assert in_use.status_code == 422
    assert "nog in gebruik" in in_use.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0900*", "0900*"), ("+31 900*", "0900*"), ("090*", "090*"), ("0800*", "0800*"), ("06*", "+316*")],
)
def test_beginning_is_kept_in_the_form_in_which_numbers_are_compared(desk: Desk, typed: str, kept: str) -> None:
    told = does(administrator(desk), "/admin/traffic", {**CLASS, "deny": typed})
    assert "geen nummer dat gebeld wordt" not in told
    assert content(desk)["traffic_classes"]["nationaal"]["deny"] == [kept]


def test_class_that_denies_112_is_refused(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/traffic", {**CLASS, "base": "1", "deny": "112"})
    assert shown.status_code == 422
    assert "cx-finding" in shown.text.split('name="deny"')[1][:1000]


ANSWER: Fields = {"name": "Openingstijden", "text": "Dag.\r\nWij zijn open van 9 tot 17 uur.", "queue": "burgerzaken"}


def test_prepared_answer_is_kept_with_its_lines_found_changed_and_removed(desk: Desk) -> None:
    aad = administrator(desk)
    assert "Standaardantwoord Openingstijden toegevoegd" in does(aad, "/admin/answers", ANSWER)
    answer = content(desk)["answers"]["openingstijden"]
    assert answer == {"name": "Openingstijden", "text": "Dag.\nWij zijn open van 9 tot 17 uur.", "queue": "burgerzaken"}
    assert "Openingstijden" in aad.get("/admin/answers?q=open").text
    assert "Geen standaardantwoord gevonden" in aad.get("/admin/answers?q=paspoort").text
    told = does(aad, "/admin/answers", {**ANSWER, "key": "openingstijden", "queue": "", "text": "Dag."})
    assert "Standaardantwoord Openingstijden: wachtrij: burgerzaken → –" in told
    does(aad, "/admin/answers", {**ANSWER, "key": "openingstijden", "remove": "yes"})
    assert "answers" not in content(desk)


def test_prepared_answer_that_is_no_line_of_a_chat_is_refused_beside_its_field(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/answers", {**ANSWER, "base": "1", "text": "x" * 2001})
    assert shown.status_code == 422
    assert "ten hoogste 2000" in shown.text.split('name="text"')[1]


def test_page_of_an_agent_that_stays_open_asks_what_can_be_chosen_now(desk: Desk) -> None:
    answer = desk.visitor_as(ANNA).get("/agent/choices").json
    assert answer is not None
    assert answer["break_reasons"][0] == "Pauze"
    assert answer["topics"][0] == {"name": "Paspoort", "group": "Burgerzaken"}
    assert answer["answers"][1] == {
        "name": "Vergunning", "text": "U vraagt die aan op onze website.", "queue": "bouwen"
    }  # fmt: skip


def test_every_page_of_the_administration_has_help(desk: Desk) -> None:
    aad = administrator(desk)
    paths = {str(rule) for rule in desk.app.url_map.iter_rules() if rule.endpoint in {task.endpoint for task in TASKS}}
    assert len(paths) == len(TASKS)
    assert [path for path in paths if "Hulp bij deze pagina" not in aad.get(path).text] == []
