"""`cx traffic`: a day at the contact centre acted out. Robot callers call, wait, press keys, give up; robot agents
answer their devices, miss some calls, talk and hang up. Everything is real SIP and RTP against the running system.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from lab.agent_desk import AgentDesk, NoDesk
from lab.directory import (
    AgentDevice,
    DialledNumber,
    DirectoryUnreadable,
    parse_agents,
    read_agents,
    read_numbers,
)
from lab.phone import Lab
from lab.robots import Habits, RobotAgent, RobotCaller
from lab.tally import Tally, tally_of
from lab.terminal import end_like_ctrl_c, help_parser, read_address, say_line
from softswitch.media.errors import MediaError
from softswitch.sip.transactions import Address, PortTaken

EXAMPLE: Final = """  cx traffic --rate 12 --minutes 5
  cx traffic --rate 30 --minutes 2 --numbers +31715550101,+31715550102 --talk 20 --seed 7
  cx traffic --rate 6 --minutes 1 --agents anna=127.0.0.1:5071,bram=127.0.0.1:5072 --json"""
STEP_SECONDS: Final = 0.05
CLOSING_SECONDS: Final = 120.0
"""How long callers may go on after the last one has called."""
USAGE_ERROR: Final = 2


@dataclass(frozen=True, slots=True)
class Day:
    """What is acted out. `rate` is calls per minute, at random instants (Poisson); times in seconds."""

    numbers: tuple[DialledNumber, ...]
    agents: tuple[AgentDevice, ...]
    rate: float
    minutes: float
    via: Address
    habits: Habits
    seed: int


class Traffic:
    """Callers and agents of one day, moved on by `run`."""

    def __init__(self, lab: Lab, day: Day, desk: AgentDesk) -> None:
        self._lab = lab
        self._day = day
        self._random = random.Random(day.seed)
        self._callers: list[RobotCaller] = []
        self._calling: list[RobotCaller] = []
        self._agents = [RobotAgent(lab, device, day.habits, desk, self._seed()) for device in day.agents]
        self._next_call_at = 0.0

    def run(self, show: bool = True) -> Tally:
        """Act the day out, showing progress once a second; Ctrl-C ends it early. Returns what came of it."""
        for agent in self._agents:
            agent.begin()
        began_at = time.monotonic()
        try:
            self._act(began_at, show)
        except KeyboardInterrupt:
            say_line("")
        for caller in self._calling:
            caller.give_up()
        for agent in self._agents:
            agent.end()
        return self.tally()

    def tally(self) -> Tally:
        """What came of it so far."""
        return tally_of(self._callers, self._agents, self._lab.statistics())

    def _act(self, began_at: float, show: bool) -> None:
        shown_at = 0
        calling_ends_at = self._day.minutes * 60
        while True:
            now = time.monotonic() - began_at
            if now < calling_ends_at:
                self._call_when_due(now)
            elif self._is_over(now - calling_ends_at):
                return
            self._step()
            if show and int(now) > shown_at:
                shown_at = int(now)
                say_line(self.tally().progress(now))
            time.sleep(STEP_SECONDS)

    def _is_over(self, closing_for: float) -> bool:
        return closing_for > CLOSING_SECONDS or not self._calling

    def _call_when_due(self, now: float) -> None:
        while self._next_call_at <= now:
            caller = self._caller()
            self._callers.append(caller)
            self._calling.append(caller)
            self._next_call_at += self._random.expovariate(self._day.rate / 60)

    def _caller(self) -> RobotCaller:
        number = self._random.choice(self._day.numbers)
        return RobotCaller(self._lab, number, self._day.via, self._day.habits, self._seed())

    def _step(self) -> None:
        for caller in self._calling:
            caller.step()
        self._calling = [caller for caller in self._calling if not caller.done]
        for agent in self._agents:
            agent.step()

    def _seed(self) -> int:
        return self._random.getrandbits(32)


def main(argv: Sequence[str] | None = None, desk: AgentDesk | None = None) -> int:
    """0 when every call got through to the system, 1 when one failed, 2 when the command line cannot be used.

    `desk` is what robot agents log on with; without it they only answer their devices.
    """
    arguments = _parser().parse_args(argv)
    end_like_ctrl_c()
    try:
        day = _day(arguments)
        with Lab() as lab:
            tally = Traffic(lab, day, desk or NoDesk()).run(show=not arguments.json)
    except (DirectoryUnreadable, PortTaken, MediaError) as fault:
        sys.stderr.write(f"cx traffic: {fault}\n")
        return USAGE_ERROR
    say_line(json.dumps(asdict(tally)) if arguments.json else tally.summary())
    return 1 if tally.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = help_parser("cx traffic", __doc__ or "", EXAMPLE)
    parser.add_argument("--rate", type=_positive, default=6.0, metavar="N", help="calls per minute (6)")
    parser.add_argument("--minutes", type=_positive, default=5.0, metavar="N", help="how long people call (5)")
    parser.add_argument("--numbers", metavar="N,N", help="numbers to call (those of the dialplan)")
    parser.add_argument("--agents", metavar="NAME=HOST:PORT,…", help="agents' devices (those of the dialplan)")
    parser.add_argument("--dialplan", default="dialplans/noordwijk.yml", metavar="FILE", help="where both stand")
    parser.add_argument("--via", type=read_address, default=("127.0.0.1", 5060), metavar="HOST:PORT", help="the system")
    parser.add_argument("--patience", type=_positive, default=60.0, metavar="S", help="mean wait before giving up (60)")
    parser.add_argument("--talk", type=_positive, default=30.0, metavar="S", help="mean length of a talk (30)")
    parser.add_argument("--miss", type=_share, default=0.05, metavar="SHARE", help="share of offers missed (0.05)")
    parser.add_argument("--break", dest="breaks", type=_share, default=0.05, metavar="SHARE",
                        help="share of talks after which an agent takes a break (0.05)")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="the same seed acts the same day (1)")
    parser.add_argument("--json", action="store_true", help="no progress; the summary as JSON")
    return parser


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return number


def _day(arguments: argparse.Namespace) -> Day:
    return Day(
        numbers=_numbers(arguments),
        agents=read_agents(arguments.dialplan) if arguments.agents is None else parse_agents(arguments.agents),
        rate=arguments.rate,
        minutes=arguments.minutes,
        via=arguments.via,
        habits=Habits(arguments.patience, arguments.talk, arguments.miss, arguments.breaks),
        seed=arguments.seed,
    )


def _numbers(arguments: argparse.Namespace) -> tuple[DialledNumber, ...]:
    if arguments.numbers is None:
        return read_numbers(arguments.dialplan)
    wanted = tuple(filter(None, arguments.numbers.split(",")))
    if not wanted:
        raise DirectoryUnreadable("--numbers", "names no number")
    known = {} if arguments.agents else {number.number: number for number in read_numbers(arguments.dialplan)}
    return tuple(known.get(number, DialledNumber(number)) for number in wanted)


if __name__ == "__main__":
    sys.exit(main())
