"""`/privacy`: the privacy officer finds what is kept of a phone number or mail address, and has it erased. Both are
audited.

    GET  /privacy          the form
    POST /privacy/find     the report; with `as=json` as a file, for whoever asked
    POST /privacy/erase    erase it, and tell what was and what was not
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, json, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.guard import origin, permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.privacy import core_words, place_words, why_words
from admin_web.web_ports import ports
from cxcore.domain.chat import LONGEST_ADDRESS
from cxcore.domain.numbers import person_key
from cxcore.ports.privacy import PersonReport

privacy_pages = Blueprint("privacy_pages", __name__)


@privacy_pages.get("/privacy")
@permits(Permission.HANDLE_PERSONS)
def page() -> str:
    """The form."""
    return _page("")


@privacy_pages.post("/privacy/find")
@permits(Permission.HANDLE_PERSONS)
def find() -> ResponseReturnValue:
    """What is kept of the number."""
    written, number = _asked()
    if number is None:
        return _page(written), 422
    report = ports().privacy.find(number, signed_in().account.username, origin())
    if request.form.get("as") == "json":
        return _file(report)
    return _page(written, report)


@privacy_pages.post("/privacy/erase")
@permits(Permission.HANDLE_PERSONS)
def erase() -> ResponseReturnValue:
    """Erase what is kept of the number. It cannot be undone, so the form asks for a tick."""
    written, number = _asked()
    if number is None:
        return _page(written), 422
    username = signed_in().account.username
    if request.form.get("sure") != "yes":
        flash(gettext("Zet eerst een vinkje: wissen kan niet ongedaan worden gemaakt."), "error")
        return _page(written, ports().privacy.find(number, username, origin())), 422
    report = ports().privacy.erase(number, username, origin())
    return _page(written, report, erased=True)


def _asked() -> tuple[str, str | None]:
    written = request.form.get("number", "").strip()[:LONGEST_ADDRESS]
    number = person_key(written) if written else None
    if number is None:
        problem = gettext("Dit is geen telefoonnummer of e-mailadres. Schrijf 06 12 34 56 78 of naam@voorbeeld.nl.")
        flash(problem, "error")
    return written, number


def _page(written: str, report: PersonReport | None = None, erased: bool = False) -> str:
    words = {"why": why_words, "place": place_words, "core": core_words}
    return render_template("privacy.html", written=written, report=report, erased=erased, **words)


def _file(report: PersonReport) -> Response:
    """In a common, machine-readable form (GDPR 20)."""
    content = asdict(report) | {"elsewhere": sorted(report.elsewhere)}
    answer = Response(json.dumps(_plain(content), ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="persoonsgegevens.json"'
    return answer


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
