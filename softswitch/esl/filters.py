"""Which events a client gets: names, CUSTOM subclasses and `filter` rules (mod_event_socket.c, `event_handler`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from softswitch.events import EVENT_NAMES, Event

NAMES = frozenset(EVENT_NAMES)


@dataclass(slots=True)
class Filter:
    """`header` must have `value` (or match /pattern/); a leading `-` excludes."""

    header: str
    value: str
    wanted: str = field(init=False)
    positive: bool = field(init=False)

    def __post_init__(self) -> None:
        self.wanted = self.value.lstrip("+- ")
        self.positive = "-" not in self.value[: len(self.value) - len(self.wanted)]

    def judge(self, event: Event) -> bool | None:
        """True: wanted, False: excluded, None: says nothing."""
        value = event.get(self.header)
        if value is None or not self._matches(value, self.wanted):
            return None
        return self.positive

    @staticmethod
    def _matches(value: str, wanted: str) -> bool:
        if len(wanted) > 1 and wanted.startswith("/"):
            try:
                return re.search(wanted.strip("/"), value) is not None
            except re.error:
                return False
        return value.lower() == wanted.lower()


@dataclass(slots=True)
class Subscription:
    """What one client listens for."""

    names: set[str] = field(default_factory=set)
    subclasses: set[str] = field(default_factory=set)
    filters: list[Filter] = field(default_factory=list)
    only_leg: str | None = None

    def listens(self, name: str) -> bool:
        return name in self.names or "ALL" in self.names

    def wants(self, event: Event) -> bool:
        if not self._named(event):
            return False
        if self.only_leg is not None and event.headers.get("Unique-ID") != self.only_leg:
            return False
        return not self.filters or self._passes(event)

    def _named(self, event: Event) -> bool:
        if "ALL" in self.names:
            return True
        if event.name not in self.names:
            return False
        return event.name != "CUSTOM" or event.subclass is None or event.subclass in self.subclasses

    def _passes(self, event: Event) -> bool:
        passed = False
        for rule in self.filters:
            if passed and rule.positive:
                continue
            judged = rule.judge(event)
            if judged is False:
                return False
            passed = passed or judged is True
        return passed

    def add(self, keywords: list[str]) -> int:
        """How many of them named an event; what follows CUSTOM is a subclass."""
        known = 0
        custom = False
        for word in keywords:
            if custom:
                self.subclasses.add(word)
                known += 1
            elif word.upper() in NAMES:
                known += 1
                self.names.add(word.upper())
                custom = word.upper() == "CUSTOM"
        return known

    def remove(self, keywords: list[str]) -> int:
        known = 0
        custom = False
        for word in keywords:
            if custom:
                self.subclasses.discard(word)
                known += 1
            elif word.upper() in NAMES:
                known += 1
                custom = word.upper() == "CUSTOM"
                self._remove_name(word.upper())
        return known

    def _remove_name(self, name: str) -> None:
        if name == "ALL":
            self.names.clear()
            return
        if "ALL" in self.names:
            self.names = set(NAMES) - {"ALL"}
        if name != "CUSTOM":
            self.names.discard(name)

    def clear(self) -> None:
        self.names.clear()
        self.subclasses.clear()
