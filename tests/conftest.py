"""Fixtures of the whole suite."""

import os

from cxcore import compiled

if os.environ.setdefault(compiled.VARIABLE, "sources") != "sources":  # so that what a test changes is what runs
    compiled.use()

pytest_plugins = ["tests.databases"]
