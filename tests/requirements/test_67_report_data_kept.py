"""Requirement 67: what reports need stays for at least 13 months.

That contacts older than that are deleted, in both databases, is shown in `tests/storage/test_retention.py`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cxcore.config import Settings, SettingsError, load
from cxcore.recordings.expiry import months_before

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Amsterdam"))


def test_thirteen_whole_months_are_kept_before_the_present_one_and_no_setting_makes_it_less(tmp_path: Path) -> None:
    months = Settings().retention.report_months
    assert months >= 13
    assert months_before(NOW, months) <= NOW.replace(year=2025, month=10, day=1)
    file = tmp_path / "cx.yml"
    file.write_text("retention:\n  report_months: 12\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="report_months"):
        load(file)
