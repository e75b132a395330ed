"""How messages in another language than that of the site are called: `welkom.en` is `welkom` in English.

Names of messages that are made in the pages have no dot, so the name of one in a language is never that of another.
"""

from __future__ import annotations

import re

_IN_LANGUAGE = re.compile(r"(?P<message>[a-z0-9][a-z0-9-]*)\.(?P<language>[a-z]{2})")


def in_language(message: str, language: str) -> str:
    """The name of a message in a language; the name itself for no language, which is that of the site."""
    return f"{message}.{language}" if language else message


def parted(name: str) -> tuple[str, str]:
    """The message and the language of a name; the language is empty for that of the site."""
    found = _IN_LANGUAGE.fullmatch(name)
    return (name, "") if found is None else (found["message"], found["language"])
