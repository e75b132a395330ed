"""Requirement 17: an offered call or message shows the group, number and channel that it is for."""

from __future__ import annotations

from dataclasses import replace

from admin_web.live.views import DeskView
from admin_web.presenters.rows import contact
from cxcore.domain.agent import AgentId
from cxcore.ports.controller import Subject
from tests.cast import ANNA
from tests.unit.feed.rows import NINE
from tests.web.conftest import Desk


def test_offered_call_shows_its_queue_the_number_that_was_dialled_and_who_calls(desk: Desk) -> None:
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    desk.controller.offers("c1", "anna")
    row = desk.controller.contact("c1")
    assert DeskView(AgentId("anna")).shape((Subject.CONTACT, "c1"), row) is not None
    shown = contact(row)
    assert (shown["queue"], shown["caller"]) == ("burgerzaken", "06 12 34 56 78")
    assert shown["dialled"] == "071 555 0101"
    assert shown["voicemail"] is False


def test_offered_voice_message_is_told_from_a_call_by_its_channel(desk: Desk) -> None:
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    shown = contact(replace(desk.controller.contact("c1"), voicemail=True, message_seconds=12.0, queued_at=NINE))
    assert (shown["voicemail"], shown["messageSeconds"]) == (True, 12.0)


def test_page_has_a_place_for_queue_and_number(desk: Desk) -> None:
    page = desk.visitor_as(ANNA).get("/agent").text
    assert 'id="contact-queue"' in page
    assert 'id="contact-dialled"' in page
