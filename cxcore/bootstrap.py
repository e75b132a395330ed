"""Builds everything and connects it, for each process that the product runs. Read this first.

`run_core` is the controller: settings → site → storage → floor → switch → inbox → link to the screens.
`build_web` is what the web process gets to see: the ports, nothing behind them.
"""

from __future__ import annotations

import logging
import math
import secrets
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import gevent

from cxcore.alerting.alerts import Alerts
from cxcore.alerting.courier import Courier
from cxcore.alerting.mail import Mailer, MailServer
from cxcore.alerting.webhook import Webhook, read_secret
from cxcore.client.accounts import ConfiguredAccounts
from cxcore.client.controller import ControllerClient
from cxcore.client.presence import AgentPresence
from cxcore.client.site import ActiveSite, SiteDirectory
from cxcore.config import PROMPT_TEXTS, MailSecurity, MessageSettings, Settings
from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.dialplan.messages import SiteMessages
from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.reader import read_site
from cxcore.dialplan.site_texts import YamlSiteTexts
from cxcore.dialplan.voices import SitePrompts, used_versions
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import ActivateConfiguration, BecomeAvailable, Command, EndWrapUp, GoOnBreak, LogOff, LogOn
from cxcore.domain.errors import DomainError, IllegalTransition, NotAllowed, NotFound
from cxcore.domain.events import DayBegan, LeaseCheckDue
from cxcore.domain.floor import Floor
from cxcore.domain.measures import QueueDay, milliseconds
from cxcore.domain.site import ConfiguredUser, Site
from cxcore.feed.floor_rows import FloorProjector
from cxcore.feed.link import LinkRefused, LinkSettings
from cxcore.feed.picture import LivePicture
from cxcore.feed.publisher import Publisher
from cxcore.monitoring.border import BorderWatch, ask_sbc
from cxcore.monitoring.logs import LogFolder
from cxcore.monitoring.recordings import RecordingWatch, has_room
from cxcore.monitoring.watch import HealthWatch
from cxcore.ports.accounts import Account, Accounts, NoSuchAccount, Role
from cxcore.ports.audit import AuditResult
from cxcore.ports.clock import Clock
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.controller import CommandOutcome, CommandRefused, ControllerUnavailable, SystemRow
from cxcore.ports.faults import LogExcerpts
from cxcore.ports.messages import MessageCatalogue, SoundLibrary, Speech
from cxcore.ports.outbox import Way
from cxcore.ports.presence import PresenceSource
from cxcore.ports.reports import QueueFigures, Reports
from cxcore.ports.site_texts import SiteTexts
from cxcore.recordings.archive import RecordingArchive
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.privacy import PersonFile
from cxcore.recordings.upkeep import Upkeep
from cxcore.recordings.voice_messages import KEPT, VoiceMessageFolder, write_beep
from cxcore.runner.activation import Activation, ReadSite, VersionRefused
from cxcore.runner.clock import SystemClock, last_midnight, local_time, next_midnight
from cxcore.runner.importing import configured_text
from cxcore.runner.inbox import SIZE, Inbox, InboxFull
from cxcore.runner.pauses import keep_pauses_short
from cxcore.runner.service_desk import BackgroundDesk
from cxcore.runner.supervision import run_until_stopped
from cxcore.runner.timers import TimerHeap
from cxcore.services import alarms, hours, recovery, voicemail
from cxcore.services.workplace import Workplace
from cxcore.simulation.inspection import SiteInspection
from cxcore.sound.lengths import seconds_of_file
from cxcore.sound.library import FileLibrary
from cxcore.sound.speaking import EspeakVoice, HttpVoice, PiperVoice
from cxcore.storage import Storage, open_storage
from cxcore.storage.phone_pins import PinLimits
from cxcore.switch.settings import SwitchSettings
from cxcore.switch.switch import EventSocketSwitch
from lab.agent_desk import DeskRefused

log = logging.getLogger(__name__)

