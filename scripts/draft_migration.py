#!/usr/bin/env python
"""Draft the next migration: what the models have and the migrations lack. Read and correct it before you commit it.

scripts/draft_migration.py 0002 "Add a table of announcements"
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from cxcore.storage.engine import MIGRATIONS, WRITES, migrate, open_engine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", help="the step's number, four digits")
    parser.add_argument("message", help="what it does, in the imperative")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        draft(f"sqlite:///{Path(directory) / 'draft.db'}", arguments.number, arguments.message)


def draft(url: str, number: str, message: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main()
