"""A web and a core that do not understand each other say so, and do not pretend to be up to date."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
import zmq.green as zmq
from gevent import Greenlet

from cxcore.client.controller import ControllerClient
from cxcore.feed.link import LinkSettings
from tests.system.link_stage import becomes_true

ROW = {"part": "switch", "healthy": True, "since": "2026-03-02T09:00:00+00:00"}


class StrangeCore:
    """Answers each request with one picture and says each 50 ms that it lives."""

    def __init__(self, settings: LinkSettings, row: dict[str, object]) -> None:
        self._picture = {"number": 1, "rows": [{"subject": "system", "row": row}]}
        self._context = zmq.Context()
        self._changes, self._requests = self._context.socket(zmq.PUB), self._context.socket(zmq.ROUTER)
        self._changes.bind(settings.changes)
        self._requests.bind(settings.requests)
        self._greenlets: list[Greenlet] = [gevent.spawn(self._live), gevent.spawn(self._answer)]

    def _live(self) -> None:
        while True:
            self._changes.send(json.dumps({"epoch": "e1", "number": 1, "changes": []}).encode())
            gevent.sleep(0.05)

    def _answer(self) -> None:
        while True:
            identity, request_id, _ = self._requests.recv_multipart()
            reply = json.dumps({"epoch": "e1", "picture": self._picture}).encode()
            self._requests.send_multipart([identity, request_id, reply])

    def close(self) -> None:
        gevent.killall(self._greenlets)
        self._context.destroy(linger=0)


@pytest.fixture
def settings(tmp_path: Path) -> LinkSettings:
    return LinkSettings.in_folder(tmp_path)


@pytest.fixture
def client(settings: LinkSettings) -> Iterator[ControllerClient]:
    client = ControllerClient(settings)
    client.start()
    yield client
    client.stop()


def test_a_picture_that_is_understood_is_taken(client: ControllerClient, settings: LinkSettings) -> None:
    core = StrangeCore(settings, ROW)
    assert becomes_true(client.connected)
    core.close()


def test_a_picture_of_a_newer_core_is_not_taken_for_the_present_state(
    client: ControllerClient, settings: LinkSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        core = StrangeCore(settings, {**ROW, "mood": "cheerful"})
        assert not becomes_true(client.connected, 1.5)
    assert "a reply of the core is not understood: system has a field 'mood' that nobody knows" in caplog.text
    core.close()
