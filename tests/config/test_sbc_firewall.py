"""The optional firewall before the SBC: nftables takes it, and real callers get through a flood that it drops."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.sbc_firewall import ruleset
from scripts.sbc_site import DEFAULTS
from scripts.sbc_values import BadSiteValue
from tests.config.sbc_stage import needs_kamailio

ROOT = Path(__file__).resolve().parents[2]
NFT = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin")
APART = ["unshare", "--user", "--map-root-user", "--net"]
"""A network namespace of one's own, which a user may make who is not root."""
SITE = {
    "allowed_networks": "10.0.0.0/8,2001:db8:1::/48",
    "switches": "10.0.0.5:5080,[2001:db8::5]:5080",
    "trunk": "198.51.100.1:5060,198.51.100.2:5060",
    "teams_name": "sbc.gemeente.example.nl",
}


def works() -> bool:
    tried = [*APART, str(NFT), "list", "ruleset"]
    return NFT is not None and subprocess.run(tried, capture_output=True, check=False).returncode == 0


needs_nftables = pytest.mark.skipif(
    not works() and not os.environ.get("CI"), reason="nftables cannot be used here; make setup installs it"
)


def apart(command: str, text: str = "") -> str:
    """What a command prints in a network namespace of its own."""
    done = subprocess.run([*APART, "sh", "-c", command], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_nftables
@pytest.mark.parametrize("site", [{}, SITE, {"tls_port": "0", "websocket_port": "0"}], ids=["default", "whole", "UDP"])
def test_ruleset_is_taken_by_nftables_twice_in_a_row(site: dict[str, str]) -> None:
    apart(f"{NFT} -c -f - ", ruleset({**DEFAULTS, **site}))
    twice = f"cat > rules; {NFT} -f rules && {NFT} -f rules && {NFT} list table inet cx_border; rm rules"
    told = apart(f"cd $(mktemp -d) && {twice}", ruleset({**DEFAULTS, **site}))
    assert told.count("chain border") == 1


def test_trunk_and_teams_pass_and_a_teams_that_is_not_there_does_not() -> None:
    rules = ruleset({**DEFAULTS, **SITE})
    assert "198.51.100.1" in rules and "52.112.0.0/14" in rules
    assert "52.112.0.0/14" not in ruleset(DEFAULTS)


def test_network_that_is_none_is_named() -> None:
    with pytest.raises(BadSiteValue, match="allowed_networks"):
        ruleset({**DEFAULTS, "allowed_networks": "everybody"})


@needs_kamailio
@needs_nftables
def test_real_callers_get_through_while_the_firewall_drops_a_flood() -> None:
    bench = f"{sys.executable} scripts/bench_border.py --seconds 3 --rate 8000 --firewall --json"
    figures = json.loads(apart(f"cd {ROOT} && ip link set lo up && {bench}"))
    assert figures["calls_under_flood"] >= 1
    assert figures["succeeded_share"] == 1.0, figures
    assert figures["dropped_by_firewall"] > 0.8 * figures["flood_sent"], figures
