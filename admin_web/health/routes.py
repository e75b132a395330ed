"""`/healthz`: whether this web process is of use, for monitoring and load balancers."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from admin_web.auth.guard import public
from admin_web.web_ports import ports
from cxcore.domain.health import Health, Part, read_core, take_stock
from cxcore.ports.controller import Controller, ControllerUnavailable, SystemRow

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 while calls are handled, else 503; the body says how each part is, since when and why."""
    health = health_of(ports().controller)
    return jsonify(health.to_json()), health.http_status


def health_of(controller: Controller) -> Health:
    """What the core says of its parts, and whether it is heard from."""
    now = ports().clock.now()
    told = tuple(Part(row.part, row.healthy, row.since, row.reason) for row in system_rows(controller))
    core = take_stock(None, [read_core(controller.connected())], now)
    return Health(now, (*told, *core.parts))


def system_rows(controller: Controller) -> list[SystemRow]:
    """What the core says of its parts; empty while nothing was ever heard."""
    try:
        rows = controller.picture().rows.values()
    except ControllerUnavailable:
        return []
    return [row for row in rows if isinstance(row, SystemRow)]
