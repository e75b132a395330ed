"""`POST /commands/<name>`: an agent's click becomes a command about that agent, never about another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands.refusals import explain
from admin_web.problems import problem
from admin_web.web_ports import ports
from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import Command
from cxcore.domain.queue import QueueId
from cxcore.ports.controller import CommandRefused, ControllerUnavailable

command_routes = Blueprint("command_routes", __name__)
LONGEST_TEXT = 200
MOST_QUEUES = 500
LONGEST_EXTENSION_SECONDS = 900

Body = Mapping[str, object]
Builder = Callable[[str, AgentId, Body], Command]


class BadBody(Exception):
    """The body does not have the shape that the command needs."""


def _queue_ids(body: Body) -> tuple[QueueId, ...]:
    given = body.get("queue_ids", [])
    if not isinstance(given, list) or len(given) > MOST_QUEUES or not all(_is_text(each) for each in given):
        raise BadBody("queue_ids")
    return tuple(QueueId(each) for each in given)


def _reason(body: Body) -> str:
    given = body.get("reason")
    if not isinstance(given, str) or not _is_text(given):
        raise BadBody("reason")
    return given


def _seconds(body: Body) -> int:
    given = body.get("seconds", 60)
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= LONGEST_EXTENSION_SECONDS:
        raise BadBody("seconds")
    return given


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


COMMANDS: Mapping[str, Builder] = {
    "log-on": lambda by, agent_id, body: commands.LogOn(by, agent_id, _queue_ids(body)),
    "log-off": lambda by, agent_id, _: commands.LogOff(by, agent_id),
    "go-on-break": lambda by, agent_id, body: commands.GoOnBreak(by, agent_id, _reason(body)),
    "become-available": lambda by, agent_id, _: commands.BecomeAvailable(by, agent_id),
    "serve-queues": lambda by, agent_id, body: commands.ServeQueues(by, agent_id, _queue_ids(body)),
    "decline-offer": lambda by, agent_id, _: commands.DeclineOffer(by, agent_id),
    "hold-contact": lambda by, agent_id, _: commands.HoldContact(by, agent_id),
    "resume-contact": lambda by, agent_id, _: commands.ResumeContact(by, agent_id),
    "hang-up-contact": lambda by, agent_id, _: commands.HangUpContact(by, agent_id),
    "end-wrap-up": lambda by, agent_id, _: commands.EndWrapUp(by, agent_id),
    "extend-wrap-up": lambda by, agent_id, body: commands.ExtendWrapUp(by, agent_id, _seconds(body)),
}


@command_routes.post("/commands/<name>")
@permits(Permission.WORK_AT_DESK)
def run(name: str) -> ResponseReturnValue:
    """204 when it is done; 404 for an unknown command, 400 for a wrong body, 409 for a refusal, 503 without a core."""
    if name not in COMMANDS:
        abort(404)
    try:
        command = _build(name)
    except BadBody as error:
        detail = gettext("Het veld %(field)s klopt niet. Laad de pagina opnieuw.", field=str(error))
        return problem(400, "bad-body", gettext("Dit verzoek klopt niet"), detail)
    return _submit(name, command)


def _build(name: str) -> Command:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadBody("body")
    account = signed_in().account
    if account.agent_id is None:
        abort(403)
    return COMMANDS[name](account.username, account.agent_id, body)


def _submit(name: str, command: Command) -> ResponseReturnValue:
    try:
        ports().controller.submit(command)
    except CommandRefused as error:
        return problem(409, error.code, gettext("Dit kan nu niet"), explain(name, error))
    except ControllerUnavailable:
        detail = gettext(
            "De telefooncentrale antwoordt niet; het is niet zeker of uw keuze is uitgevoerd. "
            "Lopende gesprekken gaan door. Kijk of de pagina verandert en probeer het anders opnieuw."
        )
        return problem(503, "core-unavailable", gettext("Geen verbinding met de centrale"), detail)
    return "", 204
