"""An administrator adds, changes and removes users."""

from __future__ import annotations

import re
from datetime import timedelta

from cxcore.client.accounts import ConfiguredAccounts
from cxcore.domain.schedule import AMSTERDAM
from tests.web.admin import Fields, activate, administrator, content, hidden, submit
from tests.web.conftest import Desk

EVA: Fields = {
    "base": "1", "new": "yes", "username": "eva", "name": "Eva Smit", "role": "agent",
    "device": "sip:eva@127.0.0.1:5071", "level-receptie": "2",
}  # fmt: skip


def test_new_user_gets_an_account_and_a_password_that_is_shown_once(desk: Desk) -> None:
    aad = administrator(desk)
    shown = submit(aad, "/admin/users", EVA)
    assert "Gebruiker Eva Smit toegevoegd" in shown.text
    done = activate(aad, shown.text)
    password = re.search(r"\(eva\)</dt><dd><code>([^<]+)</code>", done.text)
    assert password is not None
    assert done.headers["Cache-Control"] == "no-store"
    assert desk.accounts.check_password("eva", password[1]) is not None
    assert content(desk)["users"]["eva"]["queues"] == {"receptie": 2}
    assert password[1] not in aad.get("/admin/users?user=eva").text


def test_queues_of_a_user_change_and_what_the_form_does_not_show_stays(desk: Desk) -> None:
    aad = administrator(desk)
    form: Fields = {
        "base": "1", "username": "anna", "name": "Anna de Vries", "role": "agent", "device": "sip:anna@127.0.0.1:5071",
        "number": "+31715550111", "caller_number": "+31715550111", "level-burgerzaken": "1",
    }  # fmt: skip
    shown = submit(aad, "/admin/users", form)
    assert "Gebruiker Anna de Vries: wachtrijen receptie: 2 → –" in shown.text
    assert "Niets: alles is al zo." in submit(aad, "/admin/users", {**form, "level-receptie": "2"}).text


def test_what_is_wrong_stands_beside_its_field(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/users", {**EVA, "device": "112"})
    assert shown.status_code == 422
    assert "cx-finding" in shown.text.split('name="device" value="112"')[1][:500]
    assert 'value="Eva Smit"' in shown.text
    assert submit(administrator(desk), "/admin/users", {**EVA, "username": "anna"}).status_code == 422


def test_user_is_removed(desk: Desk) -> None:
    aad = administrator(desk)
    page = aad.get("/admin/users?user=dirk").text
    shown = submit(aad, "/admin/users", {"base": hidden(page, "base"), "username": "dirk", "remove": "yes"})
    assert "Gebruiker Dirk Visser verwijderd" in shown.text
    activate(aad, shown.text)
    assert "dirk" not in content(desk)["users"]
    assert aad.get("/admin/users?user=dirk").status_code == 404


def test_user_of_a_version_for_later_gets_a_password_now_and_can_sign_in_when_it_counts(desk: Desk) -> None:
    aad = administrator(desk)
    shown = submit(aad, "/admin/users", EVA)
    at = (desk.clock.now() + timedelta(days=1)).astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M")
    done = activate(aad, shown.text, when="later", at=at)
    password = re.search(r"\(eva\)</dt><dd><code>([^<]+)</code>", done.text)
    assert password is not None
    counting = {"users": {"aad": {"role": "administrator"}}}
    accounts = ConfiguredAccounts(desk.accounts, lambda: counting)
    assert accounts.check_password("eva", password[1]) is None
    counting["users"]["eva"] = {"role": "agent"}
    assert accounts.check_password("eva", password[1]) is not None
    del counting["users"]["eva"]
    assert accounts.find("eva") is None
