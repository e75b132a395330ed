"""`cx replay` as a supervisor types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from cxcore.__main__ import main
from cxcore.launch import replay
from cxcore.launch.comparison import conclusion, table
from cxcore.simulation.figures import Figures
from cxcore.storage import open_storage
from tests.unit.simulation import acted_day

DIALPLAN = """
site: Noordwijk
numbers: {"+31715550100": direct}
flows: {direct: [{queue: burgerzaken}], receptie: [{queue: receptie}]}
queues:
  burgerzaken: {name: Burgerzaken, strategy: linear, wrap_up_seconds: 30}
  receptie: {name: Receptie, strategy: linear, priority: 1, wrap_up_seconds: 10}
users: {sofie: {name: Sofie Mulder, role: supervisor}}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site without a database; its settings file."""
    (tmp_path / "site.yml").write_text(DIALPLAN)
    settings = {"site": {"dialplan": "site.yml", "state": "."}, "database": {"url": f"sqlite:///{tmp_path}/cx.db"}}
    file = tmp_path / "cx.yml"
    file.write_text(yaml.safe_dump(settings))
    return file


@pytest.fixture
def recorded(site: Path) -> Path:
    """A site whose log holds the morning of 2 March 2026; its settings file."""
    storage = open_storage(f"sqlite:///{site.parent}/cx.db", site.parent / "held")
    storage.contact_log.record(acted_day.acted())
    storage.contact_log.flush()
    storage.close()
    return site


def asks(config: Path, *arguments: str) -> int:
    return main(["replay", "--config", str(config), *arguments])


def test_day_is_shown_beside_its_replays(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asks(recorded, "2026-03-02", "--strategy", "linear", "--strategy", "workload") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Monday 2 March 2026: Burgerzaken, Receptie"
    assert lines[2].split() == ["as", "recorded", "linear", "workload"]
    rows = {line[:35].strip(): line[35:].split() for line in lines[3:-2]}
    assert rows["offered"][0] == rows["offered"][1]
    assert rows["contacts per agent, fewest to most"][0] == rows["contacts per agent, fewest to most"][1]
    assert lines[-1].startswith("Best")
    assert lines[-1].endswith(".")


def test_staffing_is_compared_as_json(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--agents", "2", "--agents", "6", "--queue", "burgerzaken", "--json")
    assert asks(recorded, "2026-03-02", *arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["day"], document["queues"]) == ("2026-03-02", ["burgerzaken"])
    assert document["recorded"]["name"] == "as recorded"
    assert [each["name"] for each in document["replays"]] == ["2 agents", "6 agents"]
    assert len(document["replays"][0]["handled"]) == 2
    assert document["conclusion"].startswith("6 agents are enough to answer 80 % in time; callers would have waited")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("2026-03-01",), "no contacts were recorded on 2026-03-01; the latest days with contacts are 2026-03-02"),
        (("2026-02-30",), "2026-02-30 is no day; write it as 2026-11-24, or today, or yesterday"),
        (("2999-01-01",), "2999-01-01 is still to come"),
        (("2026-03-02", "--queue", "milieu"), "there is no queue milieu; the queues are burgerzaken, receptie"),
    ],
)
def test_day_that_cannot_be_replayed_is_refused_with_the_reason(
    recorded: Path, arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asks(recorded, *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


def test_queue_without_contacts_that_day_is_refused_with_the_reason(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [caller for caller in acted_day.callers(1) if caller.number.endswith("burgerzaken")]
    storage = open_storage(f"sqlite:///{site.parent}/cx.db", site.parent / "held")
    storage.contact_log.record(acted_day.acted(people=people))
    storage.contact_log.flush()
    storage.close()
    assert asks(site, "2026-03-02", "--queue", "receptie") == 2
    assert "no contact was queued for receptie on 2026-03-02" in capsys.readouterr().err


def test_site_that_never_ran_is_told_so_and_gets_no_database(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asks(site, "yesterday") == 2
    assert "nothing was ever recorded" in capsys.readouterr().err
    assert not (site.parent / "cx.db").exists()


@pytest.mark.parametrize("agents", ["0", "-1", "many", "10001"])
def test_number_of_agents_must_be_one(site: Path, agents: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        asks(site, "today", f"--agents={agents}")
    assert f"{agents} is no number of agents" in capsys.readouterr().err


def test_help_explains_what_is_repeated_and_what_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["replay", "--help"])
    assert end.value.code == 0
    printed = capsys.readouterr().out
    for word in ("Kaplan and Meier", "--strategy", "--agents", "--queue", "--seed", "--json", "yesterday"):
        assert word in printed


def test_work_longer_than_a_second_shows_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter([0.0, 0.5, 1.2, 1.3, 2.0])
    monkeypatch.setattr(replay, "monotonic", lambda: next(now))
    note = replay.Progress().of("replaying, linear")
    for share in (0.1, 0.2, 0.3, 0.4):
        note(share)
    assert capsys.readouterr().err.splitlines() == ["replaying, linear: 20 %", "replaying, linear: 40 %"]


def figures(name: str, mean: float, abandoned: int, handled: tuple[int, ...]) -> Figures:
    return Figures(name, 100, 100 - abandoned, 80, abandoned, 0, 0, 0, mean, 30.0, 90.0, 0.8, 0.7, handled)


def test_conclusion_names_the_best_for_callers_and_the_fairest() -> None:
    before = figures("as recorded", 30, 10, (10, 80))
    linear, workload = figures("linear", 20, 4, (10, 86)), figures("workload", 25, 6, (47, 48))
    assert conclusion(before, [linear]) == (
        "With linear callers would have waited 20.0 s on average instead of 30.0 s, and 6 fewer would have given up."
    )
    assert conclusion(before, [linear, workload]) == (
        "Best for callers is linear: callers would have waited 20.0 s on average instead of 30.0 s, and 6 fewer would "
        "have given up; workload spreads the work most evenly, 47–48 contacts an agent."
    )


def test_conclusion_about_staffing_names_the_fewest_agents_who_reach_the_target() -> None:
    before = figures("as recorded", 30, 10, (10, 80))
    enough = figures("2 agents", 20, 4, (47, 48)), figures("3 agents", 5, 1, (31, 33, 34))
    assert conclusion(before, enough).startswith("2 agents are enough to answer 80 % in time; callers would have")
    assert conclusion(before, enough, 0.9).startswith("None of these answers 90 % in time; with 3 agents callers")


def test_conclusion_says_so_when_callers_would_notice_nothing() -> None:
    before = figures("as recorded", 30, 10, (10, 80))
    same = [figures("linear", 20, 4, (10, 86)), figures("workload", 20.2, 4, (47, 48))]
    assert conclusion(before, same) == (
        "Callers would notice little difference; workload spreads the work most evenly, 47–48 contacts an agent."
    )


def test_table_leaves_out_what_is_nowhere() -> None:
    shown = table([figures("as recorded", 30, 10, (10, 80))])
    assert "moved on" not in shown
    assert "not served" not in shown
    assert "abandoned" in shown
