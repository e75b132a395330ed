"""Why the core refused, in the words of whoever asked: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from cxcore.ports.controller import CommandRefused

NOT_NOW: Mapping[str, LazyString] = {
    "log-on": lazy_gettext("Aanmelden voor deze wachtrijen kan niet. Controleer welke wachtrijen u hebt gekozen."),
    "go-on-break": lazy_gettext("Pauze kan alleen als u aangemeld bent, met een van de getoonde redenen."),
    "become-available": lazy_gettext("U bent niet aangemeld. Meld u eerst aan."),
    "serve-queues": lazy_gettext("U bent geen lid van een van deze wachtrijen. Laad de pagina opnieuw."),
    "decline-offer": lazy_gettext("Er wordt u geen contact meer aangeboden."),
    "hold-contact": lazy_gettext("Er is geen gesprek om in de wacht te zetten, of het staat al in de wacht."),
    "resume-contact": lazy_gettext("Er staat geen gesprek meer in de wacht. Misschien heeft de beller opgehangen."),
    "hang-up-contact": lazy_gettext("Er is geen gesprek meer om op te hangen."),
    "call-number": lazy_gettext("Bellen kan nu niet: u hebt al een gesprek, of er wordt u een contact aangeboden."),
    "end-direct-call": lazy_gettext("Er is geen direct gesprek meer om op te hangen."),
    "replay-message": lazy_gettext("Er is geen bericht meer om te beluisteren."),
    "call-sender": lazy_gettext("Er is geen bericht meer van wie u de afzender kunt bellen."),
    "consult": lazy_gettext("Er is geen gesprek meer om door te verbinden."),
    "transfer-contact": lazy_gettext("Er is geen gesprek meer om door te verbinden."),
    "park-contact": lazy_gettext("Er is geen gesprek meer om te parkeren."),
    "pick-up-contact": lazy_gettext("Dit contact is niet meer geparkeerd: opgenomen, teruggegaan of opgehangen."),
    "take-back": lazy_gettext("De ruggespraak is al voorbij."),
    "swap-parties": lazy_gettext("De ruggespraak is al voorbij."),
    "join-parties": lazy_gettext("De ruggespraak is al voorbij."),
    "complete-transfer": lazy_gettext("De ruggespraak is al voorbij."),
    "send-digits": lazy_gettext("Er is geen gesprek om toetsen in te sturen."),
    "accept-chat": lazy_gettext("Deze chat is er niet meer: een collega heeft hem, of de klant is weg."),
    "answer-chat": lazy_gettext("Uw antwoord is niet verstuurd: de chat is beëindigd."),
    "note-contact": lazy_gettext("De onderwerpen en de notitie zijn niet bewaard."),
    "start-recording": lazy_gettext(
        "Dit gesprek wordt al opgenomen, of gesprekken van deze wachtrij worden niet opgenomen."
    ),
    "pause-recording": lazy_gettext("Dit gesprek wordt niet (meer) opgenomen."),
    "resume-recording": lazy_gettext("Dit gesprek wordt niet (meer) opgenomen."),
    "extend-recording-pause": lazy_gettext("De opname is niet meer gepauzeerd."),
    "end-wrap-up": lazy_gettext("Uw nawerktijd is al voorbij."),
    "extend-wrap-up": lazy_gettext("Uw nawerktijd is al voorbij en kan niet meer worden verlengd."),
}
BY_CODE: Mapping[str, LazyString] = {
    "colleague-engaged": lazy_gettext("Uw collega is al in gesprek. De beller is nog bij u."),
    "nobody-free": lazy_gettext(
        "In deze wachtrij is nu niemand vrij voor ruggespraak. Met Direct doorverbinden wacht de beller daar."
    ),
    "queue-closed": lazy_gettext("Deze wachtrij is dicht. De beller is nog bij u."),
    "queue-full": lazy_gettext("Deze wachtrij is vol. De beller is nog bij u."),
    "colleague-not-free": lazy_gettext("Uw collega is niet vrij. De chat is nog bij u."),
    "chat-goes-not-there": lazy_gettext("Een chat kan alleen naar een collega of een wachtrij. De chat is nog bij u."),
    "chat-full": lazy_gettext("Deze chat is te lang geworden. Beëindig hem en laat de klant een nieuwe beginnen."),
    "not-available": lazy_gettext("Meld u eerst beschikbaar."),
    "own-number": lazy_gettext("U kunt niet naar uzelf doorverbinden."),
    "in-consultation": lazy_gettext("U hebt ruggespraak. Rond die eerst af: terugnemen of overdragen."),
    "not-in-this-step": lazy_gettext("Dit kan pas als er is opgenomen."),
    "switch-away": lazy_gettext("De telefooncentrale is niet bereikbaar; doorverbinden kan nu niet."),
    "not-your-contact": lazy_gettext("Dit is niet meer uw contact; de onderwerpen en de notitie zijn niet bewaard."),
    "no-such-topic": lazy_gettext("Dit onderwerp bestaat niet. Kies een onderwerp uit de lijst."),
    "no-such-key": lazy_gettext("Alleen de toetsen 0 tot en met 9, * en # kunnen worden verstuurd."),
    "softphone-not-ready": lazy_gettext("Uw softphone kan nu niet bellen. Kijk onderaan de pagina wat eraan schort."),
    "engaged": lazy_gettext("U hebt al een gesprek, of er wordt u een contact aangeboden."),
    "no-softphone": lazy_gettext("Uw telefoon is geen softphone. Laad de pagina opnieuw."),
    "no-such-number": lazy_gettext("Dit is geen telefoonnummer. Gebruik cijfers, met 0 of + ervoor."),
    "no-such-caller-number": lazy_gettext("Dit nummer mag u niet tonen. Kies bij Getoond nummer een ander."),
    "cannot-be-called": lazy_gettext(
        "De afzender belde met een verborgen nummer, of met een nummer dat niet wordt teruggebeld."
    ),
    "no-room": lazy_gettext(
        "Opnemen kan niet: de schijf is vol. Het gesprek gaat door. Waarschuw uw functioneel beheerder."
    ),
    "traffic-internal": lazy_gettext("U mag geen interne nummers bellen. Vraag uw functioneel beheerder erom."),
    "traffic-national": lazy_gettext("U mag geen vaste nummers buiten bellen. Vraag uw functioneel beheerder erom."),
    "traffic-mobile": lazy_gettext("U mag geen mobiele nummers bellen. Vraag uw functioneel beheerder erom."),
    "traffic-free": lazy_gettext("U mag geen gratis nummers (0800, 116) bellen. Vraag uw functioneel beheerder erom."),
    "traffic-premium": lazy_gettext(
        "U mag geen betaalde nummers (0900, 0906, 0909, 18xx) bellen. Vraag uw functioneel beheerder erom."
    ),
    "traffic-international": lazy_gettext(
        "U mag geen nummers in het buitenland bellen. Vraag uw functioneel beheerder erom."
    ),
    "traffic-number": lazy_gettext("U mag dit nummer niet bellen. Vraag uw functioneel beheerder erom."),
    "not-found": lazy_gettext("Uw werkplek of wachtrij is niet bekend. Vraag uw functioneel beheerder om hulp."),
}
STEERING: Mapping[str, LazyString] = {
    "no-such-level": lazy_gettext("Dit niveau bestaat niet. Kies een niveau van 1 tot en met 99."),
    "not-a-member": lazy_gettext("De medewerker hoort niet (meer) bij deze wachtrij. Kijk wat de pagina nu toont."),
    "not-logged-on": lazy_gettext("De medewerker is niet aangemeld. Meld de medewerker eerst aan."),
    "no-such-reason": lazy_gettext("Deze reden voor een pauze bestaat niet. Laad de pagina opnieuw."),
    "not-waiting": lazy_gettext("Deze beller wacht niet meer: opgenomen of opgehangen."),
    "already-over": lazy_gettext("Dit tijdstip is al voorbij. Kies een later tijdstip."),
    "no-conversation": lazy_gettext("Deze medewerker is nu niet in gesprek."),
    "no-device": lazy_gettext("U hebt geen eigen toestel om mee te luisteren. Vraag uw functioneel beheerder erom."),
    "softphone-not-open": lazy_gettext(
        "Uw softphone staat niet klaar. Open uw werkplek in een ander tabblad en kijk daar onderaan wat eraan schort."
    ),
    "own-call": lazy_gettext("Dit is uw eigen gesprek."),
    "serves-queues": lazy_gettext("U bent zelf beschikbaar voor gesprekken. Neem eerst pauze en luister dan mee."),
    "listened-already": lazy_gettext("Iemand anders luistert al mee met dit gesprek."),
    "listens-already": lazy_gettext("U luistert al mee met een ander gesprek. Stop daar eerst mee."),
    "not-listening": lazy_gettext("U luistert niet (meer) mee met dit gesprek."),
    "on-break": lazy_gettext("Deze medewerker heeft pauze. Kies een collega die beschikbaar is."),
    "already-offered": lazy_gettext("Deze medewerker krijgt het contact al aangeboden."),
    "agent-engaged": lazy_gettext(
        "Deze medewerker is in gesprek, in nawerktijd, of krijgt al een contact aangeboden. Het contact is gebleven "
        "waar het was."
    ),
    "listens-now": lazy_gettext("U luistert nu mee met een gesprek. Stop daarmee en neem het contact dan over."),
    "device-not-ready": lazy_gettext(
        "De softphone van deze medewerker staat niet klaar. Het contact is gebleven waar het was."
    ),
    "in-consultation": lazy_gettext("De collega heeft ruggespraak over dit contact. Wacht tot die voorbij is."),
    "switch-away": lazy_gettext("De telefooncentrale is niet bereikbaar; het contact is gebleven waar het was."),
    "already-there": lazy_gettext("Deze beller wacht al in deze wachtrij."),
}
STEERING_NOT_FOUND: Mapping[str, LazyString] = {
    "agent": lazy_gettext("Deze medewerker of wachtrij is niet bekend. Laad de pagina opnieuw."),
    "listening": lazy_gettext("Deze medewerker is niet bekend. Laad de pagina opnieuw."),
    "queue": lazy_gettext("Deze wachtrij is niet bekend. Laad de pagina opnieuw."),
    "contact": lazy_gettext("Dit contact is er niet meer: de beller heeft opgehangen."),
    "message": lazy_gettext("Het geluid van deze versie is er niet. Maak de meldtekst opnieuw."),
    "alarm": lazy_gettext("Dit alarm is al voorbij."),
    "emergency": lazy_gettext("Deze noodtekst, of wat erin is gekozen, is er niet (meer). Laad de pagina opnieuw."),
}
CHANGED = lazy_gettext("De toestand is intussen veranderd. Kijk wat de pagina nu toont.")


def explain(command: str, refusal: CommandRefused) -> str:
    """The refusal of this command, for the screen. The core's own message is English and stays in the log."""
    text = BY_CODE.get(refusal.code) or NOT_NOW.get(command)
    return str(text or CHANGED)


def explain_steering(action: str, refusal: CommandRefused) -> str:
    """The refusal of a command about somebody or something else; `action` begins with what it was about."""
    if refusal.code == "not-found":
        return str(STEERING_NOT_FOUND.get(action.split("-")[0], CHANGED))
    return str(STEERING.get(refusal.code, CHANGED))
