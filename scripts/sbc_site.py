#!/usr/bin/env python3
"""Write a run directory for the SBC: Kamailio's configuration, the values of one site, and its first certificate.

    scripts/sbc_site.py --state var/run/sbc --set port=5060 --set switches=127.0.0.1:5080,[::1]:5080

Prints one JSON object: `command` starts Kamailio in the foreground. Known values, all with a default:

    hosts=127.0.0.1,::1        addresses to listen on, none of them 0.0.0.0 or ::
    port=5060                  UDP and TCP
    tls_port=5061              TLS, and WebSocket over TLS; 0: neither
    websocket_port=5066        0: no WebSocket
    switches=127.0.0.1:5080    where calls go; IPv6 callers go to switches on IPv6
    allowed_networks=127.0.0.0/8,::1/128
    strangers=refuse           who is in no allowed network gets 403; ignore: no answer at all
    requests_per_second=2000   from one address
    trunk=                     HOST:PORT where numbers outside are dialled, and from where calls are taken too
    softphone_secret_file=     holds the secret of the softphones' credentials; without it browsers cannot register
    softphone_origins=         addresses of the pages that may open a WebSocket, http://127.0.0.1:8080,…
    rtpengine=127.0.0.1:22222  where rtpengine takes orders
    children=2                 processes per listening UDP socket, and for all TCP
    log=normal                 debug: every step, with callers' numbers

Needs the standard library, and openssl for the certificate.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[1] / "sbc" / "kamailio.cfg"
DEFAULTS: Mapping[str, str] = {
    "hosts": "127.0.0.1,::1",
    "port": "5060",
    "tls_port": "5061",
    "websocket_port": "5066",
    "switches": "127.0.0.1:5080",
    "allowed_networks": "127.0.0.0/8,::1/128",
    "strangers": "refuse",
    "requests_per_second": "2000",
    "trunk": "",
    "softphone_secret_file": "",
    "softphone_origins": "http://127.0.0.1:8080,http://localhost:8080",
    "rtpengine": "127.0.0.1:22222",
    "children": "2",
    "log": "normal",
}
CERTIFICATE_DAYS = 825
CERTIFICATE_SECONDS = 30


class BadSiteValue(ValueError):
    """A value that cannot be used; the message names it and says what to write."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name}: {remedy}")
        self.name = name


def write_site(state: Path, values: Mapping[str, str]) -> Path:
    """Fill `state` (made if missing) and give back the configuration to start with. Raises BadSiteValue."""
    unknown = sorted(set(values) - set(DEFAULTS))
    if unknown:
        raise BadSiteValue(unknown[0], f"is no value of the SBC; known are {', '.join(DEFAULTS)}")
    site = {**DEFAULTS, **values}
    root = _quotable(state.resolve())
    lists = {"addresses.list": _addresses(site), "switches.list": _switches(site), "site.cfg": _lines(site, root)}
    texts = {name: "".join(f"{line}\n" for line in lines) for name, lines in lists.items()}
    state.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        _write_private(state / name, text)
    shutil.copyfile(CONFIGURATION, state / "kamailio.cfg")
    if _number(site, "tls_port", 0, 65535):
        _make_certificate(state, _list(site, "hosts"))
    return state / "kamailio.cfg"


