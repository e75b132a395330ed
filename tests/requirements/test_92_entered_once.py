"""Requirement 92: what is entered once is at once available everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from admin_web.app import WebSettings
from cxcore.client.site import SiteDirectory
from cxcore.domain.commands import GoOnBreak
from cxcore.domain.phone_book import PhoneBookEntry
from cxcore.domain.site import Site
from cxcore.services.configuration import UseSite
from tests.fakes.site_texts import demo_texts
from tests.unit.world import World
from tests.web.admin import administrator
from tests.web.conftest import KEY, Desk, make_desk
from tests.web.test_admin_lists import ENTRY, does

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "/admin/reasons": {"reasons": "Pauze\nOpleiding"},
    "/admin/topics": {"name": "Grofvuil", "group": "Wonen"},
    "/admin/phone-book": ENTRY,
}


def changed() -> tuple[Desk, SiteDirectory, Site]:
    """What screens and the core read after an administrator entered a reason, a topic and a phone book entry."""
    floor, texts = make_desk(WebSettings(secret_key=KEY)), demo_texts()
    directory = SiteDirectory(floor.configurations, texts, Path("none"))
    assert "Opleiding" not in directory.break_reasons()
    aad = administrator(floor)
    for page, fields in CHANGES.items():
        does(aad, page, fields)
    active = floor.configurations.active()
    assert active is not None
    return floor, directory, texts.site(floor.configurations.text(active.number))


def test_screens_that_are_asked_next_know_it() -> None:
    _, directory, _ = changed()
    assert directory.break_reasons() == ("Pauze", "Opleiding")
    assert [topic.name for topic in directory.topics()] == ["Grofvuil"]
    assert [entry.key for entry in directory.phone_book().search("wijkteam")] == ["wijkteam-noord"]


def test_core_takes_it_without_a_restart() -> None:
    _, _, site = changed()
    world = World()
    world.log_on("anna")
    world.does(UseSite("aad", 4, site))
    world.does(GoOnBreak("anna", world.agent("anna").agent_id, "Opleiding"))
    assert world.agent("anna").reason == "Opleiding"
    numbers = ("+31715550200", "+31715550201")
    entry = PhoneBookEntry("wijkteam-noord", "Wijkteam Noord", numbers, "Sociaal domein")
    assert world.floor.site.phone_book == (entry,)
