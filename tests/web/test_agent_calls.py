"""The agent's own calls and who calls now; nobody else's."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.events import ContactNoted
from cxcore.domain.queue import QueueId
from cxcore.ports.agent_calls import AgentCall, CallKind, EarlierContact
from tests.cast import ANNA
from tests.web.conftest import Desk

KAREL, ZOE, TEAM = "+31687654321", "+31715550137", "+31715550200"
QUEUE, BRAM = QueueId("burgerzaken"), AgentId("bram")


def call(
    desk: Desk, key: str, kind: CallKind, number: str | None, ago: int, answered_by: AgentId | None = None
) -> AgentCall:
    at = desk.clock.now() - timedelta(minutes=ago)
    return AgentCall(ContactId(key), kind, at, number, "", QUEUE, Channel.TELEPHONY, 75.0, answered_by)


def test_calls_are_received_missed_and_made_each_with_name_and_number_to_call_back(desk: Desk) -> None:
    desk.calls.calls["anna"] = [
        call(desk, "c1", CallKind.RECEIVED, ZOE, 1),
        call(desk, "c2", CallKind.MISSED, KAREL, 2, BRAM),
        call(desk, "c3", CallKind.MADE, TEAM, 3),
        call(desk, "c4", CallKind.MISSED, None, 4),
    ]
    page = desk.visitor_as(ANNA).get("/agent/calls").text
    for words in ("ontvangen", "gemist", "gebeld", "Zoë van der Meer", "Wijkteam Noord", "opgenomen door Bram Jansen"):
        assert words in page
    for number in (ZOE, KAREL, TEAM):
        assert f'data-call="{number}"' in page
    assert "anoniem nummer" in page
    missed = desk.visitor_as(ANNA).get("/agent/calls?kind=missed").text
    assert (missed.count("<tr"), "gebeld" in missed) == (2, False)


def test_list_is_the_agents_own(desk: Desk) -> None:
    desk.calls.calls["bram"] = [call(desk, "c1", CallKind.RECEIVED, KAREL, 1)]
    assert "<tr" not in desk.visitor_as(ANNA).get("/agent/calls").text


def test_list_comes_in_pages_and_goes_on_after_the_last_line(desk: Desk) -> None:
    desk.calls.calls["anna"] = [call(desk, f"c{at:02}", CallKind.MADE, KAREL, at) for at in range(30)]
    visitor = desk.visitor_as(ANNA)
    first = visitor.get("/agent/calls").text
    assert (first.count("<tr"), first.count('data-more="yes"')) == (25, 25)
    last = desk.calls.calls["anna"][24]
    rest = visitor.get(f"/agent/calls?{urlencode({'at': last.at.isoformat(), 'after': 'c24'})}").text
    assert (rest.count("<tr"), 'data-key="c25"' in rest, 'data-more="yes"' in rest) == (5, True, False)
    for wrong in ("kind=all", "at=yesterday&after=c1"):
        assert visitor.get(f"/agent/calls?{wrong}").status_code == 400


def test_caller_is_named_and_earlier_contacts_stand_with_what_they_were_about(desk: Desk) -> None:
    desk.controller.arrives("c9", "burgerzaken", ZOE)
    desk.controller.offers("c9", "anna")
    opened = desk.clock.now() - timedelta(days=3)
    earlier = EarlierContact(
        ContactId("c1"), opened, Direction.INBOUND, Channel.TELEPHONY, QUEUE, BRAM, Outcome.ANSWERED
    )
    desk.calls.contacts[ZOE] = [earlier]
    desk.reports.facts = [ContactNoted(opened, ContactId("c1"), BRAM, ("Paspoort",), "geheim")]
    page = desk.visitor_as(ANNA).get("/agent/caller/c9").text
    for words in ('data-name="Zoë van der Meer"', "Burgerzaken, beantwoord", "Bram Jansen", "Paspoort"):
        assert words in page
    assert "geheim" not in page


def test_callers_of_colleagues_are_not_told(desk: Desk) -> None:
    desk.controller.arrives("c9", "burgerzaken", KAREL)
    desk.controller.offers("c9", "bram")
    visitor = desk.visitor_as(ANNA)
    assert visitor.get("/agent/caller/c9").status_code == 404
    assert visitor.get("/agent/caller/nothing").status_code == 404
    desk.calls.calls["anna"] = [call(desk, "c8", CallKind.RECEIVED, None, 1)]
    assert "Er is geen nummer bekend." in visitor.get("/agent/caller/c8").text
