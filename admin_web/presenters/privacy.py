"""The words of the privacy officer's page."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from cxcore.ports.privacy import CoreMemory, KeptBecause, Place

WHY: Mapping[KeptBecause, LazyString] = {
    KeptBecause.RUNNING: lazy_gettext("loopt nog: een gesprek, een bericht dat niemand hoorde of een terugbelverzoek"),
    KeptBecause.HELD: lazy_gettext("een opname wordt vastgehouden"),
}
PLACES: Mapping[Place, LazyString] = {
    Place.CONFIGURATION: lazy_gettext(
        "Het nummer staat ook in de inrichting: een bellerslijst, het telefoonboek of een gebruiker. "
        "Een functioneel beheerder haalt het eruit."
    ),
    Place.AUDIT: lazy_gettext(
        "Het nummer staat ook in het logboek, omdat iemand erop zocht. Het logboek is bewijs en wordt nooit gewijzigd."
    ),
}
CORE: Mapping[CoreMemory, LazyString | str] = {
    CoreMemory.NOT_ASKED: "",
    CoreMemory.FORGOTTEN: lazy_gettext("Ook de draaiende centrale weet niet meer wie de beller het laatst sprak."),
    CoreMemory.NOT_TOLD: lazy_gettext(
        "De draaiende centrale was niet te bereiken. Zij weet nog een tijd wie de beller het laatst sprak, tenzij zij "
        "opnieuw start. Wis het nummer opnieuw als zij er weer is."
    ),
}


def core_words(memory: CoreMemory) -> str:
    """What the running core still knows after an erasure."""
    return str(CORE[memory])


def why_words(why: KeptBecause) -> str:
    """Why something was not erased."""
    return str(WHY[why])


def place_words(place: Place) -> str:
    """Where the number stands besides."""
    return str(PLACES[place])
