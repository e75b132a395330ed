"""Recordings as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.audit import action_words
from admin_web.presenters.names import Names
from admin_web.web_ports import WebPorts
from cxcore.domain.events import Fact, RecordingPaused, RecordingResumed
from cxcore.domain.recording import PauseReason
from cxcore.ports.audit import AuditQuestion
from cxcore.ports.recordings import StoredRecording

PAUSES: Mapping[PauseReason, LazyString] = {
    PauseReason.AGENT: lazy_gettext("de medewerker pauzeerde"),
    PauseReason.MARKER: lazy_gettext("er werd iets vertrouwelijks gevraagd"),
    PauseReason.HOLD: lazy_gettext("in de wacht, of ruggespraak"),
    PauseReason.WAITING: lazy_gettext("de beller wachtte"),
}
HEARD = ("play-recording", "export-recording", "hold-recording", "release-recording")
MOST_LISTENERS = 100


@dataclass(frozen=True, slots=True)
class RecordingLine:
    """One line of the list."""

    recording: StoredRecording
    queue_name: str
    agent_name: str
    held_by: str
    """The name of who keeps it back; empty when nobody does."""


@dataclass(frozen=True, slots=True)
class PausedPart:
    """A part in which silence was written; seconds from the beginning of the recording."""

    begins: float
    ends: float
    why: str


@dataclass(frozen=True, slots=True)
class Player:
    """What a player needs. `picture` holds how loud both tracks are, 0 to 255, and where the pauses are, in seconds."""

    recording: StoredRecording
    picture: dict[str, Sequence[object]]
    pauses: Sequence[PausedPart] = ()


@dataclass(frozen=True, slots=True)
class Listener:
    """Who did what with a recording, and when."""

    at: datetime
    name: str
    action: str


def recording_lines(recordings: Sequence[StoredRecording], names: Names) -> list[RecordingLine]:
    """With the names of queue and agent."""
    return [
        RecordingLine(
            each,
            names.queue(each.queue_id),
            names.agent(each.agent_id),
            names.user(each.held_by) if each.held_by else "",
        )
        for each in recordings
    ]


def player(ports: WebPorts, recording: StoredRecording) -> Player:
    """The player of a recording. Raises `LogUnavailable`."""
    peaks = ports.recordings.peaks(recording.recording_id)
    pauses = paused_parts(ports.reports.history(recording.contact_id), recording)
    spans = [[each.begins, each.ends] for each in pauses]
    return Player(recording, {"caller": list(peaks.caller), "agent": list(peaks.agent), "pauses": spans}, pauses)


def paused_parts(facts: Sequence[Fact], recording: StoredRecording) -> list[PausedPart]:
    """Where the recording is silent on purpose, and why; one that lasted to the end ends with the recording."""
    parts: list[PausedPart] = []
    since: RecordingPaused | None = None
    for fact in facts:
        if isinstance(fact, RecordingPaused) and fact.recording_id == recording.recording_id:
            since = since or fact
        elif isinstance(fact, RecordingResumed) and fact.recording_id == recording.recording_id and since is not None:
            parts.append(_part(recording, since, (fact.at - recording.started_at).total_seconds()))
            since = None
    return parts if since is None else [*parts, _part(recording, since, recording.duration_seconds)]


def _part(recording: StoredRecording, paused: RecordingPaused, ends: float) -> PausedPart:
    begins = max((paused.at - recording.started_at).total_seconds(), 0.0)
    return PausedPart(begins, min(max(ends, begins), recording.duration_seconds), str(PAUSES[paused.reason]))


def listeners(ports: WebPorts, recording: StoredRecording, names: Names) -> list[Listener]:
    """Who heard, exported or kept it back, the latest first. Raises `LogUnavailable`."""
    until = ports.clock.now() + timedelta(seconds=1)
    question = AuditQuestion(recording.started_at, until, object=f"recording_id={recording.recording_id}")
    entries = ports.audit.entries(question, MOST_LISTENERS)
    return [
        Listener(entry.at, names.user(entry.actor), action_words(entry.action))
        for entry in entries
        if entry.action in HEARD
    ]
