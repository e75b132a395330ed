"""`cx directory import FILE`, on a real database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxcore.config import Settings, load
from cxcore.launch.directory import fill_at_first_start, import_file
from cxcore.storage import open_storage


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    plain = load()
    return replace(plain, site=replace(plain.site, state=tmp_path))


def names(settings: Settings, query: str) -> list[str]:
    storage = open_storage(settings.database_url, settings.site.state / "held")
    found = [each.name for each in storage.employees.search(query, 10)]
    storage.close()
    return found


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_csv_and_yaml_each_replace_the_directory(settings: Settings, tmp_path: Path) -> None:
    assert import_file(settings, written(tmp_path, "a.csv", "naam\nJan Bos\nWim Bos\n")) == 0
    assert names(settings, "bos") == ["Jan Bos", "Wim Bos"]
    text = '- name: Zoë Bos\n  number: "071 555 0101"\n'
    assert import_file(settings, written(tmp_path, "b.yml", text)) == 0
    assert names(settings, "bos") == ["Zoë Bos"]


def test_mistake_is_said_with_file_and_line_and_changes_nothing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_file(settings, written(tmp_path, "a.csv", "naam\nJan Bos\n"))
    for name, text in (("b.csv", "naam,nummer\nWim,abc\n"), ("c.yml", "- name: Wim\n  phone: 1\n")):
        assert import_file(settings, written(tmp_path, name, text)) == 2
        assert f"{name}:2: " in capsys.readouterr().err
    assert import_file(settings, tmp_path / "none.csv") == 2
    assert names(settings, "bos") == ["Jan Bos"]


def test_demo_site_has_a_directory_from_the_first_start_and_keeps_what_was_imported_later(
    settings: Settings, tmp_path: Path
) -> None:
    fill_at_first_start(settings)
    assert names(settings, "meer reis") == ["Zoë van der Meer"]
    import_file(settings, written(tmp_path, "a.csv", "naam\nJan Bos\n"))
    fill_at_first_start(settings)
    assert names(settings, "meer reis") == []
