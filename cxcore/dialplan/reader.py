"""Reads a site from its YAML file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from yaml.nodes import Node

from cxcore.dialplan.answers import read_answers
from cxcore.dialplan.call_backs import check_call_back_steps
from cxcore.dialplan.caller_lists import read_caller_lists
from cxcore.dialplan.cautions import warn_of_detours, warn_of_unheard_texts, warn_of_untranslated
from cxcore.dialplan.chats import read_chat_pages
from cxcore.dialplan.dialled import read_dialled_numbers
from cxcore.dialplan.emergency_groups import read_emergency_groups
from cxcore.dialplan.findings import ConfigurationRefused, Findings, Severity
from cxcore.dialplan.hours import read_timetables
from cxcore.dialplan.named_keys import warn_of_named_keys
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section
from cxcore.dialplan.numbers import read_caller_priorities, read_shown_number
from cxcore.dialplan.phone_book import read_phone_book
from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.queues import read_queues
from cxcore.dialplan.recordings import read_recording
from cxcore.dialplan.service_line import read_service_line
from cxcore.dialplan.source import compose
from cxcore.dialplan.steps import read_flows
from cxcore.dialplan.topics import read_break_reasons, read_topics
from cxcore.dialplan.traffic import read_traffic_classes
from cxcore.dialplan.users import ReadUser, memberships, read_users
from cxcore.dialplan.voicebots import read_voicebots
from cxcore.dialplan.walks import check_walks, warn_of_unreached
from cxcore.domain.day_texts import with_day_texts
from cxcore.domain.dialplan import Dialplan
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingRule
from cxcore.domain.schedule import Schedule
from cxcore.domain.site import Site

SITE_KEYS = (
    "site", "numbers", "timetables", "callers", "flows", "queues", "voicebots", "break_reasons", "caller_number",
    "caller_priorities", "direct", "listening", "users", "phone_book", "topics", "traffic_classes", "traffic_class",
    "service_number", "chats", "answers", "emergency_groups",
)  # fmt: skip

DIRECT_KEYS = (
    "ring_seconds", "park_seconds", "unanswered", "recording", "keep_recordings_days", "pause_recording_seconds",
)  # fmt: skip
LISTENING_KEYS = ("tell_agent",)
DIRECT_SECONDS = 25
DIRECT_RING = Limits(5, 300)
PARK_SECONDS = 120
PARKING = Limits(10, 1800)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file: a site, complete only when `findings` has no errors."""

    site: Site | None
    findings: Findings


def read_site(path: Path, prompts: PromptCatalogue, content: bytes | None = None) -> Site:
    """The site in the file, or in `content` if given. Raises `ConfigurationRefused` with every error in it; warnings do
    not count."""
    reading = examine_site(path, prompts, content)
    if reading.site is None or reading.findings.any_errors:
        errors = [finding for finding in reading.findings.in_order() if finding.severity is Severity.ERROR]
        raise ConfigurationRefused(errors)
    return reading.site


def examine_site(
    path: Path, prompts: PromptCatalogue, content: bytes | None = None, today: date | None = None
) -> Reading:
    """Read as much of the file as can be read, and note all that is wrong; with `today` also what is past."""
    findings = Findings(path, content, today)
    root = compose(findings)
    if root is None:
        return Reading(None, findings)
    names = Names(findings)
    site = _read_root(names, root)
    _check_names(names, site, prompts)
    check_call_back_steps(names, site.dialplan.flows, site.queues)
    check_walks(site, names)
    _check_own_numbers(names, site)
    if not findings.any_errors:
        warn_of_unreached(site, names)
        warn_of_untranslated(site, names, prompts)
        warn_of_unheard_texts(site, names)
        warn_of_detours(site, names)
        warn_of_named_keys(site, names, prompts)
        _warn_of_unserved(names, site)
    return Reading(with_day_texts(site), findings)


