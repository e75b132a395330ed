"""What waits to be sent to one browser: the latest text of each changed row, bounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from admin_web.live.encoding import Encoder, Key, Shape
from admin_web.live.views import View, ViewOutdated
from cxcore.ports.controller import Change, Picture, Row


@dataclass(slots=True)
class Outbox:
    """Filled by the fan-out, emptied by the browser's own greenlet. `wake` tells that greenlet that there is work.

    A row that changes twice before it is sent is sent once, as it is last. More than `limit` rows, a gap in the numbers
    or a view that no longer fits make it `stale`: then only a fresh snapshot helps.
    """

    view: View
    encoder: Encoder
    limit: int
    wake: Callable[[], None]
    number: int = 0
    stale: bool = True
    _texts: dict[Key, str] = field(default_factory=dict)

    def take(self, change: Change) -> None:
        """A change of the picture. Never waits."""
        if self.stale or change.number <= self.number:
            return
        if change.number != self.number + 1:
            self._spoil()
            return
        self.number = change.number
        self._keep((change.subject, change.key), change.row)

    def _keep(self, key: Key, row: Row | None) -> None:
        try:
            text = self._text(key, row)
        except ViewOutdated:
            self._spoil()
            return
        if text is None:
            return
        self._texts.pop(key, None)
        self._texts[key] = text
        if len(self._texts) > self.limit:
            self._spoil()
            return
        self.wake()

    def _text(self, key: Key, row: Row | None) -> str | None:
        if self.view.hides(key, row):
            return self.encoder.encode(key, None, Shape.FULL)
        shape = self.view.shape(key, row)
        return None if shape is None else self.encoder.encode(key, row, shape)

    def _spoil(self) -> None:
        self.stale = True
        self._texts.clear()
        self.wake()

    def start_afresh(self, picture: Picture) -> list[str]:
        """The texts of a snapshot; changes count from there on."""
        rows = dict(picture.rows)
        self.view.begin(rows)
        self._texts.clear()
        self.number, self.stale = picture.number, False
        texts = (self._text(key, row) for key, row in rows.items())
        return [text for text in texts if text is not None]

    def empty(self) -> list[str]:
        """The texts that wait, oldest first; they wait no longer."""
        texts = list(self._texts.values())
        self._texts.clear()
        return texts
