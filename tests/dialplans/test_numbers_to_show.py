"""What the pages read of the site agrees with what the core decides by [9]."""

from __future__ import annotations

from pathlib import Path

from cxcore.client.site import SiteDirectory
from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.reader import read_site
from cxcore.dialplan.site_texts import YamlSiteTexts
from cxcore.domain.agent import AgentId
from cxcore.ports.directory import NumberOwner
from tests.dialplans.samples import ROOT
from tests.fakes.clock import FakeClock
from tests.fakes.configurations import FakeConfigurations

NOORDWIJK = ROOT / "dialplans" / "noordwijk.yml"
GROUP = "+31715550190"


def directory_of(file: Path, prompts: PromptCatalogue) -> SiteDirectory:
    text = file.read_text(encoding="utf-8")
    return SiteDirectory(FakeConfigurations(text, FakeClock().now()), YamlSiteTexts(lambda: prompts), file)


def test_pages_offer_the_numbers_that_the_core_lets_an_agent_show(prompts: PromptCatalogue, tmp_path: Path) -> None:
    file = tmp_path / "site.yml"
    text = NOORDWIJK.read_text(encoding="utf-8")
    file.write_text(text.replace("name: Burgerzaken\n", f'name: Burgerzaken\n    caller_number: "{GROUP}"\n'))
    site, directory = read_site(file, prompts), directory_of(file, prompts)
    for username in site.users:
        shown = directory.numbers_to_show(AgentId(username))
        assert tuple(each.number for each in shown) == site.numbers_to_show(AgentId(username))
    owners = [(each.number, each.owner, each.name) for each in directory.numbers_to_show(AgentId("anna"))]
    assert owners == [
        ("+31715550111", NumberOwner.OWN, ""),
        ("+31715550100", NumberOwner.SITE, ""),
        (GROUP, NumberOwner.QUEUE, "Burgerzaken"),
    ]
