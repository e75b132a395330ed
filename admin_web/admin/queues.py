"""`/admin/queues`: how a queue treats who waits: texts, times, who is offered first, where the wait ends [35, 46]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from admin_web.admin.alarms import AlarmLine, alarm_lines, alarm_mail, wanted_alarms
from admin_web.admin.changes import Change, head, weigh
from admin_web.admin.menus import name_for, number_of
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.configuration import name_of
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.domain.queue import StrategyName
from cxcore.ports.site_texts import Edit, Remark, Where

admin_queues = Blueprint("admin_queues", __name__)

Content = Mapping[str, Any]

NUMBERS: Mapping[str, int] = {
    "priority": 0,
    "ring_seconds": 20,
    "wrap_up_seconds": 30,
    "ring_agents": 1,
    "level_seconds": 0,
    "sticky_seconds": 0,
}
"""Settings that are a number, with what counts when they are left out."""
EXPLANATIONS: Mapping[str, Any] = {
    "priority": lazy_gettext("0 tot 99; een medewerker van meer wachtrijen krijgt de hoogste eerst"),
    "ring_seconds": lazy_gettext("zo lang gaat het toestel van een medewerker over"),
    "wrap_up_seconds": lazy_gettext("tijd na een gesprek voordat het volgende komt"),
    "ring_agents": lazy_gettext("zoveel toestellen gaan tegelijk over; wie eerst opneemt, krijgt de beller"),
    "level_seconds": lazy_gettext("na elke zoveel seconden doet het volgende niveau mee; 0: alle niveaus meteen"),
    "sticky_seconds": lazy_gettext("wie de beller zo kort geleden sprak, krijgt die eerst; 0: nooit"),
}
STRATEGIES: Mapping[str, Any] = {
    StrategyName.LONGEST_IDLE: lazy_gettext("wie het langst vrij is"),
    StrategyName.CYCLIC: lazy_gettext("om de beurt"),
    StrategyName.LINEAR: lazy_gettext("steeds dezelfde volgorde"),
    StrategyName.WORKLOAD: lazy_gettext("wie het minst heeft gewerkt"),
}
PAIRS: Mapping[str, tuple[str, str]] = {
    "maximum_wait": ("seconds", "then"),
    "maximum_waiting": ("callers", "then"),
    "service_level": ("seconds", "percent"),
}
"""Settings of two parts."""


@dataclass(slots=True)
class QueueForm:
    """What the page shows of a queue: the settings as they stand in the file."""

    key: str
    base: int
    settings: Content
    remarks: dict[str, list[Remark]] = field(default_factory=dict)
    """By setting; under an empty name those about anything else."""

    @property
    def where(self) -> Where:
        """Where it stands."""
        return "queues", self.key

    def number(self, name: str) -> Any:
        """A number, or what counts when it is left out."""
        return self.settings.get(name, NUMBERS[name])

    def part(self, name: str, key: str) -> Any:
        """A part of a setting of two; empty when it is left out."""
        return (self.settings.get(name) or {}).get(key, "")

    @property
    def announcement(self) -> Content:
        """What waiting callers hear; empty for nothing."""
        return self.settings.get("announcement") or {}

    @property
    def alarms(self) -> Sequence[AlarmLine]:
        """What is watched, and what could be."""
        return alarm_lines(self.settings)

    @property
    def alarm_mail(self) -> str:
        """Who is mailed about it."""
        return alarm_mail(self.settings)

    @property
    def repeat(self) -> Content:
        """The text after the first one; empty when the first one is repeated."""
        return self.announcement.get("repeat") or {}

    @property
    def position(self) -> str:
        """When the place in line is told: `never`, `changed` or `always`."""
        written = self.announcement.get("position", False)
        return written if isinstance(written, str) else "always" if written else "never"

    @property
    def every_seconds(self) -> Any:
        """The time between two texts."""
        return self.repeat.get("every_seconds", self.announcement.get("every_seconds", 30))


@admin_queues.get("/admin/queues")
@permits(Permission.ADMINISTER)
def page() -> str:
    """One queue, the first one when none is named."""
    base = head().number
    content = ports().texts.content(ports().configurations.text(base))
    return _shown(content, _form(content, request.args.get("queue"), base))


@admin_queues.post("/admin/queues")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their setting."""
    base = _base()
    before = ports().configurations.text(base)
    queue = _form(ports().texts.content(before), request.form.get("queue"), base)
    wanted = Change(base, (Edit(queue.where, _wanted(queue.settings, request.form)),))
    proposal = weigh(wanted)
    if not proposal.errors:
        return show_proposal(wanted, url_for(".page", queue=queue.key))
    after = ports().texts.content(ports().texts.edited(before, wanted.edits))
    shown = _form(after, queue.key, base)
    for remark in proposal.errors:
        inside = remark.where[:2] == queue.where and len(remark.where) > 2
        shown.remarks.setdefault(remark.where[2] if inside else "", []).append(remark)
    flash(gettext("Dit kan zo niet ingaan. Bij elke regel staat wat er moet veranderen."), "error")
    return _shown(after, shown), 422


