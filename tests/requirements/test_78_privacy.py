"""Requirement 78 (AVG): a person gets to know what is kept, and is forgotten on request, over every store.

The stores themselves, both databases, are shown in `tests/storage/test_persons.py`; the page in
`tests/web/test_privacy.py`; encryption at rest in `tests/storage/test_recordings.py` and
`tests/storage/test_voice_message_files.py`.
"""

from __future__ import annotations

from tests.cast import ANNA, FENNA, SOFIE
from tests.fakes.privacy import KNOWN
from tests.web.conftest import Desk


def test_person_gets_everything_as_a_file_and_is_erased_but_for_what_is_held(desk: Desk) -> None:
    fenna = desk.visitor_as(FENNA)
    file = fenna.post("/privacy/find", **{"number": KNOWN, "as": "json"}).json
    assert {each["contact_id"] for each in file["contacts"]} == {"c1", "c2"}
    assert file["kept"] == {"c2": "held"}
    assert "Niet gewist: 1 contacten." in fenna.post("/privacy/erase", number=KNOWN, sure="yes").text


def test_nobody_else_looks_a_person_up(desk: Desk) -> None:
    for account in (ANNA, SOFIE):
        assert desk.visitor_as(account).post("/privacy/find", number=KNOWN).status_code == 403
