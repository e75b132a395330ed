"""How long a session lasts."""

from __future__ import annotations

from tests.cast import ANNA, SOFIE
from tests.web.conftest import Desk

MINUTE = 60.0


def test_session_ends_after_fifteen_minutes_without_a_request(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    desk.clock.advance(15 * MINUTE)
    assert visitor.get("/supervisor").location == "/sign-in"


def test_session_goes_on_while_the_page_says_that_it_is_used(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    for _ in range(6):
        desk.clock.advance(10 * MINUTE)
        assert visitor.post("/session/alive").status_code == 204
    assert visitor.get("/agent").status_code == 200


def test_session_ends_after_ten_hours_whatever_happens(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    for _ in range(59):
        desk.clock.advance(10 * MINUTE)
        visitor.post("/session/alive")
    assert visitor.get("/agent").status_code == 200
    desk.clock.advance(10 * MINUTE)
    assert visitor.get("/agent").location == "/sign-in"


def test_account_whose_role_is_taken_is_out_within_a_minute(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    del desk.accounts._accounts["sofie"]
    desk.clock.advance(61)
    assert visitor.get("/supervisor").location == "/sign-in"


def test_database_that_is_away_signs_nobody_out(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    desk.accounts.away = True
    desk.clock.advance(120)
    assert visitor.get("/agent").status_code == 200


def test_sign_in_gives_a_session_of_its_own(desk: Desk) -> None:
    visitor = desk.visitor()
    visitor.post("/language", language="en")
    before = visitor.token()
    visitor.signs_in(ANNA)
    assert visitor.token() != before
    assert 'lang="en"' in visitor.get("/agent").text


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    cookie = desk.visitor().signs_in(ANNA).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookie_of_an_https_site_is_secure_and_bound_to_the_host(https_desk: Desk) -> None:
    cookie = https_desk.visitor().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-cx=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
