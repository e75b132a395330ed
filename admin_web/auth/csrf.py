"""Forged requests: every POST carries a token, forms in a field, scripts in the header `X-CSRFToken`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect

from admin_web.problems import problem, wants_json

SIGNED = ("admin_web.hooks.routes.recording_marker", "admin_web.hooks.whatsapp.hear")
"""Comes from no browser; its signature proves more than a token."""
CHATS = tuple(f"admin_web.chat.routes.{name}" for name in ("start", "write", "type_in", "leave", "lose"))
"""Work by a key that the page sends itself and no browser adds, so no other site can send it."""

View = TypeVar("View", bound=Callable[..., Any])


def accepts(largest: int) -> Callable[[View], View]:
    """The route takes forms of so many bytes, not only the few thousand that suffice elsewhere."""

    def mark(view: View) -> View:
        view.cx_largest_form = largest  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    """Check the token of every POST. The whole form is read for it, so the size of forms is settled first."""
    app.before_request(_set_size)
    protect = CSRFProtect(app)
    for name in SIGNED + CHATS:
        protect.exempt(name)
    app.register_error_handler(CSRFError, refuse)


def _set_size() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, "cx_largest_form", None)
    if largest is not None:
        request.max_content_length = request.max_form_memory_size = largest


def refuse(_: CSRFError) -> ResponseReturnValue:
    """The page is older than the session, or another site sent the form."""
    title = gettext("Deze pagina was verlopen")
    advice = gettext("Laad de pagina opnieuw en probeer het nog eens. Lopende gesprekken gaan gewoon door.")
    if wants_json():
        return problem(400, "page-expired", title, advice)
    return render_template("problem.html", title=title, advice=advice), 400
