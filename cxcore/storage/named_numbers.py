"""The phone numbers that facts name beside who called and who was called, so that a person is found by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cxcore.domain import events
from cxcore.domain.numbers import normalised

NAMED_IN: Mapping[str, tuple[str, ...]] = {
    kind.__name__: fields
    for kind, fields in (
        (events.ContactOpened, ("caller_name", "forwarded_from")),
        (events.CallBackAsked, ("number",)),
        (events.SenderCalled, ("number",)),
        (events.DirectCallStarted, ("number",)),
        (events.ConsultationStarted, ("target",)),
        (events.ConsultationMoved, ("target",)),
        (events.ConsultationEnded, ("target",)),
        (events.ContactParked, ("target",)),
        (events.ContactTransferred, ("destination",)),
        (events.ContactNoted, ("note",)),
        (events.ServiceUsed, ("subject",)),
    )
}
"""By kind of fact: the fields that may hold a number. Numbers of the contact itself have indexes of their own."""

_FORMS = re.compile(
    r"\+[1-9][0-9]{6,14}"  # E.164, also within a SIP address
    r"|(?<![0-9])(?:\+|00)31(?: ?\(0\))?(?:[ .\-/]?[0-9]){9}(?![0-9])"
    r"|(?<![0-9])00[1-9][0-9]{6,14}(?![0-9])"
    r"|(?<![0-9+])\(?0[1-9](?:[ ().\-/]{0,2}[0-9]){8}(?![0-9])"
)
"""How people write numbers in notes: +31612345678, +31 6 1234 5678, 0031…, 06-12 34 56 78, (071) 516 51 65."""


def numbers_in(text: str) -> Iterator[str]:
    """The numbers in a text, normalised."""
    for found in _FORMS.finditer(text):
        number = normalised(found[0])
        if number is not None:
            yield number


def without_number(text: str, number: str) -> str:
    """The text without the number, however it is written there."""
    left = _FORMS.sub(lambda found: "" if normalised(found[0]) == number else found[0], text)
    return left.replace(number, "")


def named_in(kind: str, body: Mapping[str, Any]) -> frozenset[str]:
    """The numbers that a stored fact names."""
    texts = (body.get(field) for field in NAMED_IN.get(kind, ()))
    return frozenset(number for text in texts if text for number in numbers_in(text))
