"""freeswitch/conf: loads in FreeSWITCH as it is, holds no password, names each site value once."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from scripts import freeswitch_site
from scripts.freeswitch_site import BadSiteValue
from tests.contract.engines import freeswitch_missing

ROOT = Path(__file__).resolve().parents[2]
CONF = ROOT / "freeswitch" / "conf"
PASSWORD = "abcdefghijklmnop-1"
SET = re.compile(r'cmd="set" data="([a-z0-9_]+)=([^"]*)"')
USED = re.compile(r"\$\$\{([a-z0-9_]+)\}")

needs_freeswitch = pytest.mark.skipif(bool(freeswitch_missing()), reason=freeswitch_missing())


def _files() -> list[Path]:
    return sorted(CONF.rglob("*.xml"))


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    (folder / "one.wav").write_bytes(b"RIFF")
    return folder


def _site_values() -> dict[str, str]:
    return dict(SET.findall((CONF / "vars.xml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", _files(), ids=lambda file: file.name)
def test_each_file_is_well_formed(file: Path) -> None:
    text = USED.sub("value", file.read_text(encoding="utf-8"))
    ElementTree.fromstring(text)  # noqa: S314 - our own files


def test_no_password_is_shipped() -> None:
    assert _site_values()["event_socket_password"] == ""
    assert not [file for file in _files() if "ClueCon" in file.read_text(encoding="utf-8")]


def test_each_value_that_is_used_is_set_and_each_that_is_set_is_used() -> None:
    text = {file: file.read_text(encoding="utf-8") for file in _files()}
    used = {name for content in text.values() for name in USED.findall(content)}
    in_the_dialplan = set(re.findall(r"(?<!\$)\$\{([a-z0-9_]+)\}", text[CONF / "dialplan" / "overflow.xml"]))
    derived = set(dict(SET.findall(text[CONF / "freeswitch.xml"])))
    assert used - derived == (_site_values().keys() | set()) - (in_the_dialplan - used)


def test_site_values_stand_in_one_file_only() -> None:
    addresses = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b|\b(?:50[68]0|8021)\b")
    others = [file for file in _files() if file.name != "vars.xml"]
    assert not [file.name for file in others if addresses.search(file.read_text(encoding="utf-8"))]


def test_callers_are_let_in_by_address_alone() -> None:
    for profile in ("cx.xml", "cx6.xml"):
        root = ElementTree.fromstring(USED.sub("x", (CONF / "sip_profiles" / profile).read_text()))  # noqa: S314
        settings = {param.get("name"): param.get("value") for param in root.iter("param")}
        assert settings["apply-inbound-acl"] == "sbc"
        assert settings["auth-calls"] == "false"
        assert settings["disable-register"] == "true"
        assert settings["disable-transfer"] == "true"
        assert settings["manage-presence"] == "false"


def test_both_profiles_differ_in_name_and_address_only() -> None:
    ipv4, ipv6 = ((CONF / "sip_profiles" / name).read_text() for name in ("cx.xml", "cx6.xml"))
    without_gateway = re.sub(r"  <gateways>.*</gateways>\n", "", ipv4, flags=re.S)
    renamed = without_gateway.replace("{sip_profile}", "{sip_profile}6").replace("{sip_ipv4}", "{sip_ipv6}")
    assert renamed.replace("{sip_port}", "{sip_port_ipv6}") == ipv6


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("event_socket_password", "", "must be set"),
        ("event_socket_password", "short", "at least 16"),
        ("event_socket_password", "1" * 20, "a letter"),
        ("event_socket_password", 'aaaaaaaaaaaaaaaa"/><x', "must not hold"),
        ("sbc_networks", "everywhere", "is no network"),
        ("controller_networks", "127.0.0.1/99", "is no network"),
        ("sip_port", '5060"', "must not hold"),
        ("nonsense", "1", "is not in vars.xml; known are"),
        ("hold_music_directory", "/nonexistent", "holds no .wav file"),
    ],
)
def test_bad_value_is_refused_by_name(tmp_path: Path, name: str, value: str, part: str) -> None:
    values = {"event_socket_password": PASSWORD} | {name: value}
    with pytest.raises(BadSiteValue, match=re.escape(part)) as refusal:
        freeswitch_site.write_site(tmp_path, values)
    assert refusal.value.name == name


def test_site_file_holds_the_values_and_is_the_owners_alone(tmp_path: Path, music: Path) -> None:
    values = {"event_socket_password": PASSWORD, "sip_port": "5099", "hold_music_directory": str(music)}
    conf = freeswitch_site.write_site(tmp_path, values)
    written = dict(SET.findall((conf / "vars.xml").read_text(encoding="utf-8")))
    assert written["sip_port"] == "5099"
    assert written["event_socket_password"] == PASSWORD
    assert (conf / "vars.xml").stat().st_mode & 0o777 == 0o600
    assert _site_values()["event_socket_password"] == ""


def test_hold_music_is_a_list_in_which_no_name_follows_itself(tmp_path: Path, music: Path) -> None:
    """mod_local_stream skips a file with the name of the last one, and pauses a second at the end of its folder."""
    freeswitch_site.write_site(
        tmp_path, {"event_socket_password": PASSWORD, "hold_music_directory": str(music)}
    )
    (playlist,) = (tmp_path / "hold_music").iterdir()
    lines = playlist.read_text(encoding="utf-8").splitlines()
    assert len(lines) >= freeswitch_site.PLAYLIST_LINES
    assert all(Path(line).exists() for line in lines[:4])
    assert all(one != other for one, other in zip(lines, lines[1:], strict=False))


def test_site_without_ipv6_has_no_profile_for_it(tmp_path: Path) -> None:
    conf = freeswitch_site.write_site(tmp_path, {"event_socket_password": PASSWORD, "sip_ipv6": ""})
    assert [file.name for file in sorted((conf / "sip_profiles").iterdir())] == ["cx.xml"]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "scripts" / "freeswitch_site.py"
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_script_prints_the_command_that_starts_freeswitch(tmp_path: Path) -> None:
    password_file = tmp_path / "password"
    password_file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    done = _run("--state", str(tmp_path / "run"), "--password-file", str(password_file), "--set", "sip_port=5099")
    assert done.returncode == 0, done.stderr
    command = json.loads(done.stdout)["command"]
    assert command[0] == "freeswitch"
    assert command[command.index("-conf") + 1] == str(tmp_path / "run" / "conf")


def test_script_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    done = _run("--state", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith("freeswitch_site: event_socket_password: must be set")
    assert done.stderr.count("\n") == 1


@needs_freeswitch
def test_freeswitch_refuses_to_start_without_a_password(tmp_path: Path) -> None:
    shutil.copytree(CONF, tmp_path / "conf")
    for folder in freeswitch_site.FOLDERS:
        (tmp_path / folder).mkdir()
    command = freeswitch_site.start_command(tmp_path)
    refused = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert refused.returncode != 0
    assert "Cannot Initialize" in refused.stdout + refused.stderr


def test_repository_holds_nothing_of_freeswitch_but_configuration() -> None:
    found = [path for path in (ROOT / "freeswitch").rglob("*") if path.is_file()]
    assert {path.suffix for path in found} <= {".xml", ".md"}
    assert not [path for path in found if os.access(path, os.X_OK)]
