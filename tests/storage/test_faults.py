"""Reported faults are kept as they were reported, and those that are not solved come first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cxcore.ports.faults import Fault, Faults, FaultStatus
from cxcore.storage import Storage
from tests.fakes.faults import FakeFaults
from tests.storage.streams import MONDAY

FAULT = Fault(MONDAY, "anna", "/agent", "Ik hoor “niets” – écht", "Chromium", ("c2", "c1"), ("core: a", "web: b"))


@pytest.fixture(params=["fake", "real"])
def faults(request: pytest.FixtureRequest, storage: Storage) -> Faults:
    """The reports, and those that the tests of pages use."""
    return FakeFaults() if request.param == "fake" else storage.faults


def test_report_is_kept_as_it_was_made_and_numbered(faults: Faults) -> None:
    assert [faults.add(FAULT), faults.add(replace(FAULT, by="bram"))] == [1, 2]
    found = faults.find(1)
    assert found is not None
    assert (found.fault, found.status, found.handled_at) == (FAULT, FaultStatus.NEW, None)
    assert faults.find(3) is None


def test_solved_reports_come_after_the_others(faults: Faults) -> None:
    for _ in range(3):
        faults.add(FAULT)
    later = MONDAY + timedelta(hours=1)
    assert faults.handle(3, FaultStatus.SOLVED, "Toestel vervangen", "aad", later)
    assert not faults.handle(4, FaultStatus.SOLVED, "", "aad", later)
    assert [report.number for report in faults.latest()] == [2, 1, 3]
    assert faults.latest()[2].handled_at == later
    assert [report.number for report in faults.latest(1)] == [2]
