"""What a leg can be told to do. Importing this package enters all applications in the table of `execution`.

Each behaves as the one of its name in mod_dptools.c of FreeSWITCH 1.10.12.
"""

from softswitch.applications import (
    answering,
    bridges,
    key_presses,
    listening,
    moving,
    recordings,
    sounds,
    telling,
    values,
)

__all__ = ["answering", "bridges", "key_presses", "listening", "moving", "recordings", "sounds", "telling", "values"]
