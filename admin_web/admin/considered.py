"""Which configuration a page asks: the one in use, a version that may be planned, or a change not activated yet.

A version is named in the address. A change is carried in the form, as on the page that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import request

from admin_web.admin.changes import ChangeRefused, planned, read_change, weigh
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.configurations import NoSuchVersion, Version
from cxcore.ports.inspection import Inspection
from cxcore.ports.site_texts import TextRefused


@dataclass(frozen=True, slots=True)
class Considered:
    """What is asked. With a `problem` that cannot be, and what is in use is asked instead."""

    inspection: Inspection
    choices: tuple[Version, ...]
    """The versions that can be chosen: the planned ones, and the one that was."""
    version: Version | None = None
    change: str = ""
    """The change that nobody activated, as its form carries it."""
    back: str = ""
    at: str = ""
    """The local time from which that change is to count; empty for now."""
    problem: str = ""

    @property
    def begins(self) -> datetime | None:
        """When it begins to count, where that is still to come."""
        if self.version is not None:
            return self.version.activate_at if self.version.is_scheduled else None
        return instant_of(self.at)


def considered() -> Considered:
    """What the request asks."""
    if request.method == "POST":
        later = request.form.get("when") == "later"
        return _draft(request.form.get("change", ""), request.form.get("at", "") if later else "")
    written = request.args.get("version", "")
    return _version(int(written)) if written.isdecimal() and len(written) < 10 else _in_use()


def _in_use(problem: str = "") -> Considered:
    return Considered(ports().inspection, tuple(planned()), problem=problem)


def _version(number: int) -> Considered:
    try:
        found = ports().configurations.version(number)
        inspection = ports().inspection.of(ports().configurations.text(number))
    except NoSuchVersion:
        return _in_use(gettext("Versie %(number)s bestaat niet.", number=number))
    except TextRefused:
        return _in_use(gettext("Versie %(number)s kan niet worden beluisterd: er staan fouten in.", number=number))
    choices = planned()
    return Considered(inspection, tuple(choices if found in choices else [*choices, found]), found)


def _draft(change: str, at: str) -> Considered:
    try:
        inspection = ports().inspection.of(weigh(read_change(change), instant_of(at)).text)
    except (ChangeRefused, NoSuchVersion, TextRefused):
        return _in_use(gettext("Deze wijziging kan niet worden beluisterd: er staan fouten in."))
    return Considered(inspection, (), change=change, back=request.form.get("back", ""), at=at)


def instant_of(at: str) -> datetime | None:
    """The instant of a local time as a form gives it; None for none."""
    try:
        return datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM)
    except ValueError:
        return None
