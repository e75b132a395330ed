"""The web process: `python -m admin_web.wsgi [--config FILE]`. Only this module of the pages calls cxcore.bootstrap.

With gunicorn or another server of one's own: `make_app()` builds the same application.
"""

from __future__ import annotations

from gevent import monkey

# Before anything else is imported: sockets, threads and locks that were made earlier would block every page.
monkey.patch_all()

import argparse  # noqa: E402
import contextlib  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import secrets  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402

from flask import Flask  # noqa: E402

from admin_web.app import WebPorts, WebSettings, create_app  # noqa: E402
from admin_web.server import serve  # noqa: E402
from admin_web.web_ports import DeskPorts, MessagePorts  # noqa: E402
from cxcore.bootstrap.starting import CANNOT_START, CannotStart  # noqa: E402
from cxcore.bootstrap.web import build_web  # noqa: E402
from cxcore.config import Settings, SettingsError, load  # noqa: E402

log = logging.getLogger(__name__)

KEY_BYTES = 48


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT: 0. 2 when a person must put something right first."""
    parser = argparse.ArgumentParser(prog="cx web", description="Serve the pages.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (default: cx.yml)")
    options = parser.parse_args(arguments)
    try:
        settings = load(options.config)
        web_settings = web_settings_of(settings)
        app = make_app(settings, web_settings)
    except (SettingsError, CannotStart) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    return serve(app, web_settings)


def make_app(settings: Settings, web_settings: WebSettings) -> Flask:
    """The application, connected to the core."""
    side = build_web(settings)
    storage = side.storage
    ports = WebPorts(
        controller=side.controller,
        accounts=side.accounts,
        reports=storage.reports,
        directory=side.directory,
        audit=storage.audit,
        clock=side.clock,
        configurations=storage.configurations,
        texts=side.texts,
        wallboards=storage.wallboards,
        inspection=side.inspection,
        messages=MessagePorts(side.sounds, storage.messages, side.catalogue, storage.phone_pins),
        recordings=side.recordings,
        privacy=side.privacy,
        faults=side.faults,
        logs=side.logs,
        desk=DeskPorts(storage.employees, side.presence, storage.agent_calls, storage.desks),
        transcripts=side.transcripts,
    )
    return create_app(ports, web_settings)


def web_settings_of(settings: Settings) -> WebSettings:
    """Ours, from the site's."""
    return WebSettings(
        secret_key=session_key(settings.web_session_key_file),
        host=settings.web.host,
        port=settings.web.port,
        certificate=settings.web.certificate,
        certificate_key=settings.web.key,
        https=settings.web.certificate is not None,
        softphone_secret=softphone_secret(settings.softphone_secret_file),
        softphone_url=settings.websocket_url,
        marker_secret=marker_secret(settings.marker_secret_file),
        chat_starts=settings.chats.starts,
        whatsapp_secret=whatsapp_secret(settings.whatsapp.app_secret_file),
        whatsapp_word=whatsapp_secret(settings.whatsapp.verify_token_file),
    )


def softphone_secret(file: Path) -> bytes:
    """What `cx run` wrote for the SBC and us; empty where there are no softphones."""
    return file.read_bytes().strip() if file.is_file() else b""


def marker_secret(file: Path) -> bytes:
    """What an administrator agreed with another system; empty where there is none."""
    return file.read_bytes().strip() if file.is_file() else b""


def whatsapp_secret(file: Path | None) -> bytes:
    """One of the secrets agreed with Meta; empty where there is no WhatsApp."""
    return file.read_bytes().strip() if file is not None and file.is_file() else b""


def session_key(file: Path) -> bytes:
    """The key in the file; the first process that finds none writes it, for its owner's eyes only."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_key(file)
    return file.read_bytes().strip()


def _write_key(file: Path) -> None:
    # A link is made whole or not at all, so that two processes that start together end up with one key.
    with tempfile.NamedTemporaryFile(dir=file.parent) as draft:
        draft.write(secrets.token_urlsafe(KEY_BYTES).encode())
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, file)


if __name__ == "__main__":
    sys.exit(main())
