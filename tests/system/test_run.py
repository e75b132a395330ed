"""`cx run` as an operator meets it: what it says, what it refuses, what it restarts, what it leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cxcore.launch.children import LARGEST_LOG_BYTES
from tests.contract.engines import freeswitch_missing
from tests.contract.sip_peer import NothingCame, SipParty
from tests.ports import free_port
from tests.system.household import Household, all_gone, until

pytestmark = pytest.mark.system
RESTART_SECONDS = 25.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """One product that runs for the tests which leave it running."""
    household = Household(tmp_path_factory.mktemp("run"))
    try:
        household.start_and_greet()
        yield household
    finally:
        household.close()


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    """A site whose product was never started."""
    household = Household(tmp_path)
    yield household
    household.close()


def test_run_says_where_the_pages_are_how_to_sign_in_and_which_number_to_call(running: Household) -> None:
    console = running.console()
    assert f"http://127.0.0.1:{running.web_port}/" in console
    assert f"sip:+31715550100@127.0.0.1:{running.sip_port}" in console
    assert set(running.passwords()) == {"anna", "bram", "chris", "dirk", "sofie", "aad", "fenna"}
    parts = {"switch", "core", "database", "disk", "inbox", "recordings", "alerts", "sound"}
    assert set(running.health()["parts"]) == parts
    assert running.is_healthy()


def test_passwords_are_printed_once_and_kept_nowhere_in_clear_text(running: Household) -> None:
    until(lambda: running.passwords(), running.console, 5)
    assert not (running.state / "secrets/first-passwords").exists()
    for file in running.state.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not any(password.encode() in content for password in running.passwords().values()), file


def test_secrets_are_for_their_owner_only(running: Household) -> None:
    for file in (running.state / "secrets").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


@pytest.mark.parametrize("child", ["core", "web", "switch", "recorder"])
def test_child_that_is_killed_is_started_again_and_the_console_says_so(running: Household, child: str) -> None:
    until(running.is_healthy, running.console, RESTART_SECONDS)
    before = running.children()
    before[child].kill()
    until(lambda: f"{child} ended (signal SIGKILL); it is started again" in running.console(), running.console, 5)
    until(
        lambda: running.is_healthy() and running.children().get(child, before[child]).pid != before[child].pid,
        lambda: f"{running.health()} {running.console()}",
        RESTART_SECONDS,
    )
    untouched = {name: process.pid for name, process in running.children().items() if name != child}
    assert untouched == {name: process.pid for name, process in before.items() if name != child}


def test_second_run_on_the_same_ports_names_each_port_that_is_taken_and_starts_nothing(running: Household) -> None:
    children = {process.pid for process in running.children().values()}
    done = running.asks("run")
    assert done.returncode == 2
    lines = done.stdout.splitlines()
    for port, setting in (
        (running.event_socket_port, "switch.port"),
        (running.sip_port, "switch.sip_addresses"),
        (running.web_port, "web.port"),
    ):
        (line,) = [line for line in lines if f"port {port} " in line]
        assert setting in line
        assert f"{running.settings_file}:" in line
    assert len(lines) == 3
    assert {process.pid for process in running.children().values()} == children


def test_new_password_is_given_on_the_command_line(running: Household) -> None:
    done = running.asks("password", "anna")
    assert done.returncode == 0, done.stderr
    user, password = done.stdout.split()
    assert user == "anna"
    assert len(password) == 16
    assert password != running.passwords().get("anna")


def test_password_for_a_user_who_is_not_there_is_refused(running: Household) -> None:
    done = running.asks("password", "nobody")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_to_the_parent_stops_every_child(household: Household, number: signal.Signals) -> None:
    first = household.start_and_greet()
    running = household.children()
    assert set(running) == {"switch", "core", "recorder", "web"}
    children = list(running.values())
    assert household.stop(number) == 0
    assert all_gone(children)
    assert "Traceback" not in household.console()
    if number is signal.SIGTERM:
        return
    second = household.start_and_greet()
    print(f"cx run: {first:.1f} s to everything at the first start, {second:.1f} s at the second")  # noqa: T201
    assert household.passwords() == {}
    assert "./cx password USER" in household.console()


def test_parent_that_is_killed_leaves_no_orphan(household: Household) -> None:
    household.start_and_greet()
    assert household.process
    children = list(household.children().values())
    household.process.kill()
    household.process.wait(5)
    until(lambda: all_gone(children), lambda: str(children), 8)


@pytest.fixture
def guarded(household: Household) -> tuple[Household, int]:
    """A household behind its SBC, running; and the SBC's port."""
    if shutil.which("kamailio", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin") is None:
        pytest.skip("Kamailio is not installed")
    port = household.with_sbc()
    household.start_and_greet()
    return household, port


def test_callers_come_in_by_the_sbc_where_there_is_one(guarded: tuple[Household, int]) -> None:
    household, port = guarded
    assert f"sip:+31715550100@127.0.0.1:{port}" in household.console()
    street = SipParty(("127.0.0.1", port))
    caller = street.call("+31715550101")
    caller.wait_answered()
    certificate = household.health()["parts"]["certificate"]
    assert certificate["healthy"], "the one that the SBC made for itself lasts"
    children = household.child_processes()
    assert household.stop() == 0
    assert all_gone(children)
    assert caller.wait_ended(1), "a caller stays in a call with a switch that was stopped"
    street.close()


def test_sbc_that_is_killed_is_started_again_and_takes_calls(guarded: tuple[Household, int]) -> None:
    household, port = guarded
    killed = household.children()["sbc"]
    workers = killed.children(recursive=True)
    assert workers
    killed.kill()
    until(lambda: all_gone(workers), household.console, 5)
    until(lambda: "sbc ended (signal SIGKILL)" in household.console(), household.console, 5)
    until(lambda: household.children().get("sbc", killed).pid != killed.pid, household.console, 10)
    street = SipParty(("127.0.0.1", port))
    until(lambda: _is_answered(street), household.console, 10)
    street.close()
    assert household.console().count("sbc ended") == 1


def _is_answered(street: SipParty) -> bool:
    call = street.call("+31715550101")
    try:
        call.wait_answered(1)
    except NothingCame:
        return False
    call.bye()
    return True


def test_parent_of_an_sbc_that_is_killed_leaves_no_orphan(guarded: tuple[Household, int]) -> None:
    household, _port = guarded
    assert household.process
    children = household.child_processes()
    household.process.kill()
    household.process.wait(5)
    until(lambda: all_gone(children), lambda: str(children), 8)


def test_signal_while_it_starts_stops_what_was_started(household: Household) -> None:
    household.start()
    until(lambda: "starting core" in household.console(), household.console, 20)
    children = list(household.children().values())
    assert household.stop(signal.SIGINT) == 0
    assert all_gone(children)


# --- Refusals: before anything is started ---


def test_unknown_setting_is_refused_with_its_line(household: Household) -> None:
    household.write_settings({"web": {"prot": 8080}})
    said = household.refuses()
    line = next(
        number
        for number, text in enumerate(household.settings_file.read_text(encoding="utf-8").splitlines(), 1)
        if "prot:" in text
    )
    assert f"{household.settings_file}:{line}: web.prot: is not a setting; did you mean web.port?" in said


def test_settings_that_are_no_yaml_are_refused_with_the_line(household: Household) -> None:
    household.settings_file.write_text("site:\n  state: var\n web: {port: [\n", encoding="utf-8")
    assert f"{household.settings_file}:3: is not YAML" in household.refuses()


def test_settings_file_that_is_not_there_is_refused(household: Household) -> None:
    household.settings_file.unlink()
    assert f"{household.settings_file}: there is no such file" in household.refuses()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("site: Proef\nflows:\n  a: [answer\nqueues:\n", 4, ""),
        ("site: Proef\nnumbers:\n  '+31715550100': a\nflows:\n  a:\n    - say: welkomm\n", 6, "welkom"),
    ],
    ids=["no-yaml", "unknown-prompt"],
)
def test_broken_dialplan_is_refused_with_file_line_and_remedy(
    household: Household, text: str, line: int, words: str
) -> None:
    household.dialplan = household.folder / "site.yml"
    household.dialplan.write_text(text, encoding="utf-8")
    household.write_settings()
    said = household.refuses()
    (found,) = [each for each in said.splitlines() if f"{household.dialplan}:{line}:" in each]
    assert "→" in found
    assert words in found


