"""Requirement 25: an agent listens in on a colleague, where the role allows it; each time is audited.

The coach is an agent with that right. What is heard is shown on each engine in `tests/system/test_listening_in.py`, the
page in `tests/browser/test_listening.py`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import ListenIn, LogOn
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ListeningStarted
from cxcore.feed.floor_rows import agent_row
from tests import builders
from tests.cast import ANNA, BRAM, CHRIS
from tests.fakes.switch import Listen
from tests.unit.world import World
from tests.web.conftest import Desk

CHRIS_ID = AgentId("chris")


def world_with_a_coach(told: bool = True) -> World:
    site = builders.site(agents=("anna", "bram", "chris"))
    coach = replace(site.users["chris"], role="coach")
    return World(replace(site, users={**site.users, "chris": coach}, tells_of_listening=told))


@pytest.mark.parametrize("told", [True, False])
def test_coach_hears_the_call_of_a_colleague_who_is_told_where_the_rules_say_so(told: bool) -> None:
    world = world_with_a_coach(told)
    world.log_on("anna")
    _, device = world.talk()
    world.does(ListenIn("chris", AgentId("anna")))
    world.answers(world.ringing())
    assert world.switch.last(Listen).to == device
    assert world.last_fact(ListeningStarted).by == "chris"
    assert agent_row(world.floor, world.agent("anna")).listening_told is told
    assert agent_row(world.floor, world.agent("chris")).listens_to == "anna"


def test_coach_who_serves_queues_takes_a_break_first() -> None:
    world = world_with_a_coach()
    world.log_on("anna")
    world.talk()
    world.does(LogOn("chris", CHRIS_ID))
    with pytest.raises(NotAllowed, match="a break comes first"):
        world.does(ListenIn("chris", AgentId("anna")))


def test_page_of_a_coach_offers_it_and_that_of_an_agent_does_not(desk: Desk) -> None:
    assert 'data-listen="yes"' in desk.visitor_as(CHRIS).get("/agent").text
    assert 'data-listen="no"' in desk.visitor_as(ANNA).get("/agent").text


def test_each_time_is_audited_and_others_are_refused(desk: Desk) -> None:
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    desk.controller.offers("c1", "anna")
    desk.controller.answers("c1")
    assert desk.visitor_as(CHRIS).command("listening/anna/listen-in").status_code == 204
    event = desk.audit.events[-1]
    assert (event.actor, event.action, event.object) == ("chris", "listening-listen-in", "agent_id=anna")
    assert desk.visitor_as(BRAM).command("listening/anna/listen-in").status_code == 403
