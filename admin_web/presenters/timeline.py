"""Everything that happened to a contact, in sentences: one function per fact, and the table of them at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import format_decimal, format_percent, lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.chat import fault_words
from admin_web.presenters.names import Names
from admin_web.presenters.numbers import readable
from admin_web.presenters.offers import ShownCandidate, candidates, candidates_heading, explain_offer
from admin_web.presenters.texts import gettext
from admin_web.presenters.words import clock_time, lasted, outcome
from cxcore.domain import events
from cxcore.domain.chat import Author, ChatEnd
from cxcore.domain.contact import WRITTEN, Channel, Direction, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.listening import ListeningMode
from cxcore.domain.offer import OfferEnd, OfferId
from cxcore.domain.quality import MeasuredBy
from cxcore.domain.recording import PauseReason
from cxcore.domain.sound_quality import CALLED, CALLER
from cxcore.domain.transfer import ConsultationState, Turn

SERVICE_ACTIONS: Mapping[str, LazyString] = {
    "phone-sign-in": lazy_gettext("meldde zich aan"),
    "phone-refused": lazy_gettext("werd geweigerd"),
    "message-use": lazy_gettext("sprak een melding in, die nu te horen is"),
    "emergency-set": lazy_gettext("zette een noodtekst aan"),
    "emergency-end": lazy_gettext("zette een noodtekst uit"),
}
"""What somebody did at the service number."""


CHAT_ENDS: Mapping[ChatEnd, LazyString] = {
    ChatEnd.CUSTOMER: lazy_gettext("De klant beëindigde de chat."),
    ChatEnd.AGENT: lazy_gettext("De medewerker beëindigde de chat."),
    ChatEnd.AWAY: lazy_gettext("De chat is beëindigd: de pagina van de klant was te lang weg."),
    ChatEnd.CLOSED: lazy_gettext("De chat is beëindigd: de wachtrij was dicht."),
    ChatEnd.FULL: lazy_gettext("De chat is beëindigd: er waren te veel wachtenden."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, what, and for an offer whom the rule had to choose from. `mark` is the shape beside it."""

    at: datetime
    words: str
    mark: str
    heading: str = ""
    candidates: tuple[ShownCandidate, ...] = ()


@dataclass(slots=True)
class Story:
    """What is known of the contact so far."""

    names: Names
    running: dict[OfferId, events.ContactOffered] = field(default_factory=dict)
    accepted: frozenset[OfferId] = frozenset()
    """The offers that were accepted, at any time."""
    answered_by: str = ""
    is_direct: bool = False
    talked: bool = False
    measured: bool = False


def timeline(facts: Sequence[Fact], names: Names) -> list[Entry]:
    """The entries in order. A fact that tells nothing about a contact is left out."""
    ends = [fact for fact in facts if isinstance(fact, events.OfferEnded) and fact.end is OfferEnd.ACCEPTED]
    story = Story(names, accepted=frozenset(fact.offer_id for fact in ends))
    told = (_entry(story, fact) for fact in facts)
    return [entry for entry in told if entry is not None]


def _entry(story: Story, fact: Fact) -> Entry | None:
    known = SENTENCES.get(type(fact))
    if known is None:
        return None
    mark, sentence = known
    words = sentence(story, fact)
    if words is None:
        return None
    if isinstance(fact, events.ContactOffered):
        return Entry(fact.at, words, mark, candidates_heading(fact), candidates(fact, story.names))
    return Entry(fact.at, words, mark)


# --- One function per fact -------------------------------------------------------------------------------------------


def _opened(_: Story, fact: events.ContactOpened) -> str:
    if fact.channel in WRITTEN:
        return _chat_opened(fact)
    if fact.forwarded_from:
        first = gettext("De oproep was doorgeschakeld van %(number)s.", number=readable(fact.forwarded_from))
        return f"{_dialled(fact)} {first}"
    return _dialled(fact)


def _dialled(fact: events.ContactOpened) -> str:
    dialled = readable(fact.dialled_number)
    if fact.direction is Direction.OUTBOUND:
        return gettext("Gesprek naar %(dialled)s begonnen.", dialled=dialled)
    if fact.caller_number is None:
        return gettext("Een anonieme beller belde %(dialled)s.", dialled=dialled)
    caller = readable(fact.caller_number)
    return gettext("%(caller)s belde %(dialled)s.", caller=caller, dialled=dialled)


