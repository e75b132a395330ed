#!/usr/bin/env python3
"""Send broken RTP, RTCP, SRTP and STUN at all ports of a call, and broken SDP at the switch; see what suffers.

A call is made between a trunk and a Teams user (SRTP) through Kamailio and rtpengine, on ports of its own; both say a
tone. Each half of the time is one round, with other broken packets. Then a line of JSON says what was sent, in how many
half seconds something else was heard (foreign) and in how many nothing (silent; a busy machine may do that
by itself), how INVITEs with broken descriptions were answered (0: not at all), and what memory rtpengine and the
switch held after each round. Exit 1 when something foreign was heard, something died, or memory grew by more than 10 MB
in the second round.

Needs what `make setup` installs; run it as root or as anybody.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.contract import engines  # noqa: E402 - after the path, so that the script runs by itself
from tests.contract.sip_peer import Call  # noqa: E402
from tests.media.siege import Siege, broken_invites, crashed, memory, ports_of  # noqa: E402
from tests.teams.floor import TeamsCall, TeamsFloor, teams_floor  # noqa: E402

CALLER, ANNA = 1230, 1700
LEARNING_SECONDS = 5.0
LOOK_SECONDS = 5.0
MOST_GROWTH = 10_000_000
ROUNDS = 2
INVITES_A_SECOND = 0.5
"""A refused call takes rtpengine half a minute to forget."""


def besieged(floor: TeamsFloor, seconds: float, seed: int) -> dict[str, object]:
    """What happened in all rounds."""
    caller, call = floor.talking(CALLER, ANNA)
    time.sleep(LEARNING_SECONDS)
    ports = ports_of(floor.stage, caller.call_id) | ports_of(floor.stage, call.invite.call_id)
    rounds = [_round(floor, caller, call, ports, seconds / ROUNDS, seed + each) for each in range(ROUNDS)]
    caller.rtp.hear_tone(ANNA)
    call.rtp.hear_tone(CALLER)
    caller.bye()
    logs = floor.stage.rtpengine.log + floor.stage.sbc.log
    return {"ports": len(ports), "rounds": rounds, "crashes": crashed(logs)[:5]}


def _round(
    floor: TeamsFloor, caller: Call, call: TeamsCall, ports: set[tuple[str, int]], seconds: float, seed: int
) -> dict[str, object]:
    heard: list[str] = []
    deadline, statuses = time.monotonic() + seconds, broken_invites(floor.stage, seed, 0)
    with Siege(ports, seed) as siege:
        while time.monotonic() < deadline:
            statuses += broken_invites(floor.stage, seed + siege.sent, round(LOOK_SECONDS * INVITES_A_SECOND), 1.0)
            heard += _heard(caller, call, min(LOOK_SECONDS, seconds))
    counts = {what: heard.count(what) for what in ("tone", "silent", "foreign")}
    return {"sent": siege.sent, "half_seconds": counts, "invites": statuses, "memory": memory(floor.stage)}


def _heard(caller: Call, call: TeamsCall, seconds: float) -> list[str]:
    """What each half second brought either of them."""
    for stream in (caller.rtp, call.rtp):
        stream.packets.clear()
    begun = time.monotonic()
    time.sleep(seconds)
    halves = [(each, ANNA) for each in caller.rtp.heard_since(begun).half_seconds()[:-1]]
    halves += [(each, CALLER) for each in call.rtp.heard_since(begun).half_seconds()[:-1]]
    return ["tone" if each.tones == {tone} else "foreign" if each.tones - {tone} else "silent" for each, tone in halves]


def suffered(found: dict[str, object]) -> bool:
    """Whether strangers were heard, or a process or the memory suffered."""
    first, second = found["rounds"]  # type: ignore[misc]
    grown = max(second["memory"][name] - first["memory"][name] for name in first["memory"])
    foreign = first["half_seconds"]["foreign"] + second["half_seconds"]["foreign"]
    return bool(found["crashes"]) or foreign > 0 or grown > MOST_GROWTH


def main() -> int:
    """Besiege one engine; prints a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long, both rounds together (300)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed sends the same (1)")
    parser.add_argument("--engine", choices=list(engines.START), default="softswitch", help="the switch (softswitch)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, teams_floor(Path(folder), options.engine) as floor:
        found = besieged(floor, options.seconds, options.seed)
    print(json.dumps({"engine": options.engine, **found}))
    return 1 if suffered(found) else 0


if __name__ == "__main__":
    sys.exit(main())