LINK_SECONDS = 3.0
MUSIC_FILES, MUSIC_SECONDS = 12, 90.0
"""Pieces of hold music behind a question, at least; the next text, or the end of the time for an answer, comes long
before they have been played."""
BORDER_SECONDS = 3.0
FIGURES_SECONDS = 0.1
FAREWELL_SECONDS = 0.2
"""For the last changes to reach the screens."""
OPERATOR = "operator"
"""Who acts on the command line of the machine, in the audit."""
CANNOT_START = 2
"""Exit code for what a person must put right; a restart does not help."""

# --- The core --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Core:
    """The parts of a running controller."""

    storage: Storage
    floor: Floor
    inbox: Inbox
    switch: EventSocketSwitch
    picture: LivePicture
    publisher: Publisher
    clock: Clock
    projector: FloorProjector
    activation: Activation
    recordings: RecordingWatch
    desk: BackgroundDesk
    alerts: Alerts


def run_core(settings: Settings) -> int:
    """Run the controller until SIGTERM or SIGINT; returns the exit code."""
    _log_to_stderr(settings)
    try:
        core = start_core(settings)
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    border = _border(settings)
    parts = [
        *([lambda: _watch_border(border)] if border else []),
        core.inbox.run,
        core.activation.run,
        core.desk.run,
        lambda: _watch_health(core, settings.site.state, border),
        lambda: _show_places(core.projector),
        lambda: _show_figures(core.projector),
        *(courier.run for courier in core.alerts.couriers),
    ]
    keep_pauses_short()
    code = run_until_stopped(parts)
    _stop(core)
    return code


class CannotStart(Exception):
    """Something that a person must put right first; the message says what and how."""


@contextmanager
def _plainly() -> Iterator[None]:
    """Let each refusal of a part stop the start with its own words."""
    try:
        yield
    except (ConfigurationRefused, LogUnavailable, LinkRefused, OSError) as refusal:
        raise CannotStart(str(refusal)) from refusal


def start_core(settings: Settings) -> Core:
    """Build the controller and let it serve. Raises `CannotStart`."""
    with _plainly():
        core = build_core(settings)
        core.publisher.start()
    core.switch.start()
    return core


def build_core(settings: Settings) -> Core:
    """Build the controller; connect only to the database."""
    prompts, clock = _prompts(settings), SystemClock()
    storage = _open(settings, "held-facts")
    site = _configured_site(settings, storage, prompts, clock.now())
    make_first_accounts(site, storage.accounts, settings.first_passwords_file)
    timers, picture = TimerHeap(), LivePicture()
    floor = Floor(site)
    projector = FloorProjector(floor, picture, clock)
    switch = EventSocketSwitch(_switch_settings(settings), lambda tiding: inbox.tell(tiding), clock)
    work = Workplace(floor, switch, timers, _sounds(prompts), _new_identity, next_midnight)
    _equip(work, settings, prompts)
    messages = VoiceMessageFolder(settings.voice_messages_directory, KeyRing(settings.recording_keys_directory))
    sounds = sound_library(settings)
    work.voice_messages, work.find_sound = messages, sounds.path
    work.desk = desk = BackgroundDesk(
        storage.phone_pins, sounds, storage.messages, messages, storage.audit, clock, lambda tiding: inbox.tell(tiding)
    )
    recordings = RecordingWatch(settings.incoming_recordings_directory, clock)
    alerts = Alerts(floor.site_queue, local_time, list(_couriers(settings, storage, clock)))
    storage.contact_log.send_with(alerts.letters_of)
    ears = [storage.contact_log.record, projector.hear, recordings.hear]
    inbox = Inbox(work, timers, clock, ears)
    _remember(work, storage, timers, clock.now())
    projector.show_everything()
    activation = Activation(storage.configurations, lambda text: _read_version(settings, text), inbox, clock)
    publisher = Publisher(picture, link_settings(settings), _submit_to(inbox, activation))
    loops = (activation, recordings, desk, alerts)
    return Core(storage, floor, inbox, switch, picture, publisher, clock, projector, *loops)


