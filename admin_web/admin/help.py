"""The help of each page of the administration, by the blueprint of its task. The manual says more, with pictures."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

HELP: Mapping[str, tuple[LazyString, ...]] = {
    "administration": (
        lazy_gettext("Kies een taak. Wat u wijzigt, ziet u eerst in gewone zinnen; pas bij Activeren gaat het in."),
        lazy_gettext("Elke wijziging is een versie, die u bij Versies met één klik terugdraait."),
    ),
    "emergency_pages": (
        lazy_gettext("Kies waar de tekst te horen is, welke tekst, en wat er daarna gebeurt. Zet hem dan aan."),
        lazy_gettext("De eerstvolgende beller hoort hem. Op elk scherm staat dat hij aan is, tot hij uitgaat."),
    ),
    "emergency_groups": (
        lazy_gettext("Kies plaatsen, tekst en wat er daarna gebeurt. Supervisors zetten de groep aan bij Noodtekst."),
    ),
    "message_pages": (
        lazy_gettext("Kies een tekst om hem te beluisteren, in te spreken, te uploaden of te laten uitspreken."),
        lazy_gettext("Een nieuwe opname gaat pas in als u haar in gebruik neemt; de vorige blijft bewaard."),
    ),
    "message_schedule": (
        lazy_gettext("Zet een tekst aan of uit, of laat hem op een tijdstip of volgens een rooster te horen zijn."),
        lazy_gettext("Wat hoort een beller? laat zien wat er op een gekozen tijdstip te horen is."),
    ),
    "service_number": (
        lazy_gettext("Kies zelf een pincode van zes tot tien cijfers; de code waarmee u zich meldt, staat erbij."),
        lazy_gettext("Na te veel verkeerde pincodes is een code een tijd geblokkeerd. Een beheerder geeft een nieuwe."),
    ),
    "service_keys": (
        lazy_gettext("Kies bij elke toets wat hij doet; niets laat de toets leeg. U ziet eerst wat er verandert."),
        lazy_gettext("Neem een nieuwe lijst mee voordat u belt: wie belt, hoort de nummers van de toetsen niet."),
    ),
    "admin_hours": (
        lazy_gettext("Vul per dag een of twee blokken in. Een dag zonder tijden is gesloten."),
        lazy_gettext("Een afwijkende dag gaat voor de week en voor feestdagen."),
    ),
    "admin_menus": (
        lazy_gettext("Kies links een keuzemenu; wijzig rechts de toetsen. Slepen kan, en met de pijlen ook."),
        lazy_gettext("Zet een toets uit om haar te bewaren zonder haar aan te bieden."),
    ),
    "admin_flows": (
        lazy_gettext("Kies een route. Sleep een stap, of gebruik de pijlen. Na ophangen of een wachtrij volgt niets."),
        lazy_gettext("Wat een keuzemenu, wachtrij of rooster doet, wijzigt u op de pagina daarvan."),
    ),
    "admin_queues": (
        lazy_gettext("Kies bovenaan een wachtrij. Bij elk veld staat wat het betekent; leeg is zoals gebruikelijk."),
    ),
    "admin_users": (
        lazy_gettext("Kies een naam om te wijzigen, of Nieuwe gebruiker. Het wachtwoord staat één keer op de pagina."),
        lazy_gettext("Gaat de wijziging later in, dan kan de nieuwe gebruiker pas vanaf dat tijdstip inloggen."),
    ),
    "admin_traffic": (
        lazy_gettext("Vink aan welke soorten nummers mogen; noem daaronder nummers die toch wel of toch niet mogen."),
        lazy_gettext("De klasse geldt voor bellen, ruggespraak en doorverbinden. Wie iets niet mag, leest waarom."),
    ),
    "admin_phone_book": (
        lazy_gettext("Zoek of kies een naam, of voeg een regel toe. Medewerkers vinden hem meteen na het activeren."),
        lazy_gettext("Veel regels tegelijk leest u in bij Importeren en exporteren."),
    ),
    "admin_topics": (
        lazy_gettext("Een groep maakt een onderwerp makkelijk te vinden. Wat vervalt, blijft in rapportages."),
    ),
    "admin_answers": (
        lazy_gettext("Kies een korte naam: medewerkers zoeken in een chat met / op naam en op woorden uit de tekst."),
        lazy_gettext("Een antwoord voor één wachtrij zien medewerkers alleen in chats van die wachtrij."),
    ),
    "admin_reasons": (
        lazy_gettext("Zet elke reden op een eigen regel. De volgorde is die van het menu van de medewerker."),
    ),
    "sheets": (
        lazy_gettext("Bewaar eerst het huidige bestand en wijzig dat: dan kloppen de kolommen."),
        lazy_gettext("Bij elke regel staat of hij nieuw, gewijzigd of geweigerd is, en wat u dan moet verbeteren."),
        lazy_gettext("Begint een cel met een apostrof, laat die dan staan: zo leest Excel de cel niet als formule."),
    ),
    "admin_versions": (
        lazy_gettext("Terugdraaien zet terug wat er voor de actieve versie was. Er gaat niets verloren."),
        lazy_gettext("Een geplande versie trekt u in met Niet laten ingaan."),
    ),
    "faults": (
        lazy_gettext("Open een melding om de logregels en contacten te zien. Zet de status als u ermee bezig bent."),
        lazy_gettext("Geef het nummer van de melding door als u de servicedesk belt."),
    ),
    "hearing": (lazy_gettext("Kies nummer, dag en tijd, en druk de toetsen in die een beller zou kiezen."),),
    "weeks": (lazy_gettext("Elke balk is wat een beller dan krijgt. Kies de tijden eronder om dat te horen."),),
}
