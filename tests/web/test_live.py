"""What waits for a browser, and what it may see."""

from __future__ import annotations

import json

import pytest

from admin_web.live.encoding import Encoder, Shape, message
from admin_web.live.fanout import Fanout, TooManyPages
from admin_web.live.outbox import Outbox
from admin_web.live.views import DeskView, FloorView, View
from cxcore.domain.agent import AgentId
from cxcore.ports.controller import Change, Subject
from tests.fakes.controller import FakeController
from tests.web.conftest import Desk

Shown = dict[tuple[str, str], object]


class Page:
    """A browser that applies what is sent to it."""

    def __init__(self, core: FakeController, view: View, limit: int = 100) -> None:
        self.core, self.woken = core, 0
        self.fanout = Fanout(core, limit, 10)
        self.outbox = self.fanout.open(view, self._wake)
        self.shown: Shown = {}

    def _wake(self) -> None:
        self.woken += 1

    def looks(self) -> Shown:
        """Take what waits: a snapshot when stale, else changes."""
        if self.outbox.stale:
            self.shown = {}
            texts = self.outbox.start_afresh(self.core.picture())
        else:
            texts = self.outbox.empty()
        for subject, key, row in json.loads(message("changes", 0, True, texts))["rows"]:
            if row is None:
                self.shown.pop((subject, key), None)
            else:
                self.shown[subject, key] = row
        return self.shown


@pytest.fixture
def core(desk: Desk) -> FakeController:
    desk.controller.add_queue("afval", "Afval en milieu")
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    return desk.controller


def anna(core: FakeController, limit: int = 100) -> Page:
    return Page(core, DeskView(AgentId("anna")), limit)


def test_each_agent_at_whom_a_contact_rings_sees_it_until_it_rings_there_no_more(core: FakeController) -> None:
    page = anna(core)
    core.offers("c1", "bram")
    assert ("contact", "c1") not in page.looks()
    core.change_contact("c1", also_offered_to=("anna",))
    assert ("contact", "c1") in page.looks()
    core.answers("c1")
    core.change_contact("c1", also_offered_to=())
    assert ("contact", "c1") not in page.looks()


def test_page_begins_with_everything_it_may_see(core: FakeController) -> None:
    shown = Page(core, FloorView(sees_contacts=True)).looks()
    assert ("contact", "c1") in shown
    assert ("agent", "anna") in shown
    assert ("queue", "afval") in shown
    assert ("system", "switch") in shown


def test_who_may_not_see_contacts_is_sent_none(core: FakeController) -> None:
    page = Page(core, FloorView(sees_contacts=False))
    page.looks()
    core.arrives("c2", "burgerzaken", "+31600000000")
    assert not any(subject == "contact" for subject, _ in page.looks())


def test_agent_sees_queues_of_own_memberships_only(core: FakeController) -> None:
    shown = anna(core).looks()
    assert ("queue", "burgerzaken") in shown
    assert ("queue", "afval") not in shown


def test_agent_sees_of_colleagues_no_contact_and_no_counts(core: FakeController) -> None:
    shown = anna(core).looks()
    assert "contact" in shown["agent", "anna"]  # type: ignore[operator]
    assert set(shown["agent", "bram"]) == {"name", "status", "state", "reason", "since", "direct"}  # type: ignore[call-overload]


def test_agent_sees_a_contact_while_it_is_hers(core: FakeController) -> None:
    page = anna(core)
    assert ("contact", "c1") not in page.looks()
    core.offers("c1", "anna")
    assert ("contact", "c1") in page.looks()
    core.misses("c1")
    core.offers("c1", "bram")
    assert ("contact", "c1") not in page.looks()


def test_contact_of_a_colleague_is_never_sent(core: FakeController) -> None:
    page = anna(core)
    page.looks()
    core.offers("c1", "bram")
    core.answers("c1")
    core.ends("c1")
    assert "+31612345678" not in json.dumps(page.outbox.empty())
    assert not any(subject == "contact" for subject, _ in page.looks())


def test_row_that_changes_often_is_sent_once_as_it_is_last(core: FakeController) -> None:
    page = Page(core, FloorView(sees_contacts=True))
    page.looks()
    for number in range(50):
        core.add_queue("afval", "Afval en milieu", waiting=number)
    texts = page.outbox.empty()
    assert len(texts) == 1
    assert json.loads(texts[0])[2]["waiting"] == 49


def test_first_change_wakes_the_page(core: FakeController) -> None:
    page = Page(core, FloorView(sees_contacts=True))
    page.looks()
    core.offers("c1", "anna")
    assert page.woken > 0


def test_change_that_came_before_the_snapshot_is_not_applied_twice(core: FakeController) -> None:
    page = Page(core, FloorView(sees_contacts=True))
    core.offers("c1", "anna")
    page.looks()
    assert page.outbox.empty() == []


def test_page_that_falls_too_far_behind_starts_afresh(core: FakeController) -> None:
    page = Page(core, FloorView(sees_contacts=True), limit=5)
    page.looks()
    for number in range(20):
        core.arrives(f"x{number}", "burgerzaken", None)
    assert page.outbox.stale
    assert page.outbox.empty() == []
    assert len([key for key in page.looks() if key[0] == "contact"]) == 21


def test_gap_in_the_numbers_starts_afresh(core: FakeController) -> None:
    page = Page(core, FloorView(sees_contacts=True))
    page.looks()
    page.outbox.take(Change(page.outbox.number + 2, Subject.CONTACT, "c1", None))
    assert page.outbox.stale


def test_new_membership_starts_afresh_and_shows_the_queue(core: FakeController) -> None:
    page = anna(core)
    page.looks()
    core.change_agent("anna", memberships=("burgerzaken", "receptie", "afval"))
    assert page.outbox.stale
    assert ("queue", "afval") in page.looks()


def test_row_is_written_once_for_all_pages(core: FakeController) -> None:
    encoder, row = Encoder(), core.queue("burgerzaken")
    key = (Subject.QUEUE, "burgerzaken")
    assert encoder.encode(key, row, Shape.FULL) is encoder.encode(key, row, Shape.FULL)


def test_row_that_is_gone_leaves_no_text_behind(core: FakeController) -> None:
    encoder, key = Encoder(), (Subject.CONTACT, "c1")
    encoder.encode(key, core.contact("c1"), Shape.FULL)
    encoder.encode(key, None, Shape.FULL)
    assert encoder._texts == {}


def test_one_subscription_serves_all_pages_and_closed_ones_hear_nothing(core: FakeController) -> None:
    fanout = Fanout(core, 100, 2)
    first = fanout.open(FloorView(True), lambda: None)
    second = fanout.open(FloorView(True), lambda: None)
    with pytest.raises(TooManyPages):
        fanout.open(FloorView(True), lambda: None)
    first.start_afresh(core.picture())
    second.start_afresh(core.picture())
    fanout.close(first)
    core.offers("c1", "anna")
    assert first.empty() == []
    assert len(second.empty()) == 2


def test_listener_that_is_no_page_any_more_costs_nothing(core: FakeController) -> None:
    fanout = Fanout(core, 100, 2)
    outbox: Outbox = fanout.open(FloorView(True), lambda: None)
    fanout.close(outbox)
    fanout.close(outbox)
    assert fanout.pages() == 0
