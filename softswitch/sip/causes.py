"""Hang-up causes: their names, Q.850 numbers, and what they are in SIP.

Source: FreeSWITCH 1.10.12, switch_channel.c (`CAUSE_CHART`), switch_types.h, mod_sofia.c (`hangup_cause_to_sip`) and
sofia_glue.c (`sofia_glue_sip_cause_to_freeswitch`); RFC 3398.
"""

from __future__ import annotations

from enum import IntEnum


class Cause(IntEnum):
    """The value is the Q.850 number, or FreeSWITCH's own above 127."""

    NONE = 0
    UNALLOCATED_NUMBER = 1
    NO_ROUTE_TRANSIT_NET = 2
    NO_ROUTE_DESTINATION = 3
    CHANNEL_UNACCEPTABLE = 6
    CALL_AWARDED_DELIVERED = 7
    NORMAL_CLEARING = 16
    USER_BUSY = 17
    NO_USER_RESPONSE = 18
    NO_ANSWER = 19
    SUBSCRIBER_ABSENT = 20
    CALL_REJECTED = 21
    NUMBER_CHANGED = 22
    REDIRECTION_TO_NEW_DESTINATION = 23
    EXCHANGE_ROUTING_ERROR = 25
    DESTINATION_OUT_OF_ORDER = 27
    INVALID_NUMBER_FORMAT = 28
    FACILITY_REJECTED = 29
    RESPONSE_TO_STATUS_ENQUIRY = 30
    NORMAL_UNSPECIFIED = 31
    NORMAL_CIRCUIT_CONGESTION = 34
    NETWORK_OUT_OF_ORDER = 38
    NORMAL_TEMPORARY_FAILURE = 41
    SWITCH_CONGESTION = 42
    ACCESS_INFO_DISCARDED = 43
    REQUESTED_CHAN_UNAVAIL = 44
    PRE_EMPTED = 45
    FACILITY_NOT_SUBSCRIBED = 50
    OUTGOING_CALL_BARRED = 52
    INCOMING_CALL_BARRED = 54
    BEARERCAPABILITY_NOTAUTH = 57
    BEARERCAPABILITY_NOTAVAIL = 58
    SERVICE_UNAVAILABLE = 63
    BEARERCAPABILITY_NOTIMPL = 65
    CHAN_NOT_IMPLEMENTED = 66
    FACILITY_NOT_IMPLEMENTED = 69
    SERVICE_NOT_IMPLEMENTED = 79
    INVALID_CALL_REFERENCE = 81
    INCOMPATIBLE_DESTINATION = 88
    INVALID_MSG_UNSPECIFIED = 95
    MANDATORY_IE_MISSING = 96
    MESSAGE_TYPE_NONEXIST = 97
    WRONG_MESSAGE = 98
    IE_NONEXIST = 99
    INVALID_IE_CONTENTS = 100
    WRONG_CALL_STATE = 101
    RECOVERY_ON_TIMER_EXPIRE = 102
    MANDATORY_IE_LENGTH_ERROR = 103
    PROTOCOL_ERROR = 111
    INTERWORKING = 127
    SUCCESS = 142
    ORIGINATOR_CANCEL = 487
    CRASH = 700
    SYSTEM_SHUTDOWN = 701
    LOSE_RACE = 702
    MANAGER_REQUEST = 703
    BLIND_TRANSFER = 800
    ATTENDED_TRANSFER = 801
    ALLOTTED_TIMEOUT = 802
    USER_CHALLENGE = 803
    MEDIA_TIMEOUT = 804
    PICKED_OFF = 805
    USER_NOT_REGISTERED = 806
    PROGRESS_TIMEOUT = 807
    INVALID_GATEWAY = 808
    GATEWAY_DOWN = 809
    INVALID_URL = 810
    INVALID_PROFILE = 811
    NO_PICKUP = 812
    SRTP_READ_ERROR = 813
    BOWOUT = 814
    BUSY_EVERYWHERE = 815
    DECLINE = 816
    DOES_NOT_EXIST_ANYWHERE = 817
    NOT_ACCEPTABLE = 818
    UNWANTED = 819
    NO_IDENTITY = 820
    BAD_IDENTITY_INFO = 821
    UNSUPPORTED_CERTIFICATE = 822
    INVALID_IDENTITY = 823
    STALE_DATE = 824
    REJECT_ALL = 825


def cause_from_text(text: str) -> Cause:
    """A name or a number as FreeSWITCH takes it (`switch_channel_str2cause`); what it does not know is normal."""
    if text.isascii() and text.isdigit():
        return Cause(int(text)) if int(text) in _NUMBERS else Cause.NORMAL_CLEARING
    return Cause.__members__.get(text.upper(), Cause.NORMAL_CLEARING)


_NUMBERS = frozenset(Cause)


def q850_number(cause: Cause) -> int:
    """The number for a Reason header: FreeSWITCH's own causes count as normal (switch_channel.c)."""
    return int(cause) if cause <= Cause.INTERWORKING else int(Cause.NORMAL_CLEARING)


