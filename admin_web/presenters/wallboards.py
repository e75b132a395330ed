"""The words of wallboards."""

from __future__ import annotations

from collections.abc import Mapping

from admin_web.presenters.texts import gettext
from cxcore.ports.wallboards import Measure, TileKind


def measures() -> Mapping[str, str]:
    """What each figure is called."""
    return {
        Measure.WAITING.value: gettext("Wachtenden"),
        Measure.LONGEST.value: gettext("Langste wachttijd nu"),
        Measure.EXPECTED.value: gettext("Verwachte wachttijd"),
        Measure.READY.value: gettext("Vrije medewerkers"),
        Measure.TALKING.value: gettext("In gesprek"),
        Measure.LOGGED_ON.value: gettext("Aangemeld"),
        Measure.OFFERED.value: gettext("Aangeboden vandaag"),
        Measure.ANSWERED.value: gettext("Beantwoord vandaag"),
        Measure.ABANDONED.value: gettext("Opgehangen vandaag"),
        Measure.QUICK_DROPS.value: gettext("Quick drops vandaag"),
        Measure.AVERAGE_WAIT.value: gettext("Gemiddelde wachttijd"),
        Measure.SERVICE_LEVEL.value: gettext("Serviceniveau"),
    }


def tile_kinds() -> Mapping[str, str]:
    """What each kind of tile is called."""
    return {
        TileKind.FIGURE.value: gettext("Cijfer"),
        TileKind.QUEUES.value: gettext("Lijst van wachtrijen"),
        TileKind.AGENTS.value: gettext("Aantal medewerkers per toestand"),
        TileKind.TREND.value: gettext("Verloop van de dag"),
        TileKind.ALARMS.value: gettext("Alarmen"),
        TileKind.MESSAGE.value: gettext("Bericht"),
        TileKind.CLOCK.value: gettext("Klok"),
    }


def wallboard_texts() -> Mapping[str, str]:
    """What the scripts of a board say beside those words."""
    return {
        **{f"measure-{name}": words for name, words in measures().items()},
        **{f"kind-{name}": words for name, words in tile_kinds().items()},
        "target-of": gettext("doel {target}"),
        "paused": gettext("gepauzeerd om {time}"),
        "pause": gettext("Pauzeren"),
        "resume": gettext("Hervatten"),
        "link-over": gettext("Deze link geldt niet meer. Vraag een supervisor om de nieuwe link van dit wallboard."),
        "tile-at": gettext("{title}: kolom {column}, rij {row}, {width} breed, {height} hoog"),
        "saved": gettext("Bewaard. De schermen nemen de wijziging binnen een halve minuut over."),
        "no-room": gettext("Er is geen plaats meer op het raster. Maak eerst een tegel kleiner of haal er een weg."),
        "no-alarms": gettext("Geen alarmen"),
        "trend-offered": gettext("aangeboden"),
        "trend-answered": gettext("beantwoord"),
        "quarter": gettext("Kwartier"),
        "no-contacts-today": gettext("Vandaag nog geen contacten"),
    }
