"""Credentials of softphones: who gets them, and as whom the page registers."""

from __future__ import annotations

from admin_web.agent.softphone import password_of
from admin_web.app import WebSettings
from tests.cast import ANNA
from tests.web.conftest import KEY, Visitor, make_desk

PAGE, SECRET = "00112233445566778899aabb", b"a secret of pages and SBC"


def anna_at_her_page(secret: bytes = SECRET, softphone: bool = True) -> Visitor:
    """Signed in; without `softphone` her telephone is another."""
    desk = make_desk(WebSettings(secret_key=KEY, softphone_secret=secret, softphone_url="ws://127.0.0.1:5066"))
    if softphone:
        desk.app.extensions["cx-ports"].directory.softphones.add("anna")
    return desk.visitor_as(ANNA)


def test_page_registers_as_a_user_of_its_own_so_that_no_other_page_is_rung_in_its_place() -> None:
    given = anna_at_her_page().post_json("/agent/softphone/credentials", page=PAGE).json
    assert given is not None
    assert given["user"] == f"anna~{PAGE}"
    assert given["name"].endswith(f":anna~{PAGE}")
    assert given["password"] == password_of(given["name"], SECRET)


def test_page_that_does_not_say_which_it_is_gets_none() -> None:
    visitor = anna_at_her_page()
    for page in ({}, {"page": ""}, {"page": "anna"}, {"page": f"{PAGE}@evil"}, {"page": 7}):
        assert visitor.post_json("/agent/softphone/credentials", **page).status_code == 400


def test_whose_telephone_is_another_gets_none_and_without_a_secret_nobody_does() -> None:
    assert anna_at_her_page(softphone=False).post_json("/agent/softphone/credentials", page=PAGE).status_code == 404
    assert anna_at_her_page(b"").post_json("/agent/softphone/credentials", page=PAGE).status_code == 503
