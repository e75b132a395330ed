"""The command line of a benchmark that does something so many times and prints figures."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from scripts.bench_calls import NOT_INSTALLED
from tests.contract import engines


def options_of(about: str, count: tuple[str, int, str], on_engine: bool = True) -> argparse.Namespace:
    """What was asked: `count`, `json`, and `engine` when it runs on one.

    `count` is the name of that option, its default and what it means. Ends with 3 when the engine is not installed.
    """
    name, default, meaning = count
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    if on_engine:
        parser.add_argument("engine", choices=sorted(engines.START))
    parser.add_argument(name, dest="count", type=int, default=default, metavar="N", help=f"{meaning} ({default})")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    if on_engine and (reason := engines.MISSING[options.engine]()):
        print(reason, file=sys.stderr)
        sys.exit(NOT_INSTALLED)
    return options


def tell(figures: Mapping[str, object], as_json: bool) -> None:
    """Print them, one a line or as one JSON object."""
    if as_json:
        print(json.dumps(figures))
        return
    for name, values in figures.items():
        print(name, values)
