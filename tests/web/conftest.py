"""The application with fakes behind it, and people who sign in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin_web.app import WebPorts, WebSettings, create_app
from admin_web.web_ports import DeskPorts, MessagePorts
from cxcore.ports.accounts import Account
from tests.cast import PASSWORD, cast_accounts
from tests.fakes.accounts import FakeAccounts
from tests.fakes.agent_calls import FakeAgentCalls
from tests.fakes.audit import FakeAudit
from tests.fakes.clock import FakeClock
from tests.fakes.configurations import FakeConfigurations
from tests.fakes.controller import FakeController
from tests.fakes.desks import FakeDesks
from tests.fakes.directory import FakeDirectory
from tests.fakes.employees import FakeEmployees, demo_employees
from tests.fakes.faults import FakeFaults, FakeLogs
from tests.fakes.inspection import DemoInspection
from tests.fakes.messages import FakeMessageCatalogue, FakeMessageVersions, FakeSoundLibrary
from tests.fakes.presence import FakePresence
from tests.fakes.privacy import FakePrivacy
from tests.fakes.recordings import FakeRecordings
from tests.fakes.reports import FakeReports
from tests.fakes.service_desk import FakePhonePins
from tests.fakes.site_texts import demo_texts
from tests.fakes.wallboards import FakeWallboards

SITE = (Path(__file__).parent / "site.yml").read_text(encoding="utf-8")
"""The site that an administrator changes; it does not follow the demo site."""
KEY = b"a key of thirty-two bytes or more"


class Answer(TestResponse):
    """What the pages answer; a test knows the shape of the JSON that it asks for."""

    json: Any


class Visitor:
    """A browser without scripts: it has cookies, and takes tokens from the pages it gets."""

    def __init__(self, client: FlaskClient, address: str = "192.0.2.1") -> None:
        self._client = client
        self._environ = {"REMOTE_ADDR": address}

    def _open(self, method: str, path: str, **options: Any) -> Answer:
        return cast(Answer, self._client.open(path, method=method, environ_base=self._environ, **options))

    def get(self, path: str, **headers: str) -> Answer:
        """A page."""
        return self._open("GET", path, headers=headers, buffered=True)

    def token(self) -> str:
        """The token of the page that this visitor would be looking at."""
        page = self._open("GET", "/sign-in", follow_redirects=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        assert found is not None
        return found[1]

    def post(self, path: str, **fields: str) -> Answer:
        """A form, with its token."""
        return self._open("POST", path, data={"csrf_token": self.token(), **fields})

    def post_without_token(self, path: str, **fields: str) -> Answer:
        """A form that another site made."""
        return self._open("POST", path, data=fields)

    def command(self, name: str, **body: object) -> Answer:
        """What a click sends."""
        headers = {"X-CSRFToken": self.token(), "Accept": "application/json"}
        return self._open("POST", f"/commands/{name}", json=body, headers=headers)

    def post_json(self, path: str, **body: object) -> Answer:
        """What a script sends."""
        headers = {"X-CSRFToken": self.token(), "Accept": "application/json"}
        return self._open("POST", path, json=body, headers=headers)

    def send(self, path: str, content: bytes, token: str | None = None) -> Answer:
        """A file that a script sends."""
        headers = {"X-CSRFToken": self.token() if token is None else token, "Accept": "application/json"}
        kind = "application/octet-stream"
        return self._open("POST", path, data=content, headers=headers, content_type=kind)

    def command_without_token(self, name: str) -> Answer:
        """What another site's script sends."""
        return self._open("POST", f"/commands/{name}", json={})

    def signs_in(self, account: Account, password: str = PASSWORD) -> Answer:
        """Fill in the form."""
        return self.post("/sign-in", username=account.username, password=password)


@dataclass(frozen=True, slots=True)
class Desk:
    """The application and what stands behind it."""

    app: Flask
    controller: FakeController
    accounts: FakeAccounts
    reports: FakeReports
    audit: FakeAudit
    clock: FakeClock
    configurations: FakeConfigurations
    boards: FakeWallboards
    inspection: DemoInspection
    sounds: FakeSoundLibrary
    versions_made: FakeMessageVersions
    recordings: FakeRecordings
    employees: FakeEmployees
    presence: FakePresence
    calls: FakeAgentCalls
    layouts: FakeDesks
    pins: FakePhonePins
    privacy: FakePrivacy
    faults: FakeFaults
    logs: FakeLogs

    def visitor(self, address: str = "192.0.2.1") -> Visitor:
        """Somebody with a browser of their own."""
        return Visitor(self.app.test_client(), address)

    def visitor_as(self, account: Account) -> Visitor:
        """Somebody who is signed in."""
        visitor = self.visitor()
        assert visitor.signs_in(account).status_code == 302
        return visitor


def make_desk(settings: WebSettings) -> Desk:
    """The demo floor with Anna and Bram on it, logged off."""
    clock = FakeClock()
    controller, accounts, reports, audit = FakeController(clock), cast_accounts(), FakeReports(), FakeAudit()
    boards = FakeWallboards()
    controller.add_queue("burgerzaken", "Burgerzaken")
    controller.add_queue("receptie", "Receptie")
    controller.add_agent("anna", "Anna de Vries", ("burgerzaken", "receptie"))
    controller.add_agent("bram", "Bram Jansen", ("burgerzaken",))
    controller.add_system("switch")
    pins = FakePhonePins()
    sounds, made = FakeSoundLibrary(), FakeMessageVersions(controller.used_messages)
    inspection, recordings = DemoInspection(), FakeRecordings(clock)
    faults, logs = FakeFaults(), FakeLogs()
    versions, privacy = FakeConfigurations(SITE, clock.now()), FakePrivacy(audit, clock)
    employees, presence, calls, layouts = demo_employees(), FakePresence(), FakeAgentCalls(), FakeDesks()
    ports = WebPorts(
        controller=controller,
        accounts=accounts,
        reports=reports,
        directory=FakeDirectory(),
        audit=audit,
        clock=clock,
        configurations=versions,
        texts=demo_texts(),
        wallboards=boards,
        inspection=inspection,
        messages=MessagePorts(sounds, made, FakeMessageCatalogue(), pins),
        recordings=recordings,
        privacy=privacy,
        faults=faults,
        logs=logs,
        desk=DeskPorts(employees, presence, calls, layouts),
    )
    return Desk(
        create_app(ports, settings), controller, accounts, reports, audit, clock, versions, boards, inspection,
        sounds, made, recordings, employees, presence, calls, layouts, pins,
        privacy, faults, logs,
    )


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Served over HTTP."""
    yield make_desk(WebSettings(secret_key=KEY))


@pytest.fixture
def https_desk() -> Iterator[Desk]:
    """Served over HTTPS."""
    yield make_desk(WebSettings(secret_key=KEY, https=True))
