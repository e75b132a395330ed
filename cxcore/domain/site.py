"""A site as configured: its dialplan, queues, agents and who may sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cxcore.domain.agent import AgentId
from cxcore.domain.answers import PreparedAnswer
from cxcore.domain.caller_lists import entries_for, list_of
from cxcore.domain.chat import ChatPage
from cxcore.domain.dialplan import Dialplan
from cxcore.domain.emergency_groups import EmergencyGroup
from cxcore.domain.membership import Membership
from cxcore.domain.numbers import is_emergency, may_be_shown
from cxcore.domain.phone_book import PhoneBookEntry
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.recording import RecordingRule
from cxcore.domain.service_line import ServiceLine
from cxcore.domain.topics import Topic
from cxcore.domain.traffic import TrafficClass, kind_of


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
    traffic_class: str = ""
    """The key of what this user may dial; empty for the class of the site [87]."""

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

    chat_pages: Mapping[str, ChatPage] = field(default_factory=dict)
    """Where chats begin, by key."""
    answers: tuple[PreparedAnswer, ...] = ()
    """The prepared answers of chats."""
    phone_book: tuple[PhoneBookEntry, ...] = ()
    topics: tuple[Topic, ...] = ()
    """What contacts can be about [41], retired ones too."""
    traffic_classes: Mapping[str, TrafficClass] = field(default_factory=dict)
    """Without any, everybody may dial everything."""
    traffic_class: str = ""
    """Of users without a class of their own, and of call-backs."""
    emergency_groups: Mapping[str, EmergencyGroup] = field(default_factory=dict)
    """Places that are put on emergency together."""
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

    def numbers_to_show(self, agent_id: AgentId) -> tuple[str, ...]:
        """What an agent may let a called party see [9]: first what it sees without a choice, then the number of the
        site, the agent's own and those of the agent's queues."""
        user = self.users.get(agent_id)
        own = (user.caller_number, self.caller_number, user.number) if user else (self.caller_number,)
        queues = (self.queues.get(each.queue_id) for each in self.memberships if each.agent_id == agent_id)
        numbers = (*own, *(queue.caller_number for queue in queues if queue is not None))
        return tuple(dict.fromkeys(number for number in numbers if may_be_shown(number)))

    def number_shown_to(self, called: str, *choices: str) -> str:
        """What a called party sees of us [9]: the first choice that may be shown, else the number of the site.

        112 sees the number of the site, which belongs to an address, whatever somebody chose.
        """
        wanted = () if is_emergency(called) else choices
        return next((number for number in wanted if may_be_shown(number)), self.caller_number)

    def traffic_class_of(self, username: str) -> TrafficClass | None:
        """What a user may dial [87]; that of the site for who is no user. None: everything."""
        user = self.users.get(username)
        return self.traffic_classes.get((user.traffic_class if user else "") or self.traffic_class)

    def may_dial(self, username: str, number: str) -> bool:
        """Whether the traffic class of a user allows a number [87]."""
        allowed = self.traffic_class_of(username)
        return allowed is None or allowed.allows(number, kind_of(number, self.is_own_number))

    def is_own_number(self, number: str) -> bool:
        """Whether a number leads to a flow or a user of the site."""
        return number in self._by_number or self.dialplan.key_of(number) is not None

    def is_in_phone_book(self, key: str, destinations: Iterable[str]) -> bool:
        """Whether these are destinations of that entry."""
        entry = next((each for each in self.phone_book if each.key == key), None)
        return entry is not None and set(destinations) <= set(entry.destinations)

    def priority_of(self, caller_number: str | None) -> int:
        """The priority of a caller: that of the longest entry that fits, or of the list the caller stands on."""
        listed = list_of(self.dialplan.caller_lists, caller_number)
        return max(self._entered_priority(caller_number), 0 if listed is None else listed.priority)

    def _entered_priority(self, caller_number: str | None) -> int:
        if not caller_number or not self.caller_priorities:
            return 0
        priorities = self.caller_priorities
        return next((priorities[each] for each in entries_for(caller_number) if each in priorities), 0)
