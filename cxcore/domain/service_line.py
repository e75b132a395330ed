"""The service number: whoever may manage messages does so by telephone, with a code and a PIN [47e, 48a, 48b].

The dialogue is a walk through stages. `question` says what is asked at the stage where the caller stands; `answer`
takes the keys, moves on, and names what is to be done beside that. There is no waiting in here, and no PIN is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from enum import StrEnum

from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.records import dataclass
from cxcore.domain.service_dialogue import Dialogue, Stage

ROLES = frozenset({"supervisor", "administrator"})
"""The roles of those who may manage messages; the same as in the pages."""
SILENCES = 3
"""Questions in a row that were not answered; then the call ends."""
BACK, YES, AGAIN, ONCE_MORE, STOP = "*", "1", "2", "3", "9"
LONGEST_ENTRY = 10
"""Digits of a code or a PIN."""


@dataclass(frozen=True, slots=True)
class PreparedText:
    """An emergency message that can be switched on by telephone, what follows it, and after how long it ends."""

    message: str
    then: Then = Then.END_CALL
    flow: str = ""
    hours: int = 12
    """0: until somebody switches it off."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """The number, and what each key stands for in its three lists."""

    number: str
    messages: Mapping[str, str] = field(default_factory=dict)
    """Key → the message that can be recorded."""
    texts: Mapping[str, PreparedText] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=lambda: {"1": EVERYWHERE})
    """Key → `EVERYWHERE`, a number or a queue."""


class Act(StrEnum):
    """What is to be done after an answer."""

    ASK = "ask"
    """The next question."""
    CHECK = "check"
    RECORD = "record"
    MAKE = "make"
    SET = "set"
    END = "end"


RECORDING = "<recording>"
"""Stands for what the caller recorded, among prompts."""
PROMPTS = (
    "dienst-code", "dienst-pincode", "dienst-onjuist", "dienst-te-vaak", "dienst-menu", "dienst-noodtekst-staat-aan",
    "dienst-kies-melding", "dienst-huidige-tekst", "dienst-opnemen", "dienst-inspreken", "dienst-te-kort",
    "dienst-ingesproken", "dienst-goedkeuren", "dienst-in-gebruik", "dienst-mislukt", "dienst-kies-noodtekst",
    "dienst-kies-plaats", "dienst-bellers-horen-eerst", "dienst-overal", "dienst-een-nummer", "dienst-een-wachtrij",
    "dienst-bevestigen", "dienst-staat-aan", "dienst-staat-uit", "dienst-geen-noodtekst", "dienst-uitzetten",
    "dienst-onbekende-keuze", "dienst-einde",
)  # fmt: skip
"""Every prompt that a dialogue needs, beside the site's own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Prompts, and how many keys answer them at most; the key # ends the entry."""

    prompts: tuple[str, ...]
    most_keys: int = 1


Active = Collection[str]
"""Names: of scopes whose emergency message is on, or of queues."""
Says = Callable[[Dialogue, ServiceLine, Active, Active], tuple[str, ...]]


def question(dialogue: Dialogue, line: ServiceLine, queues: Active, active: Active) -> Asked:
    """What is said and asked where the caller stands. `active` are the scopes whose emergency message is on."""
    prompts = _PROMPTS[dialogue.stage](dialogue, line, queues, active)
    entry = dialogue.stage in (Stage.CODE, Stage.PIN)
    return Asked((*dialogue.notice, *prompts), LONGEST_ENTRY if entry else 1)


def _menu(_dialogue: Dialogue, _line: ServiceLine, _queues: Active, active: Active) -> tuple[str, ...]:
    return (*(["dienst-noodtekst-staat-aan"] if active else []), "dienst-menu")


def _current(dialogue: Dialogue, _line: ServiceLine, *_: Active) -> tuple[str, ...]:
    return "dienst-huidige-tekst", dialogue.message, "dienst-opnemen"


