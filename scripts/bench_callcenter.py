#!/usr/bin/env python3
"""How soon FreeSWITCH's own distribution, mod_callcenter, offers the next caller to an agent who became free.

    scripts/bench_callcenter.py --json

Measured like `free_20` of scripts/bench_calls.py, with the same callers and devices: 20 agents, 60 callers waiting, no
wrap-up; from the BYE of the agent's device to the INVITE that reaches it. Exit code 3 where FreeSWITCH or the module is
not installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import gevent
from gevent.event import Event

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.bench_calls import spread
from scripts.benchmarks.parties import Leg, NothingCame, Parties
from scripts.benchmarks.sound import now
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.esl import Esl

NOT_INSTALLED = 3
AGENTS = tuple(f"agent{number:02}" for number in range(20))
WAITING = 60
QUEUE = """<include><configuration name="callcenter.conf"><settings/><queues><queue name="bench">
<param name="strategy" value="longest-idle-agent"/><param name="moh-sound" value="local_stream://{stream}"/>
<param name="time-base-score" value="system"/><param name="tier-rules-apply" value="false"/>
<param name="abandoned-resume-allowed" value="false"/></queue></queues><agents/><tiers/></configuration></include>
"""
DIALPLAN = """<context name="public"><extension name="queue"><condition>
<action application="answer"/><action application="callcenter" data="bench"/></condition></extension></context>
"""


class CallCenter:
    """An engine that distributes by itself, its callers, and agents whose devices answer at once."""

    def __init__(self, engine: Engine) -> None:
        self.devices, self.street = Parties(engine.sip_address), Parties(engine.sip_address)
        self.devices.on_call = self._take_call
        self.rung = {name: Event() for name in AGENTS}
        self.current: dict[str, Leg] = {}
        self._calls = 0
        self._set_up(engine)

    def _take_call(self, leg: Leg) -> None:
        self.current[leg.user] = leg
        self.rung[leg.user].set()
        leg.answer()

    def _set_up(self, engine: Engine) -> None:
        conf = engine.folder / "freeswitch" / "conf"
        (conf / "autoload_configs" / "callcenter.conf.xml").write_text(QUEUE.format(stream=engines.STREAM))
        (conf / "dialplan" / "public.xml").write_text(DIALPLAN)
        esl = engine.login()
        esl.api("reloadxml")
        if not esl.api("load mod_callcenter").startswith("+OK"):
            raise NothingCame("mod_callcenter is not installed")
        for name in AGENTS:
            self._hire(esl, engine, name)
        esl.close()

    def _hire(self, esl: Esl, engine: Engine, name: str) -> None:
        contact = f"sofia/{engine.profile}/sip:{name}@{self.devices.address}"
        for command in (
            f"agent add {name} callback",
            f"agent set contact {name} {contact}",
            f"agent set wrap_up_time {name} 0",
            f"tier add bench {name} 1 1",
            f"agent set status {name} Available",
        ):
            esl.api(f"callcenter_config {command}")

    def call(self) -> None:
        """Somebody with a number of their own calls."""
        self._calls += 1
        self.street.call("+31715550101", f"+316{self._calls:08}", 1500)

    def fill(self) -> None:
        """Place calls until all agents talk and sixty callers wait."""
        for _ in range(len(AGENTS) + WAITING):
            self.call()
            gevent.sleep(0.03)
        with gevent.Timeout(60, NothingCame("not all agents talk")):
            while len(self.current) < len(AGENTS):
                gevent.sleep(0.05)

    def free(self, name: str) -> float:
        """The agent hangs up: seconds until the device gets the next INVITE."""
        self.call()
        self.rung[name].clear()
        began = now()
        self.current[name].bye()
        if not self.rung[name].wait(20):
            raise NothingCame(f"{name} was not rung")
        return self.current[name].began_at - began


def measure(samples: int) -> list[float]:
    """The delays, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        site = replace(engines.prepare_site(Path(folder), "127.0.0.1:9", "+31715550199"), rtp_ports=800)
        with engines.running("freeswitch", site) as engine:
            center = CallCenter(engine)
            center.fill()
            return _delays(center, samples)


def _delays(center: CallCenter, samples: int) -> list[float]:
    delays: list[float] = []

    def lane(name: str, number: int) -> None:
        gevent.sleep(1.5 * number / len(AGENTS))
        while len(delays) < samples:
            delays.append(center.free(name))
            gevent.sleep(1.5)

    gevent.joinall([gevent.spawn(lane, name, number) for number, name in enumerate(AGENTS)], raise_error=True)
    return delays[:samples]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the spread."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=120)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    try:
        if reason := engines.MISSING["freeswitch"]():
            raise NothingCame(reason)
        figures = {"free_to_invite_ms": spread(measure(options.samples))}
    except NothingCame as reason:
        print(reason, file=sys.stderr)
        return NOT_INSTALLED
    print(json.dumps(figures) if options.json else figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
