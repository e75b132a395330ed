"""A trunk profile: what one provider's SIP trunk wants, apart from the values of a site. See sbc/profiles.

Providers differ in how a line is announced, how numbers are written and who vouches for them (SIPconnect 2.0, RFC 3325,
RFC 5806, RFC 7044); each of that is a key here, with the value that SIPconnect recommends as its default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from yaml.nodes import Node

from cxcore.config import values
from cxcore.config.loading import SettingsError, read_file
from cxcore.config.values import BadValue


class Mode(StrEnum):
    """How provider and site find each other."""

    STATIC = "static"
    REGISTER = "register"
    BOTH = "both"


class Transport(StrEnum):
    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Srtp(StrEnum):
    """Whether sound is encrypted, with keys in the SDP (RFC 4568)."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Identity(StrEnum):
    """The header that says which number calls: P-Asserted-Identity, P-Preferred-Identity, or From alone."""

    PAI = "pai"
    PPI = "ppi"
    FROM = "from"


class NumberForm(StrEnum):
    """+31715550100, 31715550100, 0715550100 or 0031715550100."""

    E164_PLUS = "e164plus"
    E164 = "e164"
    NATIONAL = "national"
    PREFIX_00 = "0031"


class Passing(StrEnum):
    """Whether something that the switch or the provider offers goes on."""

    PASS = "pass"  # noqa: S105 - no password
    STRIP = "strip"


class History(StrEnum):
    """The header that says for which number a call was forwarded."""

    DIVERSION = "diversion"
    HISTORY_INFO = "history-info"
    BOTH = "both"
    NONE = "none"


SHORTEST_SESSION_SECONDS = 120
CODECS = ("PCMA", "PCMU", "G722", "G729", "opus")


def yes_or_no(node: Node, folder: Path) -> bool:
    """`yes` or `no`."""
    written = values.text(node, folder)
    if written not in ("yes", "no"):
        raise BadValue("yes or no")
    return written == "yes"


def domain(node: Node, folder: Path) -> str:
    """A host name, or nothing."""
    return "" if not str(node.value).strip() else str(values.host(node, folder))


def session_seconds(node: Node, folder: Path) -> int:
    """0, or seconds that both engines take (RFC 4028 says 90 at least, FreeSWITCH 120)."""
    seconds = int(values.whole(0, 86_400)(node, folder))
    if 0 < seconds < SHORTEST_SESSION_SECONDS:
        raise BadValue(f"0 for none, or a whole number of seconds from {SHORTEST_SESSION_SECONDS} to 86400")
    return seconds


def _setting(read: values.Read, default: Any) -> Any:
    return field(default=default, metadata={"read": read})


@dataclass(frozen=True, slots=True)
class TrunkProfile:
    """What a provider wants. Each key stands, with its meaning, in sbc/profiles/sipconnect.yml."""

    name: str = _setting(values.text, "SIPconnect")
    mode: Mode = _setting(values.choice(Mode), Mode.STATIC)
    transport: Transport = _setting(values.choice(Transport), Transport.UDP)
    domain: str = _setting(domain, "")
    register_seconds: int = _setting(values.whole(60, 7200), 600)
    options_seconds: int = _setting(values.whole(0, 3600), 30)
    number_form: NumberForm = _setting(values.choice(NumberForm), NumberForm.E164_PLUS)
    user_phone: bool = _setting(yes_or_no, False)
    identity: Identity = _setting(values.choice(Identity), Identity.PAI)
    history: History = _setting(values.choice(History), History.HISTORY_INFO)
    early_media: Passing = _setting(values.choice(Passing), Passing.PASS)
    reliable_provisional: Passing = _setting(values.choice(Passing), Passing.STRIP)
    session_timers: Passing = _setting(values.choice(Passing), Passing.PASS)
    session_seconds: int = _setting(session_seconds, 1800)
    relay_sound: bool = _setting(yes_or_no, True)
    srtp: Srtp = _setting(values.choice(Srtp), Srtp.OFF)
    codecs: tuple[str, ...] = _setting(values.codecs(CODECS), ("PCMA", "G722"))


def load_trunk_profile(file: Path) -> TrunkProfile:
    """The profile of a file. Raises `SettingsError` with every finding: file, line, key, and what to write."""
    profile = read_file(file, TrunkProfile())
    findings = list(_contradictions(profile))
    if findings:
        raise SettingsError([f"{file}: {finding}" for finding in findings])
    return profile


def _contradictions(profile: TrunkProfile) -> list[str]:
    """What each key alone does not show."""
    findings = []
    if profile.srtp is not Srtp.OFF and not profile.relay_sound:
        findings.append("srtp: rtpengine encrypts, so `relay_sound` must be yes")
    if profile.srtp is not Srtp.OFF and profile.transport is not Transport.TLS:
        findings.append("srtp: its keys stand in the SDP, so `transport` must be tls")
    return findings
