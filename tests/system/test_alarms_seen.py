"""An alarm from its beginning to its end: on the screens, by mail and by webhook, and by name in between [31]."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cxcore.domain.commands import AcknowledgeAlarm
from cxcore.domain.queue import QueueId
from cxcore.domain.thresholds import AlarmKind
from cxcore.ports.controller import AlarmRow
from tests.contract.engines import Engine
from tests.mail_server import MailServer, mail_server
from tests.system.conftest import on_stage
from tests.system.stage import Stage, until
from tests.web_receiver import Post, receiver

pytestmark = pytest.mark.system
ALARMS = {"agents": {"raise": 1, "clear": 2, "after_seconds": 0}, "mail": ["teamleider@example.nl"]}
"""Raised when nobody is available, over when two are: with one it stands between the two levels."""


class AlertedStage(Stage):
    """A core that mails and posts its alarms."""

    def __init__(self, engine: Engine, folder: Path, alerts: dict[str, object]) -> None:
        self._alerts = alerts
        super().__init__(engine, folder, queue={"alarms": ALARMS})

    def _settings(self) -> dict[str, object]:
        return {**super()._settings(), "alerts": self._alerts}

    def alarm(self) -> AlarmRow | None:
        return next((row for row in self.rows().values() if isinstance(row, AlarmRow)), None)


@dataclass(frozen=True, slots=True)
class Watched:
    stage: AlertedStage
    mail: MailServer
    posts: list[Post]


@pytest.fixture
def watched(system_engine: Engine, tmp_path: Path) -> Iterator[Watched]:
    with mail_server() as mail, receiver() as (url, posts):
        alerts: dict[str, object] = {"smtp_server": f"127.0.0.1:{mail.port}", "smtp_security": "none"}
        alerts |= {"sender": "cx@example.nl", "webhook_url": url}
        with on_stage(stage := AlertedStage(system_engine, tmp_path, alerts)):
            yield Watched(stage, mail, posts)


def test_given_an_alarm_when_it_is_seen_and_the_figure_recovers_then_it_ends_at_its_second_level_and_all_are_told(
    watched: Watched,
) -> None:
    stage = watched.stage
    until(stage.alarm, "nobody is available: the alarm stands on the screens")
    until(lambda: len(watched.mail.messages) == 1 and watched.posts, "it is mailed and posted")
    stage.does(AcknowledgeAlarm("sofie", QueueId("burgerzaken"), AlarmKind.AGENTS))
    until(lambda: (alarm := stage.alarm()) and alarm.acknowledged_by, "the screens say who has seen it")
    stage.log_on("anna")
    with pytest.raises(AssertionError, match="not within"):
        until(lambda: stage.alarm() is None, "one agent is between the levels", 3)
    stage.log_on("bram")
    until(lambda: stage.alarm() is None, "two agents are enough")
    until(lambda: len(watched.mail.messages) == 2, "its end is mailed")
    until(lambda: len(watched.posts) >= 2, "its end is posted")
    assert [message["Subject"].split(":")[0] for message in watched.mail.messages] == [
        "Alarm Burgerzaken", "Alarm voorbij Burgerzaken",
    ]  # fmt: skip
    assert [json.loads(body)["type"] for _, _, body in watched.posts] == ["alarm.raised", "alarm.cleared"]
