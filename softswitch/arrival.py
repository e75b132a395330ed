"""A call comes in: from the INVITE to a leg with its first variables (sofia.c, `sofia_handle_sip_i_invite`)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from softswitch.caller_profile import CallerProfile, Times
from softswitch.dialplan import ARRIVAL_CONTEXT
from softswitch.leg import Leg
from softswitch.sip.causes import Cause
from softswitch.sip.dialog import Dialog
from softswitch.sip.endpoint import Endpoint
from softswitch.switchboard import Switchboard
from softswitch.variables import PROTECTED_PREFIX

log = logging.getLogger(__name__)

LONGEST_NAME = 2048
"""A display name is cut here; a sane one has a few dozen characters."""

LONGEST_VALUE = 8192


def take_call(board: Switchboard, endpoint: Endpoint, request: Any, transaction: Any) -> tuple[Any, Any, Any]:
    """Make a leg of an INVITE; refuse it when we go down or speak none of its codecs."""
    leg = _leg(board, endpoint, request)
    leg.dialog = Dialog.incoming(endpoint.transactions, request, transaction, leg)
    result = leg.dialog.transaction_result
    if not board.accepting:
        leg.dialog.end(Cause.NORMAL_TEMPORARY_FAILURE, 503)
        return result
    leg.media.wants_ipv6 = endpoint.is_ipv6
    body = request.getBody()
    if not leg.media.read_offer(None if body is None else str(body)):
        leg.dialog.end(Cause.INCOMPATIBLE_DESTINATION, 488)
        return result
    board.take_on(leg)
    return result


def _leg(board: Switchboard, endpoint: Endpoint, request: Any) -> Leg:
    caller = request.getHFBody("from")
    number = _text(caller.getUrl().username or caller.getUrl().host)
    dialled = _text(request.getRURI().username or "")
    identity_name, identity_number = _asserted_identity(request)
    name = _display_name(identity_name or caller.getUri().name) or number
    number = identity_number or number
    now = board.now()
    source_host, _source_port = request.getSource()
    profile = CallerProfile(
        direction="inbound",
        uuid=str(uuid4()),
        caller_id_name=name,
        caller_id_number=number,
        orig_caller_id_name=name,
        orig_caller_id_number=number,
        destination_number=dialled or "service",
        username=number,
        context=ARRIVAL_CONTEXT,
        network_addr=source_host.strip("[]"),
        ani=number,
        channel_name=f"sofia/{board.profile_name(endpoint)}/{_address(caller.getUrl())}",
        hidden="id" in _privacy(request).split(";"),
        times=Times(profile_created=now, created=now),
    )
    leg = Leg(board, profile)
    for key, value in _variables(leg, endpoint, request):
        leg.variables.set(key, value[:LONGEST_VALUE])
    return leg


def _display_name(name: str | None) -> str:
    """Percent signs are decoded once, as `check_decode` in sofia.c does; what that makes is for events to encode."""
    return _text(unquote(name or "", errors="surrogateescape")).replace('\\"', '"')[:LONGEST_NAME]


def _text(value: str) -> str:
    return value.replace("\0", "")


def _asserted_identity(request: Any) -> tuple[str, str]:
    """Name and number of P-Asserted-Identity, which the SBC alone lets through (RFC 3325)."""
    for header in request.getHFs("p-asserted-identity"):
        try:
            address = header.getBody().getUri()
        except (ValueError, IndexError, AttributeError):
            continue
        if address.url.username:
            return address.name or "", _text(address.url.username)
    return "", ""


def _privacy(request: Any) -> str:
    """The values of the Privacy header as RFC 3323 writes them, parted by `;`; empty without one."""
    values = (_text(str(header.getBody())) for header in request.getHFs("privacy"))
    return ";".join(part.strip() for value in values for part in value.split(";"))


def _variables(leg: Leg, endpoint: Endpoint, request: Any) -> Iterator[tuple[str, str]]:
    """In FreeSWITCH's order."""
    caller = request.getHFBody("from").getUrl()
    host, port = request.getSource()
    yield "direction", "inbound"
    yield "uuid", leg.uuid
    yield "session_id", str(leg.board.next_session_number())
    yield "sip_from_user", _text(caller.username or "")
    yield "sip_from_uri", _address(caller)
    yield "sip_from_host", _text(caller.host)
    yield "channel_name", leg.name
    yield "sip_call_id", _text(str(request.getHFBody("call-id")))
    yield "sip_local_network_addr", endpoint.address[0].strip("[]")
    yield "sip_network_ip", host.strip("[]")
    yield "sip_network_port", str(port)
    yield "sip_invite_stamp", str(leg.profile.times.created)
    yield "sip_received_ip", host.strip("[]")
    yield "sip_received_port", str(port)
    yield "sip_via_protocol", "udp"
    yield from _parties(leg, endpoint, request)


def _parties(leg: Leg, endpoint: Endpoint, request: Any) -> Iterator[tuple[str, str]]:
    caller, called, asked = request.getHFBody("from").getUrl(), request.getHFBody("to").getUrl(), request.getRURI()
    yield "sip_from_user_stripped", _text(caller.username or "").removeprefix("+")
    yield "sip_from_tag", _text(request.getHFBody("from").getTag() or "")
    yield "sofia_profile_name", leg.board.profile_name(endpoint)
    yield "sip_from_display", _display_name(request.getHFBody("from").getUri().name)
    yield "sip_req_user", _text(asked.username or "")
    yield "sip_req_port", str(asked.port or "")
    yield "sip_req_uri", _address(asked)
    yield "sip_req_host", _text(asked.host)
    yield "sip_to_user", _text(called.username or "")
    yield "sip_to_port", str(called.port or "")
    yield "sip_to_uri", _address(called)
    yield "sip_to_host", _text(called.host)
    yield from _contact(request)
    for name, variable in (("user-agent", "sip_user_agent"), ("max-forwards", "max_forwards")):
        for header in request.getHFs(name):
            yield variable, _text(str(header.getBody()))
    if privacy := _privacy(request):
        yield "sip_Privacy", privacy
    yield from _own_headers(request)
    yield "endpoint_disposition", "RECEIVED"


def _contact(request: Any) -> Iterator[tuple[str, str]]:
    if not request.countHFs("contact"):
        return
    url = request.getHFBody("contact").getUrl()
    yield "sip_contact_user", _text(url.username or "")
    yield "sip_contact_port", str(url.port or "")
    yield "sip_contact_uri", _address(url)
    yield "sip_contact_host", _text(url.host)


def _address(url: Any) -> str:
    user = f"{_text(url.username)}@" if url.username else ""
    port = f":{url.port}" if url.port else ""
    return f"{user}{_text(url.host)}{port}"


def _own_headers(request: Any) -> Iterator[tuple[str, str]]:
    """`X-…` and `P-…` headers as `sip_h_X-…`. Whatever they are called, none of them can be a `cx_` variable."""
    for header in request.headers:
        if header.name[:2] not in ("x-", "p-"):
            continue
        name = "-".join(part.capitalize() for part in header.name.split("-"))
        variable = f"sip_h_{_text(name)}"
        if not variable.lower().startswith(PROTECTED_PREFIX):
            yield variable, _text(str(header.getBody()))
