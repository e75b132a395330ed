"""`/admin/versions`: every version of the configuration; here changes are looked at, activated and taken back [106]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_web.admin.accounts import make_accounts
from admin_web.admin.changes import (
    LARGEST_TEXT,
    CalendarConflict,
    Change,
    ChangeRefused,
    Proposal,
    head,
    read_change,
    store,
    weigh,
    words_of,
)
from admin_web.auditing import note_action
from admin_web.auth.csrf import accepts
from admin_web.auth.guard import may, permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.texts import gettext
from admin_web.presenters.words import minute, person
from admin_web.web_ports import ports
from cxcore.domain.commands import ActivateConfiguration
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.audit import AuditResult
from cxcore.ports.configurations import NoSuchVersion, Overtaken, Version
from cxcore.ports.controller import CommandRefused, ControllerUnavailable
from cxcore.ports.site_texts import Difference

admin_versions = Blueprint("admin_versions", __name__)


@admin_versions.get("/admin/versions")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The latest versions, newest first."""
    configurations = ports().configurations
    versions = configurations.versions()
    return render_template(
        "admin_versions.html", versions=versions, active=configurations.active(), moved=_moved(versions)
    )


def _moved(versions: Sequence[Version]) -> dict[int, int | None]:
    """Planned versions that were made anew, since something else came to count first: which number each has now."""
    latest: dict[tuple[datetime, str], int] = {}
    moved: dict[int, int | None] = {}
    for each in versions:
        found = latest.setdefault((each.activate_at, each.summary), each.number)
        moved[each.number] = found if found != each.number else None
    return moved


@admin_versions.get("/admin/versions/<int:number>")
@permits(Permission.ADMINISTER)
def version(number: int) -> str:
    """What one version changed, in words and line by line."""
    found = _version(number)
    text = ports().configurations.text(number)
    base = ports().configurations.text(found.base) if found.base else ""
    proposal = Proposal(Change(number), found, base, text, _summary(found, base, text), [])
    return render_template(
        "admin_version.html", version=found, proposal=proposal, active=ports().configurations.active()
    )


