"""WhatsApp through the whole product: Meta delivers, a real core, the desk in a browser, Meta's API acted out."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_accessibility import check
from tests.browser.test_chat import accepts, at_desk, is_mode, lines, people, writes
from tests.fakes.messenger import TOKEN, CloudApi, cloud_api
from tests.system.household import ROOT, Household, until
from tests.web.test_whatsapp import SECRET, VIA, failed, message

__all__ = ["people"]
pytestmark = [pytest.mark.system, pytest.mark.alone]
KAREL = "+31612345678"


@pytest.fixture(scope="module")
def api() -> Iterator[CloudApi]:
    with cloud_api() as api:
        yield api


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, api: CloudApi) -> Iterator[Household]:
    """The demo site with a WhatsApp number."""
    household = Household(tmp_path_factory.mktemp("whatsapp"))
    household.dialplan = with_whatsapp(household.folder)
    secrets = {"token_file": TOKEN, "app_secret_file": SECRET.decode(), "verify_token_file": "a-word"}
    for name, secret in secrets.items():
        (household.folder / name).write_text(secret, encoding="ascii")
    files = {name: str(household.folder / name) for name in secrets}
    household.write_settings({"whatsapp": {**files, "api": api.url}})
    try:
        household.start_and_greet()
        yield household
    finally:
        household.close()


def with_whatsapp(folder: Path) -> Path:
    """The demo site, whose page is also a number of WhatsApp."""
    site = yaml.safe_load((ROOT / "dialplans/noordwijk.yml").read_text(encoding="utf-8"))
    site["chats"]["whatsapp"] = {"name": "WhatsApp Noordwijk", "queue": "burgerzaken", "whatsapp": VIA}
    (folder / "noordwijk.employees.csv").write_bytes((ROOT / "dialplans/noordwijk.employees.csv").read_bytes())
    file = folder / "noordwijk.yml"
    file.write_text(yaml.safe_dump(site, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


@pytest.fixture
def bram(chromium: Browser, people: list[BrowserContext], house: Household) -> Iterator[Page]:
    yield from at_desk(chromium, people, house, "bram")


def delivers(house: Household, body: object) -> None:
    """As Meta does."""
    raw = json.dumps(body).encode()
    signed = hmac.new(SECRET, raw, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signed}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{house.web_port}/hooks/whatsapp", raw, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - a page of this machine
        assert answer.status == 200


def test_message_reaches_the_desk_and_the_answer_the_customer_also_across_a_core_that_is_killed(
    house: Household, api: CloudApi, bram: Page
) -> None:
    delivers(house, message("Is het loket open?", "wamid.1"))
    accepts(bram)
    assert lines(bram, "chat-log") == ["Is het loket open?"]
    expect(bram.locator("#contact-dialled-label")).to_have_text("WhatsApp")
    writes(bram, "Uw antwoord", "Vanaf half negen.")
    until(lambda: [each.text for each in api.sent] == ["Vanaf half negen."], lambda: repr(api), 15)
    assert (api.sent[0].via, api.sent[0].to) == (VIA, KAREL)

    api.answers.extend([(503, 131016)] * 2)  # Meta is away while the next line is owed, and the core is killed over it
    writes(bram, "Uw antwoord", "Neem uw oude paspoort mee.")
    until(lambda: api.asked >= 2, lambda: repr(api), 15)
    core = house.children()["core"]
    os.kill(core.pid, signal.SIGKILL)
    until(lambda: house.children().get("core", core).pid != core.pid and house.is_healthy(), house.console, 40)
    until(lambda: len(api.sent) == 2, lambda: repr(api), 20)
    delivers(house, message("Is het loket open?", "wamid.1"))
    delivers(house, message("Dank u!", "wamid.2"))
    expect(bram.locator("#chat-log")).to_contain_text("Dank u!")
    assert lines(bram, "chat-log") == [
        "Is het loket open?", "Vanaf half negen.", "Neem uw oude paspoort mee.", "Dank u!",
    ]  # fmt: skip

    delivers(house, failed(api.sent[1].reference))
    expect(bram.locator("#chat-log")).to_contain_text("Niet bezorgd: meer dan 24 uur na het laatste bericht")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        bram.emulate_media(color_scheme=scheme)
        check(bram)
        shoot(bram, scheme)
    assert [each.text for each in api.sent] == ["Vanaf half negen.", "Neem uw oude paspoort mee."]
    bram.get_by_role("button", name="Chat beëindigen").click()
    is_mode(bram, "wrap-up")


def shoot(page: Page, scheme: str) -> None:
    if folder := os.environ.get("CX_SHOTS"):
        page.screenshot(path=f"{folder}/whatsapp-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 400, "height": 860})
        page.screenshot(path=f"{folder}/whatsapp-{scheme}-400.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 860})
