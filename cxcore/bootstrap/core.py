"""The controller: settings → site → storage → floor → switch → inbox → link to the screens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import gevent

from cxcore.alerting.alerts import Alerts
from cxcore.bootstrap.accounts import make_first_accounts
from cxcore.bootstrap.alerting import couriers, line_courier
from cxcore.bootstrap.commands import submit_to
from cxcore.bootstrap.memory import remember
from cxcore.bootstrap.site import configured_site, playable_sounds, prompt_catalogue, read_version, sound_library
from cxcore.bootstrap.starting import CANNOT_START, CannotStart, link_settings, log_to_stderr, open_database, plainly
from cxcore.bootstrap.watches import (
    border_watch,
    certificate_watch,
    relay_watch,
    show_figures,
    show_places,
    sound_meter,
    watch_border,
    watch_health,
    watch_relay,
)
from cxcore.bootstrap.workplace import equip, new_identity, switch_settings
from cxcore.config import Settings
from cxcore.domain.floor import Floor
from cxcore.domain.health import read_sound
from cxcore.domain.tidings import Tiding
from cxcore.feed.floor_rows import FloorProjector
from cxcore.feed.picture import LivePicture
from cxcore.feed.publisher import Publisher
from cxcore.monitoring.border import BorderWatch
from cxcore.monitoring.certificates import CertificateWatch
from cxcore.monitoring.recordings import RecordingWatch
from cxcore.monitoring.relay import RelayWatch
from cxcore.monitoring.sound import RtpengineMeter
from cxcore.monitoring.watch import HealthWatch
from cxcore.ports.clock import Clock
from cxcore.ports.controller import SystemRow
from cxcore.ports.sound_meter import NO_SOUND_METER
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.voice_messages import VoiceMessageFolder
from cxcore.runner.activation import Activation
from cxcore.runner.clock import SystemClock, local_time, next_midnight
from cxcore.runner.inbox import SIZE, Inbox
from cxcore.runner.pauses import keep_pauses_short
from cxcore.runner.service_desk import BackgroundDesk
from cxcore.runner.supervision import run_until_stopped
from cxcore.runner.timers import TimerHeap
from cxcore.services.workplace import Workplace
from cxcore.storage import Storage
from cxcore.switch.switch import EventSocketSwitch

FAREWELL_SECONDS = 0.2
"""For the last changes to reach the screens."""


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
    sound_meter: RtpengineMeter | None
    relay: RelayWatch | None


def run_core(settings: Settings) -> int:
    """Run the controller until SIGTERM or SIGINT; returns the exit code."""
    log_to_stderr(settings)
    try:
        core = start_core(settings)
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    keep_pauses_short()
    code = run_until_stopped(list(_loops(core, settings)))
    _stop(core)
    return code


def _loops(core: Core, settings: Settings) -> Iterator[Callable[[], None]]:
    """What runs until the core is stopped."""
    border = border_watch(settings)
    certificates = certificate_watch(settings, core.clock)
    health = _health_watch(core, settings.site.state, border, certificates)
    yield from (core.inbox.run, core.activation.run, core.desk.run)
    yield from (partial(watch_health, health), partial(show_places, core.projector))
    yield partial(show_figures, core.projector)
    yield from (courier.run for courier in core.alerts.couriers)
    if core.sound_meter:
        yield core.sound_meter.run
    if core.relay:
        yield partial(watch_relay, core.relay)
    if border:
        yield partial(watch_border, border)


def _health_watch(core: Core, disk: Path, border: BorderWatch | None, certificates: CertificateWatch) -> HealthWatch:
    """How the system is; until the switch is found, that it is not there."""
    core.picture.replace(SystemRow("switch", healthy=False, since=core.clock.now(), reason="not connected yet"))
    sound = lambda: read_sound(core.floor.quality.mean_of_all(core.clock.now()))  # noqa: E731 - handed on, below
    show, others = core.picture.replace, [core.recordings.reading, core.alerts.reading, sound]
    if core.relay:
        others.append(core.relay.reading)
    outside = lambda: (*(border.readings() if border else ()), *certificates.readings())  # noqa: E731 - handed on, below
    return HealthWatch(core.storage.contact_log, core.inbox.depth, SIZE, disk, core.clock, show, others, outside)


def start_core(settings: Settings) -> Core:
    """Build the controller and let it serve. Raises `CannotStart`."""
    with plainly():
        core = build_core(settings)
        core.publisher.start()
    core.switch.start()
    return core


def build_core(settings: Settings) -> Core:
    """Build the controller; connect only to the database."""
    prompts, clock = prompt_catalogue(settings), SystemClock()
    storage = open_database(settings, "held-facts")
    site = configured_site(settings, storage, prompts, clock.now())
    make_first_accounts(site, storage.accounts, settings.first_passwords_file)
    timers, picture = TimerHeap(), LivePicture()
    floor = Floor(site)
    projector = FloorProjector(floor, picture, clock)
    switch = EventSocketSwitch(switch_settings(settings), lambda tiding: inbox.tell(tiding), clock)
    work = Workplace(floor, switch, timers, playable_sounds(prompts), new_identity, next_midnight)
    equip(work, settings, prompts)
    work.desk = desk = _service_desk(work, settings, storage, clock, lambda tiding: inbox.tell(tiding))
    recordings = RecordingWatch(settings.incoming_recordings_directory, clock)
    lines = line_courier(settings, storage, clock, lambda tiding: inbox.tell(tiding))
    alerts = Alerts(floor.site_queue, local_time, [*couriers(settings, storage, clock), *lines])
    storage.contact_log.send_with(alerts.letters_of)
    ears = [storage.contact_log.record, projector.hear, recordings.hear]
    inbox = Inbox(work, timers, clock, ears)
    remember(work, storage, timers, clock.now())
    projector.show_everything()
    activation = Activation(storage.configurations, lambda text: read_version(settings, text), inbox, clock)
    publisher = Publisher(picture, link_settings(settings), submit_to(inbox, activation))
    meter = sound_meter(settings, clock, lambda tiding: inbox.tell(tiding))
    work.sound_meter = meter or NO_SOUND_METER
    relay = relay_watch(settings, clock, lambda tiding: inbox.tell(tiding))
    loops = (activation, recordings, desk, alerts, meter, relay)
    return Core(storage, floor, inbox, switch, picture, publisher, clock, projector, *loops)


def _service_desk(
    work: Workplace, settings: Settings, storage: Storage, clock: Clock, tell: Callable[[Tiding], None]
) -> BackgroundDesk:
    """Who does for the services what takes time: sounds, PINs, voice messages."""
    messages = VoiceMessageFolder(settings.voice_messages_directory, KeyRing(settings.recording_keys_directory))
    sounds = sound_library(settings)
    work.voice_messages, work.find_sound = messages, sounds.path
    keep_unused = timedelta(days=settings.messages.keep_unused_days)
    stores = (storage.phone_pins, sounds, storage.messages, messages, storage.audit)
    return BackgroundDesk(*stores, clock, tell, keep_unused)


def _stop(core: Core) -> None:
    """Tell the screens, let go of the switch with its legs as they are, and write every fact. The inbox has ended."""
    why = "the core is being stopped; calls go on, and the next core takes them up"
    core.picture.replace(SystemRow("core", healthy=False, since=core.clock.now(), reason=why))
    gevent.sleep(FAREWELL_SECONDS)
    core.switch.stop()
    core.publisher.stop()
    core.storage.close()
