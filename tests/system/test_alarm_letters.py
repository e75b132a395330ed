"""A core is killed after it raised an alarm and before anybody was told: the next core tells it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.contract.sound import tone, write_wav
from tests.mail_server import mail_server
from tests.web_receiver import receiver

pytestmark = [pytest.mark.system, pytest.mark.alone]

SITE = {
    "site": "Proef",
    "numbers": {"+31715550100": "burgerzaken"},
    "flows": {"burgerzaken": [{"queue": "burgerzaken"}]},
    "queues": {
        "burgerzaken": {
            "name": "Burgerzaken",
            "announcement": {"prompt": "even-geduld"},
            "alarms": {"agents": {"raise": 1, "after_seconds": 0}, "mail": ["teamleider@example.nl"]},
        }
    },
    "caller_number": "+31715550100",
    "users": {"anna": {"name": "Anna", "role": "agent", "queues": {"burgerzaken": 1}, "device": "sip:a@[::1]:9"}},
}
"""Nobody is at work, so that the alarm for too few agents is raised with the first look; no switch is needed."""


def write_settings(folder: Path, alerts: dict[str, object]) -> None:
    write_wav(folder / "prompts" / "even-geduld.wav", tone(440, 0.2))
    (folder / "state" / "run").mkdir(parents=True, mode=0o700)
    (folder / "password").write_text("geheim", encoding="utf-8")
    (folder / "site.yml").write_text(yaml.safe_dump(SITE), encoding="utf-8")
    run = folder / "state" / "run"
    settings = {
        "site": {"dialplan": str(folder / "site.yml"), "prompts": str(folder / "prompts"), "state": str(run.parent)},
        "switch": {"host": "127.0.0.1", "port": 9, "password_file": str(folder / "password")},
        "database": {"url": f"sqlite:///{folder / 'cx.db'}"},
        "link": {"changes": f"ipc://{run}/changes.sock", "commands": f"ipc://{run}/requests.sock"},
        "alerts": {"smtp_security": "none", "sender": "cx@example.nl", **alerts},
    }
    (folder / "cx.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")


@contextmanager
def core(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "cxcore", "core", "--config", str(folder / "cx.yml")]
    with (folder / "core.out").open("ab") as output:
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield running
    finally:
        running.kill()
        running.wait(5)


def until(condition: Callable[[], object], folder: Path, seconds: float = 60.0) -> None:
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, (folder / "core.out").read_text(encoding="utf-8")[-3000:]
        time.sleep(0.02)


def test_given_a_core_killed_between_alarm_and_mail_then_the_next_core_mails_it_once(tmp_path: Path) -> None:
    with mail_server() as mail, receiver() as (url, posts):
        mail.refusals = 1_000_000
        alerts: dict[str, object] = {"smtp_server": f"127.0.0.1:{mail.port}", "webhook_url": url}
        write_settings(tmp_path, alerts)
        with core(tmp_path) as first:
            until(lambda: posts and mail.refusals < 1_000_000, tmp_path)
            first.kill()
            first.wait(5)
        assert mail.messages == []
        mail.refusals = 0
        with core(tmp_path):
            until(lambda: mail.messages, tmp_path)
            time.sleep(1.5)  # a second mail would leave with the next look
    assert [message["Subject"] for message in mail.messages] == ["Alarm Burgerzaken: beschikbare medewerkers: 0"]
    assert mail.recipients == [["teamleider@example.nl"]]
    ids = {headers["webhook-id"] for _, headers, _ in posts}
    assert len(ids) == 1  # a kill before it was noted that the post was taken posts it again, under the same id
    assert json.loads(posts[0][2])["type"] == "alarm.raised"
