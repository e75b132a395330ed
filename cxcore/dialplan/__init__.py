"""Reads dialplans/*.yml; every error names file, line and what to write instead."""
