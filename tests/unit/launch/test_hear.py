"""`cx hear` in words."""

from __future__ import annotations

import pytest

from cxcore.launch.hearing import CANNOT_START, main


def test_it_tells_each_step_with_text_sound_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["14071", "--at", "2026-12-25T10:00"]) == 0
    told = capsys.readouterr().out
    assert "timetable kantooruren is closed (2026-12-25, the holiday eerste-kerstdag: closed all day)" in told
    assert "“Vanwege een feestdag is de gemeente vandaag gesloten." in told
    assert "gesloten-feestdag" in told
    assert told.splitlines()[-1].startswith("  0:0") and "the call ends" in told.splitlines()[-1]


def test_keys_and_the_number_of_the_caller_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["071-5550100", "--at", "2026-11-24T10:00", "--keys=-,1", "--from", "hidden"]) == 0
    told = capsys.readouterr().out
    assert "the caller presses no key" in told
    assert "waits in queue burgerzaken" in told
    assert main(["071-5550100", "--from", "0612340099"]) == 0
    assert "the caller stands on the list geblokkeerd" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["nummer"], "the number: nummer is no phone number"),
        (["14071", "--at", "morgen"], "--at: morgen is no time; write it as 2026-12-25T10:00"),
        (["14071", "--keys", "1,A"], "--keys: A is no key of a telephone"),
    ],
)
def test_what_cannot_be_understood_gets_one_clear_line(
    arguments: list[str], answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == CANNOT_START
    assert answer in capsys.readouterr().err