@admin_versions.get("/admin/versions/<int:number>/export")
@permits(Permission.ADMINISTER)
def export(number: int) -> Response:
    """The whole text; importing it gives the same configuration."""
    _version(number)
    name = f"configuratie-{number}.yml"
    answer = Response(ports().configurations.text(number), mimetype="application/yaml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@admin_versions.post("/admin/versions/import")
@permits(Permission.ADMINISTER)
@accepts(8 * LARGEST_TEXT)
def import_file() -> ResponseReturnValue:
    """Look at what a file would change. Nothing counts before it is activated."""
    content = _uploaded()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or len(content) > LARGEST_TEXT:
        flash(
            gettext("Dit bestand kan niet worden gelezen. Kies een YAML-bestand in UTF-8 van ten hoogste 1 MB."),
            "error",
        )
        return redirect(url_for(".page"))
    return show_proposal(Change(head().number, text=text), url_for(".page"))


@admin_versions.post("/admin/versions/<int:number>/restore")
@permits(Permission.ADMINISTER)
def restore(number: int) -> ResponseReturnValue:
    """Look at what going back to this version would change."""
    _version(number)
    return show_proposal(Change(head().number, text=ports().configurations.text(number)), url_for(".page"))


@admin_versions.post("/admin/versions/<int:number>/undo")
@permits(Permission.ADMINISTER)
def undo(number: int) -> ResponseReturnValue:
    """Take the version that counts back with one click: a new one equal to what was before it."""
    found, counts = _version(number), head()
    if found.number != counts.number or found.base is None:
        return restore(number)
    change = Change(counts.number, text=ports().configurations.text(found.base))
    return _activate(weigh(change), None, url_for(".page"))


@admin_versions.post("/admin/versions/<int:number>/cancel")
@permits(Permission.ADMINISTER)
def cancel(number: int) -> ResponseReturnValue:
    """A version that was planned for later shall not count."""
    _version(number)
    done = ports().configurations.take_back(number, ports().clock.now())
    note_action("cancel-configuration", f"version={number}", AuditResult.DONE if done else AuditResult.FAILED)
    if done:
        flash(gettext("Versie %(number)s gaat niet in.", number=number), "done")
    else:
        flash(gettext("Versie %(number)s is al ingegaan. U kunt die wel terugdraaien.", number=number), "error")
    return redirect(url_for(".page"))


@admin_versions.post("/admin/changes")
@permits(Permission.MANAGE_PHONE_BOOK)
@accepts(8 * LARGEST_TEXT)
def activate() -> ResponseReturnValue:
    """Activate a change that was looked at, now or at a time; who comes second looks at it again first."""
    change, back = _read_form()
    if not may(Permission.ADMINISTER) and not change.is_within("phone_book"):
        abort(403)
    try:
        when = _when()
        proposal = weigh(change, when)
    except ValueError:
        return show_proposal(change, back, notice=gettext("Kies een tijdstip dat nog moet komen."), status=400)
    if request.form.get("seen") != str(proposal.onto.number) or proposal.errors or proposal.changes_nothing:
        return show_proposal(change, back, when=when, status=409)
    return _activate(proposal, when, back)


@admin_versions.post("/admin/changes/look")
@permits(Permission.MANAGE_PHONE_BOOK)
@accepts(8 * LARGEST_TEXT)
def look() -> ResponseReturnValue:
    """Look again at a change: after hearing what callers would hear with it."""
    change, back = _read_form()
    try:
        return show_proposal(change, back, when=_when())
    except ValueError:
        return show_proposal(change, back)


def show_proposal(
    change: Change, back: str, notice: str = "", when: datetime | None = None, status: int = 200
) -> ResponseReturnValue:
    """What the change would bring about, with what to do about findings, and the button that activates it."""
    try:
        proposal = weigh(change, when)
    except ChangeRefused as refused:
        flash(gettext("Dit kan niet worden gelezen: %(why)s", why=str(refused)[:300]), "error")
        return redirect(back)
    local = None if when is None else when.astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M")
    page = render_template("admin_proposal.html", proposal=proposal, back=back, notice=notice, at=local)
    return page, 422 if status == 200 and proposal.errors else status


def _uploaded() -> bytes:
    uploaded = request.files.get("file")
    if uploaded is None:
        return b""
    content: bytes = uploaded.read(LARGEST_TEXT + 1)
    uploaded.close()
    return content


def _activate(proposal: Proposal, when: datetime | None, back: str) -> ResponseReturnValue:
    by = signed_in().account.username
    if proposal.errors or proposal.changes_nothing:
        return show_proposal(proposal.change, back)
    try:
        stored = store(proposal, by, when)
    except Overtaken:
        return show_proposal(proposal.change, back, when=when, status=409)
    except CalendarConflict as conflict:
        return show_proposal(proposal.change, back, notice=_told(conflict.version), when=when, status=409)
    try:
        ports().controller.submit(ActivateConfiguration(by, stored.number))
    except CommandRefused as refused:
        ports().configurations.take_back(stored.number, ports().clock.now())
        note_action("activate-configuration", f"version={stored.number}", AuditResult.FAILED)
        return show_proposal(proposal.change, back, notice=str(refused), status=409)
    except ControllerUnavailable:
        words = gettext(
            "Versie %(number)s is bewaard en gaat in zodra de telefooncentrale antwoordt.", number=stored.number
        )
        return _done(stored, words, back)
    _note_roles(proposal, stored)
    made = _new_accounts(proposal)
    if made:
        note_action("activate-configuration", f"version={stored.number}", AuditResult.DONE)
        return _show_passwords(made, _said(stored, when), back)
    return _done(stored, _said(stored, when), back)


def _note_roles(proposal: Proposal, stored: Version) -> None:
    """Whom the version gives other rights, one event each: rights are what an auditor asks after first (BIO2 5.18)."""
    before, after = (_roles(ports().texts.content(text)) for text in (proposal.before, proposal.text))
    for username in sorted(before.keys() | after.keys()):
        old, new = before.get(username, "none"), after.get(username, "none")
        if old != new:
            told = f"username={username} from={old} to={new} version={stored.number}"
            note_action("change-role", told, AuditResult.DONE)


def _roles(content: Mapping[str, Any]) -> dict[str, str]:
    return {name: str((user or {}).get("role", "")) for name, user in (content.get("users") or {}).items()}


def _new_accounts(proposal: Proposal) -> list[tuple[str, str, str]]:
    content = ports().texts.content
    return make_accounts(content(proposal.before), content(proposal.text))


def _show_passwords(made: list[tuple[str, str, str]], words: str, back: str) -> ResponseReturnValue:
    """Once: nothing keeps the page."""
    for username, _, _ in made:
        note_action("make-account", username, AuditResult.DONE)
    page = render_template("admin_passwords.html", made=made, words=words, back=back)
    return page, 200, {"Cache-Control": "no-store"}


def _said(stored: Version, when: datetime | None) -> str:
    if when is None:
        return gettext("Versie %(number)s is actief. De wijziging geldt vanaf nu.", number=stored.number)
    return gettext("Versie %(number)s gaat in op %(at)s.", number=stored.number, at=minute(when))


def _done(stored: Version, words: str, back: str) -> ResponseReturnValue:
    note_action("activate-configuration", f"version={stored.number}", AuditResult.DONE)
    flash(words, "done")
    return redirect(back)


def _told(version: Version) -> str:
    at = minute(version.activate_at)
    return gettext(
        "Versie %(number)s van %(by)s, die op %(at)s ingaat, wijzigt hetzelfde of kan daarna niet meer. "
        "Trek die eerst in op de pagina Versies, of kies een tijdstip daarna.",
        number=version.number,
        by=person(ports(), version.by),
        at=at,
    )


def _read_form() -> tuple[Change, str]:
    try:
        change = read_change(request.form.get("change", ""))
        _version(change.base)
    except ChangeRefused:
        abort(400)
    back = request.form.get("back", "")
    return change, back if back.startswith("/admin") else url_for("administration.page")


def _when() -> datetime | None:
    """The instant that was chosen; None for now. Raises `ValueError` for none, and for one that has passed."""
    if request.form.get("when") != "later":
        return None
    at = datetime.fromisoformat(request.form.get("at", "")).replace(tzinfo=AMSTERDAM)
    if at <= ports().clock.now():
        raise ValueError("that instant has passed")
    return at


def _version(number: int) -> Version:
    try:
        return ports().configurations.version(number)
    except NoSuchVersion:
        abort(404)


def _summary(found: Version, base: str, text: str) -> list[str]:
    if found.summary or not base:
        return found.summary.splitlines()
    differences: list[Difference] = list(ports().texts.differences(base, text))
    return words_of(differences, base, text)
