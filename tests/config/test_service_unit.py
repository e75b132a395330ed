"""scripts/cx.service: systemd reads it, and it starts what docs/operations/installation.md puts in place."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from cxcore.launch.running import CANNOT_START

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "scripts" / "cx.service"
MANUAL = ROOT / "docs" / "operations" / "installation.md"


@pytest.fixture
def service() -> dict[str, str]:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read(UNIT, encoding="utf-8")
    return dict(unit["Service"])


def test_it_starts_as_a_user_of_its_own_what_the_manual_installs(service: dict[str, str]) -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    program, command, option, settings = service["ExecStart"].split()
    assert (program, command, option) == ("/opt/cx/cx", "run", "--config")
    assert f"cat > {settings}" in manual
    assert re.search(rf"useradd .* {service['User']}$", manual, re.MULTILINE)
    assert f"state: /var/lib/{service['StateDirectory']}" in manual


def test_a_wrong_setting_does_not_start_it_over_and_over(service: dict[str, str]) -> None:
    assert service["RestartPreventExitStatus"] == str(CANNOT_START)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    unit = tmp_path / "cx.service"
    text = UNIT.read_text(encoding="utf-8").replace("/opt/cx/", f"{ROOT}/")
    unit.write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "cx.service" in line]) == (0, [])
