"""What the screens are given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from cxcore.ports.accounts import Accounts
from cxcore.ports.agent_calls import AgentCalls
from cxcore.ports.audit import Audit
from cxcore.ports.clock import Clock
from cxcore.ports.configurations import Configurations
from cxcore.ports.controller import Controller
from cxcore.ports.desks import Desks
from cxcore.ports.directory import Directory
from cxcore.ports.employees import Employees
from cxcore.ports.faults import Faults, LogExcerpts
from cxcore.ports.inspection import Inspection
from cxcore.ports.messages import MessageCatalogue, MessageVersions, SoundLibrary
from cxcore.ports.presence import PresenceSource
from cxcore.ports.privacy import Privacy
from cxcore.ports.recordings import Recordings
from cxcore.ports.reports import Reports
from cxcore.ports.service_desk import PhonePins
from cxcore.ports.site_texts import SiteTexts
from cxcore.ports.transcripts import NO_TRANSCRIPTS, Transcripts
from cxcore.ports.wallboards import Wallboards


@dataclass(frozen=True, slots=True)
class MessagePorts:
    """What the pages of messages work with."""

    sounds: SoundLibrary
    versions: MessageVersions
    catalogue: MessageCatalogue
    pins: PhonePins


@dataclass(frozen=True, slots=True)
class DeskPorts:
    """What the agent's page works with beside the live picture."""

    employees: Employees
    presence: PresenceSource
    calls: AgentCalls
    layouts: Desks


@dataclass(frozen=True, slots=True)
class WebPorts:
    """Every port that a page may use; there is no other way to the core."""

    controller: Controller
    accounts: Accounts
    reports: Reports
    directory: Directory
    audit: Audit
    clock: Clock
    configurations: Configurations
    texts: SiteTexts
    wallboards: Wallboards
    inspection: Inspection
    messages: MessagePorts
    recordings: Recordings
    privacy: Privacy
    faults: Faults
    logs: LogExcerpts
    desk: DeskPorts
    transcripts: Transcripts = NO_TRANSCRIPTS


def ports() -> WebPorts:
    """The ports of the application that serves the present request."""
    return cast(WebPorts, current_app.extensions["cx-ports"])
