"""How the web process behaves; `cxcore.config` fills it from the site's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

from flask import current_app


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`secret_key` signs sessions and must be the same in all web processes of a site; at least 32 bytes."""

    secret_key: bytes
    host: str = "127.0.0.1"
    port: int = 8080
    certificate: Path | None = None
    certificate_key: Path | None = None
    """With both, this process speaks TLS itself."""
    https: bool = False
    """Whether browsers come over HTTPS: cookies are Secure then, and HSTS is sent."""
    trusted_proxies: int = 0
    """How many proxies stand before us, each adding to X-Forwarded-For."""
    softphone_secret: bytes = b""
    """Makes the credentials of softphones; empty where there are none."""
    softphone_url: str = ""
    """Where softphones register, `ws://127.0.0.1:5066`."""
    marker_secret: bytes = b""
    """Signs what other systems say about recordings; empty where none may."""
    whatsapp_secret: bytes = b""
    """Signs what Meta tells of WhatsApp: the secret of the app; empty where there is no WhatsApp."""
    whatsapp_word: bytes = b""
    """What Meta shows when it is told our address."""
    idle_limit: timedelta = timedelta(minutes=15)
    """A session ends after this time without a request, except at an agent's desk whose page is live."""
    absolute_limit: timedelta = timedelta(hours=10)
    sign_in_attempts: int = 5
    """Failures for one account from one address before it is locked out."""
    sign_in_attempts_per_address: int = 50
    """Failures from one address, over all accounts: many agents may share one address."""
    lock_out: timedelta = timedelta(minutes=5)
    chat_starts: int = 10
    """Chats that one address may begin in ten minutes."""
    live_rows: int = 5000
    """Changed rows that may wait for one browser; a browser that is further behind starts afresh."""
    live_sockets: int = 1000
    """Live pages that one web process serves."""
    send_limit: timedelta = timedelta(seconds=10)
    """How long a browser may take to accept what is sent to it."""

    def __post_init__(self) -> None:
        if len(self.secret_key) < 32:
            raise ValueError(f"the secret key has {len(self.secret_key)} bytes; give it at least 32 random ones")


def settings() -> WebSettings:
    """The settings of the application that serves the present request."""
    return cast(WebSettings, current_app.extensions["cx-settings"])
