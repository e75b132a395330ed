"""What the customer's chat page says."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.texts import gettext
from cxcore.ports.messenger import REENGAGEMENT

REFUSALS: Mapping[str, LazyString] = {
    "queue-closed": lazy_gettext("De chat is op dit moment gesloten. Uw bericht is niet verstuurd."),
    "queue-full": lazy_gettext("Het is nu erg druk in de chat. Probeer het over een paar minuten opnieuw."),
    "too-many-chats": lazy_gettext("Vanaf dit adres zijn net te veel chats begonnen. Probeer het over tien minuten."),
    "too-many-lines": lazy_gettext("U verstuurt berichten te snel na elkaar. Wacht even en verstuur het opnieuw."),
    "chat-ended": lazy_gettext("Deze chat is beëindigd. Uw bericht is niet verstuurd."),
    "chat-full": lazy_gettext("Deze chat is te lang geworden. Begin een nieuwe chat."),
    "empty": lazy_gettext("Schrijf eerst een bericht."),
    "core-unavailable": lazy_gettext("De chat is even niet bereikbaar. Uw bericht staat nog in het tekstvak."),
}
ENDS: Mapping[str, LazyString] = {
    "customer": lazy_gettext("U hebt de chat beëindigd."),
    "agent": lazy_gettext("De medewerker heeft de chat beëindigd."),
    "away": lazy_gettext("De chat is beëindigd omdat u te lang weg was."),
    "closed": lazy_gettext("De chat is gesloten voordat een medewerker vrij was. Onze excuses daarvoor."),
    "full": lazy_gettext("Het is nu erg druk in de chat. Probeer het over een paar minuten opnieuw."),
}


FAULTS: Mapping[str, LazyString] = {
    REENGAGEMENT: lazy_gettext("meer dan 24 uur na het laatste bericht van de klant mag WhatsApp het niet bezorgen"),
    "131026": lazy_gettext("dit nummer kan het bericht niet ontvangen"),
    "131030": lazy_gettext("dit nummer staat niet op de lijst van de proefomgeving"),
    "131062": lazy_gettext("de klant verbergt het telefoonnummer, en WhatsApp neemt het bericht zo niet aan"),
    "130497": lazy_gettext("WhatsApp laat ons geen berichten naar dit land versturen"),
    "131048": lazy_gettext("WhatsApp beperkt tijdelijk wat wij mogen versturen"),
    "131049": lazy_gettext("WhatsApp bezorgt dit bericht nu niet"),
    "away": lazy_gettext("WhatsApp was tien minuten niet bereikbaar"),
    "gone": lazy_gettext("het nummer of de tekst is gewist"),
}
"""By the code of WhatsApp (the source stands in `cxcore.alerting.whatsapp`), or ours."""


def fault_words(code: str) -> str:
    """Why a line did not reach the customer."""
    known = FAULTS.get(code)
    reason = str(known) if known is not None else gettext("WhatsApp weigerde het, code %(code)s", code=code)
    return str(gettext("Niet bezorgd: %(reason)s", reason=reason))


def script_texts_of_faults() -> dict[str, str]:
    """For the agent's desk. `{code}` is filled in by the script."""
    known = {f"chat-fault-{code}": fault_words(code) for code in FAULTS}
    return {**known, "chat-fault": fault_words("{code}")}


def refusal_words(code: str) -> str:
    """Why something was not done, and what to do."""
    return str(REFUSALS.get(code, gettext("Dit lukte niet. Probeer het straks opnieuw.")))


def ended_words(end: object) -> str:
    """Who ended the chat."""
    return str(ENDS.get(str(end), gettext("De chat is beëindigd.")))


def script_texts_of_chat() -> dict[str, str]:
    """In the language of the page. `{name}` is filled in by the script."""
    return {
        "you": gettext("U"),
        "waiting": gettext("U bent aan de beurt zodra een medewerker vrij is."),
        "place": gettext("Er zijn nog {count} wachtenden voor u."),
        "place-1": gettext("Er is nog 1 wachtende voor u."),
        "place-0": gettext("U bent als volgende aan de beurt."),
        "talking": gettext("U chat met {name}."),
        "joined": gettext("{name} neemt deel aan de chat."),
        "left": gettext("{name} heeft de chat verlaten. Een collega neemt het over; even geduld."),
        "writes": gettext("{name} schrijft…"),
        "offline": gettext("Geen verbinding. De chat gaat verder zodra de verbinding terug is."),
        "back": gettext("De verbinding is terug."),
        "sending": gettext("Geen verbinding. Uw bericht wordt verstuurd zodra de verbinding terug is."),
        "not-sent": gettext("Uw bericht is niet verstuurd: er is geen verbinding. Probeer het opnieuw."),
        "ended": gettext("De chat is beëindigd."),
        "empty": str(REFUSALS["empty"]),
    }
