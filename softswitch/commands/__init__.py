"""What can be asked over the Event Socket. Importing this package enters all commands in the table of `softswitch.api`.

Answers are those of mod_commands.c in FreeSWITCH 1.10.12.
"""

from softswitch.commands import (
    bridging,
    calling,
    keys,
    operation,
    progress,
    recordings,
    scheduled,
    sounds,
    state,
    values,
)

__all__ = [
    "bridging",
    "calling",
    "keys",
    "operation",
    "progress",
    "recordings",
    "scheduled",
    "sounds",
    "state",
    "values",
]
