"""`/recordings`: find recordings of calls, hear them, keep one back, take one along. All of it is audited [39]."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_web.auditing import note_view
from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.names import names_of
from admin_web.presenters.recordings import Player, listeners, paused_parts, player, recording_lines
from admin_web.recordings import sound
from admin_web.recordings.export import files_of, manifest_of, new_password, packed
from admin_web.recordings.questions import read_search
from admin_web.web_ports import ports
from cxcore.domain.contact import ContactId
from cxcore.domain.recording import RecordingId
from cxcore.ports.controller import Subject
from cxcore.ports.recordings import MOST_RECORDINGS, NoSuchRecording, StoredRecording, Track

recording_pages = Blueprint("recording_pages", __name__)

LONGEST_REASON = 200
SHORTEST_PASSWORD = 16
"""Of an encrypted export: the format makes it cheap to try short ones."""


@recording_pages.get("/recordings")
@permits(Permission.LISTEN_RECORDINGS)
def page() -> str:
    """The recordings that are asked for, newest first."""
    search = read_search(request.args, ports().clock.now())
    note_view("search-recordings", search.described)
    found, names = ports().recordings.search(search.question), names_of(ports())
    return render_template(
        "recordings.html",
        search=search,
        lines=recording_lines(found, names),
        queues=names.all_of(Subject.QUEUE),
        agents=names.all_of(Subject.AGENT),
        full=len(found) >= MOST_RECORDINGS,
    )


@recording_pages.get("/recordings/<recording_id>")
@permits(Permission.LISTEN_RECORDINGS)
def recording(recording_id: str) -> str:
    """One recording: what it is, its player, who heard it."""
    found = _find(recording_id)
    note_view("see-recording", _told(found))
    names = names_of(ports())
    (line,) = recording_lines([found], names)
    heard = listeners(ports(), found, names)
    return render_template(
        "recording.html",
        player=player(ports(), found),
        line=line,
        heard=heard,
        export_password=new_password(),
        shortest_password=SHORTEST_PASSWORD,
    )


@recording_pages.post("/recordings/<recording_id>/listen")
@permits(Permission.LISTEN_RECORDINGS)
def listen(recording_id: str) -> ResponseReturnValue:
    """Note that somebody begins to listen, and say where each track is to be had."""
    found = _find(recording_id)
    note_view("play-recording", _told(found))
    ticket = sound.give_ticket(signed_in().account.username, found.recording_id)
    tracks = {track.value: _sound_url(found, track, ticket) for track in Track}
    return jsonify(tracks)


@recording_pages.get("/recordings/<recording_id>/sound/<track>")
@permits(Permission.LISTEN_RECORDINGS)
def hear(recording_id: str, track: str) -> Response:
    """The sound of a track. Answers part requests; 403 without a ticket of `listen`."""
    found = _find(recording_id)
    if not sound.is_ticket(request.args.get("ticket", ""), signed_in().account.username, found.recording_id):
        abort(403)
    if track not in list(Track):
        abort(404)
    return sound.send(ports().recordings.sound(found.recording_id, Track(track)))


@recording_pages.post("/recordings/<recording_id>/export")
@permits(Permission.EXPORT_RECORDINGS)
def export(recording_id: str) -> Response:
    """The sound with its manifest, as a ZIP; with `how=locked` one that opens with the `password` of the form only."""
    found = _find(recording_id)
    locked, password = request.form.get("how") == "locked", request.form.get("password", "")
    if locked and len(password) < SHORTEST_PASSWORD:
        abort(400)
    whole = ports().recordings.sound(found.recording_id, Track.BOTH)
    pauses = paused_parts(ports().reports.history(found.contact_id), found)
    note_view("export-recording", f"{_told(found)} encrypted=yes" if locked else _told(found))
    by, at = signed_in().account.username, ports().clock.now()
    manifest = manifest_of(found, pauses, by, at)
    pieces = packed(manifest, whole)
    if locked:
        pieces = ports().recordings.locked(files_of(manifest, whole), password, at)
    answer = Response(pieces, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"opname-{found.recording_id}.zip")
    return answer


@recording_pages.post("/recordings/<recording_id>/hold")
@permits(Permission.EXPORT_RECORDINGS)
def hold(recording_id: str) -> ResponseReturnValue:
    """Keep it whatever its time says, for a reason; or, without one, let its time count again."""
    found, reason = _find(recording_id), request.form.get("reason", "").strip()[:LONGEST_REASON]
    if reason:
        ports().recordings.hold(found.recording_id, signed_in().account.username, reason)
        note_view("hold-recording", f"{_told(found)} reason={reason}")
    else:
        ports().recordings.release(found.recording_id)
        note_view("release-recording", _told(found))
    return redirect(url_for("recording_pages.recording", recording_id=recording_id))


def players_of(contact_id: str) -> Sequence[Player]:
    """The players on the page of a contact."""
    found = ports().recordings.of_contact(ContactId(contact_id))
    return [player(ports(), each) for each in found]


def _find(recording_id: str) -> StoredRecording:
    try:
        return ports().recordings.find(RecordingId(recording_id))
    except NoSuchRecording:
        abort(404)


def _told(recording: StoredRecording) -> str:
    return f"recording_id={recording.recording_id} contact_id={recording.contact_id}"


def _sound_url(recording: StoredRecording, track: Track, ticket: str) -> str:
    name = recording.recording_id
    return url_for("recording_pages.hear", recording_id=name, track=track.value, ticket=ticket)
