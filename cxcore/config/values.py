"""How one setting is read from YAML. Each function returns the value or raises `BadValue` saying what to write."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yaml.nodes import Node, ScalarNode, SequenceNode

Read = Callable[[Node, Path], Any]
"""Reads a node; the path is the folder that relative paths count from."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PHONE_NUMBER = re.compile(r"\+?[0-9]{2,15}")
_OWN_NUMBER = re.compile(r"\+?[0-9]{2,15}\*?")
_ACCOUNT = re.compile(r"[A-Za-z0-9+._@-]+")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_PAGE_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?")
_MAIL_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9.-]{1,190}")
_LOG_LEVELS = ("debug", "info", "warning", "error")


class BadValue(Exception):
    """The value cannot be used; the text completes the sentence "write …"."""


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port to listen on or to call; written `192.0.2.1:5060` or `[2001:db8::1]:5060`."""

    host: str
    port: int

    @property
    def ipv6(self) -> bool:
        return ":" in self.host

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if self.ipv6 else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class PortRange:
    """UDP ports, both ends included; written `20000-29998`."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def text(node: Node, _folder: Path) -> str:
    """The scalar as it is written, so that +31… and 0123 stay what they look like."""
    if not isinstance(node, ScalarNode) or not node.value.strip():
        raise BadValue("one value on the same line")
    return str(node.value).strip()


def optional_text(node: Node, folder: Path) -> str:
    """The scalar as it is written, or nothing."""
    return "" if _is_empty(node) else text(node, folder)


def _matching(pattern: re.Pattern[str], remedy: str) -> Read:
    def read(node: Node, folder: Path) -> str:
        value = text(node, folder)
        if not pattern.fullmatch(value):
            raise BadValue(remedy)
        return value

    return read


name = _matching(_NAME, "a name of letters, digits, dots, dashes and underscores")


def host(node: Node, folder: Path) -> str:
    """A host name or an IP address, without brackets."""
    value = text(node, folder)
    if not (_HOST.fullmatch(value) or _is_ip(value)):
        raise BadValue("a host name or an IP address, for instance 127.0.0.1")
    return value


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def whole(lowest: int, highest: int) -> Read:
    """A whole number within bounds."""

    def read(node: Node, folder: Path) -> int:
        value = text(node, folder)
        if not re.fullmatch(r"[0-9]{1,9}", value) or not lowest <= int(value) <= highest:
            raise BadValue(f"a whole number from {lowest} to {highest}")
        return int(value)

    return read


def codecs(known: tuple[str, ...]) -> Read:
    """A list of codecs of those that are known, the preferred one first."""
    remedy = BadValue(f"a list of codecs, the preferred one first, of {', '.join(known)}")

    def read(node: Node, folder: Path) -> tuple[str, ...]:
        if not isinstance(node, SequenceNode) or not node.value:
            raise remedy
        found = tuple(text(item, folder) for item in node.value)
        if not set(found) <= set(known) or len(set(found)) < len(found):
            raise remedy
        return found

    return read


port = whole(1, 65535)
port_or_off = whole(0, 65535)


def address(node: Node, folder: Path) -> Address:
    """`HOST:PORT`, an IPv6 address in brackets."""
    remedy = BadValue('an IP address and a port in quotes, for instance "127.0.0.1:5080" or "[::1]:5080"')
    match = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{1,5})", text(node, folder))
    if not match:
        raise remedy
    found = Address(match[1] or match[2], int(match[3]))
    if not (_is_ip(found.host) and 0 < found.port < 65536):
        raise remedy
    return found


def port_range(node: Node, folder: Path) -> PortRange:
    """`FIRST-LAST`."""
    match = re.fullmatch(r"([0-9]{1,5})-([0-9]{1,5})", text(node, folder))
    if not match or not 1024 <= int(match[1]) < int(match[2]) <= 65535:
        raise BadValue("two ports above 1023, the lower one first, for instance 20000-29998")
    return PortRange(int(match[1]), int(match[2]))


def _several(read: Read, remedy: str) -> Read:
    def read_all(node: Node, folder: Path) -> tuple[Any, ...]:
        if not isinstance(node, SequenceNode) or not node.value:
            raise BadValue(remedy)
        return tuple(read(item, folder) for item in node.value)

    return read_all


addresses = _several(address, 'a list, for instance ["127.0.0.1:5080", "[::1]:5080"]')


def _ip(node: Node, folder: Path) -> str:
    value = text(node, folder)
    if not _is_ip(value):
        raise BadValue('an IP address in quotes, for instance "127.0.0.1" or "::1"')
    return value


hosts = _several(_ip, 'a list of IP addresses, for instance ["127.0.0.1", "::1"]')


def hosts_or_none(node: Node, folder: Path) -> tuple[str, ...]:
    """A list of IP addresses, or nothing."""
    return () if _is_empty(node) or _is_empty_list(node) else tuple(hosts(node, folder))


def address_or_none(node: Node, folder: Path) -> Address | None:
    """An address, or nothing."""
    return None if _is_empty(node) else address(node, folder)


def addresses_or_none(node: Node, folder: Path) -> tuple[Address, ...]:
    """A list of addresses, or nothing."""
    return () if _is_empty(node) or _is_empty_list(node) else tuple(addresses(node, folder))


_own_number = _matching(_OWN_NUMBER, 'numbers in quotes, for instance "+31715550100", or "+3171555*" for several')


