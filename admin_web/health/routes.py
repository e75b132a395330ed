"""`/healthz`: whether this web process is of use, for monitoring and load balancers."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from admin_web.auth.guard import public
from admin_web.web_ports import ports
from cxcore.ports.controller import Controller, ControllerUnavailable, SystemRow

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 when the core is heard from and says that all its parts are well, else 503. Names parts, never people."""
    controller = ports().controller
    parts = {row.part: row.healthy for row in system_rows(controller)}
    parts["core"] = controller.connected()
    healthy = all(parts.values())
    return jsonify(healthy=healthy, parts=parts), 200 if healthy else 503


def system_rows(controller: Controller) -> list[SystemRow]:
    """What the core says of its parts; empty while nothing was ever heard."""
    try:
        rows = controller.picture().rows.values()
    except ControllerUnavailable:
        return []
    return [row for row in rows if isinstance(row, SystemRow)]
