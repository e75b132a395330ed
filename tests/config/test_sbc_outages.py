"""What happens at the border when something behind it is dead; docs/operations/sbc.md has the table."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path

import pytest

from cxcore.monitoring.border import BorderWatch, ask_sbc
from cxcore.monitoring.watch import HealthWatch
from cxcore.ports.controller import SystemRow
from scripts.bench_border import flooded
from scripts.sbc_site import write_site
from tests.config.sbc_stage import Sbc, needs_kamailio
from tests.config.test_sbc_trunk import GENERAL, OUTSIDE, TrunkStage
from tests.contract.sip_peer import SipParty, wait_until
from tests.fakes.clock import FakeClock
from tests.fakes.contact_log import FakeContactLog
from tests.ports import free_port

pytestmark = needs_kamailio


def test_call_of_the_trunk_goes_on_without_rtpengine(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    stage = TrunkStage(tmp_path, "relay_sound: yes\noptions_seconds: 0\n", rtpengine=nobody)
    call = stage.trunk.call(GENERAL)
    arrived = stage.sbc.switch.expect_call()
    arrived.answer()
    answer = call.wait_answered()
    assert answer.sdp is not None and answer.sdp.port == arrived.rtp.port, "sound goes straight to the switch"
    call.bye()
    assert arrived.wait_ended(3)
    out = stage.dials(OUTSIDE)
    stage.trunk.expect_call().answer()
    out.wait_answered()
    assert "rtpengine does not answer" in stage.sbc.log
    stage.close()


def test_provider_that_is_away_is_an_alarm_on_the_screens_and_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = TrunkStage(tmp_path)
    shown: dict[str, SystemRow] = {}
    border = BorderWatch(lambda: ask_sbc("127.0.0.1", stage.sbc.door("ws")), (stage.trunk.address,), teams=False)
    log = FakeContactLog()
    watch = HealthWatch(
        log, lambda: 0, 100, tmp_path, FakeClock(), lambda row: shown.update({row.part: row}), outside=border.readings
    )

    def line_is(well: bool) -> bool:
        border.look()
        watch.look()
        return shown["trunk"].healthy is well

    assert wait_until(lambda: line_is(True), 10)
    address = stage.trunk.address
    stage.trunk.close()
    with caplog.at_level(logging.WARNING):
        assert wait_until(lambda: line_is(False), 30), stage.sbc.status()
    assert shown["trunk"].reason == "none of its addresses answers"
    assert "trunk is down: none of its addresses answers" in caplog.text
    assert f"{address} does not answer" in stage.sbc.log
    stage.sbc.close()


def test_sbc_that_is_gone_is_told_by_the_screens_and_not_the_lines_behind_it(tmp_path: Path) -> None:
    stage = TrunkStage(tmp_path)
    border = BorderWatch(lambda: ask_sbc("127.0.0.1", stage.sbc.door("ws")), (stage.trunk.address,), teams=False)
    border.look()
    assert {reading.part: reading.healthy for reading in border.readings()}["sbc"]
    stage.close()
    border.look()
    assert [(reading.part, reading.healthy) for reading in border.readings()] == [("sbc", False)]


def test_calls_under_way_outlive_an_sbc_that_begins_anew(tmp_path: Path) -> None:
    """After a crash, and after a new certificate: nothing of a call is kept in the SBC alone, not even hidden names."""
    stage = TrunkStage(tmp_path)
    calls = []
    for ends_first in ("trunk", "switch"):
        call = stage.trunk.call(GENERAL)
        arrived = stage.sbc.switch.expect_call()
        arrived.answer()
        call.wait_answered()
        assert arrived.acknowledged.wait(2)
        calls.append((call, arrived) if ends_first == "trunk" else (arrived, call))
    os.killpg(stage.sbc.process.pid, signal.SIGKILL)
    stage.sbc.process.wait(5)
    write_site(stage.sbc.folder, stage.sbc.values)
    stage.sbc.start()
    assert calls[0][0].reinvite("sendonly").status == 200
    for first, other in calls:
        first.bye()
        assert other.wait_ended(3)
    stage.close()


def test_second_address_of_the_trunk_takes_calls_when_the_first_dies_in_a_flood(tmp_path: Path) -> None:
    stage = TrunkStage(tmp_path, "relay_sound: no\noptions_seconds: 0\n", addresses=2)
    with flooded(stage.sbc, 3, 1000):
        stage.dials(OUTSIDE)
        stage.trunks[0].expect_call().answer()
        stage.trunks[0].close()
        call = stage.dials(OUTSIDE)
        stage.trunks[1].expect_call(20).answer()
        call.wait_answered(20)
    stage.sbc.close()
    stage.trunks[1].close()


def test_second_switch_takes_calls_when_the_first_dies_in_a_flood(tmp_path: Path) -> None:
    switches = [SipParty(("127.0.0.1", 9)) for _ in range(2)]
    sbc = Sbc(tmp_path / "sbc", allowed_networks="127.0.0.1/32", switches=",".join(each.address for each in switches))
    for each in switches:
        each.engine = ("127.0.0.1", sbc.port)
    caller = SipParty(("127.0.0.1", sbc.port))
    with flooded(sbc, 3, 1000):
        switches[0].close()
        calls = [caller.call(GENERAL) for _ in range(2)]
        for _ in calls:
            switches[1].expect_call(20).answer()
        assert [call.wait_final(20).status for call in calls] == [200, 200]
    for party in (caller, switches[1]):
        party.close()
    sbc.close()
