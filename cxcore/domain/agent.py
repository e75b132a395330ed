"""An agent: somebody who serves queues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from cxcore.domain.contact import ContactId
from cxcore.domain.errors import IllegalTransition
from cxcore.domain.leg import LegId
from cxcore.domain.queue import QueueId

AgentId = NewType("AgentId", str)


class AgentStatus(StrEnum):
    """What the agent chose [37]: routing looks at nothing else."""

    LOGGED_OFF = "logged-off"
    AVAILABLE = "available"
    ON_BREAK = "on-break"


class AgentState(StrEnum):
    """What follows from the work."""

    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap-up"

    __hash__ = str.__hash__  # that of Enum is a call of Python, at each look into a table


READY = AgentState.READY
OFFERED = AgentState.OFFERED
TALKING = AgentState.TALKING
WRAP_UP = AgentState.WRAP_UP
AVAILABLE = AgentStatus.AVAILABLE
"""Asked several times for each contact; a name of the module costs a tenth of a member of an enumeration."""

TRANSITIONS: Mapping[AgentState, tuple[AgentState, ...]] = {
    READY: (OFFERED, TALKING),
    OFFERED: (READY, TALKING),
    TALKING: (WRAP_UP, READY),
    WRAP_UP: (READY,),
}

SOFTPHONE = "softphone:"
"""How the device begins of an agent whose telephone is the page; the user name follows."""

OF_PAGE = "~"
"""Between a softphone's user name, which lacks it, and the page; each page registers under an address of its own."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What became of a contact that its agent had let go of, or of a consultation that others ended."""

    target: str
    """To whom, or with whom, as it is shown."""
    end: str
    """A `Turn` value: the target took it, it waits in front again, or the caller left. Of a consultation `caller-left`;
    a colleague who was consulted is told `consulted-caller-left` or `consulted-taken-back`."""
    at: datetime


@dataclass(slots=True)
class Agent:
    """One agent on the live floor. Instants are aware UTC."""

    agent_id: AgentId
    name: str
    device: str
    """Where offers ring: a SIP address, a phone number, or the softphone in the agent's page (`softphone:anna`)."""
    reason: str | None = None
    """Why the agent is on a break [24]."""
    status_since: datetime | None = None
    state_since: datetime | None = None
    serves: set[QueueId] = field(default_factory=set)
    """The queues that the agent serves now, chosen by the agent [23] among the agent's memberships."""
    contact_id: ContactId | None = None
    last_contact_id: ContactId | None = None
    """The one before, of which the agent may still write down what it was about."""
    leg_id: LegId | None = None
    direct_contact_id: ContactId | None = None
    """The direct call, or the contact of a colleague who consults this agent, that rings or is talked in; no offers
    until it has ended [18, 21]."""
    direct_calls: int = 0
    """Direct calls since log-on, counted apart from the contacts of queues [21]."""
    wrap_up_until: datetime | None = None
    wrap_up_of: QueueId | None = None
    """The queue of the contact that is being wrapped up."""
    rests_until: datetime | None = None
    """No offers until then, since the device could not be reached or refused by itself."""
    ready_since: datetime | None = None
    last_offered_at: datetime | None = None
    handled_contacts: int = 0
    """Contacts handled since log-on, of all queues together [35a]."""
    device_fault: str | None = None
    """Why the softphone cannot be rung; None when it can, and for devices that say nothing of themselves."""
    softphone_page: str = ""
    """The opened page that is the softphone."""
    returning: bool = False
    """The page went in the middle of a conversation; the caller is kept until it is there again."""
    warning: str | None = None
    """What agent and supervisor should know: `missed` or `unreachable`."""
    worked: timedelta = timedelta()
    """Talk and wrap-up time since log-on, of all queues together [35a]."""
    passed_on: PassedOn | None = None
    """How the contact went on that the agent passed on last without waiting; the agent is told [18]."""
    changed_by: str | None = None
    """The user who made the last change of status or queues."""
    watch: Callable[[Agent], None] | None = field(default=None, repr=False, compare=False)
    """Is told whenever `is_idle` changes; the floor keeps its look-up of idle agents by it."""
    is_idle: bool = False
    """Available and ready. Follows from status and state, whoever sets them; `can_be_offered` asks a little more."""
    _status: AgentStatus = AgentStatus.LOGGED_OFF
    _state: AgentState = AgentState.READY

    @property
    def status(self) -> AgentStatus:
        """What the agent chose."""
        return self._status

    @status.setter
    def status(self, status: AgentStatus) -> None:
        self._status = status
        self._note_idle()

    @property
    def state(self) -> AgentState:
        """What follows from the work."""
        return self._state

    @state.setter
    def state(self, state: AgentState) -> None:
        self._state = state
        self._note_idle()

    def give_device(self, device: str) -> None:
        """Ring this device from now on; a softphone once its page says that it can take calls."""
        if device != self.device:
            self.device, self.softphone_page = device, ""
            self.device_fault = "no-page" if self.has_softphone else None

    def _note_idle(self) -> None:
        idle = self._state is READY and self._status is AVAILABLE
        if idle is not self.is_idle:
            self.is_idle = idle
            if self.watch is not None:
                self.watch(self)

    @property
    def can_be_offered(self) -> bool:
        """Whether the agent takes a contact now."""
        free = self.is_idle and self.leg_id is None and self.rests_until is None and self.direct_contact_id is None
        return free and self.device_fault is None

    @property
    def has_softphone(self) -> bool:
        """Whether the device is the agent's page."""
        return self.device.startswith(SOFTPHONE)

    @property
    def address(self) -> str:
        """Where the device is dialled; a softphone at the page that said that it can take calls, and no other."""
        return f"{self.device}{OF_PAGE}{self.softphone_page}" if self.softphone_page else self.device

    def move_to(self, state: AgentState, now: datetime) -> None:
        """Change state; raises `IllegalTransition` for a step that the table lacks."""
        if state not in TRANSITIONS[self._state]:
            raise IllegalTransition("agent", self.agent_id, self._state, state)
        self._state, self.state_since = state, now
        self._note_idle()
