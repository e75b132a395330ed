#!/usr/bin/env python3
"""What the agent's page weighs, how soon it can be worked in, and whether it grows over a working day of calls.

    scripts/bench_desk.py
    scripts/bench_desk.py --json --calls 200

A real Chromium at the pages of a busy floor without telephony. Weight: octets that come over the wire for a first visit
with an empty cache, and for one more. Interactive: from the navigation until the live picture is drawn and the buttons
work. Growth: JavaScript heap and nodes after a forced garbage collection, before and after so many contacts that are
offered, answered and wrapped up, after a first twenty that fill caches.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import CDPSession, Page, sync_playwright

from scripts.benchmarks.command_line import options_of, tell
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.floor import Floor, running_floor
from tests.cast import ANNA, PASSWORD

WARM_CALLS = 20
WATCH = """
new MutationObserver(() => {
  const mode = document.getElementById("contact")?.dataset.mode;
  if (mode && mode !== "unknown") window.interactiveAt ??= performance.now();
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-mode"] });
"""


def weigh(page: Page, session: CDPSession, address: str) -> dict[str, float]:
    """Octets, requests, and milliseconds until the page can be worked in."""
    finished: list[float] = []

    def note(event: dict[str, Any]) -> None:
        finished.append(event["encodedDataLength"])

    session.on("Network.loadingFinished", note)
    page.goto(address)
    while not page.evaluate("window.interactiveAt ?? 0"):  # the page's policy forbids what wait_for_function does
        page.wait_for_timeout(20)
    session.remove_listener("Network.loadingFinished", note)
    return {
        "kilobytes": round(sum(finished) / 1000, 1),
        "requests": len(finished),
        "interactive_ms": round(page.evaluate("window.interactiveAt")),
    }


def grown(page: Page, session: CDPSession, floor: Floor, calls: int) -> dict[str, float]:
    """Heap and nodes before and after."""
    work(page, floor, 0, WARM_CALLS)
    before = size(session)
    work(page, floor, WARM_CALLS, WARM_CALLS + calls)
    after = size(session)
    return {
        "calls": calls,
        "heap_before_kilobytes": round(before[0] / 1000),
        "heap_growth_kilobytes": round((after[0] - before[0]) / 1000),
        "nodes_before": before[1],
        "nodes_growth": after[1] - before[1],
    }


def work(page: Page, floor: Floor, first: int, last: int) -> None:
    """One contact after the other, from the offer to the end of wrap-up."""
    for number in range(first, last):
        contact = f"bench-{number}"
        floor.call(contact, number=f"+3161{number:07d}")
        floor("offers", contact, "anna")
        page.wait_for_selector('#contact[data-mode="offered"]')
        floor("answers", contact)
        page.wait_for_selector('#contact[data-mode="talking"]')
        floor("ends", contact)
        page.wait_for_selector('#contact[data-mode="wrap-up"]')
        page.keyboard.press("Alt+n")
        page.wait_for_selector('#contact[data-mode="ready"]')


def size(session: CDPSession) -> tuple[float, int]:
    """Used octets of the JavaScript heap, and nodes of the document, after a garbage collection."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
        time.sleep(0.2)
    return session.send("Runtime.getHeapUsage")["usedSize"], session.send("Memory.getDOMCounters")["nodes"]


def measure(calls: int) -> dict[str, Any]:
    """Everything, and the load of the machine meanwhile."""
    with sync_playwright() as playwright, running_floor() as floor:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(locale="nl-NL", viewport={"width": 1280, "height": 800})
        page.add_init_script(WATCH)
        floor("busy")
        sign_in(page, floor)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        address = f"{floor.pages}/agent"
        first, again = weigh(page, session, address), weigh(page, session, address)
        page.keyboard.press("Alt+b")
        page.wait_for_selector('#contact[data-mode="ready"]')
        growth = grown(page, session, floor, calls)
        browser.close()
    return {"first_visit": first, "next_visit": again, "growth": growth, "load": round(os.getloadavg()[0], 1)}


def sign_in(page: Page, floor: Floor) -> None:
    """As Anna."""
    page.goto(f"{floor.pages}/sign-in")
    page.get_by_label("Gebruikersnaam").fill(ANNA.username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_selector('#connection[data-connection="live"]')


def main() -> None:
    """Print it."""
    options = options_of(__doc__, ("--calls", 200, "contacts over which growth is measured"), on_engine=False)
    tell(measure(options.count), options.json)


if __name__ == "__main__":
    main()
