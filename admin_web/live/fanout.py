"""One subscription to the core, handed on to every open page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from admin_web.live.encoding import Encoder
from admin_web.live.outbox import Outbox
from admin_web.live.views import View
from cxcore.ports.controller import Change, Controller


class TooManyPages(Exception):
    """This process serves as many live pages as it may."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} live pages are open, which is the limit of this process")
        self.limit = limit


@dataclass(slots=True)
class Fanout:
    """Subscribes when the first page opens. Everything here runs in the hub's thread, so there are no locks."""

    controller: Controller
    row_limit: int
    page_limit: int
    encoder: Encoder = field(default_factory=Encoder)
    _outboxes: dict[int, Outbox] = field(default_factory=dict)
    _unsubscribe: Callable[[], None] | None = None

    def open(self, view: View, wake: Callable[[], None]) -> Outbox:
        """An outbox for one page; it starts stale. Raises `TooManyPages`."""
        if len(self._outboxes) >= self.page_limit:
            raise TooManyPages(self.page_limit)
        if self._unsubscribe is None:
            self._unsubscribe = self.controller.subscribe(self._hand_on)
        outbox = Outbox(view, self.encoder, self.row_limit, wake)
        self._outboxes[id(outbox)] = outbox
        return outbox

    def close(self, outbox: Outbox) -> None:
        """The page is gone."""
        self._outboxes.pop(id(outbox), None)

    def pages(self) -> int:
        """How many pages are open."""
        return len(self._outboxes)

    def _hand_on(self, change: Change) -> None:
        for outbox in tuple(self._outboxes.values()):
            outbox.take(change)