def own_numbers(node: Node, folder: Path) -> tuple[str, ...]:
    """A list of numbers or beginnings of numbers, or nothing."""
    if _is_empty(node) or _is_empty_list(node):
        return ()
    return tuple(_several(_own_number, 'a list of numbers, for instance ["+3171555*"]')(node, folder))


def account(node: Node, folder: Path) -> str:
    """The name of an account at a provider, or nothing."""
    if _is_empty(node):
        return ""
    return str(_matching(_ACCOUNT, "the account's name: letters, digits and + . _ @ -")(node, folder))


def host_or_none(node: Node, folder: Path) -> str:
    """A host name, or nothing."""
    return "" if _is_empty(node) else host(node, folder)


def _page_address(node: Node, folder: Path) -> str:
    value = text(node, folder)
    if not _PAGE_ADDRESS.fullmatch(value):
        raise BadValue('where browsers have the pages from, in quotes and without a path: "https://cx.example.nl"')
    return value


def page_addresses(node: Node, folder: Path) -> tuple[str, ...]:
    """A list of addresses of pages, or nothing."""
    if _is_empty(node) or _is_empty_list(node):
        return ()
    return tuple(_several(_page_address, 'a list, for instance ["https://cx.example.nl"]')(node, folder))


def websocket_url(node: Node, folder: Path) -> str:
    """`ws:` or `wss:` with a host, or nothing."""
    if _is_empty(node):
        return ""
    value = text(node, folder)
    parts = urlsplit(value)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise BadValue('the address of the SBC for browsers, for instance "wss://sbc.example.nl:5061"')
    return value


def _is_empty_list(node: Node) -> bool:
    return isinstance(node, SequenceNode) and not node.value


def _network(node: Node, folder: Path) -> str:
    try:
        return str(ipaddress.ip_network(text(node, folder)))
    except ValueError as error:
        raise BadValue('a network in quotes, for instance "192.0.2.0/24" or "2001:db8::/32"') from error


networks = _several(_network, 'a list of networks, for instance ["127.0.0.0/8", "192.0.2.0/24"]')


def path(node: Node, folder: Path) -> Path:
    """A file or folder; a relative one counts from the folder of the settings file."""
    return (folder / text(node, folder)).absolute()


def optional_path(node: Node, folder: Path) -> Path | None:
    """A path, or nothing."""
    return None if _is_empty(node) else path(node, folder)


def phone_number(node: Node, folder: Path) -> str:
    """A phone number, or nothing."""
    if _is_empty(node):
        return ""
    value = text(node, folder)
    if not _PHONE_NUMBER.fullmatch(value):
        raise BadValue('a phone number of digits with an optional + before it, for instance "+31715550100"')
    return value


def choice(options: type[StrEnum]) -> Read:
    """One word of a fixed set."""

    def read(node: Node, folder: Path) -> StrEnum:
        try:
            return options(text(node, folder))
        except ValueError as error:
            raise BadValue(f"one of: {', '.join(options)}") from error

    return read


def log_level(node: Node, folder: Path) -> str:
    """A level of Python's logging, in small letters."""
    value = text(node, folder)
    if value not in _LOG_LEVELS:
        raise BadValue(f"one of: {', '.join(_LOG_LEVELS)}")
    return value


def database_url(node: Node, folder: Path) -> str:
    """An SQLAlchemy URL of SQLite or PostgreSQL, or nothing. A password in it belongs in ~/.pgpass instead."""
    if _is_empty(node):
        return ""
    value = text(node, folder)
    if not re.match(r"(sqlite|postgresql\+psycopg)://", value):
        raise BadValue("sqlite:////FOLDER/cx.db or postgresql+psycopg://USER@HOST/DATABASE")
    return value


def web_address(node: Node, _folder: Path) -> str:
    """An address of a web service, or nothing."""
    if _is_empty(node):
        return ""
    value = text(node, _folder)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadValue("an address that begins with https:// or http://")
    return value


def server(node: Node, folder: Path) -> str:
    """`HOST:PORT` with a name or an IP address, or nothing."""
    if _is_empty(node):
        return ""
    value = text(node, folder)
    name, colon, number = value.rpartition(":")
    named = _HOST.fullmatch(name) or _is_ip(name.removeprefix("[").removesuffix("]"))
    if not (colon and named and re.fullmatch(r"[0-9]{1,5}", number) and 0 < int(number) < 65536):
        raise BadValue('a server and its port in quotes, for instance "mail.example.nl:587"')
    return value


def mail_address(node: Node, folder: Path) -> str:
    """A mail address, or nothing."""
    if _is_empty(node):
        return ""
    value = text(node, folder)
    if not _MAIL_ADDRESS.fullmatch(value):
        raise BadValue("a mail address, for instance cx@example.nl")
    return value


def mail_addresses(node: Node, folder: Path) -> tuple[str, ...]:
    """Mail addresses, or none."""
    if _is_empty(node) or _is_empty_list(node):
        return ()
    return tuple(_several(mail_address, "a list of mail addresses, for instance [beheer@example.nl]")(node, folder))


def endpoint(node: Node, folder: Path) -> str:
    """A ZeroMQ endpoint, or nothing."""
    if _is_empty(node):
        return ""
    value = text(node, folder)
    parts = urlsplit(value)
    if parts.scheme not in ("ipc", "tcp") or not (parts.netloc or parts.path):
        raise BadValue("ipc:///FOLDER/NAME or tcp://HOST:PORT")
    return value


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value in ("", "~", "null")
