"""`status` `version` `uptime` `create_uuid` `global_getvar` `reloadxml` `fsctl`."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from softswitch.api import command, usage
from softswitch.separating import separate
from softswitch.switchboard import Switchboard, utc_now

VERSION = "1.10.12"
"""The FreeSWITCH whose Event Socket this engine speaks; clients compare it."""

FULL_VERSION = f"{VERSION}-release~softswitch"

UPTIME_SYNTAX = "[us|ms|s|m|h|d|microseconds|milliseconds|seconds|minutes|hours|days]"
UNITS = {
    "": timedelta(seconds=1),
    **dict.fromkeys(("us", "microseconds"), timedelta(microseconds=1)),
    **dict.fromkeys(("ms", "milliseconds"), timedelta(milliseconds=1)),
    **dict.fromkeys(("s", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "days"), timedelta(days=1)),
}


@command("status")
def status(board: Switchboard, argument: str) -> str:
    legs = len(board.legs)
    return (
        f"UP {duration_text(utc_now() - board.started_at)}\n"
        f"FreeSWITCH (Version {FULL_VERSION} 64bit) is {'ready' if board.accepting else 'not ready'}\n"
        f"{board.sessions_since_start} session(s) since startup\n"
        f"{legs} session(s) - peak {board.most_legs}, last 5min {board.most_legs} \n"
        f"0 session(s) per Sec out of max 100, peak 0, last 5min 0 \n"
        f"1000 session(s) max\n"
        f"min idle cpu 0.00/100.00\n"
    )


def duration_text(length: timedelta) -> str:
    """`0 years, 0 days, 1 hour, …` down to microseconds."""
    seconds, micros = length.seconds, length.microseconds
    counts = (
        (length.days // 365, "year"),
        (length.days % 365, "day"),
        (seconds // 3600, "hour"),
        (seconds // 60 % 60, "minute"),
        (seconds % 60, "second"),
        (micros // 1000, "millisecond"),
        (micros % 1000, "microsecond"),
    )
    return ", ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts)


@command("version")
def version(board: Switchboard, argument: str) -> str:
    if "short" in argument:
        return f"{VERSION}\n"
    return f"FreeSWITCH Version {FULL_VERSION} (softswitch 64bit)\n"


@command("uptime")
def uptime(board: Switchboard, argument: str) -> str:
    unit = UNITS.get(argument.strip().lower())
    if unit is None:
        return usage(UPTIME_SYNTAX)
    return f"{(utc_now() - board.started_at) // unit}\n"


@command("create_uuid")
def create_uuid(board: Switchboard, argument: str) -> str:
    return str(uuid4())


@command("global_getvar")
def global_getvar(board: Switchboard, argument: str) -> str:
    if not argument:
        return "".join(f"{name}={value}\n" for name, value in board.global_variables.items())
    return board.global_variable(argument.strip()) or ""


@command("reloadxml")
def reloadxml(board: Switchboard, argument: str) -> str:
    if board.wanted("RELOADXML"):
        board.fire(board.events.start("RELOADXML"))
    return "+OK [Success]\n"


@command("fsctl")
def fsctl(board: Switchboard, argument: str) -> str:
    parts = [part.lower() for part in separate(argument)]
    if parts[:1] != ["shutdown"]:
        return usage("[shutdown [cancel|elegant|asap|now|restart]]")
    board.on_shutdown_order()
    return "+OK\n"
