"""What an audit event was about, in words. It is kept as `contact_id=c1 reason=…`: that is searched and proved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date, format_datetime, lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.names import Names
from admin_web.presenters.numbers import readable
from cxcore.ports.audit import AuditEntry

LONGEST_ID = 12
"""Of an id so many characters are shown."""

LABELS: Mapping[str, LazyString] = {
    "contact_id": lazy_gettext("contact"),
    "recording_id": lazy_gettext("opname"),
    "agent_id": lazy_gettext("medewerker"),
    "agent": lazy_gettext("medewerker"),
    "username": lazy_gettext("gebruiker"),
    "actor": lazy_gettext("gebruiker"),
    "queue_id": lazy_gettext("wachtrij"),
    "queue_ids": lazy_gettext("wachtrijen"),
    "queue": lazy_gettext("wachtrij"),
    "level": lazy_gettext("niveau"),
    "move_waiting": lazy_gettext("wachtenden doorsturen"),
    "tell_waiting": lazy_gettext("ook wie al wacht"),
    "kind": lazy_gettext("alarm"),
    "number": lazy_gettext("nummer"),
    "first": lazy_gettext("van"),
    "last": lazy_gettext("tot en met"),
    "action": lazy_gettext("handeling"),
    "object": lazy_gettext("bevat"),
    "before": lazy_gettext("vóór"),
    "sound": lazy_gettext("regels heel"),
    "broken_at": lazy_gettext("eerste regel die niet klopt"),
    "encrypted": lazy_gettext("versleuteld"),
    "why": lazy_gettext("omdat"),
    "started_at": lazy_gettext("begonnen"),
    "sha256": lazy_gettext("controlegetal"),
    "key_id": lazy_gettext("sleutel"),
    "contacts": lazy_gettext("contacten"),
    "recordings": lazy_gettext("opnamen"),
    "messages": lazy_gettext("berichten"),
    "kept": lazy_gettext("gebleven"),
    "core": lazy_gettext("draaiende centrale"),
    "figures": lazy_gettext("cijfers"),
    "employees": lazy_gettext("medewerkers in de gids"),
    "message": lazy_gettext("melding"),
    "version": lazy_gettext("versie"),
    "origin": lazy_gettext("gemaakt"),
    "scope": lazy_gettext("waar"),
    "then": lazy_gettext("daarna"),
    "flow": lazy_gettext("naar"),
    "until": lazy_gettext("tot"),
    "fault": lazy_gettext("storing"),
    "marker": lazy_gettext("teken"),
    "from": lazy_gettext("was"),
    "to": lazy_gettext("is"),
    "board_id": lazy_gettext("wallboard"),
    "name": lazy_gettext("naam"),
    "reason": lazy_gettext("reden"),
}
"""Every key that events are kept with."""

WORDS: Mapping[str, LazyString] = {
    "True": lazy_gettext("ja"),
    "False": lazy_gettext("nee"),
    "yes": lazy_gettext("ja"),
    "expired": lazy_gettext("de bewaartermijn voorbij was"),
    "asked-by-person": lazy_gettext("de persoon erom vroeg"),
    "everywhere": lazy_gettext("alle nummers"),
    "end-call": lazy_gettext("het gesprek eindigt"),
    "go-on": lazy_gettext("de beller gaat verder"),
    "uploaded": lazy_gettext("geüpload"),
    "recorded": lazy_gettext("opgenomen in de browser"),
    "spoken": lazy_gettext("uitgesproken door een stem"),
    "phoned": lazy_gettext("ingesproken per telefoon"),
    "begin": lazy_gettext("begin"),
    "end": lazy_gettext("einde"),
    "waiting": lazy_gettext("wachtenden"),
    "longest_wait": lazy_gettext("langste wachttijd"),
    "service_level": lazy_gettext("serviceniveau"),
    "abandoned": lazy_gettext("opgehangen bellers"),
    "agents": lazy_gettext("te weinig medewerkers"),
    "devices": lazy_gettext("onbereikbare toestellen"),
    "mos": lazy_gettext("geluidskwaliteit"),
    "chats_waiting": lazy_gettext("wachtende chats"),
    "chat_wait": lazy_gettext("langste wachttijd van een chat"),
    "chat_level": lazy_gettext("serviceniveau van chats"),
    "none": lazy_gettext("geen"),
    "agent": lazy_gettext("medewerker"),
    "coach": lazy_gettext("coach"),
    "supervisor": lazy_gettext("supervisor"),
    "administrator": lazy_gettext("beheerder"),
    "privacy-officer": lazy_gettext("privacyfunctionaris"),
    "new": lazy_gettext("nieuw"),
    "in-hand": lazy_gettext("in behandeling"),
    "solved": lazy_gettext("opgelost"),
    "not-asked": lazy_gettext("niet gevraagd"),
    "forgotten": lazy_gettext("vergeten"),
    "not-told": lazy_gettext("niet bereikt"),
    "locked": lazy_gettext("de code is geblokkeerd"),
}
"""What is kept as a code."""
CODED = frozenset("move_waiting tell_waiting encrypted why scope then origin marker kind from to core".split())
ACTORS: Mapping[str, LazyString] = {
    "operator": lazy_gettext("op de opdrachtregel"),
    "recorder": lazy_gettext("de bewaarder, vanzelf"),
    "recording-marker": lazy_gettext("een ander systeem"),
}
"""Who acts without an account."""
ABOUT_USERS = frozenset({"set-password", "make-account", "set-phone-pin", "remove-phone-pin"})
"""Of these only a user name is kept."""
KEY = re.compile(rf"(?:^| )({'|'.join(LABELS)})=")

Link = Callable[[str, str], str]
"""Of a key and its value: the address of what it names, for whoever reads; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that an event was about. `whole` is the value as it is kept."""

    label: str
    words: str
    whole: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An event as the page shows it; `who` is the name of the user."""

    entry: AuditEntry
    who: str
    parts: Sequence[Part]


