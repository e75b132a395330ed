"""A copy of the core's picture that follows its broadcasts, and notices when it has missed some."""

from __future__ import annotations

from collections import deque

from cxcore.feed.codec import Broadcast, PictureReply
from cxcore.feed.picture import LivePicture
from cxcore.ports.controller import Change, Picture

MOST_EARLY_BROADCASTS = 1000


class Replica:
    """Follows one core after another.

    `picture` has numbers of its own, which go on without gaps when a core is restarted and begins to count anew; what
    changed while broadcasts were missed becomes ordinary changes.
    """

    def __init__(self) -> None:
        self.picture = LivePicture()
        self.in_step = False
        """Whether every change of the core was applied; if not, `take_picture` is due."""
        self.complete = False
        """Whether a picture was ever received."""
        self._epoch = ""
        self._number = 0
        # Broadcasts that come while the picture is on its way; older ones are in the picture, or make it due again.
        self._early: deque[Broadcast] = deque(maxlen=MOST_EARLY_BROADCASTS)

    def take(self, broadcast: Broadcast) -> None:
        """Apply a broadcast that follows the last one; after any other, `in_step` is False."""
        if self.in_step and broadcast.epoch == self._epoch:
            self._follow(broadcast)
        else:
            self.in_step = False
            self._early.append(broadcast)

    def take_picture(self, reply: PictureReply) -> None:
        """Become what the core is, and go on with the broadcasts that came early."""
        self._epoch, self._number = reply.epoch, reply.picture.number
        self.in_step = self.complete = True
        self._adopt(reply.picture)
        early = [broadcast for broadcast in self._early if broadcast.epoch == reply.epoch]
        self._early.clear()
        for broadcast in early:
            self.take(broadcast)

    def _follow(self, broadcast: Broadcast) -> None:
        for change in broadcast.changes:
            if change.number == self._number + 1:
                self._number = change.number
                self._apply(change)
        if self._number < broadcast.number:
            self.in_step = False
            self._early.append(broadcast)

    def _adopt(self, picture: Picture) -> None:
        for subject, key in self.picture.keys():
            if (subject, key) not in picture.rows:
                self.picture.remove(subject, key)
        for row in picture.rows.values():
            self.picture.replace(row)

    def _apply(self, change: Change) -> None:
        if change.row is None:
            self.picture.remove(change.subject, change.key)
        else:
            self.picture.replace(change.row)
