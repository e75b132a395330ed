"""Chromium, a web process with a fake core, and people at their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, expect, sync_playwright

from cxcore.ports.accounts import Account
from tests.browser.floor import Floor, running_floor
from tests.browser.softphone_stage import SoftphoneStage
from tests.cast import PASSWORD
from tests.contract.engines import Engine
from tests.system.conftest import on_stage, system_engine, trunk

__all__ = ["system_engine", "trunk"]
ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --use-fake-ui-for-media-stream --use-fake-device-for-media-stream"
).split()
NEEDED = (CHROMIUM, ROOT / "admin_web/static/vendor/utrecht.css", ROOT / "node_modules/axe-core/axe.min.js")

SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; without one, or before `npm ci && npm run build`, it is skipped, with why."""
    missing = [str(path) for path in NEEDED if not path.exists()]
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(missing)}; see `make setup`"))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all tests; each test has its own cookies."""
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def floor() -> Iterator[Floor]:
    """A floor of its own for each test."""
    with running_floor() as process:
        yield process


@pytest.fixture
def visit(chromium: Browser, floor: Floor) -> Iterator[Callable[..., Page]]:
    """Open a page; a test fails when a page logs an error, for instance of its content security policy."""
    complaints: list[str] = []
    contexts = []

    def complain(message: ConsoleMessage) -> None:
        expected = "WebSocket" in message.text or "Failed to load" in message.text
        if message.type in ("error", "warning") and not expected:
            complaints.append(message.text)

    def crash(error: Error) -> None:
        complaints.append(str(error))

    def open_page(
        path: str, width: int = 1280, height: int = 800, scheme: str = "light", zone: str | None = None
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="nl-NL",
            timezone_id=zone,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", crash)
        page.goto(floor.pages + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(visit: Callable[..., Page]) -> SignIn:
    """Sign somebody in and wait until the page is live."""

    def enter(account: Account, **options: object) -> Page:
        page = visit("/sign-in", **options)
        page.get_by_label("Gebruikersnaam").fill(account.username)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Inloggen").click()
        page.wait_for_selector('#connection[data-connection="live"]')
        return page

    return enter


@pytest.fixture(scope="module")
def shared_stage(system_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftphoneStage]:
    """The whole product around softphones, one for all tests of a module and an engine."""
    folder: Path = tmp_path_factory.mktemp("softphones")
    stage = SoftphoneStage(system_engine, folder)
    with on_stage(stage):
        yield stage
