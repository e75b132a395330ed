"""`/admin/phone-book`: the central phone book, kept by supervisors and administrators [42, 87c]."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin_web.admin.forms import Content, Remarks, lines_of
from admin_web.admin.named_entries import LONGEST, Keeping, filled_in, is_removal, line_of, number_written
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from cxcore.domain.phone_book import PhoneBook, entries_in
from cxcore.ports.site_texts import Edit

admin_phone_book = Blueprint("admin_phone_book", __name__)
MOST_SHOWN = 200


@admin_phone_book.get("/admin/phone-book")
@permits(Permission.MANAGE_PHONE_BOOK)
def page() -> str:
    """The entries that fit `q`, and the form of the one that was chosen; an empty one for a new entry."""
    return BOOK.page()


@admin_phone_book.post("/admin/phone-book")
@permits(Permission.MANAGE_PHONE_BOOK)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their field."""
    return BOOK.change()


def _edits(content: Content, key: str, wanted: Content) -> tuple[Edit, ...]:
    """A book without entries is no book."""
    if is_removal():
        where = ("phone_book",) if list(BOOK.entries(content)) == [key] else ("phone_book", key)
        return (Edit(where, None),)
    return (Edit(("phone_book", key), wanted),)


def _wanted() -> dict[str, Any]:
    texts = {field: line_of(field) for field in ("name", "department")}
    return filled_in({**texts, "numbers": [number_written(line) for line in lines_of("numbers")]})


def _shown(content: Content, key: str, entry: Content, base: int, remarks: Remarks) -> str:
    query, book = request.args.get("q", "")[:LONGEST], PhoneBook.of(entries_in(BOOK.entries(content)))
    found = book.search(query, MOST_SHOWN) if query.strip() else list(book.entries.values())[:MOST_SHOWN]
    departments = sorted({each.department for each in book.entries.values() if each.department})
    return render_template(
        "admin_phone_book.html", found=found, count=len(book.entries), departments=departments, query=query, key=key,
        entry=entry, base=base, remarks=remarks,
    )  # fmt: skip


BOOK = Keeping("phone_book", "entry", _wanted, _edits, _shown)
