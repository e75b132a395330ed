"""The command line of the embedded engine: `python -m softswitch --help`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

from softswitch.pauses import keep_pauses_short
from softswitch.service import CannotListen, Service
from softswitch.settings import Settings, SettingsError, read_settings

EXIT_SETTINGS = 2

DESCRIPTION = """\
The embedded telephony engine: takes and makes SIP calls over UDP and lets a controller steer them over FreeSWITCH's
Event Socket. Calls that no controller takes in a few seconds hear the fallback prompt and go to the overflow number.
"""

EPILOGUE = """\
Every flag can stand in the file of --config, as `setting_name: value` with _ for -; a flag goes before the file.
A minimal start:

  echo 'a long password' > /run/softswitch.password
  python -m softswitch --password-file /run/softswitch.password --hold-music-directory music

Exit codes: 0 told to stop (SIGTERM, Ctrl-C, `fsctl shutdown`), 2 a setting or address cannot be used,
70 sound stood still and the process ended rather than answer calls with silence.
"""


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        "python -m softswitch",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--config", type=Path, metavar="FILE", help="settings in YAML")
    _add_sip(options.add_argument_group("SIP and sound"))
    _add_event_socket(options.add_argument_group("Event Socket"))
    _add_calls(options.add_argument_group("calls"))
    options.add_argument("--log-level", choices=("debug", "info", "warning", "error"), help="default info; at debug "
                         "the log holds callers' numbers and every SIP message")  # fmt: skip
    return options


def _add_sip(group: Any) -> None:
    group.add_argument("--sip-ipv4", metavar="ADDRESS", help="default 127.0.0.1; `none` for no IPv4")
    group.add_argument("--sip-ipv6", metavar="ADDRESS", help="default ::1; `none` for no IPv6")
    group.add_argument("--sip-port", type=int, metavar="PORT", help="UDP; default 5080")
    group.add_argument("--sip-port-ipv6", type=int, metavar="PORT", help="on the IPv6 address; default the same")
    group.add_argument("--sip-profile", metavar="NAME", help="as in sofia/NAME/user@host; default cx, over IPv6 cx6")
    group.add_argument("--rtp-port-min", type=int, metavar="PORT", help="first UDP port for sound; default 20000")
    group.add_argument("--rtp-port-max", type=int, metavar="PORT", help="last of them; two per leg; default 29998")
    group.add_argument("--codecs", metavar="CODEC,…", help="the preferred one first; default G722,PCMA,PCMU")
    group.add_argument("--minimum-session-seconds", type=int, metavar="N",
                       help="refuse a session timer (RFC 4028) below it; default 120")  # fmt: skip
    group.add_argument("--media-timeout-seconds", type=float, metavar="N",
                       help="end an answered leg that sends no sound for so long; default 60, 0: never")  # fmt: skip
    group.add_argument("--media-hold-timeout-seconds", type=float, metavar="N",
                       help="the same for one that has us on hold; default 1800, 0: never")  # fmt: skip


def _add_event_socket(group: Any) -> None:
    group.add_argument("--event-socket-addresses", nargs="+", metavar="ADDRESS", help="default 127.0.0.1")
    group.add_argument("--event-socket-port", type=int, metavar="PORT", help="TCP; default 8021")
    group.add_argument("--password-file", type=Path, metavar="FILE", help="one line: the password (no default)")
    group.add_argument("--allowed-peers", nargs="+", metavar="NETWORK", help="default loopback: 127.0.0.1/32 ::1/128")


def _add_calls(group: Any) -> None:
    group.add_argument("--controller-timeout-seconds", type=float, metavar="N",
                       help="how long an arrived call waits for a controller; default 4")  # fmt: skip
    group.add_argument("--fallback-prompt", type=Path, metavar="WAV", help="what callers hear when none took the call")
    group.add_argument("--overflow-dial-string", metavar="STRING", help="then dialled, e.g. sofia/gateway/trunk/+31…; "
                       "without it the call ends")  # fmt: skip
    group.add_argument("--gateway", action="append", dest="gateways", metavar="NAME=HOST:PORT",
                       help="a line outwards, for sofia/gateway/NAME/NUMBER; may be given several times")  # fmt: skip
    group.add_argument("--hold-music-directory", type=Path, metavar="FOLDER",
                       help="WAV files for local_stream://NAME, in FOLDER/NAME or FOLDER itself")  # fmt: skip
    group.add_argument("--hold-music", metavar="STREAM", help="what held callers hear; default local_stream://default")


def settings_from(arguments: list[str]) -> Settings:
    """Raises `SettingsError`; wrong flags end the process with a usage line, as argparse does."""
    flags = vars(parser().parse_args(arguments))
    file = flags.pop("config")
    if flags["gateways"] is not None:
        flags["gateways"] = dict(_gateway(text) for text in flags["gateways"])
    return read_settings(file, flags)


def _gateway(text: str) -> tuple[str, str]:
    name, separator, address = text.partition("=")
    if not separator:
        raise SettingsError("gateway", f"{text!r}; write it as NAME=HOST:PORT")
    return name, address


def main(arguments: list[str]) -> int:
    try:
        settings = settings_from(arguments)
        logging.basicConfig(
            level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
        )
        keep_pauses_short()
        return asyncio.run(Service(settings).run())
    except (SettingsError, CannotListen) as error:
        sys.stderr.write(f"softswitch: {error}\n")
        return EXIT_SETTINGS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
