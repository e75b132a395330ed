"""Each user's layout of the page is kept, and nobody else's."""

from __future__ import annotations

import pytest

from cxcore.ports.desks import DeskLayout, Desks, DesktopNotice
from cxcore.storage import Storage
from tests.fakes.desks import FakeDesks

LAYOUT = DeskLayout((("contact", "calls"), ("queues",)), frozenset({"queues"}), DesktopNotice.QUEUE)


@pytest.fixture(params=["fake", "real"])
def desks(request: pytest.FixtureRequest, storage: Storage) -> Desks:
    return FakeDesks() if request.param == "fake" else storage.desks


def test_layout_is_kept_per_user_until_it_is_reset(desks: Desks) -> None:
    desks.save("anna", LAYOUT)
    assert (desks.find("anna"), desks.find("bram")) == (LAYOUT, None)
    changed = DeskLayout((("calls",), ()))
    desks.save("anna", changed)
    assert desks.find("anna") == changed
    desks.reset("anna")
    desks.reset("bram")
    assert desks.find("anna") is None