def _equip(work: Workplace, settings: Settings, prompts: PromptCatalogue) -> None:
    """What calls are told, where they are recorded, and how long what was spoken is kept."""
    beep = settings.site.state / "sounds" / "beep.wav"
    work.beep_seconds, work.beep = write_beep(beep), (beep.absolute(),)
    work.message_days = settings.voicemail.keep_days or None
    work.translations = {language: _sounds(other) for language, other in prompts.languages.items()}
    work.music, work.seconds_of = _music(settings.switch.hold_music_directory), seconds_of_file
    settings.incoming_recordings_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    work.recordings_folder = settings.incoming_recordings_directory.absolute()
    work.room_to_record = lambda: has_room(settings.site.state)


def _couriers(settings: Settings, storage: Storage, clock: Clock) -> Iterator[Courier]:
    """What carries letters to people and systems elsewhere, by each way that is set."""
    alerts = settings.alerts
    parts = (storage.outbox, clock, timedelta(hours=alerts.give_up_hours))
    if alerts.smtp_server:
        if not alerts.sender:
            raise CannotStart(f"{settings.place('alerts.sender')}: write from whom mails about alarms come")
        yield Courier(Way.MAIL, Mailer(_mail_server(settings)).send, *parts)
    if alerts.webhook_url:
        secret = read_secret(settings.webhook_secret_file)
        yield Courier(Way.WEBHOOK, Webhook(alerts.webhook_url, secret, clock.now).send, *parts)


def _mail_server(settings: Settings) -> MailServer:
    alerts, password = settings.alerts, ""
    host, _, port = alerts.smtp_server.rpartition(":")
    if alerts.smtp_password_file is not None:
        password = alerts.smtp_password_file.read_text(encoding="utf-8").strip()
    return MailServer(
        host.strip("[]"),
        int(port),
        alerts.sender,
        tls=alerts.smtp_security is MailSecurity.TLS,
        starttls=alerts.smtp_security is MailSecurity.STARTTLS,
        user=alerts.smtp_user,
        password=password,
    )


def _open(settings: Settings, held_facts: str) -> Storage:
    wrong = settings.service_number
    limits = PinLimits(wrong.pin_attempts, timedelta(minutes=wrong.locked_minutes))
    ways = {Way.MAIL: settings.alerts.smtp_server, Way.WEBHOOK: settings.alerts.webhook_url}
    used = frozenset(way for way, place in ways.items() if place)
    return open_storage(settings.database_url, settings.site.state / held_facts, pin_limits=limits, ways=used)


def _prompts(settings: Settings) -> PromptCatalogue:
    return read_prompts(PROMPT_TEXTS, settings.site.prompts, settings.messages_directory)


def sound_library(settings: Settings) -> FileLibrary:
    """The sounds of messages, and the voice that speaks new ones."""
    largest_bytes = settings.messages.largest_megabytes * 1_000_000
    limits = (largest_bytes, settings.messages.longest_seconds)
    return FileLibrary(settings.messages_directory, _voice(settings.messages), *limits, settings.site.prompts)


def _voice(settings: MessageSettings) -> Speech:
    if settings.speech_url:
        return HttpVoice(settings.speech_url)
    if settings.piper_model is not None:
        return PiperVoice(settings.piper, settings.piper_model)
    return EspeakVoice()


def _configured_site(settings: Settings, storage: Storage, prompts: PromptCatalogue, now: datetime) -> Site:
    """The site of the active version. A file with errors stops the start, also when it would only be imported."""
    site, texts = read_site(settings.site.dialplan, prompts), YamlSiteTexts(lambda: prompts)
    configured = configured_text(settings.site.dialplan, storage.configurations, texts, now)
    if configured.name == settings.site.dialplan:
        return site
    return read_site(configured.name, prompts, configured.text.encode())


