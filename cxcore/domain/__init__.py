"""Decides. Standard library only: no clock, no log, no waiting; the present instant is an argument."""
