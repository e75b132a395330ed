"""Fakes of the ports, under the names of the ports: typed, and doing what the real adapter is seen to do."""
