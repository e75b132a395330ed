"""What the scripts of the agent's page say beside what those of all pages do."""

from __future__ import annotations

from admin_web.presenters.chat import script_texts_of_faults
from admin_web.presenters.texts import gettext


def desk_texts() -> dict[str, str]:
    """In the language of the page. `{name}` is filled in by the script."""
    return {
        "answer-chat": gettext("Neem aan op deze pagina."),
        "chat": gettext("Chat"),
        "chat-offered": gettext("Chat aangeboden"),
        **script_texts_of_faults(),
        "chat-away": gettext("De pagina van de klant is weg; een antwoord wacht tot die terug is."),
        "chat-ended-customer": gettext("De klant heeft de chat beëindigd."),
        "chat-ended-agent": gettext("U hebt de chat beëindigd."),
        "chat-ended-away": gettext("De chat is beëindigd: de klant was te lang weg."),
        "chat-ended-closed": gettext("De chat is beëindigd: de wachtrij sloot."),
        "chat-writes": gettext("De klant schrijft…"),
        "chat-read": gettext("gelezen"),
        "chat-window-closed": gettext(
            "De klant schreef meer dan 24 uur geleden; WhatsApp bezorgt geen antwoord tot de klant weer schrijft."
        ),
        "chat-colleagues": gettext("Vrije collega’s"),
        "chat-queues": gettext("Wachtrijen"),
        "answers": gettext("Gevonden: {count}."),
        "no-answers": gettext("Geen standaardantwoord gevonden."),
        "call-number": gettext("{number} bellen"),
        "no-number": gettext("Van {name} is geen telefoonnummer bekend."),
        "queue-in-call": gettext("Naar een wachtrij verbindt u een beller door, tijdens het gesprek."),
        "consult": gettext("Ruggespraak"),
        "transfer": gettext("Direct doorverbinden"),
        "consult-number": gettext("Ruggespraak op {number}"),
        "desktop-offer": gettext("Contact aangeboden"),
        "desktop-direct": gettext("Directe oproep"),
        "desktop-consult": gettext("Ruggespraak gevraagd"),
        "desktop-pass": gettext("Een collega verbindt door"),
        "desktop-trial": gettext("Zo ziet een melding eruit."),
        "desktop-is-off": gettext("bureaubladmelding uit"),
        "desktop-is-on": gettext("bureaubladmelding aan"),
        "desktop-is-refused": gettext("bureaubladmelding: geen toestemming"),
        "desktop-denied": gettext(
            "Deze browser laat nog geen meldingen van de werkplek toe. Sta ze toe bij het teken links van het adres."
        ),
        "desktop-not-kept": gettext(
            "De keuze geldt nu, maar is niet bewaard: de server antwoordt niet. Kies straks nog eens."
        ),
        "hit-longest": gettext("langst"),
        "hit-expected": gettext("verwacht {time}"),
        "mail": gettext("E-mail schrijven"),
        "free-today": gettext("Geen afspraken meer vandaag."),
        "calling": gettext("{number} wordt gebeld."),
        "numbers-in-note": gettext("Nummers in de notitie:"),
        "show-part": gettext("{part} tonen"),
        "part-placed": gettext("{part}: kolom {column}, plaats {place} van {total}"),
        "part-hidden": gettext("{part} is verborgen"),
        "part-shown": gettext("{part} wordt weer getoond"),
        "layout-reset": gettext("De standaardindeling is terug."),
        "layout-not-kept": gettext(
            "De indeling is niet bewaard: de server antwoordt niet. Probeer het straks nog eens."
        ),
        "calls-not-fetched": gettext("De lijst van gesprekken is nu niet op te halen; wat er staat, kan oud zijn."),
    }
