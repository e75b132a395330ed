"""The key by which a customer's page comes back to its chat: signed, for one chat, for a day."""

from __future__ import annotations

import hmac

from flask import abort, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from admin_web.settings import settings
from cxcore.domain.contact import ContactId

KEY_HEADER = "X-Chat-Key"
KEY_SECONDS = 24 * 3600


def key_of(contact_id: ContactId, page: str) -> str:
    """What opens this chat on this page."""
    return str(_keys().dumps([contact_id, page]))


def own_chat(page: str) -> ContactId:
    """The chat that the key of this request opens; 401 without one, 404 on another page."""
    try:
        contact_id, key = _keys().loads(request.headers.get(KEY_HEADER, ""), max_age=KEY_SECONDS)
    except (BadSignature, ValueError, TypeError):
        abort(401)
    if key != page:
        abort(404)
    return ContactId(contact_id)


def identity(token: str) -> ContactId:
    """Who sends the same request again gets the same chat, and nobody can guess that of another."""
    digits = hmac.digest(settings().secret_key, f"cx-chat {token}".encode(), "sha256").hex()
    return ContactId(f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}")


def _keys() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="cx-chat")
