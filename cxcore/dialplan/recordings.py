"""Reads what a queue, or the site for direct calls, says about recording: `recording: always | never | on-request |
N%`, `keep_recordings_days: 1-62` and `pause_recording_seconds: 0-3600` [39]."""

from __future__ import annotations

import re

from cxcore.dialplan.nodes import Limits, Section
from cxcore.domain.recording import LONGEST_KEPT_DAYS, PAUSE_SECONDS, RecordingMode, RecordingRule

DAYS = Limits(1, LONGEST_KEPT_DAYS)
PAUSE = Limits(0, 3600)
SHARE = re.compile(r"(\d{1,3}) ?%")
WORDS = {mode.value: mode for mode in RecordingMode if mode is not RecordingMode.SHARE}
REMEDY = "write `always`, `never`, `on-request` or a percentage as `25%`"


def read_recording(section: Section) -> RecordingRule:
    """The rule; nothing is recorded where none is written."""
    written = section.text("recording", RecordingMode.NEVER)
    days = section.whole_number("keep_recordings_days", LONGEST_KEPT_DAYS, DAYS)
    pause = section.whole_number("pause_recording_seconds", PAUSE_SECONDS, PAUSE)
    if written in WORDS:
        return RecordingRule(WORDS[written], days=days, pause_seconds=pause)
    share = SHARE.fullmatch(written)
    if share is not None and 1 <= int(share[1]) <= 100:
        return RecordingRule(RecordingMode.SHARE, int(share[1]), days, pause)
    problem = f"{section.describe('recording')} is `{written[:60]}`"
    section.findings.error(section.node_of("recording"), problem, REMEDY)
    return RecordingRule()
