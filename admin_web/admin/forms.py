"""What forms of the administration share: the version that they show, and findings beside their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, request

from admin_web.admin.changes import head
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.ports.site_texts import Remark, Where

Content = Mapping[str, Any]
Remarks = dict[str, list[Remark]]


def latest() -> tuple[int, Content]:
    """The version that a page shows, and what stands in it."""
    base = head().number
    return base, content_of(base)


def content_of(base: int) -> Content:
    """What stands in a version."""
    return ports().texts.content(ports().configurations.text(base))


def posted_base() -> int:
    """The version that the form showed."""
    written = request.form.get("base", "")
    if not written.isdecimal():
        abort(400)
    return int(written)


def lines_of(name: str) -> list[str]:
    """The lines of a text field that are not empty."""
    return [line.strip() for line in request.form.get(name, "").splitlines() if line.strip()]


def beside(errors: Sequence[Remark], where: Where) -> Remarks:
    """The errors by field of what stands at `where`; what is about something else stands under the empty name."""
    found: Remarks = {}
    for remark in errors:
        inside = remark.where[: len(where)] == where and len(remark.where) > len(where)
        found.setdefault(remark.where[len(where)] if inside else "", []).append(remark)
    return found


def say_refused() -> None:
    """The page that follows shows what is wrong."""
    flash(gettext("Dit kan zo niet ingaan. Bij elke regel staat wat er moet veranderen."), "error")
