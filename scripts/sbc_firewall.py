#!/usr/bin/env python3
"""Print an nftables ruleset that holds a flood off the SBC, before Kamailio. Optional; docs/operations/sbc.md.

    scripts/sbc_firewall.py --config cx.yml > /etc/nftables.d/cx-border.nft && nft -c -f /etc/nftables.d/cx-border.nft

Only the ports of the SBC are looked at, in a table of its own, `cx_border`; what else a firewall does stays as it is.
Switches, trunk and Teams pass. Who is in an allowed network passes up to `sbc.requests_per_second`. All others, who get
no more than a refusal from the SBC, may send a few packets a second each, and all together so few that forged addresses
help nobody. `nft list table inet cx_border` shows what was dropped; Kamailio's own counts do not see it any more.
"""

from __future__ import annotations

import argparse
import ipaddress
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cxcore.config import Settings, SettingsError, load  # noqa: E402 - after the path, so that the script runs by itself
from scripts.sbc_peers import trunk_addresses  # noqa: E402
from scripts.sbc_values import BadSiteValue, address, listed, number  # noqa: E402

STRANGER_PER_SECOND, STRANGERS_PER_SECOND, CONNECTIONS_PER_SECOND = 10, 500, 100
"""Packets of one stranger, of all together, and connections that all together open."""
REMEMBERED = 65_536
"""Addresses that are counted one by one; who comes beyond them falls under what all may send together."""
Networks = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]


def ruleset(values: Mapping[str, str]) -> str:
    """The ruleset for the values of a site (scripts/sbc_site.py). Raises BadSiteValue."""
    trusted = [*_hosts(values), *_networks(values, "teams_networks" if values.get("teams_name") else "")]
    sets = {"trusted": trusted, "callers": _networks(values, "allowed_networks")}
    doors = [values[name] for name in ("port", "tls_port", "websocket_port") if values[name] != "0"]
    lines = [
        "#!/usr/sbin/nft -f",
        "# Made by scripts/sbc_firewall.py. Loading it again replaces it.",
        "table inet cx_border",
        "delete table inet cx_border",
        "table inet cx_border {",
        *(line for name, members in sets.items() for line in _sets(name, members)),
        *(line for version in (4, 6) for line in _counted(version)),
        *_border(values["port"], doors),
        *_callers(number(values, "requests_per_second", 1, 1_000_000)),
        *_strangers(),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _hosts(values: Mapping[str, str]) -> Networks:
    """Switches and trunk, each an address."""
    places = [address("switches", each) for each in listed(values, "switches")]
    places += trunk_addresses(values)
    return [ipaddress.ip_network(host) for host, _ in places]


def _networks(values: Mapping[str, str], name: str) -> Networks:
    try:
        return [ipaddress.ip_network(each) for each in listed(values, name)] if name else []
    except ValueError as fault:
        raise BadSiteValue(name, str(fault)) from None


def _sets(name: str, members: Networks) -> Iterator[str]:
    for version in (4, 6):
        found = ipaddress.collapse_addresses(each for each in members if each.version == version)  # type: ignore[type-var]
        elements = ", ".join(str(each) for each in found)
        yield f"	set {name}{version} {{ type ipv{version}_addr; flags interval;"
        yield f"		{f'elements = {{ {elements} }}' if elements else ''}"
        yield "	}"


def _counted(version: int) -> Iterable[str]:
    kind = f"type ipv{version}_addr; size {REMEMBERED}; flags dynamic, timeout; timeout 1m;"
    return [f"	set hasty{version} {{ {kind} }}", f"	set strangers{version} {{ {kind} }}"]


def _border(port: str, doors: Sequence[str]) -> Iterable[str]:
    """Before the operator's own chains, which may still refuse what passes here."""
    return [
        "	counter dropped_strangers { }",
        "	counter dropped_callers { }",
        "	chain border {",
        "		type filter hook input priority filter - 10; policy accept;",
        f"		udp dport {port} goto sources",
        f"		tcp dport {{ {', '.join(doors)} }} ct state new goto sources",
        "	}",
        "	chain sources {",
        *(f"		{_ip(version)} saddr @trusted{version} accept" for version in (4, 6)),
        *(f"		{_ip(version)} saddr @callers{version} goto callers" for version in (4, 6)),
        "		goto strangers",
        "	}",
    ]


def _callers(per_second: int) -> Iterable[str]:
    over = f"limit rate over {per_second}/second burst {per_second} packets"
    return ["	chain callers {", *(_each(version, "hasty", over, "dropped_callers") for version in (4, 6)), "	}"]


def _strangers() -> Iterable[str]:
    over = f"limit rate over {STRANGER_PER_SECOND}/second burst {2 * STRANGER_PER_SECOND} packets"
    drop = "counter name dropped_strangers drop"
    return [
        "	chain strangers {",
        *(_each(version, "strangers", over, "dropped_strangers") for version in (4, 6)),
        f"		meta l4proto tcp limit rate over {CONNECTIONS_PER_SECOND}/second {drop}",
        f"		meta l4proto udp limit rate over {STRANGERS_PER_SECOND}/second {drop}",
        "	}",
    ]


def _each(version: int, name: str, over: str, counter: str) -> str:
    source = f"{_ip(version)} saddr"
    return f"		update @{name}{version} {{ {source} {over} }} counter name {counter} drop"


def _ip(version: int) -> str:
    return "ip" if version == 4 else "ip6"


def values_of(settings: Settings) -> dict[str, str]:
    """The values of a site out of its settings."""
    sbc = settings.sbc
    return {
        "port": str(sbc.port),
        "tls_port": str(sbc.tls_port),
        "websocket_port": str(sbc.websocket_port),
        "switches": ",".join(map(str, settings.switch.sip_addresses)),
        "trunk": ",".join(map(str, sbc.trunk.addresses)),
        "allowed_networks": ",".join(sbc.allowed_networks),
        "teams_name": sbc.teams.name,
        "teams_networks": ",".join(sbc.teams.networks),
        "requests_per_second": str(sbc.requests_per_second),
    }


def main() -> int:
    """Print the ruleset; 2 when the settings cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=None, help="the site's cx.yml")
    try:
        print(ruleset(values_of(load(parser.parse_args().config))), end="")
    except (BadSiteValue, SettingsError) as fault:
        print(f"sbc_firewall: {fault}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
