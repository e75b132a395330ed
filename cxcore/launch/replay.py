"""`cx replay DAY`: what a recorded day would have been with another strategy or other staffing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic

from cxcore.config import PROMPT_TEXTS, Settings, SettingsError, load
from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.reader import read_site
from cxcore.domain.queue import QueueId, StrategyName
from cxcore.domain.site import Site
from cxcore.launch.comparison import as_json, conclusion, table
from cxcore.ports.clock import Clock
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.history import History
from cxcore.runner.clock import AMSTERDAM, SystemClock
from cxcore.simulation.figures import Figures, figures_of
from cxcore.simulation.recorded_day import NothingToReplay, RecordedDay, callers_of, read_day
from cxcore.simulation.replay import arrangements, queues_called, replay
from cxcore.storage import open_storage

CANNOT_REPLAY = 2
DESCRIPTION = """\
Replay a recorded day: the same callers call again, at the same instants, and this version of the core distributes them
as you say. Prints what was recorded beside what would have been.

Repeated from the log: when each caller came into which queue, how long each conversation and its wrap-up took, when
whoever gave up did so, when agents logged on and off, took breaks and changed queues.
Not in the log, so drawn: how long those who were answered would have waited (estimated by Kaplan and Meier's method
from those who gave up and those who did not), how long those who gave up would have talked. The draws are the same for
each strategy; --seed gives others, and shows how much depends on chance.
Replayed agents pick up every offer. Without --strategy and --agents the queues are replayed as they are configured now:
what then differs from the recorded column is the model's error, the missed offers, and what was changed since.
"""
EXAMPLES = """\
examples:
  cx replay yesterday --strategy linear --strategy workload
  cx replay 2026-11-24 --queue burgerzaken --agents 5 --agents 6 --agents 7
"""


class Refused(Exception):
    """The day cannot be replayed; the message says why and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Carry out `cx replay`; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load(options.config)
    except SettingsError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_REPLAY
    return run_replay(settings, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cx replay",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (default: cx.yml)")
    return parser


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("day", metavar="DAY", help="the day: 2026-11-24, today or yesterday")
    names = [strategy.value for strategy in StrategyName]
    parser.add_argument(
        "--strategy",
        action="append",
        choices=names,
        default=[],
        help="the strategy of every queue; give it several times to compare (default: as configured)",
    )
    parser.add_argument(
        "--agents",
        action="append",
        type=_count,
        default=[],
        metavar="N",
        help="N agents who serve all replayed queues from the day's first log-on to its last log-off, without breaks; "
        "several times to compare (default: the agents of that day, as they came and went)",
    )
    parser.add_argument(
        "--queue",
        action="append",
        default=[],
        metavar="QUEUE",
        help="replay this queue only, as if its agents served no other; several times for more queues (default: all)",
    )
    parser.add_argument("--seed", type=int, default=1, help="draw what was not recorded anew (default: 1)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text} is no number of agents; write 1 to 10000")
    return int(text)


def run_replay(settings: Settings, options: argparse.Namespace) -> int:
    """Read the day, replay it and print the comparison; returns the exit code."""
    progress = Progress()
    try:
        site = read_site(settings.site.dialplan, _prompts(settings))
        _check_database(settings)
        storage = open_storage(settings.database_url, settings.site.state / "held-facts-of-replay")
        try:
            text = compare(site, storage.history, SystemClock(), options, progress)
        finally:
            storage.close()
    except (Refused, NothingToReplay, ConfigurationRefused, LogUnavailable) as refusal:
        progress.end()
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_REPLAY
    progress.end()
    sys.stdout.write(f"{text}\n")
    return 0


class UnheardPrompts(PromptCatalogue):
    """The prompts of a site in which no sound is played, so that none need be made."""

    def lacks_sound(self, prompt: str) -> bool:
        """Never."""
        return False


def _prompts(settings: Settings) -> PromptCatalogue:
    found = read_prompts(PROMPT_TEXTS, settings.site.prompts, settings.messages_directory)
    return UnheardPrompts(found.made, found.texts, found.recordings, found.languages, found.own)


