"""The names that a site defines and those it refers to, with their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yaml.nodes import Node

from cxcore.dialplan.findings import Findings, Place
from cxcore.dialplan.nodes import nearest, one_of, text
from cxcore.domain.dialplan import Transfer


class Kind(StrEnum):
    """What a name can stand for."""

    FLOW = "flow"
    QUEUE = "queue"
    PROMPT = "prompt"
    USER = "user"
    TIMETABLE = "timetable"
    VOICEBOT = "voicebot"
    LANGUAGE = "language"
    TRAFFIC_CLASS = "traffic class"


MOST_GUESSES = 50
"""Unknown names for which the one that was meant is looked for; that takes milliseconds each in a large file."""

_WHERE = {
    Kind.FLOW: "define it under `flows:`",
    Kind.QUEUE: "define it under `queues:`",
    Kind.PROMPT: "add its text to texts.yml of the prompts",
    Kind.USER: "define it under `users:`",
    Kind.TIMETABLE: "define it under `timetables:`",
    Kind.VOICEBOT: "define it under `voicebots:`",
    Kind.TRAFFIC_CLASS: "define it under `traffic_classes:`",
    Kind.LANGUAGE: "make a folder for it beside prompts/nl, with texts.yml",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A place where a name is used."""

    kind: Kind
    name: str
    place: Place


@dataclass(slots=True)
class Names:
    """Collects both while the file is read; `check` compares them when all of it is known."""

    findings: Findings
    references: list[Reference] = field(default_factory=list)
    places: dict[tuple[Kind, str], Place] = field(default_factory=dict)
    step_places: dict[tuple[str, int], Place] = field(default_factory=dict)
    """Flow and index of a step → its place."""
    devices: dict[str, str] = field(default_factory=dict)
    """User → the device of that user; those who have none are left out."""
    voicebots: dict[str, Transfer] = field(default_factory=dict)
    """Voicebot → the step that connects a caller with it."""

    def define(self, kind: Kind, name: str, node: Node) -> None:
        """Note where a name is defined."""
        self.places[kind, name] = self.findings.place(node)

    def refer(self, kind: Kind, node: Node | None, what: str) -> str:
        """The name that is written there; empty when none is."""
        name = None if node is None else text(self.findings, node, what)
        if name is None or node is None:
            return ""
        self.refer_to(kind, name, node)
        return name

    def refer_to(self, kind: Kind, name: str, node: Node) -> None:
        """Note that a name is used."""
        self.references.append(Reference(kind, name, self.findings.place(node)))

    def used(self, kind: Kind) -> set[str]:
        """The names of this kind that something refers to."""
        return {reference.name for reference in self.references if reference.kind is kind}

    def check(self, defined: Mapping[Kind, Collection[str]]) -> None:
        """Refuse each reference to a name that is not among the defined ones."""
        remedies: dict[tuple[Kind, str], str] = {}
        for reference in self.references:
            known, key = defined[reference.kind], (reference.kind, reference.name)
            if reference.name not in known:
                if key not in remedies:
                    remedies[key] = _remedy(reference, known, guess=len(remedies) < MOST_GUESSES)
                problem = f"there is no {reference.kind} `{reference.name[:60]}`"
                self.findings.error(reference.place, problem, remedies[key])


def _remedy(reference: Reference, known: Collection[str], guess: bool) -> str:
    meant = nearest(reference.name, known) if guess else None
    if meant is not None:
        return f"write `{meant}`"
    choice = f", or write one of {one_of(sorted(known))}" if known else ""
    return _WHERE[reference.kind] + choice
