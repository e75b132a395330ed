"""`/admin/service-number/keys`: the service number, and what its keys stand for, as a change of the site [47e, 48a]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin_web.admin.changes import Change, weigh
from admin_web.admin.forms import Content, Remarks, content_of, latest, posted_base, say_refused
from admin_web.admin.named_entries import number_written
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.numbers import readable
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.domain.emergency import Then
from cxcore.domain.service_line import PreparedText
from cxcore.ports.site_texts import Edit, Remark

service_keys = Blueprint("service_keys", __name__)

WHERE = ("service_number",)
LISTS = ("messages", "emergency", "places")
KEYS = "123456789"
EVERYWHERE = "everywhere"
OF_LINE = "dienst-"
"""How the prompts of the dialogue itself begin; no caller hears them elsewhere."""
USUAL = PreparedText("")
THEN: Mapping[str, Any] = {
    Then.END_CALL.value: lazy_gettext("einde van het gesprek"),
    Then.GO_ON.value: lazy_gettext("verder zoals altijd"),
    Then.FLOW.value: lazy_gettext("naar een route"),
}
Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[str, Row]]
"""By list: key → what stands on its line of the form."""


@service_keys.get("/admin/service-number/keys")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The number, and a line for each key of its three lists."""
    base, content = latest()
    line = content.get("service_number") or {}
    return _shown(content, str(line.get("number", "")), _rows_of(line), base, {})


@service_keys.post("/admin/service-number/keys")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside the key that they are about."""
    base, number = posted_base(), number_written(request.form.get("number", ""))
    wanted = None if request.form.get("remove") else _wanted(number)
    proposal = weigh(Change(base, (Edit(WHERE, wanted),)))
    if not proposal.errors:
        return show_proposal(proposal.change, url_for("service_number.page"))
    say_refused()
    return _shown(content_of(base), number, _rows_of(wanted or {}), base, _beside(proposal.errors)), 422


def _rows_of(line: Content) -> Rows:
    return {name: {str(key): _row(value) for key, value in (line.get(name) or {}).items()} for name in LISTS}


def _row(value: Any) -> Row:
    """A prepared text may be written as its message alone; a message and a place always are."""
    if isinstance(value, Mapping):
        return value
    return {"message": value, "place": value}


# --- What the form wants ---------------------------------------------------------------------------------------------


def _wanted(number: str) -> dict[str, Any]:
    wanted = {"number": number, "messages": dict(_filled("messages", "message")), "emergency": dict(_texts())}
    wanted["places"] = dict(_filled("places", "place"))
    return {name: value for name, value in wanted.items() if value}


def _filled(name: str, field: str) -> Iterator[tuple[str, str]]:
    """The keys beside which something was chosen."""
    for key in KEYS:
        if value := request.form.get(f"{name}-{key}-{field}", ""):
            yield key, value


def _texts() -> Iterator[tuple[str, Any]]:
    for key, message in _filled("emergency", "message"):
        then, flow, hours = (request.form.get(f"emergency-{key}-{field}", "") for field in ("then", "flow", "hours"))
        more: dict[str, Any] = {"then": then} if then != Then.END_CALL and then else {}
        more |= {"flow": flow} if then == Then.FLOW and flow else {}
        more |= {"hours": int(hours) if hours.isdecimal() else hours} if hours and hours != str(USUAL.hours) else {}
        yield key, {"message": message, **more} if more else message


def _beside(errors: list[Remark]) -> Remarks:
    """By `LIST-KEY`, or by the setting; under the empty name those about something else."""
    found: Remarks = {}
    for remark in errors:
        inside = remark.where[1:] if remark.where[:1] == WHERE else ()
        name = f"{inside[0]}-{inside[1]}" if len(inside) > 1 and inside[0] in LISTS else "".join(inside[:1])
        known = name if name.partition("-")[2] or name == "number" else ""
        found.setdefault(known, []).append(remark)
    return found


# --- Showing ---------------------------------------------------------------------------------------------------------


def _shown(content: Content, number: str, rows: Rows, base: int, remarks: Remarks) -> str:
    return render_template(
        "admin_service_keys.html", number=number, rows=rows, keys=KEYS, then=THEN, usual=USUAL, base=base,
        exists=bool(content.get("service_number")), remarks=remarks,
        prompt_options=[(name, name) for name in sorted(ports().texts.prompts()) if not name.startswith(OF_LINE)],
        flow_options=[("", gettext("geen")), *((flow, flow) for flow in sorted(content.get("flows") or {}))],
        place_options=list(_places(content).items()),
    )  # fmt: skip


def _places(content: Content) -> Mapping[str, str]:
    """What can be chosen as a place → its name."""
    queues = {key: gettext("wachtrij %(queue)s", queue=_name(key, queue)) for key, queue in _of(content, "queues")}
    numbers = {key: readable(key) or key for key, _ in _of(content, "numbers")}
    return {EVERYWHERE: gettext("alle nummers"), **numbers, **queues}


def _of(content: Content, section: str) -> list[tuple[str, Any]]:
    return [(str(key), value) for key, value in (content.get(section) or {}).items()]


def _name(key: str, queue: Any) -> str:
    return str(queue.get("name", key)) if isinstance(queue, Mapping) else key
