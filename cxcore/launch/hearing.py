"""`cx hear NUMBER`: what a caller hears, step by step, with the reason of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from cxcore.config import PROMPT_TEXTS, Settings, SettingsError, load
from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.dialplan.prompts import PromptCatalogue, read_prompts, without_sounds
from cxcore.dialplan.reader import examine_site
from cxcore.dialplan.voices import SitePrompts, sound_of, used_versions, voices_of
from cxcore.domain.conditions import Reason, Rule
from cxcore.domain.dialplan import KEYS, Passed, is_of_day, usual_flow
from cxcore.domain.emergency import is_of_emergency
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.schedule import AMSTERDAM, DayKind, Opening
from cxcore.domain.site import Site
from cxcore.ports.configurations import Configurations, NoSuchVersion, Version
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.inspection import (
    AS_CONFIGURED,
    Circumstances,
    HeardKind,
    HeardStep,
    SpokenPrompt,
    SupposedCall,
    Voices,
)
from cxcore.runner.clock import SystemClock
from cxcore.simulation.hearing import hear
from cxcore.sound.library import library_path
from cxcore.storage import open_storage

CANNOT_START = 2
HIDDEN = "hidden"
EMERGENCY = "an emergency message that is on"
NO_KEY = "-"


class Refused(Exception):
    """Something to put right first; the message says what and how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the caller hears: 0. 2 when something must be put right first."""
    options = _parser().parse_args(arguments)
    try:
        settings = load(options.config)
        present = _present(settings, options)
        call = _call(options, present)
    except LogUnavailable as outage:
        sys.stderr.write(f"{outage}\nWith --file the dialplan file is judged, which needs no database.\n")
        return CANNOT_START
    except (SettingsError, ConfigurationRefused, Refused) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    steps = hear(present.site, present.voices, call, circumstances=present.circumstances)
    sys.stdout.write(f"{present.note}\n" if present.note else "")
    sys.stdout.write("".join(f"{line}\n" for step in steps for line in _lines(step, present.sound)))
    return 0


def _parser() -> argparse.ArgumentParser:
    about = "What a caller hears, step by step and with the reason of each; nobody is at work, so nobody answers."
    parser = argparse.ArgumentParser(prog="cx hear", description=about)
    parser.add_argument("number", help="the number that is dialled: +31715550100, 14071")
    parser.add_argument("--at", metavar="TIME", help="local time, 2026-12-25T10:00 (default: now)")
    parser.add_argument("--keys", default="", help="keys that are pressed: 1,2; a dash lets a question pass")
    parser.add_argument("--from", dest="caller", default="+31612345678", metavar="NUMBER",
                        help="the number of the caller, or `hidden`")  # fmt: skip
    parser.add_argument("--forwarded-from", metavar="NUMBER",
                        help="the number that the caller dialled, which was forwarded to NUMBER")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--version", type=int, metavar="N",
                       help="judge this version of the configuration, such as one that is planned; without --at: at "
                            "the instant at which it begins to count")  # fmt: skip
    which.add_argument("--draft", type=Path, metavar="FILE",
                       help="judge this file as if it were in use: a draft, or an export of the pages")
    which.add_argument("--file", action="store_true",
                       help="judge the dialplan file, with messages as they were shipped; without it: what is in use "
                            "now, with emergency messages and queues that were closed by hand")  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (default: cx.yml)")
    return parser


def _call(options: argparse.Namespace, present: Present) -> SupposedCall:
    caller = None if options.caller == HIDDEN else _number(options.caller, "--from")
    forwarded = options.forwarded_from and _number(options.forwarded_from, "--forwarded-from")
    at = _instant(options.at) or max(SystemClock().now(), present.begins or SystemClock().now())
    return SupposedCall(_number(options.number, "the number"), at, _keys(options.keys), caller, forwarded or None)


def _number(written: str, what: str) -> str:
    if is_number(written):
        return written
    meant = normalised(written)
    if meant is None:
        raise Refused(f"{what}: {written} is no phone number; write it as +31715550100, or a short number")
    return meant


def _instant(written: str | None) -> datetime | None:
    if written is None:
        return None
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


@dataclass(frozen=True, slots=True)
class Present:
    """What counts for callers: a site, what its prompts say, where their sounds are, and what people switched."""

    site: Site
    voices: Voices
    sound: Callable[[str, str], Path | None]
    circumstances: Circumstances = AS_CONFIGURED
    note: str = ""
    """Which configuration it is, where that is not the one in use."""
    begins: datetime | None = None
    """When it begins to count, where that is still to come."""


def _present(settings: Settings, options: argparse.Namespace) -> Present:
    """What the options ask for. Raises `ConfigurationRefused`, `LogUnavailable`, `Refused`."""
    started = _ever_started(settings)
    if options.draft is not None and not options.draft.is_file():
        raise Refused(f"--draft: there is no file {options.draft}")
    if options.version is not None and not started:
        raise Refused("--version: this site never ran, so it has no versions")
    if options.file or not started:
        return _in_file(settings, options.draft)
    return _in_use(settings, options.version, options.draft)


def _in_file(settings: Settings, file: Path | None = None) -> Present:
    """The file as it would be put into use, with messages as they were shipped."""
    prompts = _prompts(settings)
    return Present(_read(settings, prompts, file=file), voices_of(prompts), partial(sound_of, prompts))


def _prompts(settings: Settings) -> PromptCatalogue:
    return read_prompts(PROMPT_TEXTS, settings.site.prompts, settings.messages_directory)


def _read(
    settings: Settings, prompts: PromptCatalogue, text: str | None = None, file: Path | None = None
) -> Site:
    """A site with errors is not heard, but one whose sounds are not made is."""
    encoded = None if text is None else text.encode()
    reading = examine_site(file or settings.site.dialplan, without_sounds(prompts), encoded)
    if reading.site is None or reading.findings.any_errors:
        raise ConfigurationRefused(reading.findings.in_order())
    return reading.site


def _in_use(settings: Settings, number: int | None = None, draft: Path | None = None) -> Present:
    """The active version, another one or a draft, with the messages that were put into use, and what is on now. Raises
    `LogUnavailable`, `Refused`."""
    storage = open_storage(settings.database_url, settings.site.state / "held-facts-of-hear")
    try:
        prompts, version = _prompts(settings), _version(storage.configurations, number)
        text = None if version is None or draft else storage.configurations.text(version.number)
        versions, sounds = used_versions(storage.messages), library_path(settings.messages_directory)
        known = SitePrompts(lambda: prompts, lambda: versions, sounds)
        circumstances = storage.contact_log.steering().circumstances()
        site = _read(settings, prompts, text, draft)
        return Present(site, known.voices(), known.sound, circumstances, *_told(version if number else None))
    finally:
        storage.close()


def _version(configurations: Configurations, number: int | None) -> Version | None:
    """The active version, or the one that is asked for. Raises `Refused`."""
    if number is None:
        return configurations.active()
    try:
        return configurations.version(number)
    except NoSuchVersion:
        raise Refused(f"--version: there is no version {number}") from None


def _told(version: Version | None) -> tuple[str, datetime | None]:
    """The note and the instant of `Present`, for a version that was asked for."""
    if version is None:
        return "", None
    begins = version.activate_at if version.is_scheduled else None
    by = f"version {version.number}, by {version.by or 'the file'}"
    since = "" if begins is None else f", which begins to count at {begins.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
    return f"{by}{since}", begins


def _ever_started(settings: Settings) -> bool:
    """Whether a database may be there; a SQLite file is not made by asking."""
    return bool(settings.database.url) or (settings.site.state / "cx.db").is_file()


# --- In words --------------------------------------------------------------------------------------------------------


Find = Callable[[str, str], Path | None]
"""The sound file of a prompt in a language."""


def _lines(step: HeardStep, sound: Find) -> list[str]:
    seconds = int(step.after_seconds)
    where = f"   ({_flow(step.flow)}, step {step.index + 1})" if step.flow else ""
    lines = [f"{seconds // 60:>3}:{seconds % 60:02}  {_WORDS[step.kind](step)}{where}"]
    lines += [f"          because {_because(passed)}" for passed in step.passed]
    lines += [f"          “{prompt.text}”  {_file(prompt, sound)}" for prompt in step.prompts]
    lines += [f"          key {key}: {flow}" for key, flow in step.choices.items()]
    lines += [f"          key {key} is not offered: {_because(passed)}" for key, passed in step.withheld.items()]
    return lines


def _flow(flow: str) -> str:
    if is_of_day(flow):
        return f"{usual_flow(flow)}, with the text of the day"
    return EMERGENCY if is_of_emergency(flow) else flow


def _file(prompt: SpokenPrompt, find: Find) -> str:
    sound = find(prompt.name, prompt.language)
    version = f" (version {prompt.version} of {prompt.name})" if prompt.version else ""
    return f"{sound}{version}" if sound is not None else f"{prompt.name} (no sound yet: run `make setup`)"


def _asked(step: HeardStep) -> str:
    pressed = f"the caller presses {step.key}" if step.key else "the caller presses no key"
    return f"is asked, and {pressed}{_again(step)}"


def _again(step: HeardStep) -> str:
    return f"; again every {step.again_every_seconds} s" if step.again_every_seconds else ""


def _queue(verb: str) -> Callable[[HeardStep], str]:
    def words(step: HeardStep) -> str:
        hours = f": {_hours(step.opening)}" if step.opening is not None else ""
        by_hand = ", by hand of a supervisor" if step.by_hand else ""
        return f"{verb.format(step.subject)}{hours}{by_hand}"

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
    leads_on = f", which leads to {_flow(passed.flow)}" if passed.flow else ""
    return f"{_REASONS[reason.rule](reason)}{leads_on}"


_REASONS: Mapping[Rule, Callable[[Reason], str]] = {
    Rule.NUMBER: lambda reason: f"{reason.subject} was dialled",
    Rule.CALLERS: lambda reason: f"the list {reason.subject} holds for this caller or forwarding",
    Rule.GOTO: lambda reason: "the flow goes on elsewhere",
    Rule.TIMETABLE: lambda reason: f"timetable {reason.subject} is {_hours(reason.opening)}",
    Rule.SWITCHED_OFF: lambda _: "it is switched off",
    Rule.NOT_YET: lambda reason: f"it begins {_when(reason.day)}",
    Rule.NO_LONGER: lambda reason: f"it ended {_when(reason.day)}",
    Rule.QUEUE_CLOSED: lambda reason: f"queue {reason.subject} is closed",
    Rule.LANGUAGE: lambda reason: f"the language {reason.subject} was chosen",
    Rule.NO_CHOICE: lambda _: "the menu has no choice to offer now",
    Rule.NOTHING: lambda _: "nothing speaks against it",
}


def _when(moment: date | datetime | None) -> str:
    return f"at {moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"on {moment}"


def _hours(opening: Opening | None) -> str:
    if opening is None:
        return "open"
    spans = ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in opening.hours.spans) or "closed all day"
    of_week = opening.hours.kind is DayKind.WEEK
    day = f"{opening.day:%A}" if of_week else f"the {opening.hours.kind} {opening.hours.name}".rstrip()
    return f"{'open' if opening.open else 'closed'} ({opening.day}, {day}: {spans})"
