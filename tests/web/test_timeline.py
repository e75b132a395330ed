"""What happened to a contact, in sentences; why an offer went to whom, for every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from admin_web.presenters.names import Names
from admin_web.presenters.offers import RULES, candidates, candidates_heading, explain_offer
from admin_web.presenters.timeline import SENTENCES, timeline
from admin_web.presenters.words import clock_time
from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.events import (
    ContactOffered,
    Fact,
    RecordingPaused,
    RecordingPauseExtended,
    RecordingResumed,
)
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.offer import Consideration, OfferEnd, OfferId, OfferRule
from cxcore.domain.quality import MeasuredBy
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import PauseReason, RecordingId
from cxcore.ports.controller import Subject
from cxcore.storage.facts import KINDS
from tests.cast import cast_accounts
from tests.unit.feed.rows import NINE
from tests.web.conftest import Desk

ANNA_ID, BRAM_ID, CHRIS_ID = AgentId("anna"), AgentId("bram"), AgentId("chris")
CONTACT, OFFER, QUEUE = ContactId("c1"), OfferId("o1"), QueueId("burgerzaken")
NAMES = Names(
    {
        (Subject.AGENT, "anna"): "Anna de Vries",
        (Subject.AGENT, "bram"): "Bram Jansen",
        (Subject.AGENT, "chris"): "Chris Bakker",
        (Subject.QUEUE, "burgerzaken"): "Burgerzaken",
        (Subject.QUEUE, "receptie"): "Receptie",
    },
    cast_accounts().find,
)


@pytest.fixture(autouse=True)
def dutch(desk: Desk) -> Iterator[None]:
    """The words of a Dutch page."""
    with desk.app.test_request_context():
        yield


def seen(agent_id: AgentId, **changes: object) -> Consideration:
    return replace(Consideration(agent_id), **changes)  # type: ignore[arg-type]


def offer(rule: str, *considered: Consideration, ready: int = 0, agent: AgentId = ANNA_ID) -> ContactOffered:
    ids = tuple(each.agent_id for each in considered)
    count = ready or len(considered)
    return ContactOffered(NINE, OFFER, CONTACT, agent, QUEUE, rule, ids, considered, count, "longest-idle")


def why(rule: str, *considered: Consideration, ready: int = 0) -> str:
    sentence = explain_offer(offer(rule, *considered, ready=ready), NAMES)
    beginning = "Aangeboden aan Anna de Vries: "
    assert sentence.startswith(beginning)
    return sentence.removeprefix(beginning)


def test_longest_idle_says_how_long_and_who_came_next() -> None:
    three = (seen(ANNA_ID, idle_seconds=250.0), seen(BRAM_ID, idle_seconds=123.0), seen(CHRIS_ID, idle_seconds=9.0))
    expected = "van 3 vrije medewerkers het langst vrij (4 min 10 s; daarna Bram Jansen, 2 min 3 s)."
    assert why(OfferRule.LONGEST_IDLE, *three) == expected


def test_longest_idle_with_equal_times_says_that_the_place_decided() -> None:
    two = (seen(ANNA_ID, idle_seconds=60.0), seen(BRAM_ID, idle_seconds=60.0, position=2))
    expected = "van 2 vrije medewerkers even lang vrij als Bram Jansen (1 min 0 s), en eerder op de lijst."
    assert why(OfferRule.LONGEST_IDLE, *two) == expected


def test_count_is_that_of_all_who_were_free_not_of_those_that_were_kept() -> None:
    two = (seen(ANNA_ID, idle_seconds=60.0), seen(BRAM_ID, idle_seconds=6.0))
    assert why(OfferRule.LONGEST_IDLE, *two, ready=30).startswith("van 30 vrije medewerkers")


def test_only_one() -> None:
    assert why(OfferRule.ONLY_ONE, seen(ANNA_ID)) == "als enige vrij."


def test_only_one_who_missed_it_before() -> None:
    expected = "als enige vrij, ook al is dit contact hier eerder gemist of geweigerd."
    assert why(OfferRule.ONLY_ONE, seen(ANNA_ID, passed_over=True)) == expected


def test_only_one_of_the_second_level() -> None:
    assert why(OfferRule.ONLY_ONE, seen(ANNA_ID, level=2)) == (
        "als enige vrij; niveau 2, want op niveau 1 was niemand vrij."
    )


def test_others_missed_it() -> None:
    missed = (seen(BRAM_ID, passed_over=True), seen(CHRIS_ID, passed_over=True))
    assert why(OfferRule.NOT_PASSED_OVER, seen(ANNA_ID), missed[0]) == "Bram Jansen miste of weigerde dit contact al."
    assert why(OfferRule.NOT_PASSED_OVER, seen(ANNA_ID), *missed) == "de anderen misten of weigerden dit contact al."


def test_who_spoke_the_caller_last() -> None:
    assert why(OfferRule.LAST_SPOKE, seen(ANNA_ID, last_spoke=True), seen(BRAM_ID)) == "sprak deze beller het laatst."


def test_level() -> None:
    assert why(OfferRule.LEVEL, seen(ANNA_ID), seen(BRAM_ID, level=2)) == "als enige vrij op niveau 1."
    assert why(OfferRule.LEVEL, seen(ANNA_ID, level=3), seen(BRAM_ID, level=4)) == (
        "als enige vrij op niveau 3; niveau 3, want op een lager niveau was niemand vrij."
    )


def test_strategy_within_a_level_counts_that_level_only() -> None:
    three = (seen(ANNA_ID, idle_seconds=9.0), seen(BRAM_ID, idle_seconds=4.0), seen(CHRIS_ID, level=2))
    assert why(OfferRule.LONGEST_IDLE, *three) == (
        "van 2 vrije medewerkers op niveau 1 het langst vrij (9 s; daarna Bram Jansen, 4 s)."
    )


def test_strategy_among_those_who_did_not_miss_it() -> None:
    three = (seen(ANNA_ID, idle_seconds=9.0), seen(BRAM_ID, idle_seconds=4.0), seen(CHRIS_ID, passed_over=True))
    assert why(OfferRule.LONGEST_IDLE, *three).startswith("van 2 vrije medewerkers die dit contact nog niet misten")


def test_linear() -> None:
    two = (seen(ANNA_ID, position=1), seen(BRAM_ID, position=4))
    assert why(OfferRule.LINEAR, *two) == (
        "van 2 vrije medewerkers als eerste op de lijst (plaats 1; daarna Bram Jansen, plaats 4)."
    )
    same = (seen(ANNA_ID), seen(BRAM_ID))
    assert "op dezelfde plaats 1 als Bram Jansen" in why(OfferRule.LINEAR, *same)


def test_cyclic() -> None:
    two = (seen(ANNA_ID, since_offer_seconds=3720.0), seen(BRAM_ID, since_offer_seconds=61.0))
    assert why(OfferRule.CYCLIC, *two) == (
        "aan de beurt: van 2 vrije medewerkers het langst zonder aanbod (1 u 2 min; daarna Bram Jansen, 1 min 1 s)."
    )
    first = (seen(ANNA_ID), seen(BRAM_ID, since_offer_seconds=61.0))
    assert why(OfferRule.CYCLIC, *first) == "aan de beurt: van 2 vrije medewerkers als enige nog zonder aanbod."
    assert "eerder op de lijst dan Bram Jansen" in why(OfferRule.CYCLIC, seen(ANNA_ID), seen(BRAM_ID, position=2))


def test_workload() -> None:
    fewest = (seen(ANNA_ID, handled_contacts=3), seen(BRAM_ID, handled_contacts=5))
    assert why(OfferRule.WORKLOAD, *fewest) == (
        "van 2 vrije medewerkers de minste contacten sinds aanmelden (3; daarna Bram Jansen, 5)."
    )
    quick = seen(ANNA_ID, handled_contacts=3, worked_seconds=600.0)
    slow = seen(BRAM_ID, handled_contacts=3, worked_seconds=900.0)
    assert why(OfferRule.WORKLOAD, quick, slow) == (
        "van 2 vrije medewerkers de minste werktijd bij evenveel contacten "
        "(3; 10 min 0 s; daarna Bram Jansen, 15 min 0 s)."
    )
    assert "bij evenveel werk als Bram Jansen" in why(OfferRule.WORKLOAD, seen(ANNA_ID), seen(BRAM_ID))


def test_sound_says_whose_measure_it_is() -> None:
    by_switch = events.QualityMeasured(NINE, CONTACT, QUEUE, "anna", 4.46)
    assert words(by_switch) == [
        "Het geluid van Anna de Vries kwam door met een MOS van 4,5. Gemeten door de telefooncentrale."
    ]
    figures = (MeasuredBy.BORDER, 4.31, 0.0123, 12.4, 40.1)
    assert words(events.QualityMeasured(NINE, CONTACT, QUEUE, "caller", 4.24, *figures)) == [
        "Het geluid van de beller kwam door met een MOS van 4,2. Wat wij stuurden kwam daar aan met 4,3. "
        "Gemeten bij de SBC: verlies 1,2 %, jitter 12 ms, heen en terug 40 ms."
    ]


def test_who_rings_together_with_the_first() -> None:
    fact = offer(OfferRule.ALL_RING, seen(ANNA_ID), seen(BRAM_ID), agent=BRAM_ID)
    expected = "Ook aangeboden aan Bram Jansen: rinkelt tegelijk met Anna de Vries."
    assert explain_offer(fact, NAMES, [ANNA_ID]) == expected
    late = offer(OfferRule.ONLY_ONE, seen(CHRIS_ID), agent=CHRIS_ID)
    assert explain_offer(late, NAMES, [ANNA_ID, BRAM_ID]) == (
        "Aangeboden aan Chris Bakker: als enige vrij; rinkelt tegelijk met Anna de Vries en Bram Jansen."
    )


def test_every_rule_has_a_sentence() -> None:
    assert set(RULES) == set(OfferRule)
    for rule in OfferRule:
        assert why(rule, seen(ANNA_ID), seen(BRAM_ID)) not in ("", ".")


def test_offer_of_an_earlier_version_is_told_without_a_reason() -> None:
    assert explain_offer(offer("longest idle"), NAMES) == "Aangeboden aan Anna de Vries."


def test_table_shows_what_the_rule_saw() -> None:
    fact = offer(
        OfferRule.LAST_SPOKE,
        seen(ANNA_ID, last_spoke=True, idle_seconds=9.0, handled_contacts=4, worked_seconds=600.0),
        seen(BRAM_ID, level=2, passed_over=True),
        ready=30,
    )
    first, second = candidates(fact, NAMES)
    assert (first.name, first.idle, first.handled, first.worked, first.chosen) == (
        "Anna de Vries", "9 s", 4, "10 min 0 s", True,
    )  # fmt: skip
    assert first.remarks == "gekozen; sprak deze beller het laatst"
    assert (second.level, second.remarks, second.since_offer) == (2, "miste of weigerde dit contact al", "–")
    heading = "Verdeling: langst vrij. De eerste 2 van 30 vrije medewerkers, in volgorde"
    assert candidates_heading(fact) == heading


# --- The whole contact -----------------------------------------------------------------------------------------------


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def ended(seconds: float, end: OfferEnd, cause: str, agent: AgentId = ANNA_ID, offer_id: OfferId = OFFER) -> Fact:
    return events.OfferEnded(at(seconds), offer_id, CONTACT, agent, QUEUE, end, cause)


def words(*facts: Fact) -> list[str]:
    return [entry.words for entry in timeline(facts, NAMES)]


def test_forwarded_call_tells_the_number_that_was_dialled_first() -> None:
    opened = events.ContactOpened(NINE, CONTACT, Channel.TELEPHONY, "+31715550100", "+31612345678", "")
    told = words(replace(opened, forwarded_from="+31715550199"))
    assert told == ["06 12 34 56 78 belde 071 555 0100. De oproep was doorgeschakeld van 071 555 0199."]


def test_caller_who_holds_and_comes_back_is_told() -> None:
    facts = (events.CallerHeld(NINE, CONTACT), events.CallerResumed(at(75), CONTACT, 75.0))
    assert words(*facts) == ["De beller zette ons in de wacht.", "De beller was terug na 1 min 15 s."]


def test_call_from_ring_to_wrap_up() -> None:
    assert words(
        events.ContactOpened(NINE, CONTACT, Channel.TELEPHONY, "+31715550100", "+31612345678", ""),
        events.MenuChosen(at(6), CONTACT, "hoofdmenu", "1"),
        events.ContactQueued(at(7), CONTACT, QUEUE, 20),
        replace(offer(OfferRule.ONLY_ONE, seen(ANNA_ID)), at=at(7)),
        ended(11, OfferEnd.ACCEPTED, ""),
        events.ContactAnswered(at(11), CONTACT, ANNA_ID, QUEUE, 4),
        events.ContactHeld(at(30), CONTACT, ANNA_ID),
        events.ContactResumed(at(42), CONTACT, ANNA_ID, 12),
        events.TalkEnded(at(200), CONTACT, ANNA_ID, QUEUE, 189),
        events.WrapUpStarted(at(200), ANNA_ID, CONTACT, QUEUE, at(230)),
        events.ContactEnded(at(200), CONTACT, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY),
        events.WrapUpExtended(at(215), ANNA_ID, CONTACT, at(290)),
        events.WrapUpEnded(at(260), ANNA_ID, CONTACT, QUEUE, 60, "anna"),
    ) == [
        "06 12 34 56 78 belde 071 555 0100.",
        "Koos 1 in keuzemenu hoofdmenu.",
        "Wacht in Burgerzaken (doel: binnen 20 s).",
        "Aangeboden aan Anna de Vries: als enige vrij.",
        "Anna de Vries nam op na 4 s.",
        "In gesprek met Anna de Vries, na 4 s wachten.",
        "Anna de Vries zette de beller in de wacht.",
        "Weer in gesprek met Anna de Vries, na 12 s in de wacht.",
        "Het gesprek met Anna de Vries eindigde na 3 min 9 s.",
        "Nawerktijd van Anna de Vries, tot 10:03:50.",
        "De beller hing op. Afloop: beantwoord.",
        "Anna de Vries verlengde de nawerktijd tot 10:04:50.",
        "Anna de Vries beëindigde de nawerktijd na 1 min 0 s.",
    ]


@pytest.mark.parametrize(
    ("end", "cause", "expected"),
    [
        (OfferEnd.MISSED, "no-answer", "Anna de Vries nam niet op: gemist na 20 s."),
        (OfferEnd.MISSED, "unreachable", "Het toestel van Anna de Vries was niet bereikbaar: gemist na 20 s."),
        (OfferEnd.MISSED, "refused", "Het toestel van Anna de Vries nam het gesprek niet aan: gemist na 20 s."),
        (OfferEnd.DECLINED, "anna", "Anna de Vries weigerde na 20 s."),
        (OfferEnd.DECLINED, "declined", "Anna de Vries weigerde na 20 s."),
        (OfferEnd.DECLINED, "busy", "Het toestel van Anna de Vries was in gesprek."),
        (OfferEnd.DECLINED, "sofie", "Teruggenomen van Anna de Vries na 20 s: status gewijzigd door Sofie Mulder."),
        (OfferEnd.WITHDRAWN, "abandoned", "Aanbod aan Anna de Vries ingetrokken na 20 s: de beller hing op."),
        (OfferEnd.WITHDRAWN, "closed", "Aanbod aan Anna de Vries ingetrokken na 20 s: de wachtrij ging dicht."),
        (OfferEnd.WITHDRAWN, "brand-new", "Aanbod aan Anna de Vries ingetrokken na 20 s."),
    ],
)
def test_end_of_an_offer_says_how_and_after_how_long(end: OfferEnd, cause: str, expected: str) -> None:
    assert words(offer(OfferRule.ONLY_ONE, seen(ANNA_ID)), ended(20, end, cause))[-1] == expected


def test_who_rang_together_hears_who_was_first() -> None:
    three = (seen(ANNA_ID), seen(BRAM_ID), seen(CHRIS_ID))
    second = replace(offer(OfferRule.ALL_RING, *three, agent=BRAM_ID), offer_id=OfferId("o2"))
    third = replace(offer(OfferRule.ALL_RING, *three, agent=CHRIS_ID), offer_id=OfferId("o3"))
    told = words(
        offer(OfferRule.LONGEST_IDLE, *three),
        second,
        third,
        ended(3, OfferEnd.WITHDRAWN, "answered-by-another", BRAM_ID, OfferId("o2")),
        ended(3, OfferEnd.WITHDRAWN, "answered-by-another", CHRIS_ID, OfferId("o3")),
        ended(3, OfferEnd.ACCEPTED, ""),
    )
    assert told[1:] == [
        "Ook aangeboden aan Bram Jansen: rinkelt tegelijk met Anna de Vries.",
        "Ook aangeboden aan Chris Bakker: rinkelt tegelijk met Anna de Vries en Bram Jansen.",
        "Aanbod aan Bram Jansen ingetrokken na 3 s: Anna de Vries nam eerder op.",
        "Aanbod aan Chris Bakker ingetrokken na 3 s: Anna de Vries nam eerder op.",
        "Anna de Vries nam op na 3 s.",
    ]


@pytest.mark.parametrize("is_direct", [True, False])
def test_call_of_which_no_sound_came_any_more_says_so(is_direct: bool) -> None:
    begun = [events.DirectCallStarted(NINE, CONTACT, ANNA_ID, Direction.INBOUND, "+31612345678")] if is_direct else []
    lost = events.ContactEnded(NINE, CONTACT, Outcome.ANSWERED, HangUpCause.MEDIA_TIMEOUT, HungUpBy.SWITCH)
    whose = "een van beide kanten" if is_direct else "de beller"
    expected = f"Er kwam geen geluid meer van {whose}; de verbinding is verbroken. Afloop: beantwoord."
    assert timeline([*begun, lost], NAMES)[-1].words == expected


def test_telephone_of_the_agent_that_gave_no_sound_any_more_is_told_apart_from_a_softphone() -> None:
    died = events.ConversationInterrupted(NINE, CONTACT, ANNA_ID, HangUpCause.MEDIA_TIMEOUT)
    assert [entry.words for entry in timeline([died], NAMES)] == [
        "Het toestel van Anna de Vries gaf geen geluid meer; de beller wacht opnieuw."
    ]


@pytest.mark.parametrize("spoke", [True, False])
def test_conversation_that_ended_while_no_core_ran_says_that_nobody_measured_how_it_sounded(spoke: bool) -> None:
    begun = [events.ContactAnswered(NINE, CONTACT, ANNA_ID, QUEUE, 5.0)] if spoke else []
    found = events.LeaseHealed(NINE, "contact", "c1", "ended while no core was running", CONTACT)
    assert ("niet gemeten" in timeline([*begun, found], NAMES)[-1].words) is spoke


def test_move_by_a_supervisor() -> None:
    assert words(
        events.ContactMoved(at(30), CONTACT, QueueId("receptie"), "sofie"),
        events.ContactLeftQueue(at(30), CONTACT, QUEUE, Outcome.OVERFLOWED, 30),
        events.ContactQueued(at(30), CONTACT, QueueId("receptie"), 20),
    ) == [
        "Sofie Mulder verplaatste de beller naar Receptie; de wachttijd loopt door.",
        "Verliet Burgerzaken na 30 s wachten en ging elders verder.",
        "Wacht in Receptie (doel: binnen 20 s).",
    ]


def test_choice_of_a_supervisor_is_told_beside_the_one_of_the_strategy() -> None:
    assert words(
        events.ContactAssigned(at(30), CONTACT, BRAM_ID, "sofie"),
        offer(OfferRule.ASSIGNED, seen(BRAM_ID), seen(ANNA_ID), agent=BRAM_ID),
        events.ContactAssigned(at(40), CONTACT, AgentId("sofie"), "sofie"),
        ended(40, OfferEnd.WITHDRAWN, "assigned", BRAM_ID),
    ) == [
        "Sofie Mulder wees dit contact toe aan Bram Jansen.",
        "Aangeboden aan Bram Jansen: gekozen door een supervisor; de verdeling had Anna de Vries gekozen.",
        "Sofie Mulder wil dit contact zelf overnemen.",
        "Aanbod aan Bram Jansen ingetrokken na 40 s: een supervisor koos een ander.",
    ]


def test_direct_call() -> None:
    out = Direction.OUTBOUND
    assert words(
        events.ContactOpened(NINE, CONTACT, Channel.TELEPHONY, "+31612345678", None, "", direction=out),
        events.DirectCallStarted(NINE, CONTACT, ANNA_ID, out, "+31612345678"),
        events.DirectCallAnswered(at(9), CONTACT, ANNA_ID),
        events.DirectCallEnded(at(69), CONTACT, ANNA_ID, out, 60, missed=False),
        events.DirectCallStarted(at(70), CONTACT, BRAM_ID, Direction.INBOUND, "+31612345678"),
        events.DirectCallEnded(at(90), CONTACT, BRAM_ID, Direction.INBOUND, 0, missed=True),
    ) == [
        "Gesprek naar 06 12 34 56 78 begonnen.",
        "Anna de Vries belt 06 12 34 56 78.",
        "In direct gesprek met Anna de Vries.",
        "Het directe gesprek met Anna de Vries eindigde na 1 min 0 s.",
        "Direct gesprek van 06 12 34 56 78: Bram Jansen wordt gebeld.",
        "Bram Jansen nam het directe gesprek niet op.",
    ]


def test_call_back() -> None:
    assert words(
        events.CallBackAsked(NINE, CONTACT, QUEUE, "+31612345678", NINE),
        events.CallBackTried(at(60), CONTACT, QUEUE, ANNA_ID, HangUpCause.NO_ANSWER, 1, at(360)),
        events.CallBackTried(at(400), CONTACT, QUEUE, ANNA_ID, HangUpCause.NO_ANSWER, 2, None),
        events.CallBackEnded(at(400), CONTACT, QUEUE, reached=False),
    ) == [
        "Vroeg om teruggebeld te worden op 06 12 34 56 78, met behoud van de plaats in Burgerzaken.",
        "Terugbelpoging 1 zonder gehoor; opnieuw om 10:06:00.",
        "Terugbelpoging 2 zonder gehoor; het was de laatste.",
        "Het terugbelverzoek is vervallen.",
    ]


def test_every_fact_about_a_contact_has_a_sentence() -> None:
    about = {kind for kind in KINDS.values() if "contact_id" in kind.__dataclass_fields__}
    assert {kind.__name__ for kind in about - set(SENTENCES)} == set()


def test_pause_of_a_recording_is_told_with_who_began_it_when_it_ends_and_that_nobody_ended_it() -> None:
    ids = (CONTACT, RecordingId("c1.8f31"))
    facts = [
        RecordingPaused(NINE, *ids, PauseReason.AGENT, "anna", NINE + timedelta(seconds=120)),
        RecordingPauseExtended(NINE, *ids, NINE + timedelta(seconds=180), "anna"),
        RecordingResumed(NINE, *ids, "deadline"),
        RecordingPaused(NINE, *ids, PauseReason.MARKER),
    ]
    at = [clock_time(NINE + timedelta(seconds=seconds)) for seconds in (120, 180)]
    assert [entry.words for entry in timeline(facts, NAMES)] == [
        f"Anna de Vries pauzeerde de opname. Zonder hervatten gaat zij om {at[0]} verder.",
        f"Anna de Vries verlengde de pauze van de opname tot {at[1]}.",
        "De opname ging vanzelf verder: niemand hervatte haar op tijd.",
        "De opname pauzeert, want er wordt iets vertrouwelijks gevraagd.",
    ]
