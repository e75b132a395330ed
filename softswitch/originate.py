"""Dialling: all destinations of an attempt ring, the first to answer stays, the others are withdrawn.

Behaviour follows `switch_ivr_originate` (switch_ivr_originate.c) and `sofia_glue_do_invite`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Iterable, Mapping
from itertools import chain
from uuid import uuid4

from sippy.SipURL import SipURL

from softswitch.caller_profile import CallerProfile, Times
from softswitch.dial_string import Destination, DialString, DialStringError, read_dial_string
from softswitch.leg import Flag, Leg
from softswitch.sip.causes import Cause
from softswitch.sip.dialog import Dialog, OutgoingCall, one_line
from softswitch.sip.sdp import OUR_CODECS
from softswitch.sip.transactions import Address
from softswitch.switchboard import Switchboard, UuidTaken
from softswitch.variables import is_true
from softswitch.wake import Wake

log = logging.getLogger(__name__)

DEFAULT_TIMEOUT_SECONDS = 60

GONE_SECONDS = 1.0
GONE_STEP_SECONDS = 0.005


class NotReached(Exception):
    """Nobody answered; `cause` is that of the last attempt."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.name)
        self.cause = cause


def originate(
    board: Switchboard, text: str, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS, caller: Leg | None = None
) -> Awaitable[Leg]:
    """Dial until somebody answers (or sends early media, unless `ignore_early_media`).

    The first INVITE has left when this returns: it does not stand in line with what else the control loop has to do.
    `caller` is the leg on whose behalf is dialled: it lends its caller id, and its end ends the dialling.
    Raises `NotReached`, and so does what it returns.
    """
    try:
        dial = read_dial_string(text)
    except DialStringError as error:
        raise NotReached(error.cause) from error
    dial.variables.update({**_exported(caller), **dial.variables})
    timeout = _number(dial.variables.get("originate_timeout")) or timeout_seconds
    first, *others = (_Attempt(board, dial, group, timeout, caller) for group in dial.attempts)
    first.dial()
    return _until_reached(first, others, caller)


async def _until_reached(first: _Attempt, others: Iterable[_Attempt], caller: Leg | None) -> Leg:
    cause = Cause.NORMAL_CLEARING
    for attempt in chain([first], map(_Attempt.dial, others)):
        try:
            return await attempt.reached()
        except NotReached as missed:
            cause = missed.cause
            if caller is not None and caller.down:
                break
    raise NotReached(cause)


def _exported(caller: Leg | None) -> dict[str, str]:
    if caller is None:
        return {}
    names = (caller.variables.get("export_vars") or "").split(",")
    return {name: value for name in names if name and (value := caller.variables.get(name)) is not None}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


