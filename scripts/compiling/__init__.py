"""The parts of scripts/compile_decisions.py."""
