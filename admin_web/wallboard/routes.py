"""The pages of wallboards.

    GET  /wallboards                          the boards of this site, for who makes them
    GET  /wallboards/<board_id>               the editor; PUT keeps the board
    GET  /wallboard/<board_id>/<secret>       the board on the wall: no sign-in, nothing personal
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auditing import note_action
from admin_web.auth.guard import permits, public, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands.bodies import BadBody, read_body, refuse_body
from admin_web.presenters.wallboards import measures, tile_kinds, wallboard_texts
from admin_web.problems import problem
from admin_web.wallboard.layouts import present_board, read_flag, read_name, read_tiles, read_version
from admin_web.wallboard.links import opens, secret_of
from admin_web.wallboard.starting import first_tiles
from admin_web.wallboard.trend import trend
from admin_web.web_ports import ports
from cxcore.ports.audit import AuditResult
from cxcore.ports.wallboards import BoardOvertaken, Wallboard

wallboards = Blueprint("wallboards", __name__)

MOST_BOARDS = 100
ID_BYTES = 6


@wallboards.get("/wallboards")
@permits(Permission.MAKE_WALLBOARDS)
def boards() -> str:
    """Every board."""
    return render_template("wallboards.html", boards=ports().wallboards.all())


@wallboards.post("/wallboards")
@permits(Permission.MAKE_WALLBOARDS)
def make() -> ResponseReturnValue:
    """A new board, with tiles to begin with; then its editor."""
    if len(ports().wallboards.all()) >= MOST_BOARDS:
        abort(409)
    try:
        name = read_name(request.form)
    except BadBody:
        return redirect(url_for("wallboards.boards"))
    board = Wallboard(
        secrets.token_hex(ID_BYTES), name, False, first_tiles(), 1, 1, signed_in().account.username, ports().clock.now()
    )
    _keep(board, "make-wallboard")
    return redirect(url_for("wallboards.edit", board_id=board.board_id))


@wallboards.get("/wallboards/<board_id>")
@permits(Permission.MAKE_WALLBOARDS)
def edit(board_id: str) -> str:
    """The editor, with the board as it is on the wall."""
    board = _found(board_id)
    return render_template(
        "wallboard_editor.html",
        board=board, shown=present_board(board), link=_link(board), measures=measures(), kinds=tile_kinds(),
        texts=wallboard_texts(),
    )  # fmt: skip


@wallboards.put("/wallboards/<board_id>")
@permits(Permission.MAKE_WALLBOARDS)
def change(board_id: str) -> ResponseReturnValue:
    """Keep what the editor made; 409 when somebody else was first."""
    board = _found(board_id)
    try:
        body = read_body()
        changed = replace(
            board, name=read_name(body), dark=read_flag(body, "dark"), tiles=read_tiles(body),
            version=read_version(body) + 1, by=signed_in().account.username, at=ports().clock.now(),
        )  # fmt: skip
    except BadBody as error:
        return refuse_body(error)
    try:
        _keep(changed, "change-wallboard")
    except BoardOvertaken as overtaken:
        return _overtaken(overtaken.latest)
    return jsonify(version=changed.version)


def _overtaken(latest: Wallboard) -> ResponseReturnValue:
    detail = gettext(
        "%(name)s heeft dit wallboard intussen gewijzigd. Laad de pagina opnieuw om verder te gaan.", name=latest.by
    )
    return problem(409, "overtaken", gettext("Niet bewaard"), detail)


@wallboards.post("/wallboards/<board_id>/renew-link")
@permits(Permission.MAKE_WALLBOARDS)
def renew_link(board_id: str) -> ResponseReturnValue:
    """Make another secret link; screens that show the old one go dark."""
    board = _found(board_id)
    renewed = replace(
        board, link_number=board.link_number + 1, version=board.version + 1,
        by=signed_in().account.username, at=ports().clock.now(),
    )  # fmt: skip
    try:
        _keep(renewed, "renew-wallboard-link")
    except BoardOvertaken:
        abort(409)
    return redirect(url_for("wallboards.edit", board_id=board_id))


@wallboards.post("/wallboards/<board_id>/remove")
@permits(Permission.MAKE_WALLBOARDS)
def remove(board_id: str) -> ResponseReturnValue:
    """Take the board away, on every screen."""
    board = _found(board_id)
    ports().wallboards.remove(board.board_id)
    note_action("remove-wallboard", f"board_id={board_id} name={board.name}", AuditResult.DONE)
    return redirect(url_for("wallboards.boards"))


@wallboards.get("/wallboards/<board_id>/trend")
@permits(Permission.MAKE_WALLBOARDS)
def own_trend(board_id: str) -> ResponseReturnValue:
    """The figures of a chart, for the editor."""
    return _trend(_found(board_id))


@wallboards.get("/wallboard/<board_id>/<secret>")
@public
def show(board_id: str, secret: str) -> str:
    """The board on the wall."""
    board = opened(board_id, secret)
    return render_template("wallboard.html", board=board, shown=present_board(board), texts=wallboard_texts())


@wallboards.get("/wallboard/<board_id>/<secret>/version")
@public
def version(board_id: str, secret: str) -> ResponseReturnValue:
    """Which version the board has now: a screen that shows another one loads anew."""
    return jsonify(version=opened(board_id, secret).version)


@wallboards.get("/wallboard/<board_id>/<secret>/trend")
@public
def public_trend(board_id: str, secret: str) -> ResponseReturnValue:
    """The figures of a chart, for the wall."""
    return _trend(opened(board_id, secret))


def opened(board_id: str, secret: str) -> Wallboard:
    """The board that the secret link opens; 404 for any other, which tells nothing of what there is."""
    board = ports().wallboards.find(board_id)
    if board is None or not opens(board, secret):
        abort(404)
    return board


def _trend(board: Wallboard) -> ResponseReturnValue:
    """Of one tile of the board, so that a link opens no other queue than its board shows."""
    number = request.args.get("tile", "")
    if not number.isdecimal() or int(number) >= len(board.tiles):
        abort(404)
    return jsonify(trend(ports(), board.tiles[int(number)].queue_ids))


def _found(board_id: str) -> Wallboard:
    board = ports().wallboards.find(board_id)
    if board is None:
        abort(404)
    return board


def _keep(board: Wallboard, action: str) -> None:
    ports().wallboards.save(board)
    note_action(action, f"board_id={board.board_id} version={board.version} name={board.name}", AuditResult.DONE)


def _link(board: Wallboard) -> str:
    return url_for("wallboards.show", board_id=board.board_id, secret=secret_of(board), _external=True)