def _chat_opened(fact: events.ContactOpened) -> str:
    caller, site = fact.caller_name or readable(fact.caller_number), fact.dialled_number
    if fact.channel is Channel.WHATSAPP:
        return gettext("%(caller)s stuurde een WhatsApp-bericht naar %(site)s.", caller=caller, site=site)
    if not caller:
        return gettext("Een anonieme klant begon een chat op %(site)s.", site=site)
    return gettext("%(caller)s begon een chat op %(site)s.", caller=caller, site=site)


def _chat_written(story: Story, fact: events.ChatWritten) -> str:
    if fact.author is Author.HOUSE:
        return gettext("Het systeem schreef regel %(number)s.", number=fact.number)
    if fact.agent_id is None:
        return gettext("De klant schreef regel %(number)s.", number=fact.number)
    return gettext("%(agent)s schreef regel %(number)s.", agent=story.names.agent(fact.agent_id), number=fact.number)


def _chat_undelivered(_: Story, fact: events.ChatUndelivered) -> str:
    return gettext("Regel %(number)s. %(reason)s", number=fact.number, reason=fault_words(fact.fault))


def _chat_presence(_: Story, fact: events.ChatPresence) -> str:
    return gettext("De klant is terug op de pagina.") if fact.present else gettext("De pagina van de klant is weg.")


def _chat_ended(_: Story, fact: events.ChatEnded) -> str:
    return str(CHAT_ENDS[fact.end])


def _menu_chosen(_: Story, fact: events.MenuChosen) -> str:
    if not fact.key:
        return gettext("Koos niets in keuzemenu %(menu)s.", menu=fact.menu)
    return gettext("Koos %(key)s in keuzemenu %(menu)s.", key=fact.key, menu=fact.menu)


def _queued(story: Story, fact: events.ContactQueued) -> str:
    queue = story.names.queue(fact.queue_id)
    return gettext("Wacht in %(queue)s (doel: binnen %(seconds)s s).", queue=queue, seconds=fact.target_seconds)


def _moved(story: Story, fact: events.ContactMoved) -> str:
    by, queue = story.names.user(fact.by), story.names.queue(fact.queue_id)
    return gettext("%(by)s verplaatste de beller naar %(queue)s; de wachttijd loopt door.", by=by, queue=queue)


def _assigned(story: Story, fact: events.ContactAssigned) -> str:
    by, agent = story.names.user(fact.by), story.names.agent(fact.agent_id)
    if fact.by == fact.agent_id:
        return gettext("%(by)s wil dit contact zelf overnemen.", by=by)
    return gettext("%(by)s wees dit contact toe aan %(agent)s.", by=by, agent=agent)


def _offered(story: Story, fact: events.ContactOffered) -> str:
    ringing = [offer.agent_id for offer in story.running.values()]
    story.running[fact.offer_id] = fact
    return explain_offer(fact, story.names, ringing)


def _offer_ended(story: Story, fact: events.OfferEnded) -> str:
    offer = story.running.pop(fact.offer_id, None)
    agent = story.names.agent(fact.agent_id)
    after = lasted(None if offer is None else (fact.at - offer.at).total_seconds())
    if fact.end is OfferEnd.ACCEPTED:
        story.answered_by = agent
        return gettext("%(agent)s nam op na %(after)s.", agent=agent, after=after)
    if fact.end is OfferEnd.DECLINED:
        return _declined(story, fact, agent, after)
    if fact.end is OfferEnd.MISSED:
        return _missed(fact, agent, after)
    return _withdrawn(story, fact, agent, after)


def _declined(story: Story, fact: events.OfferEnded, agent: str, after: str) -> str:
    if fact.cause == HangUpCause.BUSY:
        return gettext("Het toestel van %(agent)s was in gesprek.", agent=agent)
    if fact.cause not in (HangUpCause.DECLINED, fact.agent_id):
        by = story.names.user(fact.cause)
        return gettext(
            "Teruggenomen van %(agent)s na %(after)s: status gewijzigd door %(by)s.", agent=agent, after=after, by=by
        )
    return gettext("%(agent)s weigerde na %(after)s.", agent=agent, after=after)


