"""A catalogue of prompts for the samples: all made but one."""

from __future__ import annotations

import pytest

from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from tests.dialplans.samples import ROOT

MADE = tuple(sorted(read_prompts(ROOT / "prompts" / "nl", ROOT).texts))


@pytest.fixture(scope="session")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> PromptCatalogue:
    made = tmp_path_factory.mktemp("made")
    for prompt in MADE:
        (made / f"{prompt}.wav").touch()
    (made / "en").mkdir()
    for prompt in MADE:
        (made / "en" / f"{prompt}.wav").touch()
    english = PromptCatalogue(made / "en", dict.fromkeys(MADE, "Text."))
    return PromptCatalogue(made, dict.fromkeys((*MADE, "niet-gemaakt"), "Tekst."), languages={"en": english})
