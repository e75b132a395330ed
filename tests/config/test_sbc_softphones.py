"""Browsers at the SBC: who may register, under which name and for how long, and whom the switch finds there."""

from __future__ import annotations

import hashlib
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from admin_web.agent.softphone import password_of
from scripts import sbc_site
from scripts.sbc_values import BadSiteValue
from tests.config.sbc_stage import Line, Sbc, line, needs_kamailio
from tests.contract.sip_peer import Message
from tests.ports import free_port

pytestmark = needs_kamailio

SECRET = secrets.token_urlsafe(48)
PAGES = "https://cx.noordwijk.example"


@pytest.fixture(scope="module")
def sbc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    folder = tmp_path_factory.mktemp("softphones")
    (folder / "secret").write_text(SECRET, encoding="ascii")
    nobody = free_port()
    sbc = Sbc(
        folder / "sbc",
        softphone_secret_file=str(folder / "secret"),
        softphone_origins=PAGES,
        rtpengine=f"127.0.0.1:{nobody}",
    )
    yield sbc
    sbc.close()


def name_of(user: str, seconds: float = 60.0) -> str:
    """A name that ends so many seconds from now."""
    return f"{int(time.time() + seconds)}:{user}"  # noqa: TID251 - the SBC goes by the machine's clock


def register(caller: Line, user: str, name: str, password: str) -> Message:
    """The SBC's answer to a REGISTER with these credentials (RFC 3261, 22)."""
    target = f"sip:{caller.door}"
    caller.send("REGISTER", target, headers={"Expires": "60"}, called=user)
    challenge = caller.final()
    assert challenge.status == 401
    nonce = re.search(r'nonce="([^"]+)"', challenge.get("WWW-Authenticate"))
    assert nonce is not None
    one, two = (hashlib.md5(each.encode()).hexdigest() for each in (f"{name}:cx:{password}", f"REGISTER:{target}"))  # noqa: S324
    response = hashlib.md5(f"{one}:{nonce[1]}:{two}".encode()).hexdigest()  # noqa: S324 - digest as of RFC 2069
    fields = {"username": name, "realm": "cx", "nonce": nonce[1], "uri": target, "response": response}
    authorization = "Digest " + ", ".join(f'{key}="{value}"' for key, value in fields.items())
    caller.send("REGISTER", target, 2, {"Expires": "60", "Authorization": authorization}, called=user)
    return caller.final(2)


def credentials(user: str, seconds: float = 60.0) -> tuple[str, str]:
    """What the pages would hand out."""
    name = name_of(user, seconds)
    return name, password_of(name, SECRET.encode())


@pytest.mark.parametrize("transport", ["ws", "wss"])
def test_page_registers_with_credentials_that_the_pages_made(sbc: Sbc, transport: str) -> None:
    with line(sbc, transport) as page:
        assert register(page, "anna", *credentials("anna")).status == 200


def test_registration_is_refused_with_another_password_name_or_user(sbc: Sbc) -> None:
    with line(sbc, "ws") as page:
        assert register(page, "anna", name_of("anna"), "guessed").status == 401
    with line(sbc, "ws") as page:
        assert register(page, "anna", name_of("anna"), credentials("bram")[1]).status == 401
    with line(sbc, "ws") as page:
        assert register(page, "anna", *credentials("bram")).status == 403


def test_credentials_end_by_themselves(sbc: Sbc) -> None:
    with line(sbc, "ws") as page:
        assert register(page, "anna", *credentials("anna", seconds=-5)).status == 401


def test_nobody_registers_but_over_a_websocket(sbc: Sbc) -> None:
    with line(sbc, "udp") as device:
        device.send("REGISTER", f"sip:{device.door}", called="anna")
        assert device.final().status == 405


@pytest.mark.parametrize(
    ("origin", "status"), [(PAGES, 101), (f"{PAGES}.evil.example", 403), ("https://evil.example", 403)]
)
def test_page_of_another_site_gets_no_connection(sbc: Sbc, origin: str, status: int) -> None:
    url = f"ws://127.0.0.1:{sbc.door('ws')}/"
    try:
        with connect(url, origin=Origin(origin), subprotocols=[Subprotocol("sip")], proxy=None):
            answered = 101
    except InvalidStatus as refusal:
        answered = refusal.response.status_code
    assert answered == status


def test_switch_that_dials_who_is_not_registered_hears_so_at_once(sbc: Sbc) -> None:
    call = sbc.switch.call("zoe", place=f"127.0.0.1:{sbc.port}")
    assert call.wait_final(2).status == 480


def test_page_that_was_closed_is_not_rung(sbc: Sbc) -> None:
    with line(sbc, "ws") as page:
        assert register(page, "dirk", *credentials("dirk")).status == 200
        call = sbc.switch.call("dirk", place=f"127.0.0.1:{sbc.port}")
        assert call.wait_final(2).status == 503  # registered; and here no rtpengine runs
    deadline = time.monotonic() + 5
    while (status := sbc.switch.call("dirk", place=f"127.0.0.1:{sbc.port}").wait_final(2).status) != 480:
        assert status == 503 and time.monotonic() < deadline
        time.sleep(0.2)


def test_of_two_pages_of_one_user_the_switch_finds_the_one_that_it_names(sbc: Sbc) -> None:
    first, second = (f"eva~{digit * 24}" for digit in "ab")
    with line(sbc, "ws") as other:
        assert register(other, second, *credentials(second)).status == 200
        with line(sbc, "ws") as page:
            assert register(page, first, *credentials(first)).status == 200
            assert status_of(sbc, first) == status_of(sbc, second) == 503  # registered; and here no rtpengine runs
        deadline = time.monotonic() + 5
        while status_of(sbc, first) != 480:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert status_of(sbc, second) == 503
        assert status_of(sbc, "eva") == 480


def status_of(sbc: Sbc, user: str) -> int | None:
    """What a switch hears that dials this user."""
    return sbc.switch.call(user, place=f"127.0.0.1:{sbc.port}").wait_final(2).status


def test_secret_is_in_no_file_that_others_may_read(sbc: Sbc) -> None:
    holds = [file for file in sbc.folder.iterdir() if file.is_file() and SECRET in file.read_text(errors="replace")]
    assert [file.name for file in holds] == ["site.cfg"]
    assert stat.S_IMODE(holds[0].stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("softphone_secret_file", "/nowhere", "cannot be read"),
        ("softphone_origins", "cx.example.nl", "write https://cx.example.nl"),
        ("rtpengine", "127.0.0.1", "write 192.0.2.1 or"),
        ("websocket_port", "0", "set websocket_port"),
    ],
)
def test_values_that_cannot_be_used_are_named_with_a_remedy(tmp_path: Path, name: str, value: str, remedy: str) -> None:
    (tmp_path / "secret").write_text(SECRET, encoding="ascii")
    values = {"softphone_secret_file": str(tmp_path / "secret"), name: value}
    with pytest.raises(BadSiteValue, match=remedy):
        sbc_site.write_site(tmp_path / "sbc", values)
    assert not (tmp_path / "sbc").exists()
