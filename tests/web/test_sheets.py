"""Administrators take users, devices, memberships, lists and the phone book along as CSV, and read them again."""

from __future__ import annotations

import csv
import io
import re

import pytest

from admin_web.sheets.files import NoSheet, read_rows, write_rows
from admin_web.sheets.kinds import SHEETS
from tests.cast import SOFIE
from tests.web.admin import activate, administrator, content, hidden
from tests.web.conftest import Answer, Desk, Visitor
from tests.web.test_admin_lists import ANSWER, CLASS, ENTRY, does


def send(visitor: Visitor, sheet: str, file: str | bytes, **fields: str) -> Answer:
    """Choose a file and press Bekijken."""
    content = file.encode() if isinstance(file, str) else file
    return visitor.post("/admin/sheets", sheet=sheet, file=(io.BytesIO(content), "x.csv"), **fields)  # type: ignore[arg-type]


def lines(page: str) -> list[tuple[str, ...]]:
    """Number, verdict, column and words of each line of the page."""
    rows = re.findall(r'<tr class="utrecht-table__row" data-verdict="(\w+)">(.*?)</tr>', page, re.DOTALL)
    found: list[tuple[str, ...]] = []
    for verdict, row in rows:
        number, _, _, column, words = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        found.append((number, verdict, column, words))
    return found


def fill(desk: Desk) -> Visitor:
    """A site with something in each file."""
    aad = administrator(desk)
    does(aad, "/admin/phone-book", ENTRY)
    does(aad, "/admin/answers", ANSWER)
    does(aad, "/admin/phone-book", {"name": "Brussel; loket", "numbers": "+32 475 12 34 56"})
    does(aad, "/admin/topics", {"name": "Paspoort", "group": "Burgerzaken"})
    does(aad, "/admin/topics", {"name": "=1+1", "retired": "yes"})
    does(aad, "/admin/traffic", CLASS)
    return aad


@pytest.mark.parametrize("key", SHEETS)
@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ";"), ("cp1252", ","), ("utf-16", "\t")])
def test_file_that_is_read_as_it_was_saved_changes_nothing(
    desk: Desk, key: str, encoding: str, delimiter: str
) -> None:
    aad = fill(desk)
    saved = aad.get(f"/admin/sheets/{key}.csv").data.decode("utf-8-sig")
    again = io.StringIO()
    csv.writer(again, delimiter=delimiter).writerows(csv.reader(io.StringIO(saved), delimiter=";"))
    shown = send(aad, key, again.getvalue().encode(encoding), whole="yes")
    assert {verdict for _, verdict, _, _ in lines(shown.text)} == {"same"}
    assert "Niets: alles is al zo." in shown.text


def test_no_cell_of_a_saved_file_is_a_formula(desk: Desk) -> None:
    aad = fill(desk)
    assert "\n'=1+1;" in aad.get("/admin/sheets/topics.csv").text
    assert "'+32475123456" in aad.get("/admin/sheets/phone-book.csv").text
    odd = ["=1", "+1", "-1", "@x", "'=1", "''=1", "'s-Gravenhage", "a=1"]
    written = write_rows([odd]).decode("utf-8-sig")
    assert not re.search(r'(^|;)"?[=+\-@\t]', written)
    assert [list(row.cells) for row in read_rows(written.encode())] == [odd]


USERS = """gebruikersnaam;naam;rol;toestel;eigen nummer
anna;Anna de Groot;medewerker;sip:anna@127.0.0.1:5071;071 555 0111
eva;Eva Smit;medewerker;sip:eva@127.0.0.1:5079;071-5550119
eva;Eva Smit;medewerker;;
finn;Finn Vos;chef;;
gé;Gé Mol;supervisor;;
hans;;supervisor;;
ida;Ida Bos;supervisor;;715550118
joep;Joep Dam;medewerker;;
kim;Kim Tol;supervisor;;071 555 0111
sofie;Sofie Mulder;supervisor;;
aad;Aad Dekker;beheerder;;;;teveel
"""


def test_each_line_says_what_becomes_of_it_and_each_refusal_names_line_column_and_remedy(desk: Desk) -> None:
    shown = send(administrator(desk), "users", USERS)
    by_line = {int(number): rest for number, *rest in lines(shown.text)}
    assert by_line[2] == ["changed", "–", "naam: Anna de Vries → Anna de Groot"]
    assert by_line[3][0] == "added"
    assert by_line[4] == ["refused", "–", "staat al op regel 3; haal een van de twee weg"]
    assert by_line[5][:2] == ["refused", "rol"]
    assert "kies uit medewerker, supervisor" in by_line[5][2]
    assert by_line[6][:2] == ["refused", "gebruikersnaam"]
    assert by_line[7] == ["refused", "naam", "is leeg; vul in"]
    assert "begin met 0 of +" in by_line[8][2]
    assert by_line[9][0] == by_line[10][0] == by_line[12][0] == "refused"
    assert by_line[11][0] == "same"


def test_good_lines_become_one_version_that_one_click_takes_back(desk: Desk) -> None:
    aad = administrator(desk)
    done = activate(aad, send(aad, "users", USERS).text)
    assert "(eva)</dt>" in done.text
    users = content(desk)["users"]
    assert (users["anna"]["name"], users["eva"]["number"]) == ("Anna de Groot", "+31715550119")
    assert users["anna"]["queues"] == {"burgerzaken": 1, "receptie": 2}
    assert not {"finn", "hans", "ida", "joep", "kim"} & set(users)
    aad.post("/admin/versions/2/undo")
    assert content(desk)["users"]["anna"]["name"] == "Anna de Vries"
    assert "eva" not in content(desk)["users"]


