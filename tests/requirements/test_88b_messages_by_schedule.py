"""Requirement 88b: messages are switched on and off live and by schedule, and so are the choices of a menu."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.reader import read_site
from cxcore.dialplan.voices import voices_of
from cxcore.domain.schedule import AMSTERDAM
from cxcore.domain.site import Site
from cxcore.ports.inspection import HeardKind, OutcomeKind, SupposedCall
from cxcore.simulation.hearing import hear
from cxcore.simulation.inspection import SiteInspection

ROOT = Path(__file__).resolve().parents[2]
NUMBER = "+31715550100"
SITE = """
site: Proef
numbers: {"+31715550100": start}
timetables:
  markt: {saturday: "08:00-13:00"}
flows:
  start:
    - answer
    - say: {prompt: drukte-paspoort, from: 2026-12-01T08:00, until: 2026-12-04T17:30}
    - say: {prompt: welkom, enabled: false}
    - say: {prompt: melding-afval-info, when: markt}
    - menu:
        prompt: hoofdmenu
        choices:
          1: balie
          2: {flow: balie, from: 2026-12-02, until: 2026-12-02T12:00}
        otherwise: balie
  balie:
    - queue: balie
queues:
  balie: {name: Balie}
users:
  anna: {name: Anna, role: agent, device: "sip:anna@192.0.2.7", queues: {balie: 1}}
"""


class Made(PromptCatalogue):
    def lacks_sound(self, prompt: str) -> bool:
        return False


@pytest.fixture(scope="module")
def prompts() -> Made:
    return Made(ROOT, read_prompts(ROOT / "prompts" / "nl", ROOT).texts)


@pytest.fixture(scope="module")
def site(prompts: Made) -> Site:
    return read_site(Path("site.yml"), prompts, SITE.encode())


def heard(site: Site, prompts: Made, at: str) -> tuple[list[str], set[str]]:
    """The messages before the menu, and the keys that it offers."""
    call = SupposedCall(NUMBER, datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM))
    steps = hear(site, voices_of(prompts), call)
    asked = next(step for step in steps if step.kind is HeardKind.ASKED)
    said = [prompt.name for step in steps[: steps.index(asked)] for prompt in step.prompts]
    return said, set(asked.choices)


@pytest.mark.parametrize(
    ("at", "said", "keys"),
    [
        ("2026-12-01T07:59", [], {"1"}),
        ("2026-12-01T08:00", ["drukte-paspoort"], {"1"}),
        ("2026-12-02T11:59", ["drukte-paspoort"], {"1", "2"}),
        ("2026-12-02T12:00", ["drukte-paspoort"], {"1"}),
        ("2026-12-04T17:29", ["drukte-paspoort"], {"1"}),
        ("2026-12-04T17:30", [], {"1"}),
        ("2026-12-05T10:00", ["melding-afval-info"], {"1"}),
    ],
)
def test_messages_and_choices_are_heard_by_moment_week_and_switch(
    site: Site, prompts: Made, at: str, said: list[str], keys: set[str]
) -> None:
    assert heard(site, prompts, at) == (said, keys)


def test_the_week_view_shows_when_a_choice_is_offered(site: Site, prompts: Made) -> None:
    inspection = SiteInspection(lambda: site, lambda: voices_of(prompts), lambda *_: None)
    lines = {line.keys: line for line in inspection.week(NUMBER, date(2026, 11, 30))}
    bands = lines["2",].days[2].bands
    assert [(band.begins, band.outcome.kind) for band in bands] == [
        (0, OutcomeKind.QUEUE), (720, OutcomeKind.NOT_OFFERED),
    ]  # fmt: skip
