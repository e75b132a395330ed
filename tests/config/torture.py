"""SIP messages that are hard to read, after the cases of RFC 4475 and RFC 5118, each made of one plain INVITE."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NUMBER = "+31687654321"
"""A number that must not stand in a log."""


@dataclass(frozen=True, slots=True)
class Torture:
    """A message: what the RFC calls it, a request line, headers that take the place of the plain ones, and more."""

    name: str
    start: str = f"INVITE sip:{NUMBER}@127.0.0.1 SIP/2.0"
    headers: Mapping[str, str] | None = None
    extra: Sequence[str] = ()
    body: str = ""

    def octets(self) -> bytes:
        """As it goes over the wire, with a Call-ID of its own."""
        plain = {
            "Via": f"SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{uuid.uuid4().hex};rport",
            "Max-Forwards": "70",
            "From": f"<sip:{NUMBER}@example.net>;tag=torture",
            "To": f"<sip:{NUMBER}@example.net>",
            "Call-ID": uuid.uuid4().hex,
            "CSeq": f"1 {self.start.split(' ')[0]}",
            "Contact": "<sip:caller@127.0.0.1>",
            "Content-Length": str(len(self.body)),
        } | dict(self.headers or {})
        lines = [self.start, *(f"{name}: {value}" for name, value in plain.items()), *self.extra]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode("latin-1")


LONG = "x" * 4000
RFC_4475 = (
    Torture("3.1.1.1 a short tortuous INVITE", headers={"To": f"sip:{NUMBER}@e.net;  tag    = 19", "Max-Forwards": "0068"},
            extra=("s :", "NewFangled:   newfangled value\r\n continued newfangled value", "Call-ID  : x")),
    Torture("3.1.1.2 wide range of valid characters", "!interesting-Method0123456789_*+`.%indeed'~ sip:1@127.0.0.1 SIP/2.0"),
    Torture("3.1.1.3 escaped characters", f"INVITE sip:%73%69%70%3A{NUMBER}@127.0.0.1;x=%C3%A9 SIP/2.0"),
    Torture("3.1.1.4 escaped nulls", "INVITE sip:null-%00-null@127.0.0.1 SIP/2.0", {"From": "sip:null-%00-null@e.net;tag=1"}),
    Torture("3.1.1.5 percent signs that escape nothing", "RE%47IST%45R sip:127.0.0.1 SIP/2.0"),
    Torture("3.1.1.6 no space before the address", headers={"From": f'caller<sip:{NUMBER}@e.net>;tag=1'}),
    Torture("3.1.1.7 long values", headers={"To": f'"{LONG}" <sip:{NUMBER}@e.net>', "Call-ID": LONG[:2000]}),
    Torture("3.1.1.8 extra octets after the body", headers={"Content-Length": "0"}, body="REGISTER sip:x SIP/2.0\r\n\r\n"),
    Torture("3.1.1.9 semicolons in the user", "OPTIONS sip:user;par=u%40example.net@127.0.0.1 SIP/2.0"),
    Torture("3.1.1.10 several transports", headers={"Via": "SIP/2.0/UNKNOWN x;branch=z9hG4bKu;rport, SIP/2.0/TCP y"}),
    Torture("3.1.2.1 extraneous separators", headers={"To": f";;<sip:{NUMBER}@e.net>,,", "Via": "SIP/2.0/UDP 127.0.0.1;;,;,"}),
    Torture("3.1.2.2 content length larger than the message", headers={"Content-Length": "9999"}),
    Torture("3.1.2.3 negative content length", headers={"Content-Length": "-999"}),
    Torture("3.1.2.4 overlarge numbers", headers={"CSeq": "36893488147419103232 REGISTER", "Max-Forwards": "300"}),
    Torture("3.1.2.6 unterminated quoted string", headers={"To": f'"Mr. J. User <sip:{NUMBER}@e.net>'}),
    Torture("3.1.2.7 angle brackets round the request URI", f"INVITE <sip:{NUMBER}@127.0.0.1> SIP/2.0"),
    Torture("3.1.2.8 spaces in the request URI", f"INVITE sip:{NUMBER}@127.0.0.1; lr SIP/2.0"),
    Torture("3.1.2.9 several spaces in the request line", f"INVITE  sip:{NUMBER}@127.0.0.1  SIP/2.0"),
    Torture("3.1.2.10 spaces after the request line", f"OPTIONS sip:{NUMBER}@127.0.0.1 SIP/2.0  "),
    Torture("3.1.2.11 escaped headers in the request URI", f"INVITE sip:{NUMBER}@127.0.0.1?Route=%3Csip:e.net%3E SIP/2.0"),
    Torture("3.1.2.12 a date that is none", extra=("Date: Fri, 01 Jan 2010 16:00:00 EST",)),
    Torture("3.1.2.13 a contact without brackets", headers={"Contact": f"sip:{NUMBER}@e.net?Route=%3Csip:e.net%3E"}),
    Torture("3.1.2.15 characters outside tokens", headers={"From": f"Bell, Alexander <sip:{NUMBER}@e.net>;tag=1"}),
    Torture("3.1.2.16 unknown protocol version", f"OPTIONS sip:{NUMBER}@127.0.0.1 SIP/7.0"),
    Torture("3.1.2.17 method and CSeq differ", headers={"CSeq": "8 INVITE"}, start=f"OPTIONS sip:{NUMBER}@127.0.0.1 SIP/2.0"),
    Torture("3.2.1 missing transaction identifier", headers={"Via": "SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK"}),
    Torture("3.3.1 missing required headers", headers={"Call-ID": "", "From": "", "To": ""}),
    Torture("3.3.2 unknown scheme", "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0"),
    Torture("3.3.5 unknown extension", extra=("Require: nothingSupportsThis", "Proxy-Require: noProxiesSupportThis")),
    Torture("3.3.6 unknown content type", extra=("Content-Type: application/unknownformat",), body="<audio/>"),
    Torture("3.3.8 several values for one header", extra=("CSeq: 5 INVITE", "Call-ID: two", "Max-Forwards: 5", "To: <sip:x>")),
    Torture("3.3.9 several content lengths", extra=("Content-Length: 5",), body="There's no way to know how many octets"),
    Torture("3.3.11 Max-Forwards of zero", headers={"Max-Forwards": "0"}),
    Torture("3.3.15 nothing acceptable", extra=("Accept: text/nobodyKnowsThis",)),
    Torture("3.4.1 INVITE of RFC 2543", headers={"Via": "SIP/2.0/UDP 127.0.0.1", "From": f"<sip:{NUMBER}@e.net>"}),
)  # fmt: skip
RFC_5118 = (
    Torture("4.1 IPv6 reference", f"INVITE sip:{NUMBER}@[2001:db8::10] SIP/2.0", {"Via": "SIP/2.0/UDP [2001:db8::9:1]"}),
    Torture("4.2 IPv6 without brackets", f"INVITE sip:{NUMBER}@2001:db8::10 SIP/2.0"),
    Torture("4.3 port that could be part of the address", f"INVITE sip:{NUMBER}@[2001:db8::10:5070] SIP/2.0"),
    Torture("4.4 port outside the brackets", f"INVITE sip:{NUMBER}@[2001:db8::10]:5070 SIP/2.0"),
    Torture("4.5 received with brackets", headers={"Via": "SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKa"}),
    Torture("4.6 address in SDP", extra=("Content-Type: application/sdp",), body="v=0\r\no=u 9 9 IN IP6 2001:db8::20\r\nc=IN IP6 2001:db8::20\r\n"),
    Torture("4.7 two versions in one message", headers={"Contact": "<sip:u@192.0.2.1>", "Via": "SIP/2.0/UDP [2001:db8::9]"}),
    Torture("4.10 IPv4-mapped address", f"INVITE sip:{NUMBER}@[::ffff:192.0.2.10] SIP/2.0"),
)  # fmt: skip
