"""A contact's page: who may look, and what is kept of it."""

from __future__ import annotations

from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId
from cxcore.domain.offer import Consideration, OfferId, OfferRule
from cxcore.domain.queue import QueueId
from tests.cast import AAD, ANNA, KAREL, SOFIE
from tests.unit.feed.rows import NINE
from tests.web.conftest import Desk
from tests.web.test_pages import line

CONTACT, ANNA_ID = ContactId("c1"), AgentId("anna")


def kept(desk: Desk) -> None:
    desk.reports.facts = [
        events.ContactOpened(NINE, CONTACT, Channel.TELEPHONY, "+31715550100", "+31612345678", "<b>Karel</b>"),
        events.ContactOffered(
            NINE,
            OfferId("o1"),
            CONTACT,
            ANNA_ID,
            QueueId("burgerzaken"),
            OfferRule.ONLY_ONE,
            (ANNA_ID,),
            (Consideration(ANNA_ID),),
            1,
            "longest-idle",
        ),
    ]


def test_supervisor_reads_the_sentences_and_the_candidates(desk: Desk) -> None:
    kept(desk)
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts/c1").text
    assert "Aangeboden aan Anna de Vries: als enige vrij." in page
    assert "Verdeling: langst vrij" in page
    assert "<b>" not in page


def test_supervisor_reads_from_which_number_a_call_was_forwarded(desk: Desk) -> None:
    desk.reports.facts = [
        events.ContactOpened(
            NINE, CONTACT, Channel.TELEPHONY, "+31715550100", "+31612345678", "", forwarded_from="+31715550199"
        )
    ]
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts/c1").text
    assert "<dt>Doorgeschakeld van</dt><dd class=\"cx-figures\">071 555 0199</dd>" in page


def test_look_at_a_contact_is_audited_once_however_often_its_page_is_drawn(desk: Desk) -> None:
    kept(desk)
    visitor = desk.visitor_as(SOFIE)
    visitor.get("/supervisor/contacts/c1")
    visitor.get("/supervisor/contacts/c1/history")
    visitor.get("/supervisor/contacts/c1/history")
    looks = [(event.actor, event.object) for event in desk.audit.events if event.action == "see-contact"]
    assert looks == [("sofie", "contact_id=c1")]


def test_timeline_cannot_be_had_unaudited(desk: Desk) -> None:
    kept(desk)
    desk.visitor_as(SOFIE).get("/supervisor/contacts/c1/history")
    assert [event.action for event in desk.audit.events].count("see-contact") == 1


def test_contact_is_for_those_who_may_see_contacts(desk: Desk) -> None:
    kept(desk)
    for account in (ANNA, AAD, KAREL):
        for path in ("/supervisor/contacts/c1", "/supervisor/contacts/c1/history"):
            assert desk.visitor_as(account).get(path).status_code == 403
    assert all(event.action != "see-contact" for event in desk.audit.events)


def test_unknown_contact_is_not_found(desk: Desk) -> None:
    assert desk.visitor_as(SOFIE).get("/supervisor/contacts/nobody").status_code == 404


def test_lists_lead_to_the_contact(desk: Desk) -> None:
    desk.reports.lines = [line(desk, "c1", "anna")]
    assert 'href="/supervisor/contacts/c1"' in desk.visitor_as(SOFIE).get("/supervisor/contacts").text
