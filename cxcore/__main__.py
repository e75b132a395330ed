"""Contact centre for a municipality: starts it, checks it, and acts out callers and agents to try it with."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cxcore import compiled
from cxcore.config import Engine, Settings, SettingsError, load

CANNOT_START = 2
WITH_OWN_OPTIONS = ("web", "call", "phone", "traffic", "replay", "hear")
"""These read their options themselves; they are loaded only when they are asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in WITH_OWN_OPTIONS:
        return _own_options(given[0], given[1:])
    options = _parser().parse_args(given)
    try:
        settings = load(options.config)
    except SettingsError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    command: Callable[[Settings, argparse.Namespace], int] = options.command
    return command(settings, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cx", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _add(commands, "run", _run, "start everything: switch, SBC, core and pages; Ctrl-C stops it")
    run.add_argument("--switch", choices=list(Engine), type=Engine, help="use this engine instead of the setting")
    _add(commands, "core", _core, "the controller alone, for production, where each part is a service")
    what = "read settings and dialplan and say what is wrong with them, line by line"
    checked = _add(commands, "check", _check, what)
    checked.add_argument("files", nargs="*", type=Path, metavar="FILE", help="check these dialplans, and nothing else")
    password = _add(commands, "password", _password, "give a user a new password, which is printed")
    password.add_argument("user", help="the user name")
    audit = _add(commands, "audit", _audit, "check that the record of who did what is still what was written")
    audit.add_argument("what", choices=["verify"], help="read the whole chain and compare each digest")
    audit.add_argument("--anchor", metavar="NUMBER:DIGEST", help="what an earlier run printed, to find a cut-off end")
    recordings = _add(commands, "recordings", _recordings, "the recordings of calls: keep, purge, rotate-key")
    recordings.add_argument(
        "what",
        choices=["keep", "purge", "rotate-key"],
        help="keep: encrypt what the switch recorded, for as long as it runs; purge: delete what was kept long enough; "
        "rotate-key: encrypt under a new key",
    )
    person = _add(commands, "privacy", _privacy, "what is kept of a person: find or erase it, by phone number")
    person.add_argument("what", choices=["find", "erase"], help="find: list it; erase: delete it; both are audited")
    person.add_argument("number", help="the phone number, as people write it")
    directory = _add(commands, "directory", _directory, "the directory of employees that agents search: import")
    directory.add_argument("what", choices=["import"], help="import: the people in FILE are the directory from now on")
    directory.add_argument("file", type=Path, metavar="FILE", help="CSV with a heading, or YAML; see the manual")
    for name, text in (
        ("web", "the pages alone, for production"),
        ("hear", "what a caller hears at an instant, with the reason of each step"),
        ("call", "place a real call and say what was heard"),
        ("phone", "an agent's telephone on the terminal"),
        ("traffic", "act out a day: robot callers and robot agents"),
        ("replay", "what a recorded day would have been with another strategy or other staffing"),
    ):
        commands.add_parser(name, help=f"{text}; cx {name} --help")
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: Callable[[Settings, argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (default: cx.yml)")
    parser.set_defaults(command=command)
    return parser


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from cxcore.launch import run

    if options.switch is not None:
        settings = dataclasses.replace(settings, switch=dataclasses.replace(settings.switch, engine=options.switch))
    return run(settings)


def _core(settings: Settings, _options: argparse.Namespace) -> int:
    decisions = compiled.use()  # before the domain is loaded
    from cxcore.bootstrap.core import run_core
    from cxcore.bootstrap.starting import log_to_stderr

    log_to_stderr(settings)
    compiled.tell(decisions)
    return run_core(settings)


def _check(settings: Settings, options: argparse.Namespace) -> int:
    from cxcore.launch import check, check_dialplans

    return check_dialplans(settings, options.files) if options.files else check(settings)


def _password(settings: Settings, options: argparse.Namespace) -> int:
    from cxcore.bootstrap.accounts import give_new_password

    return give_new_password(settings, options.user)


def _audit(settings: Settings, options: argparse.Namespace) -> int:
    from cxcore.launch.audit import verify

    return verify(settings, options.anchor)


def _recordings(settings: Settings, options: argparse.Namespace) -> int:
    from cxcore.launch.recordings import COMMANDS

    return COMMANDS[options.what](settings)


def _privacy(settings: Settings, options: argparse.Namespace) -> int:
    from cxcore.launch.privacy import COMMANDS

    return COMMANDS[options.what](settings, options.number)


def _directory(settings: Settings, options: argparse.Namespace) -> int:
    from cxcore.launch.directory import import_file

    return import_file(settings, options.file)


def _own_options(name: str, arguments: list[str]) -> int:
    if name == "web":
        from admin_web.wsgi import main as web

        code: int = web(arguments)
        return code
    if name == "call":
        from lab.call import main as call

        return call(arguments)
    if name == "phone":
        from lab.agent_phone import main as phone

        return phone(arguments)
    if name == "hear":
        from cxcore.launch.hearing import main as hear

        return hear(arguments)
    if name == "replay":
        from cxcore.launch.replay import main as replay

        return replay(arguments)
    return _traffic(arguments)


def _traffic(arguments: list[str]) -> int:
    from cxcore.bootstrap.robots import desk_of_robots
    from lab.traffic import main as traffic

    with desk_of_robots(load()) as desk:
        return traffic(arguments, desk)


if __name__ == "__main__":
    sys.exit(main())
