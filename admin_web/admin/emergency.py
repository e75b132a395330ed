"""`/admin/emergency`: the emergency message, on and off by one action [47e, 48a]."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands import bodies
from admin_web.commands.bodies import BadBody, Body
from admin_web.commands.steering import submit
from admin_web.presenters.messages import lines
from admin_web.web_ports import ports
from cxcore.domain.commands import EndEmergency, SetEmergency
from cxcore.domain.emergency import EVERYWHERE
from cxcore.domain.schedule import AMSTERDAM

emergency_pages = Blueprint("emergency_pages", __name__)

PREPARED = "noodtekst"
"""How the names of prepared texts begin; the message of this name is the one that is typed on the page."""


@emergency_pages.get("/admin/emergency")
@permits(Permission.MANAGE_MESSAGES)
def page() -> str:
    """What is on, and one form to switch a message on."""
    catalogue = ports().messages.catalogue
    known = [line for line in lines(ports().messages) if line.is_heard]
    prepared = [line for line in known if line.name.startswith(PREPARED)]
    return render_template(
        "emergency.html",
        everywhere=EVERYWHERE,
        typed=PREPARED,
        prepared=prepared,
        others=[line for line in known if line not in prepared],
        numbers=catalogue.numbers(),
        queues=catalogue.queues(),
        flows=catalogue.flows(),
        groups=list(catalogue.emergency_groups().values()),
        names=dict(catalogue.queues()),
    )


@emergency_pages.post("/commands/emergency/set")
@permits(Permission.MANAGE_MESSAGES)
def switch_on() -> ResponseReturnValue:
    """204 when the next caller hears it."""
    try:
        command = _command(bodies.read_body())
    except BadBody as error:
        return bodies.refuse_body(error)
    return submit(command, "emergency-set")


@emergency_pages.post("/commands/emergency/end")
@permits(Permission.MANAGE_MESSAGES)
def switch_off() -> ResponseReturnValue:
    """204 when the next caller does not hear it any more."""
    try:
        command = EndEmergency(signed_in().account.username, bodies.text(bodies.read_body(), "scope"))
    except BadBody as error:
        return bodies.refuse_body(error)
    return submit(command, "emergency-end")


def _command(body: Body) -> SetEmergency:
    return SetEmergency(
        signed_in().account.username,
        bodies.text(body, "scope"),
        bodies.text(body, "message"),
        bodies.text(body, "then"),
        bodies.text(body, "flow") if body.get("flow") else "",
        _instant(body.get("until")),
        bodies.truth(body, "tell_waiting"),
    )


def _instant(given: object) -> datetime | None:
    """A time without a zone is one of the site: whoever types it may sit at a computer that is set to another."""
    if given in (None, ""):
        return None
    try:
        instant = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadBody("until") from None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=AMSTERDAM)
