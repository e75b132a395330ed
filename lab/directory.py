"""What the lab reads from a dialplan file: numbers to call, keys to press, devices of agents. Nothing else of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

_DEVICE: Final = re.compile(r"sip:(?P<user>[^@]+)@(?P<host>\[[0-9a-fA-F:.]+\]|[^:\]]+)(?::(?P<port>\d+))?")


class DirectoryUnreadable(Exception):
    """The file cannot be used; the message says why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")


@dataclass(frozen=True, slots=True)
class AgentDevice:
    """The address of an agent's telephone; an IPv6 host stands in brackets."""

    agent: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class DialledNumber:
    """A number that callers dial, and the keys that its menu offers (none when it has no menu)."""

    number: str
    keys: tuple[str, ...] = ()


def read_agents(path: str) -> tuple[AgentDevice, ...]:
    """Agents with a SIP device. Raises `DirectoryUnreadable`."""
    users = _section(path, "users")
    devices = [_device(name, str(user.get("device", ""))) for name, user in users.items() if isinstance(user, dict)]
    return tuple(device for device in devices if device is not None)


def read_numbers(path: str) -> tuple[DialledNumber, ...]:
    """The numbers of the site, of a range the first. Raises `DirectoryUnreadable`."""
    flows, numbers = _section(path, "flows"), _section(path, "numbers")
    return tuple(DialledNumber(_first(str(number)), _keys(flows.get(_flow(to)))) for number, to in numbers.items())


def parse_agents(text: str) -> tuple[AgentDevice, ...]:
    """`anna=127.0.0.1:5071,bram=[::1]:5072`. Raises `DirectoryUnreadable`."""
    devices = []
    for part in filter(None, text.split(",")):
        name, _, address = part.partition("=")
        device = _device(name.strip(), f"sip:{name.strip()}@{address.strip()}")
        if device is None:
            raise DirectoryUnreadable("--agents", f"{part!r} is not understood; write anna=127.0.0.1:5071")
        devices.append(device)
    return tuple(devices)


def _device(name: str, address: str) -> AgentDevice | None:
    match = _DEVICE.fullmatch(address)
    return AgentDevice(name, match["host"], int(match["port"] or 5060)) if match else None


def _first(number: str) -> str:
    """`+3171555012x` begins with +31715550120, `+31715550130-+31715550149` with +31715550130."""
    return number.partition("-")[0].strip().replace("x", "0").replace("X", "0")


def _flow(leads_to: Any) -> Any:
    """A flow, or the one of `{flow: …}`."""
    return leads_to.get("flow") if isinstance(leads_to, dict) else leads_to


def _is_offered(choice: Any) -> bool:
    return not isinstance(choice, dict) or choice.get("enabled", True) is not False


def _keys(flow: Any) -> tuple[str, ...]:
    for step in flow if isinstance(flow, list) else ():
        if isinstance(step, dict) and isinstance(step.get("menu"), dict):
            choices = step["menu"].get("choices", {})
            return tuple(str(key) for key, choice in choices.items() if _is_offered(choice))
    return ()


def _section(path: str, name: str) -> dict[Any, Any]:
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as fault:
        raise DirectoryUnreadable(path, fault.strerror or str(fault)) from fault
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise DirectoryUnreadable(path, f"no YAML: {fault}") from fault
    section = content.get(name) if isinstance(content, dict) else None
    if not isinstance(section, dict):
        raise DirectoryUnreadable(path, f"has no section {name}")
    return section
