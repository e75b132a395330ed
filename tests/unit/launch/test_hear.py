"""`cx hear` in words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from cxcore.domain.events import EmergencySet, MessageUsed, QueueSwitched
from cxcore.domain.queue import QueueId
from cxcore.launch.hearing import CANNOT_START, main
from cxcore.ports.configurations import Draft
from cxcore.ports.messages import LibrarySound, Origin
from cxcore.storage import open_storage

ROOT = Path(__file__).resolve().parents[3]


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
    assert "the list geblokkeerd holds for this caller" in capsys.readouterr().out


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


def settings_file(folder: Path) -> Path:
    """A site of its own: the demo dialplan and prompts, with a state in this folder."""
    (folder / "state").mkdir()
    site = {"dialplan": str(ROOT / "dialplans/noordwijk.yml"), "prompts": str(ROOT / "var/prompts/nl")}
    file = folder / "cx.yml"
    file.write_text(yaml.safe_dump({"site": {**site, "state": str(folder / "state")}}), encoding="utf-8")
    return file


def test_what_is_in_use_counts_and_with_file_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_file(tmp_path)
    at, tuesday = datetime(2026, 11, 20, 8, tzinfo=UTC), "2026-11-24T10:00"
    storage = open_storage(f"sqlite:///{tmp_path / 'state' / 'cx.db'}", tmp_path / "held")
    chosen = LibrarySound("welkom/0123456789abcdef0123", "0" * 64, 2.0, ())
    version = storage.messages.add("welkom", chosen, Origin.SPOKEN, "Goedendag, gemeente.", "aad", at)
    storage.contact_log.record(
        [
            MessageUsed(at, "welkom", version.version, chosen.sound, "aad"),
            EmergencySet(at, "+31715550102", "noodtekst-storing", "end-call", "", None, False, "aad"),
            QueueSwitched(at, QueueId("burgerzaken"), False, "sofie"),
        ]
    )
    storage.close()
    told = {}
    for number in ("+31715550100", "+31715550102", "+31715550101"):
        assert main([number, "--at", tuesday, "--config", str(settings)]) == 0
        told[number] = capsys.readouterr().out
    assert "“Goedendag, gemeente.”" in told["+31715550100"]
    assert "an emergency message that is on" in told["+31715550102"]
    assert "Door een storing zijn wij" in told["+31715550102"]
    assert "finds queue burgerzaken closed, by hand of a supervisor" in told["+31715550101"]
    assert main(["+31715550100", "--at", tuesday, "--file", "--config", str(settings)]) == 0
    assert "Goedendag" not in capsys.readouterr().out


def test_a_version_and_a_draft_are_heard_before_they_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings, text = settings_file(tmp_path), (ROOT / "dialplans/noordwijk.yml").read_text(encoding="utf-8")
    now, begins = datetime(2026, 12, 1, 8, tzinfo=UTC), datetime(2126, 12, 2, 8, tzinfo=UTC)
    storage = open_storage(f"sqlite:///{tmp_path / 'state' / 'cx.db'}", tmp_path / "held")
    storage.configurations.add(Draft(now, "aad", "", text, None, now), None)
    storage.configurations.note_activated(1, now)
    silent = text.replace("    - say: welkom\n", "")
    storage.configurations.add(Draft(now, "aad", "geen welkom", silent, 1, begins), 1)
    storage.close()
    draft = tmp_path / "draft.yml"
    draft.write_text(silent, encoding="utf-8")
    ask = ["+31715550100", "--config", str(settings)]
    assert main(ask) == 0
    assert "welkom.wav" in capsys.readouterr().out
    assert main([*ask, "--version", "2"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("version 2, by aad, which begins to count at 2126-12-02 09:00\n")
    assert "welkom.wav" not in told
    assert main([*ask, "--draft", str(draft)]) == 0
    assert "welkom.wav" not in capsys.readouterr().out
    assert main([*ask, "--version", "3"]) == CANNOT_START
    assert "--version: there is no version 3" in capsys.readouterr().err
    assert main([*ask, "--draft", str(tmp_path / "none.yml")]) == CANNOT_START
    assert "--draft: there is no file" in capsys.readouterr().err


def test_a_site_that_never_ran_has_no_versions_but_a_draft_is_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, draft = (ROOT / "dialplans/noordwijk.yml").read_text(encoding="utf-8"), tmp_path / "draft.yml"
    lists = 'zwembad: {forwarded_from: ["+31715550123"], flow: receptie}'
    draft.write_text(text.replace("  meldkamer:\n", f"  {lists}\n  meldkamer:\n"), encoding="utf-8")
    ask = ["+31715550100", "--at", "2026-11-24T10:00", "--config", str(settings_file(tmp_path))]
    assert main([*ask, "--version", "1"]) == CANNOT_START
    assert "this site never ran" in capsys.readouterr().err
    assert main([*ask, "--draft", str(draft), "--forwarded-from", "071-5550123"]) == 0
    assert "the list zwembad holds for this caller or forwarding" in capsys.readouterr().out
    assert main([*ask, "--draft", str(draft)]) == 0
    assert "zwembad" not in capsys.readouterr().out


def test_without_a_database_the_file_is_heard_and_none_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["14071", "--at", "2026-12-25T10:00", "--config", str(settings_file(tmp_path))]) == 0
    assert "gesloten-feestdag" in capsys.readouterr().out
    assert not (tmp_path / "state" / "cx.db").exists()
