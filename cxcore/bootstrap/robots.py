"""What robot agents of the lab do at their screens, as commands to the running core."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cxcore.bootstrap.starting import link_settings
from cxcore.client.controller import ControllerClient
from cxcore.config import Settings
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, Command, EndWrapUp, GoOnBreak, LogOff, LogOn
from cxcore.ports.controller import CommandRefused, ControllerUnavailable
from lab.agent_desk import DeskRefused

LINK_SECONDS = 3.0


class RobotDesk:
    """Implements the lab's `AgentDesk`: what robot agents do at their screens goes to the core as commands."""

    def __init__(self, controller: ControllerClient) -> None:
        self._controller = controller

    def log_on(self, agent: str) -> None:
        """Log on for all memberships."""
        self._do(LogOn(agent, AgentId(agent)))

    def log_off(self, agent: str) -> None:
        """Log off."""
        self._do(LogOff(agent, AgentId(agent)))

    def go_on_break(self, agent: str, reason: str) -> None:
        """Begin a break."""
        self._do(GoOnBreak(agent, AgentId(agent), reason))

    def available(self, agent: str) -> None:
        """End a break."""
        self._do(BecomeAvailable(agent, AgentId(agent)))

    def end_wrap_up(self, agent: str) -> None:
        """Be done with the last contact."""
        self._do(EndWrapUp(agent, AgentId(agent)))

    def _do(self, command: Command) -> None:
        try:
            self._controller.submit(command)
        except (CommandRefused, ControllerUnavailable) as refusal:
            raise DeskRefused(str(refusal)) from refusal


@contextmanager
def desk_of_robots(settings: Settings) -> Iterator[RobotDesk]:
    """A desk in the running system, for robot agents."""
    controller = ControllerClient(link_settings(settings))
    controller.start()
    controller.wait_for_picture(LINK_SECONDS)
    yield RobotDesk(controller)
    controller.stop()