def _read_root(names: Names, root: Node) -> Site:
    section = Section(names.findings, root, "the site", SITE_KEYS)
    users = read_users(names, section.node_of("users"))
    timetables = read_timetables(names, section.node_of("timetables"))
    direct_seconds, park_seconds, direct_unanswered, direct_recording = _read_direct(names, section)
    dialplan = _read_dialplan(names, section, users, timetables)
    queues = read_queues(names, section.node_of("queues"), timetables)
    configured = {read.user.username: read.user for read in users}
    service_line = read_service_line(names, section, dialplan, queues, configured)
    traffic_classes, traffic_class = read_traffic_classes(names, section)
    return Site(
        name=_read_name(section),
        dialplan=replace(dialplan, service_number=service_line.number) if service_line else dialplan,
        queues=queues,
        memberships=memberships(users),
        users=configured,
        break_reasons=read_break_reasons(names.findings, section.node_of("break_reasons")),
        caller_number=read_shown_number(section, "caller_number"),
        direct_seconds=direct_seconds,
        park_seconds=park_seconds,
        direct_recording=direct_recording,
        tells_of_listening=_read_listening(section),
        direct_unanswered_flow=direct_unanswered,
        caller_priorities=read_caller_priorities(section, "caller_priorities"),
        chat_pages=read_chat_pages(names, section.node_of("chats")),
        answers=read_answers(names, section.node_of("answers")),
        phone_book=read_phone_book(names.findings, section.node_of("phone_book")),
        topics=read_topics(names.findings, section.node_of("topics")),
        service_line=service_line,
        traffic_classes=traffic_classes,
        traffic_class=traffic_class,
        emergency_groups=read_emergency_groups(names, section, dialplan, queues),
    )


def _read_name(section: Section) -> str:
    section.required("site", "how the site is called: `site: Gemeente Noordwijk`")
    return section.text("site", "")


def _flows(section: Section) -> Node | None:
    return section.required("flows", "what happens to callers: `flows:`")


def _read_dialplan(
    names: Names, section: Section, users: Sequence[ReadUser], timetables: Mapping[str, Schedule]
) -> Dialplan:
    names.devices.update({read.user.username: read.user.device for read in users if read.user.device})
    names.voicebots.update(read_voicebots(names, section.node_of("voicebots")))
    numbers = read_dialled_numbers(names, section)
    return Dialplan(
        numbers.flows,
        read_flows(names, _flows(section)),
        ranges=tuple(numbers.ranges),
        timetables=timetables,
        caller_lists=read_caller_lists(names, section.node_of("callers")),
        labels=numbers.labels,
    )


def _read_direct(names: Names, site: Section) -> tuple[int, int, str | None, RecordingRule]:
    node = site.node_of("direct")
    if node is None:
        return DIRECT_SECONDS, PARK_SECONDS, None, RecordingRule()
    section = Section(names.findings, node, "`direct`", DIRECT_KEYS)
    unanswered = names.refer(Kind.FLOW, section.node_of("unanswered"), section.describe("unanswered"))
    seconds = section.whole_number("ring_seconds", DIRECT_SECONDS, DIRECT_RING)
    park_seconds = section.whole_number("park_seconds", PARK_SECONDS, PARKING)
    return seconds, park_seconds, unanswered or None, read_recording(section)


def _read_listening(site: Section) -> bool:
    part = site.part("listening", LISTENING_KEYS)
    return True if part is None else part.yes_or_no("tell_agent", True)


def _check_names(names: Names, site: Site, prompts: PromptCatalogue) -> None:
    defined: Mapping[Kind, Collection[str]] = {
        Kind.FLOW: site.dialplan.flows,
        Kind.QUEUE: site.queues,
        Kind.PROMPT: prompts.names,
        Kind.USER: site.users,
        Kind.TIMETABLE: site.dialplan.timetables,
        Kind.VOICEBOT: names.voicebots,
        Kind.LANGUAGE: prompts.languages,
        Kind.TRAFFIC_CLASS: site.traffic_classes,
    }
    names.check(defined)
    for reference in names.references:
        if reference.kind is Kind.PROMPT and prompts.lacks_sound(reference.name):
            problem = f"prompt `{reference.name}` has no sound at {prompts.sound(reference.name)}"
            names.findings.error(reference.place, problem, "run `make setup`, which makes the prompts")


def _check_own_numbers(names: Names, site: Site) -> None:
    """A number leads to one place: a flow, or one user."""
    owners = {number: f"flow {flow}" for number, flow in site.dialplan.numbers.items()}
    for user in site.users.values():
        owner = owners.setdefault(user.number, f"user {user.username}") if user.number else ""
        if owner not in ("", f"user {user.username}"):
            problem = f"the number {user.number} of user {user.username} leads to {owner} already"
            names.findings.error(names.places[Kind.USER, user.username], problem, "give each a number of its own")


def _warn_of_unserved(names: Names, site: Site) -> None:
    served: set[QueueId] = {membership.queue_id for membership in site.memberships}
    for queue in site.queues.keys() - served:
        problem = f"nobody serves queue {queue}"
        names.findings.warn(
            names.places[Kind.QUEUE, queue], problem, f"give a user `queues: {{{queue}: 1}}`, or take the queue out"
        )
