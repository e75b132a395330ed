"""Whether a request was signed with our secret, as Standard Webhooks are (github.com/standard-webhooks, 1.0.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

LONGEST_AGE_SECONDS = 300
PREFIX = "whsec_"


def is_signed(secret: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether one of the signatures is ours, over this body, not long ago. What is asked twice is done twice."""
    name, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (secret and name and timestamp.isdecimal() and len(timestamp) < 12):
        return False
    if abs(now.timestamp() - int(timestamp)) > LONGEST_AGE_SECONDS:
        return False
    try:
        key = base64.b64decode(secret.decode().removeprefix(PREFIX), validate=True)
    except (binascii.Error, UnicodeDecodeError):
        return False
    digest = hmac.digest(key, b".".join((name.encode(), timestamp.encode(), body)), hashlib.sha256)
    ours = f"v1,{base64.b64encode(digest).decode()}".encode()
    return any(hmac.compare_digest(ours, each.encode()) for each in headers.get("webhook-signature", "").split())
