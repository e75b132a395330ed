"""Temporary entry."""
import sys
from pathlib import Path

from cxcore.bootstrap import run_core
from cxcore.config import load

sys.exit(run_core(load(Path(sys.argv[3]))))
