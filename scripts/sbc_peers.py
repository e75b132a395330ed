"""The lines of site.cfg that say how the SBC speaks to the trunk and to Teams. Part of scripts/sbc_site.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cxcore.config import SettingsError
from cxcore.config.trunk_profile import (
    History,
    Identity,
    Mode,
    NumberForm,
    Passing,
    Srtp,
    Transport,
    TrunkProfile,
    load_trunk_profile,
)
from scripts.sbc_values import BadSiteValue, address, bracketed, ip, listed, number, secret_of

PLAIN = TrunkProfile(
    options_seconds=0, session_seconds=0, relay_sound=False, identity=Identity.FROM, history=History.NONE
)
"""What is done without a profile: numbers go out as the switch dials them."""
FORMS = {NumberForm.E164: "E164", NumberForm.PREFIX_00: "0031", NumberForm.NATIONAL: "NATIONAL"}
HEADERS = {Identity.PAI: "P-Asserted-Identity", Identity.PPI: "P-Preferred-Identity"}
ANY_NUMBER = ".*"
TEAMS_DOMAIN = "pstnhub.microsoft.com"
_PRINTABLE = r"[!#-\[\]-~]{6,}"
_REGISTRATION_COLUMNS = (
    "id(int,auto) l_uuid(string) l_username(string) l_domain(string) r_username(string) r_domain(string) "
    "realm(string,null) auth_username(string) auth_password(string) auth_ha1(string,null) auth_proxy(string) "
    "expires(int) flags(int) reg_delay(int) contact_addr(string) socket(string)"
)
_OWN_NUMBER = re.compile(r"\+?[0-9]{2,15}\*?")
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_PEER = re.compile(r"([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})")


def trunk_addresses(site: Mapping[str, str]) -> list[tuple[str, int]]:
    """Where the trunk is, the preferred address first; empty without a trunk."""
    return [address("trunk", each) for each in listed(site, "trunk")] if site["trunk"] else []


def trunk_lines(site: Mapping[str, str]) -> Iterator[str]:
    """The defines of the trunk. Raises BadSiteValue."""
    places = trunk_addresses(site)
    if not places:
        return
    profile = profile_of(site)
    peers = [f"{bracketed(host)}:{port}" for host, port in places]
    yield "#!define WITH_TRUNK"
    yield _text("TRUNK_PEERS", ";".join(peers))
    yield _text("TRUNK_DOMAIN", profile.domain or peers[0].rpartition(":")[0])
    yield _text("TRUNK_TRANSPORT", "" if profile.transport is Transport.UDP else f";transport={profile.transport}")
    yield _text("TRUNK_USER_PHONE", ";user=phone" if profile.user_phone else "")
    if profile.identity in HEADERS:
        yield _text("TRUNK_IDENTITY_HEADER", HEADERS[profile.identity])
    yield _text("TRUNK_SRTP", profile.srtp)
    yield _text("SDP_FOR_TRUNK", sdp_for(profile))
    own, socket = _own_place(site, profile)
    yield _text("TRUNK_US", own)
    yield _text("TRUNK_SOCKET", socket)
    yield _text("TRUNK_FAMILY", _family(places[0][0]))
    yield from _numbers(site)
    yield from _flags(profile)
    yield from _account(site, profile)


def profile_of(site: Mapping[str, str]) -> TrunkProfile:
    """The trunk's profile. Raises BadSiteValue with the first thing that is wrong with it."""
    if not site["trunk_profile"]:
        return PLAIN
    try:
        return load_trunk_profile(Path(site["trunk_profile"]))
    except SettingsError as fault:
        raise BadSiteValue("trunk_profile", str(fault)) from None


def sdp_for(profile: TrunkProfile) -> str:
    """The flags by which rtpengine makes an SDP for the trunk."""
    protocol = {Srtp.OFF: "RTP/AVP", Srtp.OPTIONAL: "RTP/SAVP OSRTP-offer", Srtp.REQUIRED: "RTP/SAVP"}[profile.srtp]
    offered = [f"codec-offer-{codec}" for codec in (*profile.codecs, "telephone-event")]
    flags = ["ICE=remove", protocol, "DTLS=off", "rtcp-mux-demux", "replace-origin", "codec-strip-all", *offered]
    return " ".join(flags)


