"""What the operator decides, from a YAML file and command line flags, checked before anything is opened."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

DEFAULT_CODECS = ("G722", "PCMA", "PCMU")


class SettingsError(Exception):
    """One setting that cannot be used: which, and what to write instead."""

    def __init__(self, setting: str, why: str) -> None:
        super().__init__(f"{setting}: {why}")
        self.setting = setting


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses are IP addresses without brackets. Port 0: any free port, told in the log line at the start.

    `sip_port_ipv6` None: the same as `sip_port`. `sip_profile` is the name in `sofia/NAME/…`; that of IPv6 ends with 6.
    `codecs`: of what a caller offers the first of these is taken, and in this order they are offered.
    """

    password: str
    sip_ipv4: str | None = "127.0.0.1"
    sip_ipv6: str | None = "::1"
    sip_port: int = 5080
    sip_port_ipv6: int | None = None
    sip_profile: str = "cx"
    event_socket_addresses: tuple[str, ...] = ("127.0.0.1",)
    event_socket_port: int = 8021
    allowed_peers: tuple[str, ...] = ("127.0.0.1/32", "::1/128")
    rtp_port_min: int = 20000
    rtp_port_max: int = 29998
    hold_music_directory: Path | None = None
    fallback_prompt: Path | None = None
    overflow_dial_string: str = ""
    controller_timeout_seconds: float = 4.0
    gateways: Mapping[str, str] = field(default_factory=dict)
    media_timeout_seconds: float = 60.0
    media_hold_timeout_seconds: float = 1800.0
    heartbeat_seconds: float = 20.0
    minimum_session_seconds: int = 120
    hold_music: str = "local_stream://default"
    codecs: tuple[str, ...] = DEFAULT_CODECS
    log_level: str = "info"

    def __post_init__(self) -> None:
        _check(self)


def _check(settings: Settings) -> None:
    if not settings.password:
        raise SettingsError("password_file", "holds no password; write one line with a password into it")
    if settings.sip_ipv4 is None and settings.sip_ipv6 is None:
        raise SettingsError("sip_ipv4, sip_ipv6", "at least one of them must be an address")
    _check_addresses(settings)
    _check_ports(settings)
    _check_codecs(settings.codecs)
    for peers in settings.allowed_peers:
        _check_network(peers)
    for name, address in settings.gateways.items():
        _check_gateway(name, address)


def _check_addresses(settings: Settings) -> None:
    wanted: list[tuple[str, str | None, int | None]] = [("sip_ipv4", settings.sip_ipv4, 4)]
    wanted.append(("sip_ipv6", settings.sip_ipv6, 6))
    wanted += [("event_socket_addresses", address, None) for address in settings.event_socket_addresses]
    for name, value, version in wanted:
        if value is None:
            continue
        try:
            address = ipaddress.ip_address(value)
        except ValueError as error:
            raise SettingsError(name, f"{value!r} is no IP address") from error
        if version is not None and (address.version != version or address.is_unspecified):
            raise SettingsError(name, f"{value!r} is no IPv{version} address that callers can reach; name one exactly")


def _check_ports(settings: Settings) -> None:
    for name in ("sip_port", "sip_port_ipv6", "event_socket_port", "rtp_port_min", "rtp_port_max"):
        if not 0 <= (getattr(settings, name) or 0) <= 65535:
            raise SettingsError(name, "must be a port between 0 and 65535")
    if settings.rtp_port_min + 1 >= settings.rtp_port_max:
        raise SettingsError("rtp_port_min, rtp_port_max", "the range is empty; a leg needs two ports")


def _check_codecs(codecs: tuple[str, ...]) -> None:
    if not codecs or not set(codecs) <= set(DEFAULT_CODECS) or len(set(codecs)) < len(codecs):
        raise SettingsError("codecs", f"{','.join(codecs)!r}; name some of {', '.join(DEFAULT_CODECS)}, each once")


def _check_network(peers: str) -> None:
    try:
        ipaddress.ip_network(peers)
    except ValueError as error:
        raise SettingsError("allowed_peers", f"{peers!r} is no network; write one as 192.0.2.0/24") from error


def _check_gateway(name: str, address: str) -> None:
    host, separator, port = address.rpartition(":")
    if not separator or not host or not port.isdigit():
        raise SettingsError("gateways", f"{name}={address!r}; write it as NAME=HOST:PORT")


TYPES: dict[str, type] = {
    "sip_port": int,
    "sip_port_ipv6": int,
    "event_socket_port": int,
    "rtp_port_min": int,
    "rtp_port_max": int,
    "controller_timeout_seconds": float,
    "media_timeout_seconds": float,
    "media_hold_timeout_seconds": float,
    "heartbeat_seconds": float,
    "minimum_session_seconds": int,
    "hold_music_directory": Path,
    "fallback_prompt": Path,
}
"""Settings that are no text."""


def read_settings(file: Path | None, flags: Mapping[str, Any]) -> Settings:
    """The file's settings, with the flags that are given (not None) over them. Raises `SettingsError`."""
    values = dict(_read_file(file)) if file is not None else {}
    values.update({name: value for name, value in flags.items() if value is not None})
    values["password"] = _read_password(values.pop("password_file", None))
    known = {item.name for item in fields(Settings)}
    for name in values:
        if name not in known:
            where = f" in {file}" if file is not None else ""
            raise SettingsError(name, f"no such setting{where}; `--help` lists them")
    return Settings(**{name: _convert(name, value) for name, value in values.items()})


def _convert(name: str, value: Any) -> Any:
    if value is None or value == "none":
        return None
    if name == "codecs" and isinstance(value, str):
        return tuple(value.split(","))
    if name in ("allowed_peers", "event_socket_addresses", "codecs"):
        return (value,) if isinstance(value, str) else tuple(map(str, value))
    if name == "gateways":
        return {str(key): str(address) for key, address in dict(value).items()}
    try:
        return TYPES.get(name, str)(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(name, f"{value!r} is no {TYPES[name].__name__}") from error


def _read_file(file: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError("config", f"{file}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise SettingsError("config", f"{file}: {error}") from error
    if content is None:
        return {}
    if not isinstance(content, Mapping):
        raise SettingsError("config", f"{file}: must be a list of `setting: value` lines")
    return content


def _read_password(file: Any) -> str:
    if file is None:
        raise SettingsError("password_file", "is missing; name a file that holds the event socket's password")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError("password_file", f"{file}: {error.strerror}") from error
