"""A core without a floor, as a process of its own: serves the link in a folder until it is killed.

`python -m tests.system.link_core FOLDER AGENTS`. What a command does here is written beside it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import gevent

from cxcore.domain.commands import Command, DeclineOffer, ExtendWrapUp, GoOnBreak, HoldContact
from cxcore.feed.link import LinkSettings
from cxcore.feed.picture import LivePicture
from cxcore.feed.publisher import Publisher
from cxcore.ports.controller import AgentRow, CommandOutcome, ContactRow, Subject

Reply = Callable[[CommandOutcome], None]


def now() -> datetime:
    return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)


class StageCore:
    """Agents in rows, and commands with visible effects."""

    def __init__(self, folder: Path, agents: int) -> None:
        self.picture = LivePicture()
        for number in range(agents):
            self.picture.replace(AgentRow(f"agent-{number}", f"Agent {number}", "available", "ready", since=now()))
        self.publisher = Publisher(self.picture, LinkSettings.in_folder(folder), self.submit)

    def submit(self, command: Command, reply: Reply) -> None:
        match command:
            case GoOnBreak():  # the row of the agent changes
                row = self.picture.picture().rows[Subject.AGENT, command.agent_id]
                assert isinstance(row, AgentRow)
                self.picture.replace(replace(row, status="on-break", reason=command.reason))
                reply(CommandOutcome())
            case HoldContact():  # refused
                reply(CommandOutcome("not-allowed", "There is no contact to hold."))
            case DeclineOffer():  # never answered
                return
            case ExtendWrapUp():  # so many changes, 2 ms apart, each with the instant at which it was made
                gevent.spawn(self.change_often, command.seconds, 0.002)
                reply(CommandOutcome())
            case _:  # 30,000 changes as fast as can be sent
                gevent.spawn(self.change_often, 30_000, 0.0)
                reply(CommandOutcome())

    def change_often(self, times: int, pause_seconds: float) -> None:
        for number in range(1, times + 1):
            self.picture.replace(ContactRow("c-1", "waiting", "+31715550100", None, str(number), opened_at=now()))
            gevent.sleep(pause_seconds)

    def run(self) -> None:
        self.publisher.start()
        sys.stdout.write("serving\n")
        sys.stdout.flush()
        gevent.get_hub().join()


if __name__ == "__main__":
    StageCore(Path(sys.argv[1]), int(sys.argv[2])).run()
