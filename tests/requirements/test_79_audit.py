"""Requirement 79 (BIO2 8.15): who did what is kept, and the privacy officer finds it, in words.

Each doing is walked through as its user does it. That the record cannot be changed unseen is shown in
`tests/storage/test_audit.py`; what has to be refused stands in `tests/web/test_permissions.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from admin_web.presenters.audit import ACTIONS
from tests.cast import AAD, ANNA, FENNA, SOFIE
from tests.fakes.privacy import KNOWN
from tests.web.admin import activate, administrator, submit
from tests.web.conftest import Desk
from tests.web.test_admin_users import EVA
from tests.web.test_contact_page import kept

SEE = "/recordings/c1.8f31"


def plays(desk: Desk) -> None:
    desk.visitor_as(SOFIE).post(f"{SEE}/listen")


def exports(desk: Desk) -> None:
    desk.visitor_as(SOFIE).post(f"{SEE}/export")


def keeps_back(desk: Desk) -> None:
    desk.visitor_as(SOFIE).post(f"{SEE}/hold", reason="klacht")


def lets_go(desk: Desk) -> None:
    desk.visitor_as(SOFIE).post(f"{SEE}/hold")


def listens_in(desk: Desk) -> None:
    desk.visitor_as(SOFIE).command("listening/anna/listen-in")


def looks_at_a_contact(desk: Desk) -> None:
    desk.visitor_as(SOFIE).get("/supervisor/contacts/c1")


def steers(desk: Desk) -> None:
    desk.visitor_as(SOFIE).command("queues/burgerzaken/close", move_waiting=False)


def acknowledges(desk: Desk) -> None:
    desk.controller.alarm("burgerzaken", "waiting", 9, 8)
    desk.visitor_as(SOFIE).command("alarms/burgerzaken:waiting/acknowledge")


def signs_in(desk: Desk) -> None:
    desk.visitor_as(ANNA)


def signs_out(desk: Desk) -> None:
    desk.visitor_as(ANNA).post("/sign-out")


def changes_a_queue(desk: Desk) -> None:
    aad = desk.visitor_as(AAD)
    activate(aad, aad.post("/admin/queues/new", base="1", name="Parkeren").text)


def adds_a_user(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, submit(aad, "/admin/users", EVA).text)


def finds_a_person(desk: Desk) -> None:
    desk.visitor_as(FENNA).post("/privacy/find", number=KNOWN)


def erases_a_person(desk: Desk) -> None:
    desk.visitor_as(FENNA).post("/privacy/erase", number=KNOWN, sure="yes")


def reads_the_audit(desk: Desk) -> None:
    desk.visitor_as(FENNA).get("/audit")


DOINGS: dict[Callable[[Desk], None], tuple[str, str]] = {
    plays: ("sofie", "play-recording"),
    exports: ("sofie", "export-recording"),
    keeps_back: ("sofie", "hold-recording"),
    lets_go: ("sofie", "release-recording"),
    listens_in: ("sofie", "listening-listen-in"),
    looks_at_a_contact: ("sofie", "see-contact"),
    steers: ("sofie", "queue-close"),
    acknowledges: ("sofie", "alarm-acknowledge"),
    signs_in: ("anna", "sign-in"),
    signs_out: ("anna", "sign-out"),
    changes_a_queue: ("aad", "activate-configuration"),
    adds_a_user: ("aad", "change-role"),
    finds_a_person: ("fenna", "find-person"),
    erases_a_person: ("fenna", "erase-person"),
    reads_the_audit: ("fenna", "search-audit"),
}


@pytest.mark.parametrize("doing", DOINGS, ids=lambda doing: doing.__name__)
def test_each_doing_is_kept_and_found_by_the_privacy_officer_in_words(
    desk: Desk, doing: Callable[[Desk], None]
) -> None:
    desk.recordings.add("c1.8f31", "c1", b"RIFF and sound")
    kept(desk)
    doing(desk)
    actor, action = DOINGS[doing]
    assert (actor, action) in {(event.actor, event.action) for event in desk.audit.events}
    page = desk.visitor_as(FENNA).get(f"/audit?actor={actor}&action={action}").text
    assert str(ACTIONS[action]) in page


def test_new_rights_are_told_from_what_to_what(desk: Desk) -> None:
    adds_a_user(desk)
    told = [event.object for event in desk.audit.events if event.action == "change-role"]
    assert told == ["username=eva from=none to=agent version=2"]


def test_every_action_that_was_kept_has_words(desk: Desk) -> None:
    desk.recordings.add("c1.8f31", "c1", b"RIFF and sound")
    kept(desk)
    for doing in DOINGS:
        doing(desk)
    assert {event.action for event in desk.audit.events} - ACTIONS.keys() == set()
