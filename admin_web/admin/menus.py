"""`/admin/menus`: the menus that callers hear, as a tree from each number, to any depth [47, 88b]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin_web.admin.changes import Change, head, weigh
from admin_web.admin.periods import Period, period_of, periods_in, timetables_of, written
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.configuration import name_of
from admin_web.presenters.steps import step_words
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.domain.dialplan import KEYS
from cxcore.ports.site_texts import Edit, Remark, Where

admin_menus = Blueprint("admin_menus", __name__)

Content = Mapping[str, Any]
LEADS = ("flow", "otherwise", "open", "closed", "holiday", "goto", "fallback")
"""Settings of steps that name the flow that a caller goes on in."""


@dataclass(slots=True)
class Choice:
    """One key. `prompt` is the text of its own, said after that of the menu while the key is offered; often empty."""

    key: str
    flow: str
    prompt: str = ""
    period: Period = Period()
    remarks: list[Remark] = field(default_factory=list)


@dataclass(slots=True)
class Menu:
    """What the form shows. `index` is the step of the flow that the menu is."""

    flow: str
    index: int
    base: int
    prompt: str = ""
    attempts: int = 2
    timeout_seconds: float = 5
    wrong_key: str = ""
    no_key: str = ""
    otherwise: str = ""
    choices: list[Choice] = field(default_factory=list)
    remarks: dict[str, list[Remark]] = field(default_factory=dict)
    """By setting; under an empty name those about anything else."""

    @property
    def where(self) -> Where:
        """Where it stands."""
        return ("flows", self.flow, str(self.index), "menu")


@dataclass(frozen=True, slots=True)
class Branch:
    """A flow in the tree: how a caller comes there, what happens there, and where it goes on."""

    label: str
    flow: str
    steps: list[str]
    has_menu: bool
    repeated: bool
    """It stands higher up in the same branch, so it is not unfolded again."""
    off: bool = False
    branches: list[Branch] = field(default_factory=list)


@admin_menus.get("/admin/menus")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The tree, and the menu that was chosen; the first one when none was."""
    content, base = _content()
    flow = request.args.get("flow") or _first_menu(content)
    return _shown(content, menu_of(content, flow, base) if flow else None)


