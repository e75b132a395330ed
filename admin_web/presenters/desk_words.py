"""What the scripts of the agent's page say beside what those of all pages do."""

from __future__ import annotations

from admin_web.presenters.texts import gettext


def desk_texts() -> dict[str, str]:
    """In the language of the page. `{name}` is filled in by the script."""
    return {
        "call-number": gettext("{number} bellen"),
        "no-number": gettext("Van {name} is geen telefoonnummer bekend."),
        "consult": gettext("Ruggespraak"),
        "transfer": gettext("Direct doorverbinden"),
        "consult-number": gettext("Ruggespraak op {number}"),
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
