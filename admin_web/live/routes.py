"""`/live/desk`, `/live/floor` and `/live/wallboard/…`: one WebSocket per open page."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, abort, current_app, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server

from admin_web.auth.guard import is_same_origin, may, permits, presence, public, signed_in
from admin_web.auth.permissions import Permission
from admin_web.auth.sessions import Limits, Presence, SignedIn
from admin_web.commands.bodies import PAGE
from admin_web.live.fanout import Fanout, TooManyPages
from admin_web.live.page import LivePage
from admin_web.live.socket import MOST_RECEIVED_BYTES, PING_SECONDS, LiveSocket
from admin_web.live.views import DeskView, FloorView, View, WallboardView
from admin_web.settings import WebSettings, settings
from admin_web.wallboard.routes import opened
from admin_web.web_ports import WebPorts, ports
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import LeaveSoftphone
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.controller import CommandRefused, ControllerUnavailable
from cxcore.ports.wallboards import TileKind, Wallboard

log = logging.getLogger(__name__)

WITH_QUEUES = (TileKind.FIGURE, TileKind.QUEUES, TileKind.TREND, TileKind.ALARMS)
LINK_CHECK = timedelta(seconds=10)
TRY_AGAIN_LATER = 1013
"""RFC 6455 registry: the server is full; the page tries again, later and later."""


def add_live(app: Flask, web_ports: WebPorts, limits: WebSettings) -> None:
    """Register the sockets."""
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING_SECONDS, "max_message_size": MOST_RECEIVED_BYTES}
    app.extensions["cx-fanout"] = Fanout(web_ports.controller, limits.live_rows, limits.live_sockets)
    sock = Sock()
    sock.route("/live/desk")(desk)
    sock.route("/live/floor")(floor)
    sock.route("/live/wallboard/<board_id>/<secret>")(wallboard)
    sock.init_app(app)
    app.before_request_funcs.setdefault(None, []).append(check_live_request)


def check_live_request() -> None:
    """Cookies go along with a WebSocket that another site opens, so its origin is checked here.

    Compression is not agreed to: it would cost each page 300 kB and each message a deflate of its own.
    """
    if not request.path.startswith("/live/"):
        return
    if not is_same_origin():
        abort(403)
    request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)


@permits(Permission.WORK_AT_DESK)
def desk(web_socket: Server) -> None:
    """The agent's page."""
    who = signed_in()
    agent_id = who.account.agent_id
    if agent_id is not None:
        try:
            _serve(web_socket, DeskView(agent_id), _watch(who))
        finally:
            _tell_departure(who, agent_id)


def _tell_departure(who: SignedIn, agent_id: AgentId) -> None:
    """The page may have been a softphone, which is not to be rung any more."""
    page = request.args.get("page", "")
    if not PAGE.fullmatch(page) or not ports().directory.has_softphone(agent_id):
        return
    try:
        ports().controller.submit(LeaveSoftphone(who.account.username, agent_id, page))
    except (CommandRefused, ControllerUnavailable) as error:
        log.warning("the core was not told that a softphone's page is gone: %s", error)


@permits(Permission.SEE_FLOOR)
def floor(web_socket: Server) -> None:
    """The supervisor's page."""
    _serve(web_socket, FloorView(may(Permission.SEE_CONTACTS)), _watch(signed_in()))


@public
def wallboard(web_socket: Server, board_id: str, secret: str) -> None:
    """A board on a wall; it goes dark when its link is renewed or the board is taken away."""
    board = opened(board_id, secret)
    shown = [frozenset(tile.queue_ids) for tile in board.tiles if tile.kind in WITH_QUEUES]
    queue_ids = frozenset() if not all(shown) else frozenset().union(*shown)
    _serve(web_socket, WallboardView(queue_ids), _watch_link(board))


def _serve(web_socket: Server, view: View, may_look: Callable[[datetime], bool]) -> None:
    fanout: Fanout = current_app.extensions["cx-fanout"]
    socket = LiveSocket(web_socket, settings().send_limit.total_seconds())
    try:
        outbox = fanout.open(view, socket.wake)
    except TooManyPages as error:
        log.warning("a page was turned away: %s", error)
        socket.close(TRY_AGAIN_LATER)
        return
    page = LivePage(socket, outbox, ports().controller, ports().clock, may_look)
    try:
        page.serve()
    except (OSError, ConnectionClosed) as error:
        log.debug("a live page was lost: %s", error)
    finally:
        fanout.close(outbox)


def _watch(who: SignedIn) -> Callable[[datetime], bool]:
    """Whether the session still holds. A desk keeps its session alive by asking for `/session/alive`."""
    here: Presence = presence()
    limits: Limits = current_app.extensions["cx-limits"]

    def may_look(now: datetime) -> bool:
        over = limits.expired(who.signed_in_at, here.last_seen(who), now)
        return not over and not here.is_ended(who.session_id)

    return may_look


def _watch_link(board: Wallboard) -> Callable[[datetime], bool]:
    """Whether the link still opens the board, looked up now and then. While the database is away it holds."""
    boards = ports().wallboards
    looked_at = ports().clock.now()
    holds = True

    def may_look(now: datetime) -> bool:
        nonlocal looked_at, holds
        if now - looked_at >= LINK_CHECK:
            looked_at = now
            with contextlib.suppress(LogUnavailable):
                present = boards.find(board.board_id)
                holds = present is not None and present.link_number == board.link_number
        return holds

    return may_look
