"""How commands of the screens reach the inbox, and what they are told."""

from __future__ import annotations

from collections.abc import Callable

from cxcore.domain.commands import ActivateConfiguration, Command
from cxcore.domain.errors import DomainError, IllegalTransition, NotAllowed, NotFound
from cxcore.ports.controller import CommandOutcome, ControllerUnavailable
from cxcore.runner.activation import Activation
from cxcore.runner.inbox import Inbox, InboxFull


def submit_to(inbox: Inbox, activation: Activation) -> Callable[[Command, Callable[[CommandOutcome], None]], None]:
    """Return what hands a command to whom it concerns, and answers once it was carried out or refused."""

    def submit(command: Command, reply: Callable[[CommandOutcome], None]) -> None:
        try:
            if isinstance(command, ActivateConfiguration):
                activation.ask(command, lambda refusal: reply(_outcome(refusal)))
            else:
                inbox.submit(command, lambda refusal: reply(_outcome(refusal)))
        except InboxFull as full:
            raise ControllerUnavailable(str(full)) from full

    return submit


def _outcome(refusal: DomainError | None) -> CommandOutcome:
    match refusal:
        case None:
            return CommandOutcome()
        case NotAllowed():
            return CommandOutcome(refusal.code, str(refusal))
        case NotFound():
            return CommandOutcome("not-found", str(refusal))
        case IllegalTransition():
            return CommandOutcome("not-now", str(refusal))
        case _:
            return CommandOutcome("failed", str(refusal))
