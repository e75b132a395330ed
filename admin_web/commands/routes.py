"""`POST /commands/<name>`: an agent's click becomes a command about that agent, never about another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands import bodies
from admin_web.commands.bodies import BadBody, Body
from admin_web.commands.refusals import explain
from admin_web.problems import problem
from admin_web.web_ports import ports
from cxcore.domain import commands
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import Command
from cxcore.domain.transfer import TargetKind
from cxcore.ports.controller import CommandRefused, ControllerUnavailable

command_routes = Blueprint("command_routes", __name__)

Builder = Callable[[str, AgentId, Body], Command]

Destinations = tuple[str, ...]


def _target(body: Body) -> tuple[str, str, str, Destinations]:
    """Whom the contact goes to. What rings says the phone book or the directory, never the browser."""
    kind, key = bodies.kind(body), bodies.key(body)
    if kind == TargetKind.PHONE_BOOK:
        entry = ports().directory.phone_book().entries.get(key)
        if entry is None:
            raise BadBody("key")
        return kind, key, entry.name, entry.destinations
    if kind == TargetKind.EMPLOYEE:
        return kind, key, *_employee(key, bodies.chosen_number(body))
    return kind, key, "", ()


def _employee(key: str, chosen: str) -> tuple[str, Destinations]:
    employee = ports().desk.employees.find(key)
    if employee is None or not employee.numbers or chosen not in ("", *employee.numbers):
        raise BadBody("key")
    return employee.name, (chosen or employee.numbers[0],)


COMMANDS: Mapping[str, Builder] = {
    "log-on": lambda by, agent_id, body: commands.LogOn(by, agent_id, bodies.queue_ids(body)),
    "log-off": lambda by, agent_id, _: commands.LogOff(by, agent_id),
    "go-on-break": lambda by, agent_id, body: commands.GoOnBreak(by, agent_id, bodies.reason(body)),
    "become-available": lambda by, agent_id, _: commands.BecomeAvailable(by, agent_id),
    "serve-queues": lambda by, agent_id, body: commands.ServeQueues(by, agent_id, bodies.queue_ids(body)),
    "decline-offer": lambda by, agent_id, _: commands.DeclineOffer(by, agent_id),
    "report-softphone": lambda by, agent_id, body: commands.ReportSoftphone(
        by, agent_id, bodies.page(body), bodies.fault(body)
    ),
    "hold-contact": lambda by, agent_id, _: commands.HoldContact(by, agent_id),
    "resume-contact": lambda by, agent_id, _: commands.ResumeContact(by, agent_id),
    "hang-up-contact": lambda by, agent_id, _: commands.HangUpContact(by, agent_id),
    "call-number": lambda by, agent_id, body: commands.CallNumber(
        by, agent_id, bodies.number(body), bodies.shows(body)
    ),
    "end-direct-call": lambda by, agent_id, _: commands.EndDirectCall(by, agent_id),
    "replay-message": lambda by, agent_id, _: commands.ReplayMessage(by, agent_id),
    "call-sender": lambda by, agent_id, _: commands.CallSender(by, agent_id),
    "consult": lambda by, agent_id, body: commands.Consult(by, agent_id, *_target(body)),
    "transfer-contact": lambda by, agent_id, body: commands.TransferContact(by, agent_id, *_target(body)),
    "park-contact": lambda by, agent_id, body: commands.ParkContact(by, agent_id, AgentId(bodies.key(body))),
    "pick-up-contact": lambda by, agent_id, body: commands.PickUpContact(by, agent_id, bodies.contact_id(body)),
    "take-back": lambda by, agent_id, _: commands.TakeBack(by, agent_id),
    "swap-parties": lambda by, agent_id, _: commands.SwapParties(by, agent_id),
    "join-parties": lambda by, agent_id, _: commands.JoinParties(by, agent_id),
    "complete-transfer": lambda by, agent_id, _: commands.CompleteTransfer(by, agent_id),
    "send-digits": lambda by, agent_id, body: commands.SendDigits(by, agent_id, bodies.digits(body)),
    "accept-chat": lambda by, agent_id, body: commands.AcceptChat(by, agent_id, bodies.chosen_contact(body)),
    "type-answer": lambda by, agent_id, _: commands.TypeAnswer(by, agent_id),
    "answer-chat": lambda by, agent_id, body: commands.AnswerChat(by, agent_id, *bodies.chat_line(body)),
    "note-contact": lambda by, agent_id, body: commands.NoteContact(
        by, agent_id, bodies.contact_id(body), bodies.topics(body), bodies.note(body)
    ),
    "start-recording": lambda by, agent_id, _: commands.StartRecording(by, agent_id),
    "pause-recording": lambda by, agent_id, _: commands.PauseRecording(by, agent_id),
    "extend-recording-pause": lambda by, agent_id, body: commands.ExtendRecordingPause(
        by, agent_id, bodies.seconds(body)
    ),
    "resume-recording": lambda by, agent_id, _: commands.ResumeRecording(by, agent_id),
    "end-wrap-up": lambda by, agent_id, _: commands.EndWrapUp(by, agent_id),
    "extend-wrap-up": lambda by, agent_id, body: commands.ExtendWrapUp(by, agent_id, bodies.seconds(body)),
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
        return bodies.refuse_body(error)
    return _submit(name, command)


def _build(name: str) -> Command:
    body = bodies.read_body()
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
        return core_is_away()
    return "", 204


def core_is_away() -> ResponseReturnValue:
    """503: nobody knows whether it was done."""
    detail = gettext(
        "De telefooncentrale antwoordt niet; het is niet zeker of uw keuze is uitgevoerd. "
        "Lopende gesprekken gaan door. Kijk of de pagina verandert en probeer het anders opnieuw."
    )
    return problem(503, "core-unavailable", gettext("Geen verbinding met de centrale"), detail)
