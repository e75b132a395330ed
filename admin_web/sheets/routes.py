"""`/admin/sheets`: what administrators keep, as CSV files. A file is looked at line by line before it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin_web.admin.changes import LARGEST_TEXT
from admin_web.admin.forms import latest
from admin_web.auditing import note_view
from admin_web.auth.csrf import accepts
from admin_web.auth.guard import may, permits
from admin_web.auth.permissions import Permission
from admin_web.sheets.files import NoSheet, read_rows, write_rows
from admin_web.sheets.importing import Verdict, plan_import
from admin_web.sheets.kinds import SHEETS, Sheet

sheets = Blueprint("sheets", __name__)

MOST_SHOWN = 500
"""Lines on the page of a file; those that are refused come first."""
REFUSALS: Mapping[str, Any] = {
    "encoding": lazy_gettext(
        "Dit bestand kan niet worden gelezen. Bewaar het als CSV (UTF-8) en probeer het opnieuw; een Excel-bestand "
        "(.xlsx) bewaart u eerst als CSV."
    ),
    "quotes": lazy_gettext(
        "Op regel %(line)s klopt een aanhalingsteken niet. Zet een tekst met een aanhalingsteken erin tussen "
        "aanhalingstekens, en schrijf het teken zelf dubbel."
    ),
    "too-long": lazy_gettext("Dit bestand is te groot: ten hoogste 10.000 regels en 1 MB. Splits het."),
    "header": lazy_gettext(
        "Op regel %(line)s moet de kop staan, met ten minste deze kolommen: %(columns)s. "
        "Bewaar het huidige bestand hieronder en gebruik dat als voorbeeld."
    ),
    "empty": lazy_gettext("Dit bestand is leeg: er staan geen regels onder de kop."),
}
VERDICTS: Mapping[Verdict, Any] = {
    Verdict.REFUSED: lazy_gettext("geweigerd"),
    Verdict.ADDED: lazy_gettext("nieuw"),
    Verdict.CHANGED: lazy_gettext("gewijzigd"),
    Verdict.REMOVED: lazy_gettext("verwijderd"),
    Verdict.SAME: lazy_gettext("ongewijzigd"),
}


@sheets.get("/admin/sheets")
@permits(Permission.MANAGE_PHONE_BOOK)
def page() -> str:
    """Each file to take along, and the field for one that is to be read."""
    _, content = latest()
    found = [(sheet, len(sheet.items(content))) for sheet in SHEETS.values() if may(sheet.permission)]
    return render_template("admin_sheets.html", sheets=found, chosen=request.args.get("sheet", ""))


@sheets.get("/admin/sheets/<key>.csv")
@permits(Permission.MANAGE_PHONE_BOOK)
def export(key: str) -> Response:
    """A file as it stands now; reading it again changes nothing."""
    sheet = _sheet(key)
    _, content = latest()
    note_view("export-sheet", sheet.key)
    answer = Response(write_rows(sheet.rows(content)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{sheet.key}.csv"'
    return answer


@sheets.post("/admin/sheets")
@permits(Permission.MANAGE_PHONE_BOOK)
@accepts(2 * LARGEST_TEXT)
def read() -> ResponseReturnValue:
    """What becomes of each line, and the button that puts all of them into use at once."""
    sheet = _sheet(request.form.get("sheet", ""))
    try:
        return _look_at(sheet, _uploaded(), request.form.get("whole") == "yes")
    except NoSheet as refusal:
        columns = ", ".join(column.label for column in sheet.columns if column.required)
        flash(str(REFUSALS[refusal.code]) % {"line": refusal.line, "columns": columns}, "error")
        return redirect(url_for(".page", sheet=sheet.key))


def _uploaded() -> bytes:
    uploaded = request.files.get("file")
    if uploaded is None:
        return b""
    with uploaded.stream:
        return bytes(uploaded.read(LARGEST_TEXT + 1))


def _look_at(sheet: Sheet, content: bytes, whole: bool) -> ResponseReturnValue:
    if len(content) > LARGEST_TEXT:
        raise NoSheet("too-long")
    rows = read_rows(content)
    base, before = latest()
    plan = plan_import(sheet, rows, before, base, whole)
    order = list(VERDICTS)
    lines = sorted(plan.lines, key=lambda line: (order.index(line.verdict), line.number))
    return render_template(
        "admin_sheet.html", sheet=sheet, plan=plan, lines=lines[:MOST_SHOWN], verdicts=VERDICTS,
        proposal=plan.proposal, back=url_for(".page"), notice="", at=None,
    )  # fmt: skip


def _sheet(key: str) -> Sheet:
    sheet = SHEETS.get(key)
    if sheet is None:
        abort(404)
    if not may(sheet.permission):
        abort(403)
    return sheet


