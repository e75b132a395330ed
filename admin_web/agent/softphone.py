"""Credentials by which the agent's page registers its softphone at the SBC: made at each asking, good for minutes.

Each opened page registers as a user of its own, `anna~` and the page: the core dials the page that told it that it can
take calls, whichever registered last.

The user name of the credentials holds the instant at which it ends, the password is the HMAC-SHA256 of that name under
a secret that only the pages and the SBC know (Kamailio's auth_ephemeral; draft-uberti-behave-turn-rest-00). Nothing is
stored anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands.bodies import PAGE
from admin_web.problems import problem
from admin_web.settings import settings
from admin_web.web_ports import ports
from cxcore.domain.agent import OF_PAGE

softphone_routes = Blueprint("softphone_routes", __name__)

LIFE = timedelta(minutes=10)


@softphone_routes.post("/agent/softphone/credentials")
@permits(Permission.WORK_AT_DESK)
def credentials() -> ResponseReturnValue:
    """Where and as whom the page registers, and for how many seconds.

    400 without a page, 404 whose telephone is another, 503 without a secret.
    """
    agent_id = signed_in().account.agent_id
    if agent_id is None or not ports().directory.has_softphone(agent_id):
        abort(404)
    page = (request.get_json(silent=True) or {}).get("page")
    if not isinstance(page, str) or not PAGE.fullmatch(page):
        abort(400)
    secret, url = settings().softphone_secret, settings().softphone_url
    if not secret or not url:
        detail = gettext("De softphone is hier niet ingericht. Vraag uw functioneel beheerder om hulp.")
        return problem(503, "softphone-not-set-up", gettext("Geen softphone"), detail)
    user = f"{agent_id}{OF_PAGE}{page}"
    name = f"{int((ports().clock.now() + LIFE).timestamp())}:{user}"
    return jsonify(
        url=url,
        user=user,
        name=name,
        password=password_of(name, secret),
        seconds=int(LIFE.total_seconds()),
    )


def password_of(name: str, secret: bytes) -> str:
    """The password that belongs to the name."""
    return base64.b64encode(hmac.new(secret, name.encode(), hashlib.sha256).digest()).decode()
