"""The tasks of the administration, in the groups and the order in which they stand at the left of each of its pages.

A task is one page: a blueprint in `admin_web.app`, a template that extends `admin_frame.html`, and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.auth.permissions import Permission


@dataclass(frozen=True, slots=True)
class Task:
    """`endpoint` is the view of the page, `label` what the administrator calls it; `permission` says who sees it."""

    endpoint: str
    label: LazyString
    explanation: LazyString
    permission: Permission = Permission.ADMINISTER

    @property
    def blueprint(self) -> str:
        """Whose pages belong to the task."""
        return self.endpoint.partition(".")[0]


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that belong together, under the name of their group."""

    label: LazyString
    tasks: tuple[Task, ...]

    def allowed(self, may: Callable[[Permission], bool]) -> list[Task]:
        """Those for whom the permission is there."""
        return [task for task in self.tasks if may(task.permission)]


OVERVIEW = Task(
    "administration.page", lazy_gettext("Alle taken"), lazy_gettext("Wat een beheerder zelf kan wijzigen.")
)
TASK_GROUPS: tuple[TaskGroup, ...] = (
    TaskGroup(
        lazy_gettext("Wat bellers horen"),
        (
            Task(
                "emergency_pages.page",
                lazy_gettext("Noodtekst"),
                lazy_gettext("Wat bellers bij een storing of calamiteit het eerst horen, aan en uit met één knop."),
                Permission.MANAGE_MESSAGES,
            ),
            Task(
                "emergency_groups.page",
                lazy_gettext("Noodgroepen"),
                lazy_gettext("Nummers en wachtrijen die samen, met één klik, op een noodtekst gaan."),
            ),
            Task(
                "message_pages.page",
                lazy_gettext("Meldteksten"),
                lazy_gettext("Beluisteren, inspreken, uploaden of laten uitspreken; waar elke tekst te horen is."),
                Permission.MANAGE_MESSAGES,
            ),
            Task(
                "message_schedule.page",
                lazy_gettext("Meldingen op schema"),
                lazy_gettext("Meldingen aan- en uitzetten, nu of van moment tot moment en elke week."),
            ),
            Task(
                "service_number.page",
                lazy_gettext("Dienstnummer"),
                lazy_gettext("Meldingen inspreken en de noodtekst aanzetten per telefoon; uw code en pincode."),
                Permission.MANAGE_MESSAGES,
            ),
        ),
    ),
    TaskGroup(
        lazy_gettext("Waar bellers terechtkomen"),
        (
            Task(
                "admin_hours.page",
                lazy_gettext("Openingstijden"),
                lazy_gettext("Wanneer een wachtrij open is, met feestdagen en afwijkende dagen."),
            ),
            Task(
                "admin_menus.page",
                lazy_gettext("Keuzemenu’s"),
                lazy_gettext("Welke toets waarheen leidt, tot elke diepte; toetsen aan, uit of tijdelijk."),
            ),
            Task(
                "admin_flows.page",
                lazy_gettext("Routes"),
                lazy_gettext("De stappen die een beller doorloopt: de volgorde, en de teksten ertussen."),
            ),
            Task(
                "admin_queues.page",
                lazy_gettext("Wachtrijen"),
                lazy_gettext("Teksten bij het wachten, wie de beller krijgt, en waar het wachten ophoudt."),
            ),
        ),
    ),
    TaskGroup(
        lazy_gettext("Mensen en nummers"),
        (
            Task(
                "admin_users.page",
                lazy_gettext("Gebruikers"),
                lazy_gettext("Wie kan inloggen, met welke rol, op welk toestel en voor welke wachtrijen."),
            ),
            Task(
                "admin_traffic.page",
                lazy_gettext("Verkeersklassen"),
                lazy_gettext("Wie waarheen mag bellen: intern, mobiel, buitenland, betaalde nummers."),
            ),
            Task(
                "admin_phone_book.page",
                lazy_gettext("Telefoonboek"),
                lazy_gettext("Namen en nummers waarnaar medewerkers kunnen bellen en doorverbinden."),
                Permission.MANAGE_PHONE_BOOK,
            ),
        ),
    ),
    TaskGroup(
        lazy_gettext("Op de werkplek"),
        (
            Task(
                "admin_topics.page",
                lazy_gettext("Onderwerpen"),
                lazy_gettext("Waarover een gesprek of bericht ging; wat medewerkers na afloop kiezen."),
            ),
            Task(
                "admin_answers.page",
                lazy_gettext("Standaardantwoorden"),
                lazy_gettext("Teksten die medewerkers in een chat zetten, aanpassen en versturen."),
            ),
            Task(
                "admin_reasons.page",
                lazy_gettext("Pauzeredenen"),
                lazy_gettext("Welke reden een medewerker bij een pauze opgeeft."),
            ),
        ),
    ),
    TaskGroup(
        lazy_gettext("Controleren en bewaren"),
        (
            Task(
                "hearing.page",
                lazy_gettext("Wat hoort een beller?"),
                lazy_gettext("Kies een nummer, een dag en een tijd, en hoor stap voor stap wat een beller dan hoort."),
            ),
            Task(
                "weeks.page",
                lazy_gettext("Weekoverzicht"),
                lazy_gettext("Zie per nummer wat er wanneer gebeurt, met feestdagen en uitzonderingen, en vind gaten."),
            ),
            Task(
                "admin_versions.page",
                lazy_gettext("Versies"),
                lazy_gettext("Wie wat wanneer wijzigde; terugdraaien, bewaren en inlezen."),
            ),
            Task(
                "sheets.page",
                lazy_gettext("Importeren en exporteren"),
                lazy_gettext(
                    "Gebruikers, toestellen, wachtrijen, klassen, onderwerpen, antwoorden en telefoonboek als CSV."
                ),
                Permission.MANAGE_PHONE_BOOK,
            ),
            Task(
                "faults.page",
                lazy_gettext("Storingsmeldingen"),
                lazy_gettext("Wat gebruikers als storing melden, met logregels en contacten; wat opgelost is."),
            ),
        ),
    ),
)
TASKS: tuple[Task, ...] = (OVERVIEW, *(task for group in TASK_GROUPS for task in group.tasks))
