#!/usr/bin/env python3
"""What the pages take: a change of the floor to 300 open pages, and the search in a directory of 5,000 employees.

The web process is the real one (fan-out, sockets, templates) with a fake core behind it, so a change begins where the
core's link hands it to the web process; the link itself is measured by tests/system. Change → 300 sockets: from the
order to the instant at which the text of the change has come out of each of 300 WebSockets. Change → seen: the same, to
the instant at which Chromium has it in the page of an agent, with the 300 sockets open beside it.

Search: the query alone on SQLite and on PostgreSQL (where it is installed), the answer over HTTP, and a letter typed
in Chromium → the hits stand on the page, which includes the 30 ms that the page waits for the next letter.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import random
import re
import select
import shutil
import socket
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright

from cxcore.domain.employees import Employee
from cxcore.storage.employees import SqlEmployees
from cxcore.storage.engine import migrate, open_engine
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.floor import Floor, running_floor
from tests.cast import PASSWORD
from tests.databases import PostgreSQL

PAGES, EMPLOYEES = 300, 5000
USERS = ("anna", "bram", "sofie")
APART_SECONDS = 0.25
"""Between two changes: a page gets its first change at once, and then at most ten messages a second."""
PONG = b"\x8a\x80\0\0\0\0"
"""An empty, masked pong frame (RFC 6455, 5.5.3); the server takes it for the answer to its last ping."""
FIRST = "Anna Bram Chris Dirk Fatima Gijs Hanneke Ilse Jan Koen Lieke Mo Naïma Olaf Petra Ruben Sanne Thijs Zoë".split()
LAST = "de Vries|Jansen|Bakker|van den Berg|Özdemir|el Idrissi|van der Meer|Smit|Mulder|Visser|de Groot|Bos".split("|")
WORK = "Burgerzaken|Bouwen en wonen|Sociaal domein|Financiën|Openbare ruimte|Handhaving|Informatisering".split("|")
ROLES = "consulent|adviseur|teamleider|medewerker|toezichthouder|vergunningverlener".split("|")
QUERIES = (
    "jan",
    "vries anna",
    "smit soc",
    "071555",
    "zoe",
    "teamleider fin",
    "ozd",
    "e",
    "bur cons bakker",
    "0715551234",
)


# --- A change to 300 pages -------------------------------------------------------------------------------------------


class Sockets:
    """WebSockets of open pages, read as they come; nothing is decoded but what is looked for."""

    def __init__(self, floor: Floor, count: int) -> None:
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self._buffers: dict[int, bytes] = {}
        cookies = [cookie_of(floor, user) for user in USERS]
        for number in range(count):
            user = USERS[number % len(USERS)]
            path = "/live/floor" if user == "sofie" else "/live/desk"
            opened = self._upgrade(floor, path, cookies[number % len(USERS)])
            self._open[opened.fileno()] = opened
            self._poll.register(opened.fileno(), select.EPOLLIN)

    def _upgrade(self, floor: Floor, path: str, cookie: str) -> socket.socket:
        host, port = floor.pages.removeprefix("http://").split(":")
        opened = socket.create_connection((host, int(port)), 30)
        lines = [
            f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", f"Origin: {floor.pages}",
            f"Cookie: {cookie}", "", "",
        ]  # fmt: skip
        opened.sendall("\r\n".join(lines).encode())
        if b" 101 " not in opened.recv(4096):
            raise SystemExit("the web process opened no WebSocket")
        return opened

    def rest(self, seconds: float) -> None:
        """Read and forget what comes, and tell the server that the pages are alive."""
        for opened in self._open.values():
            opened.sendall(PONG)
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            for handle, _ in self._poll.poll(left):
                self._open[handle].recv(1 << 20)
        self._buffers.clear()

    def arrivals(self, mark: bytes, seconds: float = 10.0) -> list[float]:
        """When the mark came out of each socket."""
        waiting, came, until = set(self._open), [], time.perf_counter() + seconds
        while waiting and time.perf_counter() < until:
            for handle, _ in self._poll.poll(1):
                self._buffers[handle] = self._buffers.get(handle, b"")[-200:] + self._open[handle].recv(1 << 20)
                if handle in waiting and mark in self._buffers[handle]:
                    waiting.discard(handle)
                    came.append(time.perf_counter())
        if waiting:
            raise SystemExit(f"{len(waiting)} of {len(self._open)} pages did not get a change within {seconds} s")
        return came


def cookie_of(floor: Floor, username: str) -> str:
    """The cookie of somebody who signed in."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{floor.pages}/sign-in", timeout=30) as page:
        found = re.search(r'name="csrf-token" content="([^"]+)"', page.read().decode())
    fields = {"csrf_token": found[1] if found else "", "username": username, "password": PASSWORD}
    with opener.open(f"{floor.pages}/sign-in", urllib.parse.urlencode(fields).encode(), timeout=30):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def changes(floor: Floor, page: Page, samples: int) -> dict[str, dict[str, float]]:
    """Bram goes on a break, again and again, each time with another reason."""
    sockets = Sockets(floor, PAGES)
    floor("log_on", "bram")
    every, last, seen = [], [], []
    for number in range(samples):
        reason = f"reden{number:05}"
        sockets.rest(APART_SECONDS)
        page.evaluate(WATCH, ["#colleagues", reason])
        began, wall = time.perf_counter(), time.time()  # noqa: TID251 - compared with the browser's clock
        floor("go_on_break", "bram", reason)
        came = sockets.arrivals(reason.encode())
        every += [1000 * (at - began) for at in came]
        last.append(1000 * (max(came) - began))
        seen.append(page.evaluate("window.cxSeen") - 1000 * wall)
    return {
        "change_to_each_of_300_sockets_ms": spread(every),
        "change_to_the_last_of_300_sockets_ms": spread(last),
        "change_to_seen_in_chromium_ms": spread(seen),
    }


