"""Sends the lines of chats by WhatsApp (port `cxcore.ports.messenger`): Meta's Cloud API.

    POST https://graph.facebook.com/VERSION/PHONE_NUMBER_ID/messages     Authorization: Bearer TOKEN

Sources, at developers.facebook.com/documentation/business-messaging/whatsapp (read in December 2026):
messages/text-messages (the request), support/error-codes (which codes pass by themselves; 131047 after 24 hours),
business-scoped-user-ids (`recipient` in place of `to` for who hides the phone number),
webhooks/reference/messages/status (`biz_opaque_callback_data`). No line of this was tried against Meta.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from cxcore.alerting.courier import NotDelivered, NotWanted
from cxcore.domain.chat import Author
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ChatWritten, Fact
from cxcore.ports.messenger import MessageRefused, Messenger, MessengerAway
from cxcore.ports.outbox import KeptLetter, Letter, Way
from cxcore.ports.transcripts import Transcripts, TranscriptUnreadable

SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024
PASSING = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004})
"""Codes of limits and of a service that is out of order: the same request may be taken later."""
OURS = frozenset({0, 3, 10, 33, 190, *range(200, 300), 368, 131005, 131031, 131042, 131045, 133010})
"""Codes of the account, its number and its token: an operator puts them right, and then it is taken."""
GONE = "gone"
"""The text or the number was erased before the line was sent."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes where the setting says, and nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class CloudMessenger:
    """Implements `Messenger`. `api` is the address with the version: `https://graph.facebook.com/v26.0`; the token is
    read for each message, so that a new one counts at once."""

    api: str
    token_file: Path

    def send(self, via: str, to: str, text: str, reference: str) -> None:
        """Post it. Raises `MessengerAway` and `MessageRefused`."""
        request = urllib.request.Request(f"{self.api}/{via}/messages", _body(to, text, reference), self._headers())  # noqa: S310 - a setting
        try:
            with urllib.request.build_opener(_NoRedirect()).open(request, timeout=SECONDS):
                return
        except urllib.error.HTTPError as error:
            _refuse(error)
        except (OSError, HTTPException) as error:
            raise MessengerAway(f"WhatsApp does not answer: {error}") from error

    def _headers(self) -> dict[str, str]:
        try:
            token = self.token_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise MessengerAway("the file of the access token cannot be read") from error
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "User-Agent": "cx"}


def _body(to: str, text: str, reference: str) -> bytes:
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to" if to.startswith("+") else "recipient": to,
        "type": "text",
        "text": {"preview_url": False, "body": text},
        "biz_opaque_callback_data": reference,
    }
    return json.dumps(body).encode()


def _refuse(error: urllib.error.HTTPError) -> None:
    """By the code in the answer, which counts more than its status (support/error-codes)."""
    code = _code(error)
    if error.code == 429 or error.code >= 500 or 300 <= error.code < 400 or code is None or code in PASSING | OURS:
        raise MessengerAway(f"WhatsApp answered {error.code}, code {code}") from error
    raise MessageRefused(str(code)) from error


def _code(error: urllib.error.HTTPError) -> int | None:
    try:
        found: Any = json.loads(error.read(LARGEST_ANSWER))["error"]["code"]
    except (OSError, HTTPException, ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, int) else None


# --- Letters ---------------------------------------------------------------------------------------------------------


def letters_of(fact: Fact) -> tuple[Letter, ...]:
    """What we write in a chat that goes by WhatsApp leaves as a letter: which line it is, and its sealed text."""
    if not isinstance(fact, ChatWritten) or not fact.via or fact.author is Author.CUSTOMER:
        return ()
    body = json.dumps({"number": fact.number, "via": fact.via, "sealed": fact.sealed})
    return (Letter(Way.WHATSAPP, fact.contact_id, body),)


def line_of(letter: KeptLetter) -> tuple[ContactId, int]:
    """Of which chat it is which line."""
    return ContactId(letter.letter.subject), int(json.loads(letter.letter.body)["number"])


@dataclass(frozen=True, slots=True)
class LineSender:
    """Sends a letter that holds a line. `number_of` knows the phone number of a contact, if it was not erased."""

    messenger: Messenger
    transcripts: Transcripts
    number_of: Callable[[ContactId], str | None]

    def send(self, letter: KeptLetter) -> None:
        """Open it and send it. Raises `NotDelivered`; `NotWanted` when it will never be taken."""
        (contact_id, number), line = line_of(letter), json.loads(letter.letter.body)
        to = self.number_of(contact_id)
        if not to:
            raise NotWanted(GONE)
        try:
            text = self.transcripts.open(contact_id, number, line["sealed"])
            self.messenger.send(line["via"], to, text, f"{contact_id}/{number}")
        except TranscriptUnreadable as error:
            raise NotWanted(GONE) from error
        except MessageRefused as refused:
            raise NotWanted(str(refused)) from refused
        except MessengerAway as away:
            raise NotDelivered(str(away)) from away
