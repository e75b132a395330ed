"""`/hooks/whatsapp`: Meta tells what customers wrote to our WhatsApp numbers, and which lines did not arrive.

    GET   ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…   the challenge, when the address is set up at Meta
    POST  {"object": "whatsapp_business_account", "entry": […]}    signed: X-Hub-Signature-256: sha256=HEX

Sources, at developers.facebook.com (read in December 2026): docs/graph-api/webhooks/getting-started (verification,
signature); documentation/business-messaging/whatsapp/webhooks/reference/messages (the bodies, statuses, errors) and
business-scoped-user-ids (who took a username has no number here, but `from_user_id` and `user_id`). Meta delivers at
least once, and again for days when it is not answered 200; the core knows a message by its id. No text and no number is
logged. No line of this was tried against Meta.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.csrf import accepts
from admin_web.auth.guard import public
from admin_web.commands.routes import core_is_away
from admin_web.problems import problem
from admin_web.settings import settings
from admin_web.web_ports import ports
from cxcore.domain.commands import Command, NoteRead, NoteUndelivered, TakeMessage
from cxcore.domain.contact import ContactId
from cxcore.domain.numbers import USER_ID
from cxcore.ports.controller import CommandRefused, ControllerUnavailable

log = logging.getLogger(__name__)

whatsapp = Blueprint("whatsapp", __name__)

BY = "whatsapp"
"""Who asks, for the core."""
LARGEST = 3 * 1024 * 1024
"""Bytes; Meta sends no more at once (webhooks/components)."""
CHALLENGE = re.compile(r"[0-9A-Za-z_-]{1,200}")
SENDER = re.compile(r"[1-9][0-9]{6,14}")
LONGEST_ID = 300
REFERENCE = re.compile(r"([0-9a-z-]{2,40})/([0-9]{1,4})")
CODE = re.compile(r"[0-9]{1,7}")
UNWRITTEN: Mapping[str, str] = {
    "image": "[afbeelding]",
    "video": "[video]",
    "audio": "[spraakbericht]",
    "document": "[document]",
    "sticker": "[sticker]",
    "location": "[locatie]",
    "contacts": "[contactgegevens]",
    "order": "[bestelling]",
}
"""What an agent sees instead of what is no text, which stays at Meta."""
UNREADABLE = "[bericht dat hier niet te lezen is]"
UNSAID = frozenset({"reaction", "system"})
"""Nobody wrote anything: a thumb at a line, a number that changed."""

Json = Mapping[str, Any]


@whatsapp.get("/hooks/whatsapp")
@public
def verify() -> ResponseReturnValue:
    """The challenge for who knows our word; 404 where there is no WhatsApp, 403 for anybody else."""
    if not (settings().whatsapp_secret and settings().whatsapp_word):
        abort(404)
    word, challenge = request.args.get("hub.verify_token", ""), request.args.get("hub.challenge", "")
    knows = hmac.compare_digest(word.encode(), settings().whatsapp_word)
    if not knows or request.args.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
        abort(403)
    return Response(challenge, mimetype="text/plain")


@whatsapp.post("/hooks/whatsapp")
@public
@accepts(LARGEST)
def hear() -> ResponseReturnValue:
    """200 when the core has it; 503 while it is away, so that Meta delivers it again; 401 for a wrong signature."""
    if not (settings().whatsapp_secret and settings().whatsapp_word):
        abort(404)
    raw = request.get_data()
    if not is_signed(settings().whatsapp_secret, request.headers.get("X-Hub-Signature-256", ""), raw):
        return problem(401, "not-signed", gettext("Niet toegestaan"), gettext("De ondertekening klopt niet."))
    for command in commands_in(_object(raw)):
        try:
            ports().controller.submit(command)
        except CommandRefused as refused:
            log.warning("what WhatsApp delivered is not taken (%s): %s", type(command).__name__, refused.code)
        except ControllerUnavailable:
            return core_is_away()
    return "", 200


def is_signed(secret: bytes, signature: str, raw: bytes) -> bool:
    """Whether Meta signed these bytes with the secret of our app."""
    ours = f"sha256={hmac.digest(secret, raw, hashlib.sha256).hex()}"
    return hmac.compare_digest(ours.encode(), signature.encode())


def _object(raw: bytes) -> Json:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        abort(400)
    return _mapping(found)


def commands_in(body: Json) -> Iterator[Command]:
    """What the core is told, in the order in which it is written; what has another form than Meta's is left out."""
    for entry in _list(body.get("entry")):
        for change in _list(entry.get("changes")):
            if change.get("field") == "messages":
                yield from _commands(_mapping(change.get("value")))


