"""The file on disk is imported when an engineer changed it, and no administrator's change is lost by that."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cxcore.ports.configurations import Draft
from cxcore.runner.importing import configured_text
from tests.fakes.configurations import FakeConfigurations
from tests.fakes.site_texts import NOORDWIJK, demo_texts
from tests.unit.world import START

TEXTS = demo_texts()
RING = NOORDWIJK.replace("ring_seconds: 20", "ring_seconds: 25", 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.yml"
    path.write_text(NOORDWIJK, encoding="utf-8")
    return path


def imported(file: Path) -> FakeConfigurations:
    """The versions after a first start."""
    configurations = FakeConfigurations("site: Leeg", START)
    configured_text(file, configurations, TEXTS, START)
    return configurations


def administrator_changes(configurations: FakeConfigurations, text: str) -> None:
    head = configurations.head()
    assert head is not None
    later = START + timedelta(minutes=head.number)
    configurations.add(Draft(later, "aad", "", text, head.number, later), head.number)


def starts(file: Path, configurations: FakeConfigurations) -> str:
    return configured_text(file, configurations, TEXTS, START + timedelta(hours=1)).text


def test_file_that_did_not_change_is_not_imported_again_and_the_change_in_the_browser_counts(file: Path) -> None:
    configurations = imported(file)
    administrator_changes(configurations, RING)
    assert starts(file, configurations) == RING
    assert len(configurations.kept) == 3


def test_file_that_an_engineer_changed_counts(file: Path) -> None:
    configurations = imported(file)
    file.write_text(RING, encoding="utf-8")
    assert starts(file, configurations) == RING
    assert starts(file, configurations) == RING
    assert len(configurations.kept) == 3


def test_changes_of_engineer_and_administrator_are_both_kept(file: Path) -> None:
    configurations = imported(file)
    administrator_changes(configurations, RING)
    file.write_text(NOORDWIJK.replace("wrap_up_seconds: 30", "wrap_up_seconds: 60", 1), encoding="utf-8")
    text = starts(file, configurations)
    assert "ring_seconds: 25" in text
    assert "wrap_up_seconds: 60" in text


def test_where_both_changed_the_same_the_file_waits_and_the_log_says_so(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    configurations = imported(file)
    administrator_changes(configurations, RING)
    file.write_text(NOORDWIJK.replace("ring_seconds: 20", "ring_seconds: 15", 1), encoding="utf-8")
    assert starts(file, configurations) == RING
    assert "queues burgerzaken ring_seconds" in caplog.text
