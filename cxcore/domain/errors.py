"""Refusals of the domain: named, and carrying the facts."""

from __future__ import annotations


class DomainError(Exception):
    """What the floor's rules do not allow."""


class IllegalTransition(DomainError):
    """A state machine was asked for a step that its table lacks."""

    def __init__(self, kind: str, identity: str, state: str, wanted: str) -> None:
        super().__init__(f"{kind} {identity} cannot go from {state} to {wanted}")
        self.kind, self.identity, self.state, self.wanted = kind, identity, state, wanted


class NotFound(DomainError):
    """The command names something that is not on the floor."""

    def __init__(self, kind: str, identity: str) -> None:
        super().__init__(f"there is no {kind} {identity}")
        self.kind, self.identity = kind, identity


class NotAllowed(DomainError):
    """The command is understood, but not possible in the present state.

    `code` names the refusal for screens, which have a text for each; the message is for logs.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
