"""What the check refuses is told in Dutch on Dutch pages, and as it is on English ones."""

from __future__ import annotations

import pytest
from flask import session

from admin_web.presenters.finding_texts import problem_in_dutch, remedy_in_dutch
from admin_web.presenters.findings import problem_words, remedy_words
from cxcore.ports.site_texts import Remark
from tests.dialplans.samples import BROKEN, heads
from tests.web.admin import administrator, submit
from tests.web.conftest import Desk
from tests.web.test_admin_users import EVA

ENGLISH = {"the", "write", "take", "with", "that", "from", "and"}
SAID = sorted({line.split(": ", 2)[2] for sample in BROKEN for line in heads(sample, "expect") if " → " in line})


@pytest.mark.parametrize("said", SAID)
def test_every_finding_that_the_check_is_known_to_make_is_told_in_dutch(desk: Desk, said: str) -> None:
    problem, remedy = said.rsplit(" → ", 1)
    with desk.app.test_request_context():
        for words, told in ((problem, problem_in_dutch(problem)), (remedy, remedy_in_dutch(remedy))):
            assert told is not None, words
            assert not ENGLISH & set(told.lower().split()), f"{words} → {told}"


def test_finding_stands_beside_its_field_in_dutch(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/users", {**EVA, "device": "112"}).text
    assert "Toestel van gebruiker eva is het noodnummer 112" in shown
    assert 'lang="en"' not in shown.split("cx-finding")[1][:400]


def test_english_page_says_it_as_the_check_does(desk: Desk) -> None:
    remark = Remark(True, 1, (), "user eva lacks `name`", "write one line of text")
    with desk.app.test_request_context():
        assert problem_words(remark) == "bij gebruiker eva ontbreekt naam"
        assert remedy_words(remark) == "schrijf één regel tekst"
    with desk.app.test_request_context():
        session["language"] = "en"
        assert problem_words(remark) == remark.problem
