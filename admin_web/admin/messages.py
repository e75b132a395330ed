"""`/admin/messages`: the messages that callers hear: listen, make another version, let callers hear it, take it back.

What was made is a version that nobody hears before somebody chooses it [46, 48b, 88].
"""

from __future__ import annotations

import re
import time
from typing import BinaryIO, cast

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from admin_web.admin.sound_refusals import refuse_sound
from admin_web.auditing import note_action
from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands import bodies
from admin_web.commands.bodies import BadBody
from admin_web.commands.steering import submit
from admin_web.presenters.messages import grouped, lines, unknown, versions_of
from admin_web.presenters.names import names_of
from admin_web.web_ports import ports
from cxcore.domain.commands import UseMessage
from cxcore.domain.languages import parted
from cxcore.ports.audit import AuditResult
from cxcore.ports.messages import LibrarySound, MessageVersion, Origin, SoundRefused

message_pages = Blueprint("message_pages", __name__)

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}(\.[a-z]{2})?")
"""A message; after a dot the language, where that is another than the site's (`domain.languages`)."""
LARGEST_REQUEST = 600 * 1024 * 1024
"""The library's own limit is lower and has a better answer; this one is for the server."""
LONGEST_TEXT = 4000
SHOWN_SECONDS = 2.0
"""How long an answer waits until lists show what was chosen."""


@message_pages.url_value_preprocessor
def _let_recordings_in(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anything looks at the request: its body is set up for the limit that counts then."""
    if endpoint == "message_pages.upload":
        request.max_content_length = LARGEST_REQUEST


@message_pages.get("/admin/messages")
@permits(Permission.MANAGE_MESSAGES)
def page() -> str:
    """Every message, where it is used, and the version that callers hear."""
    return render_template("messages.html", groups=grouped(lines(ports().messages)))


@message_pages.get("/admin/messages/new")
@permits(Permission.MANAGE_MESSAGES)
def new() -> ResponseReturnValue:
    """Go to the page of a message that has no version yet."""
    name = "-".join(re.findall(r"[a-z0-9]+", request.args.get("name", "").lower()))[:80]
    if not name:
        return redirect(url_for("message_pages.page"))
    return redirect(url_for("message_pages.message", name=name))


@message_pages.get("/admin/messages/<name>")
@permits(Permission.MANAGE_MESSAGES)
def message(name: str) -> ResponseReturnValue:
    """The versions of one message in one language, the latest first; a name that nobody uses yet has none."""
    _check_name(name)
    plain, language = parted(name)
    known = next((line for line in lines(ports().messages) if line.name == plain), None)
    line = known or unknown(ports().messages, plain)
    here = next((each for each in line.translations if each.language == language), None)
    versions = versions_of(ports().messages, name, names_of(ports()).user)
    return render_template("message.html", line=line, key=name, here=here, versions=versions)


@message_pages.get("/admin/messages/<name>/<int:version>.wav")
@permits(Permission.MANAGE_MESSAGES)
def sound(name: str, version: int) -> ResponseReturnValue:
    """The sound of a version, as it is on a wide line; of version 0 as on a telephone line."""
    found = _sound(name, version)
    path = None if found is None else ports().messages.sounds.path(found.sound, wide=version > 0)
    if path is None:
        abort(404)
    return send_file(path, mimetype="audio/wav", conditional=True, max_age=0)


@message_pages.post("/admin/messages/<name>/uploads")
@permits(Permission.MANAGE_MESSAGES)
def upload(name: str) -> ResponseReturnValue:
    """Make a version of the sound file that is the body; `?origin=recorded` when it came from the microphone."""
    _check_name(name)
    origin = Origin.RECORDED if request.args.get("origin") == Origin.RECORDED else Origin.UPLOADED
    body = cast(BinaryIO, request.stream)
    try:
        made = ports().messages.sounds.take(name, body)
    except SoundRefused as refused:
        return _refuse(name, refused)
    return _keep(name, made, origin, request.args.get("text", "")[:LONGEST_TEXT])


@message_pages.post("/admin/messages/<name>/speech")
@permits(Permission.MANAGE_MESSAGES)
def speak(name: str) -> ResponseReturnValue:
    """Make a version of `{"text": …}`, spoken."""
    _check_name(name)
    text = (request.get_json(silent=True) or {}).get("text")
    if not isinstance(text, str):
        return bodies.refuse_body(BadBody("text"))
    try:
        made = ports().messages.sounds.speak(name, text)
    except SoundRefused as refused:
        return _refuse(name, refused)
    return _keep(name, made, Origin.SPOKEN, text)


@message_pages.post("/admin/messages/<name>/use")
@permits(Permission.MANAGE_MESSAGES)
def use(name: str) -> ResponseReturnValue:
    """Let callers hear `{"version": …}` from now on."""
    version = (request.get_json(silent=True) or {}).get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        return bodies.refuse_body(BadBody("version"))
    found = _sound(name, version)
    if found is None:
        abort(404)
    answer = submit(UseMessage(signed_in().account.username, name, version, found.sound), "message-use")
    if answer == ("", 204):
        _wait_until_shown(name, version)
    return answer


def _check_name(name: str) -> None:
    language = parted(name)[1]
    if not NAME.fullmatch(name) or (language and language not in ports().messages.catalogue.languages()):
        abort(404)


def _sound(name: str, version: int) -> LibrarySound | None:
    if version == 0:
        return ports().messages.sounds.shipped(name)
    found = ports().messages.versions.find(name, version)
    return None if found is None else found.sound


def _refuse(name: str, refused: SoundRefused) -> ResponseReturnValue:
    note_action("message-make", f"message={name} {refused.code}", AuditResult.FAILED)
    return refuse_sound(refused)


def _keep(name: str, made: LibrarySound, origin: Origin, text: str) -> ResponseReturnValue:
    by, now = signed_in().account.username, ports().clock.now()
    version = ports().messages.versions.add(name, made, origin, text, by, now)
    note_action("message-make", f"message={name} version={version.version} origin={origin}", AuditResult.DONE)
    return _shown(version), 201


def _shown(version: MessageVersion) -> dict[str, object]:
    url = url_for("message_pages.sound", name=version.message, version=version.version)
    return {"version": version.version, "seconds": version.sound.seconds, "sound": url}


def _wait_until_shown(name: str, version: int) -> None:
    """What the core decided is written a moment later; the page that is fetched next shall show it."""
    until = time.monotonic() + SHOWN_SECONDS
    while time.monotonic() < until:
        used = ports().messages.versions.used().get(name)
        if used is not None and used.version == version:
            return
        time.sleep(0.05)
