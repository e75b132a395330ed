"""The command line of each child, from the settings."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator

from cxcore.config import ROOT, Enabled, Engine, Settings
from cxcore.config.values import Address

SITE_SCRIPT_SECONDS = 30
PROGRAMS = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
"""Where daemons are; /usr/sbin is on no user's path."""


class CannotLaunch(Exception):
    """Something that a person must put right first; the message says what and how."""


def switch_command(settings: Settings) -> list[str]:
    """Start the switch that the settings name. Raises `CannotLaunch`."""
    return freeswitch_command(settings) if settings.switch.engine is Engine.FREESWITCH else softswitch_command(settings)


def softswitch_command(settings: Settings) -> list[str]:
    """Start the embedded engine."""
    switch = settings.switch
    first, second = _addresses(settings)
    flags: dict[str, object] = {
        "--sip-ipv4": first.host if first else "none",
        "--sip-ipv6": second.host if second else "none",
        "--sip-port": first.port if first else (second.port if second else 5080),
        "--rtp-port-min": switch.rtp_ports.first,
        "--rtp-port-max": switch.rtp_ports.last,
        "--event-socket-addresses": switch.host,
        "--event-socket-port": switch.port,
        "--password-file": settings.event_socket_password_file,
        "--controller-timeout-seconds": switch.controller_timeout_seconds,
        "--media-timeout-seconds": switch.media_timeout_seconds,
        "--media-hold-timeout-seconds": switch.media_hold_timeout_seconds,
        "--fallback-prompt": settings.fallback_sound,
        "--codecs": ",".join(switch.codecs),
        "--gateway": f"{switch.gateway}={switch.trunk}",
        "--hold-music-directory": switch.hold_music_directory,
        "--hold-music": f"local_stream://{switch.hold_music}",
        "--log-level": settings.log.level,
    }
    if second:
        flags["--sip-port-ipv6"] = second.port
    if switch.overflow_number:
        flags["--overflow-dial-string"] = f"sofia/gateway/{switch.gateway}/{switch.overflow_number}"
    return [sys.executable, "-m", "softswitch", *(str(part) for pair in flags.items() for part in pair)]


def _addresses(settings: Settings) -> tuple[Address | None, Address | None]:
    """The IPv4 and the IPv6 address on which the switch speaks SIP."""
    addresses = settings.switch.sip_addresses
    ipv4 = next((each for each in addresses if not each.ipv6), None)
    return ipv4, next((each for each in addresses if each.ipv6), None)


def freeswitch_command(settings: Settings) -> list[str]:
    """Write FreeSWITCH's run directory and start it there."""
    if shutil.which(settings.freeswitch.binary) is None:
        raise CannotLaunch(
            f"{settings.freeswitch.binary} is not installed: install FreeSWITCH 1.10, or set "
            f"{settings.place('freeswitch.binary')}, or use `switch.engine: softswitch`"
        )
    script = [str(ROOT / "scripts/freeswitch_site.py"), "--state", str(settings.site.state / "freeswitch")]
    script += ["--password-file", str(settings.event_socket_password_file)]
    script += ["--binary", settings.freeswitch.binary, "--configuration", str(settings.freeswitch.configuration)]
    if settings.freeswitch.modules is not None:
        script += ["--modules", str(settings.freeswitch.modules)]
    return _command_of(script, _freeswitch_values(settings))


def _freeswitch_values(settings: Settings) -> Iterator[tuple[str, object]]:
    switch = settings.switch
    ipv4, ipv6 = _addresses(settings)
    yield "event_socket_ip", switch.host
    yield "event_socket_port", switch.port
    if ipv4:
        yield "sip_ipv4", ipv4.host
        yield "sip_port", ipv4.port
    yield "sip_ipv6", ipv6.host if ipv6 else ""
    if ipv6:
        yield "sip_port_ipv6", ipv6.port
    yield "sip_profile", switch.profile
    yield "gateway", switch.gateway
    yield "gateway_address", switch.trunk
    yield "codecs", ",".join(switch.codecs)
    yield "rtp_start_port", switch.rtp_ports.first
    yield "rtp_end_port", switch.rtp_ports.last
    yield "controller_timeout_seconds", switch.controller_timeout_seconds
    yield "media_timeout_seconds", switch.media_timeout_seconds
    yield "media_hold_timeout_seconds", switch.media_hold_timeout_seconds
    yield "fallback_message", settings.fallback_sound
    yield "overflow_number", switch.overflow_number
    yield "hold_music_stream", switch.hold_music
    yield "hold_music_directory", switch.hold_music_directory


def sbc_command(settings: Settings) -> list[str] | None:
    """Start Kamailio in front of the switch; None where there is none."""
    if not sbc_is_used(settings):
        return None
    script = [str(ROOT / "scripts/sbc_site.py"), "--state", str(settings.run_directory / "sbc")]
    return _command_of(script, _sbc_values(settings))


def sbc_is_used(settings: Settings) -> bool:
    """Whether Kamailio stands in front of the switch. Raises `CannotLaunch` when it must and is not installed."""
    installed = shutil.which("kamailio", path=PROGRAMS) is not None
    if settings.sbc.enabled is Enabled.YES and not installed:
        raise CannotLaunch(
            f"kamailio is not installed: run `make setup`, or change {settings.place('sbc.enabled')} to `auto` or `no`"
        )
    return installed and settings.sbc.enabled is not Enabled.NO


