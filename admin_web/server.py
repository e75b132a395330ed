"""Serves the application with gevent's own WSGI server: one greenlet per request and per live page.

Whoever imports this has called `gevent.monkey.patch_all()` before anything else.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable

import gevent
from flask import Flask
from gevent.pywsgi import WSGIHandler, WSGIServer

from admin_web.settings import WebSettings

log = logging.getLogger(__name__)

BACKLOG = 512
"""Three hundred pages come back at once when a web process restarts."""
STOP_SECONDS = 2.0


class RequestOnConnection(WSGIHandler):  # type: ignore[misc]
    """One request on its connection. Requests are logged at debug only: addresses of users are personal data."""

    def run_application(self) -> None:
        """What a browser still sends on a live page's connection is no next request."""
        super().run_application()
        if "websocket" in self.environ.get("HTTP_UPGRADE", "").lower():
            self.close_connection = True

    def log_request(self) -> None:
        """One line per request, for those who look for a fault."""
        log.debug("%s", self.format_request())


def make_server(app: Callable[..., object], settings: WebSettings) -> WSGIServer:
    """A server that listens once started; port 0 takes a free one."""
    tls = {}
    if settings.certificate is not None and settings.certificate_key is not None:
        tls = {"certfile": str(settings.certificate), "keyfile": str(settings.certificate_key)}
    address = (settings.host, settings.port)
    options = {"backlog": BACKLOG, "handler_class": RequestOnConnection, "log": None, "error_log": log}
    server = WSGIServer(address, app, **options, **tls)
    server.stop_timeout = STOP_SECONDS
    return server


def serve(app: Flask, settings: WebSettings) -> int:
    """Serve until SIGTERM or SIGINT; returns 0, or 1 when the address cannot be had."""
    server = make_server(app, settings)
    try:
        server.start()
    except OSError as error:
        where = f"{settings.host} port {settings.port}"
        log.error("cannot listen on %s (%s); stop what uses it, or set web.port", where, error.strerror)  # noqa: TRY400
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, server.stop)
    log.info("pages at %s://%s:%s/", "https" if settings.https else "http", settings.host, server.server_port)
    server.serve_forever()
    return 0
