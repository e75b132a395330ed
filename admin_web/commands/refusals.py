"""Why the core refused, in the agent's words: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext
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
    "end-wrap-up": lazy_gettext("Uw nawerktijd is al voorbij."),
    "extend-wrap-up": lazy_gettext("Uw nawerktijd is al voorbij en kan niet meer worden verlengd."),
}
BY_CODE: Mapping[str, LazyString] = {
    "not-found": lazy_gettext("Uw werkplek of wachtrij is niet bekend. Vraag uw functioneel beheerder om hulp."),
}


def explain(command: str, refusal: CommandRefused) -> str:
    """The refusal of this command, for the screen. The core's own message is English and stays in the log."""
    text = BY_CODE.get(refusal.code) or NOT_NOW.get(command)
    return str(text) if text else gettext("De toestand is intussen veranderd. Kijk wat de pagina nu toont.")
