"""The link between a core process and a web, over real sockets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxcore.client.controller import ControllerClient
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, DeclineOffer, ExtendWrapUp, GoOnBreak, HoldContact, ServeQueues
from cxcore.domain.queue import QueueId
from cxcore.feed.link import LinkSettings
from cxcore.ports.controller import AgentRow, Change, CommandRefused, ContactRow, ControllerUnavailable, Subject
from tests.system.link_core import now
from tests.system.link_stage import ROOT, CoreProcess, becomes_true

AGENT = AgentId("agent-0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "link"


@pytest.fixture
def core(folder: Path) -> Iterator[CoreProcess]:
    core = CoreProcess(folder)
    yield core
    core.kill()


@pytest.fixture
def client(core: CoreProcess, folder: Path) -> Iterator[ControllerClient]:
    client = ControllerClient(LinkSettings.in_folder(folder), command_seconds=1.5, silence_seconds=1.5)
    client.start()
    assert client.wait_for_picture(5.0)
    yield client
    client.stop()


def status(client: ControllerClient) -> str:
    row = client.picture().rows[Subject.AGENT, AGENT]
    assert isinstance(row, AgentRow)
    return row.status


def last_count(client: ControllerClient) -> str:
    row = client.picture().rows.get((Subject.CONTACT, "c-1"))
    return row.caller_name if isinstance(row, ContactRow) else ""


def test_a_web_sees_the_picture_and_the_effect_of_its_command(client: ControllerClient) -> None:
    heard: list[Change] = []
    client.subscribe(heard.append)
    client.submit(GoOnBreak("agent-0", AGENT, "Lunch"))
    assert becomes_true(lambda: status(client) == "on-break")
    assert [change.key for change in heard] == ["agent-0"]
    assert heard[0].number == client.picture().number


def test_a_web_that_gevent_has_patched_sees_the_same(core: CoreProcess, folder: Path) -> None:
    arguments = [sys.executable, "-W", "error", "-m", "tests.system.link_web", str(folder)]
    web = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert web.stderr == ""
    assert json.loads(web.stdout) == {"pictured": True, "agents": 4, "heard": ["agent-0"]}


def test_a_refusal_of_the_core_reaches_who_asked(client: ControllerClient) -> None:
    with pytest.raises(CommandRefused, match="There is no contact to hold") as refused:
        client.submit(HoldContact("agent-0", AGENT))
    assert refused.value.code == "not-allowed"


def test_a_command_that_the_core_does_not_answer_ends_after_its_limit(client: ControllerClient) -> None:
    began = time.monotonic()
    with pytest.raises(ControllerUnavailable, match="may still be done"):
        client.submit(DeclineOffer("agent-0", AGENT))
    assert 1.4 < time.monotonic() - began < 3.0


def test_a_command_that_is_too_long_is_refused_before_it_leaves(client: ControllerClient) -> None:
    with pytest.raises(CommandRefused, match="longer than"):
        client.submit(ServeQueues("agent-0", AGENT, tuple(QueueId(f"queue-{number}") for number in range(10_000))))
    client.submit(GoOnBreak("agent-0", AGENT, "Lunch"))


def test_a_web_that_starts_before_the_core_gets_the_picture_when_it_comes(folder: Path) -> None:
    client = ControllerClient(LinkSettings.in_folder(folder))
    client.start()
    assert not client.wait_for_picture(0.3)
    with pytest.raises(ControllerUnavailable, match="not been heard of"):
        client.picture()
    with pytest.raises(ControllerUnavailable, match="nothing was done"):
        client.submit(BecomeAvailable("agent-0", AGENT))
    core = CoreProcess(folder)
    assert client.wait_for_picture(3.0)
    assert client.connected()
    client.stop()
    core.kill()


def test_a_killed_core_is_noticed_and_its_successor_is_followed(core: CoreProcess, client: ControllerClient) -> None:
    client.submit(GoOnBreak("agent-0", AGENT, "Lunch"))
    assert becomes_true(lambda: status(client) == "on-break")
    heard: list[Change] = []
    client.subscribe(heard.append)
    before = client.picture().number
    core.kill()
    assert becomes_true(lambda: not client.connected(), 4.0)
    with pytest.raises(ControllerUnavailable, match="nothing was done"):
        client.submit(GoOnBreak("agent-0", AGENT, "Pauze"))
    assert status(client) == "on-break"
    core.start()
    began = time.monotonic()
    assert becomes_true(lambda: client.connected() and status(client) == "available", 5.0)
    sys.stdout.write(f"core restarted → its picture at the web: {1000 * (time.monotonic() - began):.0f} ms\n")
    assert [change.number for change in heard] == list(range(before + 1, before + 1 + len(heard)))


def test_a_command_given_while_the_core_is_away_is_not_carried_out_later(
    core: CoreProcess, client: ControllerClient
) -> None:
    core.kill()
    assert becomes_true(lambda: not client.connected(), 4.0)
    with pytest.raises(ControllerUnavailable):
        client.submit(GoOnBreak("agent-0", AGENT, "Lunch"))
    core.start()
    assert becomes_true(client.connected)
    assert not becomes_true(lambda: status(client) == "on-break", 0.5)


def test_a_core_that_hangs_is_noticed_and_followed_again(core: CoreProcess, client: ControllerClient) -> None:
    os.kill(core.process.pid, signal.SIGSTOP)
    assert becomes_true(lambda: not client.connected(), 4.0)
    os.kill(core.process.pid, signal.SIGCONT)
    assert becomes_true(client.connected)
    client.submit(GoOnBreak("agent-0", AGENT, "Lunch"))


def test_a_web_that_lags_loses_changes_and_catches_up(client: ControllerClient) -> None:
    client.submit(BecomeAvailable("agent-0", AGENT))
    # A greenlet of the web that computes without a pause; the core goes on, and what the sockets cannot hold is lost.
    time.sleep(3.0)
    assert becomes_true(lambda: last_count(client) == "30000", 20.0)
    sys.stdout.write(f"pictures fetched by a web that lagged: {client.pictures_taken}\n")
    assert client.pictures_taken > 1


def test_changes_reach_300_listeners(client: ControllerClient) -> None:
    delays: list[float] = []
    counts = [0] * 300

    def count(screen: int) -> None:
        counts[screen] += 1

    for screen in range(300):
        client.subscribe(lambda change, screen=screen: count(screen))  # type: ignore[misc]
    client.subscribe(lambda change: delays.append(delay_of(change)))
    began = time.process_time()
    client.submit(ExtendWrapUp("agent-0", AGENT, 500))
    assert becomes_true(lambda: counts == [500] * 300, 10.0)
    each = 1e6 * (time.process_time() - began) / 500
    delays.sort()
    p50, p99 = (1000 * delays[int(len(delays) * part)] for part in (0.5, 0.99))
    sys.stdout.write(f"change → 300 listeners: p50 {p50:.2f} ms, p99 {p99:.2f} ms, {each:.0f} µs of CPU each\n")


def delay_of(change: Change) -> float:
    assert isinstance(change.row, ContactRow)
    return (now() - change.row.opened_at).total_seconds()