@admin_menus.post("/admin/menus")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside the setting or key that they are about."""
    base = _base()
    content = ports().texts.content(ports().configurations.text(base))
    menu = menu_of(content, request.form.get("flow", ""), base)
    wanted = _wanted(content["flows"][menu.flow][menu.index]["menu"], request.form)
    return _weigh(base, (Edit(menu.where, wanted),), menu.flow)


@admin_menus.get("/admin/menus/new")
@permits(Permission.ADMINISTER)
def new() -> str:
    """Something new under a key: another menu, a queue, a message, a number."""
    content, base = _content()
    under = menu_of(content, request.args.get("under", ""), base)
    return _shown_new(content, under, MultiDict())


@admin_menus.post("/admin/menus/new")
@permits(Permission.ADMINISTER)
def add() -> ResponseReturnValue:
    """Look at what the new key would change."""
    base, form = _base(), request.form
    content = ports().texts.content(ports().configurations.text(base))
    under, name = menu_of(content, form.get("under", ""), base), name_for(form.get("name", ""))
    problem = _problem_of_new(content, under, form, name)
    if problem:
        flash(problem, "error")
        return _shown_new(content, under, form), 422
    edits = (Edit(("flows", name), _new_flow(form)), Edit((*under.where, "choices", form["under-key"]), name))
    return _weigh(base, edits, name if form.get("kind") == "menu" else under.flow)


def _weigh(base: int, edits: tuple[Edit, ...], flow: str) -> ResponseReturnValue:
    proposal = weigh(Change(base, edits))
    if not proposal.errors:
        return show_proposal(proposal.change, url_for(".page", flow=flow))
    after = ports().texts.content(ports().texts.edited(ports().configurations.text(base), edits))
    if _index_of_menu(after, flow) is None or flow not in _flows(base):
        return show_proposal(proposal.change, url_for(".page"))
    menu = menu_of(after, flow, base)
    _put_beside(menu, proposal.errors)
    flash(gettext("Dit kan zo niet ingaan. Bij elke regel staat wat er moet veranderen."), "error")
    return _shown(after, menu), 422


def _flows(base: int) -> Content:
    flows: Content = ports().texts.content(ports().configurations.text(base))["flows"]
    return flows


def _content() -> tuple[Content, int]:
    base = head().number
    return ports().texts.content(ports().configurations.text(base)), base


def _base() -> int:
    base = request.form.get("base", "")
    if not base.isdecimal():
        abort(400)
    return int(base)


def _shown(content: Content, menu: Menu | None) -> str:
    return render_template("admin_menus.html", menu=menu, tree=tree(content), **_to_choose(content))


def _shown_new(content: Content, under: Menu, form: MultiDict[str, str]) -> str:
    free = [key for key in KEYS if key not in {choice.key for choice in under.choices}]
    return render_template("admin_menu_new.html", under=under, form=form, free=free, **_to_choose(content))


def _to_choose(content: Content) -> dict[str, Any]:
    queues = {key: name_of(content, {}, "queues", key) for key in content.get("queues") or {}}
    flows = list(content.get("flows") or {})
    return {
        "flows": flows, "prompts": ports().texts.prompts(), "queues": queues, "keys": KEYS,
        "timetables": timetables_of(content),
    }  # fmt: skip


# --- The tree --------------------------------------------------------------------------------------------------------


def tree(content: Content) -> list[Branch]:
    """A branch for each number that callers dial."""
    flows = content.get("flows") or {}
    return [
        _branch(content, number, str(value.get("flow") if isinstance(value, dict) else value), flows, ())
        for number, value in (content.get("numbers") or {}).items()
    ]


def _branch(
    content: Content, label: str, flow: str, flows: Content, path: tuple[str, ...], off: bool = False
) -> Branch:
    steps = flows.get(flow) or []
    has_menu = any("menu" in step for step in steps if isinstance(step, dict))
    branch = Branch(label, flow, [step_words(content, step) for step in steps], has_menu, flow in path, off)
    if not branch.repeated:
        for key, target, is_off in _ways(steps):
            branch.branches.append(_branch(content, key, target, flows, (*path, flow), is_off))
    return branch


def _ways(steps: list[Any]) -> Iterator[tuple[str, str, bool]]:
    """How a flow goes on: the key or the word, the flow that it leads to, and whether it is switched off."""
    for step in [each for each in steps if isinstance(each, dict)]:
        for name, value in step.items():
            if name == "goto":
                yield gettext("daarna"), str(value), False
            elif name == "menu" and isinstance(value, dict):
                yield from _menu_ways(value)
            elif isinstance(value, dict):
                yield from ((_lead_word(key), str(value[key]), False) for key in LEADS if value.get(key))


def _menu_ways(menu: Content) -> Iterator[tuple[str, str, bool]]:
    for key, value in (menu.get("choices") or {}).items():
        choice = _choice(str(key), value)
        yield gettext("toets %(key)s", key=key), choice.flow, not choice.period.enabled
    if menu.get("otherwise"):
        yield gettext("geen keuze"), str(menu["otherwise"]), False


def _lead_word(key: str) -> str:
    words = {"open": gettext("open"), "closed": gettext("gesloten"), "holiday": gettext("feestdag")}
    return words.get(key, gettext("daarna"))


def _first_menu(content: Content) -> str:
    flows = content.get("flows") or {}
    return next((flow for flow in flows if _index_of_menu(content, flow) is not None), "")


def _index_of_menu(content: Content, flow: str) -> int | None:
    steps = (content.get("flows") or {}).get(flow)
    found = enumerate(steps if isinstance(steps, list) else [])
    return next((index for index, step in found if isinstance(step, dict) and isinstance(step.get("menu"), dict)), None)


# --- From the configuration to the form, and back --------------------------------------------------------------------


def menu_of(content: Content, flow: str, base: int) -> Menu:
    """The menu of a flow; 404 for one that has none."""
    index = _index_of_menu(content, flow)
    if index is None:
        abort(404)
    menu = content["flows"][flow][index]["menu"]
    choices = [_choice(str(key), value) for key, value in (menu.get("choices") or {}).items()]
    return Menu(
        flow,
        index,
        base,
        str(menu.get("prompt") or ""),
        menu.get("attempts", 2),
        menu.get("timeout_seconds", 5),
        str(menu.get("wrong_key") or ""),
        str(menu.get("no_key") or ""),
        str(menu.get("otherwise") or ""),
        choices,
    )


def _choice(key: str, value: Any) -> Choice:
    if not isinstance(value, dict):
        return Choice(key, str(value or ""))
    return Choice(key, str(value.get("flow") or ""), str(value.get("prompt") or ""), period_of(value))


def _wanted(before: Content, form: MultiDict[str, str]) -> dict[str, Any]:
    """The menu as the form says; settings that the form does not show stay."""
    wanted = {**before, "prompt": form.get("prompt", ""), "choices": _choices(before, form)}
    wanted["otherwise"] = form.get("otherwise", "")
    for name, usual in (("attempts", 2), ("timeout_seconds", 5)):
        value = number_of(form.get(name, ""))
        if value != before.get(name, usual):
            wanted[name] = value
    for name in ("wrong_key", "no_key"):
        wanted[name] = form.get(name) or None
    order = [*before, *(key for key in wanted if key not in before)]
    return {key: wanted[key] for key in order if wanted[key] is not None}


def _choices(before: Content, form: MultiDict[str, str]) -> dict[str, Any]:
    """In the order of the form. A row without a flow is one that was not filled in."""
    old = {str(key): value for key, value in (before.get("choices") or {}).items()}
    rows = list(zip(*(form.getlist(name) for name in ("key", "flow-of", "prompt-of", "was")), strict=False))
    periods = periods_in(form, len(rows))
    return {
        key: _written_choice(old.get(was), flow, prompt, period)
        for (key, flow, prompt, was), period in zip(rows, periods, strict=True)
        if flow
    }


def _written_choice(old: Any, flow: str, prompt: str, period: Period) -> Any:
    rest = old if isinstance(old, dict) else {}
    kept = written(period, {**rest, "flow": flow, "prompt": prompt})
    return flow if kept.keys() == {"flow"} else kept


def number_of(typed: str) -> int | float | str:
    """As it is written when it is no number: the check then says so."""
    text = typed.strip().replace(",", ".")
    if text.isdecimal():
        return int(text)
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else text


def _put_beside(menu: Menu, errors: list[Remark]) -> None:
    rows = {choice.key: choice for choice in menu.choices}
    for remark in errors:
        rest = remark.where[len(menu.where) :] if remark.where[: len(menu.where)] == menu.where else ()
        if len(rest) > 1 and rest[0] == "choices" and rest[1] in rows:
            rows[rest[1]].remarks.append(remark)
        else:
            menu.remarks.setdefault(rest[0] if rest else "", []).append(remark)


# --- Something new under a key ---------------------------------------------------------------------------------------


def name_for(typed: str) -> str:
    """A name as the dialplan takes it: `Nieuwe buurt` becomes `nieuwe-buurt`."""
    return re.sub(r"[^a-z0-9_.-]+", "-", typed.strip().lower()).strip("-.")[:40]


def _problem_of_new(content: Content, under: Menu, form: MultiDict[str, str], name: str) -> str:
    if not name:
        return gettext("Geef een naam.")
    if name in content["flows"]:
        return gettext("De naam %(name)s bestaat al. Kies een andere.", name=name)
    if form.get("under-key") not in KEYS or form.get("under-key") in {choice.key for choice in under.choices}:
        return gettext("Kies een toets die nog vrij is.")
    if _new_flow(form) is None:
        return gettext("Kies wat er onder de toets komt, en vul dat in.")
    return ""


def _new_flow(form: MultiDict[str, str]) -> list[Any] | None:
    """The steps of the new flow; None when the form does not say them."""
    kind = form.get("kind")
    if kind == "menu":
        choices = _choices({}, form)
        menu = {"prompt": form.get("prompt", ""), "choices": choices, "otherwise": form.get("otherwise", "")}
        return [{"menu": menu}] if choices and menu["prompt"] and menu["otherwise"] else None
    target = form.get(f"to-{kind}", "").strip()
    if not target:
        return None
    if kind == "say":
        return [{"say": target}, "close"]
    return [{kind: target}] if kind in ("queue", "transfer") else None
