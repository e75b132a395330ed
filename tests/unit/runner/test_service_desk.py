"""Sounds of messages that became no version are removed; those of versions are kept, in use or not [48b]."""

from __future__ import annotations

import io
import logging
from datetime import timedelta

import gevent
import pytest

from cxcore.ports.audit import AuditResult
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.messages import MessageVersion, Origin
from cxcore.runner.service_desk import BackgroundDesk
from tests.fakes.audit import FakeAudit
from tests.fakes.clock import FakeClock
from tests.fakes.messages import FakeMessageVersions, FakeSoundLibrary
from tests.fakes.service_desk import FakePhonePins
from tests.fakes.voice_messages import FakeVoiceMessages


class Versions(FakeMessageVersions):
    """The database can be away."""

    away = False

    def all(self) -> list[MessageVersion]:
        if self.away:
            raise LogUnavailable("the database is away")
        return list(super().all())


class Shelf:
    """A desk with a used version, an earlier one, and a recording that was thrown away."""

    def __init__(self) -> None:
        self.sounds, self.versions, self.clock = FakeSoundLibrary(), Versions({}), FakeClock()
        self.audit = FakeAudit()
        fakes = (FakePhonePins(), self.sounds, self.versions, FakeVoiceMessages(), self.audit, self.clock)
        self.desk = BackgroundDesk(*fakes, tell=lambda _: None, keep_unused=timedelta(days=30))
        self.earlier, self.used, self.thrown_away = (
            self.sounds.take("welkom", io.BytesIO(b"RIFF" + spoken)) for spoken in (b"one", b"two", b"three")
        )
        for sound in (self.earlier, self.used):
            self.versions.add("welkom", sound, Origin.PHONED, "", "sofie", self.clock.now())

    def tidies(self) -> None:
        """Jobs are done one after another, so it is done when the note after it stands in the audit."""
        self.desk.tidy()
        self.desk.note("sofie", "tidied", "", AuditResult.DONE, "")
        greenlet = gevent.spawn(self.desk.run)
        with gevent.Timeout(30):
            while not self.audit.events:
                gevent.sleep(0.01)
        greenlet.kill()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_only_a_sound_without_version_is_removed_and_that_is_logged(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shelf.tidies()
    assert shelf.sounds.path(shelf.thrown_away.sound) is None
    assert shelf.sounds.path(shelf.earlier.sound) and shelf.sounds.path(shelf.used.sound)
    assert shelf.thrown_away.sound in caplog.text
    assert shelf.sounds.forgotten_before == shelf.clock.now() - timedelta(days=30)


def test_nothing_is_removed_while_the_versions_are_not_known(shelf: Shelf) -> None:
    shelf.versions.away = True
    shelf.tidies()
    assert shelf.sounds.path(shelf.thrown_away.sound)