def _missed(fact: events.OfferEnded, agent: str, after: str) -> str:
    if fact.cause == HangUpCause.NO_ANSWER:
        return gettext("%(agent)s nam niet op: gemist na %(after)s.", agent=agent, after=after)
    if fact.cause == HangUpCause.UNREACHABLE:
        return gettext("Het toestel van %(agent)s was niet bereikbaar: gemist na %(after)s.", agent=agent, after=after)
    return gettext("Het toestel van %(agent)s nam het gesprek niet aan: gemist na %(after)s.", agent=agent, after=after)


def _withdrawn(story: Story, fact: events.OfferEnded, agent: str, after: str) -> str:
    why = str(WITHDRAWN.get(fact.cause, ""))
    first = next((offer for key, offer in story.running.items() if key in story.accepted), None)
    if fact.cause == "answered-by-another" and first:
        why = gettext("%(agent)s nam eerder op", agent=story.names.agent(first.agent_id))
    if not why:
        return gettext("Aanbod aan %(agent)s ingetrokken na %(after)s.", agent=agent, after=after)
    return gettext("Aanbod aan %(agent)s ingetrokken na %(after)s: %(why)s.", agent=agent, after=after, why=why)


def _answered(story: Story, fact: events.ContactAnswered) -> str:
    agent, wait = story.names.agent(fact.agent_id), lasted(fact.waited_seconds)
    story.talked = True
    return gettext("In gesprek met %(agent)s, na %(wait)s wachten.", agent=agent, wait=wait)


def _held(story: Story, fact: events.ContactHeld) -> str:
    return gettext("%(agent)s zette de beller in de wacht.", agent=story.names.agent(fact.agent_id))


def _interrupted(story: Story, fact: events.ConversationInterrupted) -> str:
    agent = story.names.agent(fact.agent_id)
    if fact.cause is HangUpCause.MEDIA_TIMEOUT:
        return gettext("Het toestel van %(agent)s gaf geen geluid meer; de beller wacht opnieuw.", agent=agent)
    return gettext("De softphone van %(agent)s viel weg; de beller hoort wachtmuziek.", agent=agent)


def _taken_up_again(story: Story, fact: events.ConversationResumed) -> str:
    return gettext("De softphone van %(agent)s is terug in het gesprek.", agent=story.names.agent(fact.agent_id))


def _device_replaced(story: Story, fact: events.DeviceReplaced) -> str:
    agent = story.names.agent(fact.agent_id)
    return gettext("Een ander toestel nam het gesprek van %(agent)s over.", agent=agent)


def _caller_held(_: Story, __: events.CallerHeld) -> str:
    return gettext("De beller zette ons in de wacht.")


def _caller_resumed(_: Story, fact: events.CallerResumed) -> str:
    return gettext("De beller was terug na %(after)s.", after=lasted(fact.held_seconds))


def _resumed(story: Story, fact: events.ContactResumed) -> str:
    agent, time = story.names.agent(fact.agent_id), lasted(fact.held_seconds)
    return gettext("Weer in gesprek met %(agent)s, na %(time)s in de wacht.", agent=agent, time=time)


def _left_queue(story: Story, fact: events.ContactLeftQueue) -> str:
    texts = {"queue": story.names.queue(fact.queue_id), "wait": lasted(fact.waited_seconds)}
    match fact.outcome:
        case Outcome.ABANDONED:
            return gettext("De beller hing op na %(wait)s wachten in %(queue)s.", **texts)
        case Outcome.QUICK_DROP:
            return gettext("De beller hing op na %(wait)s wachten in %(queue)s: een quick drop.", **texts)
        case Outcome.CLOSED:
            return gettext("Verliet %(queue)s na %(wait)s wachten, omdat de wachtrij dicht ging.", **texts)
        case Outcome.LOST:
            return gettext("De verbinding viel weg na %(wait)s wachten in %(queue)s.", **texts)
        case _:
            return gettext("Verliet %(queue)s na %(wait)s wachten en ging elders verder.", **texts)