def _read_version(settings: Settings, text: str) -> ReadSite:
    try:
        prompts = _prompts(settings)
        return ReadSite(YamlSiteTexts(lambda: prompts).site(text), _sounds(prompts))
    except ConfigurationRefused as refused:
        raise VersionRefused(str(refused)) from refused


def _sounds(prompts: PromptCatalogue) -> dict[str, Path]:
    return {name: prompts.playable(name) for name in prompts.names if not prompts.lacks_sound(name)}


def _music(folder: Path) -> tuple[Path, ...]:
    """The hold music as the files that the switch makes its stream of, over and over."""
    files = sorted(path.absolute() for path in folder.rglob("*.wav"))
    once = sum(seconds_of_file(path) or 0.0 for path in files)
    rounds = math.ceil(MUSIC_SECONDS / once) if once else 0
    return tuple(islice(cycle(files), max(MUSIC_FILES, rounds * len(files))))


def _new_identity() -> str:
    return str(uuid.uuid4())


def _remember(work: Workplace, storage: Storage, timers: TimerHeap, now: datetime) -> None:
    """Take up what the log knows: the agents, what was left open, the figures of the day; and set the first timers."""
    _count_the_day(work.floor, storage.reports, now)
    recovery.remember(work, storage.contact_log, now)
    voicemail.forget_old(work, now)
    hours.watch_timetables(work, now)
    alarms.watch(work, now)
    timers.set(LeaseCheckDue(now + timedelta(seconds=recovery.CHECK_SECONDS)))
    timers.set(DayBegan(next_midnight(now)))


def _count_the_day(floor: Floor, reports: Reports, now: datetime) -> None:
    floor.day.begin(last_midnight(now))
    for messages, days in ((False, floor.day.queues), (True, floor.day.messages)):
        for figures in reports.queue_figures(last_midnight(now), now, messages):
            if figures.queue_id in floor.site.queues:
                _take_over(days[figures.queue_id], figures)


def _take_over(day: QueueDay, figures: QueueFigures) -> None:
    for name in ("offered", "answered", "answered_in_time", "abandoned", "quick_drops", "moved", "closed"):
        setattr(day, name, getattr(figures, name))
    day.wait_ms = milliseconds(figures.wait_seconds)
    day.longest_wait_ms = milliseconds(figures.longest_wait_seconds)


def _switch_settings(settings: Settings) -> SwitchSettings:
    file = settings.event_socket_password_file
    password = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    if not password:
        raise CannotStart(f"{file} holds no password for the event socket: write one into it, or start with cx run")
    return SwitchSettings(
        settings.switch.host,
        settings.switch.port,
        password,
        sip_profile=settings.switch.profile,
        gateway=settings.switch.gateway,
        softphones=str(settings.switch.trunk),
        hold_music=f"local_stream://{settings.switch.hold_music}",
    )


def link_settings(settings: Settings) -> LinkSettings:
    """Where core and web meet."""
    return LinkSettings(settings.changes_endpoint, settings.commands_endpoint)


def _submit_to(inbox: Inbox, activation: Activation) -> Callable[[Command, Callable[[CommandOutcome], None]], None]:
    def submit(command: Command, reply: Callable[[CommandOutcome], None]) -> None:
        try:
            if isinstance(command, ActivateConfiguration):
                activation.ask(command, lambda refusal: reply(_outcome(refusal)))
            else:
                inbox.submit(command, lambda refusal: reply(_outcome(refusal)))
        except InboxFull as full:
            raise ControllerUnavailable(str(full)) from full

    return submit


def _outcome(refusal: DomainError | None) -> CommandOutcome:
    match refusal:
        case None:
            return CommandOutcome()
        case NotAllowed():
            return CommandOutcome(refusal.code, str(refusal))
        case NotFound():
            return CommandOutcome("not-found", str(refusal))
        case IllegalTransition():
            return CommandOutcome("not-now", str(refusal))
        case _:
            return CommandOutcome("failed", str(refusal))