def _confirm(dialogue: Dialogue, line: ServiceLine, queues: Active, _: Active) -> tuple[str, ...]:
    text = line.texts[dialogue.text].message
    return _place(dialogue, queues), "dienst-bellers-horen-eerst", text, "dienst-bevestigen"


def _confirm_end(dialogue: Dialogue, _line: ServiceLine, queues: Active, _: Active) -> tuple[str, ...]:
    return _place(dialogue, queues), "dienst-uitzetten", "dienst-bevestigen"


def _place(dialogue: Dialogue, queues: Active) -> str:
    if dialogue.scope == EVERYWHERE:
        return "dienst-overal"
    return "dienst-een-wachtrij" if dialogue.scope in queues else "dienst-een-nummer"


def _says(*prompts: str) -> Says:
    return lambda _dialogue, _line, _queues, _active: prompts


_PROMPTS: Mapping[Stage, Says] = {
    Stage.CODE: _says("dienst-code"),
    Stage.PIN: _says("dienst-pincode"),
    Stage.CHECKED: _says("dienst-code"),
    Stage.MENU: _menu,
    Stage.MESSAGE: _says("dienst-kies-melding"),
    Stage.CURRENT: _current,
    Stage.RECORDING: _says("dienst-inspreken"),
    Stage.VERDICT: _says("dienst-ingesproken", RECORDING, "dienst-goedkeuren"),
    Stage.MADE: _says("dienst-goedkeuren"),
    Stage.TEXT: _says("dienst-kies-noodtekst"),
    Stage.PLACE: _says("dienst-kies-plaats"),
    Stage.CONFIRM: _confirm,
    Stage.END_PLACE: _says("dienst-kies-plaats"),
    Stage.CONFIRM_END: _confirm_end,
    Stage.GOODBYE: _says("dienst-einde"),
}


def answer(dialogue: Dialogue, line: ServiceLine, keys: str, active: Active) -> Act:
    """Move on by the keys that were pressed; none is an empty text."""
    dialogue.notice = ()
    if not keys and dialogue.stage is not Stage.RECORDING:
        return _not_answered(dialogue)
    dialogue.silences = 0
    return _ANSWERS[dialogue.stage](dialogue, line, keys, active)


def _not_answered(dialogue: Dialogue) -> Act:
    dialogue.silences += 1
    if dialogue.silences >= SILENCES:
        dialogue.go_to(Stage.GOODBYE)
    return Act.ASK


def _code(dialogue: Dialogue, _line: ServiceLine, keys: str, _: Active) -> Act:
    dialogue.code = keys
    dialogue.go_to(Stage.PIN)
    return Act.ASK


def _pin(dialogue: Dialogue, _line: ServiceLine, keys: str, _: Active) -> Act:
    dialogue.pin = keys
    dialogue.go_to(Stage.CHECKED)
    return Act.CHECK


def _chosen_in_menu(dialogue: Dialogue, line: ServiceLine, keys: str, active: Active) -> Act:
    match keys:
        case "1" if line.messages:
            dialogue.go_to(Stage.MESSAGE)
        case "2" if line.texts:
            dialogue.go_to(Stage.TEXT)
        case "3":
            _choose_ending(dialogue, line, active)
        case "9":
            dialogue.go_to(Stage.GOODBYE)
        case _:
            dialogue.notice = ("dienst-onbekende-keuze",)
    return Act.ASK


def _choose_ending(dialogue: Dialogue, line: ServiceLine, active: Active) -> None:
    """The one message that is on, or one of several."""
    if not active:
        dialogue.go_to(Stage.MENU, "dienst-geen-noodtekst")
    elif len(active) == 1:
        dialogue.scope = next(iter(active))
        dialogue.go_to(Stage.CONFIRM_END)
    else:
        dialogue.go_to(Stage.END_PLACE)


