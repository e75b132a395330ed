"""`cx audit verify`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from cxcore.config import Settings, load
from cxcore.launch.audit import verify
from cxcore.ports.audit import AuditResult
from cxcore.storage import open_storage
from cxcore.storage.engine import WRITES
from tests.storage.streams import MONDAY


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load()
    return replace(settings, site=replace(settings.site, state=tmp_path))


def note(settings: Settings, *actions: str) -> None:
    storage = open_storage(settings.database_url, settings.site.state / "held")
    for action in actions:
        storage.audit.record("aad", action, "", AuditResult.DONE, "192.0.2.7", MONDAY)
    storage.close()


def tamper(settings: Settings, statement: str) -> None:
    storage = open_storage(settings.database_url, settings.site.state / "held")
    with storage.engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("DROP TRIGGER audit_event_no_update"))
        connection.execute(text("DROP TRIGGER audit_event_no_delete"))
        connection.execute(text(statement))
    storage.close()


def anchor_of(printed: str) -> str:
    return printed.strip().rpartition("--anchor ")[2]


def test_a_whole_audit_gives_an_anchor_to_keep(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    note(settings, "sign-in", "listen")

    assert verify(settings, None) == 0

    printed = capsys.readouterr().out
    assert "the audit is whole: 2 events" in printed
    assert verify(settings, anchor_of(printed)) == 0


def test_a_changed_event_is_named(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    note(settings, "sign-in", "listen")
    tamper(settings, "UPDATE audit_event SET actor = 'sofie' WHERE id = 2")

    assert verify(settings, None) == 1
    assert "event 2 was changed or is missing; the 1 before it are sound" in capsys.readouterr().out


def test_an_end_that_was_cut_off_is_found_by_the_anchor(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    note(settings, "sign-in", "listen")
    verify(settings, None)
    anchor = anchor_of(capsys.readouterr().out)
    tamper(settings, "DELETE FROM audit_event WHERE id = 2")

    assert verify(settings, None) == 0
    assert verify(settings, anchor) == 1


def test_an_anchor_that_cannot_be_read_is_refused(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(settings, "nonsense") == 2
    assert "write NUMBER:DIGEST" in capsys.readouterr().err
