"""`/admin/reasons`: the reasons that agents give for a break [24]."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from admin_web.admin.changes import Change, weigh
from admin_web.admin.forms import beside, latest, lines_of, posted_base, say_refused
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from cxcore.ports.site_texts import Edit

admin_reasons = Blueprint("admin_reasons", __name__)
WHERE = ("break_reasons",)


@admin_reasons.get("/admin/reasons")
@permits(Permission.ADMINISTER)
def page() -> str:
    """All reasons, one a line, in the order in which agents see them."""
    base, content = latest()
    reasons = content.get("break_reasons") or []
    return render_template("admin_reasons.html", reasons=reasons, base=base, remarks={})


@admin_reasons.post("/admin/reasons")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change."""
    base, reasons = posted_base(), lines_of("reasons")
    proposal = weigh(Change(base, (Edit(WHERE, reasons or None),)))
    if not proposal.errors:
        return show_proposal(proposal.change, url_for(".page"))
    say_refused()
    remarks = [remark for each in beside(proposal.errors, WHERE).values() for remark in each]
    return render_template("admin_reasons.html", reasons=reasons, base=base, remarks={"": remarks}), 422