class _Attempt:
    """One group of destinations at once. To be dialled, then waited for."""

    def __init__(
        self, board: Switchboard, dial: DialString, group: tuple[Destination, ...], timeout: float, caller: Leg | None
    ) -> None:
        self._board = board
        self._dial = dial
        self._group = group
        self._timeout = timeout
        self._caller = caller
        self._wake = Wake()
        self._early_counts = not is_true(dial.variables.get("ignore_early_media"))
        self._legs: list[Leg] = []
        self._cause = Cause.DESTINATION_OUT_OF_ORDER

    async def reached(self) -> Leg:
        """Who answered. Raises `NotReached`."""
        legs = self._legs
        if not legs:
            raise NotReached(self._cause)
        try:
            return await self._first_to_answer(legs)
        except NotReached:
            await self._wait_until_gone(legs)
            raise
        finally:
            for leg in legs:
                leg.watchers.discard(self._wake)
            if self._caller is not None:
                self._caller.watchers.discard(self._wake)

    async def _wait_until_gone(self, legs: list[Leg]) -> None:
        """The answer to the order comes after the last event of the legs that failed."""
        deadline = self._board.monotonic() + GONE_SECONDS
        while any(not leg.gone for leg in legs) and self._board.monotonic() < deadline:
            await self._wake.pause(GONE_STEP_SECONDS)

    def dial(self) -> _Attempt:
        """Send the INVITEs."""
        if self._caller is not None:
            self._caller.watchers.add(self._wake)
        for destination in self._group:
            variables = {**self._dial.variables, **destination.variables}
            try:
                leg = dial_leg(self._board, destination, variables, self._caller)
            except NotReached as missed:
                self._cause = missed.cause
                continue
            leg.watchers.add(self._wake)
            self._legs.append(leg)
        return self

    async def _first_to_answer(self, legs: list[Leg]) -> Leg:
        deadline = self._board.monotonic() + self._timeout
        while True:
            winner = next((leg for leg in legs if self._won(leg)), None)
            if winner is not None:
                self._settle(legs, winner)
                return winner
            alive = [leg for leg in legs if not leg.down and leg.has(Flag.ORIGINATING)]
            if not alive:
                raise NotReached(legs[-1].cause if legs[-1].cause is not Cause.NONE else Cause.NORMAL_CLEARING)
            if self._caller is not None and self._caller.down:
                self._give_up(alive, Cause.ORIGINATOR_CANCEL)
            if self._board.monotonic() >= deadline:
                self._give_up(alive, Cause.NO_ANSWER)
            await self._wake.pause(deadline - self._board.monotonic())

    def _won(self, leg: Leg) -> bool:
        if leg.down:
            return False
        return leg.has(Flag.ANSWERED) or (self._early_counts and leg.has(Flag.EARLY_MEDIA))

    def _settle(self, legs: list[Leg], winner: Leg) -> None:
        for leg in legs:
            leg.unmark(Flag.ORIGINATING)
            if leg is not winner:
                leg.hang_up(Cause.LOSE_RACE)

    def _give_up(self, alive: list[Leg], cause: Cause) -> None:
        for leg in alive:
            leg.variables.set("originate_disposition", cause.name)
            leg.hang_up(cause)
        raise NotReached(cause)


def dial_leg(board: Switchboard, destination: Destination, variables: Mapping[str, str], caller: Leg | None) -> Leg:
    """Create a leg and send its INVITE. Raises `NotReached` when that cannot be."""
    if destination.fails_with is not None:
        raise NotReached(destination.fails_with)
    target, next_hop = _where(board, destination)
    leg = _new_leg(board, destination, variables, caller, target)
    for name, value in variables.items():
        leg.variables.set(name, value)
    leg.mark(Flag.ORIGINATING)
    endpoint = board.endpoint_for(next_hop)
    if endpoint is None:
        raise NotReached(Cause.DESTINATION_OUT_OF_ORDER)
    leg.media.wants_ipv6 = endpoint.is_ipv6
    leg.dialog = Dialog.outgoing(endpoint.transactions, leg)
    description = leg.media.offer_description(_codecs(variables, board.settings.codecs))
    if description is None:
        raise NotReached(Cause.NORMAL_TEMPORARY_FAILURE)
    try:
        board.take_on(leg)
    except UuidTaken as error:
        leg.media.close()
        raise NotReached(Cause.DESTINATION_OUT_OF_ORDER) from error
    call = _call(leg, destination, variables, target, next_hop, description, endpoint.address)
    leg.variables.set("sip_call_id", call.call_id)
    leg.variables.set("sip_from_tag", leg.dialog.local_tag)
    leg.dialog.invite(call)
    return leg


def _where(board: Switchboard, destination: Destination) -> tuple[SipURL, Address]:
    if destination.gateway is None:
        if destination.profile not in {board.profile_name(endpoint) for endpoint in board.endpoints}:
            raise NotReached(Cause.INVALID_PROFILE)
        url = SipURL(username=destination.user or None, host=destination.host, port=destination.port)
        return url, destination.path or (destination.host, destination.port or 5060)
    address = board.settings.gateways.get(destination.gateway)
    if address is None:
        raise NotReached(Cause.INVALID_GATEWAY)
    host, _, port = address.rpartition(":")
    return SipURL(username=destination.user, host=host, port=int(port)), (host, int(port))


