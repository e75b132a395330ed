"""`/chat/<page>`: a customer writes to the municipality, without an account.

    GET  /chat/<page>             the page, which websites of the configuration may show in a frame
    GET  /chat/<page>/embed.js    a button for such a website, which opens the page in a frame
    POST /chat/<page>/start       {"text", "name", "address", "token"} → {"key"}
    POST /chat/<page>/write       {"text", "token"}
    POST /chat/<page>/type        the customer is writing
    GET  /chat/<page>/news        ?after=LINE&mark=…&read=LINE: answered when there is something new, or after some
                                  seconds; `read` is the last line that the customer has seen
    POST /chat/<page>/lose        the page is being closed, perhaps to be loaded anew
    POST /chat/<page>/leave       the customer ends the chat

The key is signed, opens one chat for a day, and travels in a header of our own: it is no cookie, so no other site can
use it, and it works in a frame where browsers keep cookies from. `token` is random and tells a request that is sent
again, because the answer was lost, from another. No text is logged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import cast

from flask import Blueprint, Response, abort, current_app, json, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_time, gettext

from admin_web import headers
from admin_web.auth.guard import origin, public
from admin_web.chat import forms, keys
from admin_web.chat.allowance import Allowance
from admin_web.chat.news import ChatBell, news
from admin_web.commands import bodies
from admin_web.commands.bodies import BadBody
from admin_web.presenters.chat import ended_words, refusal_words, script_texts_of_chat
from admin_web.presenters.rows import milliseconds
from admin_web.problems import problem
from admin_web.settings import settings
from admin_web.web_ports import ports
from cxcore.domain.chat import LONGEST_ADDRESS, LONGEST_LINE, LONGEST_NAME, ChatPage
from cxcore.domain.commands import Command, LeaveChat, LoseChat, SeeChat, StartChat, TypeInChat, WriteInChat
from cxcore.domain.contact import ContactId
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.controller import CommandRefused, ControllerUnavailable, QueueRow, Subject

chat_pages = Blueprint("chat_pages", __name__)

CUSTOMER = "customer"
"""Who asks, for the core."""
PATIENCE_SECONDS = 15.0
"""How long a request for news waits; the core takes a page for lost that is silent for three times as long."""
LINES_A_MINUTE = 30
NEWS_A_MINUTE = 240
TYPING_A_MINUTE = 40


@chat_pages.get("/chat/<page>")
@public
def page(page: str) -> ResponseReturnValue:
    """The page; what happens on it comes by `news`."""
    found = _page(page)
    headers.framed_by(*found.origins)
    queue = _queue(found)
    closed = queue is not None and not queue.open
    texts = script_texts_of_chat()
    given = {"longest": LONGEST_LINE, "longest_name": LONGEST_NAME, "longest_address": LONGEST_ADDRESS}
    return render_template("chat.html", page=found, closed=closed, opens=_opens(queue), texts=texts, **given)


@chat_pages.get("/chat/<page>/embed.js")
@public
def embed(page: str) -> Response:
    """A script of its own for each page, so that a website needs one line."""
    _page(page)
    headers.for_every_site()
    address = url_for("chat_pages.page", page=page, _external=True)
    words = {"open": gettext("Chat met ons"), "close": gettext("Chat sluiten"), "title": gettext("Chat")}
    text = render_template("chat_embed.js", address=json.dumps(address), words=json.dumps(words, ensure_ascii=False))
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "public, max-age=300"})


@chat_pages.post("/chat/<page>/start")
@public
def start(page: str) -> ResponseReturnValue:
    """200 with the key of the chat; 409 when the queue takes none, 429 for too many from one address."""
    found = _page(page)
    if not _allowance("starts", settings().chat_starts, timedelta(minutes=10)).allows(origin(), ports().clock.now()):
        return problem(429, "too-many-chats", gettext("Te veel chats"), refusal_words("too-many-chats"))
    try:
        body = bodies.read_body()
        text, token = forms.text(body), forms.token(body)
        name, address = forms.short(body, "name"), forms.short(body, "address")
    except BadBody as error:
        return bodies.refuse_body(error)
    contact_id = keys.identity(token)
    command = StartChat(CUSTOMER, contact_id, found.key, text, name, address, token)
    return _submit(command, lambda: {"key": keys.key_of(contact_id, found.key)})


@chat_pages.post("/chat/<page>/write")
@public
def write(page: str) -> ResponseReturnValue:
    """204 when the line stands there."""
    contact_id = keys.own_chat(page)
    if not _allowance("lines", LINES_A_MINUTE, timedelta(minutes=1)).allows(contact_id, ports().clock.now()):
        return problem(429, "too-many-lines", gettext("Te veel berichten"), refusal_words("too-many-lines"))
    try:
        body = bodies.read_body()
        command = WriteInChat(CUSTOMER, contact_id, forms.text(body), forms.token(body))
    except BadBody as error:
        return bodies.refuse_body(error)
    return _submit(command)


@chat_pages.post("/chat/<page>/type")
@public
def type_in(page: str) -> ResponseReturnValue:
    """204; one too many is left out without a word, since the page says it again."""
    contact_id = keys.own_chat(page)
    if not _allowance("typing", TYPING_A_MINUTE, timedelta(minutes=1)).allows(contact_id, ports().clock.now()):
        return "", 204
    return _submit(TypeInChat(CUSTOMER, contact_id))


@chat_pages.get("/chat/<page>/news")
@public
def hear(page: str) -> ResponseReturnValue:
    """Where the chat stands and the lines after `after`, as soon as that is something else than `mark` says."""
    contact_id = keys.own_chat(page)
    if not _allowance("news", NEWS_A_MINUTE, timedelta(minutes=1)).allows(contact_id, ports().clock.now()):
        return problem(429, "too-much-news", gettext("Te veel berichten"), refusal_words("too-many-lines"))
    after, mark = request.args.get("after", 0, int), request.args.get("mark", "")
    present = _tell_presence(contact_id, request.args.get("read", 0, int))
    bell: ChatBell = current_app.extensions.setdefault("cx-chat-bell", ChatBell(ports().controller))
    with bell.heard(contact_id) as event:
        found = _news(contact_id, after, present)
        if present and found["mark"] == mark and not found["lines"]:
            event.wait(PATIENCE_SECONDS)
            found = _news(contact_id, after, present)
    return found


@chat_pages.post("/chat/<page>/lose")
@public
def lose(page: str) -> ResponseReturnValue:
    """The page is being closed."""
    return _submit(LoseChat(CUSTOMER, keys.own_chat(page)))


@chat_pages.post("/chat/<page>/leave")
@public
def leave(page: str) -> ResponseReturnValue:
    """The customer has done."""
    return _submit(LeaveChat(CUSTOMER, keys.own_chat(page)))


def _page(key: str) -> ChatPage:
    found = ports().directory.chat_page(key)
    if found is None or found.whatsapp:
        abort(404)
    return found


def _queue(page: ChatPage) -> QueueRow | None:
    """The queue now; while the core is not heard of, its hours are not known and the form is shown."""
    try:
        row = ports().controller.picture().rows.get((Subject.QUEUE, page.queue_id))
    except ControllerUnavailable:
        return None
    return row if isinstance(row, QueueRow) else None


def _opens(queue: QueueRow | None) -> str:
    """When the queue opens next, in words; empty when nobody knows."""
    if queue is None or queue.open or queue.opens_at is None:
        return ""
    at = queue.opens_at.astimezone(AMSTERDAM)
    day, time = format_date(at, "EEEE d MMMM"), format_time(at, "HH:mm")
    return str(gettext("De chat gaat weer open op %(day)s om %(time)s uur.", day=day, time=time))


def _allowance(name: str, most: int, period: timedelta) -> Allowance:
    return cast(Allowance, current_app.extensions.setdefault(f"cx-chat-{name}", Allowance(most, period)))


def _tell_presence(contact_id: ContactId, read: int) -> bool:
    """Whether the chat runs; the core hears that its page is there. A core that is away hears it next time."""
    try:
        ports().controller.submit(SeeChat(CUSTOMER, contact_id, read))
    except CommandRefused:
        return False
    return True


def _news(contact_id: ContactId, after: int, runs: bool) -> dict[str, object]:
    found = dict(news(ports().controller.picture(), contact_id, after, runs))
    stands = json.dumps({name: value for name, value in found.items() if name != "lines"}, sort_keys=True)
    found["mark"] = hashlib.sha256(stands.encode()).hexdigest()[:16]
    found["now"] = milliseconds(ports().clock.now())
    if found["state"] == "ended":
        found["words"] = ended_words(found["end"])
    return found


def _submit(command: Command, answer: Callable[[], ResponseReturnValue] | None = None) -> ResponseReturnValue:
    try:
        ports().controller.submit(command)
    except CommandRefused as refused:
        return problem(409, refused.code, gettext("Dit kan nu niet"), refusal_words(refused.code))
    except ControllerUnavailable:
        return problem(503, "core-unavailable", gettext("Tijdelijk niet bereikbaar"), refusal_words("core-unavailable"))
    return ("", 204) if answer is None else answer()
