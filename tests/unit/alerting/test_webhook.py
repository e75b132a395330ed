"""Alarms posted to a web address."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxcore.alerting.courier import NotDelivered
from cxcore.alerting.notices import Notice
from cxcore.alerting.webhook import Webhook, read_secret, sign
from cxcore.domain.thresholds import AlarmKind
from cxcore.ports.outbox import KeptLetter, Letter, Way
from tests.web_receiver import receiver

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
NOTICE = Notice(AT, True, "burgerzaken", "Burgerzaken", AlarmKind.WAITING, 9.0, 8.0)
LETTER = KeptLetter("n1", AT, Letter(Way.WEBHOOK, NOTICE.subject, NOTICE.posted), 1)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

def test_post_tells_the_alarm_and_bears_the_signature_that_its_receiver_computes() -> None:
    with receiver() as (url, posts):
        Webhook(url, SECRET, lambda: AT).send(LETTER)
    ((path, headers, body),) = posts
    assert path == "/alarm"
    assert headers["webhook-signature"] == sign(SECRET, "n1", headers["webhook-timestamp"], body)
    assert headers["webhook-timestamp"] == str(int(AT.timestamp()))
    told = json.loads(body)
    assert told["type"] == "alarm.raised"
    assert told["data"] == {
        "queue": "burgerzaken", "queue_name": "Burgerzaken", "kind": "waiting", "value": 9.0, "level": 8.0,
    }  # fmt: skip


def test_signature_is_that_of_the_standard() -> None:
    # The example of the specification, github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
    signed = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [301, 400, 500])
def test_any_other_answer_means_that_it_was_not_taken(status: int) -> None:
    with receiver(status) as (url, posts), pytest.raises(NotDelivered, match=str(status)):
        Webhook(url, SECRET, lambda: AT).send(LETTER)
    assert [path for path, _, _ in posts] == ["/alarm"]


def test_address_where_nobody_listens_is_told() -> None:
    with pytest.raises(NotDelivered, match="does not answer"):
        Webhook("http://127.0.0.1:1/", SECRET, lambda: AT).send(LETTER)


def test_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "alarm-webhook"
    secret = read_secret(file)
    assert read_secret(file) == secret
    assert file.stat().st_mode & 0o777 == 0o600
    assert sign(secret, "n1", "1", b"{}").startswith("v1,")
