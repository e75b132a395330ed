"""Requirement 37: an agent is available in CX by CX status alone, whatever Teams or Outlook says.

Nothing that decides on offers can even see presence: neither the domain nor a service names it.
"""

from __future__ import annotations

import re
from pathlib import Path

import cxcore

DECIDING = ("domain", "services", "runner")


def test_what_decides_on_offers_never_reads_presence() -> None:
    root = Path(cxcore.__file__).parent
    sources = [path for folder in DECIDING for path in (root / folder).rglob("*.py")]
    assert len(sources) > 20
    assert not [path for path in sources if re.search(r"import.*\bpresence\b|\.presence\b", path.read_text())]
