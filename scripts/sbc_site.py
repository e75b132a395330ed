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
    trunk=                     HOST:PORT,… where numbers outside are dialled, in order; calls come from there too
    trunk_profile=             file of sbc/profiles that says what the provider wants
    trunk_user=, trunk_password_file=   the account, where the provider wants one
    own_numbers=               numbers that may be shown, +31715550100,+3171555*,…; without them every number may
    shown_number=              the one that is shown instead of another
    emergency_number=          what 112 sees; without it shown_number
    teams_name=                our name in the Teams tenant, sbc.gemeente.example.nl; without it no Teams
    teams_peers=sip.pstnhub.microsoft.com:5061,sip2…,sip3…   in the order in which they are tried
    teams_networks=52.112.0.0/14,52.120.0.0/14,52.122.0.0/15
    teams_options_seconds=60
    tls_authorities=/etc/ssl/certs/ca-certificates.crt   of those whom we call over TLS: Teams, a trunk
    softphone_secret_file=     holds the secret of the softphones' credentials; without it browsers cannot register
    softphone_origins=         addresses of the pages that may open a WebSocket, http://127.0.0.1:8080,…
    rtpengine=127.0.0.1:22222  where rtpengine takes orders
    homer=                     HOST:PORT that gets a copy of every message (HEP3, UDP); it holds callers' numbers
    children=2                 processes per listening UDP socket, and for all TCP
    log=normal                 debug: every step, with callers' numbers

Needs what the product needs, and openssl for the certificate.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cxcore.config.trunk_profile import Transport  # noqa: E402 - after the path, so that the script runs by itself
from scripts.sbc_peers import (  # noqa: E402
    host_towards_teams,
    profile_of,
    registration_rows,
    status_lines,
    teams_lines,
    trunk_addresses,
    trunk_lines,
)
from scripts.sbc_values import BadSiteValue, address, bracketed, choice, ip, listed, number, secret_of  # noqa: E402

CONFIGURATION = ROOT / "sbc"
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
    "trunk_profile": "",
    "trunk_user": "",
    "trunk_password_file": "",
    "own_numbers": "",
    "shown_number": "",
    "emergency_number": "",
    "teams_name": "",
    "teams_peers": "sip.pstnhub.microsoft.com:5061,sip2.pstnhub.microsoft.com:5061,sip3.pstnhub.microsoft.com:5061",
    "teams_networks": "52.112.0.0/14,52.120.0.0/14,52.122.0.0/15",
    "teams_options_seconds": "60",
    "tls_authorities": "/etc/ssl/certs/ca-certificates.crt",
    "softphone_secret_file": "",
    "softphone_origins": "http://127.0.0.1:8080,http://localhost:8080",
    "rtpengine": "127.0.0.1:22222",
    "homer": "",
    "children": "2",
    "log": "normal",
}
CIPHERS = ":".join(
    f"ECDHE-RSA-{suite}" for suite in ("AES256-GCM-SHA384", "AES128-GCM-SHA256", "AES256-SHA384", "AES128-SHA256")
)
"""What Teams speaks (learn.microsoft.com, direct-routing-plan)."""
NOBODY = "sbc.invalid"
CERTIFICATE_DAYS = 825
CERTIFICATE_SECONDS = 30


def check_site(state: Path, values: Mapping[str, str]) -> dict[str, str]:
    """The files of the site by their names, none of them written. Raises BadSiteValue."""
    unknown = sorted(set(values) - set(DEFAULTS))
    if unknown:
        raise BadSiteValue(unknown[0], f"is no value of the SBC; known are {', '.join(DEFAULTS)}")
    site = {**DEFAULTS, **values}
    root = _quotable(state.resolve())
    key = _topology_key(root)
    lists = {
        "addresses.list": _addresses(site),
        "switches.list": _switches(site),
        "site.cfg": _lines(site, root, key),
        "tls.cfg": _tls(site, root),
        "topology-key": [key],
        "registrations/uacreg": registration_rows(site),
        "registrations/version": ["table_name(string) table_version(int)", "uacreg:5"],
    }
    return {name: "".join(f"{line}\n" for line in lines) for name, lines in lists.items()}


def write_site(state: Path, values: Mapping[str, str]) -> Path:
    """Fill `state` (made if missing) and give back the configuration to start with. Raises BadSiteValue."""
    texts = check_site(state, values)
    site = {**DEFAULTS, **values}
    state.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (state / name).parent.mkdir(exist_ok=True)
        _write_private(state / name, text)
    for file in CONFIGURATION.glob("*.cfg"):
        shutil.copyfile(file, state / file.name)
    if number(site, "tls_port", 0, 65535):
        _make_certificate(state, listed(site, "hosts"))
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