def _consultation_started(story: Story, fact: events.ConsultationStarted) -> str:
    texts = {"agent": story.names.agent(fact.agent_id), "target": readable(fact.target)}
    if fact.blind:
        return gettext("%(agent)s verbindt direct door: de telefoon van %(target)s gaat over.", **texts)
    return gettext("%(agent)s begint ruggespraak: de telefoon van %(target)s gaat over.", **texts)


def _parked(story: Story, fact: events.ContactParked) -> str:
    texts = {"agent": story.names.agent(fact.agent_id), "target": fact.target}
    return gettext("%(agent)s parkeerde de beller bij %(target)s; de beller hoort wachtmuziek.", **texts)


def _consultation_moved(story: Story, fact: events.ConsultationMoved) -> str:
    texts = {"agent": story.names.agent(fact.agent_id), "target": readable(fact.target)}
    match fact.state:
        case ConsultationState.WITH_TARGET:
            return gettext("%(agent)s spreekt met %(target)s; de beller hoort wachtmuziek.", **texts)
        case ConsultationState.WITH_CALLER:
            return gettext("%(agent)s spreekt met de beller; %(target)s hoort wachtmuziek.", **texts)
        case ConsultationState.TOGETHER:
            return gettext("De beller, %(agent)s en %(target)s spreken met elkaar.", **texts)
        case _:
            return gettext("%(agent)s laat het gesprek los; de telefoon van %(target)s gaat nog over.", **texts)


def _consultation_ended(story: Story, fact: events.ConsultationEnded) -> str:
    texts = {"agent": story.names.agent(fact.agent_id), "target": readable(fact.target)}
    match fact.end:
        case Turn.END_WITH_AGENT if fact.cause:
            return gettext("%(target)s is er niet (meer): de beller is weer bij %(agent)s.", **texts)
        case Turn.END_WITH_AGENT:
            return gettext("%(agent)s nam de beller terug.", **texts)
        case Turn.END_WITH_TARGET:
            return gettext("De beller en %(target)s spreken met elkaar.", **texts)
        case Turn.END_IN_QUEUE:
            return gettext("%(target)s nam niet op: de beller komt vooraan in de wachtrij.", **texts)
        case Turn.END_FOR_ALL:
            return gettext("De beller hing op tijdens het doorverbinden naar %(target)s.", **texts)
        case _:
            return gettext("%(target)s nam niet op; een volgende collega wordt gebeld.", **texts)


def _transferred(story: Story, fact: events.ContactTransferred) -> str:
    destination = readable(fact.destination) or fact.destination
    if fact.connected and fact.agent_id is not None:
        agent = story.names.agent(fact.agent_id)
        return gettext("%(agent)s verbond door met %(destination)s.", agent=agent, destination=destination)
    if fact.connected:
        return gettext("Doorverbonden met %(destination)s.", destination=destination)
    return gettext("%(destination)s nam niet op.", destination=destination)


def _noted(story: Story, fact: events.ContactNoted) -> str:
    agent, topics = story.names.agent(fact.agent_id), ", ".join(fact.topics) or gettext("geen")
    if fact.note:
        told = gettext("%(agent)s noteerde: onderwerpen %(topics)s;", agent=agent, topics=topics)
        return f"{told} “{fact.note}”"
    return gettext("%(agent)s noteerde: onderwerpen %(topics)s.", agent=agent, topics=topics)


def _talk_ended(story: Story, fact: events.TalkEnded) -> str:
    agent, time = story.names.agent(fact.agent_id), lasted(fact.talked_seconds)
    return gettext("Het gesprek met %(agent)s eindigde na %(time)s.", agent=agent, time=time)


def _call_back_asked(story: Story, fact: events.CallBackAsked) -> str:
    queue, number = story.names.queue(fact.queue_id), readable(fact.number)
    return gettext("Vroeg om teruggebeld te worden op %(number)s, met behoud van de plaats in %(queue)s.",
                   number=number, queue=queue)  # fmt: skip


def _call_back_lined_up(story: Story, fact: events.CallBackLinedUp) -> str:
    return gettext("Staat in de rij van %(queue)s om teruggebeld te worden.", queue=story.names.queue(fact.queue_id))


