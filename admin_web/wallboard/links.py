"""The secret links of wallboards.

A link is an HMAC-SHA256 over the board and its link number with the key of the sessions, so that nobody who reads the
database can make one, and a renewed number makes every older link worthless.
"""

from __future__ import annotations

import hmac

from admin_web.settings import settings
from cxcore.ports.wallboards import Wallboard

LETTERS = 32
"""Hexadecimal: 128 bits."""


def secret_of(board: Wallboard) -> str:
    """The secret part of the board's link."""
    words = f"wallboard\n{board.board_id}\n{board.link_number}".encode()
    return hmac.digest(settings().secret_key, words, "sha256").hex()[:LETTERS]


def opens(board: Wallboard, secret: str) -> bool:
    """Whether the secret is that of the board's present link."""
    return hmac.compare_digest(secret_of(board).encode(), secret.encode())
