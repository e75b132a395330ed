"""The audit's words on the screen."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from cxcore.ports.audit import AuditResult

ACTIONS: Mapping[str, LazyString] = {
    "sign-in": lazy_gettext("inloggen"),
    "sign-out": lazy_gettext("uitloggen"),
    "set-password": lazy_gettext("wachtwoord vernieuwen"),
    "see-contact": lazy_gettext("contact bekijken"),
    "read-chat": lazy_gettext("tekst van een chat lezen"),
    "search-audit": lazy_gettext("logboek bekijken"),
    "verify-audit": lazy_gettext("logboek controleren"),
    "agent-log-on": lazy_gettext("medewerker aanmelden"),
    "agent-log-off": lazy_gettext("medewerker afmelden"),
    "agent-go-on-break": lazy_gettext("medewerker pauze geven"),
    "agent-become-available": lazy_gettext("medewerker beschikbaar melden"),
    "agent-assign-queue": lazy_gettext("wachtrij toewijzen"),
    "agent-remove-from-queue": lazy_gettext("uit wachtrij halen"),
    "queue-open": lazy_gettext("wachtrij openen"),
    "queue-close": lazy_gettext("wachtrij sluiten"),
    "queue-follow-timetable": lazy_gettext("wachtrij weer volgens openingstijden"),
    "make-wallboard": lazy_gettext("wallboard maken"),
    "change-wallboard": lazy_gettext("wallboard wijzigen"),
    "renew-wallboard-link": lazy_gettext("link van wallboard vernieuwen"),
    "remove-wallboard": lazy_gettext("wallboard verwijderen"),
    "listening-listen-in": lazy_gettext("meeluisteren"),
    "listening-whisper": lazy_gettext("influisteren"),
    "listening-barge-in": lazy_gettext("meespreken"),
    "listening-stop": lazy_gettext("meeluisteren beëindigen"),
    "search-recordings": lazy_gettext("opnamen zoeken"),
    "see-recording": lazy_gettext("opname bekijken"),
    "play-recording": lazy_gettext("opname beluisteren"),
    "export-recording": lazy_gettext("opname exporteren"),
    "hold-recording": lazy_gettext("opname vasthouden"),
    "release-recording": lazy_gettext("opname niet meer vasthouden"),
    "delete-recording": lazy_gettext("opname verwijderen"),
    "delete-contacts": lazy_gettext("contacten verwijderen na de bewaartijd"),
    "forget-persons": lazy_gettext("persoonsgegevens wissen na de bewaartijd"),
    "find-person": lazy_gettext("gegevens van een persoon opvragen"),
    "erase-person": lazy_gettext("gegevens van een persoon wissen"),
    "rotate-recording-key": lazy_gettext("sleutel van opnamen vernieuwen"),
    "import-directory": lazy_gettext("medewerkersgids vervangen"),
    "message-make": lazy_gettext("melding maken"),
    "message-use": lazy_gettext("melding in gebruik nemen"),
    "emergency-set": lazy_gettext("noodtekst aanzetten"),
    "emergency-end": lazy_gettext("noodtekst uitzetten"),
    "phone-sign-in": lazy_gettext("aanmelden bij het dienstnummer"),
    "set-phone-pin": lazy_gettext("pincode van het dienstnummer zetten"),
    "remove-phone-pin": lazy_gettext("pincode van het dienstnummer verwijderen"),
    "alarm-acknowledge": lazy_gettext("alarm gezien"),
    "contact-cancel-call-back": lazy_gettext("terugbelverzoek laten vervallen"),
    "activate-configuration": lazy_gettext("inrichting wijzigen"),
    "cancel-configuration": lazy_gettext("geplande wijziging intrekken"),
    "change-role": lazy_gettext("rol wijzigen"),
    "make-account": lazy_gettext("account maken"),
    "mark-recording": lazy_gettext("opname pauzeren door een ander systeem"),
    "contact-assign": lazy_gettext("contact toewijzen of overnemen"),
    "report-fault": lazy_gettext("storing melden"),
    "view-fault": lazy_gettext("storingsmelding bekijken"),
    "handle-fault": lazy_gettext("storingsmelding afhandelen"),
    "export-sheet": lazy_gettext("lijst exporteren"),
    "own-session": lazy_gettext("inloggen"),
    "work-at-desk": lazy_gettext("werkplek openen"),
    "see-floor": lazy_gettext("overzicht bekijken"),
    "see-contacts": lazy_gettext("contacten bekijken"),
    "read-chats": lazy_gettext("teksten van chats lezen"),
    "steer-floor": lazy_gettext("bijsturen"),
    "make-wallboards": lazy_gettext("wallboards inrichten"),
    "listen-in": lazy_gettext("meeluisteren"),
    "listen-recordings": lazy_gettext("opnamen beluisteren"),
    "export-recordings": lazy_gettext("opnamen exporteren of vasthouden"),
    "administer": lazy_gettext("inrichting beheren"),
    "manage-messages": lazy_gettext("meldingen beheren"),
    "handle-persons": lazy_gettext("gegevens van personen behandelen"),
    "manage-phone-book": lazy_gettext("telefoonboek beheren"),
    "read-audit": lazy_gettext("logboek lezen"),
    "contact-move": lazy_gettext("contact verplaatsen"),
}
RESULTS: Mapping[AuditResult, LazyString] = {
    AuditResult.DONE: lazy_gettext("gedaan"),
    AuditResult.REFUSED: lazy_gettext("geweigerd"),
    AuditResult.FAILED: lazy_gettext("mislukt"),
}


def action_words(action: str) -> str:
    """What was done, in words; an action without words of its own stays as it is kept."""
    return str(ACTIONS.get(action, action))


def result_words(result: AuditResult) -> str:
    """How it ended."""
    return str(RESULTS[result])
