"""Monitoring, without a socket."""
