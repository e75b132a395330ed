"""Versions of the configuration come into use when they are asked for, and when their time has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import gevent
import pytest

from cxcore.domain.commands import ActivateConfiguration, Command
from cxcore.domain.errors import DomainError, NotAllowed, NotFound
from cxcore.ports.configurations import Draft, Version
from cxcore.ports.contact_log import LogUnavailable
from cxcore.runner.activation import MOST_REQUESTS, Activation, ReadSite, VersionRefused
from cxcore.runner.inbox import InboxFull
from cxcore.services.configuration import UseSite
from tests import builders
from tests.fakes.clock import FakeClock
from tests.fakes.configurations import FakeConfigurations

PATIENCE = 5.0
REFUSED = "not a site"


@dataclass
class FakeInbox:
    """Carries every command out at once."""

    used: list[int] = field(default_factory=list)

    def submit(self, command: Command, reply: Callable[[DomainError | None], None]) -> None:
        """As `Inbox.submit`."""
        assert isinstance(command, UseSite)
        self.used.append(command.number)
        reply(None)


class Office:
    """The activation in a greenlet of its own, with what stands round it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.versions = FakeConfigurations("first", self.clock.now())
        self.inbox = FakeInbox()
        self.activation = Activation(self.versions, self._read, self.inbox, self.clock)  # type: ignore[arg-type]
        self.greenlet = gevent.spawn(self.activation.run)

    def _read(self, text: str) -> ReadSite:
        if text == REFUSED:
            raise VersionRefused("line 1: this is no site")
        return ReadSite(builders.site(), {})

    def add(self, text: str, seconds: float) -> Version:
        """Store a version that is to count after some seconds."""
        now, head = self.clock.now(), self.versions.head()
        draft = Draft(now, "aad", "", text, 1, now + timedelta(seconds=seconds))
        return self.versions.add(draft, head.number if head else None)

    def asks(self, number: int) -> DomainError | None:
        """What a page is answered that asks for a version."""
        answers: list[DomainError | None] = []
        self.activation.ask(ActivateConfiguration("aad", number), answers.append)
        with gevent.Timeout(PATIENCE):
            while not answers:
                gevent.sleep(0.001)
        return answers[0]


@pytest.fixture
def office() -> Iterator[Office]:
    """An activation that runs."""
    made = Office()
    yield made
    made.greenlet.kill()


def test_version_for_later_is_used_when_its_time_has_come_and_not_before(office: Office) -> None:
    later = office.add("later", 60)
    assert office.asks(later.number) is None
    assert office.inbox.used == []
    office.clock.advance(60)
    assert office.asks(later.number) is None
    assert office.inbox.used == [later.number]
    assert office.versions.version(later.number).activated_at == office.clock.now()


def test_version_that_was_taken_back_is_not_used_when_its_time_comes(office: Office) -> None:
    later = office.add("later", 60)
    office.versions.take_back(later.number, office.clock.now())
    office.clock.advance(61)
    office.asks(1)
    assert office.inbox.used == []


def test_due_version_that_the_reader_refuses_is_not_tried_again_and_keeps_no_other_from_counting(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.add(REFUSED, 10)
    good = office.add("good", 20)
    office.clock.advance(30)
    for _ in range(3):
        office.asks(1)
    assert office.inbox.used == [good.number]
    assert len([each for each in caplog.messages if "cannot be used" in each]) == 1


def test_page_is_told_why_its_version_is_refused(office: Office) -> None:
    refused = office.add(REFUSED, 0)
    office.versions.kept[refused.number - 1] = Version(refused.number, refused.at, "aad", "", 1, refused.at)
    answer = office.asks(refused.number)
    assert isinstance(answer, NotAllowed)
    assert "line 1" in str(answer)
    assert isinstance(office.asks(99), NotFound)


def test_database_that_is_away_is_told_and_the_activation_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: int) -> Version:
        raise LogUnavailable("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(office.versions, "version", away)
        assert "away" in str(office.asks(1))
    assert office.asks(1) is None


def test_more_requests_than_can_wait_are_refused_at_once() -> None:
    idle = Activation(FakeConfigurations("x", FakeClock().now()), None, FakeInbox(), FakeClock())  # type: ignore[arg-type]
    for _ in range(MOST_REQUESTS):
        idle.ask(ActivateConfiguration("aad", 1), lambda _: None)
    with pytest.raises(InboxFull):
        idle.ask(ActivateConfiguration("aad", 1), lambda _: None)
