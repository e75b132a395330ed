"""Recordings as the pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from admin_web.presenters.audit import action_words
from admin_web.presenters.names import Names
from admin_web.web_ports import WebPorts
from cxcore.ports.audit import AuditQuestion
from cxcore.ports.recordings import StoredRecording

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
class Player:
    """What a player needs. `picture` holds how loud both tracks are, 0 to 255."""

    recording: StoredRecording
    picture: dict[str, list[int]]


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
    return Player(recording, {"caller": list(peaks.caller), "agent": list(peaks.agent)})


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
