"""What the web process gets to see: the ports, nothing behind them."""

from __future__ import annotations

from dataclasses import dataclass

import gevent

from cxcore.alerting.fault_mail import MailedFaults
from cxcore.bootstrap.site import prompt_catalogue, sound_library
from cxcore.bootstrap.starting import link_settings, log_to_stderr, open_database, plainly
from cxcore.client.accounts import ConfiguredAccounts
from cxcore.client.controller import ControllerClient
from cxcore.client.presence import AgentPresence
from cxcore.client.site import ActiveSite, SiteDirectory
from cxcore.config import Settings
from cxcore.dialplan.messages import SiteMessages
from cxcore.dialplan.reader import read_site
from cxcore.dialplan.site_texts import YamlSiteTexts
from cxcore.dialplan.voices import SitePrompts, used_versions
from cxcore.monitoring.logs import LogFolder
from cxcore.ports.accounts import Accounts
from cxcore.ports.clock import Clock
from cxcore.ports.faults import Faults, LogExcerpts
from cxcore.ports.messages import MessageCatalogue, SoundLibrary
from cxcore.ports.presence import PresenceSource
from cxcore.ports.site_texts import SiteTexts
from cxcore.ports.transcripts import Transcripts
from cxcore.recordings.archive import RecordingArchive
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.privacy import PersonFile
from cxcore.recordings.transcripts import TranscriptFolder
from cxcore.recordings.upkeep import Upkeep
from cxcore.recordings.voice_messages import KEPT, VoiceMessageFolder
from cxcore.runner.clock import SystemClock, local_time
from cxcore.simulation.inspection import SiteInspection
from cxcore.storage import Storage


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
    faults: Faults
    logs: LogExcerpts
    presence: PresenceSource
    transcripts: Transcripts


def build_web(settings: Settings) -> WebSide:
    """Build the ports of the web process, and begin to follow the core. Raises `CannotStart`."""
    log_to_stderr(settings)
    with plainly():
        read_site(settings.site.dialplan, prompt_catalogue(settings))
        storage = open_database(settings, "held-facts-of-web")
        controller = ControllerClient(link_settings(settings))
    controller.start()
    texts = YamlSiteTexts(lambda: prompt_catalogue(settings))
    directory = SiteDirectory(storage.configurations, texts, settings.site.dialplan)
    catalogue = SiteMessages(directory.content, lambda: prompt_catalogue(settings))
    active = ActiveSite(storage.configurations, texts, settings.site.dialplan)
    sounds = sound_library(settings)
    prompts = SitePrompts(lambda: prompt_catalogue(settings), lambda: used_versions(storage.messages), sounds.path)
    circumstances = lambda: storage.contact_log.steering().circumstances()  # noqa: E731 - handed on, below
    breathe = lambda: gevent.sleep(0)  # noqa: E731 - handed on, below
    inspection = SiteInspection(active, prompts.voices, prompts.sound, breathe, circumstances, texts.heard_site)
    keys = KeyRing(settings.recording_keys_directory)
    recordings = RecordingArchive(storage.recordings, settings.kept_recordings_directory, keys)
    accounts = ConfiguredAccounts(storage.accounts, directory.content)
    logs = LogFolder(settings.log_directory)
    clock = SystemClock()
    privacy = _person_file(settings, storage, keys, clock, controller)
    faults = MailedFaults(storage.faults, storage.outbox, settings.alerts.fault_mail, local_time)
    transcripts = TranscriptFolder(settings.chat_keys_directory)
    sides = (texts, inspection, sounds, catalogue, recordings, privacy, faults, logs)
    more = (AgentPresence(controller), transcripts)
    return WebSide(controller, storage, directory, accounts, clock, *sides, *more)


def _person_file(
    settings: Settings, storage: Storage, keys: KeyRing, clock: Clock, controller: ControllerClient
) -> PersonFile:
    messages, kept = settings.voice_messages_directory, settings.kept_recordings_directory
    upkeep = Upkeep(storage.recordings, kept, keys, storage.audit, clock, messages / KEPT)
    folder = VoiceMessageFolder(messages, keys, serves=False)
    transcripts = TranscriptFolder(settings.chat_keys_directory)
    return PersonFile(storage.persons, upkeep, folder, transcripts, controller.submit)
