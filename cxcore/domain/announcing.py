"""What is said to a waiting caller at one moment: the queue's text, the place in line, the expected wait [46]."""

from __future__ import annotations

from cxcore.domain.queue import Announcement, PositionTold, WaitMenu

LARGEST_NUMBER = 20
"""Numbers above it have no prompt of their own."""
MORE = "meer-dan-twintig"
NUMBERS = tuple(f"aantal-{number}" for number in range(1, LARGEST_NUMBER + 1))

POSITION_PROMPTS = ("u-bent-nummer", *NUMBERS, "in-de-wachtrij", "er-zijn", MORE, "wachtenden")
"""Every prompt that telling the place needs."""

WAIT_PROMPTS = ("de-wachttijd-is-ongeveer", *NUMBERS, MORE, "minuut", "minuten")
"""Every prompt that telling the expected wait needs."""


def text_of(announcement: Announcement, heard: int) -> str | None:
    """The text that is due when the caller heard `heard` announcements before; None when there is none to say."""
    return announcement.prompt if heard == 0 else announcement.repeated.prompt


def menu_of(announcement: Announcement, heard: int) -> WaitMenu | None:
    """The menu that goes with that text."""
    return announcement.menu if heard == 0 else announcement.repeated.menu


def seconds_to_next(announcement: Announcement, heard: int) -> int | None:
    """How long after announcement number `heard`, counted from 1, the next one comes; None when it was the last."""
    repeated = announcement.repeated
    last = repeated.times is not None and heard > repeated.times
    return None if last else repeated.every_seconds


def is_position_due(announcement: Announcement, position: int, told: int | None) -> bool:
    """Whether the place is to be told to somebody who last heard that it was `told`."""
    return announcement.position is PositionTold.ALWAYS or (
        announcement.position is PositionTold.CHANGED and position != told
    )


def position_prompts(position: int) -> tuple[str, ...]:
    """U bent nummer drie in de wachtrij; or: er zijn meer dan twintig wachtenden."""
    if position > LARGEST_NUMBER:
        return ("er-zijn", MORE, "wachtenden")
    return ("u-bent-nummer", NUMBERS[position - 1], "in-de-wachtrij")


def wait_prompts(seconds: float) -> tuple[str, ...]:
    """De verwachte wachttijd is ongeveer vijf minuten: whole minutes, rounded up, since to be early is no grief."""
    minutes = whole_minutes(seconds)
    number = MORE if minutes > LARGEST_NUMBER else NUMBERS[minutes - 1]
    return ("de-wachttijd-is-ongeveer", number, "minuut" if minutes == 1 else "minuten")


def whole_minutes(seconds: float) -> int:
    """The minutes to tell: at least one."""
    return max(1, -int(-seconds // 60))
