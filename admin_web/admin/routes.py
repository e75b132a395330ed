"""`/admin`: where an administrator begins."""

from __future__ import annotations

from flask import Blueprint, render_template

from admin_web.admin.changes import planned
from admin_web.admin.help import HELP
from admin_web.admin.navigation import OVERVIEW, TASK_GROUPS
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission

administration = Blueprint("administration", __name__)


@administration.app_context_processor
def _navigation() -> dict[str, object]:
    return {"admin_overview": OVERVIEW, "admin_groups": TASK_GROUPS, "admin_help": HELP, "planned_versions": planned}


@administration.get("/admin")
@permits(Permission.ADMINISTER)
def page() -> str:
    """Every task, with what it is for."""
    return render_template("admin.html")
