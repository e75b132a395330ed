"""Where callers hear a message, as the pages and the service number tell it."""

from __future__ import annotations

from typing import Any

from cxcore.dialplan.messages import SiteMessages
from cxcore.dialplan.prompts import PromptCatalogue

SITE: dict[str, Any] = {
    "flows": {
        "begin": [
            {"say": "welkom"},
            {
                "menu": {
                    "prompt": "hoofdmenu", "wrong_key": "verkeerde-toets", "no_key": "even-geduld",
                    "choices": {"1": {"flow": "balie", "prompt": "keuze-melding"}, "2": "balie"},
                }
            },
        ],
    },
}  # fmt: skip


def test_every_text_of_a_menu_is_heard_in_its_flow(prompts: PromptCatalogue) -> None:
    heard = {each.name: list(each.flows) for each in SiteMessages(lambda: SITE, lambda: prompts).messages()}
    for name in ("welkom", "hoofdmenu", "verkeerde-toets", "even-geduld", "keuze-melding"):
        assert heard[name] == ["begin"], name
    assert heard["gesloten"] == []