def _own_place(site: Mapping[str, str], profile: TrunkProfile) -> tuple[str, str]:
    """Which of our addresses the trunk sees, and the socket that it has."""
    versions = {ip("trunk", host).version for host, _ in trunk_addresses(site)}
    if len(versions) > 1:
        raise BadSiteValue("trunk", f"{site['trunk']} has both IP versions; a trunk speaks one, name addresses of that")
    version = versions.pop()
    host = next((each for each in listed(site, "hosts") if ip("hosts", each).version == version), None)
    if host is None:
        raise BadSiteValue("trunk", f"{site['trunk']} has not the IP version of hosts={site['hosts']}")
    door = site["tls_port"] if profile.transport is Transport.TLS else site["port"]
    if door == "0":
        raise BadSiteValue("tls_port", "the trunk's profile says `transport: tls`; set it, for instance to 5061")
    own = f"{bracketed(host)}:{door}"
    return own, f"{profile.transport}:{own}"


def _numbers(site: Mapping[str, str]) -> Iterator[str]:
    """Which numbers are ours to show, and which is shown instead of another."""
    own = own_numbers(site)
    shown = site["shown_number"]
    if own != ANY_NUMBER and not re.fullmatch(r"\+[1-9][0-9]{6,14}", shown):
        raise BadSiteValue("shown_number", f"{shown or 'nothing'} is no number of ours; write +31715550100")
    emergency = site["emergency_number"] or shown
    yield _text("TRUNK_OWN_NUMBERS", own)
    yield _text("TRUNK_SHOWN_NUMBER", shown or "anonymous")
    yield _text("TRUNK_EMERGENCY_NUMBER", emergency or "anonymous")


def own_numbers(site: Mapping[str, str]) -> str:
    """A regular expression for the site's numbers; without any of them, each number counts as ours."""
    if not site["own_numbers"]:
        return ANY_NUMBER
    patterns = []
    for written in listed(site, "own_numbers"):
        if not _OWN_NUMBER.fullmatch(written):
            raise BadSiteValue("own_numbers", f"{written} is no number; write +31715550100, or +3171555* for several")
        patterns.append(written.replace("+", r"\+").replace("*", "[0-9]*"))
    return f"^({'|'.join(patterns)})$"


def _flags(profile: TrunkProfile) -> Iterator[str]:
    flags = {
        f"TRUNK_FORM_{FORMS.get(profile.number_form)}": profile.number_form in FORMS,
        "TRUNK_DIVERSION": profile.history in (History.DIVERSION, History.BOTH),
        "TRUNK_HISTORY_INFO": profile.history in (History.HISTORY_INFO, History.BOTH),
        "TRUNK_NO_EARLY_MEDIA": profile.early_media is Passing.STRIP,
        "TRUNK_NO_100REL": profile.reliable_provisional is Passing.STRIP,
        "TRUNK_NO_SESSION_TIMERS": profile.session_timers is Passing.STRIP,
        "WITH_TRUNK_SOUND": profile.relay_sound,
    }
    yield from (f"#!define {name}" for name, wanted in flags.items() if wanted)
    if profile.session_seconds and profile.session_timers is Passing.PASS:
        yield _text("TRUNK_SESSION_SECONDS", str(profile.session_seconds))
    if profile.options_seconds:
        yield f"#!define TRUNK_OPTIONS_SECONDS {profile.options_seconds}"


def _account(site: Mapping[str, str], profile: TrunkProfile) -> Iterator[str]:
    """Name and password, and the registration where the profile wants one."""
    user = site["trunk_user"]
    if not user:
        if profile.mode is not Mode.STATIC:
            raise BadSiteValue("trunk_user", f"the trunk's profile says `mode: {profile.mode}`; name the account")
        return
    if not re.fullmatch(r"[A-Za-z0-9+._@-]+", user):
        raise BadSiteValue("trunk_user", f"{user} holds something else than letters, digits and + . _ @ -")
    password = secret_of("trunk_password_file", site["trunk_password_file"], _PRINTABLE)
    realm = profile.domain or trunk_addresses(site)[0][0]
    yield _text("TRUNK_USER", user)
    yield _text("TRUNK_PASSWORD", password)
    yield _text("TRUNK_REALM", realm)
    if profile.mode is not Mode.STATIC:
        yield "#!define WITH_REGISTRATION"


