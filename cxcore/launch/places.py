"""What must be there before anything starts: folders, secrets, and addresses that nobody else holds."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from cxcore.config import Settings
from cxcore.launch.commands import CannotLaunch


def make_places(settings: Settings) -> None:
    """Make the folders, and the event socket's password at the first start. Raises `CannotLaunch`."""
    try:
        for folder in (settings.run_directory, settings.secrets_directory):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        for folder in (settings.log_directory, settings.recordings_directory):
            folder.mkdir(parents=True, exist_ok=True)
        _make_password(settings)
    except OSError as error:
        raise CannotLaunch(f"{error}: change {settings.place('site.state')} to a folder that can be written") from error


def _make_password(settings: Settings) -> None:
    file = settings.event_socket_password_file
    if not file.exists():
        file.touch(mode=0o600)
        # FreeSWITCH's configuration wants a letter first.
        file.write_text(f"p{secrets.token_urlsafe(24)}\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Claim:
    """An address that a child will listen on."""

    who: str
    setting: str
    host: str
    port: int
    kind: socket.SocketKind


def claims(settings: Settings, with_sbc: bool) -> Iterator[Claim]:
    """Every address that is needed."""
    switch, sbc = settings.switch, settings.sbc
    yield Claim("the switch's event socket", "switch.port", switch.host, switch.port, socket.SOCK_STREAM)
    for address in switch.sip_addresses:
        yield Claim("the switch's SIP", "switch.sip_addresses", address.host, address.port, socket.SOCK_DGRAM)
    for host in sbc.hosts if with_sbc else ():
        yield Claim("the SBC's SIP", "sbc.port", host, sbc.port, socket.SOCK_DGRAM)
        for setting in ("port", "tls_port", "websocket_port"):
            yield Claim("the SBC", f"sbc.{setting}", host, getattr(sbc, setting), socket.SOCK_STREAM)
    yield Claim("the pages", "web.port", settings.web.host, settings.web.port, socket.SOCK_STREAM)


def check_claims(settings: Settings, with_sbc: bool) -> None:
    """Raises `CannotLaunch` naming every address that is taken, for whom it is, and the setting."""
    problems = [problem for claim in claims(settings, with_sbc) if (problem := _problem(settings, claim))]
    if problems:
        raise CannotLaunch("\n".join(problems))


def _problem(settings: Settings, claim: Claim) -> str | None:
    if claim.port == 0:
        return None
    family = socket.AF_INET6 if ":" in claim.host else socket.AF_INET
    with socket.socket(family, claim.kind) as probe:
        if claim.kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((claim.host, claim.port))
        except OSError as error:
            transport = "UDP" if claim.kind is socket.SOCK_DGRAM else "TCP"
            return (
                f"{claim.host} port {claim.port} ({transport}), for {claim.who}: {error.strerror}. "
                f"Stop what uses it, or change {settings.place(claim.setting)}"
            )
    return None
