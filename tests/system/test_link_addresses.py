"""Who may reach the link, and what it does with those who should not."""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq.green as zmq

from cxcore.client.controller import ControllerClient
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, Command
from cxcore.feed.link import CurveKeys, LinkRefused, LinkSettings, make_keys
from cxcore.feed.picture import LivePicture
from cxcore.feed.publisher import MOST_PENDING_COMMANDS, Publisher
from cxcore.feed.supervision import Supervised
from cxcore.ports.controller import CommandOutcome, CommandRefused, ControllerUnavailable, SystemRow
from tests.system.link_core import now
from tests.system.link_stage import becomes_true

ANYWHERE = "tcp://127.0.0.1:*"
COMMAND = BecomeAvailable("anna", AgentId("anna"))
Reply = Callable[[CommandOutcome], None]


def done(command: Command, reply: Reply) -> None:
    reply(CommandOutcome())


def full(command: Command, reply: Reply) -> None:
    raise ControllerUnavailable("the inbox is full; nothing was done")


def serve(settings: LinkSettings, submit: Callable[[Command, Reply], None] = done) -> Publisher:
    picture = LivePicture()
    picture.replace(SystemRow("switch", True, now()))
    publisher = Publisher(picture, settings, submit)
    publisher.start()
    return publisher


@pytest.fixture
def settings(tmp_path: Path) -> LinkSettings:
    return LinkSettings.in_folder(tmp_path / "link")


@pytest.fixture
def publisher(settings: LinkSettings) -> Iterator[Publisher]:
    publisher = serve(settings)
    yield publisher
    publisher.stop()


def connects(settings: LinkSettings, seconds: float) -> bool:
    client = ControllerClient(settings)
    client.start()
    came = client.wait_for_picture(seconds)
    client.stop()
    return came


def test_socket_files_are_for_their_user_alone(publisher: Publisher, tmp_path: Path) -> None:
    assert (tmp_path / "link").stat().st_mode & 0o777 == 0o700
    for name in ("changes.sock", "requests.sock", "core.lock"):
        assert (tmp_path / "link" / name).stat().st_mode & 0o777 == 0o600


def test_a_folder_that_others_can_open_is_refused(settings: LinkSettings, tmp_path: Path) -> None:
    (tmp_path / "link").mkdir(mode=0o755)
    with pytest.raises(LinkRefused, match="is open to other users: chmod 700"):
        serve(settings)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LinkRefused, match="the folder of the link cannot be used: .*Not a directory"):
        serve(LinkSettings.in_folder(tmp_path / "file" / "link"))


def test_a_second_core_is_refused_and_the_first_goes_on(publisher: Publisher, settings: LinkSettings) -> None:
    with pytest.raises(LinkRefused, match="a core runs already"):
        serve(settings)
    assert connects(settings, 3.0)


def test_a_core_can_be_stopped_and_another_started_in_its_place(settings: LinkSettings) -> None:
    for _ in range(2):
        publisher = serve(settings)
        assert connects(settings, 3.0)
        publisher.stop()


def test_a_taken_port_is_refused_by_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        endpoint = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(LinkRefused, match=f"{endpoint} is taken: stop what uses it"):
            serve(LinkSettings(ANYWHERE, endpoint))


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        ("tcp://0.0.0.0:5600", "is reached over a network: set keys for the link"),
        ("tcp://*:5600", "is reached over a network"),
        ("tcp://192.0.2.7:5600", "is reached over a network"),
        ("tcp://[::]:5600", "is reached over a network"),
        ("tcp://core.noordwijk.example:5600", "is reached over a network"),
        ("tcp://127.0.0.1", "is no address of the link: write tcp://host:port"),
        ("http://127.0.0.1:5600", "is no address of the link"),
        ("ipc://run/changes.sock", "is no absolute path"),
        ("ipc:///" + "x" * 108, "is longer than 107 bytes"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_at_once(endpoint: str, reason: str) -> None:
    with pytest.raises(LinkRefused, match=re.escape(reason)):
        LinkSettings(ANYWHERE, endpoint)


def test_the_link_works_over_ipv6() -> None:
    publisher = serve(LinkSettings("tcp://[::1]:*", "tcp://[::1]:*"))
    assert connects(LinkSettings(*publisher.addresses()), 3.0)
    publisher.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "[::1]", "localhost"])
def test_loopback_needs_no_keys(host: str) -> None:
    LinkSettings(f"tcp://{host}:5600", f"tcp://{host}:5601")


def test_keys_that_let_nobody_in_or_are_cut_short_are_refused() -> None:
    keys = make_keys()
    with pytest.raises(LinkRefused, match="lets nobody in"):
        LinkSettings(ANYWHERE, ANYWHERE, keys)
    with pytest.raises(LinkRefused, match="has 12 characters: a key has 40"):
        LinkSettings(ANYWHERE, ANYWHERE, keys, frozenset({keys.public[:12]}))


def test_a_secret_key_is_not_shown() -> None:
    keys = make_keys()
    assert keys.secret not in repr(LinkSettings(ANYWHERE, ANYWHERE, keys, frozenset({keys.public})))


@pytest.fixture
def core_keys() -> CurveKeys:
    return make_keys()


@pytest.fixture
def web_keys() -> CurveKeys:
    return make_keys()


@pytest.fixture
def guarded(core_keys: CurveKeys, web_keys: CurveKeys) -> Iterator[Publisher]:
    publisher = serve(LinkSettings(ANYWHERE, ANYWHERE, core_keys, frozenset({web_keys.public})))
    yield publisher
    publisher.stop()


