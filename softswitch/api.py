"""The table of `api` and `bgapi` commands; the modules of `softswitch.commands` enter themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from softswitch.leg import Leg
    from softswitch.switchboard import Switchboard

Answer = str | Awaitable[str]
Command = Callable[["Switchboard", str], Answer]

COMMANDS: dict[str, Command] = {}

NO_SUCH_CHANNEL = "-ERR No such channel!\n"


def command(name: str) -> Callable[[Command], Command]:
    """Enter a command. It gets all that follows its name and returns its answer, or promises it."""

    def enter(run: Command) -> Command:
        COMMANDS[name] = run
        return run

    return enter


def usage(syntax: str) -> str:
    return f"-USAGE: {syntax}\n"


def execute_command(board: Switchboard, name: str, argument: str) -> Answer:
    """FreeSWITCH's own refusal for a name that is not in the table."""
    found = COMMANDS.get(name.lower())
    if found is None:
        return f"-ERR {name} Command not found!\n"
    return found(board, argument)


def find_leg(board: Switchboard, uuid: str) -> Leg | None:
    """A leg that lives; one whose end is being told is gone already."""
    leg = board.legs.get(uuid)
    return None if leg is None or leg.gone else leg
