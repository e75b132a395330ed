"""Whose turn it is on the control loop: an order of the controller does not stand in line behind all the rest."""

from __future__ import annotations

import asyncio
import gc
import socket
import weakref
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest

from softswitch import commands
from softswitch.api import execute_command
from softswitch.holding import partner_held
from softswitch.leg import Leg
from softswitch.leg_run import run
from softswitch.media import MediaEngine, MediaSettings
from softswitch.recording import ended
from softswitch.settings import Settings
from softswitch.sip.causes import Cause
from softswitch.sip.endpoint import Endpoint
from softswitch.switchboard import Behaviour, Switchboard

pytestmark = pytest.mark.system
assert commands.__all__
FLOOD, A_FEW = 40, 8
OPTIONS = b"OPTIONS sip:x@127.0.0.1 SIP/2.0\r\n\r\n"


@pytest.fixture
def phone() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(1.0)
        yield udp


@contextmanager
def board() -> Iterator[Switchboard]:
    """A switchboard without clients, on any free port."""
    engine = MediaEngine(MediaSettings(), on_stall=lambda seconds: None)
    engine.start()
    made = Switchboard(Settings("a password of the tests"), engine)
    made.behaviour = Behaviour(run, partner_held, ended)
    made.endpoints.append(Endpoint(("127.0.0.1", 0), lambda *call: None))
    try:
        yield made
    finally:
        made.endpoints[0].close()
        engine.stop()


Result = TypeVar("Result")


def in_a_loop_of_its_own(work: Coroutine[object, object, Result]) -> Result:
    """What a coroutine answers; in a thread, as a browser of other tests may keep a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def test_given_an_order_to_dial_then_the_invite_has_left_before_anything_else_has_its_turn(
    phone: socket.socket,
) -> None:
    host, port = phone.getsockname()

    async def order() -> int:
        with board() as switch:
            answer = execute_command(switch, "originate", f"sofia/cx/anna@{host}:{port} &park()")
            assert phone.recv(4096).startswith(b"INVITE sip:anna@")
            assert not isinstance(answer, str)
            switch.hang_up_all(Cause.NORMAL_CLEARING)
            assert (await answer).startswith("-ERR")
            return len(switch.endpoints)

    assert in_a_loop_of_its_own(order()) == 1


def test_given_a_flood_of_messages_then_an_order_that_comes_meanwhile_waits_for_a_few_of_them_only(
    phone: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[object] = []

    async def flood() -> int:
        with board() as switch:
            endpoint = switch.endpoints[0]
            monkeypatch.setattr(endpoint.transactions.l4r.server, "_deliver", lambda *message: taken.append(message))
            for _ in range(FLOOD):
                phone.sendto(OPTIONS, endpoint.address)
            while not taken:
                await asyncio.sleep(0)
            before_the_next_turn = len(taken)
            while len(taken) < FLOOD:
                await asyncio.sleep(0)
            return before_the_next_turn

    assert in_a_loop_of_its_own(flood()) <= A_FEW


def refusal_of(invite: bytes) -> bytes:
    copied = (b"Via:", b"From:", b"To:", b"Call-ID:", b"CSeq:")
    lines = [line for line in invite.split(b"\r\n") if line.startswith(copied)]
    return b"\r\n".join([b"SIP/2.0 486 Busy Here", *lines, b"Content-Length: 0", b"", b""])


def test_given_a_leg_that_ended_then_nothing_of_it_is_left_for_the_garbage_collection(phone: socket.socket) -> None:
    """Which would stop everything else for as long as it looks."""
    host, port = phone.getsockname()

    async def ended_leg() -> weakref.ref[Leg]:
        with board() as switch:
            answer = execute_command(switch, "originate", f"sofia/cx/anna@{host}:{port} &park()")
            leg = weakref.ref(next(iter(switch.legs.values())))
            phone.sendto(refusal_of(phone.recv(4096)), switch.endpoints[0].address)
            assert not isinstance(answer, str)
            assert (await answer).startswith("-ERR USER_BUSY")
            return leg

    gc.disable()
    try:
        assert in_a_loop_of_its_own(ended_leg())() is None
    finally:
        gc.enable()