WATCH = """([where, words]) => {
  const root = document.querySelector(where);
  window.cxSeen = new Promise((resolve) => {
    const look = () => root.textContent.includes(words) && resolve(performance.timeOrigin + performance.now());
    new MutationObserver(look).observe(root, { childList: true, subtree: true, characterData: true });
    look();
  });
}"""


# --- The search ------------------------------------------------------------------------------------------------------


def employees() -> list[Employee]:
    """Invented people with numbers of their own."""
    dice = random.Random(1)
    return [
        Employee(
            f"e{number}", f"{dice.choice(FIRST)} {dice.choice(LAST)}", dice.choice(WORK), dice.choice(ROLES),
            (f"+31715{550000 + number}",), f"e{number}@noordwijk.example",
        )
        for number in range(EMPLOYEES)
    ]  # fmt: skip


def queries(url: str, samples: int) -> dict[str, float]:
    """Milliseconds of the query alone, in this process."""
    engine = open_engine(url)
    migrate(engine)
    directory = SqlEmployees(engine)
    directory.replace_all(employees())
    taken = [timed(partial(directory.search, each, 20)) for each in islice(cycle(QUERIES), samples)]
    engine.dispose()
    return spread(taken[len(QUERIES) :])


def answers(floor: Floor, samples: int) -> dict[str, float]:
    """Milliseconds of the whole answer over HTTP."""
    cookie = cookie_of(floor, "anna")

    def ask(query: str) -> None:
        address = f"{floor.pages}/agent/directory?q={urllib.parse.quote(query)}"
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookie}), timeout=30) as answer:  # noqa: S310
            json.load(answer)

    taken = [timed(partial(ask, each)) for each in islice(cycle(QUERIES), samples)]
    return spread(taken[len(QUERIES) :])


def typed(page: Page, samples: int) -> dict[str, float]:
    """Milliseconds from a letter in Chromium to the hits on the page."""
    people, taken = employees(), []
    for each in people[:samples]:
        page.locator("#search").fill("")
        taken.append(page.evaluate(TYPE, each.name[: 4 + len(taken) % 4]))
    return spread(taken[3:])


TYPE = """(words) => new Promise((resolve) => {
  const field = document.getElementById("search"), list = document.getElementById("search-hits");
  list.replaceChildren();
  const began = performance.now();
  const done = (_, self) => { self.disconnect(); resolve(performance.now() - began); };
  new MutationObserver(done).observe(list, { childList: true });
  field.value = words;
  field.dispatchEvent(new Event("input"));
})"""


# --- All of it -------------------------------------------------------------------------------------------------------


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and the longest."""
    ordered = sorted(values)
    at = {"p50": len(ordered) // 2, "p99": min(len(ordered) - 1, int(len(ordered) * 0.99)), "max": len(ordered) - 1}
    return {name: round(ordered[place], 1) for name, place in at.items()}


@contextmanager
def page_of_anna(floor: Floor) -> Iterator[Page]:
    """A real browser at an agent's page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(locale="nl-NL", viewport={"width": 1280, "height": 800})
        page.goto(f"{floor.pages}/sign-in")
        page.get_by_label("Gebruikersnaam").fill("anna")
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Inloggen").click()
        page.wait_for_selector('#connection[data-connection="live"]')
        yield page
        browser.close()


def postgresql_queries(samples: int) -> dict[str, float]:
    """The same query on a PostgreSQL of this run's own; empty where it is not installed."""
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)
    if programs is None:
        return {}
    folder = Path(tempfile.mkdtemp(prefix="cx-pg-"))
    server = PostgreSQL(programs, folder)
    try:
        server.start()
        return queries(server.url(server.new_database()), samples)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(samples: int) -> dict[str, dict[str, float]]:
    """Every figure, by name."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/employees.db"
        figures = {
            "search_sqlite_ms": queries(url, 3 * samples),
            "search_postgresql_ms": postgresql_queries(3 * samples),
        }
        with running_floor("--employees", url) as floor, page_of_anna(floor) as page:
            figures["search_over_http_ms"] = answers(floor, 2 * samples)
            figures["letter_to_hits_in_chromium_ms"] = typed(page, samples)
            figures |= changes(floor, page, samples)
    return {name: each for name, each in figures.items() if each}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100, help="changes and searches (default 100)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    figures = measure(options.samples)
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    for name, each in figures.items():
        print(f"{name:40s} " + "  ".join(f"{key} {value:8.1f}" for key, value in each.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
