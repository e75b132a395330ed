#!/usr/bin/env python3
"""How the SBC holds up: what it adds to a call, and whether real callers get through while it is flooded.

    scripts/bench_border.py
    scripts/bench_border.py --seconds 20 --json
    unshare --net sh -c "ip link set lo up && scripts/bench_border.py --rate 43000 --firewall"

Measures, on this machine, with a SIP party in the switch's place:
  calm     INVITE → 200 at the caller, through the SBC and straight to the party: what the medians differ by, the
           SBC adds before the called party rings
  flood    the same while strangers send INVITE, REGISTER and OPTIONS at a rate, and while half-open TLS connections
           stand: how many real calls succeed, and how long they take. A caller repeats what is not answered (RFC 3261,
           T1 of 500 ms)
With --firewall the ruleset of scripts/sbc_firewall.py stands before the SBC, in a network namespace of its own.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.sbc_firewall import ruleset  # noqa: E402 - after the path
from scripts.sbc_site import DEFAULTS  # noqa: E402
from tests.config.sbc_stage import KAMAILIO, Sbc  # noqa: E402 - after the path
from tests.contract.sip_peer import Call, Message, NothingCame, SipParty  # noqa: E402

NOT_INSTALLED = 3
NUMBER = "+31715550100"
CALLER, STRANGERS = "127.0.0.1", ("127.0.0.2", "127.0.0.3")
HALF_OPEN = 50
PATIENCE_SECONDS = 5.0
T1_SECONDS = 0.5
FLOOD = """
import os, socket, sys, time
host, port, source, begun = sys.argv[1], int(sys.argv[2]), sys.argv[3], time.monotonic()
until, rate = begun + float(sys.argv[4]), float(sys.argv[5])
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.bind((source, 0))
wire.setblocking(False)
sent = 0
while time.monotonic() < until:
    method = ("INVITE", "REGISTER", "OPTIONS")[sent % 3]
    lines = [f"{method} sip:100@{host}:{port} SIP/2.0",
             f"Via: SIP/2.0/UDP {source};branch=z9hG4bK{os.urandom(6).hex()}",
             "Max-Forwards: 70", f"From: <sip:100@x>;tag={sent}", "To: <sip:100@x>", f"Call-ID: {os.urandom(6).hex()}",
             f"CSeq: 1 {method}", "Content-Length: 0"]
    if sent > (time.monotonic() - begun) * rate:
        time.sleep(0.001)
        continue
    try:
        wire.sendto(("\\r\\n".join(lines) + "\\r\\n\\r\\n").encode(), (host, port))
        sent += 1
    except BlockingIOError:
        time.sleep(0.0005)
print(sent)
"""
"""What a stranger's process runs."""


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Percentiles, in milliseconds; of fewer than two calls there are none."""
    if len(seconds) < 2:
        return {"samples": len(seconds)}
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    p50, p99, longest = (round(value * 1000, 1) for value in (parts[49], parts[98], max(seconds)))
    return {"samples": len(seconds), "p50": p50, "p99": p99, "max": longest}


def expect_call(caller: SipParty, call: Call, party: SipParty) -> Call:
    """The call at the party; the INVITE is repeated after half a second, and twice that."""
    sent = call.invite or Message("", ())
    invite = "\r\n".join([sent.start, *(f"{name}: {value}" for name, value in sent.headers)])
    for patience in (T1_SECONDS, 2 * T1_SECONDS):
        try:
            return party.expect_call(patience)
        except NothingCame:
            caller.send((invite + "\r\n\r\n").encode() + sent.body)
    return party.expect_call(PATIENCE_SECONDS)


def calls(target: tuple[str, int], party: SipParty, seconds: float) -> Iterator[float | None]:
    """One call after the other for so long: from INVITE to 200, or None when it did not succeed."""
    caller = SipParty(target, CALLER)
    if party.address == f"{target[0]}:{target[1]}":
        host, _, port = caller.address.rpartition(":")
        party.engine = (host, int(port))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.monotonic()
        call = caller.call(NUMBER)
        try:
            arrived = expect_call(caller, call, party)
            arrived.answer()
            call.wait_answered(PATIENCE_SECONDS)
            yield time.monotonic() - begun
            call.bye()
            arrived.wait_ended(PATIENCE_SECONDS)
        except NothingCame:
            yield None
    caller.close()


@contextmanager
def flooded(sbc: Sbc, seconds: float, rate: float) -> Iterator[list[int]]:
    """Strangers flood for so long; afterwards the list holds how many messages each sent."""
    words = [sys.executable, "-c", FLOOD, "127.0.0.1", str(sbc.port)]
    shares = [[*words, source, str(seconds), str(rate / len(STRANGERS))] for source in STRANGERS]
    floods = [subprocess.Popen(share, stdout=subprocess.PIPE, text=True) for share in shares]
    sent: list[int] = []
    with ExitStack() as half_open:
        for _ in range(HALF_OPEN):
            half_open.enter_context(socket.create_connection(("127.0.0.1", sbc.door("tls")), PATIENCE_SECONDS))
        yield sent
    sent += [int(flood.communicate()[0]) for flood in floods]


def load_firewall(sbc: Sbc) -> None:
    """Put the ruleset before the SBC. Raises CalledProcessError where this network namespace may not be changed."""
    rules = ruleset({**DEFAULTS, **sbc.values})
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True, capture_output=True)


def dropped() -> int:
    """Packets of strangers that the firewall dropped."""
    command = ["nft", "-j", "list", "counter", "inet", "cx_border", "dropped_strangers"]
    told = json.loads(subprocess.run(command, text=True, check=True, capture_output=True).stdout)
    return int(next(each["counter"]["packets"] for each in told["nftables"] if "counter" in each))


def measure(seconds: float, rate: float, firewall: bool = False) -> dict[str, object]:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder:
        sbc = Sbc(Path(folder), allowed_networks=f"{CALLER}/32")
        if firewall:
            load_firewall(sbc)
        straight = SipParty(("127.0.0.1", 9))
        host, _, port = straight.address.rpartition(":")
        alone = [each for each in calls((host, int(port)), straight, seconds / 4) if each is not None]
        through = [each for each in calls(("127.0.0.1", sbc.port), sbc.switch, seconds / 4) if each is not None]
        with flooded(sbc, seconds, rate) as sent:
            under = list(calls(("127.0.0.1", sbc.port), sbc.switch, seconds))
        straight.close()
        sbc.close()
    succeeded = [each for each in under if each is not None]
    return {
        "sbc_adds_ms": round(1000 * (statistics.median(through) - statistics.median(alone)), 1),
        "straight_ms": spread(alone),
        "through_sbc_ms": spread(through),
        "under_flood_ms": spread(succeeded),
        "flood_per_second": round(sum(sent) / seconds),
        "half_open_tls": HALF_OPEN,
        "calls_under_flood": len(under),
        "succeeded_share": round(len(succeeded) / len(under), 4),
        "dropped_by_firewall": dropped() if firewall else 0,
        "flood_sent": sum(sent),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long the flood lasts")
    parser.add_argument("--rate", type=float, default=5000.0, help="messages of strangers in a second")
    parser.add_argument("--firewall", action="store_true", help="with the ruleset of scripts/sbc_firewall.py before it")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    if KAMAILIO is None:
        print("kamailio is not installed: run `make setup`", file=sys.stderr)
        return NOT_INSTALLED
    figures = measure(options.seconds, options.rate, options.firewall)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:20} {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
