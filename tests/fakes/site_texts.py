"""The demo site's YAML, read by the real reader, with prompts that all have a sound."""

from __future__ import annotations

from pathlib import Path

from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.site_texts import YamlSiteTexts

ROOT = Path(__file__).resolve().parents[2]
NOORDWIJK = (ROOT / "dialplans" / "noordwijk.yml").read_text(encoding="utf-8")


class SoundingPrompts(PromptCatalogue):
    """Prompts of which nobody asks whether set-up has made them."""

    def lacks_sound(self, prompt: str) -> bool:
        """None does."""
        return False


def demo_texts() -> YamlSiteTexts:
    """Works on texts with the prompts of the demo site."""
    read = read_prompts(ROOT / "prompts" / "nl", ROOT)
    return YamlSiteTexts(lambda: SoundingPrompts(read.made, read.texts, read.recordings, read.languages))
