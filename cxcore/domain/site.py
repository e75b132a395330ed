"""A site as configured: its dialplan, queues, agents and who may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cxcore.domain.agent import AgentId
from cxcore.domain.caller_lists import entries_for, list_of
from cxcore.domain.dialplan import Dialplan
from cxcore.domain.membership import Membership
from cxcore.domain.numbers import is_emergency, may_be_shown
from cxcore.domain.phone_book import PhoneBookEntry
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.recording import RecordingRule
from cxcore.domain.service_line import ServiceLine


@dataclass(frozen=True, slots=True)
class ConfiguredUser:
    """Somebody who can sign in; `role` is that of an account. Those with a device can be agents."""

    username: str
    name: str
    role: str
    device: str | None = None
    number: str = ""
    """The user's own number: whoever dials it rings the user's device directly [7, 21]."""
    caller_number: str = ""
    """What a number outside sees when this user calls it; empty for the number of the site [9]."""

    auto_answer: bool = False
    """Whether the softphone in the user's page answers by itself, after a tone."""

    @property
    def agent_id(self) -> AgentId | None:
        """The agent that this user is, if any."""
        return AgentId(self.username) if self.device else None


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that an administrator configures."""

    name: str
    dialplan: Dialplan
    queues: Mapping[QueueId, Queue] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    users: Mapping[str, ConfiguredUser] = field(default_factory=dict)
    break_reasons: tuple[str, ...] = ()
    caller_number: str = ""
    """What a called party outside sees [9]."""
    direct_seconds: int = 25
    """How long a direct call rings."""
    park_seconds: int = 120
    """How long a parked contact waits for the colleague before it goes back."""
    tells_of_listening: bool = True
    """Whether an agent sees that a supervisor listens in [25]."""
    direct_recording: RecordingRule = RecordingRule()
    """Of direct calls, and of contacts without a queue [39]."""
    direct_unanswered_flow: str | None = None
    """The flow of a caller whose direct call nobody took; None ends the call."""
    caller_priorities: Mapping[str, int] = field(default_factory=dict)
    """Number of a caller, or its beginning with a `*` → priority; the higher waits in front of others of its queue."""

    phone_book: tuple[PhoneBookEntry, ...] = ()
    topics: tuple[str, ...] = ()
    """What contacts can be about [41]."""
    service_line: ServiceLine | None = None
    """By which messages are managed by telephone; None: there is no such number."""

    _by_number: Mapping[str, ConfiguredUser] = field(init=False, repr=False, compare=False)
    """The users by their own number: each call that arrives asks."""

    def __post_init__(self) -> None:
        by_number: dict[str, ConfiguredUser] = {}
        for user in self.users.values():
            if user.number:
                by_number.setdefault(user.number, user)
        object.__setattr__(self, "_by_number", by_number)

    def user_of_number(self, number: str) -> ConfiguredUser | None:
        """The user whose own number this is."""
        return self._by_number.get(number)

    def number_shown_to(self, called: str, *choices: str) -> str:
        """What a called party sees of us [9]: the first choice that may be shown, else the number of the site.

        112 sees the number of the site, which belongs to an address, whatever somebody chose.
        """
        wanted = () if is_emergency(called) else choices
        return next((number for number in wanted if may_be_shown(number)), self.caller_number)

    def priority_of(self, caller_number: str | None) -> int:
        """The priority of a caller: that of the longest entry that fits, or of the list the caller stands on."""
        listed = list_of(self.dialplan.caller_lists, caller_number)
        return max(self._entered_priority(caller_number), 0 if listed is None else listed.priority)

    def _entered_priority(self, caller_number: str | None) -> int:
        if not caller_number or not self.caller_priorities:
            return 0
        priorities = self.caller_priorities
        return next((priorities[each] for each in entries_for(caller_number) if each in priorities), 0)