@admin_queues.post("/admin/queues/new")
@permits(Permission.ADMINISTER)
def add() -> ResponseReturnValue:
    """A new queue, and a route of the same name that leads to it, so that a key of a menu can."""
    base, name = _base(), request.form.get("name", "").strip()[:100]
    content, key = ports().texts.content(ports().configurations.text(base)), name_for(name)
    if not key or key in (content.get("queues") or {}) or key in content["flows"]:
        flash(gettext("De naam %(name)s kan niet: hij is leeg of bestaat al.", name=name), "error")
        return _shown(content, _form(content, None, base)), 422
    edits = (Edit(("queues", key), {"name": name}), Edit(("flows", key), [{"queue": key}]))
    return show_proposal(Change(base, edits), url_for(".page", queue=key))


def _base() -> int:
    written = request.form.get("base", "")
    if not written.isdecimal():
        abort(400)
    return int(written)


def _form(content: Content, key: str | None, base: int) -> QueueForm:
    queues = content.get("queues") or {}
    key = key or next(iter(queues), "")
    if key not in queues:
        abort(404)
    return QueueForm(key, base, queues[key] or {})


def _shown(content: Content, queue: QueueForm) -> str:
    return render_template(
        "admin_queues.html",
        queue=queue,
        queues={key: name_of(content, {}, "queues", key) for key in content.get("queues") or {}},
        flows=list(content.get("flows") or {}),
        prompts=ports().texts.prompts(),
        numbers=NUMBERS,
        explanations=EXPLANATIONS,
        strategies=STRATEGIES,
    )


# --- From the form to settings ---------------------------------------------------------------------------------------


def _wanted(before: Content, form: MultiDict[str, str]) -> dict[str, Any]:
    """The settings as the form says. One that is as usual is written only where it was; what the form lacks stays."""
    wanted = dict(before)
    _set(wanted, "name", form.get("name", "").strip(), None)
    _set(wanted, "strategy", form.get("strategy", ""), StrategyName.LONGEST_IDLE.value)
    for name, usual in NUMBERS.items():
        _set(wanted, name, number_of(form.get(name, "")), usual)
    for name, parts in PAIRS.items():
        _set(wanted, name, _pair(form, name, parts), None)
    if "alarm-mail" in form:
        _set(wanted, "alarms", wanted_alarms(before.get("alarms") or {}, form), None)
    _set(wanted, "announcement", _announcement(before.get("announcement") or {}, form), None)
    return {key: value for key, value in wanted.items() if value is not None}


def _set(wanted: dict[str, Any], name: str, value: Any, usual: Any) -> None:
    if value in ("", None):
        wanted[name] = None
    elif value != wanted.get(name, usual):
        wanted[name] = value


def _pair(form: MultiDict[str, str], name: str, parts: tuple[str, str]) -> dict[str, Any] | None:
    """None when both are left empty; one alone is for the check to refuse."""
    values = {part: form.get(f"{name}-{part}", "").strip() for part in parts}
    filled = {part: value if part == "then" else number_of(value) for part, value in values.items() if value}
    return filled or None


def _announcement(before: Content, form: MultiDict[str, str]) -> dict[str, Any] | None:
    wanted = {key: value for key, value in before.items() if key not in ("repeat", "every_seconds")}
    _set(wanted, "prompt", form.get("prompt"), None)
    _set(wanted, "first_seconds", number_of(form.get("first_seconds", "")), 15)
    _set(wanted, "position", _position(before.get("position", False), form.get("position", "never")), False)
    _set(wanted, "expected_wait", form.get("expected_wait") == "yes", False)
    wanted = {key: value for key, value in wanted.items() if value is not None}
    if not any(wanted.get(key) for key in ("prompt", "position", "expected_wait", "menu")):
        return None
    return wanted | _repeat(before, form)


def _position(before: Any, chosen: str) -> Any:
    """As it was written, where that says the same: true is `always`."""
    if chosen == "never":
        return False
    return before if chosen == "always" and before is True else chosen


def _repeat(before: Content, form: MultiDict[str, str]) -> dict[str, Any]:
    """What follows the first text, as `repeat`, or as `every_seconds` where it is that same text without an end."""
    old, every = dict(before.get("repeat") or {}), number_of(form.get("every_seconds", ""))
    prompt, times = form.get("repeat_prompt") or None, number_of(form.get("times", ""))
    if prompt is None and times == "" and "menu" not in old:
        same: dict[str, Any] = {"every_seconds": before["every_seconds"]} if "every_seconds" in before else {}
        _set(same, "every_seconds", every, 30)
        return same
    _set(old, "prompt", prompt or form.get("prompt"), None)
    _set(old, "every_seconds", every, 30)
    _set(old, "times", times, None)
    return {"repeat": {key: value for key, value in old.items() if value is not None}}