def _call_back_tried(_: Story, fact: events.CallBackTried) -> str:
    if fact.next_at is None:
        return gettext("Terugbelpoging %(attempt)s zonder gehoor; het was de laatste.", attempt=fact.attempt)
    again = clock_time(fact.next_at)
    return gettext("Terugbelpoging %(attempt)s zonder gehoor; opnieuw om %(again)s.", attempt=fact.attempt, again=again)


def _call_back_ended(_: Story, fact: events.CallBackEnded) -> str:
    return gettext("Teruggebeld en bereikt.") if fact.reached else gettext("Het terugbelverzoek is vervallen.")


def _call_back_cancelled(story: Story, fact: events.CallBackCancelled) -> str:
    return gettext("%(by)s liet het terugbelverzoek vervallen.", by=story.names.user(fact.by))


def _message_begun(story: Story, fact: events.VoiceMessageBegun) -> str:
    return gettext("Sprak een bericht in voor %(queue)s.", queue=story.names.queue(fact.queue_id))


def _message_dropped(_: Story, fact: events.VoiceMessageDropped) -> str:
    return gettext("Sprak te kort om een bericht te zijn (%(time)s).", time=lasted(fact.spoken_seconds))


def _message_left(_: Story, fact: events.VoiceMessageLeft) -> str:
    return gettext("Ingesproken bericht van %(time)s.", time=lasted(fact.spoken_seconds))


def _message_played(story: Story, fact: events.VoiceMessagePlayed) -> str:
    return gettext("%(agent)s beluisterde het bericht.", agent=story.names.agent(fact.agent_id))


def _sender_called(story: Story, fact: events.SenderCalled) -> str:
    agent, number = story.names.agent(fact.agent_id), readable(fact.number)
    return gettext("%(agent)s belde de afzender op %(number)s.", agent=agent, number=number)


def _sender_reached(_: Story, fact: events.SenderReached) -> str:
    return gettext("De afzender nam op.") if fact.reached else gettext("De afzender nam niet op.")


def _healed(story: Story, fact: events.LeaseHealed) -> str | None:
    if fact.contact_id is None:
        return None
    words = str(HEALED.get(fact.cause) or gettext("De toestand is hersteld: %(cause)s.", cause=fact.cause))
    if fact.cause == UNSEEN_END and story.talked and not story.measured:
        return " ".join([words, gettext("Hoe het gesprek klonk, is daardoor niet gemeten.")])
    return words


def _emergency_heard(_: Story, fact: events.EmergencyHeard) -> str:
    return gettext("Hoorde de noodtekst %(message)s.", message=fact.message)


def _service_used(story: Story, fact: events.ServiceUsed) -> str:
    by = story.names.user(fact.by) if fact.by else gettext("Iemand")
    done = str(SERVICE_ACTIONS.get(fact.action, fact.action))
    return gettext("Dienstnummer: %(by)s %(done)s.", by=by, done=done)


def _direct_call_started(story: Story, fact: events.DirectCallStarted) -> str:
    agent, number = story.names.agent(fact.agent_id), readable(fact.number) or gettext("een anoniem nummer")
    story.is_direct = True
    if fact.direction is Direction.OUTBOUND:
        return gettext("%(agent)s belt %(number)s.", agent=agent, number=number)
    return gettext("Direct gesprek van %(number)s: %(agent)s wordt gebeld.", agent=agent, number=number)


def _direct_call_answered(story: Story, fact: events.DirectCallAnswered) -> str:
    story.talked = True
    return gettext("In direct gesprek met %(agent)s.", agent=story.names.agent(fact.agent_id))


def _direct_call_ended(story: Story, fact: events.DirectCallEnded) -> str:
    agent, time = story.names.agent(fact.agent_id), lasted(fact.talked_seconds)
    if fact.missed:
        return gettext("%(agent)s nam het directe gesprek niet op.", agent=agent)
    return gettext("Het directe gesprek met %(agent)s eindigde na %(time)s.", agent=agent, time=time)


LISTENING: Mapping[ListeningMode, LazyString] = {
    ListeningMode.LISTEN: lazy_gettext("luistert mee"),
    ListeningMode.WHISPER: lazy_gettext("fluistert de medewerker in"),
    ListeningMode.BARGE: lazy_gettext("spreekt mee met beiden"),
}


