"""Static files, each under an address that changes with its content, so that browsers may keep them for good.

`/static/<version>/js/live.js`: the version covers all files, because modules import each other by relative address.

Text is sent compressed (gzip, RFC 9110, 8.4.1.3). Nothing else of the pages is: static files are the same for everybody
and hold neither a secret nor what somebody typed, whereas a page that holds both gives the secret away by its length
once it is compressed (BREACH, CVE-2013-3587). A reverse proxy in front must make the same difference.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory, url_for

from admin_web.auth.guard import public

FOLDER = Path(__file__).parent / "static"
ONE_YEAR_SECONDS = 365 * 24 * 3600
TEXTS = (".js", ".css", ".svg")
"""What becomes smaller; sounds and fonts (WOFF2) are compressed already."""

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
    if name.endswith(TEXTS) and response.status_code == HTTPStatus.OK:
        _compress(response, name)
    if version == current_app.config["CX_ASSETS_VERSION"]:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _compress(response: Response, name: str) -> None:
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0:
        return
    octets = _compressed(FOLDER / name, current_app.config["CX_ASSETS_VERSION"])
    response.close()
    response.direct_passthrough = False
    response.set_data(octets)
    response.content_encoding = "gzip"
    response.headers.pop("Accept-Ranges", None)
    etag, _ = response.get_etag()
    response.set_etag(f"{etag}-gzip")


@cache
def _compressed(path: Path, version: str) -> bytes:
    """Made once for each file and content of the folder, some 200 kB in all. Raises `OSError`."""
    del version
    return gzip.compress(path.read_bytes(), mtime=0)
