"""Posts letters to a web address, signed as Standard Webhooks are (github.com/standard-webhooks, version 1.0.0).

The receiver computes `HMAC-SHA256(secret, "ID.TIMESTAMP.BODY")` and compares it with what stands behind `v1,` in
`webhook-signature`, refuses an old `webhook-timestamp`, and takes a `webhook-id` once only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path

from cxcore.alerting.courier import NotDelivered
from cxcore.ports.outbox import KeptLetter

SECONDS = 10.0
SECRET_OCTETS = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 - how the standard marks a secret


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed body goes where the setting says, and nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Webhook:
    """`secret` is base64, with or without `whsec_` before it; `now` is the instant that is signed."""

    url: str
    secret: str
    now: Callable[[], datetime]

    def send(self, letter: KeptLetter) -> None:
        """Post it; an answer 2xx means that it was taken. Raises `NotDelivered`."""
        body = letter.letter.body.encode()
        request = urllib.request.Request(self.url, body, self._headers(letter, body))  # noqa: S310 - a setting
        try:
            with urllib.request.build_opener(_NoRedirect()).open(request, timeout=SECONDS):
                return
        except urllib.error.HTTPError as error:
            raise NotDelivered(f"the webhook answered {error.code}") from error
        except (OSError, HTTPException) as error:
            raise NotDelivered(f"the webhook does not answer: {error}") from error

    def _headers(self, letter: KeptLetter, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.now().timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "cx",
            "webhook-id": letter.letter_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": sign(self.secret, letter.letter_id, timestamp, body),
        }


def read_secret(file: Path) -> str:
    """The secret in the file; one is made, for its owner's eyes only, where there is none. Raises OSError."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        made = base64.b64encode(secrets.token_bytes(SECRET_OCTETS)).decode()
        file.write_text(f"{SECRET_PREFIX}{made}\n", encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def sign(secret: str, notice_id: str, timestamp: str, body: bytes) -> str:
    """What stands in `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, b".".join((notice_id.encode(), timestamp.encode(), body)), hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"
