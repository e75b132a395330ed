#!/usr/bin/env python3
"""Write a run directory for FreeSWITCH: its configuration with the values of one site, and its folders.

    scripts/freeswitch_site.py --state var/freeswitch --set event_socket_password=… --set sip_port=5080

Prints one JSON object: `command` starts FreeSWITCH in the foreground. The values are those of
freeswitch/conf/vars.xml; what is not set keeps the value that stands there. Needs the standard library only.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[1] / "freeswitch" / "conf"

FOLDERS = ("log", "db", "run", "storage", "cache", "recordings", "scripts", "sounds", "grammar", "certs", "htdocs")
"""Given to FreeSWITCH as `-log DIR`, `-db DIR` … (`switch.c`); all of them, so that none falls to a built-in place."""

PLAYLIST_LINES = 20_000
"""mod_local_stream waits a second, in silence, each time it has been through its folder (`read_stream_thread`)."""

_SETTING = re.compile(r'(?P<head>data="(?P<name>[a-z0-9_]+)=)[^"]*(?P<tail>")')
_PASSWORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{15,}")
_FORBIDDEN = re.compile(r'["<>&\x00-\x1f]|\$\$|-->')
_SOUND_SUFFIXES = frozenset({".wav"})


class BadSiteValue(ValueError):
    """A value that FreeSWITCH's configuration cannot carry; the message names it and says what to write."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name}: {remedy}")
        self.name = name


def write_site(state: Path, values: Mapping[str, str], configuration: Path = CONFIGURATION) -> Path:
    """Fill `state` (made if missing) with conf/ and FreeSWITCH's folders, and give back conf/.

    An empty `sip_ipv6` leaves the IPv6 profile out. The hold music of `hold_music_directory` is played from a
    playlist, so that no caller hears the pause between two passes. Raises BadSiteValue.
    """
    site = dict(values)
    _check(site)
    conf = state.resolve() / "conf"
    shutil.rmtree(conf, ignore_errors=True)
    shutil.copytree(configuration, conf)
    for folder in FOLDERS:
        (state / folder).mkdir(parents=True, exist_ok=True)
    if "hold_music_directory" in site:
        site["hold_music_directory"] = str(_write_playlist(state, Path(site["hold_music_directory"])))
    if site.get("sip_ipv6") == "":
        (conf / "sip_profiles" / "cx6.xml").unlink()
    _write_values(conf / "vars.xml", site)
    return conf


def start_command(state: Path, binary: str = "freeswitch", modules: Path | None = None) -> list[str]:
    """The command that runs FreeSWITCH in the foreground with this run directory, without changing its priority."""
    root = state.resolve()
    command = [binary, "-nonat", "-nf", "-nc", "-np", "-conf", str(root / "conf")]
    for folder in FOLDERS:
        command += [f"-{folder}", str(root / folder)]
    command += ["-temp", str(root / "run")]
    return command + (["-mod", str(modules)] if modules else [])



def _check(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if _FORBIDDEN.search(value):
            raise BadSiteValue(name, 'must not hold any of " < > & $$ --> or a control character')
    password = values.get("event_socket_password", "")
    if not _PASSWORD.fullmatch(password):
        raise BadSiteValue(
            "event_socket_password",
            "must be set: a letter, then letters, digits, - and _, at least 16 characters together",
        )
    for name in ("sbc_networks", "controller_networks"):
        _check_networks(name, values.get(name, "127.0.0.1/32"))


def _check_networks(name: str, networks: str) -> None:
    for network in networks.split(","):
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise BadSiteValue(name, f"{network!r} is no network; write 192.0.2.0/24,2001:db8::/64") from None


def _write_values(file: Path, values: Mapping[str, str]) -> None:
    """Put the values into the lines of vars.xml; a name that stands in no line is refused."""
    text = file.read_text(encoding="utf-8")
    known = {match["name"] for match in _SETTING.finditer(text)}
    for name in values.keys() - known:
        raise BadSiteValue(name, f"is not in vars.xml; known are {', '.join(sorted(known))}")
    file.write_text(_SETTING.sub(lambda match: _filled(match, values), text), encoding="utf-8")
    file.chmod(0o600)


def _filled(match: re.Match[str], values: Mapping[str, str]) -> str:
    value = values.get(match["name"])
    return match[0] if value is None else f"{match['head']}{value}{match['tail']}"


def _write_playlist(state: Path, music: Path) -> Path:
    """A folder with one list (`.loc`) that names the sound files over and over, for days without a pause."""
    sounds = sorted(file for file in music.resolve().glob("*") if file.suffix.lower() in _SOUND_SUFFIXES)
    if not sounds:
        raise BadSiteValue("hold_music_directory", f"{music} holds no .wav file; waiting callers would hear silence")
    folder = state.resolve() / "hold_music"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "playlist.loc").write_text("".join(f"{line}\n" for line in _playlist(sounds)), encoding="utf-8")
    return folder


def _playlist(sounds: Iterable[Path]) -> list[str]:
    """The files again and again. Each second time under another spelling: a name that follows itself is skipped."""
    names = [str(sound) for sound in sounds]
    again = [f"{sound.parent}/./{sound.name}" for sound in map(Path, names)]
    round_trip = names + again
    return round_trip * (PLAYLIST_LINES // len(round_trip) + 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True, help="the run directory, made if it is missing")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value of vars.xml")
    parser.add_argument(
        "--password-file", type=Path, help="file that holds event_socket_password (keeps it off the command line)"
    )
    parser.add_argument("--configuration", type=Path, default=CONFIGURATION, help="default: %(default)s")
    parser.add_argument("--binary", default="freeswitch", help="default: %(default)s")
    parser.add_argument("--modules", type=Path, help="folder of mod_*.so; default: the one FreeSWITCH was built with")
    return parser.parse_args()


def _values(arguments: argparse.Namespace) -> dict[str, str]:
    values: dict[str, str] = {}
    for setting in arguments.set:
        name, equals, value = setting.partition("=")
        if not equals:
            raise BadSiteValue(setting, "write --set NAME=VALUE")
        values[name] = value
    if arguments.password_file:
        values["event_socket_password"] = arguments.password_file.read_text(encoding="utf-8").strip()
    return values


def main() -> int:
    arguments = _arguments()
    try:
        write_site(arguments.state, _values(arguments), arguments.configuration)
    except (BadSiteValue, OSError) as refusal:
        print(f"freeswitch_site: {refusal}", file=sys.stderr)
        return 2
    print(json.dumps({"command": start_command(arguments.state, arguments.binary, arguments.modules)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
