"""Mails each fault that a user reports, beside keeping it [89]."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.faults import Fault, FaultReport, Faults, FaultStatus
from cxcore.ports.outbox import Outbox

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MailedFaults:
    """Implements `Faults` over another one. `local` gives an instant on the clock of those who read."""

    kept: Faults
    outbox: Outbox
    mailed_to: Sequence[str]
    local: Callable[[datetime], datetime]

    def add(self, fault: Fault) -> int:
        """Keep and mail a new report. One that is kept and cannot be mailed is in the list all the same."""
        number = self.kept.add(fault)
        try:
            self.outbox.mail(subject(number), text(fault, self.local(fault.at)), self.mailed_to)
        except LogUnavailable as away:
            log.warning("fault report %d is kept, but not mailed: %s", number, away)
        return number

    def latest(self, most: int = 200) -> Sequence[FaultReport]:
        """The newest reports, those that are not solved first."""
        return self.kept.latest(most)

    def find(self, number: int) -> FaultReport | None:
        """One report, or None."""
        return self.kept.find(number)

    def handle(self, number: int, status: FaultStatus, remark: str, by: str, at: datetime) -> bool:
        """Change what is said of the handling."""
        return self.kept.handle(number, status, remark, by, at)


def subject(number: int) -> str:
    """The subject of the mail: no word of what the user wrote."""
    return f"Storingsmelding {number}"


def text(fault: Fault, local: datetime) -> str:
    """The mail; `local` is the instant on the clock of the reader."""
    parts = (
        f"{fault.text}\n",
        f"Gemeld door: {fault.by}",
        f"Tijdstip: {local:%d-%m-%Y %H:%M:%S}",
        f"Pagina: {fault.page}",
        f"Browser: {fault.browser}",
        f"Laatste contacten: {', '.join(fault.contact_ids) or 'geen'}\n",
        "Logregels van de laatste minuten, zonder persoonsgegevens:",
        *(fault.log_lines or ("geen",)),
        "\nDe status houdt u bij in Beheer, Storingsmeldingen.",
    )
    return "\n".join(parts) + "\n"
