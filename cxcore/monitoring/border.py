"""Whether the provider's trunk and Teams answer, as the SBC finds them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from cxcore.domain.health import PartName, Reading, read_places, read_sbc

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 3.0


def ask_sbc(host: str, port: int) -> Mapping[str, Any]:
    """What the SBC says of its peers and of what it refused. Raises OSError, HTTPException, ValueError."""
    connection = HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/status")
        told = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if not isinstance(told, dict):
        raise ValueError("the SBC's status is no JSON object")
    return told


@dataclass(slots=True)
class BorderWatch:
    """Asks the SBC now and then; `trunk` are its addresses, `teams` says whether there is Teams."""

    ask: Callable[[], Mapping[str, Any]]
    trunk: Sequence[str]
    teams: bool
    peers: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    """How many attempts went no further since the SBC's start, by reason."""
    answers: bool = True

    def look(self) -> None:
        """Ask once."""
        try:
            told = self.ask()
        except (OSError, HTTPException, ValueError) as fault:
            if self.answers:
                log.warning("the SBC does not say how its lines are: %s", fault)
            self.answers = False
            return
        self.answers = True
        self.peers = {address: state for address, state in told.get("peers", {}).items() if address}
        self.refused = {reason: count for reason, count in told.get("refused", {}).items() if reason}

    def readings(self) -> Iterator[Reading]:
        """How the lines are."""
        yield read_sbc(self.answers)
        if not self.answers:
            return
        if self.trunk:
            yield read_places(PartName.TRUNK, {each: self.peers.get(each, "unknown") for each in self.trunk})
        if self.teams:
            others = {each: state for each, state in self.peers.items() if each not in self.trunk}
            yield read_places(PartName.TEAMS, others)
