"""`set` `unset` `multiset` `export`: variables of the leg."""

from __future__ import annotations

import logging

from softswitch.execution import application
from softswitch.leg import Leg

log = logging.getLogger(__name__)


def _assign(leg: Leg, text: str) -> None:
    name, separator, value = text.partition("=")
    if not name.strip():
        log.error("leg %s: no variable name specified", leg.uuid)
        return
    cleared = not separator or value in ("", "_undef_")
    leg.variables.set(name.strip(), None if cleared else value)


@application("set")
async def set_(leg: Leg, argument: str) -> None:
    _assign(leg, argument)


@application("multiset")
async def multiset(leg: Leg, argument: str) -> None:
    delimiter = " "
    if argument.startswith("^^") and len(argument) > 2:
        delimiter, argument = argument[2], argument[3:]
    for part in argument.split(delimiter):
        if part:
            _assign(leg, part)


@application("unset")
async def unset(leg: Leg, argument: str) -> None:
    if not argument:
        log.error("leg %s: no variable name specified", leg.uuid)
        return
    leg.variables.set(argument, None)


@application("export")
async def export(leg: Leg, argument: str) -> None:
    """Set a variable here and on legs that this one dials; `nolocal:NAME` only there."""
    name, _, value = argument.partition("=")
    bare = name.removeprefix("nolocal:").removeprefix("_nolocal_")
    if not bare:
        log.error("leg %s: no variable name specified", leg.uuid)
        return
    leg.variables.set(bare, value)
    exported = [item for item in (leg.variables.get("export_vars") or "").split(",") if item]
    if bare not in exported:
        leg.variables.set("export_vars", ",".join([*exported, bare]))
