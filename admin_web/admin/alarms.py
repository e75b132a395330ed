"""The alarms of a queue between their form and the file: levels that raise and clear, and a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from cxcore.domain.thresholds import USUAL_AFTER_SECONDS, AlarmKind

Content = Mapping[str, Any]

LABELS: Mapping[AlarmKind, Any] = {
    AlarmKind.WAITING: lazy_gettext("Wachtenden, vanaf"),
    AlarmKind.LONGEST_WAIT: lazy_gettext("Langste wachttijd in seconden, vanaf"),
    AlarmKind.SERVICE_LEVEL: lazy_gettext("Serviceniveau van vandaag in procent, onder"),
    AlarmKind.ABANDONED: lazy_gettext("Opgehangen vandaag in procent, vanaf"),
    AlarmKind.AGENTS: lazy_gettext("Beschikbare medewerkers, minder dan"),
    AlarmKind.DEVICES: lazy_gettext("Onbereikbare toestellen, vanaf"),
    AlarmKind.MOS: lazy_gettext("Geluidskwaliteit (MOS), onder"),
    AlarmKind.CHATS_WAITING: lazy_gettext("Wachtende chats, vanaf"),
    AlarmKind.CHAT_WAIT: lazy_gettext("Langste wachttijd van een chat in seconden, vanaf"),
    AlarmKind.CHAT_LEVEL: lazy_gettext("Serviceniveau van chats vandaag in procent, onder"),
}
PARTS = ("raise", "clear", "after_seconds")
_WHOLE, _DECIMAL = re.compile(r"[0-9]{1,9}"), re.compile(r"[0-9]{1,5}[.,][0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One figure as the form shows it; what is empty is not set."""

    kind: str
    label: str
    values: Mapping[str, Any]
    """By part: `raise`, `clear`, `after_seconds`."""


def alarm_lines(settings: Content) -> Sequence[AlarmLine]:
    """Every figure that can be watched."""
    alarms = settings.get("alarms") or {}
    return [AlarmLine(kind.value, str(label), _values(alarms.get(kind.value))) for kind, label in LABELS.items()]


def alarm_mail(settings: Content) -> str:
    """Who is mailed, as one line."""
    listed = (settings.get("alarms") or {}).get("mail") or []
    return ", ".join(map(str, listed))


def _values(written: Any) -> Mapping[str, Any]:
    return written if isinstance(written, Mapping) else {} if written is None else {"raise": written}


def wanted_alarms(before: Content, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """What the form says; None for no alarm at all. What is as it was stays as it is written."""
    wanted = {kind.value: _wanted(before.get(kind.value), kind.value, form) for kind in AlarmKind}
    found: dict[str, Any] = {kind: value for kind, value in wanted.items() if value is not None}
    mail = [address for address in re.split(r"[,;\s]+", form.get("alarm-mail", "")) if address]
    return (found | ({"mail": mail} if mail else {})) or None


def _wanted(before: Any, kind: str, form: MultiDict[str, str]) -> Any:
    """A level alone is written as a number. A time alone is left to the check, which asks for the level."""
    filled = {part: _number(form.get(f"alarm-{kind}-{part}", "")) for part in PARTS}
    values = {part: value for part, value in filled.items() if value != ""}
    if values.get("after_seconds") == USUAL_AFTER_SECONDS and "after_seconds" not in _values(before):
        del values["after_seconds"]
    if not values:
        return None
    return values["raise"] if set(values) == {"raise"} else values


def _number(written: str) -> Any:
    """A number, or the text as it is for the check to refuse."""
    text = written.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else text
