"""A section of named entries that are kept one at a time, such as the phone book and the traffic classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString

from admin_web.admin.changes import Change, weigh
from admin_web.admin.forms import Content, Remarks, beside, content_of, latest, posted_base, say_refused
from admin_web.admin.menus import name_for
from admin_web.admin.versions import show_proposal
from admin_web.presenters.texts import gettext
from cxcore.domain.numbers import normalised
from cxcore.domain.phone_book import folded
from cxcore.ports.site_texts import Edit

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a section is kept.

    `argument` names the chosen entry in the address of the page. `wanted` is what the form asks for, `edits` brings it
    about, the entry's own edit first; `shown` is the page. `in_use` says why an entry cannot be removed; None lets the
    findings say it.
    """

    section: str
    argument: str
    wanted: Callable[[], Content]
    edits: Callable[[Content, str, Content], tuple[Edit, ...]]
    shown: Callable[[Content, str, Content, int, Remarks], str]
    in_use: LazyString | None = None

    def entries(self, content: Content) -> Mapping[str, Any]:
        """The entries, by key."""
        return content.get(self.section) or {}

    def page(self) -> str:
        """The form of the entry that was chosen; an empty one for a new entry."""
        base, content = latest()
        key = request.args.get(self.argument, "")
        chosen = self.entries(content).get(key)
        if key and chosen is None:
            abort(404)
        return self.shown(content, key, chosen or {}, base, {})

    def change(self) -> ResponseReturnValue:
        """Look at what the form would change; findings stand beside their field."""
        base = posted_base()
        content, wanted = content_of(base), self.wanted()
        key = request.form.get("key", "") or key_for(str(wanted.get("name", "")), self.entries(content))
        if not key:
            flash(gettext("Geef een naam."), "error")
            return self.shown(content, "", wanted, base, {}), 422
        edits = self.edits(content, key, wanted)
        proposal = weigh(Change(base, edits))
        if not proposal.errors or (is_removal() and self.in_use is None):
            return show_proposal(proposal.change, url_for(".page"))
        if is_removal():
            flash(str(self.in_use), "error")
            return self.shown(content, key, self.entries(content)[key], base, {}), 422
        say_refused()
        return self.shown(
            content, request.form.get("key", ""), wanted, base, beside(proposal.errors, edits[0].where)
        ), 422


def is_removal() -> bool:
    """Whether the form takes the entry out."""
    return bool(request.form.get("remove"))


def key_for(name: str, taken: Mapping[str, Any]) -> str:
    """A name for a new entry that the section does not have yet; empty for an empty name."""
    key = name_for(folded(name))[:36]
    if key not in taken:
        return key
    return next(f"{key}-{number}" for number in range(2, len(taken) + 3) if f"{key}-{number}" not in taken)


def number_written(typed: str) -> str:
    """The number that was meant, as the site has it; what is no number stays as it is, for the check to refuse."""
    return normalised(typed) or typed.strip()


def line_of(field: str) -> str:
    """A field of one line."""
    return " ".join(request.form.get(field, "").split())[:LONGEST]


def filled_in(fields: Content) -> dict[str, Any]:
    """The fields that hold something."""
    return {field: value for field, value in fields.items() if value}