def _listening(story: Story, fact: events.ListeningStarted | events.ListeningChanged) -> str:
    by, agent = story.names.user(fact.by), story.names.agent(fact.agent_id)
    return gettext("%(by)s %(how)s bij %(agent)s.", by=by, how=str(LISTENING[fact.mode]), agent=agent)


def _listening_ended(story: Story, fact: events.ListeningEnded) -> str:
    return gettext("%(by)s luistert niet meer mee.", by=story.names.user(fact.by))


def _recording_started(story: Story, fact: events.RecordingStarted) -> str:
    if fact.by:
        return gettext("%(by)s begon met opnemen.", by=story.names.user(fact.by))
    return gettext("Het gesprek wordt opgenomen.")


def _recording_paused(story: Story, fact: events.RecordingPaused) -> str:
    match fact.reason:
        case PauseReason.HOLD:
            return gettext("De opname pauzeert zolang de beller in de wacht staat.")
        case PauseReason.WAITING:
            return gettext("De opname pauzeert zolang de beller wacht.")
        case PauseReason.MARKER:
            return gettext("De opname pauzeert, want er wordt iets vertrouwelijks gevraagd.") + _at_most(fact)
        case _:
            return gettext("%(by)s pauzeerde de opname.", by=story.names.user(fact.by)) + _at_most(fact)


def _at_most(fact: events.RecordingPaused) -> str:
    """When it ends by itself; nothing where it does not."""
    if fact.until is None:
        return ""
    return " " + gettext("Zonder hervatten gaat zij om %(until)s verder.", until=clock_time(fact.until))


def _pause_extended(story: Story, fact: events.RecordingPauseExtended) -> str:
    by, until = story.names.user(fact.by), clock_time(fact.until)
    return gettext("%(by)s verlengde de pauze van de opname tot %(until)s.", by=by, until=until)


def _recording_resumed(story: Story, fact: events.RecordingResumed) -> str:
    if fact.by == "deadline":
        return gettext("De opname ging vanzelf verder: niemand hervatte haar op tijd.")
    if fact.by:
        return gettext("%(by)s hervatte de opname.", by=story.names.user(fact.by))
    return gettext("De opname gaat verder.")


def _recording_stopped(_: Story, fact: events.RecordingStopped) -> str:
    match fact.cause:
        case "ended":
            return gettext("De opname eindigde met het contact.")
        case "failed" | "lost":
            return gettext("De opname brak af door een storing; het gesprek ging door.")
        case _:
            return gettext("De opname eindigde: hierna wordt dit contact niet opgenomen.")


def _quality(story: Story, fact: events.QualityMeasured) -> str:
    story.measured = True
    mos = format_decimal(fact.mos, "0.0")
    if fact.party == CALLER:
        told = [gettext("Het geluid van de beller kwam door met een MOS van %(mos)s.", mos=mos)]
    elif fact.party == CALLED:
        told = [gettext("Het geluid van de gebelde kwam door met een MOS van %(mos)s.", mos=mos)]
    else:
        agent = story.names.agent(fact.party)
        told = [gettext("Het geluid van %(agent)s kwam door met een MOS van %(mos)s.", agent=agent, mos=mos)]
    if fact.heard_mos is not None:
        told.append(gettext("Wat wij stuurden kwam daar aan met %(mos)s.", mos=format_decimal(fact.heard_mos, "0.0")))
    return " ".join([*told, _measured_by(fact)])


def _measured_by(fact: events.QualityMeasured) -> str:
    if fact.measured_by is MeasuredBy.SWITCH:
        return gettext("Gemeten door de telefooncentrale.")
    return gettext(
        "Gemeten bij de SBC: verlies %(loss)s, jitter %(jitter)s ms, heen en terug %(round_trip)s ms.",
        loss=format_percent(fact.loss or 0.0, "0.0 %"),
        jitter=format_decimal(fact.jitter or 0.0, "0"),
        round_trip=format_decimal(fact.round_trip or 0.0, "0"),
    )


def _recording_missed(_: Story, fact: events.RecordingMissed) -> str:
    return gettext("Het gesprek kon niet worden opgenomen; het ging door.")


