"""The web process: `python -m admin_web.wsgi --config FILE`. The only module that calls cxcore.bootstrap."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from admin_web.app import create_app  # noqa: E402
from admin_web.server import serve  # noqa: E402
from admin_web.settings import WebSettings  # noqa: E402
from admin_web.web_ports import WebPorts  # noqa: E402
from cxcore.bootstrap import CANNOT_START, CannotStart, WebSide, build_web  # noqa: E402
from cxcore.config import Settings, SettingsError, load  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT: 0. 2 when a person must put something right first."""
    parser = argparse.ArgumentParser(prog="cx web", description="Serve the pages.")
    parser.add_argument("--config", type=Path, help="settings file (default: cx.yml)")
    try:
        settings = load(parser.parse_args(arguments).config)
        side = build_web(settings)
    except (SettingsError, CannotStart) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    web = web_settings(settings, side.session_key)
    return serve(create_app(web_ports(side), web), web)


def web_ports(side: WebSide) -> WebPorts:
    """The ports that pages may use."""
    storage = side.storage
    return WebPorts(
        side.controller, storage.accounts, storage.reports, side.directory, storage.audit, side.clock
    )


def web_settings(settings: Settings, session_key: bytes) -> WebSettings:
    """The part of the settings that concerns the pages."""
    https = settings.web.certificate is not None
    return WebSettings(session_key, settings.web.host, settings.web.port, https=https)


if __name__ == "__main__":
    sys.exit(main())
