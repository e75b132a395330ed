"""`/faults`: a user reports a fault; `/admin/faults`: the administrator sees each with what was attached to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin_web.auditing import note_action, note_view
from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.texts import gettext
from admin_web.problems import problem
from admin_web.web_ports import ports
from cxcore.domain.agent import AgentId
from cxcore.ports.audit import AuditResult
from cxcore.ports.controller import AgentRow
from cxcore.ports.faults import Fault, FaultStatus

faults = Blueprint("faults", __name__)

LOG_MINUTES = 10
CONTACT_HOURS = 12
MOST_CONTACTS = 5
LONGEST_TEXT = 4000
STATUSES: Mapping[FaultStatus, Any] = {
    FaultStatus.NEW: lazy_gettext("nieuw"),
    FaultStatus.IN_HAND: lazy_gettext("in behandeling"),
    FaultStatus.SOLVED: lazy_gettext("opgelost"),
}


@faults.post("/faults")
@permits(Permission.OWN_SESSION)
def report() -> ResponseReturnValue:
    """Keep what the user writes, with the log of the last minutes and the ids of the user's last contacts."""
    body = request.get_json(silent=True)
    text = str(body.get("text", "")).strip()[:LONGEST_TEXT] if isinstance(body, dict) else ""
    if not isinstance(body, dict) or not text:
        title, advice = gettext("De melding is leeg"), gettext("Schrijf in een of twee zinnen wat er misgaat.")
        return problem(422, "empty-report", title, advice)
    account, now = signed_in().account, ports().clock.now()
    page, browser = str(body.get("page", ""))[:200], request.headers.get("User-Agent", "")[:300]
    lines = tuple(ports().logs.since(now - timedelta(minutes=LOG_MINUTES)))
    fault = Fault(now, account.username, page, text, browser, tuple(_last_contacts(account.agent_id)), lines)
    number = ports().faults.add(fault)
    note_action("report-fault", f"fault={number}", AuditResult.DONE)
    return {"number": number}, 201


@faults.get("/admin/faults")
@permits(Permission.ADMINISTER)
def page() -> str:
    """All reports, those that are not solved first."""
    kept = ports().faults
    return render_template("admin_faults.html", reports=kept.latest(), statuses=STATUSES, mailed_to=kept.mailed_to)


@faults.get("/admin/faults/<int:number>")
@permits(Permission.ADMINISTER)
def fault(number: int) -> str:
    """One report, with what was attached."""
    found = ports().faults.find(number)
    if found is None:
        abort(404)
    note_view("view-fault", f"fault={number}")
    return render_template("admin_fault.html", report=found, statuses=STATUSES)


@faults.post("/admin/faults/<int:number>")
@permits(Permission.ADMINISTER)
def handle(number: int) -> ResponseReturnValue:
    """Say where the handling stands."""
    written = request.form.get("status", "")
    if written not in {*FaultStatus}:
        abort(400)
    status, remark = FaultStatus(written), request.form.get("remark", "").strip()[:LONGEST_TEXT]
    if not ports().faults.handle(number, status, remark, signed_in().account.username, ports().clock.now()):
        abort(404)
    note_action("handle-fault", f"fault={number} {status}", AuditResult.DONE)
    flash(gettext("Melding %(number)s: %(status)s.", number=number, status=STATUSES[status]), "done")
    return redirect(url_for(".page"))


def _last_contacts(agent_id: AgentId | None) -> Sequence[str]:
    """Of the user as an agent, newest first: the present one, and those that ended."""
    if agent_id is None:
        return []
    rows = ports().controller.picture().rows.values()
    own = next((row for row in rows if isinstance(row, AgentRow) and row.agent_id == agent_id), None)
    present = [each for each in (own.contact_id, own.direct_contact_id) if each] if own else []
    now = ports().clock.now()
    since, until = now - timedelta(hours=CONTACT_HOURS), now + timedelta(seconds=1)
    lines = ports().reports.contacts(since, until, agent_id=agent_id)
    ended = [line.contact_id for line in lines[:MOST_CONTACTS]]
    return list(dict.fromkeys([*map(str, present), *map(str, ended)]))[:MOST_CONTACTS]