def _silent_end(story: Story, how: str) -> str:
    """In a direct call the agent's telephone may be the one that died."""
    if story.is_direct:
        return gettext(
            "Er kwam geen geluid meer van een van beide kanten; de verbinding is verbroken. Afloop: %(outcome)s.",
            outcome=how,
        )
    return gettext(
        "Er kwam geen geluid meer van de beller; de verbinding is verbroken. Afloop: %(outcome)s.", outcome=how
    )


def _ended(story: Story, fact: events.ContactEnded) -> str:
    if fact.cause is HangUpCause.SWITCH_LOST:
        return gettext("Het contact ging verloren: de telefooncentrale viel uit.")
    how = outcome(fact.outcome)
    if fact.cause is HangUpCause.MEDIA_TIMEOUT:
        return _silent_end(story, how)
    if fact.by is HungUpBy.PARTY:
        return gettext("De beller hing op. Afloop: %(outcome)s.", outcome=how)
    return gettext("De verbinding is beëindigd. Afloop: %(outcome)s.", outcome=how)


def _wrap_up_started(story: Story, fact: events.WrapUpStarted) -> str:
    agent, until = story.names.agent(fact.agent_id), clock_time(fact.until)
    return gettext("Nawerktijd van %(agent)s, tot %(until)s.", agent=agent, until=until)


def _wrap_up_extended(story: Story, fact: events.WrapUpExtended) -> str:
    agent, until = story.names.agent(fact.agent_id), clock_time(fact.until)
    return gettext("%(agent)s verlengde de nawerktijd tot %(until)s.", agent=agent, until=until)


def _wrap_up_ended(story: Story, fact: events.WrapUpEnded) -> str:
    agent, time = story.names.agent(fact.agent_id), lasted(fact.lasted_seconds)
    if fact.by == "deadline":
        return gettext("De nawerktijd van %(agent)s was na %(time)s voorbij.", agent=agent, time=time)
    return gettext("%(by)s beëindigde de nawerktijd na %(time)s.", by=story.names.user(fact.by), time=time)


def _taken_up(story: Story, fact: events.ContactTakenUp) -> str:
    if fact.agent_id is not None:
        agent = story.names.agent(fact.agent_id)
        return gettext("Het systeem herstartte; het contact met %(agent)s ging door.", agent=agent)
    return gettext("Het systeem herstartte; de beller hield de plaats in de rij.")


WITHDRAWN: Mapping[str, LazyString] = {
    Outcome.ABANDONED: lazy_gettext("de beller hing op"),
    Outcome.QUICK_DROP: lazy_gettext("de beller hing op"),
    Outcome.LEFT_IN_FLOW: lazy_gettext("de beller hing op"),
    Outcome.CLOSED: lazy_gettext("de wachtrij ging dicht"),
    "call-back": lazy_gettext("de beller wordt teruggebeld"),
    Outcome.OVERFLOWED: lazy_gettext("de beller ging elders verder"),
    Outcome.TRANSFERRED: lazy_gettext("de beller ging elders verder"),
    Outcome.LOST: lazy_gettext("de verbinding viel weg"),
    "page-gone": lazy_gettext("de werkplek werd gesloten"),
    "assigned": lazy_gettext("een supervisor koos een ander"),
    "answered-by-another": lazy_gettext("een ander nam eerder op"),
    Outcome.CANCELLED: lazy_gettext("het terugbelverzoek verviel"),
    "core-restarted": lazy_gettext("het systeem herstartte"),
}

UNSEEN_END = "ended while no core was running"
HEALED: Mapping[str, LazyString] = {
    UNSEEN_END: lazy_gettext("Het systeem herstartte; het contact was intussen geëindigd."),
    "its device is gone from the switch": lazy_gettext("Het systeem herstartte; het toestel rinkelde niet meer."),
    "its leg is gone from the switch": lazy_gettext("Hersteld: de verbinding bleek weg te zijn."),
    "its party's leg is gone from the switch": lazy_gettext("Hersteld: de andere partij bleek weg te zijn."),
    "its agent's leg is gone from the switch": lazy_gettext(
        "Hersteld: de verbinding met de medewerker bleek weg; de beller staat weer op de oude plaats."
    ),
    "an order to its leg did not reach the switch": lazy_gettext(
        "Hersteld: een opdracht had de telefooncentrale niet bereikt en is opnieuw gegeven."
    ),
    "the answer of a leg was not heard": lazy_gettext("Hersteld: het opnemen was niet doorgekomen."),
    "the switch did not end the ringing in time": lazy_gettext(
        "Hersteld: de telefooncentrale meldde het einde van het rinkelen niet op tijd."
    ),
    "the switch's fallback has its leg": lazy_gettext(
        "De telefooncentrale had de beller al doorgestuurd naar de noodvoorziening."
    ),
}
"""What was healed, by the cause that the core gives."""

