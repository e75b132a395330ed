"""The live socket of a real web process."""

from __future__ import annotations

import json
import re
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.browser.floor import Floor, running_floor
from tests.cast import PASSWORD


@pytest.fixture(scope="module")
def floor() -> Iterator[Floor]:
    with running_floor() as process:
        yield process


def cookie_of(floor: Floor, username: str) -> str:
    """The cookie of somebody who signed in."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{floor.pages}/sign-in", timeout=10) as page:
        token = re.search(r'name="csrf-token" content="([^"]+)"', page.read().decode())
    assert token is not None
    fields = urllib.parse.urlencode({"csrf_token": token[1], "username": username, "password": PASSWORD}).encode()
    with opener.open(f"{floor.pages}/sign-in", fields, timeout=10):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def open_page(floor: Floor, path: str, username: str, origin: str | None = None) -> ClientConnection:
    address = floor.pages.replace("http", "ws") + path
    headers = {"Cookie": cookie_of(floor, username), "Origin": origin or floor.pages}
    return connect(address, additional_headers=headers, proxy=None, open_timeout=10, max_size=None)


def receive(page: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(page.recv(timeout=10))
    return message


def test_snapshot_comes_first_and_then_changes_at_once(floor: Floor) -> None:
    with open_page(floor, "/live/floor", "sofie") as page:
        first = receive(page)
        assert (first["kind"], first["core"]) == ("snapshot", True)
        assert {row[0] for row in first["rows"]} == {"queue", "agent", "system"}
        began = time.monotonic()
        floor.call("live-1")
        message = receive(page)
        assert time.monotonic() - began < 0.5
        assert message["kind"] == "changes"
        assert "live-1" in {row[1] for row in message["rows"]}


def test_burst_of_changes_comes_in_few_messages(floor: Floor) -> None:
    with open_page(floor, "/live/floor", "sofie") as page:
        receive(page)
        for number in range(60):
            floor.call(f"burst-{number}")
        messages, seen = 0, set[str]()
        while "burst-59" not in seen:
            seen |= {row[1] for row in receive(page)["rows"]}
            messages += 1
        assert {f"burst-{number}" for number in range(60)} <= seen
        assert messages < 30


def test_page_hears_soon_that_the_core_is_away_and_back(floor: Floor) -> None:
    with open_page(floor, "/live/desk", "anna") as page:
        receive(page)
        began = time.monotonic()
        floor("heard", False)
        assert receive(page)["core"] is False
        floor("heard", True)
        assert receive(page)["core"] is True
        assert time.monotonic() - began < 4


def test_softphone_whose_page_goes_while_a_change_waits_for_it_is_told_to_be_gone(floor: Floor) -> None:
    floor("softphone", "anna")
    with open_page(floor, "/live/desk?page=00112233445566778899aabb", "anna") as page:
        receive(page)
        floor("warn", "anna", "first")
        receive(page)
        floor("warn", "anna", "second")
    deadline = time.monotonic() + 10
    while "LeaveSoftphone" not in floor.submitted():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_page_of_another_site_gets_no_socket(floor: Floor) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        open_page(floor, "/live/desk", "anna", origin="https://evil.example")


def test_agent_gets_no_socket_of_the_floor(floor: Floor) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        open_page(floor, "/live/floor", "anna")


def test_browser_that_talks_too_much_is_cut_off(floor: Floor) -> None:
    with open_page(floor, "/live/desk", "bram") as page, pytest.raises(ConnectionClosed):
        for _ in range(40):
            page.send("x" * 16_000)
        while True:
            page.recv(timeout=10)


def test_message_larger_than_the_buffers_arrives_whole(floor: Floor) -> None:
    with open_page(floor, "/live/floor", "sofie") as page:
        receive(page)
        floor("add_agents", 3000)
        with open_page(floor, "/live/floor", "sofie") as other:
            assert len(receive(other)["rows"]) > 3000


def test_process_survives_browsers_that_vanish(floor: Floor) -> None:
    for _ in range(5):
        with open_page(floor, "/live/floor", "sofie") as page:
            page.socket.shutdown(socket.SHUT_RDWR)
    floor.call("after")
    with open_page(floor, "/live/floor", "sofie") as page:
        assert receive(page)["kind"] == "snapshot"


def test_screen_that_stops_reading_costs_nobody_anything_and_comes_back_with_a_fresh_snapshot() -> None:
    """Its queue never grows: what waits for it is the last text of each row, and it is let go after its limit."""
    with running_floor("--send-seconds", "1") as floor:
        floor("add_agents", 300)
        with stalled_page(floor) as stalled, open_page(floor, "/live/floor", "sofie") as other:
            receive(other)
            began, memory = time.monotonic(), resident(floor)
            assert not has_been_cut(floor, stalled)
            while not has_been_cut(floor, stalled):
                floor("churn", 3)
                assert time.monotonic() - began < 30, "the stalled screen is never let go"
            assert resident(floor) - memory < 40_000_000
            floor.call("after-it")
            while "after-it" not in {row[1] for row in receive(other)["rows"]}:
                pass
        with open_page(floor, "/live/floor", "sofie") as again:
            first = receive(again)
        assert first["kind"] == "snapshot"
        assert "after-it" in {row[1] for row in first["rows"]}


def stalled_page(floor: Floor) -> socket.socket:
    """A browser that asks for the live floor and then reads nothing, with room for 4 kB."""
    host, port = floor.pages.removeprefix("http://").split(":")
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.connect((host, int(port)))
    lines = (
        "GET /live/floor HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Origin: {floor.pages}", f"Cookie: {cookie_of(floor, 'sofie')}", "", "",
    )  # fmt: skip
    stalled.sendall("\r\n".join(lines).encode())
    return stalled


def has_been_cut(floor: Floor, stalled: socket.socket) -> bool:
    """Whether the server let go of it. The client cannot see that: the end stands behind what it does not read."""
    mine = stalled.getsockname()
    links = [link for link in server_of(floor).net_connections("tcp") if link.raddr == mine]
    return all(link.status != "ESTABLISHED" for link in links)


def resident(floor: Floor) -> int:
    """Octets of memory of the process that serves the pages."""
    memory: int = server_of(floor).memory_info().rss
    return memory


def server_of(floor: Floor) -> psutil.Process:
    """The process that serves the pages."""
    port = int(floor.pages.rpartition(":")[2])
    return next(
        each for each in psutil.Process().children()
        if any(link.laddr.port == port and link.status == "LISTEN" for link in each.net_connections("tcp"))
    )  # fmt: skip
