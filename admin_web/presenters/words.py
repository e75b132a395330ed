"""The words that screens say for what the core names, and how times are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Flask
from flask_babel import format_datetime, lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters import findings
from admin_web.presenters.audit import action_words, result_words
from admin_web.presenters.channels import channel_words, script_texts_of_channels
from admin_web.presenters.numbers import is_phone_number, party, readable
from admin_web.presenters.texts import gettext
from admin_web.settings import WebSettings
from admin_web.web_ports import WebPorts
from cxcore.domain.contact import Outcome
from cxcore.domain.schedule import AMSTERDAM

OUTCOMES: Mapping[Outcome, LazyString] = {
    Outcome.ANSWERED: lazy_gettext("beantwoord"),
    Outcome.ABANDONED: lazy_gettext("opgehangen"),
    Outcome.QUICK_DROP: lazy_gettext("quick drop"),
    Outcome.LEFT_IN_FLOW: lazy_gettext("opgehangen in keuzemenu"),
    Outcome.CLOSED: lazy_gettext("afgesloten"),
    Outcome.TRANSFERRED: lazy_gettext("doorverbonden"),
    Outcome.OVERFLOWED: lazy_gettext("te lang gewacht"),
    Outcome.UNANSWERED: lazy_gettext("niet opgenomen"),
    Outcome.LOST: lazy_gettext("verloren door storing"),
    Outcome.NOT_REACHED: lazy_gettext("teruggebeld, niet bereikt"),
    Outcome.CANCELLED: lazy_gettext("terugbelverzoek vervallen"),
    Outcome.LEFT_MESSAGE: lazy_gettext("bericht ingesproken"),
    Outcome.HEARD: lazy_gettext("bericht beluisterd"),
}


def init_app(app: Flask) -> None:
    """Give templates the filters, and scripts their texts."""
    app.jinja_env.filters.update(findings.FILTERS)
    app.jinja_env.filters.update(
        outcome=outcome,
        channel=channel_words,
        duration=duration,
        clock_time=clock_time,
        day=day,
        moment=moment,
        minute=minute,
        recent=recent,
        number=readable,
        party=party,
        action_words=action_words,
        result_words=result_words,
    )
    app.jinja_env.tests["phone_number"] = is_phone_number
    site: WebPorts = app.extensions["cx-ports"]
    app.jinja_env.filters["person"] = lambda username: person(site, username)
    limits: WebSettings = app.extensions["cx-settings"]
    app.context_processor(
        lambda: {
            "script_texts": script_texts,
            "site_name": site.directory.site_name(),
            "idle_seconds": int(limits.idle_limit.total_seconds()),
        }
    )


def person(site: WebPorts, username: str) -> str:
    """The name of a user; who has no account any more stands for itself. Raises `LogUnavailable`."""
    found = site.accounts.find(username)
    return username if found is None else found.name


def outcome(value: Outcome | None) -> str:
    """How a contact ended; a dash while it goes on."""
    return str(OUTCOMES[value]) if value is not None else gettext("loopt")


def duration(seconds: float | None) -> str:
    """`3:07:05`, `03:07`; a dash when there is none."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def lasted(seconds: float | None) -> str:
    """How long, for a sentence: `12 s`, `4 min 10 s`, `1 u 3 min`; a dash when there is none."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return gettext("%(hours)s u %(minutes)s min", hours=hours, minutes=minutes)
    if minutes:
        return gettext("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
    return gettext("%(seconds)s s", seconds=rest)


def clock_time(at: datetime | None) -> str:
    """The time of day in the Netherlands."""
    return format_datetime(at, "HH:mm:ss") if at is not None else "–"


def day(at: datetime) -> str:
    """The day in the Netherlands, in words."""
    return str(format_datetime(at, "EEEE d MMMM y"))


def moment(at: datetime) -> str:
    """Day and time in the Netherlands, short."""
    return str(format_datetime(at, "d MMM y HH:mm:ss"))


def minute(at: datetime) -> str:
    """Day of the week, date and minute in the Netherlands, short."""
    return str(format_datetime(at, "EEE d MMM y HH:mm"))


def recent(at: datetime, now: datetime) -> str:
    """The time of day, with the day before it when that is not the present one."""
    same_day = at.astimezone(AMSTERDAM).date() == now.astimezone(AMSTERDAM).date()
    return str(format_datetime(at, "HH:mm" if same_day else "d MMM HH:mm"))


def script_texts() -> dict[str, str]:
    """What scripts say, in the language of the page. `{name}` is filled in by the script."""
    return {
        "available": gettext("beschikbaar"),
        "on-break": gettext("pauze"),
        "logged-off": gettext("afgemeld"),
        "offered": gettext("aangeboden"),
        "talking": gettext("in gesprek"),
        "held": gettext("in de wacht"),
        "wrap-up": gettext("nawerktijd"),
        "anonymous": gettext("anoniem nummer"),
        "customer": gettext("Klant"),
        "live": gettext("live"),
        "connecting": gettext("verbinden…"),
        "lost": gettext("verbinding verbroken, wordt hersteld…"),
        "core-lost": gettext("centrale antwoordt niet, gegevens van {time}"),
        "age": gettext("bijgewerkt om {time}"),
        "announce-lost": gettext("De verbinding is verbroken. Gesprekken gaan door. De pagina herstelt zich."),
        "announce-back": gettext("De verbinding is hersteld."),
        **incoming_texts(),
        "missed": gettext(
            "U hebt een aangeboden contact gemist; het is naar een collega gegaan. U blijft beschikbaar."
        ),
        "unreachable": gettext("Uw telefoon was niet bereikbaar. Controleer of het toestel aanstaat en is aangemeld."),
        "missed-direct": gettext("U hebt een directe oproep gemist."),
        "missed-direct-short": gettext("directe oproep gemist"),
        "direct": gettext("direct gesprek"),
        "direct-ringing": gettext("direct gesprek: gaat over"),
        "not-reached": gettext("{number} is niet bereikt: in gesprek, niet opgenomen of niet bereikbaar."),
        "direct-with": gettext("direct gesprek met {name}"),
        "direct-rings-at": gettext("direct gesprek, rinkelt bij {name}"),
        "handled-since": gettext("{count} sinds aanmelden"),
        "direct-since": gettext("{count} direct"),
        "steered-log-on": gettext("{name} heeft u aangemeld."),
        "steered-available": gettext("{name} heeft u beschikbaar gemeld."),
        "steered-on-break": gettext("{name} heeft u pauze gegeven: {reason}."),
        "steered-logged-off": gettext("{name} heeft u afgemeld."),
        "steered-given": gettext("{name} heeft u wachtrij {queue} gegeven, op niveau {level}."),
        "steered-taken": gettext("{name} heeft u uit wachtrij {queue} gehaald."),
        "steered-level": gettext("{name} heeft uw niveau in {queue} gewijzigd: {level}."),
        "missed-short": gettext("aanbod gemist"),
        "unreachable-short": gettext("telefoon niet bereikbaar"),
        "after-contact": gettext("Na dit contact: {status}."),
        "afterwards": gettext("daarna {status}"),
        "no-queues": gettext("U bedient geen wachtrij; er worden u geen contacten aangeboden."),
        "in-queues": gettext("in {count} van {total} wachtrijen"),
        "stopped-serving": gettext("U bedient {queue} niet meer."),
        "started-serving": gettext("U bedient {queue}."),
        "undo": gettext("Ongedaan maken"),
        "close": gettext("Sluiten"),
        "again-to-hang-up": gettext(
            "De beller staat in de wacht. Kies nog eens Ophangen om het gesprek te beëindigen."
        ),
        "fault-kept": gettext("Melding {number} is verstuurd. Dank u wel."),
        "no-answer": gettext(
            "De server antwoordt niet. Uw keuze is misschien niet uitgevoerd; kijk wat de pagina toont."
        ),
        "why-only-one": gettext("U bent als enige vrij."),
        "why-not-passed-over": gettext("Een collega miste of weigerde dit contact."),
        "why-last-spoke": gettext("U sprak deze beller het laatst."),
        "why-level": gettext("U bent als enige vrij op uw niveau."),
        "why-all-ring": gettext("Dit contact rinkelt ook bij collega’s; wie het eerst opneemt, krijgt het."),
        "why-assigned": gettext("Een supervisor heeft dit contact aan u toegewezen."),
        "why-longest-idle": gettext("U was het langst vrij."),
        "why-linear": gettext("U staat als eerste vrije medewerker op de lijst van deze wachtrij."),
        "why-cyclic": gettext("U bent aan de beurt."),
        "why-workload": gettext("U hebt sinds het aanmelden het minste werk gehad."),
        **steering_texts(),
        **transfer_texts(),
        **message_texts(),
        **softphone_texts(),
        **passing_texts(),
        "contact-over": gettext("afgelopen"),
        "in-flow": gettext("keuzemenu"),
        "waiting": gettext("wacht"),
        "waiting-at": gettext("wacht, nr. {position}"),
        "offered-to": gettext("aangeboden aan {name}"),
        "talking-to": gettext("in gesprek met {name}"),
        "held-by": gettext("in de wacht bij {name}"),
        "transferred": gettext("doorverbonden"),
        "call-back": gettext("wordt later teruggebeld"),
        "call-back-at": gettext("terugbelverzoek, nr. {position}"),
        "calling-back": gettext("wordt teruggebeld"),
        "call-back-offered": gettext("terugbelverzoek: zodra u opneemt wordt de beller gebeld"),
        "hearing": gettext("bericht afluisteren"),
        "heard-by": gettext("bericht, beluisterd door {name}"),
        "message-at": gettext("ingesproken bericht, nr. {position}"),
        "message-offered": gettext("ingesproken bericht: zodra u opneemt hoort u het"),
        "target": gettext("doel: {percent} % binnen {seconds} s"),
        "below-target": gettext("onder doel"),
        "on-target": gettext("op doel"),
        "total": gettext("Totaal"),
        "agents-there": gettext("{count} van {total} aangemeld"),
        "part-switch": gettext("De telefooncentrale"),
        "part-database": gettext("De database"),
        "part-down": gettext("{part} werkt niet sinds {time}."),
        "waiting-title": gettext("{count} wachtend"),
        "session-ends": gettext("U wordt over {seconds} seconden uitgelogd. Lopende gesprekken gaan gewoon door."),
        "listening-rings": gettext("Uw toestel gaat over; neem op om mee te luisteren."),
        "listening-own-rings": gettext("uw toestel gaat over"),
        "listening-not-answered": gettext("Uw toestel is niet opgenomen; er luistert niemand mee."),
        "listening-other": gettext("er wordt meegeluisterd"),
        "listening-own-listen": gettext("u luistert mee; niemand hoort u"),
        "listening-own-whisper": gettext("u fluistert in; alleen de medewerker hoort u"),
        "listening-own-barge": gettext("u spreekt mee; medewerker en beller horen u"),
        "listening-told-listen": gettext("Er luistert iemand mee."),
        "listening-told-whisper": gettext("Wie meeluistert, spreekt tot u; de beller hoort dat niet."),
        "listening-told-barge": gettext("Wie meeluistert, spreekt mee met u en de beller."),
        "recording-play": gettext("Afspelen"),
        "recording-stop": gettext("Pauzeren"),
        "recording-place": gettext("{now} van {all}"),
        "recording-unreadable": gettext(
            "Deze opname is niet te beluisteren: het bestand of de sleutel ervan ontbreekt of is gewijzigd."
        ),
        "all-queues": gettext("alle"),
        "recording-on": gettext("opname loopt"),
        "recording-paused": gettext("opname gepauzeerd"),
        "recording-silent": gettext("opname stil zolang de beller niet meeluistert"),
        "recording-off": gettext("wordt niet opgenomen"),
        "part-recordings": gettext("De opname van gesprekken"),
        "part-alerts": gettext("Het melden van alarmen"),
        **alarm_texts(),
        **script_texts_of_channels(),
        "part-sbc": gettext("De SBC"),
        "part-trunk": gettext("De telefoonlijn naar buiten"),
        "part-teams": gettext("De koppeling met Teams"),
        "part-relay": gettext("Het doorgeven van geluid (rtpengine)"),
        "part-down-certificate": gettext("Een certificaat loopt bijna af of is verlopen."),
        "part-sound": gettext("Het geluid van gesprekken"),
        "ring-on": gettext("belsignaal aan"),
        "ring-off": gettext("belsignaal uit"),
    }


def incoming_texts() -> dict[str, str]:
    """What is said of what rings."""
    return {
        "incoming-offer": gettext("Contact aangeboden: {queue}, {caller}."),
        "incoming-chat": gettext("Chat aangeboden: {queue}, {caller}."),
        "incoming-direct": gettext("Directe oproep van {caller}."),
        "incoming-consult": gettext("{name} vraagt ruggespraak over {caller}."),
        "incoming-pass": gettext("{name} verbindt {caller} naar u door."),
        "answer-here": gettext("Neem op met Alt+A."),
        "answer-phone": gettext("Neem op met uw telefoon."),
        "title-offer": gettext("Aangeboden: {caller}"),
        "title-chat": gettext("Chat: {caller}"),
        "title-direct": gettext("Directe oproep: {caller}"),
        "title-consult": gettext("Ruggespraak: {name}"),
        "title-pass": gettext("Doorverbonden: {caller}"),
    }


def alarm_texts() -> dict[str, str]:
    """What an alarm says."""
    return {
        "alarm-waiting": gettext("{queue}: {value} wachtenden (alarm vanaf {level})"),
        "alarm-longest_wait": gettext("{queue}: langste wachttijd {value} (alarm vanaf {level})"),
        "alarm-service_level": gettext("{queue}: serviceniveau {value} (alarm onder {level})"),
        "alarm-abandoned": gettext("{queue}: {value} opgehangen (alarm vanaf {level})"),
        "alarm-agents": gettext("{queue}: {value} medewerkers beschikbaar (alarm onder {level})"),
        "alarm-devices": gettext("{queue}: {value} toestellen onbereikbaar (alarm vanaf {level})"),
        "alarm-mos": gettext("{queue}: geluidskwaliteit {value} (alarm onder {level})"),
        "alarm-chats_waiting": gettext("{queue}: {value} wachtende chats (alarm vanaf {level})"),
        "alarm-chat_wait": gettext("{queue}: een chat wacht {value} (alarm vanaf {level})"),
        "alarm-chat_level": gettext("{queue}: serviceniveau van chats {value} (alarm onder {level})"),
        "alarm-now": gettext("nu"),
        "alarm-since": gettext("sinds {time}"),
        "alarm-seen": gettext("· gezien door {name} om {time}"),
        "alarm-acknowledge": gettext("Gezien"),
        "trend-of": gettext("Serviceniveau vandaag: {queue}, doel {percent} % binnen {seconds} s"),
        "trend-open": gettext("Verloop van {queue}: laatste kwartier {level}, doel {percent} %"),
        "trend-none": gettext("nog geen contacten"),
        "alarm-acknowledge-which": gettext("Gezien: {alarm}"),
    }


def transfer_texts() -> dict[str, str]:
    """What scripts say of transfers and consultations."""
    return {
        "consulting": gettext("ruggespraak"),
        "consulted-by": gettext("ruggespraak voor {name}"),
        "passed-by": gettext("doorverbonden door {name}"),
        "consulted-ringing": gettext("{name} vraagt u iets over dit contact. De beller hoort wachtmuziek."),
        "consulted-passing": gettext("{name} verbindt de beller naar u door."),
        "consulted-with-target": gettext("U spreekt met {name}. De beller hoort wachtmuziek."),
        "consulted-with-caller": gettext("{name} spreekt met de beller. U hoort wachtmuziek."),
        "consulted-together": gettext("U, de beller en {name} horen elkaar."),
        "consulting-with": gettext("{name}: ruggespraak met {target}"),
        "passing": gettext("wordt doorverbonden"),
        "passing-to": gettext("wordt doorverbonden naar {name}"),
        "hears-you": gettext("hoort u"),
        "hears-music": gettext("hoort wachtmuziek"),
        "rings": gettext("gaat over"),
        "consult-ringing": gettext("De telefoon van {target} gaat over. De beller hoort wachtmuziek."),
        "consult-with-target": gettext("U spreekt met {target}. De beller hoort wachtmuziek."),
        "consult-with-caller": gettext("U spreekt met de beller. {target} hoort wachtmuziek."),
        "consult-together": gettext("U, de beller en {target} horen elkaar."),
        "target-missed": gettext("{target} nam niet op. U spreekt weer met de beller."),
        "target-left": gettext("{target} heeft opgehangen. U spreekt weer met de beller."),
        "passed-on": gettext(
            "Doorverbonden naar {target}. Neemt niemand op, dan komt de beller vooraan in de wachtrij."
        ),
        "passed-on-queue": gettext("Doorverbonden: de beller wacht nu in {target}."),
        "hits": gettext("{count} gevonden. Kies met de pijltoetsen."),
        "no-hits": gettext("Niets gevonden. Typ een naam, een wachtrij of een telefoonnummer."),
        "kept": gettext("bewaard"),
        "not-kept": gettext("niet bewaard"),
        "remove-topic": gettext("{topic} verwijderen"),
        "no-search": gettext("Zoeken lukt nu niet. Een volledig telefoonnummer of een nieuwe poging kan wel werken."),
    }


def message_texts() -> dict[str, str]:
    """What scripts say about messages and the emergency message."""
    return {
        "emergency-on": gettext("Noodtekst aan {place}: {message}, {until}. Aangezet door {by}."),
        "all-numbers": gettext("op alle nummers"),
        "at-place": gettext("op {place}"),
        "until-time": gettext("tot {time}"),
        "until-switched-off": gettext("tot iemand hem uitzet"),
        "to-emergency": gettext("Wijzigen of uitzetten"),
        "switch-off": gettext("Uitzetten"),
        "switch-off-which": gettext("Noodtekst uitzetten: {place}"),
        "emergency-is-on": gettext("De noodtekst is aan: de eerstvolgende beller hoort hem."),
        "group-on": gettext("aan op {count} van {all} plaatsen"),
        "group-is-on": gettext("De noodtekst is aan op {count} van {all} plaatsen."),
        "emergency-is-off": gettext("De noodtekst is uit."),
        "fill-in-time": gettext("Vul in wanneer de noodtekst eindigt."),
        "messages-found": gettext("{count} meldteksten gevonden"),
        "making": gettext("Bezig met omzetten…"),
        "made-version": gettext("Versie {version} is gemaakt. Beluister haar en neem haar in gebruik."),
        "used-version": gettext("Bellers horen vanaf nu deze versie."),
        "record": gettext("Opname starten"),
        "stop-recording": gettext("Stoppen"),
        "no-microphone": gettext(
            "De microfoon is niet beschikbaar. Geef de browser toestemming en controleer het snoer."
        ),
        "recording-too-short": gettext("De opname is te kort. Neem opnieuw op."),
    }


def steering_texts() -> dict[str, str]:
    """What scripts say when a supervisor steers."""
    return {
        "queue-open": gettext("open"),
        "queue-closed": gettext("dicht"),
        "supervisor": gettext("supervisor"),
        "by-supervisor": gettext("bepaald door een supervisor"),
        "by-timetable": gettext("volgens de openingstijden"),
        "switch-queue": gettext("{queue}: {state}. Openen of sluiten"),
        "one-waits": gettext("Nu wacht 1 beller"),
        "some-wait": gettext("Nu wachten {count} bellers"),
        "confirm-one": gettext(
            "De beller die in {queue} wacht, raakt de plaats in de rij kwijt en hoort wat bellers horen als de "
            "wachtrij dicht is. Dit kan niet ongedaan worden gemaakt."
        ),
        "confirm-some": gettext(
            "De {count} bellers die in {queue} wachten, raken hun plaats in de rij kwijt en horen wat bellers horen "
            "als de wachtrij dicht is. Dit kan niet ongedaan worden gemaakt."
        ),
        "no-member": gettext("niet"),
        "level": gettext("niveau {level}"),
        "assign": gettext("toewijzen"),
        "assign-which": gettext("{caller} toewijzen of verplaatsen"),
        "take-over": gettext("overnemen"),
        "take-over-which": gettext("{caller} overnemen of aan een collega geven"),
        "assign-caller": gettext("{caller} wacht in {queue} en houdt de wachttijd tot nu toe."),
        "take-over-caller": gettext("{caller}, in gesprek met {name}"),
        "assign-note": gettext(
            "Het toestel gaat direct over. Wordt niet opgenomen, dan houdt de beller de plaats in de rij."
        ),
        "take-over-note": gettext(
            "De beller hoort muziek tot er wordt opgenomen. Neemt niemand op, dan wacht de beller vooraan in de rij."
        ),
        "assign-yourself": gettext("uzelf"),
        "assign-members": gettext("Bedient {queue}"),
        "assign-others": gettext("Andere collega’s"),
        "assign-nobody": gettext("niemand is vrij"),
        "did-assign-contact": gettext("De beller gaat over bij {name}."),
        "did-assign-yourself": gettext("De beller gaat over op uw eigen toestel."),
        "assign-gone": gettext("Deze beller is er niet meer: opgehangen of verder geholpen."),
        "queue-choice": gettext("{queue}: wacht {waiting}, vrij {ready}"),
        "did-log-on": gettext("{name} is aangemeld."),
        "did-log-off": gettext("{name} is afgemeld."),
        "did-become-available": gettext("{name} is beschikbaar."),
        "did-go-on-break": gettext("{name} heeft pauze: {reason}."),
        "did-assign": gettext("De wachtrijen van {name} zijn gewijzigd."),
        "did-open": gettext("{queue} is open."),
        "did-close": gettext("{queue} is dicht; wie wacht, wordt nog geholpen."),
        "did-close-move": gettext("{queue} is dicht; de wachtenden zijn doorgestuurd."),
        "did-follow-timetable": gettext("{queue} volgt de openingstijden."),
        "did-cancel-call-back": gettext("Het terugbelverzoek is vervallen."),
        "did-move": gettext("De beller wacht nu in {queue}."),
    }


def passing_texts() -> dict[str, str]:
    """What scripts say of contacts that were parked or passed on without waiting."""
    return {
        "parked-at-you": gettext("Er is een beller bij u geparkeerd: {caller}."),
        "parked-by": gettext("{caller}, van {name}"),
        "parked-with": gettext("{caller}, bij {name}"),
        "parked-there": gettext("De beller wacht met muziek bij {target}."),
        "pick-up": gettext("Opnemen"),
        "take-back-parked": gettext("Terugnemen"),
        "passed-end-with-target": gettext("{target} heeft uw beller opgenomen."),
        "passed-end-in-queue": gettext("{target} nam niet op. De beller is terug: vooraan in de wachtrij, of bij u."),
        "listen-in": gettext("Meeluisteren"),
        "listen-in-to": gettext("Meeluisteren met {name}"),
        "passed-end-for-all": gettext("Uw beller hing op voordat {target} opnam."),
        "passed-caller-left": gettext("De beller heeft opgehangen. De ruggespraak met {target} is voorbij."),
        "passed-consulted-caller-left": gettext(
            "De beller van {target} heeft opgehangen. De ruggespraak is voorbij."
        ),
        "passed-consulted-taken-back": gettext("{target} spreekt weer met de beller. De ruggespraak is voorbij."),
    }


def softphone_texts() -> dict[str, str]:
    """What scripts say of a softphone: what it lacks, what that means, and what to do."""
    return {
        "softphone": gettext("softphone"),
        "microphone": gettext("microfoon"),
        "mute": gettext("Dempen"),
        "unmute": gettext("Dempen opheffen"),
        "device-default": gettext("keuze van de computer"),
        "softphone-no-page": gettext("De werkplek is niet open; er worden geen contacten aangeboden."),
        "softphone-not-registered": gettext(
            "De softphone is niet verbonden met de telefooncentrale en wordt opnieuw verbonden. Tot dan worden u geen "
            "contacten aangeboden."
        ),
        "softphone-microphone-not-asked": gettext(
            "Sta in uw browser het gebruik van de microfoon toe. Tot dan worden u geen contacten aangeboden."
        ),
        "softphone-microphone-denied": gettext(
            "Uw browser houdt de microfoon tegen. Sta de microfoon toe via het slotje naast het adres van de pagina. "
            "Tot dan worden u geen contacten aangeboden."
        ),
        "softphone-no-microphone": gettext(
            "Er is geen microfoon die werkt. Sluit een headset aan. Tot dan worden u geen contacten aangeboden."
        ),
        "softphone-no-sound": gettext(
            "Het geluid van dit gesprek viel weg. De beller hoort wachtmuziek tot het is hersteld."
        ),
        "softphone-checking": gettext("De verbinding voor geluid wordt getest."),
        "softphone-no-media": gettext(
            "Geluid komt op dit netwerk niet door. Tot dan worden u geen contacten aangeboden; er wordt steeds opnieuw "
            "getest. Vraag uw systeembeheerder of het netwerk het toestaat."
        ),
        "softphone-not-set-up": gettext("De softphone is hier niet ingericht. Vraag uw functioneel beheerder om hulp."),
        "softphone-insecure": gettext(
            "Uw browser geeft de microfoon alleen vrij op een beveiligd adres (https). Vraag het uw functioneel "
            "beheerder."
        ),
        "softphone-returning": gettext("softphone viel weg, beller hoort wachtmuziek"),
        "softphone-no-page-short": gettext("werkplek niet open"),
        "softphone-not-registered-short": gettext("softphone niet verbonden"),
        "softphone-microphone-not-asked-short": gettext("microfoon nog niet toegestaan"),
        "softphone-microphone-denied-short": gettext("microfoon niet toegestaan"),
        "softphone-no-microphone-short": gettext("geen microfoon"),
        "softphone-no-sound-short": gettext("geluid viel weg"),
        "softphone-checking-short": gettext("geluid wordt getest"),
        "softphone-no-media-short": gettext("geluid komt niet door"),
        "softphone-not-set-up-short": gettext("softphone niet ingericht"),
        "softphone-insecure-short": gettext("adres niet beveiligd"),
        "softphone-other-tab": gettext("De softphone is in gebruik in een ander tabblad."),
        "softphone-elsewhere": gettext("De softphone is in gebruik op een andere computer."),
        "answer": gettext("Opnemen"),
        "answer-over-here": gettext("Hier opnemen"),
        "rings-other-tab": gettext("Gaat over in een ander tabblad."),
        "rings-elsewhere": gettext("Gaat over op een andere computer."),
    }
