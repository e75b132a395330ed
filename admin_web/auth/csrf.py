"""Forged requests: every POST carries a token, forms in a field, scripts in the header `X-CSRFToken`."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect

from admin_web.problems import problem, wants_json


def init_app(app: Flask) -> None:
    """Check the token of every POST."""
    CSRFProtect(app)
    app.register_error_handler(CSRFError, refuse)


def refuse(_: CSRFError) -> ResponseReturnValue:
    """The page is older than the session, or another site sent the form."""
    title = gettext("Deze pagina was verlopen")
    advice = gettext("Laad de pagina opnieuw en probeer het nog eens. Lopende gesprekken gaan gewoon door.")
    if wants_json():
        return problem(400, "page-expired", title, advice)
    return render_template("problem.html", title=title, advice=advice), 400
