"""`POST /hooks/recording-marker`: another system says that something confidential is being asked for, or no longer.

For instance a payment page, when its field for a card number gets the focus. The body is
`{"agent": "anna", "marker": "begin"}` or `"end"`, signed (`signatures.py`). The recording of the agent's call is silent
in between; when the other system forgets the end it goes on by itself, after the time that the rule of the call gives
(`pause_recording_seconds`), or when the agent resumes it.
"""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.guard import origin, public
from admin_web.commands import bodies
from admin_web.commands.bodies import BadBody
from admin_web.commands.routes import core_is_away
from admin_web.hooks.signatures import is_signed
from admin_web.problems import problem
from admin_web.settings import settings
from admin_web.web_ports import ports
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import Command, PauseRecording, ResumeRecording
from cxcore.domain.recording import PauseReason
from cxcore.ports.audit import AuditResult
from cxcore.ports.controller import CommandRefused, ControllerUnavailable

hooks = Blueprint("hooks", __name__)

MARKER = "recording-marker"
"""Who did it, in the audit and the facts."""
LONGEST = 100


@hooks.post("/hooks/recording-marker")
@public
def recording_marker() -> ResponseReturnValue:
    """204 when it is done; 404 where it is not set up, 401 for a wrong signature, 409 when there is no recording."""
    if not settings().marker_secret:
        abort(404)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not is_signed(settings().marker_secret, headers, request.get_data(), ports().clock.now()):
        return problem(401, "not-signed", gettext("Niet toegestaan"), gettext("De ondertekening klopt niet."))
    try:
        agent_id, command = _command()
    except BadBody as error:
        return bodies.refuse_body(error)
    return _submit(agent_id, command)


def _command() -> tuple[str, Command]:
    body = bodies.read_body()
    agent_id, marker = body.get("agent"), body.get("marker")
    if not isinstance(agent_id, str) or not 0 < len(agent_id) <= LONGEST:
        raise BadBody("agent")
    if marker not in ("begin", "end"):
        raise BadBody("marker")
    kind = PauseRecording if marker == "begin" else ResumeRecording
    return agent_id, kind(MARKER, AgentId(agent_id), PauseReason.MARKER.value)


def _submit(agent_id: str, command: Command) -> ResponseReturnValue:
    told = f"agent_id={agent_id} marker={'begin' if isinstance(command, PauseRecording) else 'end'}"
    try:
        ports().controller.submit(command)
    except CommandRefused as refused:
        detail = gettext("Er is geen gesprek dat wordt opgenomen.")
        return problem(409, refused.code, gettext("Dit kan nu niet"), detail)
    except ControllerUnavailable:
        return core_is_away()
    ports().audit.record(MARKER, "mark-recording", told, AuditResult.DONE, origin(), ports().clock.now())
    return "", 204
