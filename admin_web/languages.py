"""The language of a page: what the user chose, else what the browser prefers, else Dutch.

Texts stand in Dutch in code and templates; `translations/en` holds the English ones. Dutch needs no catalogue.
"""

from __future__ import annotations

import logging
from pathlib import Path

from babel import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale

LANGUAGES = {"nl": "Nederlands", "en": "English"}
FOLDER = Path(__file__).parent / "translations"

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Choose per request, and give templates `language` and `languages`."""
    compile_catalogues(FOLDER)
    Babel(
        app,
        default_locale="nl",
        default_timezone="Europe/Amsterdam",
        default_translation_directories=str(FOLDER),
        locale_selector=chosen_language,
    )
    app.context_processor(lambda: {"language": str(get_locale() or "nl"), "languages": LANGUAGES})


def chosen_language() -> str:
    """The language of this request."""
    if not has_request_context():
        return "nl"
    chosen = request.args.get("lang") or session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    preferred = [language for language, _ in request.accept_languages]
    return negotiate_locale(preferred, list(LANGUAGES), sep="-") or "nl"


def compile_catalogues(folder: Path) -> None:
    """Make each .mo that is missing or older than its .po; without a folder to write in, pages stay Dutch."""
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        try:
            _compile(source, compiled)
        except OSError as error:
            log.warning("no texts in %s: cannot write %s (%s)", source.parent.parent.name, compiled, error.strerror)


def _compile(source: Path, compiled: Path) -> None:
    with source.open("rb") as text:
        catalogue = read_po(text)
    with compiled.open("wb") as binary:
        write_mo(binary, catalogue)