def _lines(site: Mapping[str, str], state: Path, key: str) -> Iterator[str]:
    yield from _listening(site)
    if number(site, "tls_port", 0, 65535):
        yield "#!define WITH_TLS"
        yield f'#!define TLS_CERTIFICATE "{state}/certificate.pem"'
        yield f'#!define TLS_KEY "{state}/key.pem"'
        if _calls_over_tls(site):
            yield "#!define WITH_TLS_PEERS"
            yield f'#!define TLS_FILE "{state}/tls.cfg"'
    if number(site, "websocket_port", 0, 65535):
        yield "#!define WITH_WEBSOCKET"
    if site["softphone_secret_file"]:
        yield from _softphones(site)
    yield from trunk_lines(site)
    yield from teams_lines(site)
    yield from status_lines(site)
    yield from _sound(site)
    yield from _topology(site, key)
    yield from _homer(site)
    if choice(site, "strangers", "refuse", "ignore") == "refuse":
        yield "#!define WITH_REFUSALS"
    if choice(site, "log", "normal", "debug") == "debug":
        yield "#!define WITH_DEBUG"
    yield f"#!define CHILDREN {number(site, 'children', 1, 64)}"
    yield "#!define ATTEMPTS_OF_STRANGERS 20"
    yield "#!define GUESSES 30"
    yield f"#!define REQUESTS_PER_TWO_SECONDS {2 * number(site, 'requests_per_second', 1, 100_000)}"
    yield f'#!define REGISTRATIONS "text://{state}/registrations"'
    yield f'#!define ADDRESSES_FILE "{state}/addresses.list"'
    yield f'#!define SWITCHES_FILE "{state}/switches.list"'


def _calls_over_tls(site: Mapping[str, str]) -> bool:
    return bool(site["teams_name"]) or (bool(site["trunk"]) and profile_of(site).transport is Transport.TLS)


def _tls(site: Mapping[str, str], state: Path) -> Iterator[str]:
    """Kamailio's own file for TLS. Whom we call must show a certificate of a known authority, and is shown ours."""
    ours = [f"private_key = {state}/key.pem", f"certificate = {state}/certificate.pem", "method = TLSv1.2+"]
    yield from ["[server:default]", *ours, "verify_certificate = no", "require_certificate = no"]
    yield from ["[client:default]", *ours, f"cipher_list = {CIPHERS}"]
    if _calls_over_tls(site):
        if not Path(site["tls_authorities"]).is_file():
            raise BadSiteValue("tls_authorities", f"{site['tls_authorities']} is no file of certificates (PEM)")
        yield from ["verify_certificate = yes", "require_certificate = yes", f"ca_list = {site['tls_authorities']}"]


def _softphones(site: Mapping[str, str]) -> Iterator[str]:
    if site["websocket_port"] == "0":
        raise BadSiteValue("softphone_secret_file", "browsers register over WebSocket; set websocket_port")
    secret = secret_of("softphone_secret_file", site["softphone_secret_file"], r"[A-Za-z0-9_-]{32,}")
    yield "#!define WITH_SOFTPHONES"
    yield f'#!define SOFTPHONE_SECRET "{secret}"'
    yield f'#!define SOFTPHONE_ORIGINS "^({"|".join(_origins(site))})$"'


def _sound(site: Mapping[str, str]) -> Iterator[str]:
    """rtpengine, where somebody's sound goes by it."""
    host, port = address("rtpengine", site["rtpengine"])
    relayed = bool(site["trunk"]) and profile_of(site).relay_sound
    if site["softphone_secret_file"] or site["teams_name"] or relayed:
        yield "#!define WITH_SOUND"
        yield f'#!define RTPENGINE "udp:{bracketed(host)}:{port}"'


def _homer(site: Mapping[str, str]) -> Iterator[str]:
    """Who gets a copy of every message."""
    if site["homer"]:
        host, port = address("homer", site["homer"])
        yield f'#!define HOMER "sip:{bracketed(host)}:{port}"'


def _topology(site: Mapping[str, str], key: str) -> Iterator[str]:
    """What others see where an address behind us would stand: our name in the tenant, which Teams wants there, or none.

    It must not be taken for ourselves, so it has no port; later requests come by our Record-Route.
    """
    yield f'#!define TOPOLOGY_ADDRESS "{site["teams_name"] or NOBODY}"'
    yield f'#!define TOPOLOGY_KEY "{key}"'


