"""Requirement 17: an incoming call or message shows for which group it is: the channel, the number and the queue.

How it stands on the page: `tests/browser/test_desk.py`.
"""

from __future__ import annotations

import json

from admin_web.live.encoding import Encoder, Shape
from cxcore.ports.controller import Subject
from tests.web.conftest import Desk


def told(desk: Desk, contact_id: str) -> dict[str, object]:
    """What the live page of the agent is told of an offered contact."""
    row = desk.controller.contact(contact_id)
    return dict(json.loads(Encoder().encode((Subject.CONTACT, contact_id), row, Shape.FULL))[2])


def test_offered_call_names_its_queue_and_the_number_that_was_dialled(desk: Desk) -> None:
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    desk.controller.offers("c1", "anna")
    contact = told(desk, "c1")
    assert (contact["queue"], contact["voicemail"]) == ("burgerzaken", False)
    assert contact["dialled"] == "071 555 0101"


def test_offered_message_is_told_from_a_call_and_names_its_queue(desk: Desk) -> None:
    desk.controller.leaves_message("m1", "burgerzaken", "+31612345678", 12.0)
    desk.controller.offers("m1", "anna")
    contact = told(desk, "m1")
    assert (contact["queue"], contact["voicemail"], contact["messageSeconds"]) == ("burgerzaken", True, 12.0)
