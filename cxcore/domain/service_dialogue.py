"""Where a caller of the service number stands (`domain.service_line` says what is asked there)."""

from __future__ import annotations

from enum import StrEnum

from cxcore.domain.records import dataclass

TRIES = 3
"""Wrong codes or PINs in one call; then it ends."""


class Stage(StrEnum):
    """Where the caller stands."""

    CODE = "code"
    PIN = "pin"
    CHECKED = "checked"
    """Code and PIN are being compared."""
    MENU = "menu"
    MESSAGE = "message"
    CURRENT = "current"
    """Hears the message as it is, and begins to record."""
    RECORDING = "recording"
    VERDICT = "verdict"
    """Hears the recording back."""
    MADE = "made"
    """The version is being made of the recording."""
    TEXT = "text"
    PLACE = "place"
    CONFIRM = "confirm"
    END_PLACE = "end-place"
    CONFIRM_END = "confirm-end"
    GOODBYE = "goodbye"


@dataclass(slots=True)
class Dialogue:
    """One caller at the service number."""

    stage: Stage = Stage.CODE
    notice: tuple[str, ...] = ()
    """Prompts that go before the next question."""
    code: str = ""
    pin: str = ""
    """Only from the keys to the check; `take_pin` forgets it."""
    by: str = ""
    """The user name, once code and PIN were right."""
    tries: int = 0
    silences: int = 0
    message: str = ""
    sound: str = ""
    """What was recorded, once it is fit for the line, as the sound library names it."""
    text: str = ""
    """The key of the prepared text."""
    scope: str = ""

    def take_pin(self) -> tuple[str, str]:
        """Code and PIN, which are forgotten here."""
        taken, self.code, self.pin = (self.code, self.pin), "", ""
        return taken

    def go_to(self, stage: Stage, *notice: str) -> None:
        """Stand at another stage; the notice is said before its question."""
        self.stage, self.notice = stage, notice

    def refused(self) -> None:
        """Code or PIN was not right, or may not be used now: which of these is not told."""
        self.tries += 1
        if self.tries < TRIES:
            self.go_to(Stage.CODE, "dienst-onjuist")
        else:
            self.go_to(Stage.GOODBYE, "dienst-te-vaak")

    def signed_in(self, username: str) -> None:
        """Code and PIN were right."""
        self.by = username
        self.go_to(Stage.MENU)