def _message(dialogue: Dialogue, line: ServiceLine, keys: str, _: Active) -> Act:
    return _choose(dialogue, line.messages, keys, Stage.CURRENT, "message")


def _text(dialogue: Dialogue, line: ServiceLine, keys: str, _: Active) -> Act:
    dialogue.text = keys
    act = _choose(dialogue, {key: key for key in line.texts}, keys, Stage.PLACE, "text")
    if dialogue.stage is Stage.PLACE and len(line.places) == 1:
        dialogue.scope = next(iter(line.places.values()))
        dialogue.go_to(Stage.CONFIRM)
    return act


def _place_to_set(dialogue: Dialogue, line: ServiceLine, keys: str, _: Active) -> Act:
    return _choose(dialogue, line.places, keys, Stage.CONFIRM, "scope")


def _place_to_end(dialogue: Dialogue, line: ServiceLine, keys: str, active: Active) -> Act:
    on = {key: scope for key, scope in line.places.items() if scope in active}
    return _choose(dialogue, on, keys, Stage.CONFIRM_END, "scope")


def _choose(dialogue: Dialogue, choices: Mapping[str, str], keys: str, stage: Stage, field_name: str) -> Act:
    if keys == BACK:
        dialogue.go_to(Stage.MENU)
    elif keys in choices:
        setattr(dialogue, field_name, choices[keys])
        dialogue.go_to(stage)
    else:
        dialogue.notice = ("dienst-onbekende-keuze",)
    return Act.ASK


def _begin_recording(dialogue: Dialogue, _line: ServiceLine, keys: str, _: Active) -> Act:
    if keys == YES:
        dialogue.go_to(Stage.RECORDING)
        return Act.RECORD
    return _back_or_unknown(dialogue, keys, Stage.MESSAGE)


def _recorded(dialogue: Dialogue, _line: ServiceLine, _keys: str, _: Active) -> Act:
    dialogue.go_to(Stage.VERDICT)
    return Act.ASK


def _verdict(dialogue: Dialogue, _line: ServiceLine, keys: str, _: Active) -> Act:
    match keys:
        case "1":
            dialogue.go_to(Stage.MADE)
            return Act.MAKE
        case "2":
            dialogue.go_to(Stage.RECORDING)
            return Act.RECORD
        case "3":
            return Act.ASK
    return _back_or_unknown(dialogue, keys, Stage.MENU)


def _confirmed(dialogue: Dialogue, _line: ServiceLine, keys: str, _: Active) -> Act:
    return Act.SET if keys == YES else _back_or_unknown(dialogue, keys, Stage.MENU)


def _end_confirmed(dialogue: Dialogue, _line: ServiceLine, keys: str, _: Active) -> Act:
    return Act.END if keys == YES else _back_or_unknown(dialogue, keys, Stage.MENU)


def _back_or_unknown(dialogue: Dialogue, keys: str, stage: Stage) -> Act:
    if keys == BACK:
        dialogue.go_to(stage)
    else:
        dialogue.notice = ("dienst-onbekende-keuze",)
    return Act.ASK


def _waits(_dialogue: Dialogue, _line: ServiceLine, _keys: str, _: Active) -> Act:
    return Act.ASK


_ANSWERS: Mapping[Stage, Callable[[Dialogue, ServiceLine, str, Active], Act]] = {
    Stage.CODE: _code,
    Stage.PIN: _pin,
    Stage.CHECKED: _waits,
    Stage.MENU: _chosen_in_menu,
    Stage.MESSAGE: _message,
    Stage.CURRENT: _begin_recording,
    Stage.RECORDING: _recorded,
    Stage.VERDICT: _verdict,
    Stage.MADE: _waits,
    Stage.TEXT: _text,
    Stage.PLACE: _place_to_set,
    Stage.CONFIRM: _confirmed,
    Stage.END_PLACE: _place_to_end,
    Stage.CONFIRM_END: _end_confirmed,
    Stage.GOODBYE: _waits,
}
