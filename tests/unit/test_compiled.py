"""Which decisions a core runs: compiled ones only where they are those of the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxcore import compiled


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what was compiled lies."""
    monkeypatch.delenv(compiled.VARIABLE, raising=False)
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "decisions")
    return tmp_path / "decisions"


def test_given_nothing_was_compiled_then_the_sources_run(place: Path) -> None:
    assert compiled.state().startswith("sources; `make setup`")


def test_given_what_was_compiled_is_of_these_sources_then_it_runs(place: Path) -> None:
    (place / compiled.digest()).mkdir(parents=True)
    assert compiled.state() == "compiled"


def test_given_what_was_compiled_is_of_other_sources_then_the_sources_run_and_the_log_warns(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (place / "0123456789abcdef").mkdir(parents=True)
    compiled.tell(compiled.state())
    (told,) = caplog.records
    assert (told.levelname, told.message.split(",")[0]) == ("WARNING", "decisions: sources")


def test_given_the_sources_are_asked_for_then_they_run_whatever_was_compiled(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / compiled.digest()).mkdir(parents=True)
    monkeypatch.setenv(compiled.VARIABLE, "sources")
    assert compiled.state() == "sources, as CX_DECISIONS says"


def test_given_a_source_changes_then_so_does_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "cxcore/domain/floor.py"
    source.parent.mkdir(parents=True)
    monkeypatch.setattr(compiled, "ROOT", tmp_path)
    monkeypatch.setattr(compiled, "MADE_BY", ())
    digests = []
    for text in ("one", "another", "one"):
        source.write_text(text)
        digests.append(compiled.digest())
    assert digests[0] == digests[2] != digests[1]


def test_given_the_domain_is_loaded_then_it_is_too_late_to_take_the_compiled_one(place: Path) -> None:
    import cxcore.domain.floor  # noqa: F401

    with pytest.raises(RuntimeError):
        compiled.use()