def _topology_key(state: Path) -> str:
    """Made once: calls that live outlast a restart of the SBC."""
    file = state / "topology-key"
    return file.read_text(encoding="ascii").strip() if file.exists() else secrets.token_urlsafe(24)


def _origins(site: Mapping[str, str]) -> Iterator[str]:
    for origin in listed(site, "softphone_origins"):
        if not re.fullmatch(r"https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?", origin):
            raise BadSiteValue("softphone_origins", f"{origin} is no address of pages; write https://cx.example.nl")
        yield re.sub(r"([.\[\]])", r"\\\1", origin)


def _listening(site: Mapping[str, str]) -> Iterator[str]:
    doors = (("udp", "port"), ("tcp", "port"), ("tls", "tls_port"), ("tcp", "websocket_port"))
    _check_ports(site)
    for host in listed(site, "hosts"):
        address = ip("hosts", host)
        if address.is_unspecified:
            raise BadSiteValue("hosts", f"{host} stands for every address, and callers must be told one; name each")
        for transport, name in doors:
            if site[name] != "0":
                yield f"listen={transport}:{bracketed(str(address))}:{site[name]}{_advertised(site, transport, host)}"


def _advertised(site: Mapping[str, str], transport: str, host: str) -> str:
    """Teams follows names alone: every Via and Record-Route of the address that it sees bears ours."""
    if transport != "tls" or not site["teams_name"] or host != host_towards_teams(site):
        return ""
    return f" advertise {site['teams_name']}:{site['tls_port']}"


def _check_ports(site: Mapping[str, str]) -> None:
    """One port each. UDP is always there: it is how switches are spoken to."""
    taken = {number(site, "port", 1, 65535): "port"}
    for name in ("tls_port", "websocket_port"):
        port = number(site, name, 0, 65535)
        if port in taken:
            raise BadSiteValue(name, f"{port} is {taken[port]} already; choose another, or 0 for none")
        if port:
            taken[port] = name


def _addresses(site: Mapping[str, str]) -> Iterator[str]:
    for network in listed(site, "allowed_networks"):
        yield _network("allowed_networks", network, 1, "caller")
    for host, port in _reachable_switches(site):
        yield f"2 {host} {ip('switches', host).max_prefixlen} {port} switch"
    for host in sorted({host for host, _ in trunk_addresses(site)}):
        yield f"3 {host} {ip('trunk', host).max_prefixlen} 0 trunk"
    for network in listed(site, "teams_networks") if site["teams_name"] else ():
        yield _network("teams_networks", network, 4, "teams")


def _network(name: str, written: str, group: int, tag: str) -> str:
    try:
        parsed = ipaddress.ip_network(written)
    except ValueError:
        raise BadSiteValue(name, f"{written} is no network; write 192.0.2.0/24 or ::1/128") from None
    return f"{group} {parsed.network_address} {parsed.prefixlen} 0 {tag}"


def _switches(site: Mapping[str, str]) -> Iterator[str]:
    for host, port in _reachable_switches(site):
        yield f"{2 if ':' in host else 1} sip:{bracketed(host)}:{port}"


def _reachable_switches(site: Mapping[str, str]) -> list[tuple[str, int]]:
    """The switches of an IP version that we have an address of; nobody can call the others."""
    versions = {ip("hosts", host).version for host in listed(site, "hosts")}
    switches = [address("switches", switch) for switch in listed(site, "switches")]
    reachable = [switch for switch in switches if ip("switches", switch[0]).version in versions]
    if not reachable:
        raise BadSiteValue("switches", f"{site['switches']} has no address of the IP version of hosts={site['hosts']}")
    return reachable


def _quotable(state: Path) -> Path:
    """The run directory as it can stand between quotes in site.cfg."""
    if not str(state).isprintable() or set('"\\') & set(str(state)):
        raise BadSiteValue("--state", f"{str(state)!r} holds a quote, a backslash or a control character")
    return state


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
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the values can be used")
    options = parser.parse_args()
    make = check_site if options.check else write_site
    try:
        make(options.state, _values(options.set))
    except (BadSiteValue, OSError, subprocess.SubprocessError) as fault:
        print(f"sbc_site: {fault}", file=sys.stderr)
        return 2
    print(json.dumps({"command": start_command(options.state)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
