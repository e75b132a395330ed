"""A menu's text that names a key which does nothing is found, as far as it is known what the text says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxcore.dialplan.check import check_site
from cxcore.dialplan.named_keys import keys_named
from cxcore.dialplan.prompts import PromptCatalogue

TEXT = "Voor Burgerzaken, toets 1. Voor Bouwen en wonen, toets 2. Of blijf aan de lijn."


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Voor Burgerzaken, toets 1. Voor afval, toets 22.", {"1"}),
        ("Druk op de 3, of kies 4.", {"3", "4"}),
        ("Wilt u worden teruggebeld? Toets dan 1 of 2.", {"1", "2"}),
        ("Toets nul voor de receptie, toets sterretje om terug te gaan.", {"0", "*"}),
        ("For English, press 9. Press star to go back.", {"9", "*"}),
        ("Kies een andere afdeling. Wij zijn open van 9 tot 5; u betaalt 2 euro.", set()),
    ],
)
def test_keys_are_known_by_the_word_before_them(text: str, keys: set[str]) -> None:
    assert keys_named(text) == keys


def site(folder: Path, choices: str) -> Path:
    path = folder / "site.yml"
    path.write_text(
        f"""site: Proef
numbers: {{"+31715550100": begin}}
caller_number: "+31715550100"
queues: {{balie: {{name: Balie}}}}
timetables: {{open: {{monday: "09:00-17:00"}}}}
flows:
  begin:
    - answer
    - menu: {{prompt: hoofdmenu, choices: {choices}, otherwise: balie}}
  balie: [{{queue: balie}}]
users: {{anna: {{name: Anna, role: agent, device: "sip:anna@192.0.2.1", queues: {{balie: 1}}}}}}
"""
    )
    return path


def problems(folder: Path, choices: str, prompts: PromptCatalogue) -> list[str]:
    """What is said of keys; the samples say the rest."""
    return [found.problem for found in check_site(site(folder, choices), prompts) if "key" in found.problem]


@pytest.fixture
def spoken(prompts: PromptCatalogue) -> PromptCatalogue:
    return replace(prompts, texts={**prompts.texts, "hoofdmenu": TEXT})


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        ("", "leads nowhere"),
        (", 2: {flow: balie, enabled: false}", "is switched off"),
        (", 2: {flow: balie, when: open}", "does not work at all times"),
    ],
)
def test_text_that_names_a_key_in_vain_is_told(
    tmp_path: Path, spoken: PromptCatalogue, second: str, fault: str
) -> None:
    told = problems(tmp_path, f"{{1: balie{second}}}", spoken)
    assert told == [f"the text of the menu of flow begin names key 2, which {fault}"]


def test_text_that_names_keys_that_work_is_fine(tmp_path: Path, spoken: PromptCatalogue) -> None:
    assert problems(tmp_path, "{1: balie, 2: balie, 3: {flow: balie, enabled: false}}", spoken) == []


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("Voor het loket, toets 4.", ["the text keuze-melding of key 3 of the menu of flow begin names another key"]),
        ("Voor het loket, toets 3.", []),
        ("Voor het loket.", []),
    ],
)
def test_own_text_of_a_key_that_names_another_is_told(
    tmp_path: Path, spoken: PromptCatalogue, own: str, told: list[str]
) -> None:
    prompts = replace(spoken, texts={**spoken.texts, "keuze-melding": own})
    choices = "{1: balie, 2: balie, 3: {flow: balie, prompt: keuze-melding}}"
    assert problems(tmp_path, choices, prompts) == told


def test_recorded_text_is_pointed_out_where_a_key_is_switched_off(tmp_path: Path, spoken: PromptCatalogue) -> None:
    recorded = replace(spoken, recordings={"hoofdmenu": tmp_path / "hoofdmenu.wav"})
    assert problems(tmp_path, "{1: balie}", recorded) == []
    told = problems(tmp_path, "{1: balie, 2: {flow: balie, enabled: false}}", recorded)
    assert told == ["key 2 of the menu of flow begin is switched off; its recorded text hoofdmenu may name it"]
