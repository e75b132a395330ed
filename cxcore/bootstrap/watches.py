"""What the core looks at and shows over and over, beside the inbox."""

from __future__ import annotations

from collections.abc import Callable

import gevent

from cxcore.config import Enabled, Settings
from cxcore.domain.tidings import Tiding
from cxcore.feed.floor_rows import FloorProjector
from cxcore.monitoring.border import BorderWatch, ask_sbc
from cxcore.monitoring.certificates import CertificateWatch
from cxcore.monitoring.relay import RelayWatch
from cxcore.monitoring.sound import RtpengineMeter, ask
from cxcore.monitoring.watch import HealthWatch
from cxcore.ports.clock import Clock

BORDER_SECONDS = 3.0
FIGURES_SECONDS = 0.1


def border_watch(settings: Settings) -> BorderWatch | None:
    """Who watches trunk and Teams; None where the SBC has neither, or cannot be asked."""
    sbc = settings.sbc
    if not (sbc.trunk.addresses or sbc.teams.name) or not sbc.websocket_port:
        return None
    trunk = tuple(map(str, sbc.trunk.addresses))
    return BorderWatch(lambda: ask_sbc(sbc.hosts[0], sbc.websocket_port), trunk, bool(sbc.teams.name))


def sound_meter(settings: Settings, clock: Clock, tell: Callable[[Tiding], None]) -> RtpengineMeter | None:
    """Who asks rtpengine; None where there is no SBC for it to stand beside."""
    control = settings.sbc.rtpengine.control
    used = settings.sbc.enabled is not Enabled.NO
    return RtpengineMeter((control.host, control.port), clock, tell) if used else None


def relay_watch(settings: Settings, clock: Clock, tell: Callable[[Tiding], None]) -> RelayWatch | None:
    """Who looks whether rtpengine lives; None where there is no SBC for it to stand beside."""
    control = settings.sbc.rtpengine.control
    asked = lambda: ask((control.host, control.port), {"command": "statistics"})  # noqa: E731 - handed on, below
    return RelayWatch(asked, clock, tell) if settings.sbc.enabled is not Enabled.NO else None


def certificate_watch(settings: Settings, clock: Clock) -> CertificateWatch:
    """Who looks how long the certificates last that stand on this machine."""
    files = {}
    if settings.sbc.enabled is not Enabled.NO:
        files["the SBC"] = settings.run_directory / "sbc/certificate.pem"
    if settings.web.certificate is not None:
        files["the pages"] = settings.web.certificate
    return CertificateWatch(files, clock)


def watch_relay(relay: RelayWatch) -> None:
    """Ask rtpengine every second."""
    while True:
        relay.look()
        gevent.sleep(1.0)


def watch_border(border: BorderWatch) -> None:
    """Ask the SBC every few seconds how its lines are."""
    while True:
        gevent.sleep(BORDER_SECONDS)
        border.look()


def watch_health(watch: HealthWatch) -> None:
    """Show once a second how the system is."""
    while True:
        watch.look()
        gevent.sleep(1.0)


def show_places(projector: FloorProjector) -> None:
    """Show once a second where those stand whom a departure moved up, and what a timetable opened or closed."""
    while True:
        projector.show_hours()
        projector.forget_chats()
        while projector.show_places():
            gevent.sleep(0)  # the inbox comes first
        gevent.sleep(1.0)


def show_figures(projector: FloorProjector) -> None:
    """Show ten times a second what changed in the figures of queues, and who writes in chats."""
    while True:
        projector.show_touched_chats()
        while projector.show_figures():
            gevent.sleep(0)  # the inbox comes first
        gevent.sleep(FIGURES_SECONDS)
