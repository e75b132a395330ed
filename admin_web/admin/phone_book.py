"""`/admin/phone-book`: the central phone book, kept by supervisors and administrators [42, 87c]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_web.admin.changes import Change, weigh
from admin_web.admin.forms import Content, Remarks, beside, content_of, latest, lines_of, posted_base, say_refused
from admin_web.admin.menus import name_for
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.texts import gettext
from cxcore.domain.numbers import normalised
from cxcore.domain.phone_book import PhoneBook, entries_in, folded
from cxcore.ports.site_texts import Edit

admin_phone_book = Blueprint("admin_phone_book", __name__)
MOST_SHOWN = 200
LONGEST = 100


@admin_phone_book.get("/admin/phone-book")
@permits(Permission.MANAGE_PHONE_BOOK)
def page() -> str:
    """The entries that fit `q`, and the form of the one that was chosen; an empty one for a new entry."""
    base, content = latest()
    key = request.args.get("entry", "")
    entry = _book(content).get(key)
    if key and entry is None:
        abort(404)
    return _shown(content, key, entry or {}, base, {})


@admin_phone_book.post("/admin/phone-book")
@permits(Permission.MANAGE_PHONE_BOOK)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their field."""
    base = posted_base()
    content = content_of(base)
    wanted = _wanted()
    key = request.form.get("key", "") or key_for(str(wanted.get("name", "")), _book(content))
    if not key:
        flash(gettext("Geef een naam."), "error")
        return _shown(content, "", wanted, base, {}), 422
    edit = _removal(content, key) if request.form.get("remove") else Edit(("phone_book", key), wanted)
    proposal = weigh(Change(base, (edit,)))
    if not proposal.errors or request.form.get("remove"):
        return show_proposal(proposal.change, url_for(".page"))
    say_refused()
    return _shown(content, request.form.get("key", ""), wanted, base, beside(proposal.errors, edit.where)), 422


def key_for(name: str, taken: Mapping[str, Any]) -> str:
    """A name for a new entry that the book does not have yet; empty for an empty name."""
    key = name_for(folded(name))[:36]
    if key not in taken:
        return key
    return next(f"{key}-{number}" for number in range(2, len(taken) + 3) if f"{key}-{number}" not in taken)


def number_written(typed: str) -> str:
    """The number that was meant, as the site has it; what is no number stays as it is, for the check to refuse."""
    return normalised(typed) or typed.strip()


def _removal(content: Content, key: str) -> Edit:
    """A book without entries is no book."""
    return Edit(("phone_book",), None) if list(_book(content)) == [key] else Edit(("phone_book", key), None)


def _book(content: Content) -> Mapping[str, Any]:
    return content.get("phone_book") or {}


def _wanted() -> dict[str, Any]:
    texts = {field: " ".join(request.form.get(field, "").split())[:LONGEST] for field in ("name", "department")}
    wanted = {**texts, "numbers": [number_written(line) for line in lines_of("numbers")]}
    return {field: value for field, value in wanted.items() if value}


def _shown(content: Content, key: str, entry: Content, base: int, remarks: Remarks) -> str:
    query, book = request.args.get("q", "")[:LONGEST], PhoneBook.of(entries_in(_book(content)))
    found = book.search(query, MOST_SHOWN) if query.strip() else list(book.entries.values())[:MOST_SHOWN]
    departments = sorted({each.department for each in book.entries.values() if each.department})
    return render_template(
        "admin_phone_book.html", found=found, count=len(book.entries), departments=departments, query=query, key=key,
        entry=entry, base=base, remarks=remarks,
    )  # fmt: skip
