"""`cx call`: place one real SIP call and report what happened and what was heard."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from lab.conversation import Conversation, KeysNotUnderstood, read_keys, wait_for_recording
from lab.phone import CallFailed, Lab
from lab.terminal import bars, event_line, help_parser, read_address, say_line
from softswitch.media import UnreadableSound, UnreadableTone
from softswitch.sip.transactions import Address

EXAMPLE: Final = """  cx call +31715550100 --from +31612345678 --keys '1@6.0' --seconds 20
  cx call +31715550100 --say question.wav --record heard.wav --json
  cx call sip:anna@127.0.0.1:5071"""
BAR_EVERY: Final = 10
"""Half seconds per line of what is heard."""
USAGE_ERROR: Final = 2


def main(argv: Sequence[str] | None = None) -> int:
    """0 when the call was answered, 1 when not, 2 when the command line cannot be used."""
    arguments = _parser().parse_args(argv)
    try:
        with Lab() as lab:
            call = _place(lab, arguments)
            _follow(call, arguments)
            _finish(call, arguments)
    except (UnreadableSound, UnreadableTone, KeysNotUnderstood) as fault:
        sys.stderr.write(f"cx call: {fault}\n")
        return USAGE_ERROR
    _report(call, arguments)
    return 0 if call.answered_at is not None else 1


def _parser() -> argparse.ArgumentParser:
    parser = help_parser("cx call", __doc__ or "", EXAMPLE)
    parser.add_argument("number", help="number to dial, or a SIP address")
    parser.add_argument("--from", dest="caller", default="+31612345678", metavar="NUMBER", help="who calls")
    parser.add_argument("--name", default="", help="display name of the caller")
    parser.add_argument("--keys", default="", help="keys and when after the answer: 2@3.0, several by commas")
    parser.add_argument("--say", metavar="FILE", help="WAV file, or a tone such as '%%(1000,500,425)', to say once")
    parser.add_argument("--seconds", type=float, default=20.0, help="hang up so long after the answer (20)")
    parser.add_argument("--ring", type=float, default=60.0, metavar="SECONDS", help="give up when unanswered (60)")
    parser.add_argument("--record", metavar="OUT.wav", help="record: left what is heard, right what is said")
    parser.add_argument("--via", type=read_address, metavar="HOST:PORT", help="where to send the call (127.0.0.1:5060)")
    parser.add_argument("--transport", choices=("udp", "tcp"), default="udp")
    parser.add_argument("--json", action="store_true", help="report as JSON, once, at the end")
    return parser


def _place(lab: Lab, arguments: argparse.Namespace) -> Conversation:
    keys = read_keys(arguments.keys)
    if not arguments.json:
        event_line(0.0, f"call {arguments.number} as {arguments.caller}")
    call = lab.call(
        _uri(arguments.number, arguments.via),
        arguments.caller,
        display_name=arguments.name,
        keys=keys,
        say=arguments.say,
        via=arguments.via,
        transport=arguments.transport,
        witness=None if arguments.json else event_line,
    )
    if arguments.record:
        call.record(arguments.record)
    return call


def _uri(number: str, via: Address | None) -> str:
    if number.startswith("sip:"):
        return number
    host, port = via or ("127.0.0.1", 5060)
    return f"sip:{number}@{host}:{port}"


def _follow(call: Conversation, arguments: argparse.Namespace) -> None:
    """Show the call until it ends, or its time is over, or Ctrl-C."""
    shown = 0
    try:
        while call.ended is None and not _time_is_over(call, arguments):
            time.sleep(0.05)
            if not arguments.json and len(call.heard) - shown >= BAR_EVERY:
                _show_heard(call, shown)
                shown += BAR_EVERY
    except KeyboardInterrupt:
        pass
    if not arguments.json:
        _show_heard(call, shown)


def _time_is_over(call: Conversation, arguments: argparse.Namespace) -> bool:
    if call.answered_at is None:
        return call.seconds() > float(arguments.ring)
    return call.seconds() - call.answered_at > float(arguments.seconds)


def _show_heard(call: Conversation, since: int) -> None:
    heard = call.heard[since : since + BAR_EVERY]
    if heard:
        loudest = max(half.level for half in heard)
        event_line(heard[0].at, f"hears {bars(heard):{BAR_EVERY}} at most {loudest:.0f} dBov")


def _finish(call: Conversation, arguments: argparse.Namespace) -> None:
    call.hang_up()
    try:
        call.wait_ended()
        if arguments.record:
            wait_for_recording(call, arguments.record)
    except CallFailed as fault:
        sys.stderr.write(f"cx call: {fault}\n")


def _report(call: Conversation, arguments: argparse.Namespace) -> None:
    facts = facts_of(call)
    if arguments.json:
        say_line(json.dumps({"number": arguments.number, "from": arguments.caller, **facts}, ensure_ascii=False))
        return
    silent = sum(half.silence for half in call.heard)
    say_line(
        f"heard {len(call.heard) / 2:.1f} s, of which {silent / 2:.1f} s silence, "
        f"at most {facts['longest_silence']} s together"
    )
    for path, reason in call.recordings.items():
        say_line(f"recorded {path} ({reason})")


def facts_of(call: Conversation) -> dict[str, Any]:
    """What happened, ready for JSON. Times are seconds since the call was placed, levels dBov."""
    ended, quality = call.ended, call.quality()
    return {
        "ringing_at": call.ringing_at,
        "answered_at": call.answered_at,
        "sound_began_at": call.hearing.sound_began_at,
        "ended_at": ended.at if ended else None,
        "hung_up_by": ended.hung_up_by if ended else None,
        "cause": ended.cause if ended else None,
        "status": ended.status if ended else None,
        "heard": [asdict(half) for half in call.heard],
        "longest_silence": call.hearing.longest_silence(),
        "digits_sent": [asdict(pressed) for pressed in call.digits_sent],
        "digits_received": [asdict(pressed) for pressed in call.digits_received],
        "packets_received": quality.packets_in,
        "packets_lost": quality.lost,
        "jitter_ms": quality.jitter_ms,
        "mos": quality.mos,
    }


if __name__ == "__main__":
    sys.exit(main())