def test_what_a_file_lacks_stays_unless_it_is_said_to_be_the_whole_and_no_line_is_refused(desk: Desk) -> None:
    aad = administrator(desk)
    some = "gebruikersnaam;wachtrij;niveau\nanna;Burgerzaken;3\nbram;burgerzaken;1\n"
    activate(aad, send(aad, "memberships", some).text)
    assert content(desk)["users"]["anna"]["queues"] == {"burgerzaken": 3, "receptie": 2}
    shown = send(aad, "memberships", some + "anna;receptie;honderd\n", whole="yes")
    assert "Er wordt niets verwijderd zolang er geweigerde regels zijn." in shown.text
    shown = send(aad, "memberships", some, whole="yes")
    assert "removed" in {verdict for _, verdict, _, _ in lines(shown.text)}
    activate(aad, shown.text)
    assert content(desk)["users"]["anna"]["queues"] == {"burgerzaken": 3}
    assert "queues" not in content(desk)["users"]["chris"]


def test_column_that_a_file_lacks_stays_and_an_empty_cell_empties(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, send(aad, "devices", "gebruikersnaam,eigen nummer\nanna,\n").text)
    anna = content(desk)["users"]["anna"]
    assert "number" not in anna
    assert anna["caller_number"] == "+31715550111"


def test_new_entries_of_the_phone_book_need_no_key(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    file = "naam;afdeling;nummers\nNotaris;Extern;0715550210\nNotaris;Intern;0715550211\n".encode("cp1252")
    activate(sofie, send(sofie, "phone-book", file).text)
    assert content(desk)["phone_book"]["notaris"]["numbers"] == ["+31715550210"]
    assert send(sofie, "users", "gebruikersnaam;naam;rol\nx;X;beheerder\n").status_code == 403


def test_prepared_answers_keep_their_lines_in_a_file_and_back(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, send(aad, "answers", 'naam;tekst;wachtrij\nGroet;"Dag.\nWat kan ik doen?";Burgerzaken\n').text)
    kept = {"name": "Groet", "text": "Dag.\nWat kan ik doen?", "queue": "burgerzaken"}
    assert content(desk)["answers"] == {"groet": kept}
    again = send(aad, "answers", aad.get("/admin/sheets/answers.csv").text)
    assert {verdict for _, verdict, _, _ in lines(again.text)} <= {"same"}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"\xff\xfeP\x00K", "staat"),
        (b"PK\x03\x04\x00\x00", "Bewaar het als CSV"),
        (b"naam;rol\nEva;medewerker\n", "gebruikersnaam, naam, rol"),
        (b'gebruikersnaam;naam;rol\neva;"Eva;medewerker\n', "Op regel 2 klopt een aanhalingsteken niet"),
        (b"", "leeg"),
        (b"gebruikersnaam;naam;rol\n", "leeg"),
    ],
)
def test_file_that_cannot_be_read_gets_one_clear_answer_and_changes_nothing(
    desk: Desk, file: bytes, words: str
) -> None:
    aad = administrator(desk)
    answer = send(aad, "users", file)
    assert answer.status_code == 302
    assert words in aad.get(answer.location).text
    assert hidden(aad.get("/admin/reasons").text, "base") == "1"


def test_file_that_is_too_large_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin_web.sheets.routes.LARGEST_TEXT", 1000)
    aad = administrator(desk)
    assert "te groot" in aad.get(send(aad, "users", b"x" * 1001).location).text


def test_file_of_too_many_lines_is_refused() -> None:
    with pytest.raises(NoSheet) as refusal:
        read_rows(b"x\n" * 10_002)
    assert refusal.value.code == "too-long"


def test_whoever_saves_a_file_stands_in_the_audit(desk: Desk) -> None:
    administrator(desk).get("/admin/sheets/users.csv")
    assert "export-sheet" in [event.action for event in desk.audit.events]


CLASSES = """sleutel;naam;mag bellen naar;mag niet bellen naar
binnen;Binnendienst;Intern, vaste nummers, mobiele nummers;0900*
;Buitendienst;intern, buitenland, 0044*;
;Bestuur;intern, alles;
;Raad;intern;betaalde nummers
"""


def test_traffic_classes_are_written_in_words_and_what_is_no_kind_is_refused_with_the_choice(desk: Desk) -> None:
    aad = administrator(desk)
    shown = send(aad, "traffic", CLASSES)
    by_line = {int(number): rest for number, *rest in lines(shown.text)}
    assert [by_line[line][0] for line in (2, 3, 4, 5)] == ["added", "added", "refused", "refused"]
    assert by_line[4][1] == "mag bellen naar"
    assert "alles kan hier niet staan; kies uit intern, telefoonboek, vaste nummers" in by_line[4][2]
    assert by_line[5][1] == "mag niet bellen naar"
    activate(aad, shown.text)
    assert content(desk)["traffic_class"] == "binnen"
    assert content(desk)["traffic_classes"] == {
        "binnen": {"name": "Binnendienst", "allow": ["internal", "national", "mobile"], "deny": ["0900*"]},
        "buitendienst": {"name": "Buitendienst", "allow": ["internal", "international", "+44*"]},
    }
    saved = aad.get("/admin/sheets/traffic.csv").text
    assert "buitendienst;Buitendienst;intern, buitenland, +44*;" in saved


def test_traffic_class_that_users_have_is_not_removed_by_a_file_that_lacks_it(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, send(aad, "traffic", CLASSES).text)
    shown = send(aad, "traffic", "naam;mag bellen naar\nBuitendienst;intern\n", whole="yes")
    assert "Dit kan zo niet ingaan" in shown.text
    assert ">Activeren<" not in shown.text
