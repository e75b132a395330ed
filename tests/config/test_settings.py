"""What the settings file accepts, and what it says about the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxcore.config import Address, Engine, PortRange, Settings, SettingsError, load
from cxcore.launch.inspection import inspect


def written(folder: Path, text: str) -> Path:
    file = folder / "cx.yml"
    file.write_text(text, encoding="utf-8")
    return file


def findings(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(written(folder, text))
    return [finding.removeprefix(f"{folder}/") for finding in caught.value.findings]


@pytest.mark.parametrize("text", ["site: " + "[" * 3000, "".join(f"{' ' * depth}a:\n" for depth in range(1500))])
def test_a_file_that_nests_endlessly_is_refused(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == ["cx.yml: nests deeper than settings do; name a file that holds settings"]


def test_a_key_that_is_no_name_is_refused_with_its_line(tmp_path: Path) -> None:
    found = findings(tmp_path, "web: {}\n? [a, b]\n: c\n")
    assert found == ["cx.yml:2: ?: is no name; write one `key: value` per line"]


def test_the_shipped_file_shows_the_defaults() -> None:
    assert load() == Settings()


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")) == Settings()
    assert load(written(tmp_path, "web:\n")) == Settings()


def test_a_site_file_overrides_only_what_it_names(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "switch:\n  engine: freeswitch\n  rtp_ports: 30000-31000\n"))

    assert settings.switch.engine is Engine.FREESWITCH
    assert settings.switch.rtp_ports == PortRange(30000, 31000)
    assert settings.web == Settings().web


def test_relative_paths_count_from_the_folder_of_the_file(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "site: {state: state, dialplan: /srv/cx/site.yml}\n"))

    assert settings.site.state == tmp_path / "state"
    assert settings.site.dialplan == Path("/srv/cx/site.yml")
    assert settings.database_url == f"sqlite:///{tmp_path}/state/cx.db"


def test_addresses_of_both_families_are_read(tmp_path: Path) -> None:
    settings = load(written(tmp_path, 'switch: {sip_addresses: ["192.0.2.1:5080", "[2001:db8::1]:5081"]}\n'))

    assert settings.switch.sip_addresses == (Address("192.0.2.1", 5080), Address("2001:db8::1", 5081))
    assert str(settings.switch.sip_addresses[1]) == "[2001:db8::1]:5081"


def test_a_phone_number_keeps_its_plus_without_quotes(tmp_path: Path) -> None:
    assert load(written(tmp_path, "switch: {overflow_number: +31715550199}\n")).switch.overflow_number == "+31715550199"


def test_yes_and_no_are_words_here(tmp_path: Path) -> None:
    assert load(written(tmp_path, "sbc: {enabled: no}\n")).sbc.enabled == "no"


def test_a_message_can_point_at_the_line_that_set_a_key(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "web:\n  host: 127.0.0.1\n  port: 8090\n"))

    assert settings.place("web.port") == f"{tmp_path}/cx.yml:3, web.port"
    assert "its default" in settings.place("sbc.port")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("web:\n  prot: 80\n", "cx.yml:2: web.prot: is not a setting; did you mean web.port?"),
        ("webb: {}\n", "cx.yml:1: webb: is not a setting; did you mean web?"),
        ("web: {port: 80x0}\n", 'cx.yml:1: web.port: is "80x0"; write a whole number from 1 to 65535'),
        ("web: {port: 0}\n", 'cx.yml:1: web.port: is "0"; write a whole number from 1 to 65535'),
        ("web: {port: [1]}\n", "cx.yml:1: web.port: is a list; write one value on the same line"),
        ("web: 8080\n", "cx.yml:1: web: write one `key: value` per line"),
        ("- web\n", "cx.yml:1: the file: write one `key: value` per line"),
        ("switch:\n  engine: x\n", 'cx.yml:2: switch.engine: is "x"; write one of: softswitch, freeswitch'),
        ("log: {level: loud}\n", 'cx.yml:1: log.level: is "loud"; write one of: debug, info, warning, error'),
        ("web:\n  port: 1\n  port: 2\n", "cx.yml:3: web.port: is set in line 2 already; keep one of the two"),
        ("web: {certificate: a.pem}\n", "cx.yml:1: web: certificate and key belong together; write both or neither"),
    ],
)
def test_a_mistake_is_told_with_line_key_and_remedy(tmp_path: Path, text: str, finding: str) -> None:
    assert findings(tmp_path, text) == [finding]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("switch: {sip_addresses: [[::1]:5080]}", "check the indentation"),
        ('switch: {sip_addresses: ["::1"]}', '"[::1]:5080"'),
        ('switch: {trunk: "300.0.0.1:5060"}', '"127.0.0.1:5080"'),
        ("switch: {rtp_ports: 30000-20000}", "the lower one first"),
        ("sbc: {allowed_networks: [192.0.2.1/24]}", '"192.0.2.0/24"'),
        ("switch: {overflow_number: call me}", "digits with an optional +"),
        ("switch: {codecs: [PCMA, opus]}", "a list of codecs, the preferred one first, of G722, PCMA, PCMU"),
        ("switch: {codecs: PCMA}", "a list of codecs"),
        ("database: {url: mysql://x}", "postgresql+psycopg://USER@HOST/DATABASE"),
        ("link: {changes: http://x}", "tcp://HOST:PORT"),
        ("site: {state: }", "is empty; write one value"),
        ("web: {host: 'a b'}", "a host name or an IP address"),
        ("switch: {profile: 'a/b'}", "a name of letters"),
    ],
)
def test_the_remedy_shows_what_to_write(tmp_path: Path, text: str, remedy: str) -> None:
    [finding] = findings(tmp_path, text)

    assert finding.startswith("cx.yml:1: ")
    assert remedy in finding


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(findings(tmp_path, "web: {port: x, host: '/'}\nlog: {level: x}\n")) == 3


def test_a_missing_file_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        load(tmp_path / "absent.yml")


def test_bytes_that_are_no_text_are_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "cx.yml").write_bytes(b"web: \xff\xfe\n")

    with pytest.raises(SettingsError, match="cannot be read as UTF-8"):
        load(tmp_path / "cx.yml")


def test_a_socket_path_that_the_system_cannot_hold_is_told(tmp_path: Path) -> None:
    found = findings(tmp_path, f"site: {{state: {'x' * 120}}}\n")

    assert len(found) == 2
    assert all("longer than 107 characters" in finding for finding in found)


def test_whatsapp_is_off_until_all_three_files_are_there_and_hold_something(tmp_path: Path) -> None:
    names = ("token_file", "app_secret_file", "verify_token_file")
    assert load(written(tmp_path, "{}\n")).whatsapp_fault == ""
    for name in names:
        (tmp_path / name).write_text("a secret\n", encoding="ascii")
    given = [f"  {name}: {tmp_path / name}\n" for name in names]

    assert load(written(tmp_path, "".join(["whatsapp:\n", *given]))).whatsapp_fault == ""
    some = load(written(tmp_path, "".join(["whatsapp:\n", given[0]]))).whatsapp_fault
    assert some == "app_secret_file: WhatsApp needs all three files; this one is not set"
    (tmp_path / "verify_token_file").write_text("\n", encoding="ascii")
    empty = load(written(tmp_path, "".join(["whatsapp:\n", *given])))
    assert empty.whatsapp_fault == f"verify_token_file: {tmp_path / 'verify_token_file'} is not there or empty"
    (finding,) = [each for each in inspect(empty) if "whatsapp" in str(each)]
    assert "is not there or empty" in str(finding)
    assert finding.place.line == 4
