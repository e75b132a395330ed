"""How one value of the SBC's site is read. Part of scripts/sbc_site.py."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path


class BadSiteValue(ValueError):
    """A value that cannot be used; the message names it and says what to write."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name}: {remedy}")
        self.name = name


def listed(site: Mapping[str, str], name: str) -> list[str]:
    """The items of a value with commas; at least one."""
    items = [item.strip() for item in site[name].split(",") if item.strip()]
    if not items:
        raise BadSiteValue(name, "must name at least one")
    return items


def ip(name: str, host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IP address."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        raise BadSiteValue(name, f"{host} is no IP address; write 192.0.2.1 or 2001:db8::1") from None


def address(name: str, text: str) -> tuple[str, int]:
    """Host and port."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    ip(name, host)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadSiteValue(name, f"{text} is no address with a port; write 192.0.2.1:5080 or [2001:db8::1]:5080")
    return host, int(port)


def number(site: Mapping[str, str], name: str, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = site[name]
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSiteValue(name, f"{text} is not a whole number from {least} to {most}")
    return int(text)


def choice(site: Mapping[str, str], name: str, *choices: str) -> str:
    """One of a few words."""
    if site[name] not in choices:
        raise BadSiteValue(name, f"{site[name]!r} is not one of {', '.join(choices)}")
    return site[name]


def bracketed(host: str) -> str:
    """The host as it stands in a URI."""
    return f"[{host}]" if ":" in host else host


def secret_of(name: str, file: str, form: str) -> str:
    """What a file holds that the owner alone may read. Raises BadSiteValue when it has not this form."""
    if not file:
        raise BadSiteValue(name, "must name a file that holds the password")
    try:
        secret = Path(file).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadSiteValue(name, f"cannot be read: {fault}") from None
    if not re.fullmatch(form, secret):
        raise BadSiteValue(name, f"{file} holds none: write one line, without quotes, spaces or backslash")
    return secret
