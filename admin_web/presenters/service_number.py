"""What the keys of the service number stand for, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.service_line import PreparedText, ServiceLine


@dataclass(frozen=True, slots=True)
class KeyList:
    """One of the lists, in the order of the keys."""

    heading: str
    rows: Sequence[tuple[str, str]]


def keys_of(line: ServiceLine, queues: Mapping[str, str]) -> Sequence[KeyList]:
    """The lists that have entries. `queues`: queue → its name."""
    texts = {key: _text(text) for key, text in line.texts.items()}
    places = {key: _place(scope, queues) for key, scope in line.places.items()}
    lists = (
        KeyList(gettext("Meldingen om in te spreken"), sorted(line.messages.items())),
        KeyList(gettext("Noodteksten"), sorted(texts.items())),
        KeyList(gettext("Plaatsen"), sorted(places.items()) if texts and len(places) > 1 else ()),
    )
    return [each for each in lists if each.rows]


def _text(text: PreparedText) -> str:
    after = {
        Then.END_CALL: gettext("daarna einde"),
        Then.GO_ON: gettext("daarna verder zoals altijd"),
        Then.FLOW: gettext("daarna naar %(flow)s", flow=text.flow),
    }[text.then]
    lasts = gettext("%(hours)s uur lang", hours=text.hours) if text.hours else gettext("tot iemand hem uitzet")
    return f"{text.message}: {after}, {lasts}"


def _place(scope: str, queues: Mapping[str, str]) -> str:
    if scope == EVERYWHERE:
        return gettext("alle nummers")
    if scope in queues:
        return gettext("wachtrij %(queue)s", queue=queues[scope])
    return readable(scope) or scope
