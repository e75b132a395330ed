"""Sends the sound of a recording, whole or a part of it (RFC 9110, 14), to whoever has a ticket.

A ticket is given when somebody begins to listen, which is audited then; so nothing is heard that was not noted, and a
player that asks for ten parts is noted once. It holds for one user and one recording, and for a few hours.
"""

from __future__ import annotations

from typing import cast

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import ContentRange

from cxcore.domain.recording import RecordingId
from cxcore.ports.recordings import Sound

TICKET_SECONDS = 4 * 3600
MIME = "audio/wav"


def _tickets() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cast(bytes, current_app.config["SECRET_KEY"]), salt="listen-to-recording")


def give_ticket(username: str, recording_id: RecordingId) -> str:
    """What lets this user hear this recording."""
    return str(_tickets().dumps([username, recording_id]))


def is_ticket(text: str, username: str, recording_id: RecordingId) -> bool:
    """Whether it was given to this user for this recording, not long ago."""
    try:
        return bool(_tickets().loads(text, max_age=TICKET_SECONDS) == [username, recording_id])
    except BadData:
        return False


def send(sound: Sound) -> Response:
    """The part that is asked for (206), all of it (200), or 416 for a part that is not there."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return _answer(sound, 0, sound.size, 200)
    part = asked.range_for_length(sound.size)
    if part is None:
        refusal = Response(status=416)
        refusal.content_range = ContentRange("bytes", None, None, sound.size)
        return refusal
    answer = _answer(sound, part[0], part[1], 206)
    answer.content_range = ContentRange("bytes", part[0], part[1], sound.size)
    return answer


def _answer(sound: Sound, begin: int, end: int, status: int) -> Response:
    answer = Response(sound.read(begin, end - begin), status, mimetype=MIME)
    answer.content_length = end - begin
    answer.accept_ranges = "bytes"
    return answer
