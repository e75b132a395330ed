"""`flask_babel.gettext` with a type: texts of many small sentences need it."""

from __future__ import annotations

import flask_babel


def gettext(text: str, /, **values: object) -> str:
    """The text in the language of the request; `%(name)s` is replaced by the value of that name."""
    return str(flask_babel.gettext(text, **values))
