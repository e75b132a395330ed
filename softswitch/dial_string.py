"""Dial strings: `{vars}[vars]sofia/PROFILE/USER@HOST:PORT`, `|` for one after the other, `,` for all at once.

Source: `switch_ivr_originate`, `switch_event_create_brackets` (switch_event.c) and `sofia_outgoing_channel`
(mod_sofia.c) of FreeSWITCH 1.10.12.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from softswitch.separating import separate
from softswitch.sip.causes import Cause, cause_from_text


class DialStringError(Exception):
    """A dial string that cannot be dialled; `cause` is what FreeSWITCH answers."""

    def __init__(self, text: str, cause: Cause) -> None:
        super().__init__(f"{cause.name}: {text[:80]}")
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Destination:
    """One party to dial. `gateway`: its name, if any. `fails_with`: `error/CAUSE`, which never reaches anybody.
    `path`: where the INVITE is sent in the place of `host`."""

    user: str
    host: str
    port: int | None
    gateway: str | None = None
    profile: str = ""
    fails_with: Cause | None = None
    path: tuple[str, int] | None = None
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As in `Channel-Name` and as the dialled number."""
        host = self.host if self.port is None else f"{self.host}:{self.port}"
        return f"{self.user}@{host}" if self.user else host


@dataclass(frozen=True, slots=True)
class DialString:
    """`attempts`: each a group that is dialled at once."""

    variables: dict[str, str]
    attempts: tuple[tuple[Destination, ...], ...]


def read_dial_string(text: str) -> DialString:
    """Raises `DialStringError`."""
    variables: dict[str, str] = {}
    rest = text.strip(" ")
    while rest[:1] in ("{", "<"):
        found, rest = _take_brackets(rest, "{}" if rest[0] == "{" else "<>")
        variables.update(found)
        rest = rest.strip(" ")
    attempts = tuple(
        tuple(_read_destination(part) for part in _split_outside(group, ",") if part.strip())
        for group in _split_outside(rest, "|")
    )
    if not any(attempts):
        raise DialStringError(text, Cause.DESTINATION_OUT_OF_ORDER)
    return DialString(variables, tuple(attempt for attempt in attempts if attempt))


def _split_outside(text: str, delimiter: str) -> list[str]:
    """Split, but not inside [ ]."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if character == delimiter and depth <= 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


def _take_brackets(text: str, brackets: str) -> tuple[dict[str, str], str]:
    end = _closing(text, *brackets)
    if end < 0:
        raise DialStringError(text, Cause.DESTINATION_OUT_OF_ORDER)
    return _read_variables(text[1:end]), text[end + 1 :]


def _closing(text: str, opening: str, closing: str) -> int:
    depth = 0
    for position, character in enumerate(text):
        depth += (character == opening) - (character == closing)
        if depth == 0:
            return position
    return -1


def _read_variables(text: str) -> dict[str, str]:
    delimiter = ","
    if text.startswith("^^") and len(text) > 2:
        delimiter, text = text[2], text[3:]
    pairs = (separate(part, "=", limit=2) for part in separate(text, delimiter))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _read_destination(text: str) -> Destination:
    variables: dict[str, str] = {}
    rest = text.strip(" ")
    while rest.startswith("["):
        bracket_end = rest.find("]")
        inside = rest[1:bracket_end] if bracket_end > 0 else ""
        if bracket_end < 0 or ("=" not in inside and inside != ""):
            break
        variables.update(_read_variables(inside))
        rest = rest[bracket_end + 1 :].strip(" ")
    endpoint, _, rest = rest.partition("/")
    if endpoint.lower() == "error":
        return Destination("", "", None, fails_with=cause_from_text(rest), variables=variables)
    if endpoint.lower() != "sofia":
        raise DialStringError(text, Cause.CHAN_NOT_IMPLEMENTED)
    profile, separator, address = rest.partition("/")
    if not separator or not address:
        raise DialStringError(text, Cause.INVALID_URL)
    if profile.lower() == "gateway":
        return _gateway_destination(text, address, variables)
    return _sip_destination(text, profile, address, variables)


def _gateway_destination(text: str, address: str, variables: dict[str, str]) -> Destination:
    name, separator, number = address.partition("/")
    if not separator or not number:
        raise DialStringError(text, Cause.INVALID_URL)
    return Destination(number, "", None, gateway=name, variables=variables)


def _sip_destination(text: str, profile: str, address: str, variables: dict[str, str]) -> Destination:
    bare, _, parameters = address.partition(";")
    if bare.lower().startswith("sip:"):
        bare = bare[4:]
    user, _, host_port = bare.rpartition("@")
    host, port = _host_and_port(text, host_port)
    return Destination(user, host, port, profile=profile, path=_path(text, parameters), variables=variables)


def _path(text: str, parameters: str) -> tuple[str, int] | None:
    """The parameter `fs_path=sip:HOST[:PORT]`."""
    written = next((part[8:] for part in parameters.split(";") if part.startswith("fs_path=")), "")
    if not written:
        return None
    host, port = _host_and_port(text, written.removeprefix("sip:"))
    return host, port or 5060


def _host_and_port(text: str, host_port: str) -> tuple[str, int | None]:
    if host_port.startswith("["):
        host, _, rest = host_port.partition("]")
        host, port = f"{host}]", rest.removeprefix(":")
    else:
        host, _, port = host_port.partition(":")
    if not host or (port and not (port.isdigit() and 0 < int(port) < 65536)):
        raise DialStringError(text, Cause.INVALID_URL)
    return host, int(port) if port else None
