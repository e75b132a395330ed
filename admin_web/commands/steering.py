"""A supervisor's click becomes a command about somebody else, a queue or a waiting contact [32, 43]. All are audited.

    POST /commands/agents/<agent_id>/<name>
    POST /commands/queues/<queue_id>/<name>
    POST /commands/contacts/<contact_id>/<name>
    POST /commands/listening/<agent_id>/<name>
    POST /commands/alarms/<queue_id>:<kind>/acknowledge
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auditing import note_action
from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands import bodies
from admin_web.commands.bodies import BadBody, Body
from admin_web.commands.refusals import explain_steering
from admin_web.commands.routes import core_is_away
from admin_web.problems import problem
from admin_web.web_ports import ports
from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import Command
from cxcore.domain.contact import ContactId
from cxcore.domain.queue import QueueId
from cxcore.ports.audit import AuditResult
from cxcore.ports.controller import CommandRefused, ControllerUnavailable

steering_routes = Blueprint("steering_routes", __name__)

Builder = Callable[[str, str, Body], Command]
"""Of the user who asks, the object of the command, and what came along."""

ABOUT_AGENTS: Mapping[str, Builder] = {
    "log-on": lambda by, key, body: commands.LogOn(by, AgentId(key), bodies.queue_ids(body)),
    "log-off": lambda by, key, _: commands.LogOff(by, AgentId(key)),
    "go-on-break": lambda by, key, body: commands.GoOnBreak(by, AgentId(key), bodies.reason(body)),
    "become-available": lambda by, key, _: commands.BecomeAvailable(by, AgentId(key)),
    "assign-queue": lambda by, key, body: commands.AssignQueue(
        by, AgentId(key), bodies.queue_id(body), bodies.level(body)
    ),
    "remove-from-queue": lambda by, key, body: commands.RemoveFromQueue(by, AgentId(key), bodies.queue_id(body)),
}
ABOUT_QUEUES: Mapping[str, Builder] = {
    "open": lambda by, key, _: commands.OpenQueue(by, QueueId(key)),
    "close": lambda by, key, body: commands.CloseQueue(by, QueueId(key), bodies.move_waiting(body)),
    "follow-timetable": lambda by, key, _: commands.FollowTimetable(by, QueueId(key)),
}
ABOUT_CONTACTS: Mapping[str, Builder] = {
    "cancel-call-back": lambda by, key, _: commands.CancelCallBack(by, ContactId(key)),
    "assign": lambda by, key, body: commands.AssignContact(by, ContactId(key), bodies.agent_id(body)),
    "move": lambda by, key, body: commands.MoveContact(by, ContactId(key), bodies.queue_id(body)),
}
LISTENING: Mapping[str, Builder] = {
    "listen-in": lambda by, key, _: commands.ListenIn(by, AgentId(key)),
    "whisper": lambda by, key, _: commands.Whisper(by, AgentId(key)),
    "barge-in": lambda by, key, _: commands.BargeIn(by, AgentId(key)),
    "stop": lambda by, key, _: commands.StopListening(by, AgentId(key)),
}
ALARMS: Mapping[str, Builder] = {
    "acknowledge": lambda by, key, _: commands.AcknowledgeAlarm(by, *_alarm(key)),
}
ACTIONS: Mapping[str, Mapping[str, Builder]] = {
    "agent": ABOUT_AGENTS,
    "queue": ABOUT_QUEUES,
    "contact": ABOUT_CONTACTS,
    "listening": LISTENING,
    "alarm": ALARMS,
}


@steering_routes.post("/commands/agents/<key>/<name>")
@permits(Permission.STEER_FLOOR)
def steer_agent(key: str, name: str) -> ResponseReturnValue:
    """An agent's status and queues; answers as `POST /commands/<name>` does."""
    return _steer("agent", key, name)


@steering_routes.post("/commands/queues/<key>/<name>")
@permits(Permission.STEER_FLOOR)
def steer_queue(key: str, name: str) -> ResponseReturnValue:
    """Whether callers may wait in a queue."""
    return _steer("queue", key, name)


@steering_routes.post("/commands/contacts/<key>/<name>")
@permits(Permission.STEER_FLOOR)
def steer_contact(key: str, name: str) -> ResponseReturnValue:
    """Where a contact waits, who has it, and whether it is called back."""
    return _steer("contact", key, name)


@steering_routes.post("/commands/alarms/<key>/<name>")
@permits(Permission.STEER_FLOOR)
def answer_alarm(key: str, name: str) -> ResponseReturnValue:
    """Say that an alarm was seen."""
    return _steer("alarm", key, name)


@steering_routes.post("/commands/listening/<key>/<name>")
@permits(Permission.LISTEN_IN)
def listen(key: str, name: str) -> ResponseReturnValue:
    """The supervisor's own device on the call of an agent."""
    return _steer("listening", key, name)


def _alarm(key: str) -> tuple[QueueId, str]:
    queue_id, colon, kind = key.rpartition(":")
    if not colon:
        raise BadBody("alarm")
    return QueueId(queue_id), kind


def _steer(kind: str, key: str, name: str) -> ResponseReturnValue:
    build = ACTIONS[kind].get(name)
    if build is None:
        abort(404)
    try:
        command = build(signed_in().account.username, key, bodies.read_body())
    except BadBody as error:
        return bodies.refuse_body(error)
    return submit(command, f"{kind}-{name}")


def submit(command: Command, action: str) -> ResponseReturnValue:
    """Give the core a command about something else than whoever asks, and keep in the audit how it ended."""
    object = _told(command)
    try:
        ports().controller.submit(command)
    except CommandRefused as error:
        note_action(action, object, AuditResult.FAILED)
        return problem(409, error.code, gettext("Dit kan nu niet"), explain_steering(action, error))
    except ControllerUnavailable:
        note_action(action, object, AuditResult.FAILED)
        return core_is_away()
    note_action(action, object, AuditResult.DONE)
    return "", 204


def _told(command: Command) -> str:
    """What the command is about, for the audit: `agent_id=anna queue_id=receptie level=2`."""
    told = {each.name: getattr(command, each.name) for each in fields(command) if each.name != "by"}
    return " ".join(f"{name}={','.join(value) if isinstance(value, tuple) else value}" for name, value in told.items())
