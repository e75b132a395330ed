"""SIP addresses as an administrator may write them."""

from __future__ import annotations

import re

_SIP = re.compile(
    r"sips?:[A-Za-z0-9_.+-]{1,64}@"
    r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(:[0-9]{1,5})?(;[a-z]+=[A-Za-z0-9.-]+)*"
)
"""RFC 3261 §19.1, without what a dial string of the switch would read as its own signs."""


def is_sip_address(written: str) -> bool:
    """Whether it is a SIP address that can be dialled."""
    return bool(_SIP.fullmatch(written))
