"""The outside world acted out: a test phone, robot callers and agents, peers. Uses softswitch's SIP and media."""
