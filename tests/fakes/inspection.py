"""The demo site as what counts, so that pages ask real answers; its prompts have no sounds but one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.reader import read_site
from cxcore.dialplan.site_texts import YamlSiteTexts
from cxcore.dialplan.voices import voices_of
from cxcore.domain.site import Site
from cxcore.simulation.inspection import SiteInspection

ROOT = Path(__file__).resolve().parents[2]


class UnmadePrompts(PromptCatalogue):
    """Prompts whose sounds are not asked for."""

    def lacks_sound(self, prompt: str) -> bool:
        """Never."""
        return False


@lru_cache
def demo_site() -> Site:
    """The site of dialplans/noordwijk.yml."""
    return read_site(ROOT / "dialplans" / "noordwijk.yml", _prompts())


@lru_cache
def _prompts() -> UnmadePrompts:
    found = read_prompts(ROOT / "prompts" / "nl", ROOT / "var" / "prompts" / "nl")
    return UnmadePrompts(found.made, found.texts, found.recordings, found.languages)


class DemoInspection(SiteInspection):
    """What callers of the demo site hear; `sounds` are the files that a test gives."""

    def __init__(self) -> None:
        self.sounds: dict[tuple[str, str], Path] = {}
        self.site = demo_site()
        voices, sound = (lambda: voices_of(_prompts())), (lambda *asked: self.sounds.get(asked))
        read = YamlSiteTexts(_prompts).heard_site
        super().__init__(lambda: self.site, voices, sound, read=read)
