"""What `cx run` prints when everything runs: where the pages are, how to sign in, which number to call and how."""

from __future__ import annotations

from cxcore.config import Settings
from cxcore.config.values import Address


def greeting(settings: Settings, with_sbc: bool, seconds: float) -> str:
    """A few lines for the person at the terminal. Passwords that were made at this start are shown once."""
    door = _door(settings, with_sbc)
    lines = [
        "",
        f"Everything runs (after {seconds:.1f} s). Ctrl-C stops it.",
        f"  pages     {settings.web_url}",
        *_sign_in(settings),
        f"  call      sip:+31715550100@{door} from any SIP phone, without registration; or, in another terminal:",
        f"            ./cx call +31715550100 --via {door} --keys 1@8",
        "  answer    ./cx phone bram      an agent's telephone on the terminal; anna's is her page, in Chromium",
        f"  a day     ./cx traffic --via {door}      robot callers and agents",
        f"  logs      {settings.log_directory}",
    ]
    return "\n".join(lines)


def _door(settings: Settings, with_sbc: bool) -> Address:
    if with_sbc:
        return Address(settings.sbc.hosts[0], settings.sbc.port)
    return settings.switch.sip_addresses[0]


def _sign_in(settings: Settings) -> list[str]:
    """The passwords of new accounts; afterwards they are nowhere in clear text."""
    file = settings.first_passwords_file
    if not file.exists():
        return ["  sign in   with your account; ./cx password USER gives a user a new password"]
    pairs = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    file.unlink()
    shown = [f"            {username:<10} {password}" for username, password in pairs]
    return ["  sign in   with one of these accounts; the passwords are shown only now:", *shown]
