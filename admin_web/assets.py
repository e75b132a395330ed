"""Static files, each under an address that changes with its content, so that browsers may keep them for good.

`/static/<version>/js/live.js`: the version covers all files, because modules import each other by relative address.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, send_from_directory, url_for

from admin_web.auth.guard import public

FOLDER = Path(__file__).parent / "static"
ONE_YEAR_SECONDS = 365 * 24 * 3600

static_files = Blueprint("static_files", __name__)


def init_app(app: Flask) -> None:
    """Serve the files, and give templates `asset(name)`."""
    version = content_version(FOLDER)
    app.config["CX_ASSETS_VERSION"] = version
    app.register_blueprint(static_files)
    app.jinja_env.globals["asset"] = lambda name: url_for("static_files.file", version=version, name=name)


def content_version(folder: Path) -> str:
    """Twelve hexadecimal digits that change when any file does."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@static_files.get("/static/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    """One file. Whatever version is asked for, there is only the present one; only that one may be kept."""
    response = send_from_directory(FOLDER, name)
    if version == current_app.config["CX_ASSETS_VERSION"]:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response
