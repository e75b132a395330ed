#!/usr/bin/env python3
"""How long mod_callcenter, FreeSWITCH's own distribution, leaves a free agent waiting: the yardstick of `free_20`.

    scripts/bench_callcenter.py
    scripts/bench_callcenter.py --json --samples 100

The same people as in `scripts/bench_calls.py freeswitch --only free_20`: 20 agents, 60 callers who wait with music,
agents who talk for a while and whose places in line are taken again. There is no core; callers go to a queue of
mod_callcenter (strategy longest-idle-agent), agents are of its type `callback`. Two figures:

  back_to_invite_ms   the agent comes back from a break (`agent set status … Available`) → INVITE at the device;
                      this is what "agent free" is in `free_20`
  ended_to_invite_ms  the agent hangs up, without any wrap-up → INVITE of the next caller
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from xml.sax.saxutils import quoteattr

import gevent
from gevent.event import Event

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.bench_calls import NOT_INSTALLED, show, spread
from scripts.benchmarks.floor import CALLS_PER_SECOND, PLAIN, RTP_PORTS
from scripts.benchmarks.parties import Leg, NothingCame, Parties
from scripts.benchmarks.sound import now
from tests.contract import engines
from tests.contract.engines import Engine
from tests.ports import PortBlock

AGENTS, WAITING, TALK_SECONDS = PLAIN[:20], 60, 2.5
QUEUE = "bench@default"
LONGEST_SECONDS = 10

DIALPLAN = f"""<context name="public">
  <extension name="to-the-queue">
    <condition>
      <action application="answer"/>
      <action application="callcenter" data="{QUEUE}"/>
    </condition>
  </extension>
</context>
"""

SETTINGS = """<configuration name="callcenter.conf">
  <settings/>
  <queues>
    <queue name={queue}>
      <param name="strategy" value="longest-idle-agent"/>
      <param name="moh-sound" value={music}/>
      <param name="time-base-score" value="queue"/>
      <param name="max-wait-time" value="0"/>
    </queue>
  </queues>
  <agents>
    {agents}
  </agents>
  <tiers>
    {tiers}
  </tiers>
</configuration>
"""


class CallCenter:
    """The queue, its agents' devices, which answer at once, and the street that callers call from."""

    def __init__(self, engine: Engine) -> None:
        self.esl = engine.login()
        self.street, self.devices = Parties(engine.sip_address), Parties(engine.sip_address)
        self.devices.on_call = self._take_call
        self.rung = {name: Event() for name in AGENTS}
        self.current: dict[str, Leg] = {}
        self._numbers = count(1)
        self._configure(engine)

    def _configure(self, engine: Engine) -> None:
        conf = engine.folder / "freeswitch" / "conf"
        (conf / "dialplan" / "public.xml").write_text(DIALPLAN, encoding="utf-8")
        (conf / "autoload_configs" / "callcenter.conf.xml").write_text(self._settings(engine), encoding="utf-8")
        self.esl.api("reloadxml")
        said = self.esl.api("load mod_callcenter")
        if "+OK" not in said:
            raise NothingCame(f"mod_callcenter cannot be loaded: {said.strip()}")

    def _settings(self, engine: Engine) -> str:
        agents = (self._agent(engine, name) for name in AGENTS)
        tiers = (f'<tier agent="{name}" queue="{QUEUE}" level="1" position="1"/>' for name in AGENTS)
        return SETTINGS.format(
            queue=quoteattr(QUEUE),
            music=quoteattr(f"local_stream://{engines.STREAM}"),
            agents="\n    ".join(agents),
            tiers="\n    ".join(tiers),
        )

    def _agent(self, engine: Engine, name: str) -> str:
        contact = f"[leg_timeout=30]sofia/{engine.profile}/sip:{name}@{self.devices.address}"
        return (
            f'<agent name="{name}" type="callback" contact={quoteattr(contact)} status="Available" '
            'max-no-answer="0" wrap-up-time="0" reject-delay-time="0" busy-delay-time="0"/>'
        )

    def _take_call(self, leg: Leg) -> None:
        self.current[leg.user] = leg
        self.rung[leg.user].set()
        leg.answer()

    def call(self) -> None:
        """Somebody with a number of their own calls."""
        self.street.call("+31715550100", f"+316{next(self._numbers):08}")

    def status(self, name: str, status: str) -> None:
        """The agent's status in mod_callcenter."""
        said = self.esl.api(f"callcenter_config agent set status {name} '{status}'")
        if "+OK" not in said:
            raise NothingCame(f"{name} is not {status}: {said.strip()}")

    def fill(self) -> None:
        """All agents talk, and sixty wait."""
        for _ in range(len(AGENTS) + WAITING):
            self.call()
            gevent.sleep(1 / CALLS_PER_SECOND)
        for name in AGENTS:
            self.wait_rung(name)

    def wait_rung(self, name: str) -> float:
        """When the agent's device got its INVITE."""
        if not self.rung[name].wait(LONGEST_SECONDS):
            raise NothingCame(f"{name} was not rung")
        return self.current[name].began_at

    def hang_up(self, name: str) -> None:
        """The agent ends the conversation."""
        self.rung[name].clear()
        self.current[name].bye()

    def close(self) -> None:
        """Let go of the connection; the engine that ends then ends the calls."""
        self.esl.close()


def back_to_invite(floor: CallCenter, name: str) -> float:
    """Seconds from the end of the break to the INVITE. The conversation ended more than a second before it."""
    floor.status(name, "On Break")
    floor.hang_up(name)
    floor.call()
    gevent.sleep(random.uniform(2.1, 3.1))
    began = now()
    floor.status(name, "Available")
    return floor.wait_rung(name) - began


def ended_to_invite(floor: CallCenter, name: str) -> float:
    """Seconds from the BYE to the INVITE."""
    floor.call()
    began = now()
    floor.hang_up(name)
    return floor.wait_rung(name) - began


def measured(floor: CallCenter, one: Callable[[CallCenter, str], float], samples: int) -> list[float]:
    """So many delays, of all agents in turns of their own."""
    delays: list[float] = []

    def lane(name: str, number: int) -> None:
        gevent.sleep(TALK_SECONDS * number / len(AGENTS))
        while len(delays) < samples:
            delays.append(one(floor, name))
            gevent.sleep(TALK_SECONDS)

    lanes = [gevent.spawn(lane, name, number) for number, name in enumerate(AGENTS)]
    gevent.joinall(lanes, raise_error=True)
    return delays[:samples]


@contextmanager
def callcenter() -> Iterator[CallCenter]:
    """A FreeSWITCH of its own, on free ports."""
    with tempfile.TemporaryDirectory() as folder:
        site = engines.prepare_site(Path(folder), "127.0.0.1:9", "")
        block = PortBlock(RTP_PORTS + 1)
        site = replace(site, block=block, rtp_start=block.first, rtp_ports=RTP_PORTS)
        with engines.running("freeswitch", site) as engine:
            floor = CallCenter(engine)
            try:
                yield floor
            finally:
                floor.close()


def measure(samples: int) -> dict[str, object]:
    """Both figures."""
    with callcenter() as floor:
        floor.fill()
        back = spread(measured(floor, back_to_invite, samples))
        ended = spread(measured(floor, ended_to_invite, samples))
    return {"back_to_invite_ms": back, "ended_to_invite_ms": ended}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 3 when FreeSWITCH is not installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100, help="of each figure (100)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    if reason := engines.MISSING["freeswitch"]():
        print(reason, file=sys.stderr)
        return NOT_INSTALLED
    figures = measure(options.samples)
    print(json.dumps(figures) if options.json else show(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
