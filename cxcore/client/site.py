"""The active version of the configuration, as the web process reads it; the file on disk until there is a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxcore.dialplan.site_texts import YamlSiteTexts
from cxcore.domain.agent import AgentId
from cxcore.domain.answers import PreparedAnswer, answers_in
from cxcore.domain.chat import ChatPage, pages_in
from cxcore.domain.numbers import may_be_shown, normalised
from cxcore.domain.phone_book import PhoneBook, entries_in, folded
from cxcore.domain.site import Site
from cxcore.domain.topics import Topic, topics_in
from cxcore.ports.configurations import Configurations
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.directory import NumberOwner, NumberToShow
from cxcore.ports.site_texts import SiteTexts


@dataclass(frozen=True, slots=True)
class SiteDirectory:
    """Implements `ports.directory.Directory` with the active version of the site; with the file until there is one."""

    configurations: Configurations
    texts: SiteTexts
    file: Path
    kept: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    """The contents of the latest version that was asked for."""
    books: list[tuple[Mapping[str, Any], PhoneBook]] = field(default_factory=list)
    """The phone book of these contents."""

    def site_name(self) -> str:
        """How the site calls itself."""
        return str(self.content().get("site", ""))

    def break_reasons(self) -> tuple[str, ...]:
        """The reasons for a break, in the order to show them."""
        return tuple(self.content().get("break_reasons") or ())

    def has_softphone(self, agent_id: AgentId) -> bool:
        """Whether the agent's telephone is the page."""
        user = (self.content().get("users") or {}).get(agent_id) or {}
        return bool(user.get("device") == "softphone")

    def answers_by_itself(self, agent_id: AgentId) -> bool:
        """Whether the agent's softphone answers by itself."""
        user = (self.content().get("users") or {}).get(agent_id) or {}
        return user.get("auto_answer") is True

    def numbers_to_show(self, agent_id: AgentId) -> tuple[NumberToShow, ...]:
        """What the agent may let a called party see; the first is what it sees without a choice."""
        content = self.content()
        user = (content.get("users") or {}).get(agent_id) or {}
        found: dict[str, NumberToShow] = {}
        for each in _numbers_to_show(content, user):
            found.setdefault(each.number, each)
        return tuple(found.values())

    def topics(self) -> tuple[Topic, ...]:
        """What a contact can be about, in the order to show them; not those that are retired."""
        return tuple(topic for topic in topics_in(self.content().get("topics") or ()) if not topic.retired)

    def chat_page(self, key: str) -> ChatPage | None:
        """A page on which chats begin; None when there is none of that name."""
        return pages_in(self.content().get("chats") or {}).get(key)

    def prepared_answers(self) -> tuple[PreparedAnswer, ...]:
        """The texts that agents may put into a chat, by name."""
        answers = answers_in(self.content().get("answers") or {})
        return tuple(sorted(answers, key=lambda each: folded(each.name)))

    def phone_book(self) -> PhoneBook:
        """The phone book of the active version; made once for each."""
        content = self.content()
        if not self.books or self.books[0][0] is not content:
            self.books[:] = [(content, PhoneBook.of(entries_in(content.get("phone_book") or {})))]
        return self.books[0][1]

    def content(self) -> Mapping[str, Any]:
        """While the database is away, what was known last."""
        try:
            active = self.configurations.active()
            number = active.number if active is not None else 0
            if number not in self.kept:
                text = self.configurations.text(number) if number else self.file.read_text(encoding="utf-8-sig")
                content = self.texts.content(text)
                self.kept.clear()
                self.kept[number] = content
        except LogUnavailable:
            return next(iter(self.kept.values()), {})
        return self.kept[number]


def _numbers_to_show(content: Mapping[str, Any], user: Mapping[str, Any]) -> Iterator[NumberToShow]:
    general = _own_number(content)
    of_user = _own_number(user)
    if of_user:
        yield NumberToShow(of_user, NumberOwner.SITE if of_user == general else NumberOwner.OWN)
    if general:
        yield NumberToShow(general, NumberOwner.SITE)
    if number := _own_number(user, "number"):
        yield NumberToShow(number, NumberOwner.OWN)
    queues = content.get("queues") or {}
    for key in user.get("queues") or ():
        if number := _own_number(queues.get(key) or {}):
            yield NumberToShow(number, NumberOwner.QUEUE, str(queues[key].get("name", key)))


def _own_number(section: Mapping[str, Any], key: str = "caller_number") -> str:
    number = normalised(str(section.get(key) or "")) or ""
    return number if may_be_shown(number) else ""


@dataclass(slots=True)
class ActiveSite:
    """The site of the active version, read again when another version becomes active."""

    configurations: Configurations
    texts: YamlSiteTexts
    file: Path
    number: int = -1
    site: Site | None = None

    def __call__(self) -> Site:
        """The site. Raises `ConfigurationRefused`, `LogUnavailable`."""
        active = self.configurations.active()
        number = active.number if active is not None else 0
        if self.site is None or number != self.number:
            text = self.configurations.text(number) if number else self.file.read_text(encoding="utf-8-sig")
            self.site, self.number = self.texts.site(text), number
        return self.site