_TO_SIP: dict[Cause, int] = {
    Cause.UNALLOCATED_NUMBER: 404,
    Cause.NO_ROUTE_TRANSIT_NET: 404,
    Cause.NO_ROUTE_DESTINATION: 404,
    Cause.USER_BUSY: 486,
    Cause.NO_USER_RESPONSE: 408,
    Cause.NO_ANSWER: 480,
    Cause.SUBSCRIBER_ABSENT: 480,
    Cause.CALL_REJECTED: 603,
    Cause.NUMBER_CHANGED: 410,
    Cause.REDIRECTION_TO_NEW_DESTINATION: 410,
    Cause.DESTINATION_OUT_OF_ORDER: 502,
    Cause.INVALID_PROFILE: 502,
    Cause.INVALID_NUMBER_FORMAT: 484,
    Cause.INVALID_URL: 484,
    Cause.INVALID_GATEWAY: 484,
    Cause.FACILITY_REJECTED: 501,
    Cause.NORMAL_UNSPECIFIED: 480,
    Cause.REQUESTED_CHAN_UNAVAIL: 503,
    Cause.NORMAL_CIRCUIT_CONGESTION: 503,
    Cause.NETWORK_OUT_OF_ORDER: 503,
    Cause.NORMAL_TEMPORARY_FAILURE: 503,
    Cause.SWITCH_CONGESTION: 503,
    Cause.GATEWAY_DOWN: 503,
    Cause.OUTGOING_CALL_BARRED: 403,
    Cause.INCOMING_CALL_BARRED: 403,
    Cause.BEARERCAPABILITY_NOTAUTH: 403,
    Cause.BEARERCAPABILITY_NOTAVAIL: 503,
    Cause.BEARERCAPABILITY_NOTIMPL: 488,
    Cause.INCOMPATIBLE_DESTINATION: 488,
    Cause.FACILITY_NOT_IMPLEMENTED: 501,
    Cause.SERVICE_NOT_IMPLEMENTED: 501,
    Cause.RECOVERY_ON_TIMER_EXPIRE: 504,
    Cause.ORIGINATOR_CANCEL: 487,
    Cause.EXCHANGE_ROUTING_ERROR: 483,
    Cause.BUSY_EVERYWHERE: 600,
    Cause.DECLINE: 603,
    Cause.REJECT_ALL: 603,
    Cause.DOES_NOT_EXIST_ANYWHERE: 604,
    Cause.NOT_ACCEPTABLE: 606,
    Cause.UNWANTED: 607,
    Cause.NO_IDENTITY: 428,
    Cause.BAD_IDENTITY_INFO: 429,
    Cause.UNSUPPORTED_CERTIFICATE: 437,
    Cause.INVALID_IDENTITY: 438,
    Cause.STALE_DATE: 403,
}

_FROM_SIP: dict[int, Cause] = {
    200: Cause.NORMAL_CLEARING,
    **dict.fromkeys((401, 402, 403, 407, 603, 608), Cause.CALL_REJECTED),
    607: Cause.UNWANTED,
    404: Cause.UNALLOCATED_NUMBER,
    **dict.fromkeys((485, 604), Cause.NO_ROUTE_DESTINATION),
    **dict.fromkeys((408, 504), Cause.RECOVERY_ON_TIMER_EXPIRE),
    410: Cause.NUMBER_CHANGED,
    **dict.fromkeys((413, 414, 416, 420, 421, 423, 505, 513), Cause.INTERWORKING),
    480: Cause.NO_USER_RESPONSE,
    **dict.fromkeys((400, 481, 500, 503), Cause.NORMAL_TEMPORARY_FAILURE),
    **dict.fromkeys((486, 600), Cause.USER_BUSY),
    484: Cause.INVALID_NUMBER_FORMAT,
    **dict.fromkeys((488, 606), Cause.INCOMPATIBLE_DESTINATION),
    502: Cause.NETWORK_OUT_OF_ORDER,
    405: Cause.SERVICE_UNAVAILABLE,
    **dict.fromkeys((406, 415, 501), Cause.SERVICE_NOT_IMPLEMENTED),
    **dict.fromkeys((482, 483), Cause.EXCHANGE_ROUTING_ERROR),
    487: Cause.ORIGINATOR_CANCEL,
    428: Cause.NO_IDENTITY,
    429: Cause.BAD_IDENTITY_INFO,
    437: Cause.UNSUPPORTED_CERTIFICATE,
    438: Cause.INVALID_IDENTITY,
}

REASON_PHRASES = {
    180: "Ringing",
    183: "Session Progress",
    200: "OK",
    403: "Forbidden",
    404: "Not Found",
    408: "Request Timeout",
    410: "Gone",
    422: "Session Interval Too Small",
    480: "Temporarily Unavailable",
    481: "Call Does Not Exist",
    483: "Too Many Hops",
    484: "Address Incomplete",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Time-out",
    600: "Busy Everywhere",
    603: "Decline",
    604: "Does Not Exist Anywhere",
    606: "Not Acceptable",
    607: "Unwanted",
}


def sip_status(cause: Cause) -> int:
    """The final answer to an INVITE that is refused for `cause`."""
    return _TO_SIP.get(cause, 480)


def cause_of_status(status: int) -> Cause:
    """Why a leg that we dialled ended, from its final answer."""
    return _FROM_SIP.get(status, Cause.NORMAL_UNSPECIFIED)


def reason_phrase(status: int) -> str:
    return REASON_PHRASES.get(status, "Unknown")
