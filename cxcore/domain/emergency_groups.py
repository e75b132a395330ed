"""Emergency groups: places that are put on emergency together, with the text that is prepared for them [47e, 48a]."""

from __future__ import annotations

from dataclasses import dataclass

from cxcore.domain.service_line import PreparedText


@dataclass(frozen=True, slots=True)
class EmergencyGroup:
    """`places` are dialled numbers, ranges as they are written, and queues; each is a scope of its own."""

    name: str
    places: tuple[str, ...]
    text: PreparedText
