"""The web process: `python -m admin_web.wsgi [options of cx web]`. The only module that calls cxcore.bootstrap."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import logging  # noqa: E402
import sys  # noqa: E402

from admin_web.app import create_app  # noqa: E402
from admin_web.server import serve  # noqa: E402
from cxcore.bootstrap import build_web  # type: ignore[import-not-found]  # noqa: E402


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or SIGINT; 0 after an orderly end."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    ports, settings = build_web(arguments)
    return serve(create_app(ports, settings), settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