def audit_lines(entries: Sequence[AuditEntry], names: Names, link: Link) -> list[AuditLine]:
    """The events with names instead of identities. Raises `LogUnavailable`."""
    asked = {entry.actor for entry in entries}
    users = {each: str(ACTORS[each]) if each in ACTORS else names.user(each) for each in asked}
    return [AuditLine(each, users[each.actor], parts_of(each, names, link)) for each in entries]


def parts_of(entry: AuditEntry, names: Names, link: Link) -> list[Part]:
    """What the event was about, one part after another. Raises `LogUnavailable`."""
    if entry.action in ABOUT_USERS and "=" not in entry.object:
        return [Part(str(LABELS["username"]), names.user(entry.object), entry.object)]
    told = {key: value for key, value in _pairs(entry.object) if value not in ("", "None")}
    if told.get("name"):  # a board that has a name needs no number
        told.pop("board_id", None)
    return [_part(key, value, names, link) for key, value in told.items()]


def _pairs(object: str) -> Iterator[tuple[str, str]]:
    """Keys and values; a text without a key has an empty one. A value reaches to the next key."""
    before, *rest = KEY.split(object)
    yield "", before.strip()
    yield from zip(rest[::2], (value.strip() for value in rest[1::2]), strict=True)


def _part(key: str, value: str, names: Names, link: Link) -> Part:
    label = str(LABELS[key]) if key else ""
    return Part(label, _words(key, value, names), value, link(key, value))


def _words(key: str, value: str, names: Names) -> str:
    if key in ("", *CODED) and value in WORDS:
        return str(WORDS[value])
    if key in READERS:
        return READERS[key](value, names)
    return value if key not in SHORTENED or len(value) <= LONGEST_ID else f"{value[:LONGEST_ID]}…"


def _day(value: str, _: Names) -> str:
    try:
        return str(format_date(date.fromisoformat(value), "d MMM y"))
    except ValueError:
        return value


def _moment(value: str, _: Names) -> str:
    if value.isdecimal():  # the number of a line
        return value
    try:
        return str(format_datetime(datetime.fromisoformat(value), "d MMM y HH:mm"))
    except ValueError:
        return value


def _fault(value: str, _: Names) -> str:
    number, _space, status = value.partition(" ")
    return f"{number} ({WORDS.get(status, status)})" if status else number


def _place(value: str, names: Names) -> str:
    """All numbers, a number or a queue."""
    return readable(value) or value if value.startswith("+") else names.queue(value)


READERS: Mapping[str, Callable[[str, Names], str]] = {
    "agent_id": lambda value, names: names.agent(value),
    "agent": lambda value, names: names.agent(value),
    "username": lambda value, names: names.user(value),
    "actor": lambda value, names: names.user(value),
    "queue_id": lambda value, names: names.queue(value),
    "queue": lambda value, names: names.queue(value),
    "queue_ids": lambda value, names: ", ".join(names.queue(each) for each in value.split(",")),
    "number": lambda value, _: readable(value) or value,
    "fault": _fault,
    "scope": _place,
    "first": _day,
    "last": _day,
    "before": _moment,
    "until": _moment,
    "started_at": _moment,
}
SHORTENED = frozenset({"contact_id", "recording_id", "sha256", "board_id"})
