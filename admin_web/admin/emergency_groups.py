"""`/admin/emergency/groups`: which numbers and queues are put on emergency together, and with what text [47e, 48a]."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin_web.admin.forms import Content, Remarks
from admin_web.admin.menus import number_of
from admin_web.admin.named_entries import Keeping, filled_in, is_removal, line_of
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.configuration import name_of
from admin_web.web_ports import ports
from cxcore.domain.emergency import Then
from cxcore.domain.service_line import PreparedText
from cxcore.ports.site_texts import Edit

emergency_groups = Blueprint("emergency_groups", __name__)


@emergency_groups.get("/admin/emergency/groups")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The groups, and the form of the one that was chosen; an empty one for a new group."""
    return GROUPS.page()


@emergency_groups.post("/admin/emergency/groups")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their field."""
    return GROUPS.change()


def _wanted() -> dict[str, Any]:
    then = request.form.get("then", Then.END_CALL)
    fields: dict[str, Any] = {"name": line_of("name"), "places": request.form.getlist("place")}
    fields["message"] = request.form.get("message", "")
    fields["then"] = then if then != Then.END_CALL else ""
    fields["flow"] = request.form.get("flow", "") if then == Then.FLOW else ""
    hours = number_of(request.form.get("hours", ""))
    return {**filled_in(fields), **({"hours": hours} if hours not in ("", PreparedText("").hours) else {})}


def _edits(content: Content, key: str, wanted: Content) -> tuple[Edit, ...]:
    where = ("emergency_groups", key)
    if is_removal() and list(GROUPS.entries(content)) == [key]:
        return (Edit(("emergency_groups",), None),)
    return (Edit(where, None if is_removal() else wanted),)


def _shown(content: Content, key: str, chosen: Content, base: int, remarks: Remarks) -> str:
    queues = {each: name_of(content, {}, "queues", each) for each in content.get("queues") or {}}
    return render_template(
        "admin_emergency_groups.html", groups=GROUPS.entries(content), key=key, chosen=chosen, base=base,
        remarks=remarks, numbers=_numbers(content), queues=queues,
        flows=list(content.get("flows") or {}), prompts=ports().texts.prompts(), usual=PreparedText("").hours,
    )  # fmt: skip


def _numbers(content: Content) -> dict[str, str]:
    """The numbers, with what they are called."""
    numbers = (content.get("numbers") or {}).items()
    return {str(key): str(value.get("name") or "") if isinstance(value, dict) else "" for key, value in numbers}


GROUPS = Keeping("emergency_groups", "group", _wanted, _edits, _shown)
