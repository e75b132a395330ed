"""The sheets: which part of the site each holds, row by row, and how rows become that part again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.admin.named_entries import key_for
from admin_web.admin.topics import written
from admin_web.auth.permissions import Permission
from admin_web.presenters.texts import gettext
from admin_web.sheets.columns import (
    YES,
    CellRefused,
    Column,
    Content,
    beginnings,
    destination,
    destinations,
    kinds_and_numbers,
    known_in,
    level,
    long_text,
    number,
    plain_text,
    role,
    show_kinds,
    show_number,
    show_numbers,
    show_role,
    yes_or_no,
)
from cxcore.domain.topics import Topic, topics_in
from cxcore.ports.site_texts import Edit, Where

Cells = dict[str, str]
Items = dict[str, Cells]
"""Identity → the cells of its row by column; an empty cell says that there is no such value."""

_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
APART = "\t"
"""Stands between the parts of an identity."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`items` are the rows of a site, `edits` make a site hold rows, `identity` is what tells rows apart.

    `identity_at` says which row a finding of the check is about; `adds` is whether a file may bring new rows.
    """

    key: str
    label: LazyString
    columns: tuple[Column, ...]
    items: Callable[[Content], Items]
    identity: Callable[[Cells, Items], str]
    edits: Callable[[Content, Items], tuple[Edit, ...]]
    identity_at: Callable[[Where, Items], str]
    adds: bool = True
    removes: bool = True
    permission: Permission = field(default=Permission.ADMINISTER)

    def rows(self, content: Content) -> list[list[str]]:
        """The header and a row for each item, as they are exported."""
        header = [column.label for column in self.columns]
        shown = [[self._cell(column, cells) for column in self.columns] for cells in self.items(content).values()]
        return [header, *shown]

    def _cell(self, column: Column, cells: Cells) -> str:
        value = cells.get(column.key, "")
        return column.show(value) if value else ""


# --- Users, and their devices ----------------------------------------------------------------------------------------


def username(cell: str, _: Content) -> str:
    """What a user signs in with."""
    if not _USERNAME.fullmatch(cell):
        words = gettext("%(cell)s kan geen gebruikersnaam zijn; gebruik letters, cijfers en - _ .", cell=cell[:40])
        raise CellRefused(words)
    return cell


def _users(columns: tuple[Column, ...]) -> Callable[[Content], Items]:
    def items(content: Content) -> Items:
        users: Mapping[str, Mapping[str, Any]] = content.get("users") or {}
        return {key: _user_cells(key, user, columns) for key, user in users.items()}

    return items


def _user_cells(key: str, user: Mapping[str, Any], columns: tuple[Column, ...]) -> Cells:
    return {column.key: str(user.get(column.key, "")) for column in columns} | {"username": key}


def _user_edits(content: Content, items: Items) -> tuple[Edit, ...]:
    before: Mapping[str, Mapping[str, Any]] = content.get("users") or {}
    users = {key: _filled({**before.get(key, {}), **_without(cells, "username")}) for key, cells in items.items()}
    return (Edit(("users",), users),)


def _without(cells: Cells, *keys: str) -> Cells:
    return {key: value for key, value in cells.items() if key not in keys}


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None)}


def _second(where: Where, _: Items) -> str:
    return where[1] if len(where) > 1 else ""


DEVICE = Column("device", "toestel", destination, show_number)
NUMBER = Column("number", "eigen nummer", number, show_number)
CALLER_NUMBER = Column("caller_number", "getoond nummer", number, show_number)
USER_COLUMNS = (
    Column("username", "gebruikersnaam", username, required=True),
    Column("name", "naam", plain_text, required=True),
    Column("role", "rol", role, show_role, required=True),
    DEVICE,
    NUMBER,
    CALLER_NUMBER,
    Column("traffic_class", "verkeersklasse", known_in("traffic_classes")),
)
DEVICE_COLUMNS = (
    Column("username", "gebruikersnaam", known_in("users"), required=True), DEVICE, NUMBER, CALLER_NUMBER,
)  # fmt: skip

USERS = Sheet(
    "users", lazy_gettext("Gebruikers"), USER_COLUMNS, _users(USER_COLUMNS), lambda cells, _: cells["username"],
    _user_edits, _second,
)  # fmt: skip
DEVICES = Sheet(
    "devices", lazy_gettext("Toestellen en nummers"), DEVICE_COLUMNS, _users(DEVICE_COLUMNS),
    lambda cells, _: cells["username"], _user_edits, _second, adds=False, removes=False,
)  # fmt: skip


# --- Memberships -----------------------------------------------------------------------------------------------------


def _memberships(content: Content) -> Items:
    users: Mapping[str, Mapping[str, Any]] = content.get("users") or {}
    found = [(key, queue, rank) for key, user in users.items() for queue, rank in (user.get("queues") or {}).items()]
    return {key + APART + queue: {"username": key, "queue": queue, "level": str(rank)} for key, queue, rank in found}


def _membership_edits(content: Content, items: Items) -> tuple[Edit, ...]:
    levels: dict[str, dict[str, int]] = {}
    for cells in items.values():
        levels.setdefault(cells["username"], {})[cells["queue"]] = int(cells["level"] or 1)
    users: Mapping[str, Mapping[str, Any]] = content.get("users") or {}
    return (Edit(("users",), {key: _filled({**user, "queues": levels.get(key)}) for key, user in users.items()}),)


def _membership_at(where: Where, items: Items) -> str:
    exact = APART.join((where[1], where[3])) if len(where) > 3 else ""
    if exact in items or len(where) < 2:
        return exact
    return next((identity for identity in items if identity.startswith(where[1] + APART)), "")


MEMBERSHIPS = Sheet(
    "memberships", lazy_gettext("Lidmaatschappen van wachtrijen"),
    (
        Column("username", "gebruikersnaam", known_in("users"), required=True),
        Column("queue", "wachtrij", known_in("queues"), required=True),
        Column("level", "niveau", level, required=True),
    ),
    _memberships, lambda cells, _: cells["username"] + APART + cells["queue"], _membership_edits, _membership_at,
)  # fmt: skip


# --- Lists -----------------------------------------------------------------------------------------------------------


def _topics(content: Content) -> Items:
    return {topic.name: _topic_cells(topic) for topic in topics_in(content.get("topics") or ())}


def _topic_cells(topic: Topic) -> Cells:
    return {"name": topic.name, "group": topic.group, "retired": YES if topic.retired else ""}


def _topic_edits(_: Content, items: Items) -> tuple[Edit, ...]:
    topics = [Topic(key, cells.get("group", ""), cells.get("retired") == YES) for key, cells in items.items()]
    return (Edit(("topics",), written(topics) or None),)


def _reasons(content: Content) -> Items:
    return {str(reason): {"name": str(reason)} for reason in content.get("break_reasons") or ()}


def _reason_edits(_: Content, items: Items) -> tuple[Edit, ...]:
    return (Edit(("break_reasons",), list(items) or None),)


def _at_place(where: Where, items: Items) -> str:
    known = list(items)
    place = int(where[1]) if len(where) > 1 and where[1].isdecimal() else len(known)
    return known[place] if place < len(known) else ""


TOPICS = Sheet(
    "topics", lazy_gettext("Onderwerpen"),
    (
        Column("name", "onderwerp", plain_text, required=True),
        Column("group", "groep", plain_text),
        Column("retired", "vervallen", yes_or_no),
    ),
    _topics, lambda cells, _: cells["name"], _topic_edits, _at_place,
)  # fmt: skip
REASONS = Sheet(
    "reasons", lazy_gettext("Pauzeredenen"), (Column("name", "reden", plain_text, required=True),),
    _reasons, lambda cells, _: cells["name"], _reason_edits, _at_place,
)  # fmt: skip


# --- Prepared answers ------------------------------------------------------------------------------------------------


def _answers(content: Content) -> Items:
    answers: Mapping[str, Mapping[str, Any]] = content.get("answers") or {}
    return {key: {"key": key} | {part: str(each.get(part, "")) for part in ANSWER} for key, each in answers.items()}


def _answer_edits(_: Content, items: Items) -> tuple[Edit, ...]:
    answers = {key: _filled({part: cells.get(part, "") for part in ANSWER}) for key, cells in items.items()}
    return (Edit(("answers",), answers or None),)


ANSWER = ("name", "text", "queue")


# --- The phone book --------------------------------------------------------------------------------------------------


def _phone_book(content: Content) -> Items:
    book: Mapping[str, Mapping[str, Any]] = content.get("phone_book") or {}
    return {key: _entry_cells(key, entry) for key, entry in book.items()}


def _entry_cells(key: str, entry: Mapping[str, Any]) -> Cells:
    texts = {name: str(entry.get(name, "")) for name in ("name", "department")}
    return {"key": key, **texts, "numbers": ", ".join(map(str, entry.get("numbers") or ()))}


def _entry_identity(cells: Cells, items: Items) -> str:
    """Its key, else the only entry of that name, else a new key made of the name."""
    if cells.get("key"):
        return cells["key"]
    named = [key for key, each in items.items() if each["name"].casefold() == cells["name"].casefold()]
    return named[0] if len(named) == 1 else key_for(cells["name"], items)


def _entry_edits(_: Content, items: Items) -> tuple[Edit, ...]:
    return (Edit(("phone_book",), {key: _entry(cells) for key, cells in items.items()} or None),)


def _entry(cells: Cells) -> dict[str, Any]:
    numbers = [each for each in cells.get("numbers", "").split(", ") if each]
    return _filled({"name": cells["name"], "department": cells.get("department", ""), "numbers": numbers or None})


ANSWERS = Sheet(
    "answers", lazy_gettext("Standaardantwoorden"),
    (
        Column("key", "sleutel", username),
        Column("name", "naam", plain_text, required=True),
        Column("text", "tekst", long_text, required=True),
        Column("queue", "wachtrij", known_in("queues")),
    ),
    _answers, _entry_identity, _answer_edits, _second,
)  # fmt: skip
PHONE_BOOK = Sheet(
    "phone-book", lazy_gettext("Telefoonboek"),
    (
        Column("key", "sleutel", username),
        Column("name", "naam", plain_text, required=True),
        Column("department", "afdeling", plain_text),
        Column("numbers", "nummers", destinations, show_numbers, required=True),
    ),
    _phone_book, _entry_identity, _entry_edits, _second, permission=Permission.MANAGE_PHONE_BOOK,
)  # fmt: skip


# --- Traffic classes -------------------------------------------------------------------------------------------------


def _traffic(content: Content) -> Items:
    classes: Mapping[str, Mapping[str, Any]] = content.get("traffic_classes") or {}
    return {key: _class_cells(key, each) for key, each in classes.items()}


def _class_cells(key: str, each: Mapping[str, Any]) -> Cells:
    rules = {name: ", ".join(map(str, each.get(name) or ())) for name in ("allow", "deny")}
    return {"key": key, "name": str(each.get("name", key)), **rules}


def _traffic_edits(content: Content, items: Items) -> tuple[Edit, ...]:
    """The class of users without one stays; where there was none, it is the first."""
    classes = {key: _class(cells) for key, cells in items.items()}
    default = content.get("traffic_class") or next(iter(classes), None)
    return (Edit(("traffic_classes",), classes or None), Edit(("traffic_class",), default if classes else None))


def _class(cells: Cells) -> dict[str, Any]:
    rules = {name: [each for each in cells.get(name, "").split(", ") if each] for name in ("allow", "deny")}
    return {"name": cells["name"], "allow": rules["allow"], **({"deny": rules["deny"]} if rules["deny"] else {})}


TRAFFIC = Sheet(
    "traffic", lazy_gettext("Verkeersklassen"),
    (
        Column("key", "sleutel", username),
        Column("name", "naam", plain_text, required=True),
        Column("allow", "mag bellen naar", kinds_and_numbers, show_kinds, required=True),
        Column("deny", "mag niet bellen naar", beginnings, show_kinds),
    ),
    _traffic, _entry_identity, _traffic_edits, _second,
)  # fmt: skip

SHEETS: Mapping[str, Sheet] = {
    sheet.key: sheet for sheet in (USERS, DEVICES, MEMBERSHIPS, TRAFFIC, TOPICS, ANSWERS, REASONS, PHONE_BOOK)
}