def registration_rows(site: Mapping[str, str]) -> Iterator[str]:
    """The table from which Kamailio registers and keeps registered (uac, table uacreg, as db_text writes it)."""
    yield _REGISTRATION_COLUMNS
    if not site["trunk"] or profile_of(site).mode is Mode.STATIC:
        return
    profile, user = profile_of(site), site["trunk_user"]
    host, port = trunk_addresses(site)[0]
    transport = "" if profile.transport is Transport.UDP else f";transport={profile.transport}"
    proxy = f"sip:{bracketed(host)}:{port}{transport}"
    local, realm = user.partition("@")[0], profile.domain or host
    password = secret_of("trunk_password_file", site["trunk_password_file"], _PRINTABLE)
    own, socket = _own_place(site, profile)
    values = ["1", local, local, own, local, realm, "", user, password, "", proxy, str(profile.register_seconds)]
    yield ":".join(value.replace(":", r"\:") for value in [*values, "0", "0", own, socket])


def teams_lines(site: Mapping[str, str]) -> Iterator[str]:
    """The defines of Teams Direct Routing. Raises BadSiteValue."""
    name = site["teams_name"]
    if not name:
        return
    if not _NAME.fullmatch(name) or name[-1].isdecimal() or name.endswith(".onmicrosoft.com"):
        raise BadSiteValue("teams_name", f"{name} is no name of an SBC in the tenant; write sbc.gemeente.example.nl")
    door = number(site, "tls_port", 0, 65535)
    if not door:
        raise BadSiteValue("tls_port", "Teams speaks TLS; set it to 5061")
    host = host_towards_teams(site)
    yield "#!define WITH_TEAMS"
    yield _text("TEAMS_NAME", name)
    yield _text("TEAMS_US", f"{name}:{door}")
    yield _text("TEAMS_SOCKET", f"tls:{bracketed(host)}:{door}")
    yield _text("TEAMS_FAMILY", _family(host))
    yield _text("TEAMS_PEERS", ";".join(teams_peers(site)))
    yield _text("TEAMS_DOMAIN", _domain(site))
    yield f"#!define TEAMS_OPTIONS_SECONDS {number(site, 'teams_options_seconds', 1, 180)}"
    yield '#!define TEAMS_PATIENCE "5000"'
    yield f'alias="{name}:{door}"'


def _family(host: str) -> str:
    """The IP version of an address as rtpengine names it."""
    return "IP6" if ":" in host else "IP4"


def host_towards_teams(site: Mapping[str, str]) -> str:
    """Our address that Teams sees: the first; for entrances that are IPv6 addresses the first of that version."""
    literal = all(peer.startswith("[") for peer in teams_peers(site))
    hosts = [each for each in listed(site, "hosts") if not literal or ":" in each]
    if not hosts:
        raise BadSiteValue("teams_peers", f"{site['teams_peers']} has not the IP version of hosts={site['hosts']}")
    return hosts[0]


def teams_peers(site: Mapping[str, str]) -> list[str]:
    """HOST:PORT of each entrance of Teams, in the order in which they are tried."""
    for each in listed(site, "teams_peers"):
        if not _PEER.fullmatch(each):
            raise BadSiteValue("teams_peers", f"{each} is no name with a port; write sip.{TEAMS_DOMAIN}:5061")
    return listed(site, "teams_peers")


def _domain(site: Mapping[str, str]) -> str:
    """A regular expression for the hosts that are Teams."""
    hosts = {each.rpartition(":")[0] for each in teams_peers(site)}
    others = [re.sub(r"([.\[\]])", r"[\1]", host) for host in sorted(hosts) if not host.endswith(f".{TEAMS_DOMAIN}")]
    return f"^({'|'.join([f'([a-z0-9-]+[.])*{TEAMS_DOMAIN}', *others])})$"


def status_lines(site: Mapping[str, str]) -> Iterator[str]:
    """Whose state monitoring may ask for."""
    trunk = [f"{bracketed(host)}:{port}" for host, port in trunk_addresses(site)]
    teams = teams_peers(site) if site["teams_name"] else []
    yield _text("STATUS_PEERS", ";".join([*trunk, *teams]))


def _text(name: str, value: str) -> str:
    return f'#!define {name} "{value}"'