def _border(settings: Settings) -> BorderWatch | None:
    """Who watches trunk and Teams; None where the SBC has neither, or cannot be asked."""
    sbc = settings.sbc
    if not (sbc.trunk.addresses or sbc.teams.name) or not sbc.websocket_port:
        return None
    trunk = tuple(map(str, sbc.trunk.addresses))
    return BorderWatch(lambda: ask_sbc(sbc.hosts[0], sbc.websocket_port), trunk, bool(sbc.teams.name))


def _watch_border(border: BorderWatch) -> None:
    """Ask the SBC every few seconds how its lines are."""
    while True:
        gevent.sleep(BORDER_SECONDS)
        border.look()


def _watch_health(core: Core, disk: Path, border: BorderWatch | None) -> None:
    """Show once a second how the system is; until the switch is found, that it is not there."""
    core.picture.replace(SystemRow("switch", healthy=False, since=core.clock.now(), reason="not connected yet"))
    show, others = core.picture.replace, (core.recordings.reading, core.alerts.reading)
    outside = border.readings if border else tuple
    watch = HealthWatch(core.storage.contact_log, core.inbox.depth, SIZE, disk, core.clock, show, others, outside)
    while True:
        watch.look()
        gevent.sleep(1.0)


def _show_places(projector: FloorProjector) -> None:
    """Show once a second where those stand whom a departure moved up, and what a timetable opened or closed."""
    while True:
        projector.show_hours()
        while projector.show_places():
            gevent.sleep(0)  # the inbox comes first
        gevent.sleep(1.0)


def _show_figures(projector: FloorProjector) -> None:
    """Show ten times a second what changed in the figures of queues."""
    while True:
        while projector.show_figures():
            gevent.sleep(0)  # the inbox comes first
        gevent.sleep(FIGURES_SECONDS)


def _stop(core: Core) -> None:
    """Tell the screens, let go of the switch with its legs as they are, and write every fact. The inbox has ended."""
    why = "the core is being stopped; calls go on, and the next core takes them up"
    core.picture.replace(SystemRow("core", healthy=False, since=core.clock.now(), reason=why))
    gevent.sleep(FAREWELL_SECONDS)
    core.switch.stop()
    core.publisher.stop()
    core.storage.close()


def _log_to_stderr(settings: Settings) -> None:
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=settings.log.level.upper(), format=form, stream=sys.stderr)


# --- Accounts at the first start -------------------------------------------------------------------------------------


def make_first_accounts(site: Site, accounts: Accounts, passwords_file: Path) -> None:
    """Give every user of the site who has no account one, with a generated password.

    The passwords go into `passwords_file` (mode 0600), one `USER PASSWORD` a line, until somebody has shown them.
    """
    known = {account.username for account in accounts.all()}
    for user in site.users.values():
        if user.username not in known:
            _make_account(user, accounts, passwords_file)


def _make_account(user: ConfiguredUser, accounts: Accounts, passwords_file: Path) -> None:
    password = secrets.token_urlsafe(12)
    accounts.create(Account(user.username, user.name, Role(user.role), user.agent_id), password)
    # At once, so that a start that is broken off leaves no account whose password nobody ever saw.
    passwords_file.parent.mkdir(parents=True, exist_ok=True)
    passwords_file.touch(mode=0o600)
    with passwords_file.open("a", encoding="utf-8") as file:
        file.write(f"{user.username} {password}\n")


def give_new_password(settings: Settings, username: str) -> int:
    """Replace a user's password by a generated one and print it; returns the exit code."""
    password = secrets.token_urlsafe(12)
    try:
        with _plainly():
            storage = open_storage(settings.database_url, settings.site.state / "held-facts-of-web")
            storage.accounts.set_password(username, password)
            storage.audit.record(OPERATOR, "set-password", username, AuditResult.DONE, "", SystemClock().now())
    except (CannotStart, NoSuchAccount) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    storage.close()
    sys.stdout.write(f"{username} {password}\n")
    return 0


# --- Robots ----------------------------------------------------------------------------------------------------------