def test_over_the_network_a_web_with_a_known_key_is_let_in(
    guarded: Publisher, core_keys: CurveKeys, web_keys: CurveKeys
) -> None:
    client = ControllerClient(LinkSettings(*guarded.addresses(), web_keys, frozenset({core_keys.public})))
    client.start()
    assert client.wait_for_picture(3.0)
    client.submit(COMMAND)
    client.stop()


def test_over_the_network_an_unknown_key_is_refused_and_logged(
    guarded: Publisher, core_keys: CurveKeys, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert not connects(LinkSettings(*guarded.addresses(), make_keys(), frozenset({core_keys.public})), 1.0)
    assert [record.getMessage() for record in caplog.records] == [
        "the link refused a connection from 127.0.0.1: its key is not among the webs' (refusal 1)"
    ]


def test_over_the_network_a_web_without_keys_is_not_let_in(guarded: Publisher) -> None:
    assert not connects(LinkSettings(*guarded.addresses()), 1.0)


def test_a_web_does_not_follow_a_core_with_another_key(guarded: Publisher, web_keys: CurveKeys) -> None:
    assert not connects(LinkSettings(*guarded.addresses(), web_keys, frozenset({make_keys().public})), 1.0)


@pytest.mark.parametrize(
    "frames",
    [
        [b"one"],
        [b"a", b"b", b"c", b"d"],
        [b"id", b"no json"],
        [b"id", b'{"ask":"command","command":"Reboot"}'],
        [b"id", b"x" * 1_000_000],
        [b"", b""],
    ],
    ids=["one-frame", "four-frames", "no-json", "unknown-command", "a-megabyte", "empty"],
)
def test_rubbish_on_the_link_disturbs_nobody(frames: list[bytes], publisher: Publisher, settings: LinkSettings) -> None:
    client = ControllerClient(settings)
    client.start()
    assert client.wait_for_picture(3.0)
    context = zmq.Context()
    stranger = context.socket(zmq.DEALER)
    stranger.connect(settings.requests)
    stranger.send_multipart(frames)
    client.submit(COMMAND)
    assert becomes_true(client.connected)
    context.destroy(linger=100)
    client.stop()


def test_a_request_that_is_not_understood_is_answered_with_the_reason(
    publisher: Publisher, settings: LinkSettings
) -> None:
    context = zmq.Context()
    stranger = context.socket(zmq.DEALER)
    stranger.connect(settings.requests)
    stranger.send_multipart([b"7", b'{"ask":"command","command":"Reboot"}'])
    request_id, answer = stranger.recv_multipart()
    assert request_id == b"7"
    assert b"there is no command 'Reboot'" in answer
    context.destroy(linger=0)


def test_a_full_core_says_that_nothing_was_done(settings: LinkSettings) -> None:
    publisher = serve(settings, full)
    client = ControllerClient(settings)
    client.start()
    assert client.wait_for_picture(3.0)
    with pytest.raises(ControllerUnavailable, match="the inbox is full; nothing was done"):
        client.submit(COMMAND)
    client.stop()
    publisher.stop()


def test_a_core_that_answers_nothing_takes_no_more_than_it_can_remember(settings: LinkSettings) -> None:
    taken: list[Command] = []
    publisher = serve(settings, lambda command, reply: taken.append(command))
    context = zmq.Context()
    stranger = context.socket(zmq.DEALER)
    stranger.connect(settings.requests)
    request = b'{"ask":"command","command":"BecomeAvailable","fields":{"by":"a","agent_id":"a"}}'
    for number in range(MOST_PENDING_COMMANDS + 1):
        stranger.send_multipart([b"%d" % number, request])
    assert b"too many commands wait" in stranger.recv_multipart()[1]
    assert len(taken) == MOST_PENDING_COMMANDS
    context.destroy(linger=0)
    publisher.stop()


def test_an_outcome_that_comes_too_late_or_twice_is_dropped(settings: LinkSettings) -> None:
    replies: list[Reply] = []
    publisher = serve(settings, lambda command, reply: replies.append(reply))
    client = ControllerClient(settings, command_seconds=0.2)
    client.start()
    assert client.wait_for_picture(3.0)
    with pytest.raises(ControllerUnavailable):
        client.submit(COMMAND)
    replies[0](CommandOutcome("late", ""))
    replies[0](CommandOutcome("twice", ""))
    with pytest.raises(ControllerUnavailable, match="did not answer within 0.2 s"):
        client.submit(COMMAND)
    client.stop()
    publisher.stop()


def test_a_refusal_keeps_its_code(settings: LinkSettings) -> None:
    publisher = serve(settings, lambda command, reply: reply(CommandOutcome("not-found", "There is no agent anna.")))
    client = ControllerClient(settings)
    client.start()
    assert client.wait_for_picture(3.0)
    with pytest.raises(CommandRefused) as refused:
        client.submit(COMMAND)
    assert (refused.value.code, str(refused.value)) == ("not-found", "There is no agent anna.")
    client.stop()
    publisher.stop()


def test_work_that_dies_is_logged_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        raise OSError("descriptor gone")

    greenlet = Supervised("the reader of requests", work, restart_seconds=0.01)
    greenlet.start()
    assert becomes_true(lambda: len(attempts) >= 3)
    greenlet.stop()
    count = len(attempts)
    assert not becomes_true(lambda: len(attempts) > count, 0.1)
    assert "the reader of requests died and is started again (death 1)" in caplog.text
    assert "descriptor gone" in caplog.text


def test_nothing_is_left_open_when_the_link_ends(settings: LinkSettings) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    serve(settings).stop()
    before = descriptors()
    for _ in range(5):
        publisher = serve(settings)
        assert connects(settings, 3.0)
        publisher.stop()
    assert descriptors() <= before + 1
