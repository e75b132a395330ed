"""The core in simulated time: the code that serves real calls, with acted-out callers, agents and switch.

`world` holds the clock and the loop, `switch` answers the core's orders, `callers` and `sites` make what is simulated,
`counters` and `day_book` take the facts, `replay` repeats a recorded day, `erlang` says what theory expects.
"""