def softphones_are_used(settings: Settings) -> bool:
    """Whether browsers may register. Raises `CannotLaunch` when they must and something is not installed."""
    missing = softphones_lack(settings)
    if missing and settings.sbc.softphones is Enabled.YES:
        raise CannotLaunch(f"{missing}; or change {settings.place('sbc.softphones')} to `auto` or `no`")
    return not missing and settings.sbc.softphones is not Enabled.NO


def softphones_lack(settings: Settings) -> str:
    """What softphones in browsers lack, and what to do; empty when they can work."""
    if not sbc_is_used(settings):
        return "softphones in browsers need kamailio, which does not run here: run `make setup`"
    if shutil.which("rtpengine", path=PROGRAMS) is None:
        return "softphones in browsers need rtpengine, which is not installed: run `make setup`"
    if settings.sbc.websocket_port == 0:
        return f"softphones in browsers need a WebSocket: change {settings.place('sbc.websocket_port')}"
    return ""


def rtpengine_command(settings: Settings) -> list[str] | None:
    """Start rtpengine in the foreground, without its kernel module; None where nothing needs it."""
    if not relays_sound(settings):
        return None
    rtpengine = settings.sbc.rtpengine
    flags = [f"--interface={address}" for address in rtpengine.addresses or settings.sbc.hosts]
    flags += [f"--listen-ng={rtpengine.control}"]
    flags += [f"--port-min={rtpengine.rtp_ports.first}", f"--port-max={rtpengine.rtp_ports.last}"]
    if settings.sbc.homer is not None:
        flags += [f"--homer={settings.sbc.homer}"]
    flags += ["--foreground", "--log-stderr", "--log-level=4", "--config-file=none", "--table=-1"]
    # Reports count also where one side tells no round trip; who sends from where he said counts before any other.
    flags += ["--mos=LQ", "--endpoint-learning=heuristic"]
    return [shutil.which("rtpengine", path=PROGRAMS) or "rtpengine", *flags]


def _sbc_values(settings: Settings) -> Iterator[tuple[str, object]]:
    sbc = settings.sbc
    yield "hosts", ",".join(sbc.hosts)
    yield "port", sbc.port
    yield "tls_port", sbc.tls_port
    yield "websocket_port", sbc.websocket_port
    yield "switches", ",".join(map(str, settings.switch.sip_addresses))
    yield "allowed_networks", ",".join(sbc.allowed_networks)
    yield "requests_per_second", sbc.requests_per_second
    yield "rtpengine", sbc.rtpengine.control
    yield "homer", sbc.homer or ""
    yield from _outside_values(settings)
    if softphones_are_used(settings):
        yield "softphone_secret_file", settings.softphone_secret_file
        yield "softphone_origins", ",".join(settings.page_addresses)


def _outside_values(settings: Settings) -> Iterator[tuple[str, object]]:
    """Trunk and Teams."""
    trunk, teams = settings.sbc.trunk, settings.sbc.teams
    if trunk.addresses:
        yield "trunk", ",".join(map(str, trunk.addresses))
        yield "trunk_profile", trunk.profile
        yield "trunk_user", trunk.user
        yield "trunk_password_file", trunk.password_file or ""
        yield "own_numbers", ",".join(trunk.own_numbers)
        yield "shown_number", trunk.shown_number
        yield "emergency_number", trunk.emergency_number
    if teams.name:
        yield "teams_name", teams.name
        yield "teams_networks", ",".join(teams.networks)
        yield "tls_authorities", teams.authorities


def outside_fault(settings: Settings) -> str:
    """What is wrong with trunk and Teams, found before anything starts; empty when nothing is."""
    if not settings.sbc.trunk.addresses and not settings.sbc.teams.name:
        return ""
    hosts = [("hosts", ",".join(settings.sbc.hosts)), ("tls_port", settings.sbc.tls_port)]
    hosts.append(("switches", ",".join(map(str, settings.switch.sip_addresses))))
    script = [str(ROOT / "scripts/sbc_site.py"), "--check", "--state", str(settings.run_directory / "sbc")]
    try:
        _command_of(script, iter([*hosts, *_outside_values(settings)]))
    except CannotLaunch as fault:
        return str(fault).removeprefix("sbc_site: ")
    return ""


def relays_sound(settings: Settings) -> bool:
    """Whether rtpengine has work: softphones, Teams, or a trunk."""
    outside = bool(settings.sbc.trunk.addresses) or bool(settings.sbc.teams.name)
    installed = shutil.which("rtpengine", path=PROGRAMS) is not None
    return softphones_are_used(settings) or (outside and installed and sbc_is_used(settings))


def _command_of(script: list[str], values: Iterator[tuple[str, object]]) -> list[str]:
    """Run a script that writes a run directory and prints the command to start what runs in it."""
    sets = [part for name, value in values for part in ("--set", f"{name}={value}")]
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, *script, *sets], capture_output=True, text=True, timeout=SITE_SCRIPT_SECONDS, check=False
    )
    if done.returncode != 0:
        raise CannotLaunch(done.stderr.strip() or f"{script[0]} failed")
    command: list[str] = json.loads(done.stdout)["command"]
    return command


def core_command(settings: Settings) -> list[str]:
    """Start the controller."""
    return [sys.executable, "-m", "cxcore", "core", "--config", str(settings.file)]


def recorder_command(settings: Settings) -> list[str]:
    """Start what encrypts recordings and deletes them when their time is over."""
    return [sys.executable, "-m", "cxcore", "recordings", "keep", "--config", str(settings.file)]


def web_command(settings: Settings) -> list[str]:
    """Start the pages."""
    return [sys.executable, "-m", "admin_web.wsgi", "--config", str(settings.file)]
