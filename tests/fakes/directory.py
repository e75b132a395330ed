"""A site as configured (port `cxcore.ports.directory`)."""

from __future__ import annotations

from cxcore.domain.answers import PreparedAnswer
from cxcore.domain.chat import ChatPage
from cxcore.domain.phone_book import PhoneBook, PhoneBookEntry
from cxcore.domain.queue import QueueId
from cxcore.domain.topics import Topic
from cxcore.ports.directory import NumberOwner, NumberToShow


class FakeDirectory:
    """The demo site."""

    def __init__(self) -> None:
        self.softphones: set[str] = set()
        self.by_themselves: set[str] = set()
        page = ChatPage("noordwijk", "www.noordwijk.nl", QueueId("burgerzaken"), ("https://www.noordwijk.nl",))
        self.chat_pages = {page.key: page}

    def site_name(self) -> str:
        """How the site calls itself."""
        return "Gemeente Noordwijk"

    def break_reasons(self) -> tuple[str, ...]:
        """The reasons for a break."""
        return ("Pauze", "Lunch", "Overleg", "Andere werkzaamheden")

    def phone_book(self) -> PhoneBook:
        """Two entries, one of them a ring group."""
        team = PhoneBookEntry("wijkteam", "Wijkteam Noord", ("+31715550200", "+31715550201"), "Sociaal domein")
        return PhoneBook.of([team, PhoneBookEntry("notaris", "Notaris Van Dam", ("+31715550210",), "Extern")])

    def topics(self) -> tuple[Topic, ...]:
        """What a contact can be about."""
        return (Topic("Paspoort", "Burgerzaken"), Topic("Rijbewijs", "Burgerzaken"), Topic("Verhuizing"))

    def chat_page(self, key: str) -> ChatPage | None:
        """One page, of Burgerzaken."""
        return self.chat_pages.get(key)

    def prepared_answers(self) -> tuple[PreparedAnswer, ...]:
        """Some for all queues, some for the chats of one."""
        return (
            PreparedAnswer("groet", "Groet", "Goedendag, waarmee kan ik u helpen?"),
            PreparedAnswer("vergunning", "Vergunning", "U vraagt die aan op onze website.", QueueId("bouwen")),
            PreparedAnswer("geduld", "Een moment geduld", "Een moment geduld alstublieft, ik zoek het voor u op."),
            PreparedAnswer(
                "paspoort", "Paspoort aanvragen",
                "Een paspoort vraagt u aan bij de balie Burgerzaken. Neem uw oude paspoort en een pasfoto mee.",
                QueueId("burgerzaken"),
            ),  # fmt: skip
        )

    def answers_by_itself(self, agent_id: str) -> bool:
        """Nobody's, unless the test says so."""
        return agent_id in self.by_themselves

    def has_softphone(self, agent_id: str) -> bool:
        """Nobody's telephone is the page, unless the test says so."""
        return agent_id in self.softphones

    def numbers_to_show(self, agent_id: str) -> tuple[NumberToShow, ...]:
        """The own number, the general one and that of a queue."""
        own = NumberToShow("+31715550111", NumberOwner.OWN)
        general = NumberToShow("+31715550100", NumberOwner.SITE)
        return own, general, NumberToShow("+31715550101", NumberOwner.QUEUE, "Burgerzaken")
