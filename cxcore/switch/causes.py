"""FreeSWITCH's hang-up causes (`switch_channel.c` CAUSE_CHART) → ours. One that is not listed is `OTHER`."""

from __future__ import annotations

from collections.abc import Mapping

from cxcore.domain.leg import HangUpCause, HungUpBy

CAUSES: Mapping[str, HangUpCause] = {
    "NONE": HangUpCause.NORMAL,
    "NORMAL_CLEARING": HangUpCause.NORMAL,
    "NORMAL_UNSPECIFIED": HangUpCause.NORMAL,
    "SUCCESS": HangUpCause.NORMAL,
    "ATTENDED_TRANSFER": HangUpCause.NORMAL,
    "BLIND_TRANSFER": HangUpCause.NORMAL,
    "ALLOTTED_TIMEOUT": HangUpCause.NORMAL,
    "PICKED_OFF": HangUpCause.WITHDRAWN,
    "LOSE_RACE": HangUpCause.WITHDRAWN,
    "ORIGINATOR_CANCEL": HangUpCause.WITHDRAWN,
    "USER_BUSY": HangUpCause.BUSY,
    "BUSY_EVERYWHERE": HangUpCause.BUSY,
    "NORMAL_CIRCUIT_CONGESTION": HangUpCause.UNREACHABLE,
    "NO_ANSWER": HangUpCause.NO_ANSWER,
    "NO_USER_RESPONSE": HangUpCause.NO_ANSWER,
    "PROGRESS_TIMEOUT": HangUpCause.UNREACHABLE,
    "CALL_REJECTED": HangUpCause.DECLINED,
    "DECLINE": HangUpCause.DECLINED,
    "REJECT_ALL": HangUpCause.DECLINED,
    "UNALLOCATED_NUMBER": HangUpCause.UNREACHABLE,
    "NO_ROUTE_DESTINATION": HangUpCause.UNREACHABLE,
    "NO_ROUTE_TRANSIT_NET": HangUpCause.UNREACHABLE,
    "USER_NOT_REGISTERED": HangUpCause.UNREACHABLE,
    "SUBSCRIBER_ABSENT": HangUpCause.UNREACHABLE,
    "GONE": HangUpCause.UNREACHABLE,
    "NUMBER_CHANGED": HangUpCause.UNREACHABLE,
    "DESTINATION_OUT_OF_ORDER": HangUpCause.UNREACHABLE,
    "NETWORK_OUT_OF_ORDER": HangUpCause.UNREACHABLE,
    "RECOVERY_ON_TIMER_EXPIRE": HangUpCause.UNREACHABLE,
    "SERVICE_UNAVAILABLE": HangUpCause.UNREACHABLE,
    "GATEWAY_DOWN": HangUpCause.UNREACHABLE,
    "INVALID_GATEWAY": HangUpCause.UNREACHABLE,
    "INVALID_PROFILE": HangUpCause.UNREACHABLE,
    "INVALID_URL": HangUpCause.UNREACHABLE,
    "MEDIA_TIMEOUT": HangUpCause.MEDIA_TIMEOUT,
    "INVALID_NUMBER_FORMAT": HangUpCause.REFUSED,
    "OUTGOING_CALL_BARRED": HangUpCause.REFUSED,
    "INCOMING_CALL_BARRED": HangUpCause.REFUSED,
    "BEARERCAPABILITY_NOTAUTH": HangUpCause.REFUSED,
    "BEARERCAPABILITY_NOTAVAIL": HangUpCause.REFUSED,
    "INCOMPATIBLE_DESTINATION": HangUpCause.REFUSED,
    "FACILITY_REJECTED": HangUpCause.REFUSED,
    "FACILITY_NOT_SUBSCRIBED": HangUpCause.REFUSED,
    "MANDATORY_IE_MISSING": HangUpCause.REFUSED,
}


def cause_of(word: str, *, inbound: bool = False, by: HungUpBy = HungUpBy.SWITCH) -> HangUpCause:
    """Our cause. Two words mean something else by direction.

    A caller who gives up before the answer (SIP CANCEL) has simply hung up: nobody withdrew anything. A device that
    answers 5xx, or a port where none is, gives NORMAL_TEMPORARY_FAILURE (seen on 1.10.12): it is unreachable.
    """
    if by is HungUpBy.PARTY and word == "ORIGINATOR_CANCEL" and inbound:
        return HangUpCause.NORMAL
    if by is HungUpBy.PARTY and word == "NORMAL_TEMPORARY_FAILURE" and not inbound:
        return HangUpCause.UNREACHABLE
    return CAUSES.get(word, HangUpCause.OTHER)


def hung_up_by(disposition: str) -> HungUpBy:
    """Which side ended a leg, of `sip_hangup_disposition` (`mod_sofia.c`: `recv_bye`, `recv_refuse`, `send_bye` …)."""
    return HungUpBy.PARTY if disposition.startswith("recv_") else HungUpBy.SWITCH
