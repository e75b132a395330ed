"""The columns of sheets: how a value is written in a cell, and read from one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from admin_web.admin.traffic import beginning_of
from admin_web.presenters.configuration import name_of
from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext
from cxcore.domain.answers import LONGEST_TEXT
from cxcore.domain.chat import cleaned
from cxcore.domain.numbers import normalised
from cxcore.domain.traffic import TrafficKind
from cxcore.ports.accounts import Role

Content = Mapping[str, Any]
LONGEST_CELL = 200


class CellRefused(Exception):
    """A cell cannot be used; the message says why and what to write instead."""


@dataclass(frozen=True, slots=True)
class Column:
    """`label` is the header, in Dutch whatever the language of the page: files are passed on. `key` is read too.

    `read` makes the value of a cell that is not empty, or raises `CellRefused`; `show` is its inverse.
    """

    key: str
    label: str
    read: Callable[[str, Content], str]
    show: Callable[[str], str] = str
    required: bool = False


def plain_text(cell: str, _: Content) -> str:
    """One line of text."""
    if len(cell) > LONGEST_CELL:
        raise CellRefused(gettext("te lang; gebruik ten hoogste %(most)s tekens", most=LONGEST_CELL))
    return " ".join(cell.split())


def long_text(cell: str, _: Content) -> str:
    """A text of several lines, as long as a line of a chat may be."""
    if len(cell) > LONGEST_TEXT:
        raise CellRefused(gettext("te lang; gebruik ten hoogste %(most)s tekens", most=LONGEST_TEXT))
    return cleaned(cell, LONGEST_TEXT, lines=True)


def number(cell: str, _: Content) -> str:
    """A phone number, as people write it."""
    found = normalised(cell)
    if found is None:
        words = gettext("%(cell)s is geen telefoonnummer; begin met 0 of +, bijvoorbeeld 071 555 0200", cell=cell[:40])
        raise CellRefused(words)
    return found


def destination(cell: str, content: Content) -> str:
    """A SIP address, `softphone`, or a phone number."""
    if cell == "softphone" or cell.startswith(("sip:", "sips:")):
        return plain_text(cell, content)
    return number(cell, content)


def destinations(cell: str, content: Content) -> str:
    """Several, with a comma or slash between."""
    parts = [part.strip() for part in cell.replace("/", ",").split(",")]
    return ", ".join(destination(part, content) for part in parts if part)


def show_number(value: str) -> str:
    """As people read it."""
    return readable(value) or value


def show_numbers(value: str) -> str:
    """Each of several."""
    return ", ".join(map(show_number, value.split(", ")))


YES, NO = "ja", "nee"


def yes_or_no(cell: str, _: Content) -> str:
    """`ja`, or nothing."""
    if cell.lower() in ("ja", "yes", "true", "1", "x"):
        return YES
    if cell.lower() in ("nee", "no", "false", "0"):
        return ""
    raise CellRefused(gettext("schrijf ja of nee"))


ROLE_WORDS: Mapping[str, str] = {
    Role.AGENT: "medewerker",
    Role.SUPERVISOR: "supervisor",
    Role.ADMINISTRATOR: "beheerder",
    Role.PRIVACY_OFFICER: "privacyfunctionaris",
}
_ROLES = {**{word: role for role, word in ROLE_WORDS.items()}, **{role.value: role.value for role in Role}}


def role(cell: str, _: Content) -> str:
    """What a user is."""
    found = _ROLES.get(cell.lower())
    if found is None:
        words = ", ".join(ROLE_WORDS.values())
        raise CellRefused(gettext("%(cell)s is geen rol; kies uit %(choice)s", cell=cell[:40], choice=words))
    return str(found)


def show_role(value: str) -> str:
    """In Dutch."""
    return ROLE_WORDS.get(value, value)


def level(cell: str, _: Content) -> str:
    """From 1 to 99."""
    if not cell.isdecimal() or not 1 <= int(cell) <= 99:
        raise CellRefused(gettext("schrijf een getal van 1 tot en met 99"))
    return str(int(cell))


KIND_WORDS: Mapping[str, str] = {
    TrafficKind.INTERNAL: "intern",
    TrafficKind.PHONE_BOOK: "telefoonboek",
    TrafficKind.NATIONAL: "vaste nummers",
    TrafficKind.MOBILE: "mobiele nummers",
    TrafficKind.FREE: "gratis nummers",
    TrafficKind.PREMIUM: "betaalde nummers",
    TrafficKind.INTERNATIONAL: "buitenland",
}
_KINDS = {**{word: str(kind) for kind, word in KIND_WORDS.items()}, **{kind.value: kind.value for kind in TrafficKind}}
_BEGINNING = re.compile(r"\+?[0-9]{1,15}\*")


def kinds_and_numbers(cell: str, _: Content) -> str:
    """What a traffic class may dial: kinds of numbers, numbers, and beginnings of numbers, with a comma between."""
    return ", ".join(_KINDS.get(part.lower()) or _beginning(part, _choice_of_kinds()) for part in _parts(cell))


def beginnings(cell: str, _: Content) -> str:
    """Numbers and beginnings of numbers, with a comma between."""
    return ", ".join(_beginning(part, gettext("een nummer, of een begin zoals +44*")) for part in _parts(cell))


def show_kinds(value: str) -> str:
    """Kinds in Dutch; numbers as people read them."""
    return ", ".join(KIND_WORDS.get(part) or show_number(part) for part in value.split(", "))


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]


def _choice_of_kinds() -> str:
    return ", ".join((*KIND_WORDS.values(), gettext("een nummer, of een begin zoals +44*")))


def _beginning(part: str, choice: str) -> str:
    found = beginning_of(part)
    if _BEGINNING.fullmatch(found) or normalised(found) is not None:
        return found
    raise CellRefused(gettext("%(cell)s kan hier niet staan; kies uit %(choice)s", cell=part[:40], choice=choice))


_WHAT = {
    "users": lazy_gettext("gebruiker"),
    "queues": lazy_gettext("wachtrij"),
    "traffic_classes": lazy_gettext("verkeersklasse"),
}


def known_in(section: str) -> Callable[[str, Content], str]:
    """Something that stands in a section of the site, by its key or by its name."""

    def read(cell: str, content: Content) -> str:
        keys = content.get(section) or {}
        named = [key for key in keys if name_of(content, {}, section, key).casefold() == cell.casefold()]
        if cell in keys:
            return cell
        if len(named) == 1:
            return str(named[0])
        what, choice = str(_WHAT[section]), ", ".join(list(keys)[:8])
        words = gettext("er is geen %(what)s %(cell)s; er zijn: %(choice)s", what=what, cell=cell[:40], choice=choice)
        raise CellRefused(words)

    return read
