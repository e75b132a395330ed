"""Codes and PINs for the service number: each their own, administrators everybody's."""

from __future__ import annotations

from admin_web.auth.permissions import PERMISSIONS, Permission
from cxcore.domain.service_line import ROLES
from cxcore.ports.audit import AuditResult
from tests.cast import AAD, ANNA, SOFIE
from tests.web.conftest import Desk

PAGE = "/admin/service-number"
PIN = "864209"


def test_the_page_tells_the_number_and_what_its_keys_do(desk: Desk) -> None:
    page = desk.visitor_as(SOFIE).get(PAGE).text
    for words in ("071 555 0190", "welkom", "noodtekst-storing", "alle nummers", "Burgerzaken"):
        assert words in page


def test_sofie_gives_herself_a_pin_and_reads_her_code(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    assert sofie.post(f"{PAGE}/pin", pin=PIN, again=PIN).status_code == 303
    page = sofie.get(PAGE).text
    assert desk.pins.all()["sofie"].code in page
    assert PIN not in page
    assert desk.pins.pins == {"sofie": PIN}
    last = desk.audit.events[-1]
    assert (last.actor, last.action, last.object, last.result) == ("sofie", "set-phone-pin", "sofie", AuditResult.DONE)


def test_a_pin_that_will_not_do_is_refused_and_the_old_one_stays(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    sofie.post(f"{PAGE}/pin", pin=PIN, again=PIN)
    for pin, again in (("12345", "12345"), ("123456", "123456"), ("abcdef", "abcdef"), (PIN, "864208")):
        answer = sofie.post(f"{PAGE}/pin", pin=pin, again=again)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert desk.pins.pins == {"sofie": PIN}


def test_an_administrator_sets_and_removes_the_pin_of_a_supervisor(desk: Desk) -> None:
    aad = desk.visitor_as(AAD)
    aad.post(f"{PAGE}/users/sofie/pin", pin=PIN, again=PIN)
    assert desk.pins.all()["sofie"].set_by == "aad"
    assert desk.pins.all()["sofie"].code in aad.get(PAGE).text
    aad.post(f"{PAGE}/users/sofie/remove")
    assert not desk.pins.all()


def test_a_supervisor_sets_no_pin_of_others_and_an_agent_gets_none(desk: Desk) -> None:
    assert desk.visitor_as(SOFIE).post(f"{PAGE}/users/aad/pin", pin=PIN, again=PIN).status_code == 403
    assert desk.visitor_as(AAD).post(f"{PAGE}/users/anna/pin", pin=PIN, again=PIN).status_code == 404
    assert desk.visitor_as(ANNA).post(f"{PAGE}/pin", pin=PIN, again=PIN).status_code == 403
    assert not desk.pins.all()


def test_the_telephone_lets_in_the_roles_that_the_pages_let_in() -> None:
    assert {str(role) for role, may in PERMISSIONS.items() if Permission.MANAGE_MESSAGES in may} == ROLES