def _check_database(settings: Settings) -> None:
    scheme, _, file = settings.database_url.partition(":///")
    if scheme == "sqlite" and not Path(file).is_file():
        raise Refused(f"nothing was ever recorded: there is no database {file}; cx run makes it")


def compare(
    site: Site, history: History, clock: Clock, options: argparse.Namespace, progress: Progress
) -> str:
    """The table or the JSON. Raises `Refused`, `NothingToReplay` and `LogUnavailable`."""
    today = clock.now().astimezone(AMSTERDAM).date()
    day, queue_ids = _day(options.day, today), _queues(site, options.queue)
    recorded = _read(history, day, clock.now(), queue_ids, progress)
    _check(recorded, history, day, queue_ids)
    columns = _replays(site, recorded, options, progress)
    asked = [queue_id for queue_id in queue_ids if queue_id in queues_called(recorded)]
    before = figures_of("as recorded", recorded.book, recorded.until)
    target = min(site.queues[queue_id].service_level.percent for queue_id in asked) / 100
    if options.json:
        return as_json(day, asked, before, columns, target)
    return f"{_heading(day, asked, site)}\n\n{table([before, *columns])}\n\n{conclusion(before, columns, target)}"


def _heading(day: date, queue_ids: Sequence[QueueId], site: Site) -> str:
    names = ", ".join(site.queues[queue_id].name for queue_id in queue_ids)
    return f"{day.strftime('%A')} {day.day} {day.strftime('%B %Y')}: {names}"


def _day(text: str, today: date) -> date:
    words = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        day = words.get(text) or date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text} is no day; write it as 2026-11-24, or today, or yesterday") from error
    if day > today:
        raise Refused(f"{day} is still to come; only a day that was recorded can be replayed")
    return day


def _queues(site: Site, named: Sequence[str]) -> tuple[QueueId, ...]:
    unknown = [name for name in named if name not in site.queues]
    if unknown:
        raise Refused(f"there is no queue {unknown[0]}; the queues are {', '.join(site.queues)}")
    return tuple(QueueId(name) for name in dict.fromkeys(named)) or tuple(site.queues)


def _read(
    history: History, day: date, now: datetime, queue_ids: Sequence[QueueId], progress: Progress
) -> RecordedDay:
    since, until = _midnight(day), _midnight(day + timedelta(days=1))
    return read_day(history, since, min(until, now), queue_ids, progress.of(f"reading {day}"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def _check(recorded: RecordedDay, history: History, day: date, queue_ids: Sequence[QueueId]) -> None:
    if recorded.book.visits:
        return
    latest = dict.fromkeys(at.astimezone(AMSTERDAM).date() for at in history.days())
    if day in latest:
        raise Refused(f"no contact was queued for {', '.join(queue_ids)} on {day}; leave --queue out to see all queues")
    others = f"the latest days with contacts are {', '.join(map(str, latest))}" if latest else "no day has any yet"
    raise Refused(f"no contacts were recorded on {day}; {others}")


def _replays(site: Site, recorded: RecordedDay, options: argparse.Namespace, progress: Progress) -> list[Figures]:
    callers = callers_of(recorded, options.seed)
    tried = list(arrangements([StrategyName(name) for name in options.strategy], options.agents))
    return [
        replay(site, recorded, callers, each, options.seed, progress.of(f"replaying, {each.name}")) for each in tried
    ]


class Progress:
    """Says on the error stream how far the work is, once it has taken longer than a second."""

    def __init__(self) -> None:
        self._began = self._said = monotonic()
        self._width = 0

    def of(self, what: str) -> Callable[[float], None]:
        """Tell this the share that is done."""
        return lambda share: self._note(what, share)

    def _note(self, what: str, share: float) -> None:
        now = monotonic()
        if now - self._began < 1.0 or now - self._said < 0.5:
            return
        self._said = now
        self._say(f"{what}: {100 * share:.0f} %")

    def _say(self, text: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{text.ljust(self._width)}")
            self._width = len(text)
        else:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            self._width = 0
