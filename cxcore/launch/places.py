"""What must be there before anything starts: folders, secrets, and addresses that nobody else holds."""

from __future__ import annotations

import contextlib
import secrets
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from cxcore.config import Settings
from cxcore.launch.commands import CannotLaunch, relays_sound


def make_places(settings: Settings) -> None:
    """Make the folders, and the event socket's password at the first start. Raises `CannotLaunch`."""
    try:
        for folder in (settings.run_directory, settings.secrets_directory):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        settings.log_directory.mkdir(parents=True, exist_ok=True)
        for folder in (settings.incoming_recordings_directory, settings.kept_recordings_directory):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        _make_password(settings)
        _make_secret(settings)
    except OSError as error:
        raise CannotLaunch(f"{error}: change {settings.place('site.state')} to a folder that can be written") from error


def _make_password(settings: Settings) -> None:
    file = settings.event_socket_password_file
    if not file.exists():
        file.touch(mode=0o600)
        # FreeSWITCH's configuration wants a letter first.
        file.write_text(f"p{secrets.token_urlsafe(24)}\n", encoding="utf-8")


def _make_secret(settings: Settings) -> None:
    """Shared by the pages, which make softphones' credentials, and the SBC, which checks them."""
    file = settings.softphone_secret_file
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"{secrets.token_urlsafe(48)}\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Claim:
    """An address that a child will listen on."""

    who: str
    setting: str
    host: str
    port: int
    kind: socket.SocketKind

    @property
    def transport(self) -> str:
        return "UDP" if self.kind is socket.SOCK_DGRAM else "TCP"


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
    if with_sbc and relays_sound(settings):
        control = sbc.rtpengine.control
        yield Claim("rtpengine", "sbc.rtpengine.control", control.host, control.port, socket.SOCK_DGRAM)
    yield Claim("the pages", "web.port", settings.web.host, settings.web.port, socket.SOCK_STREAM)


def check_claims(settings: Settings, with_sbc: bool) -> None:
    """Raises `CannotLaunch` naming every address that is taken, for whom it is, and the setting."""
    wanted = [claim for claim in claims(settings, with_sbc) if claim.port]
    problems = [*_twice(settings, wanted), *filter(None, (_problem(settings, claim) for claim in wanted))]
    if problems:
        raise CannotLaunch("\n".join(problems))


def _twice(settings: Settings, wanted: Sequence[Claim]) -> Iterator[str]:
    first: dict[tuple[str, int, socket.SocketKind], Claim] = {}
    for claim in wanted:
        other = first.setdefault((claim.host, claim.port, claim.kind), claim)
        if other is not claim:
            yield (
                f"{claim.host} port {claim.port} ({claim.transport}) is meant for {other.who} and for {claim.who}. "
                f"Change {settings.place(claim.setting)}"
            )


def _problem(settings: Settings, claim: Claim) -> str | None:
    family = socket.AF_INET6 if ":" in claim.host else socket.AF_INET
    with socket.socket(family, claim.kind) as probe:
        if claim.kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((claim.host, claim.port))
        except OSError as error:
            return (
                f"{claim.host} port {claim.port} ({claim.transport}), for {claim.who}: {error.strerror}. "
                f"{_holder(claim)} or change {settings.place(claim.setting)}"
            )
    return None


def _holder(claim: Claim) -> str:
    """Whom to stop; only root sees the processes of others."""
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections(claim.transport.lower()):
            if connection.laddr and connection.laddr.port == claim.port and connection.pid and not connection.raddr:
                return f"Stop {psutil.Process(connection.pid).name()} (process {connection.pid}),"
    return "Stop what uses it,"
