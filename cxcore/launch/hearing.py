"""`cx hear NUMBER`: what a caller hears, step by step, with the reason of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cxcore.config import PROMPT_TEXTS, Settings, SettingsError, load
from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.reader import examine_site
from cxcore.dialplan.voices import sound_of, voices_of
from cxcore.domain.conditions import Reason, Rule
from cxcore.domain.dialplan import KEYS, Passed
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.schedule import AMSTERDAM, DayKind, Opening
from cxcore.ports.inspection import HeardKind, HeardStep, SpokenPrompt, SupposedCall
from cxcore.runner.clock import SystemClock
from cxcore.simulation.hearing import hear

CANNOT_START = 2
HIDDEN = "hidden"
NO_KEY = "-"


class Refused(Exception):
    """Something to put right first; the message says what and how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the caller hears: 0. 2 when something must be put right first."""
    options = _parser().parse_args(arguments)
    try:
        settings = load(options.config)
        prompts = read_prompts(PROMPT_TEXTS, settings.site.prompts)
        steps = _steps(settings, prompts, _call(options))
    except (SettingsError, ConfigurationRefused, Refused) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    sys.stdout.write("".join(f"{line}\n" for step in steps for line in _lines(step, prompts)))
    return 0


def _parser() -> argparse.ArgumentParser:
    about = "What a caller hears, step by step and with the reason of each; nobody is at work, so nobody answers."
    parser = argparse.ArgumentParser(prog="cx hear", description=about)
    parser.add_argument("number", help="the number that is dialled: +31715550100, 14071")
    parser.add_argument("--at", metavar="TIME", help="local time, 2026-12-25T10:00 (default: now)")
    parser.add_argument("--keys", default="", help="keys that are pressed: 1,2; a dash lets a question pass")
    parser.add_argument("--from", dest="caller", default="+31612345678", metavar="NUMBER",
                        help="the number of the caller, or `hidden`")  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (default: cx.yml)")
    return parser


def _call(options: argparse.Namespace) -> SupposedCall:
    caller = None if options.caller == HIDDEN else _number(options.caller, "--from")
    return SupposedCall(_number(options.number, "the number"), _instant(options.at), _keys(options.keys), caller)


def _number(written: str, what: str) -> str:
    if is_number(written):
        return written
    meant = normalised(written)
    if meant is None:
        raise Refused(f"{what}: {written} is no phone number; write it as +31715550100, or a short number")
    return meant


def _instant(written: str | None) -> datetime:
    if written is None:
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Refused(f"--at: {written} is no time; write it as 2026-12-25T10:00") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=AMSTERDAM)


def _keys(written: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in written.split(",") if key.strip())
    wrong = next((key for key in keys if key not in (*KEYS, NO_KEY)), None)
    if wrong is not None:
        raise Refused(f"--keys: {wrong} is no key of a telephone; write 0 to 9, *, # or -, with commas: 1,2")
    return tuple("" if key == NO_KEY else key for key in keys)


def _steps(settings: Settings, prompts: PromptCatalogue, call: SupposedCall) -> Sequence[HeardStep]:
    """The steps. A site with errors is not heard, but one whose sounds are not made is."""
    reading = examine_site(settings.site.dialplan, Heard(prompts.made, prompts.texts, prompts.recordings,
                                                         prompts.languages))  # fmt: skip
    if reading.site is None or reading.findings.any_errors:
        raise ConfigurationRefused(reading.findings.in_order())
    return hear(reading.site, voices_of(prompts), call)


class Heard(PromptCatalogue):
    """Prompts whose sounds need not be made."""

    def lacks_sound(self, prompt: str) -> bool:
        """Never."""
        return False


# --- In words --------------------------------------------------------------------------------------------------------


def _lines(step: HeardStep, prompts: PromptCatalogue) -> list[str]:
    seconds = int(step.after_seconds)
    where = f"   ({step.flow}, step {step.index + 1})" if step.flow else ""
    lines = [f"{seconds // 60:>3}:{seconds % 60:02}  {_WORDS[step.kind](step)}{where}"]
    lines += [f"          because {_because(passed)}" for passed in step.passed]
    lines += [f"          “{prompt.text}”  {_file(prompt, prompts)}" for prompt in step.prompts]
    lines += [f"          key {key}: {flow}" for key, flow in step.choices.items()]
    lines += [f"          key {key} is not offered: {_because(passed)}" for key, passed in step.withheld.items()]
    return lines


def _file(prompt: SpokenPrompt, prompts: PromptCatalogue) -> str:
    sound = sound_of(prompts, prompt.name, prompt.language)
    return str(sound) if sound is not None else f"{prompt.name} (no sound yet: run `make setup`)"


def _asked(step: HeardStep) -> str:
    pressed = f"the caller presses {step.key}" if step.key else "the caller presses no key"
    return f"is asked, and {pressed}{_again(step)}"


def _again(step: HeardStep) -> str:
    return f"; again every {step.again_every_seconds} s" if step.again_every_seconds else ""


def _queue(verb: str) -> Callable[[HeardStep], str]:
    def words(step: HeardStep) -> str:
        hours = f": {_hours(step.opening)}" if step.opening is not None else ""
        return f"{verb.format(step.subject)}{hours}"

    return words


_WORDS: Mapping[HeardKind, Callable[[HeardStep], str]] = {
    HeardKind.NO_SUCH_NUMBER: lambda _: "the number is not of this site: the call is refused",
    HeardKind.ANSWERED: lambda _: "the call is answered",
    HeardKind.SAID: lambda step: f"hears a message{_again(step)}",
    HeardKind.ASKED: _asked,
    HeardKind.QUEUED: _queue("waits in queue {} with music, until somebody answers"),
    HeardKind.QUEUE_CLOSED: _queue("finds queue {} closed"),
    HeardKind.QUEUE_FULL: _queue("finds queue {} full"),
    HeardKind.TOO_LONG: lambda step: f"waited {step.seconds:.0f} s, the longest that queue {step.subject} allows",
    HeardKind.MOVED: lambda step: f"queue {step.subject} closes while the caller waits",
    HeardKind.RINGS: lambda step: f"hears music while it rings at {step.subject}, at most {step.seconds:.0f} s",
    HeardKind.NOT_ANSWERED: lambda step: f"nobody answers at {step.subject}",
    HeardKind.RECORDED: lambda step: f"speaks a message for queue {step.subject}, after a beep",
    HeardKind.CALL_BACK: lambda step: f"will be called back by queue {step.subject}",
    HeardKind.WAITS_ON: lambda step: f"waits on in queue {step.subject}, with nothing new to hear",
    HeardKind.ENDED: lambda _: "the call ends",
}


def _because(passed: Passed) -> str:
    reason = passed.reason
    leads_on = f", which leads to {passed.flow}" if passed.flow else ""
    return f"{_REASONS[reason.rule](reason)}{leads_on}"


_REASONS: Mapping[Rule, Callable[[Reason], str]] = {
    Rule.NUMBER: lambda reason: f"{reason.subject} was dialled",
    Rule.CALLERS: lambda reason: f"the caller stands on the list {reason.subject}",
    Rule.GOTO: lambda reason: "the flow goes on elsewhere",
    Rule.TIMETABLE: lambda reason: f"timetable {reason.subject} is {_hours(reason.opening)}",
    Rule.SWITCHED_OFF: lambda _: "it is switched off",
    Rule.NOT_YET: lambda reason: f"it begins on {reason.day}",
    Rule.NO_LONGER: lambda reason: f"it ended on {reason.day}",
    Rule.QUEUE_CLOSED: lambda reason: f"queue {reason.subject} is closed",
    Rule.LANGUAGE: lambda reason: f"the language {reason.subject} was chosen",
    Rule.NO_CHOICE: lambda _: "the menu has no choice to offer now",
    Rule.NOTHING: lambda _: "nothing speaks against it",
}


def _hours(opening: Opening | None) -> str:
    if opening is None:
        return "open"
    spans = ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in opening.hours.spans) or "closed all day"
    of_week = opening.hours.kind is DayKind.WEEK
    day = f"{opening.day:%A}" if of_week else f"the {opening.hours.kind} {opening.hours.name}".rstrip()
    return f"{'open' if opening.open else 'closed'} ({opening.day}, {day}: {spans})"
