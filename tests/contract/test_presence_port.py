"""What every source of presence does: the one of the tests, and CX's own. One for Microsoft Graph passes it too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cxcore.client.presence import AgentPresence
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import GoOnBreak, LogOn
from cxcore.domain.employees import Employee
from cxcore.domain.presence import UNKNOWN, Availability, BusyPeriod, Presence
from cxcore.ports.presence import PresenceSource
from tests.fakes.clock import FakeClock
from tests.fakes.controller import FakeController
from tests.fakes.presence import FakePresence

ANNA = Employee("e1", "Anna de Vries", agent_id="anna")
STRANGER = Employee("e2", "Zoë van der Meer")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def core(clock: FakeClock) -> FakeController:
    core = FakeController(clock)
    core.add_queue("burgerzaken", "Burgerzaken")
    core.add_agent("anna", "Anna de Vries", ("burgerzaken",))
    return core


@pytest.fixture(params=["fake", "agents"])
def source(request: pytest.FixtureRequest, clock: FakeClock, core: FakeController) -> PresenceSource:
    if request.param == "agents":
        return AgentPresence(core)
    fake, now = FakePresence(), clock.now()
    fake.known["e1"] = Presence(Availability.IN_MEETING, now + timedelta(hours=1))
    fake.calendars["e1"] = [
        BusyPeriod(now + timedelta(hours=hours), now + timedelta(hours=hours + 1)) for hours in (5, 0, 30)
    ]
    return fake


def test_everybody_who_is_asked_for_has_a_presence(source: PresenceSource, clock: FakeClock) -> None:
    assert source.presence_of([ANNA, STRANGER], clock.now()).keys() == {"e1", "e2"}
    assert source.presence_of([], clock.now()) == {}


def test_who_is_not_known_is_unknown_and_never_available(source: PresenceSource, clock: FakeClock) -> None:
    assert source.presence_of([STRANGER], clock.now())["e2"] == UNKNOWN
    assert source.calendar_of(STRANGER, clock.now(), clock.now() + timedelta(days=1)) is None


def test_end_of_a_presence_lies_ahead(source: PresenceSource, clock: FakeClock) -> None:
    for later in (timedelta(0), timedelta(hours=2)):
        until = source.presence_of([ANNA], clock.now() + later)["e1"].until
        assert until is None or until > clock.now() + later


def test_appointments_overlap_the_period_and_stand_in_order(source: PresenceSource, clock: FakeClock) -> None:
    since, until = clock.now(), clock.now() + timedelta(days=1)
    found = source.calendar_of(ANNA, since, until) or []
    assert all(each.starts_at < until and each.ends_at > since for each in found)
    assert list(found) == sorted(found, key=lambda each: each.starts_at)


# --- CX's own ---


def test_agent_is_as_the_floor_says(clock: FakeClock, core: FakeController) -> None:
    source = AgentPresence(core)

    def now() -> Presence:
        return source.presence_of([ANNA], clock.now())["e1"]

    assert now() == Presence(Availability.OFFLINE)
    core.submit(LogOn("anna", AgentId("anna")))
    assert now() == Presence(Availability.AVAILABLE)
    core.submit(GoOnBreak("anna", AgentId("anna"), "Lunch"))
    assert now() == Presence(Availability.AWAY, reason="Lunch")
    core.submit(LogOn("anna", AgentId("anna")))
    core.arrives("c1", "burgerzaken", "+31612345678")
    core.offers("c1", "anna")
    core.answers("c1")
    assert now() == Presence(Availability.BUSY)
    core.ends("c1")
    assert now().availability is Availability.BUSY


def test_agents_are_unknown_while_the_core_is_not_heard_from(clock: FakeClock, core: FakeController) -> None:
    core.heard = False
    assert AgentPresence(core).presence_of([ANNA], clock.now()) == {"e1": UNKNOWN}
    core.complete = False
    assert AgentPresence(core).presence_of([ANNA], clock.now()) == {"e1": UNKNOWN}
