"""What is said when something cannot be done: a page for people, problem+json (RFC 9457) for commands."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import HTTPException

from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.controller import ControllerUnavailable
from cxcore.ports.recordings import RecordingUnreadable

log = logging.getLogger(__name__)

TITLES = {
    400: lazy_gettext("Dit verzoek klopt niet"),
    401: lazy_gettext("U bent niet ingelogd"),
    403: lazy_gettext("U hebt hier geen toegang toe"),
    404: lazy_gettext("Deze pagina bestaat niet"),
    405: lazy_gettext("Dit kan niet op deze pagina"),
    413: lazy_gettext("Dit verzoek is te groot"),
    429: lazy_gettext("Te veel pogingen"),
    500: lazy_gettext("Er ging iets mis"),
    503: lazy_gettext("Tijdelijk niet bereikbaar"),
}
ADVICE = {
    400: lazy_gettext("Laad de pagina opnieuw en probeer het nog eens."),
    401: lazy_gettext("Log opnieuw in. Lopende gesprekken gaan gewoon door."),
    403: lazy_gettext("Vraag uw functioneel beheerder om toegang als u deze pagina nodig hebt."),
    404: lazy_gettext("Controleer het adres, of ga terug naar de beginpagina."),
    429: lazy_gettext("Wacht enkele minuten en probeer het dan opnieuw."),
    500: lazy_gettext("De fout is vastgelegd. Lopende gesprekken gaan gewoon door. Laad de pagina opnieuw."),
    503: lazy_gettext("Lopende gesprekken gaan gewoon door. Deze pagina herstelt zich zodra de verbinding terug is."),
}


def init_app(app: Flask) -> None:
    """Answer each failure in the form that the asker reads."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(ControllerUnavailable, lambda _: refusal(503, "core-unavailable"))
    app.register_error_handler(RecordingUnreadable, recording_unreadable)
    app.register_error_handler(LogUnavailable, lambda _: refusal(503, "database-unavailable"))


def recording_unreadable(error: RecordingUnreadable) -> ResponseReturnValue:
    """500: the recording is known and cannot be heard; the log says why."""
    log.error("a recording cannot be heard: %s", error)
    detail = gettext("Deze opname is niet te beluisteren: het bestand of de sleutel ervan ontbreekt of is gewijzigd.")
    return problem(500, "recording-unreadable", gettext("Opname onleesbaar"), detail)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug's errors; redirects pass."""
    if error.code is None or error.code < 400:
        return error.get_response()
    return refusal(error.code, "about:blank")


def refusal(status: int, kind: str) -> ResponseReturnValue:
    """A page, or problem+json where the asker is a script."""
    if wants_json():
        return problem(status, kind, title(status), advice(status))
    return render_template("problem.html", title=title(status), advice=advice(status)), status


def problem(status: int, kind: str, summary: str, detail: str) -> Response:
    """An answer of RFC 9457; `kind` is the name of the refusal, without our prefix."""
    response = jsonify(type=_type(kind), title=summary, status=status, detail=detail)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def title(status: int) -> str:
    """What happened, in a few words."""
    return str(TITLES.get(status, gettext("Dit lukte niet")))


def advice(status: int) -> str:
    """What to do about it."""
    return str(ADVICE.get(status, gettext("Laad de pagina opnieuw en probeer het nog eens.")))


def wants_json() -> bool:
    """Whether a script asks."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _type(kind: str) -> str:
    return kind if kind == "about:blank" else f"urn:cx:problem:{kind}"
