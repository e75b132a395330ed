"""Credentials by which the agent's page registers its softphone at the SBC: made at each asking, good for minutes.

The user name holds the instant at which it ends, the password is the HMAC-SHA256 of that name under a secret that only
the pages and the SBC know (Kamailio's auth_ephemeral; draft-uberti-behave-turn-rest-00). Nothing is stored anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.problems import problem
from admin_web.settings import settings
from admin_web.web_ports import ports

softphone_routes = Blueprint("softphone_routes", __name__)

LIFE = timedelta(minutes=10)


@softphone_routes.post("/agent/softphone/credentials")
@permits(Permission.WORK_AT_DESK)
def credentials() -> ResponseReturnValue:
    """Where and as whom to register, and for how many seconds; 404 whose telephone is another, 503 without a secret."""
    agent_id = signed_in().account.agent_id
    if agent_id is None or not ports().directory.has_softphone(agent_id):
        abort(404)
    secret, url = settings().softphone_secret, settings().softphone_url
    if not secret or not url:
        detail = gettext("De softphone is hier niet ingericht. Vraag uw functioneel beheerder om hulp.")
        return problem(503, "softphone-not-set-up", gettext("Geen softphone"), detail)
    name = f"{int((ports().clock.now() + LIFE).timestamp())}:{agent_id}"
    return jsonify(
        url=url,
        user=agent_id,
        name=name,
        password=password_of(name, secret),
        seconds=int(LIFE.total_seconds()),
    )


def password_of(name: str, secret: bytes) -> str:
    """The password that belongs to the name."""
    return base64.b64encode(hmac.new(secret, name.encode(), hashlib.sha256).digest()).decode()