class RobotDesk:
    """Implements the lab's `AgentDesk`: what robot agents do at their screens goes to the core as commands."""

    def __init__(self, controller: ControllerClient) -> None:
        self._controller = controller

    def log_on(self, agent: str) -> None:
        """Log on for all memberships."""
        self._do(LogOn(agent, AgentId(agent)))

    def log_off(self, agent: str) -> None:
        """Log off."""
        self._do(LogOff(agent, AgentId(agent)))

    def go_on_break(self, agent: str, reason: str) -> None:
        """Begin a break."""
        self._do(GoOnBreak(agent, AgentId(agent), reason))

    def available(self, agent: str) -> None:
        """End a break."""
        self._do(BecomeAvailable(agent, AgentId(agent)))

    def end_wrap_up(self, agent: str) -> None:
        """Be done with the last contact."""
        self._do(EndWrapUp(agent, AgentId(agent)))

    def _do(self, command: Command) -> None:
        try:
            self._controller.submit(command)
        except (CommandRefused, ControllerUnavailable) as refusal:
            raise DeskRefused(str(refusal)) from refusal


@contextmanager
def desk_of_robots(settings: Settings) -> Iterator[RobotDesk]:
    """A desk in the running system, for robot agents."""
    controller = ControllerClient(link_settings(settings))
    controller.start()
    controller.wait_for_picture(LINK_SECONDS)
    yield RobotDesk(controller)
    controller.stop()


# --- The web process -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WebSide:
    """What the web process gets to see."""

    controller: ControllerClient
    storage: Storage
    directory: SiteDirectory
    accounts: Accounts
    clock: Clock
    texts: SiteTexts
    inspection: SiteInspection
    sounds: SoundLibrary
    catalogue: MessageCatalogue
    recordings: RecordingArchive
    privacy: PersonFile
    logs: LogExcerpts
    presence: PresenceSource


def build_web(settings: Settings) -> WebSide:
    """Build the ports of the web process, and begin to follow the core. Raises `CannotStart`."""
    _log_to_stderr(settings)
    with _plainly():
        read_site(settings.site.dialplan, _prompts(settings))
        storage = _open(settings, "held-facts-of-web")
        controller = ControllerClient(link_settings(settings))
    controller.start()
    texts = YamlSiteTexts(lambda: _prompts(settings))
    directory = SiteDirectory(storage.configurations, texts, settings.site.dialplan)
    catalogue = SiteMessages(directory.content, lambda: _prompts(settings))
    active = ActiveSite(storage.configurations, texts, settings.site.dialplan)
    sounds = sound_library(settings)
    prompts = SitePrompts(lambda: _prompts(settings), lambda: used_versions(storage.messages), sounds.path)
    circumstances = lambda: storage.contact_log.steering().circumstances()  # noqa: E731 - handed on, below
    inspection = SiteInspection(active, prompts.voices, prompts.sound, lambda: gevent.sleep(0), circumstances)
    keys = KeyRing(settings.recording_keys_directory)
    recordings = RecordingArchive(storage.recordings, settings.kept_recordings_directory, keys)
    accounts = ConfiguredAccounts(storage.accounts, directory.content)
    logs = LogFolder(settings.log_directory)
    clock = SystemClock()
    privacy = _person_file(settings, storage, keys, clock, controller)
    sides = (texts, inspection, sounds, catalogue, recordings, privacy, logs, AgentPresence(controller))
    return WebSide(controller, storage, directory, accounts, clock, *sides)


def _person_file(
    settings: Settings, storage: Storage, keys: KeyRing, clock: Clock, controller: ControllerClient
) -> PersonFile:
    messages, kept = settings.voice_messages_directory, settings.kept_recordings_directory
    upkeep = Upkeep(storage.recordings, kept, keys, storage.audit, clock, messages / KEPT)
    folder = VoiceMessageFolder(messages, keys, serves=False)
    return PersonFile(storage.persons, upkeep, folder, controller.submit)