def _commands(value: Json) -> Iterator[Command]:
    via = str(_mapping(value.get("metadata")).get("phone_number_id") or "")
    contacts = _list(value.get("contacts"))
    for message in _list(value.get("messages")):
        token, text = message.get("id"), text_of(message)
        sender = _sender(message, contacts)
        if sender and isinstance(token, str) and 0 < len(token) <= LONGEST_ID and text:
            yield TakeMessage(BY, via, sender, text, _name(message, contacts), token)
    for status in _list(value.get("statuses")):
        yield from _became(status)
    for code in _codes(value):
        log.warning("WhatsApp tells of trouble with our account or number: code %s", code)


def _sender(message: Json, contacts: list[Json]) -> str:
    """The phone number, else the id of who hides it; empty when neither is there."""
    number = _string(message.get("from"))
    if SENDER.fullmatch(number):
        return f"+{number}"
    alone = contacts[0] if len(contacts) == 1 else {}
    user_id = _string(message.get("from_user_id")) or _string(alone.get("user_id"))
    return user_id if USER_ID.fullmatch(user_id) else ""


def _name(message: Json, contacts: list[Json]) -> str:
    """What the sender calls himself, with the username of who has one."""
    number, user_id = _string(message.get("from")), _string(message.get("from_user_id"))
    own = [each for each in contacts if (number or user_id) in (each.get("wa_id"), each.get("user_id"))]
    profile = _mapping((own or contacts or [{}])[0].get("profile")) if own or len(contacts) == 1 else {}
    name, username = _string(profile.get("name")), _string(profile.get("username"))
    return " ".join(filter(None, (name, f"@{username.removeprefix('@')}" if username else "")))


def _became(status: Json) -> Iterator[Command]:
    """What became of a line of ours: that it failed, or was read. That it arrived is not shown."""
    reference = REFERENCE.fullmatch(str(status.get("biz_opaque_callback_data") or ""))
    if reference is None:
        return
    contact_id, line = ContactId(reference[1]), int(reference[2])
    if status.get("status") == "failed":
        yield NoteUndelivered(BY, contact_id, line, next(iter(_codes(status)), "0"))
    elif status.get("status") == "read":
        yield NoteRead(BY, contact_id, line)


def _codes(told: Json) -> list[str]:
    codes = [str(each.get("code")) for each in _list(told.get("errors"))]
    return [each for each in codes if CODE.fullmatch(each)]


def text_of(message: Json) -> str:
    """What an agent reads of it; empty for what says nothing."""
    kind = str(message.get("type"))
    if kind in UNSAID:
        return ""
    part = _mapping(message.get(kind))
    if kind == "text":
        return _string(part.get("body"))
    if kind == "button":
        return _string(part.get("text")) or UNREADABLE
    if kind == "interactive":
        return _string(_mapping(part.get(_string(part.get("type")))).get("title")) or UNREADABLE
    instead = UNWRITTEN.get(kind, UNREADABLE)
    return " ".join(filter(None, (instead, _string(part.get("filename")), _string(part.get("caption")))))


def _string(found: object) -> str:
    return found if isinstance(found, str) else ""


def _mapping(found: object) -> Json:
    return found if isinstance(found, dict) else {}


def _list(found: object) -> list[Json]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