def _codecs(variables: Mapping[str, str], ours: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the order names, or the site's."""
    wanted = variables.get("absolute_codec_string") or variables.get("codec_string") or ""
    names = tuple(part.split("@")[0].strip().upper() for part in wanted.replace("^^", "").replace(":", ",").split(","))
    return tuple(dict.fromkeys(name for name in names if name in OUR_CODECS)) or ours


def _new_leg(
    board: Switchboard, destination: Destination, variables: Mapping[str, str], caller: Leg | None, target: SipURL
) -> Leg:
    lent = caller.profile if caller is not None else None
    number = variables.get("origination_caller_id_number") or (lent.caller_id_number if lent else "") or "0000000000"
    name = variables.get("origination_caller_id_name") or (lent.caller_id_name if lent else "")
    now = board.now()
    profile_name = destination.profile or board.settings.sip_profile
    dialled = destination.user if destination.gateway is not None else destination.text
    profile = CallerProfile(
        direction="outbound",
        uuid=variables.get("origination_uuid") or str(uuid4()),
        caller_id_name=name,
        caller_id_number=number,
        orig_caller_id_name=name,
        orig_caller_id_number=number,
        callee_id_name=variables.get("origination_callee_id_name") or "Outbound Call",
        callee_id_number=variables.get("origination_callee_id_number") or destination.user,
        destination_number=destination.user or dialled,
        ani=number,
        dialplan="",
        context="default",
        source="src/switch_ivr_originate.c",
        channel_name=f"sofia/{profile_name}/{dialled}",
        times=Times(profile_created=now, created=now),
    )
    leg = Leg(board, profile)
    for key, value in _first_variables(leg, target).items():
        leg.variables.set(key, value)
    if lent is not None:
        leg.other_type, leg.other_profile = "originator", lent.as_other_leg(lent.direction)
    return leg


def _first_variables(leg: Leg, target: SipURL) -> dict[str, str]:
    return {
        "direction": "outbound",
        "is_outbound": "true",
        "uuid": leg.uuid,
        "call_uuid": leg.uuid,
        "session_id": str(leg.board.next_session_number()),
        "sip_profile_name": leg.board.settings.sip_profile,
        "channel_name": leg.name,
        "sip_destination_url": str(target),
        "sip_req_uri": str(target).removeprefix("sip:"),
        "sip_to_user": target.username or "",
        "sip_to_host": target.host,
        "sip_from_user": leg.profile.caller_id_number,
    }


def _call(
    leg: Leg,
    destination: Destination,
    variables: Mapping[str, str],
    target: SipURL,
    next_hop: Address,
    description: str,
    local: Address,
) -> OutgoingCall:
    number, name = leg.profile.caller_id_number, leg.profile.caller_id_name
    host = local[0]
    from_uri = SipURL(username=one_line(number) or None, host=host)
    headers = [
        (key[len("sip_h_") :], value) for key, value in variables.items() if key.lower().startswith("sip_h_") and value
    ]
    if destination.gateway is not None or variables.get("sip_cid_type") in (None, "pid"):
        headers.append(("P-Asserted-Identity", _identity(name, number, host)))
    return OutgoingCall(
        target=target,
        to_uri=SipURL(username=target.username, host=target.host, port=target.port),
        from_uri=from_uri,
        from_name=quoted_name(name),
        description=description,
        headers=tuple((one_line(key), value) for key, value in headers if _is_header_name(one_line(key))),
        next_hop=next_hop,
        call_id=str(uuid4()),
    )


def _identity(name: str, number: str, host: str) -> str:
    uri = str(SipURL(username=one_line(number) or None, host=host))
    shown = quoted_name(name)
    return f'"{shown}" <{uri}>' if shown else f"<{uri}>"


def quoted_name(name: str) -> str:
    """A display name as it may stand between quotes (RFC 3261, 25.1), of a length that fits a datagram."""
    return one_line(name).replace("\\", "").replace('"', "'")[:255]


def _is_header_name(name: str) -> bool:
    return bool(name) and all(character.isalnum() or character in "-.!%*_+`'~" for character in name)