def test_dialplan_that_is_not_there_is_refused(household: Household) -> None:
    household.dialplan = household.folder / "nowhere.yml"
    household.write_settings()
    assert str(household.dialplan) in household.refuses()


def test_prompts_that_were_not_made_are_refused_where_they_are_named(household: Household) -> None:
    (household.folder / "prompts/welkom.wav").unlink()
    said = household.refuses()
    lines = [each for each in said.splitlines() if "`welkom`" in each]
    assert lines
    assert all(f"{household.dialplan}:" in line and "make setup" in line for line in lines)


def test_message_for_callers_in_a_failure_that_was_not_made_is_refused(household: Household) -> None:
    (household.folder / "prompts/storing.wav").unlink()
    said = household.refuses()
    assert "switch.fallback_prompt" in said
    assert "make setup" in said


@pytest.mark.parametrize("present", [True, False], ids=["empty", "missing"])
def test_hold_music_that_was_not_made_is_refused(household: Household, present: bool) -> None:
    for file in (household.folder / "music").iterdir():
        file.unlink()
    if not present:
        (household.folder / "music").rmdir()
    said = household.refuses()
    assert f"{household.settings_file}:" in said
    assert "switch.hold_music_directory" in said
    assert "make setup" in said


def test_one_port_that_is_taken_is_one_clear_line(household: Household) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as squatter:
        squatter.bind(("127.0.0.1", household.sip_port))
        said = household.refuses()
    assert len(said.splitlines()) == 1
    assert f"127.0.0.1 port {household.sip_port} (UDP), for the switch's SIP: Address already in use." in said
    assert f"(process {os.getpid()})" in said


