#!/usr/bin/env python3
"""Write a run directory for the SBC: Kamailio's configuration, the values of one site, and its first certificate.

    scripts/sbc_site.py --state var/run/sbc --set port=5060 --set switches=127.0.0.1:5080,[::1]:5080

Prints one JSON object: `command` starts Kamailio in the foreground. Known values, all with a default:

    hosts=127.0.0.1,::1        addresses to listen on
    port=5060                  UDP and TCP
    tls_port=5061              0: no TLS
    websocket_port=5066        0: no WebSocket
    switches=127.0.0.1:5080    where calls go; IPv6 callers go to switches on IPv6
    allowed_networks=127.0.0.0/8,::1/128
    requests_per_second=2000   from one address
    trunk=                     HOST:PORT where numbers outside are dialled
    children=2                 processes per listening UDP socket

Needs the standard library, and openssl for the certificate.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[1] / "sbc" / "kamailio.cfg"
DEFAULTS: Mapping[str, str] = {
    "hosts": "127.0.0.1,::1",
    "port": "5060",
    "tls_port": "5061",
    "websocket_port": "5066",
    "switches": "127.0.0.1:5080",
    "allowed_networks": "127.0.0.0/8,::1/128",
    "requests_per_second": "2000",
    "trunk": "",
    "children": "2",
}
CERTIFICATE_DAYS = 825


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
    state.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(CONFIGURATION, state / "kamailio.cfg")
    (state / "addresses.list").write_text("".join(f"{line}\n" for line in _addresses(site)), encoding="ascii")
    (state / "switches.list").write_text("".join(f"{line}\n" for line in _switches(site)), encoding="ascii")
    if _number(site, "tls_port", 0, 65535):
        _make_certificate(state)
    (state / "site.cfg").write_text("".join(f"{line}\n" for line in _lines(site, state.resolve())), encoding="ascii")
    return state / "kamailio.cfg"


def start_command(state: Path) -> list[str]:
    """The command that runs Kamailio in the foreground; all its processes end with the first one."""
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
    if site["trunk"]:
        host, port = _address("trunk", site["trunk"])
        yield "#!define WITH_TRUNK"
        yield f'#!define TRUNK_HOST "{_bracketed(host)}"'
        yield f"#!define TRUNK_PORT {port}"
    yield f"#!define CHILDREN {_number(site, 'children', 1, 64)}"
    yield f"#!define REQUESTS_PER_TWO_SECONDS {2 * _number(site, 'requests_per_second', 1, 100_000)}"
    yield f'#!define ADDRESSES_FILE "{state}/addresses.list"'
    yield f'#!define SWITCHES_FILE "{state}/switches.list"'


def _listening(site: Mapping[str, str]) -> Iterator[str]:
    doors = (("udp", "port"), ("tcp", "port"), ("tls", "tls_port"), ("tcp", "websocket_port"))
    for host in _list(site, "hosts"):
        for transport, name in doors:
            port = _number(site, name, 0, 65535)
            if port:
                yield f"listen={transport}:{_bracketed(str(_ip('hosts', host)))}:{port}"


def _addresses(site: Mapping[str, str]) -> Iterator[str]:
    for network in _list(site, "allowed_networks"):
        try:
            parsed = ipaddress.ip_network(network)
        except ValueError:
            raise BadSiteValue("allowed_networks", f"{network} is no network; write 192.0.2.0/24 or ::1/128") from None
        yield f"1 {parsed.network_address} {parsed.prefixlen} 0 caller"
    for switch in _list(site, "switches"):
        host, port = _address("switches", switch)
        yield f"2 {host} {_ip('switches', host).max_prefixlen} {port} switch"


def _switches(site: Mapping[str, str]) -> Iterator[str]:
    for switch in _list(site, "switches"):
        host, port = _address("switches", switch)
        yield f"{2 if ':' in host else 1} sip:{_bracketed(host)}:{port}"


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


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _make_certificate(state: Path) -> None:
    """A certificate of our own at the first start; a site puts its real one in the same place."""
    key, certificate = state / "key.pem", state / "certificate.pem"
    if key.exists() and certificate.exists():
        return
    key.touch(mode=0o600)
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    command += ["-days", str(CERTIFICATE_DAYS), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)


def main() -> int:
    """Write the run directory and print how to start it; 2 when a value cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True, help="the run directory, made if it is missing")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value of the site")
    options = parser.parse_args()
    values = dict(each.partition("=")[::2] for each in options.set)
    try:
        write_site(options.state, values)
    except (BadSiteValue, OSError, subprocess.CalledProcessError) as fault:
        print(f"sbc_site: {fault}", file=sys.stderr)
        return 2
    print(json.dumps({"command": start_command(options.state)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
