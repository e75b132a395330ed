"""An administrator gives the service number its keys in the page, as a version like any other change."""

from __future__ import annotations

import pytest

from tests.cast import ANNA, SOFIE
from tests.web.admin import Fields, activate, administrator, content, hidden, submit
from tests.web.conftest import Desk, Visitor

PAGE = "/admin/service-number/keys"
KEYS: Fields = {
    "number": "071 555 0190",
    "messages-1-message": "welkom",
    "messages-4-message": "even-geduld",
    "emergency-1-message": "noodtekst-storing",
    "emergency-1-then": "end-call",
    "emergency-1-hours": "12",
    "emergency-2-message": "noodtekst-gesloten",
    "emergency-2-then": "flow",
    "emergency-2-flow": "burgerzaken",
    "emergency-2-hours": "4",
    "places-1-place": "everywhere",
    "places-2-place": "burgerzaken",
}


def looks(visitor: Visitor, fields: Fields) -> str:
    """Fill the form in; what the next page says."""
    shown = submit(visitor, PAGE, {"base": hidden(visitor.get(PAGE).text, "base"), **fields})
    assert shown.status_code == 200, shown.text
    return shown.text


def test_the_keys_become_a_version_that_reads_as_it_was_filled_in(desk: Desk) -> None:
    aad = administrator(desk)
    told = looks(aad, KEYS)
    assert "service_number" not in content(desk)
    assert activate(aad, told).status_code == 302
    assert content(desk)["service_number"] == {
        "number": "+31715550190",
        "messages": {"1": "welkom", "4": "even-geduld"},
        "emergency": {
            "1": "noodtekst-storing",
            "2": {"message": "noodtekst-gesloten", "then": "flow", "flow": "burgerzaken", "hours": 4},
        },
        "places": {"1": "everywhere", "2": "burgerzaken"},
    }
    page = aad.get(PAGE).text
    for chosen in ("071 555 0190", '<option value="even-geduld" selected>', '<option value="flow" selected>'):
        assert chosen in page


def test_a_key_that_is_emptied_is_gone_and_the_change_is_told_in_words(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, looks(aad, KEYS))
    told = looks(aad, {**KEYS, "messages-4-message": "", "emergency-2-hours": "8"})
    assert "Dienstnummer, meldingen: toets 4 verwijderd (was even-geduld)" in told
    assert "Dienstnummer, noodteksten: toets 2 uren: 4 → 8" in told
    activate(aad, told)
    line = content(desk)["service_number"]
    assert line["messages"] == {"1": "welkom"}
    assert line["emergency"]["2"]["hours"] == 8


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"number": "071 555 0100"}, "071 555 0100"),
        ({"number": "niemand"}, "niemand"),
        ({"emergency-2-flow": ""}, "flow"),
        ({"emergency-2-hours": "9999"}, "720"),
    ],
)
def test_what_cannot_be_is_refused_in_dutch_beside_its_field_and_stays_filled_in(
    desk: Desk, wrong: Fields, says: str
) -> None:
    aad = administrator(desk)
    shown = submit(aad, PAGE, {"base": hidden(aad.get(PAGE).text, "base"), **KEYS, **wrong})
    assert shown.status_code == 422
    assert 'data-kind="error"' in shown.text
    assert 'lang="en"' not in shown.text.partition("<main")[2]
    assert says in shown.text
    assert '<option value="even-geduld" selected>' in shown.text


def test_the_service_number_is_taken_out(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, looks(aad, KEYS))
    activate(aad, looks(aad, {**KEYS, "remove": "yes"}))
    assert "service_number" not in content(desk)


def test_supervisors_use_the_number_and_do_not_change_its_keys(desk: Desk) -> None:
    for who in (ANNA, SOFIE):
        assert desk.visitor_as(who).get(PAGE).status_code == 403
        assert submit(desk.visitor_as(who), PAGE, {**KEYS, "base": "1"}).status_code == 403
    assert PAGE not in desk.visitor_as(SOFIE).get("/admin/service-number").text
    assert PAGE in administrator(desk).get("/admin/service-number").text