def test_one_port_for_two_parts_is_refused_with_both_named(household: Household) -> None:
    household.write_settings({"web": {"port": household.event_socket_port}})
    said = household.refuses()
    assert "is meant for the switch's event socket and for the pages" in said
    assert "web.port" in said


def test_pages_come_up_over_https_whatever_name_their_certificate_bears(household: Household) -> None:
    key, certificate = household.folder / "key.pem", household.folder / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=cx.example"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make.split(), *files], check=True, capture_output=True, timeout=20)
    household.write_settings({"web": {"certificate": str(certificate), "key": str(key)}})
    household.start_and_greet()
    assert f"https://127.0.0.1:{household.web_port}/" in household.console()


def test_log_that_grew_large_is_turned_over_while_its_child_writes_on(household: Household) -> None:
    household.start_and_greet()
    log = household.state / "log/core.log"
    with log.open("ab") as writer:
        writer.write(b"x" * (LARGEST_LOG_BYTES + 1))
    until(lambda: log.stat().st_size < LARGEST_LOG_BYTES, household.console, 5)
    assert log.with_suffix(".log.1").stat().st_size > LARGEST_LOG_BYTES


def test_engine_that_is_not_installed_is_named(household: Household) -> None:
    empty = household.folder / "no-programs"
    empty.mkdir()
    said = household.refuses("--switch", "freeswitch", environment={"PATH": str(empty)})
    assert "freeswitch is not installed" in said
    assert "softswitch" in said
    assert "Traceback" not in said


def test_state_folder_that_cannot_be_made_is_refused(household: Household) -> None:
    household.state = household.folder / "cx.yml" / "var"
    household.write_settings()
    said = household.refuses()
    assert "site.state" in said
    assert "Traceback" not in said


def test_database_that_is_damaged_is_refused_plainly_and_the_switch_is_stopped_again(household: Household) -> None:
    household.state.mkdir()
    (household.state / "cx.db").write_bytes(b"this is no database" * 100)
    household.start()
    assert household.process
    assert household.process.wait(40) == 2
    said = household.console()
    assert any(f"{part} cannot start" in said for part in ("core", "recorder", "web")), said
    assert "the file is no SQLite database" in said
    assert "Traceback" not in said


def test_check_tells_the_same_as_run(household: Household) -> None:
    (household.folder / "prompts/welkom.wav").unlink()
    done = household.asks("check")
    assert done.returncode != 0
    what_runs, findings = done.stdout.split("\n", 1)
    assert what_runs.startswith("decisions: ")
    assert findings.strip() in household.refuses()


def test_check_reads_dialplans_that_nobody_runs_yet(household: Household) -> None:
    draft = household.folder / "draft.yml"
    draft.write_text("site: Proef\nflows: {begin: [{goto: elders}]}\nnumbers: {}\n", encoding="utf-8")
    refused = household.asks("check", str(draft), str(household.folder / "away.yml"))
    assert refused.returncode == 1
    assert f"{draft}:2" in refused.stdout
    assert "away.yml" in refused.stdout
    fine = household.asks("check", str(household.dialplan))
    assert (fine.returncode, fine.stdout) == (0, "no errors, no warnings\n")


def test_database_server_that_is_away_is_refused_plainly_without_its_password(household: Household) -> None:
    port = free_port()
    household.write_settings({"database": {"url": f"postgresql+psycopg://cx:geheim-Xy7@127.0.0.1:{port}/cx"}})
    household.start()
    assert household.process
    assert household.process.wait(40) == 2
    said = household.console()
    assert "nothing listens there; start PostgreSQL" in said
    assert "geheim-Xy7" not in said
    assert "Traceback" not in said


def test_other_engine_runs_on_the_same_settings(household: Household) -> None:
    if reason := freeswitch_missing():
        pytest.skip(reason)
    household.start_and_greet("--switch", "freeswitch")
    assert household.is_healthy()
    children = household.child_processes()
    assert household.stop() == 0
    assert all_gone(children)
