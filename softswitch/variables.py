"""Channel variables: names without case, in the order in which they were last set (switch_channel.c)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

PROTECTED_PREFIX = "cx_"
"""The controller's marks. SIP never sets them."""

_REFERENCE = re.compile(r"\$\{([^{}]+)\}")


class Variables:
    """A mapping of text to text. Setting an empty value removes the name, as in FreeSWITCH."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, str]] = {}

    def get(self, name: str, default: str | None = None) -> str | None:
        held = self._values.get(name.lower())
        return default if held is None else held[1]

    def set(self, name: str, value: str | None) -> None:
        key = name.lower()
        self._values.pop(key, None)
        if value:
            self._values[key] = (name, value)

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(self._values.values())

    def is_true(self, name: str) -> bool:
        return is_true(self.get(name))


def is_true(value: str | None) -> bool:
    """`switch_true`: yes, on, true, t, enabled, active, allow, or a number other than 0."""
    if not value:
        return False
    if value.lower() in {"yes", "on", "true", "t", "enabled", "active", "allow"}:
        return True
    return value.isdigit() and int(value) != 0


def expand(text: str, lookup: Callable[[str], str | None]) -> str:
    """Replace `${name}`; an unknown name becomes nothing. No function calls, which FreeSWITCH has switched off too."""
    if "${" not in text:
        return text
    return _REFERENCE.sub(lambda match: lookup(match.group(1)) or "", text)
