"""The lab's commands: cx call, cx phone and cx traffic."""

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

from lab import call as call_command
from lab import traffic as traffic_command
from lab.directory import AgentDevice, DialledNumber, DirectoryUnreadable, parse_agents, read_agents, read_numbers
from lab.phone import Answer, Busy, Lab, Station
from lab.robots import Habits
from lab.saying import AGENT_TONE, FRIENDLY_TONE
from lab.traffic import Day, Traffic
from softswitch.sip.transactions import Address

pytestmark = [pytest.mark.system, pytest.mark.alone]
REPOSITORY = Path(__file__).resolve().parents[2]
HABITS = Habits(patience=0.1, talk=0.1, miss=0.0, breaks=0.0)


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as opened:
        yield opened


class CountingDesk:
    """A desk that keeps what was done at it."""

    def __init__(self) -> None:
        self.deeds: list[str] = []

    def log_on(self, agent: str) -> None:
        self.deeds.append(f"{agent} logs on")

    def log_off(self, agent: str) -> None:
        self.deeds.append(f"{agent} logs off")

    def go_on_break(self, agent: str, reason: str) -> None:
        self.deeds.append(f"{agent} takes a break: {reason}")

    def available(self, agent: str) -> None:
        self.deeds.append(f"{agent} is back")

    def end_wrap_up(self, agent: str) -> None:
        self.deeds.append(f"{agent} is done")


def via(station: Station) -> str:
    host, port = station.address
    return f"{host}:{port}"


def test_given_a_call_then_its_report_says_what_happened_and_what_was_heard(
    lab: Lab, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    anna = lab.station(user="anna", behaviour=Answer(after=0.2), say=AGENT_TONE)
    recording = tmp_path / "call.wav"
    arguments = ["+31715550100", "--from", "+31611111111", "--via", via(anna), "--keys", "2@0.5", "--seconds", "1.8"]
    assert call_command.main([*arguments, "--record", str(recording), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["answered_at"] == pytest.approx(0.2, abs=0.1)
    assert (report["hung_up_by"], report["cause"]) == ("us", "NORMAL_CLEARING")
    assert [pressed["digits"] for pressed in report["digits_sent"]] == ["2"]
    assert [half["silence"] for half in report["heard"][1:]] == [False] * len(report["heard"][1:])
    assert set(report["heard"][0]) == {"at", "level", "silence"}
    assert anna.invites[0].from_number == "+31611111111"
    assert anna.conversations[0].digits_received[0].digits == "2"
    assert recording.stat().st_size > 20000


def test_given_a_busy_number_then_the_command_fails_and_says_the_cause(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = lab.station(behaviour=Busy())
    assert call_command.main([anna.uri]) == 1
    assert "USER_BUSY (486)" in capsys.readouterr().out


def test_given_a_file_that_cannot_be_said_then_the_command_line_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert call_command.main(["+31715550100", "--say", "missing.wav"]) == 2
    assert "missing.wav: No such file" in capsys.readouterr().err


def test_given_a_phone_on_the_terminal_then_it_answers_by_itself_and_ends_at_a_signal(lab: Lab) -> None:
    address = _free_address(lab)
    command = [sys.executable, "-m", "lab.agent_phone", "anna", "--at", f"{address[0]}:{address[1]}", "--auto", "0.1"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as phone:
        assert phone.stdout is not None
        try:
            assert "is ready" in phone.stdout.readline()
            call = lab.call(f"sip:anna@{address[0]}:{address[1]}")
            call.wait_answered()
            call.wait_tone(523, seconds=0.25)
            os.kill(phone.pid, signal.SIGTERM)
            assert call.wait_ended().cause == "NORMAL_CLEARING"
            assert phone.wait(5) == 0
        finally:
            phone.kill()


def test_given_agents_at_once_then_callers_reach_them(lab: Lab) -> None:
    system = lab.station(user="system", behaviour=Answer(after=0.1), say=AGENT_TONE)
    day = Day((DialledNumber("+31715550101", ("1",)),), (), 30.0, 0.03, system.address, HABITS, seed=4)
    tally = Traffic(lab, day, CountingDesk()).run(show=False)
    assert tally.calls >= 1
    assert tally.talked >= 1
    assert tally.talked + tally.refused == tally.calls
    assert "reached an agent" in tally.summary()


def test_given_nobody_comes_then_callers_give_up_and_their_silence_is_counted(lab: Lab) -> None:
    system = lab.station(user="system", behaviour=Answer(after=0.0), say=None)
    day = Day((DialledNumber("+31715550101"),), (), 60.0, 0.001, system.address, HABITS, seed=4)
    tally = Traffic(lab, day, CountingDesk()).run(show=False)
    assert (tally.calls, tally.gave_up) == (1, 1)
    assert tally.worst_silence > 4
    assert tally.callers_in_silence == 1


def test_given_robot_agents_then_they_answer_hang_up_and_tend_their_desk(lab: Lab) -> None:
    desk = CountingDesk()
    address = _free_address(lab)
    habits = Habits(patience=5, talk=0.1, miss=0.0, breaks=0.0)
    day = Day((DialledNumber("anna"),), (AgentDevice("anna", *address),), 30.0, 0.001, address, habits, seed=2)
    tally = Traffic(lab, day, desk).run(show=False)
    assert tally.talked == 1
    assert (tally.offers, tally.offers_answered) == (1, 1)
    assert desk.deeds[0] == "anna logs on"
    assert desk.deeds[-1] == "anna logs off"


def test_given_a_day_that_cannot_be_acted_then_the_command_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert traffic_command.main(["--dialplan", "missing.yml"]) == 2
    assert "missing.yml: No such file" in capsys.readouterr().err


def test_the_demo_site_names_numbers_with_keys_and_devices() -> None:
    path = str(REPOSITORY / "dialplans" / "noordwijk.yml")
    numbers = read_numbers(path)
    assert numbers[0] == DialledNumber("+31715550100", ("1", "2", "3", "0", "4", "9"))
    assert numbers[1] == DialledNumber("14071")
    assert DialledNumber("+31715550120") in numbers
    assert AgentDevice("bram", "127.0.0.1", 5072) in read_agents(path)


def test_agents_on_the_command_line_are_understood() -> None:
    expected = (AgentDevice("anna", "127.0.0.1", 5071), AgentDevice("bram", "[::1]", 5072))
    assert parse_agents("anna=127.0.0.1:5071,bram=[::1]:5072") == expected
    with pytest.raises(DirectoryUnreadable, match="write anna="):
        parse_agents("anna:5071")


def _free_address(lab: Lab) -> Address:
    """An address that was free a moment ago."""
    with Lab() as other:
        address = other.station(say=FRIENDLY_TONE).address
    time.sleep(0.01)
    return address
