"""Who may do what."""

from __future__ import annotations

import pytest
from werkzeug.routing import Rule

from admin_web.auth.permissions import PERMISSIONS, Permission
from cxcore.ports.accounts import Account, Role
from tests.cast import AAD, ANNA, CHRIS, FENNA, KAREL, SOFIE
from tests.web.conftest import Desk

PUBLIC = {"/", "/sign-in", "/language", "/healthz", "/static/<version>/<path:name>"}
BY_SECRET_LINK = {
    "/wallboard/<board_id>/<secret>",
    "/wallboard/<board_id>/<secret>/version",
    "/wallboard/<board_id>/<secret>/trend",
    "/live/wallboard/<board_id>/<secret>",
}

BY_SIGNATURE = {"/hooks/recording-marker", "/hooks/whatsapp"}
FOR_CUSTOMERS = {
    f"/chat/<page>{each}" for each in ("", "/embed.js", "/start", "/write", "/type", "/news", "/lose", "/leave")
}

MAY: dict[str, tuple[Account, ...]] = {
    "/agent": (ANNA, CHRIS),
    "/agent/calls": (ANNA, CHRIS),
    "/agent/directory": (ANNA, CHRIS),
    "/agent/employees/z.vandermeer@noordwijk.example": (ANNA, CHRIS),
    "/supervisor": (SOFIE, AAD),
    "/supervisor/trends": (SOFIE, AAD),
    "/supervisor/sound": (SOFIE, AAD),
    "/supervisor/contacts": (SOFIE,),
    "/wallboards": (SOFIE,),
    "/recordings": (SOFIE,),
    "/admin": (AAD,),
    "/admin/messages": (SOFIE, AAD),
    "/admin/messages/welkom": (SOFIE, AAD),
    "/admin/messages/welkom/0.wav": (SOFIE, AAD),
    "/admin/emergency": (SOFIE, AAD),
    "/admin/service-number": (SOFIE, AAD),
    "/admin/message-schedule": (AAD,),
    "/admin/phone-book": (SOFIE, AAD),
    "/admin/sheets": (SOFIE, AAD),
    "/admin/sheets/phone-book.csv": (SOFIE, AAD),
    "/admin/sheets/users.csv": (AAD,),
    "/admin/faults": (AAD,),
    "/admin/topics": (AAD,),
    "/admin/answers": (AAD,),
    "/admin/reasons": (AAD,),
    "/admin/traffic": (AAD,),
    "/audit": (FENNA,),
    "/privacy": (FENNA,),
}


def rules(desk: Desk) -> list[Rule]:
    return list(desk.app.url_map.iter_rules())


def test_every_route_names_its_permission_or_is_public_on_purpose(desk: Desk) -> None:
    missing = object()
    views = {rule.rule: desk.app.view_functions[rule.endpoint] for rule in rules(desk)}
    marks = {rule: getattr(view, "cx_permission", missing) for rule, view in views.items()}
    assert [rule for rule, mark in marks.items() if mark is missing] == []
    open_to_all = {rule for rule, mark in marks.items() if mark is None}
    assert open_to_all == PUBLIC | BY_SECRET_LINK | BY_SIGNATURE | FOR_CUSTOMERS


def test_route_without_a_mark_is_closed(desk: Desk) -> None:
    desk.app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert desk.visitor_as(SOFIE).get("/forgotten").status_code == 403


def test_every_role_stands_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("path", MAY)
@pytest.mark.parametrize("account", [ANNA, CHRIS, SOFIE, AAD, FENNA, KAREL], ids=lambda account: account.username)
def test_page_opens_for_those_who_may_and_for_nobody_else(desk: Desk, path: str, account: Account) -> None:
    expected = 200 if account in MAY[path] else 403
    assert desk.visitor_as(account).get(path).status_code == expected


@pytest.mark.parametrize("path", [*MAY, "/live/desk", "/live/floor"])
def test_nobody_sees_a_page_without_signing_in(desk: Desk, path: str) -> None:
    answer = desk.visitor().get(path, Origin="http://localhost")
    assert answer.status_code in (302, 400, 401)
    assert answer.status_code != 302 or answer.location == "/sign-in"


def test_only_an_agent_gives_commands(desk: Desk) -> None:
    assert desk.visitor_as(ANNA).command("log-on").status_code == 204
    for account in (SOFIE, AAD, KAREL):
        assert desk.visitor_as(account).command("log-on").status_code == 403
    assert len(desk.controller.submitted) == 1


def test_administrator_sees_no_callers(desk: Desk) -> None:
    page = desk.visitor_as(AAD).get("/supervisor").text
    assert 'id="agents"' in page
    assert 'id="contacts"' not in page
    assert 'id="today"' not in page


def test_agent_sees_own_contacts_of_today_only() -> None:
    assert Permission.SEE_CONTACTS not in PERMISSIONS[Role.AGENT]
