"""`event` `log`: telling others."""

from __future__ import annotations

import logging

from softswitch.events import EVENT_NAMES
from softswitch.execution import application
from softswitch.leg import Leg

log = logging.getLogger(__name__)

LEVELS = {
    "CONSOLE": logging.INFO,
    "ALERT": logging.CRITICAL,
    "CRIT": logging.CRITICAL,
    "ERR": logging.ERROR,
    "WARNING": logging.WARNING,
    "NOTICE": logging.INFO,
    "INFO": logging.INFO,
    "DEBUG": logging.DEBUG,
}


@application("log", for_dead_legs=True)
async def log_(leg: Leg, argument: str) -> None:
    level, _, text = argument.partition(" ")
    known = LEVELS.get(level.upper())
    log.log(logging.DEBUG if known is None else known, "leg %s: %s", leg.uuid, argument if known is None else text)


@application("event", for_dead_legs=True)
async def event(leg: Leg, argument: str) -> None:
    """`name=value,…`: CHANNEL_APPLICATION, or the `Event-Name` (and `Event-Subclass`) that is given."""
    facts = {}
    for part in argument.split(","):
        name, separator, value = part.partition("=")
        if separator and name.strip():
            facts[name.strip()] = value.strip()
    wanted = facts.pop("Event-Name", "CHANNEL_APPLICATION").upper()
    name = wanted if wanted in EVENT_NAMES and wanted != "ALL" else "CHANNEL_APPLICATION"
    made = leg.board.events.start(name, subclass=facts.pop("Event-Subclass", None), leading=facts)
    leg.describe(made)
    leg.board.fire(made)
