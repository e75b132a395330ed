"""What screens need to know of the site's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cxcore.domain.agent import AgentId
from cxcore.domain.answers import PreparedAnswer
from cxcore.domain.chat import ChatPage
from cxcore.domain.phone_book import PhoneBook
from cxcore.domain.topics import Topic


class NumberOwner(StrEnum):
    """Whose a number is that a called party sees."""

    SITE = "site"
    OWN = "own"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class NumberToShow:
    """A number that a called party may see; `name` is that of the queue whose it is."""

    number: str
    owner: NumberOwner
    name: str = ""


class Directory(Protocol):
    """The site as configured."""

    def site_name(self) -> str:
        """How the site calls itself, for headings."""

    def break_reasons(self) -> tuple[str, ...]:
        """The reasons an agent may give for a break [24], in the order to show them."""

    def phone_book(self) -> PhoneBook:
        """Who can be called or transferred to beside agents and queues [42]."""

    def chat_page(self, key: str) -> ChatPage | None:
        """A page on which chats begin [22]; None when there is none of that name."""

    def prepared_answers(self) -> tuple[PreparedAnswer, ...]:
        """The texts that agents may put into a chat, in the order to show them."""

    def answers_by_itself(self, agent_id: AgentId) -> bool:
        """Whether the administrator let the agent's softphone answer by itself."""

    def topics(self) -> tuple[Topic, ...]:
        """What a contact can be about [41], in the order to show them; not those that are retired."""

    def has_softphone(self, agent_id: AgentId) -> bool:
        """Whether the telephone of an agent is the page."""

    def numbers_to_show(self, agent_id: AgentId) -> tuple[NumberToShow, ...]:
        """What the agent may let a called party see [9], as `Site.numbers_to_show` says; the first without a choice."""
