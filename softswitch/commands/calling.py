"""`originate`: dial and give the leg something to do."""

from __future__ import annotations

from collections.abc import Awaitable

from softswitch.api import Answer, command, usage
from softswitch.leg import Extension, Leg
from softswitch.leg_state import State
from softswitch.originate import DEFAULT_TIMEOUT_SECONDS, NotReached, originate
from softswitch.separating import separate
from softswitch.switchboard import Switchboard
from softswitch.transferring import transfer

SYNTAX = (
    "<call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] "
    "[<cid_name>] [<cid_num>] [<timeout_sec>]"
)


@command("originate")
def originate_command(board: Switchboard, argument: str) -> Answer:
    parts = separate(argument)
    if not 2 <= len(parts) <= 7:
        return usage(SYNTAX)
    given = [None if part.lower() == "undef" else part for part in parts]
    return _originate(board, given + [None] * (7 - len(given)))


def _originate(board: Switchboard, given: list[str | None]) -> Answer:
    url, target, dialplan, context, cid_name, cid_number, limit = given
    timeout = int(limit) if limit and limit.isdigit() else DEFAULT_TIMEOUT_SECONDS
    try:
        dialled = originate(board, _caller_id(cid_name, cid_number) + (url or ""), timeout)
    except NotReached as missed:
        return _missed(missed)
    return _answered(dialled, target or "", dialplan or "XML", context or "default")


async def _answered(dialled: Awaitable[Leg], target: str, dialplan: str, context: str) -> str:
    try:
        leg = await dialled
    except NotReached as missed:
        return _missed(missed)
    _set_to_work(leg, target, dialplan, context)
    return f"+OK {leg.uuid}\n"


def _missed(missed: NotReached) -> str:
    return f"-ERR {missed.cause.name}\n"


def _caller_id(name: str | None, number: str | None) -> str:
    facts = [("origination_caller_id_name", name), ("origination_caller_id_number", number)]
    given = ",".join(f"{key}='{value}'" for key, value in facts if value)
    return f"{{{given}}}" if given else ""


def _set_to_work(leg: Leg, target: str, dialplan: str, context: str) -> None:
    leg.enter_dialplan()
    if not target.startswith("&") or len(target) < 2:
        transfer(leg, target, dialplan, context)
        return
    name, _, argument = target[1:].partition("(")
    name = name.partition(")")[0]
    leg.extension = Extension(name, [(name, argument.partition(")")[0])])
    leg.set_state(State.CS_EXECUTE)
