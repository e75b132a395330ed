"""`cx phone`: an agent's telephone on the terminal. It rings, answers on Enter or by itself, and hangs up on Enter."""

from __future__ import annotations

import argparse
import select
import sys
from collections.abc import Sequence
from typing import Final

from lab.directory import AgentDevice, DirectoryUnreadable, read_agents
from lab.phone import Answer, Lab, Miss, Station
from lab.saying import FRIENDLY_TONE
from lab.terminal import bars, end_like_ctrl_c, event_line, help_parser, read_address, say_line
from softswitch.media import UnreadableSound, UnreadableTone
from softswitch.media.errors import MediaError
from softswitch.sip.transactions import PortTaken

EXAMPLE: Final = """  cx phone bram                    the address of bram's device in the dialplan
  cx phone bram --auto 2           answers by itself after 2 s
  cx phone anna --at 127.0.0.1:5071 --say greeting.wav"""
USAGE_ERROR: Final = 2


def main(argv: Sequence[str] | None = None) -> int:
    """0 at Ctrl-C, `q` or the end of the input; 2 when the phone cannot be set up."""
    arguments = _parser().parse_args(argv)
    end_like_ctrl_c()
    try:
        device = _device(arguments)
        with Lab() as lab:
            _serve(_set_up(lab, device, arguments))
    except (DirectoryUnreadable, UnreadableSound, UnreadableTone, PortTaken, MediaError) as fault:
        sys.stderr.write(f"cx phone: {fault}\n")
        return USAGE_ERROR
    except KeyboardInterrupt:
        say_line("")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = help_parser("cx phone", __doc__ or "", EXAMPLE)
    parser.add_argument("agent", help="the agent whose device this is")
    parser.add_argument("--at", type=read_address, metavar="HOST:PORT", help="address instead of the dialplan's")
    parser.add_argument("--dialplan", default="dialplans/noordwijk.yml", metavar="FILE", help="where devices stand")
    parser.add_argument("--auto", type=float, metavar="SECONDS", help="answer by itself after so long")
    parser.add_argument("--talk", type=float, metavar="SECONDS", help="with --auto: hang up so long after the answer")
    parser.add_argument("--say", metavar="FILE", default=FRIENDLY_TONE, help="WAV file or tone to say (a chime)")
    return parser


def _device(arguments: argparse.Namespace) -> AgentDevice:
    if arguments.at is not None:
        return AgentDevice(arguments.agent, *arguments.at)
    for device in read_agents(arguments.dialplan):
        if device.agent == arguments.agent:
            return device
    raise DirectoryUnreadable(arguments.dialplan, f"no agent {arguments.agent} with a SIP device; give --at HOST:PORT")


def _set_up(lab: Lab, device: AgentDevice, arguments: argparse.Namespace) -> Station:
    behaviour = Miss() if arguments.auto is None else Answer(arguments.auto, arguments.talk)
    station = lab.station(
        device.port,
        device.agent,
        behaviour,
        say=arguments.say,
        host=device.host,
        ipv6=device.host.startswith("["),
        witness=event_line,
    )
    say_line(f"{station.uri} is ready. Enter answers and hangs up, m shows what was heard, q ends.")
    return station


def _serve(station: Station) -> None:
    """Until `q`. A phone without a terminal goes on by itself when its input is at its end."""
    announced = 0
    watched = [sys.stdin]
    while True:
        ready, _, _ = select.select(watched, [], [], 0.2)
        announced = _announce(station, announced)
        line = sys.stdin.readline() if ready else "\n"
        if not line:
            watched = []
        elif line.strip() == "q":
            return
        elif ready:
            _obey(station, line.strip())


def _announce(station: Station, announced: int) -> int:
    for invite in station.invites[announced:]:
        say_line(f"\a{invite.from_number or 'anonymous'} {invite.display_name} calls; Enter answers")
    return len(station.invites)


def _obey(station: Station, line: str) -> None:
    call = station.current
    if call is None:
        say_line("nobody calls")
    elif line == "m":
        say_line(bars(call.heard[-60:]))
    elif call.answered_at is None:
        station.pick_up()
    else:
        call.hang_up()


if __name__ == "__main__":
    sys.exit(main())