SENTENCES: Mapping[type[Fact], tuple[str, Callable[[Story, Any], str | None]]] = {
    events.ContactOpened: ("in-flow", _opened),
    events.MenuChosen: ("in-flow", _menu_chosen),
    events.ChatWritten: ("talking", _chat_written),
    events.ChatUndelivered: ("held", _chat_undelivered),
    events.ChatPresence: ("held", _chat_presence),
    events.ChatEnded: ("in-flow", _chat_ended),
    events.ContactQueued: ("waiting", _queued),
    events.ContactMoved: ("transferred", _moved),
    events.ContactAssigned: ("transferred", _assigned),
    events.ContactOffered: ("offered", _offered),
    events.OfferEnded: ("offered", _offer_ended),
    events.ContactAnswered: ("talking", _answered),
    events.ContactHeld: ("held", _held),
    events.ContactResumed: ("talking", _resumed),
    events.DeviceReplaced: ("talking", _device_replaced),
    events.CallerHeld: ("held", _caller_held),
    events.CallerResumed: ("talking", _caller_resumed),
    events.ConversationInterrupted: ("held", _interrupted),
    events.ConversationResumed: ("talking", _taken_up_again),
    events.ContactLeftQueue: ("waiting", _left_queue),
    events.ContactTransferred: ("transferred", _transferred),
    events.ContactParked: ("held", _parked),
    events.ConsultationStarted: ("offered", _consultation_started),
    events.ConsultationMoved: ("talking", _consultation_moved),
    events.ConsultationEnded: ("transferred", _consultation_ended),
    events.ContactNoted: ("in-flow", _noted),
    events.TalkEnded: ("talking", _talk_ended),
    events.CallBackAsked: ("waiting", _call_back_asked),
    events.CallBackLinedUp: ("waiting", _call_back_lined_up),
    events.CallBackTried: ("waiting", _call_back_tried),
    events.CallBackEnded: ("waiting", _call_back_ended),
    events.CallBackCancelled: ("waiting", _call_back_cancelled),
    events.DirectCallStarted: ("offered", _direct_call_started),
    events.DirectCallAnswered: ("talking", _direct_call_answered),
    events.DirectCallEnded: ("talking", _direct_call_ended),
    events.EmergencyHeard: ("alarm", _emergency_heard),
    events.ServiceUsed: ("in-flow", _service_used),
    events.ContactEnded: ("logged-off", _ended),
    events.WrapUpStarted: ("wrap-up", _wrap_up_started),
    events.WrapUpExtended: ("wrap-up", _wrap_up_extended),
    events.WrapUpEnded: ("wrap-up", _wrap_up_ended),
    events.ContactTakenUp: ("alarm", _taken_up),
    events.LeaseHealed: ("alarm", _healed),
    events.VoiceMessageBegun: ("in-flow", _message_begun),
    events.VoiceMessageDropped: ("in-flow", _message_dropped),
    events.VoiceMessageLeft: ("waiting", _message_left),
    events.VoiceMessagePlayed: ("talking", _message_played),
    events.SenderCalled: ("offered", _sender_called),
    events.SenderReached: ("talking", _sender_reached),
    events.ListeningStarted: ("listening", _listening),
    events.ListeningChanged: ("listening", _listening),
    events.ListeningEnded: ("listening", _listening_ended),
    events.RecordingStarted: ("recording", _recording_started),
    events.RecordingPaused: ("recording", _recording_paused),
    events.RecordingPauseExtended: ("recording", _pause_extended),
    events.RecordingResumed: ("recording", _recording_resumed),
    events.RecordingStopped: ("recording", _recording_stopped),
    events.RecordingMissed: ("alarm", _recording_missed),
    events.QualityMeasured: ("talking", _quality),
}
"""The shape beside the sentence, and what makes it."""
