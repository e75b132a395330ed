"""The adapter against a scripted switch: sessions that end and begin again, and orders that fail."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePath

import gevent
import pytest
from gevent import socket

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, OrderId
from cxcore.domain.tidings import (
    LegAnswered,
    LegArrived,
    LegHungUp,
    LiveLegsReported,
    OrderRefused,
    SwitchConnected,
    SwitchLost,
    Tiding,
)
from cxcore.ports.switch import Dial, Switch
from cxcore.switch import switch as adapter
from cxcore.switch.settings import SwitchSettings
from cxcore.switch.switch import EventSocketSwitch
from tests.switch.peer import PASSWORD, ScriptedSwitch, peer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CALLER, ANNA = LegId("caller-1"), LegId("anna-1")


class StoppedClock:
    def now(self) -> datetime:
        return NOON


@dataclass
class Core:
    """What a core would see: the tidings, and the switch to give orders to."""

    switch: EventSocketSwitch
    told: list[Tiding] = field(default_factory=list)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline, self.told
            gevent.sleep(0.005)

    def of(self, kind: type[Tiding]) -> list[Tiding]:
        return [tiding for tiding in self.told if isinstance(tiding, kind)]

    def await_told(self, kind: type[Tiding], count: int = 1) -> None:
        self.until(lambda: len(self.of(kind)) >= count)

    def refusals(self) -> list[tuple[str, str, str]]:
        return [(one.leg_id, one.order, one.reason) for one in self.told if isinstance(one, OrderRefused)]


@contextmanager
def core_for(port: int, password: str = PASSWORD, host: str = "127.0.0.1") -> Iterator[Core]:
    told: list[Tiding] = []
    core = Core(EventSocketSwitch(SwitchSettings(host, port, password), told.append, StoppedClock()), told)
    core.switch.start()
    try:
        yield core
    finally:
        core.switch.stop(0.2)


@contextmanager
def connected(scripted: ScriptedSwitch) -> Iterator[Core]:
    with peer(scripted) as server, core_for(server.server_port) as core:
        core.await_told(LiveLegsReported)
        yield core


def arrive(scripted: ScriptedSwitch, core: Core) -> None:
    scripted.say("CHANNEL_PARK", CALLER, Call__Direction="inbound", Caller__Destination__Number="+31715550100")
    core.await_told(LegArrived)


def dump(leg_id: str, direction: str = "inbound", **headers: str) -> str:
    return json.dumps(
        {
            "Unique-ID": leg_id,
            "Call-Direction": direction,
            "Answer-State": "answered",
            "Caller-Destination-Number": "+31715550100",
            "Caller-Channel-Created-Time": "1772452800000000",
            **headers,
        }
    )


def listing(*leg_ids: str) -> str:
    return json.dumps({"row_count": len(leg_ids), "rows": [{"uuid": leg_id} for leg_id in leg_ids]})


# --- Sessions --------------------------------------------------------------------------------------------------------


def test_the_adapter_is_a_switch() -> None:
    told: list[Tiding] = []
    switch: Switch = EventSocketSwitch(SwitchSettings(), told.append, StoppedClock())
    assert switch


def test_a_connection_is_told_first_with_the_instance_and_then_the_legs_that_live() -> None:
    scripted = ScriptedSwitch()
    scripted.answers |= {
        "show channels": listing("a", "b", "gone", "theirs"),
        "uuid_dump a": dump("a", variable_cx_leg="taken", variable_cx_contact="c%201", variable_bridge_to="b"),
        "uuid_dump b": dump("b", "outbound", variable_cx_leg="dialled"),
        "uuid_dump gone": "-ERR No such channel!\n",
        "uuid_dump theirs": dump("theirs", "outbound"),
    }
    with connected(scripted) as core:
        first, second = core.told
    assert first == SwitchConnected(NOON, "core-1")
    assert isinstance(second, LiveLegsReported)
    assert [leg.leg_id for leg in second.legs] == ["a", "b"]
    assert second.legs[0].marks == {"contact": "c 1"}
    assert second.legs[0].bridged_to == "b"
    assert second.legs[0].created_at == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_lost_switch_is_told_once_and_found_again_with_its_events() -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        scripted.hang_up_on_us()
        core.await_told(LiveLegsReported, 2)
        assert [type(tiding) for tiding in core.told] == [
            *(SwitchConnected, LiveLegsReported),
            SwitchLost,
            *(SwitchConnected, LiveLegsReported),
        ]
        assert len(scripted.sent("event json CHANNEL_CREATE")) == 2
        arrive(scripted, core)


def test_a_switch_that_comes_late_is_found_and_its_absence_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with core_for(port) as core:
        gevent.sleep(0.5)
        [lost] = core.told
        assert isinstance(lost, SwitchLost)
        assert "cannot be reached: connection refused" in lost.reason
        with peer(ScriptedSwitch(), port=port):
            core.await_told(SwitchConnected)
    assert caplog.text.count("no switch") == 1


def test_a_wrong_password_is_told_with_address_and_setting_and_tried_again() -> None:
    scripted = ScriptedSwitch()
    with peer(scripted) as server, core_for(server.server_port, "wrong") as core:
        core.await_told(SwitchLost)
        [lost] = core.told
        assert isinstance(lost, SwitchLost)
        assert f"127.0.0.1:{server.server_port} refused the password: " in lost.reason
        scripted.password = "wrong"
        core.await_told(SwitchConnected)


def test_an_ipv6_switch_is_reached() -> None:
    with peer(ScriptedSwitch(), "::1") as server, core_for(server.server_port, host="::1") as core:
        core.await_told(LiveLegsReported)


def test_events_that_come_while_the_legs_are_counted_are_told_after_the_report_and_legs_once() -> None:
    scripted = ScriptedSwitch()
    scripted.answers |= {"show channels": listing(CALLER), f"uuid_dump {CALLER}": dump(CALLER)}
    scripted.silent.add("api uuid_dump")
    with peer(scripted) as server, core_for(server.server_port) as core:
        core.until(lambda: bool(scripted.sent("api uuid_dump")))
        scripted.say("CHANNEL_PARK", CALLER, Call__Direction="inbound", Caller__Destination__Number="1")
        scripted.say("CHANNEL_ANSWER", CALLER)
        gevent.sleep(0.05)
        assert core.told == []
        scripted.lines[-1].send(scripted._answer(f"api uuid_dump {CALLER} json"))
        core.await_told(LegAnswered)
    assert [type(tiding) for tiding in core.told] == [SwitchConnected, LiveLegsReported, LegArrived, LegAnswered]
    assert core.of(LiveLegsReported) == [LiveLegsReported(NOON, ())]


def test_a_leg_that_the_list_of_channels_lacked_at_first_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "SECOND_LOOK_SECONDS", 0.1)
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        scripted.answers |= {
            "show channels": listing("fresh", "taken"),
            "uuid_dump fresh": dump("fresh", **{"Answer-State": "ringing"}),
            "uuid_dump taken": dump("taken", variable_cx_leg="taken", variable_cx_contact="c1"),
        }
        core.await_told(LiveLegsReported, 2)
    [arrived] = core.of(LegArrived)
    assert isinstance(arrived, LegArrived)
    assert arrived.leg_id == "fresh"
    report = core.of(LiveLegsReported)[-1]
    assert isinstance(report, LiveLegsReported)
    assert {leg.leg_id for leg in report.legs} == {"fresh", "taken"}


def test_a_list_of_channels_that_makes_no_sense_is_asked_for_again() -> None:
    scripted = ScriptedSwitch()
    scripted.answers["show channels"] = "-ERR no database"
    with peer(scripted) as server, core_for(server.server_port) as core:
        core.await_told(SwitchLost)
        [lost] = core.told
        assert isinstance(lost, SwitchLost)
        assert "show channels as json" in lost.reason
        scripted.answers["show channels"] = listing()
        core.await_told(SwitchConnected)


def test_after_the_end_nothing_is_told() -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        core.switch.stop(0.5)
        told = len(core.told)
        gevent.sleep(0.3)
        assert len(core.told) == told
        assert scripted.sent("exit")


# --- Orders ----------------------------------------------------------------------------------------------------------


def test_orders_while_the_switch_is_lost_are_refused_at_once() -> None:
    with core_for(1) as core:
        core.switch.answer(CALLER)
        core.switch.dial(Dial(ANNA, "sip:anna@host", "+31715550100"))
        core.until(lambda: len(core.refusals()) == 2)
        assert core.refusals() == [
            (CALLER, "answer", "the switch is not connected"),
            (ANNA, "dial", "the switch is not connected"),
        ]


def test_an_order_never_waits_for_a_full_inbox() -> None:
    """A refusal is told from a greenlet of its own: the core gives orders from the greenlet that empties the inbox."""

    def full(_tiding: Tiding) -> None:
        gevent.sleep(60)

    switch = EventSocketSwitch(SwitchSettings(port=1), full, StoppedClock())
    with gevent.Timeout(1):
        switch.answer(CALLER)


def test_an_order_that_waits_for_its_reply_is_refused_when_the_connection_ends() -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        scripted.silent.add("api uuid_answer")
        core.switch.answer(CALLER)
        core.until(lambda: bool(scripted.sent("api uuid_answer")))
        scripted.hang_up_on_us()
        core.until(lambda: bool(core.refusals()))
        assert core.refusals() == [(CALLER, "answer", "no reply: the switch closed the connection")]


def test_what_the_switch_refuses_is_told_with_leg_order_and_its_own_words() -> None:
    scripted = ScriptedSwitch()
    scripted.answers |= {"uuid_bridge": "-ERR Invalid uuid\n", "uuid_answer": "-ERROR\n"}
    with connected(scripted) as core:
        core.switch.answer(CALLER)
        core.switch.bridge(CALLER, ANNA)
        core.until(lambda: len(core.refusals()) == 2)
        assert core.refusals() == [(CALLER, "answer", "-ERROR"), (CALLER, "bridge", "-ERR Invalid uuid")]


def test_hanging_up_a_leg_that_is_gone_tells_nothing() -> None:
    scripted = ScriptedSwitch()
    scripted.answers["uuid_kill"] = "-ERR No such channel!\n"
    with connected(scripted) as core:
        core.switch.hang_up(CALLER)
        core.until(lambda: bool(scripted.sent(f"api uuid_kill {CALLER} NORMAL_CLEARING")))
        gevent.sleep(0.05)
        assert core.refusals() == []


def test_orders_to_a_leg_wait_until_it_is_taken_and_keep_their_order() -> None:
    scripted = ScriptedSwitch()
    scripted.answers["sched_del"] = "+OK Deleted: 1\n"
    with connected(scripted) as core:
        arrive(scripted, core)
        before = len(scripted.commands)
        core.switch.take(CALLER)
        core.switch.ring(CALLER)
        core.switch.answer(CALLER)
        core.until(lambda: bool(scripted.sent("api uuid_answer")))
        words = [" ".join(command.split()[1:3]) for command in scripted.commands[before:]]
        assert words == [
            f"{name} {CALLER}" for name in ("sched_del", "uuid_setvar_multi", "uuid_ring_ready", "uuid_answer")
        ]


def test_orders_to_a_leg_that_overflows_already_do_not_reach_it() -> None:
    scripted = ScriptedSwitch()
    scripted.answers["sched_del"] = "+OK Deleted: 0\n"
    with connected(scripted) as core:
        arrive(scripted, core)
        core.switch.take(CALLER)
        core.switch.answer(CALLER)
        core.until(lambda: bool(core.refusals()))
        [(leg_id, order, reason)] = core.refusals()
        assert (leg_id, order) == (CALLER, "take")
        assert "fallback has the leg" in reason
        gevent.sleep(0.05)
        assert not scripted.sent("api uuid_answer")


def test_a_leg_that_is_withdrawn_before_it_is_made_is_ended_when_it_is_made() -> None:
    scripted = ScriptedSwitch()
    scripted.answers["uuid_kill"] = "-ERR No such channel!\n"
    with connected(scripted) as core:
        core.switch.dial(Dial(ANNA, "sip:anna@host", "+31715550100"))
        core.switch.hang_up(ANNA, HangUpCause.WITHDRAWN)
        core.until(lambda: len(scripted.sent("api uuid_kill")) == 1)
        scripted.say("CHANNEL_CREATE", ANNA)
        core.until(lambda: len(scripted.sent(f"api uuid_kill {ANNA} ORIGINATOR_CANCEL")) == 2)


def test_a_dial_that_fails_before_there_is_a_channel_is_a_leg_that_hung_up() -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        core.switch.dial(Dial(ANNA, "sip:anna@host", "+31715550100"))
        core.until(lambda: bool(scripted.sent("bgapi originate")))
        job_id = scripted.sent("bgapi originate")[0].partition("Job-UUID: ")[2]
        scripted.say("BACKGROUND_JOB", body="-ERR INVALID_PROFILE\n", Job__UUID=job_id)
        core.await_told(LegHungUp)
        assert core.told[-1] == LegHungUp(NOON, ANNA, HangUpCause.UNREACHABLE, HungUpBy.SWITCH)


def test_only_marks_that_do_not_stand_on_the_leg_are_written() -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        arrive(scripted, core)
        core.switch.mark(CALLER, {"state": "waiting", "queue": "x", "agent": ""})
        core.switch.mark(CALLER, {"state": "talking", "queue": "x", "agent": "anna"})
        core.switch.mark(CALLER, {"state": "talking", "queue": "", "agent": "anna"})
        core.until(lambda: len(scripted.sent("api uuid_setvar_multi caller-1 cx_")) == 3)
        assert scripted.sent("api uuid_setvar_multi caller-1 cx_") == [
            "api uuid_setvar_multi caller-1 cx_state=waiting;cx_queue=x",
            "api uuid_setvar_multi caller-1 cx_state=talking;cx_agent=anna",
            "api uuid_setvar_multi caller-1 cx_queue=",
        ]


def test_what_a_leg_was_reported_with_is_not_written_again() -> None:
    scripted = ScriptedSwitch()
    scripted.answers |= {
        "show channels": listing("a"),
        "uuid_dump a": dump("a", variable_cx_leg="taken", variable_cx_contact="c%201"),
    }
    with connected(scripted) as core:
        core.switch.mark(LegId("a"), {"contact": "c 1", "queue": "x"})
        core.until(lambda: bool(scripted.sent("api uuid_setvar_multi")))
        assert scripted.sent("api uuid_setvar_multi") == ["api uuid_setvar_multi a cx_queue=x"]


def test_a_number_without_a_trunk_is_refused_with_the_remedy() -> None:
    with connected(ScriptedSwitch()) as core:
        core.switch.dial(Dial(ANNA, "+31612345678", "+31715550100"))
        core.until(lambda: bool(core.refusals()))
        assert core.refusals() == [
            (ANNA, "dial", "no trunk is configured for phone numbers: set `switch.gateway`"),
        ]


def test_a_leg_that_is_being_dialled_is_in_the_report() -> None:
    with connected(ScriptedSwitch()) as core:
        core.switch.dial(Dial(ANNA, "sip:anna@host", "+31715550100", marks={"agent": "anna"}))
        core.switch.report_live_legs()
        core.await_told(LiveLegsReported, 2)
        report = core.told[-1]
        assert isinstance(report, LiveLegsReported)
        assert [(leg.leg_id, leg.marks) for leg in report.legs] == [(ANNA, {"agent": "anna"})]


def test_two_reports_asked_at_once_are_two_reports() -> None:
    with connected(ScriptedSwitch()) as core:
        core.switch.report_live_legs()
        core.switch.report_live_legs()
        core.await_told(LiveLegsReported, 3)


def test_nothing_that_an_order_holds_becomes_a_command_of_its_own() -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        before = len(scripted.commands)
        core.switch.answer(LegId("x\n\napi fsctl shutdown"))
        core.switch.say(CALLER, OrderId("o\napi x"), (PurePath("/a.wav"),))
        core.switch.say(CALLER, OrderId("o"), (PurePath("/a.wav\n\napi fsctl shutdown"),))
        core.switch.mark(CALLER, {"note": "x\n\napi fsctl shutdown"})
        core.switch.dial(Dial(ANNA, "sip:a@h", "+31715550100", caller_name="x\n\napi fsctl shutdown"))
        core.until(lambda: len(core.refusals()) == 3 and bool(scripted.sent("bgapi")))
        assert [command.split()[0:2] for command in scripted.commands[before:]] == [
            ["api", "uuid_setvar_multi"],
            ["bgapi", "originate"],
        ]


# --- One codec for both parties --------------------------------------------------------------------------------------


def answered_with(scripted: ScriptedSwitch, core: Core, leg_id: LegId, codec: str) -> None:
    """The device of a leg that the core dialled answers, and speaks this codec."""
    heard = {"Channel__Read__Codec__Name": codec, "Answer__State": "answered", "Call__Direction": "outbound"}
    before = len(core.of(LegAnswered))
    scripted.say("CHANNEL_PARK", leg_id, **heard)
    core.await_told(LegAnswered, before + 1)


def caller_with(scripted: ScriptedSwitch, core: Core, codec: str) -> None:
    arrive(scripted, core)
    scripted.say("CHANNEL_ANSWER", CALLER, Channel__Read__Codec__Name=codec, Answer__State="answered")
    core.await_told(LegAnswered)


def test_device_is_offered_what_the_caller_speaks() -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        caller_with(scripted, core, "G722")
        core.switch.dial(Dial(ANNA, "sip:anna@127.0.0.1:5071", "+31612345678", partner=CALLER))
        core.switch.dial(Dial(LegId("bram-1"), "sip:bram@127.0.0.1:5072", "+31612345678"))
        core.until(lambda: len(scripted.sent("bgapi originate")) == 2)
        beside, alone = scripted.sent("bgapi originate")
    assert ";absolute_codec_string=G722,PCMA,PCMU}" in beside
    assert "codec_string" not in alone


def test_caller_found_after_a_reconnection_has_a_codec_too() -> None:
    scripted = ScriptedSwitch()
    found = {"variable_cx_leg": "taken", "Channel-Read-Codec-Name": "G722"}
    scripted.answers |= {"show channels": listing(CALLER), f"uuid_dump {CALLER}": dump(CALLER, **found)}
    with connected(scripted) as core:
        core.switch.dial(Dial(ANNA, "sip:anna@127.0.0.1:5071", "+31612345678", partner=CALLER))
        core.until(lambda: bool(scripted.sent("bgapi originate")))
        assert "=G722,PCMA,PCMU}" in scripted.sent("bgapi originate")[0]


@pytest.mark.parametrize(
    ("caller", "device", "asked"),
    [
        ("G722", "PCMA", [f"api uuid_media_reneg {CALLER} =PCMA,PCMU,G722"]),
        ("PCMA", "G722", [f"api uuid_media_reneg {ANNA} =PCMA,PCMU,G722"]),
        ("G722", "G722", []),
        ("PCMA", "PCMU", []),
        ("G722", "", []),
    ],
)
def test_party_with_g722_is_asked_once_for_what_the_other_speaks(caller: str, device: str, asked: list[str]) -> None:
    scripted = ScriptedSwitch()
    with connected(scripted) as core:
        caller_with(scripted, core, caller)
        core.switch.dial(Dial(ANNA, "sip:anna@127.0.0.1:5071", "+31612345678", partner=CALLER))
        answered_with(scripted, core, ANNA, device)
        core.switch.bridge(CALLER, ANNA)
        core.switch.bridge(CALLER, ANNA)
        core.until(lambda: len(scripted.sent("api uuid_bridge")) == 2)
        core.switch.park(CALLER)
        core.until(lambda: bool(scripted.sent("api uuid_transfer")))
        assert scripted.sent("api uuid_media_reneg") == asked
