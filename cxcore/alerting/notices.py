"""What is told of an alarm, as a mail in Dutch and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cxcore.domain.thresholds import TOO_LITTLE, AlarmKind

WORDS: Mapping[AlarmKind, str] = {
    AlarmKind.WAITING: "wachtenden",
    AlarmKind.LONGEST_WAIT: "langste wachttijd",
    AlarmKind.SERVICE_LEVEL: "serviceniveau vandaag",
    AlarmKind.ABANDONED: "opgehangen vandaag",
    AlarmKind.AGENTS: "beschikbare medewerkers",
    AlarmKind.DEVICES: "onbereikbare toestellen",
    AlarmKind.MOS: "geluidskwaliteit (MOS)",
    AlarmKind.CHATS_WAITING: "wachtende chats",
    AlarmKind.CHAT_WAIT: "langste wachttijd van een chat",
    AlarmKind.CHAT_LEVEL: "serviceniveau van chats vandaag",
}


def _as_number(value: float) -> str:
    return f"{value:.0f}"


def _as_percent(value: float) -> str:
    return f"{value:.0f} %"


def _as_time(value: float) -> str:
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes}:{seconds:02d} min"


def _as_score(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


WRITTEN: Mapping[AlarmKind, Callable[[float], str]] = {
    AlarmKind.LONGEST_WAIT: _as_time,
    AlarmKind.SERVICE_LEVEL: _as_percent,
    AlarmKind.ABANDONED: _as_percent,
    AlarmKind.MOS: _as_score,
    AlarmKind.CHAT_WAIT: _as_time,
    AlarmKind.CHAT_LEVEL: _as_percent,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """An alarm that was raised, or cleared."""

    at: datetime
    raised: bool
    queue_id: str
    queue: str
    kind: AlarmKind
    value: float | None
    level: float | None = None

    @property
    def subject(self) -> str:
        """One line: what, where, how much."""
        what = "Alarm" if self.raised else "Alarm voorbij"
        figure = "" if self.value is None else f": {self._written(self.value)}"
        return f"{what} {self.queue}: {WORDS[self.kind]}{figure}"

    def text(self, local: datetime) -> str:
        """The mail; `local` is the instant on the clock of the reader."""
        side = "lager dan" if self.kind in TOO_LITTLE else "vanaf"
        limit = "" if self.level is None else f"Ingestelde grens: {side} {self._written(self.level)}.\n"
        return (
            f"{self.subject}\n\n"
            f"Wachtrij: {self.queue}\n"
            f"Tijdstip: {local:%d-%m-%Y %H:%M:%S}\n"
            f"{limit}\n"
            "Op de pagina Overzicht kunt u melden dat u dit hebt gezien en bijsturen.\n"
        )

    @property
    def posted(self) -> str:
        """The body of a webhook, as JSON."""
        return json.dumps(self._told, ensure_ascii=False, separators=(",", ":"))

    @property
    def _told(self) -> dict[str, object]:
        return {
            "type": "alarm.raised" if self.raised else "alarm.cleared",
            "timestamp": self.at.isoformat(),
            "data": {
                "queue": self.queue_id,
                "queue_name": self.queue,
                "kind": self.kind.value,
                "value": self.value,
                "level": self.level,
            },
        }

    def _written(self, value: float) -> str:
        return WRITTEN.get(self.kind, _as_number)(value)