def _write_private(file: Path, text: str) -> None:
    """For the owner alone: site.cfg may hold a secret."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(text, encoding="utf-8")


def start_command(state: Path) -> list[str]:
    """The command that runs Kamailio in the foreground, as root or as anybody, without a file outside `state`.

    SIGTERM to the first process ends all. When it is killed the others stay and hold the ports: start it in a session
    or control group of its own (`cx run` and systemd do), and kill what is left of that before the next start.
    """
    root = state.resolve()
    memory = ["-m", "64", "-M", "8"]
    binary = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin") or "kamailio"
    return [binary, "-DD", "-E", *memory, "-f", str(root / "kamailio.cfg"), "-w", str(root), "-Y", str(root)]


def _lines(site: Mapping[str, str], state: Path) -> Iterator[str]:
    yield from _listening(site)
    if _number(site, "tls_port", 0, 65535):
        yield "#!define WITH_TLS"
        yield f'#!define TLS_CERTIFICATE "{state}/certificate.pem"'
        yield f'#!define TLS_KEY "{state}/key.pem"'
    if _number(site, "websocket_port", 0, 65535):
        yield "#!define WITH_WEBSOCKET"
    if site["softphone_secret_file"]:
        yield from _softphones(site)
    if site["trunk"]:
        host, port = _address("trunk", site["trunk"])
        yield "#!define WITH_TRUNK"
        yield f'#!define TRUNK_HOST "{_bracketed(host)}"'
        yield f"#!define TRUNK_PORT {port}"
    if _choice(site, "strangers", "refuse", "ignore") == "refuse":
        yield "#!define WITH_REFUSALS"
    if _choice(site, "log", "normal", "debug") == "debug":
        yield "#!define WITH_DEBUG"
    yield f"#!define CHILDREN {_number(site, 'children', 1, 64)}"
    yield f"#!define REQUESTS_PER_TWO_SECONDS {2 * _number(site, 'requests_per_second', 1, 100_000)}"
    yield f'#!define ADDRESSES_FILE "{state}/addresses.list"'
    yield f'#!define SWITCHES_FILE "{state}/switches.list"'


def _softphones(site: Mapping[str, str]) -> Iterator[str]:
    if site["websocket_port"] == "0":
        raise BadSiteValue("softphone_secret_file", "browsers register over WebSocket; set websocket_port")
    host, port = _address("rtpengine", site["rtpengine"])
    yield "#!define WITH_SOFTPHONES"
    yield f'#!define SOFTPHONE_SECRET "{_secret(Path(site["softphone_secret_file"]))}"'
    yield f'#!define SOFTPHONE_ORIGINS "^({"|".join(_origins(site))})$"'
    yield f'#!define RTPENGINE "udp:{_bracketed(host)}:{port}"'


def _secret(file: Path) -> str:
    try:
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadSiteValue("softphone_secret_file", f"cannot be read: {fault}") from None
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,}", secret):
        raise BadSiteValue("softphone_secret_file", f"{file} must hold 32 or more letters, digits, - and _")
    return secret


def _origins(site: Mapping[str, str]) -> Iterator[str]:
    for origin in _list(site, "softphone_origins"):
        if not re.fullmatch(r"https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?", origin):
            raise BadSiteValue("softphone_origins", f"{origin} is no address of pages; write https://cx.example.nl")
        yield re.sub(r"([.\[\]])", r"\\\1", origin)


def _listening(site: Mapping[str, str]) -> Iterator[str]:
    doors = (("udp", "port"), ("tcp", "port"), ("tls", "tls_port"), ("tcp", "websocket_port"))
    _check_ports(site)
    for host in _list(site, "hosts"):
        address = _ip("hosts", host)
        if address.is_unspecified:
            raise BadSiteValue("hosts", f"{host} stands for every address, and callers must be told one; name each")
        for transport, name in doors:
            if site[name] != "0":
                yield f"listen={transport}:{_bracketed(str(address))}:{site[name]}"


def _check_ports(site: Mapping[str, str]) -> None:
    """One port each. UDP is always there: it is how switches are spoken to."""
    taken = {_number(site, "port", 1, 65535): "port"}
    for name in ("tls_port", "websocket_port"):
        port = _number(site, name, 0, 65535)
        if port in taken:
            raise BadSiteValue(name, f"{port} is {taken[port]} already; choose another, or 0 for none")
        if port:
            taken[port] = name


def _addresses(site: Mapping[str, str]) -> Iterator[str]:
    for network in _list(site, "allowed_networks"):
        try:
            parsed = ipaddress.ip_network(network)
        except ValueError:
            raise BadSiteValue("allowed_networks", f"{network} is no network; write 192.0.2.0/24 or ::1/128") from None
        yield f"1 {parsed.network_address} {parsed.prefixlen} 0 caller"
    for host, port in _reachable_switches(site):
        yield f"2 {host} {_ip('switches', host).max_prefixlen} {port} switch"
    if site["trunk"]:
        host, _ = _address("trunk", site["trunk"])
        for group in (1, 3):
            yield f"{group} {host} {_ip('trunk', host).max_prefixlen} 0 trunk"


def _switches(site: Mapping[str, str]) -> Iterator[str]:
    for host, port in _reachable_switches(site):
        yield f"{2 if ':' in host else 1} sip:{_bracketed(host)}:{port}"


def _reachable_switches(site: Mapping[str, str]) -> list[tuple[str, int]]:
    """The switches of an IP version that we have an address of; nobody can call the others."""
    versions = {_ip("hosts", host).version for host in _list(site, "hosts")}
    switches = [_address("switches", switch) for switch in _list(site, "switches")]
    reachable = [switch for switch in switches if _ip("switches", switch[0]).version in versions]
    if not reachable:
        raise BadSiteValue("switches", f"{site['switches']} has no address of the IP version of hosts={site['hosts']}")
    return reachable


def _list(site: Mapping[str, str], name: str) -> list[str]:
    items = [item.strip() for item in site[name].split(",") if item.strip()]
    if not items:
        raise BadSiteValue(name, "must name at least one")
    return items


def _ip(name: str, host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        raise BadSiteValue(name, f"{host} is no IP address; write 192.0.2.1 or 2001:db8::1") from None


def _address(name: str, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    _ip(name, host)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadSiteValue(name, f"{text} is no address with a port; write 192.0.2.1:5080 or [2001:db8::1]:5080")
    return host, int(port)


def _number(site: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = site[name]
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSiteValue(name, f"{text} is not a whole number from {least} to {most}")
    return int(text)


def _choice(site: Mapping[str, str], name: str, *choices: str) -> str:
    if site[name] not in choices:
        raise BadSiteValue(name, f"{site[name]!r} is not one of {', '.join(choices)}")
    return site[name]


def _quotable(state: Path) -> Path:
    """The run directory as it can stand between quotes in site.cfg."""
    if not str(state).isprintable() or set('"\\') & set(str(state)):
        raise BadSiteValue("--state", f"{str(state)!r} holds a quote, a backslash or a control character")
    return state


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _make_certificate(state: Path, hosts: Sequence[str]) -> None:
    """A certificate of our own at the first start; a site puts its real one in the same place."""
    key, certificate = state / "key.pem", state / "certificate.pem"
    if key.exists() and certificate.exists():
        return
    openssl = shutil.which("openssl")
    if openssl is None:
        raise BadSiteValue("tls_port", "openssl is not installed, which makes the certificate; install it, or set 0")
    key.touch(mode=0o600)
    names = ",".join(["DNS:localhost", *(f"IP:{host}" for host in hosts)])
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    command += ["-days", str(CERTIFICATE_DAYS), "-keyout", str(key), "-out", str(certificate)]
    command += ["-addext", f"subjectAltName={names}"]
    subprocess.run(command, check=True, capture_output=True, timeout=CERTIFICATE_SECONDS)


def _values(settings: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise BadSiteValue(setting, "write --set NAME=VALUE")
        values[name] = value
    return values


def main() -> int:
    """Write the run directory and print how to start it; 2 when a value cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True, help="the run directory, made if it is missing")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value of the site")
    options = parser.parse_args()
    try:
        write_site(options.state, _values(options.set))
    except (BadSiteValue, OSError, subprocess.SubprocessError) as fault:
        print(f"sbc_site: {fault}", file=sys.stderr)
        return 2
    print(json.dumps({"command": start_command(options.state)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
