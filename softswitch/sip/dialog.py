"""One SIP dialog with an INVITE session in it (RFC 3261, 12 to 15), on sippy's transactions.

sippy's own user agent (`sippy.UA`) is made for a B2BUA: it answers REFER with 202 and hangs up, does not answer UPDATE
and hides the ACK. So the dialog is ours; retransmission, ACK for refusals, CANCEL matching and the timers stay sippy's.
"""

from __future__ import annotations

import logging
from enum import Enum, auto
from secrets import token_hex
from typing import Any, Protocol

from sippy.MsgBody import MsgBody
from sippy.SipAddress import SipAddress
from sippy.SipCallId import SipCallId
from sippy.SipContact import SipContact
from sippy.SipCSeq import SipCSeq
from sippy.SipFrom import SipFrom
from sippy.SipGenericHF import SipGenericHF
from sippy.SipHeader import SipHeader
from sippy.SipRequest import SipRequest
from sippy.SipTo import SipTo
from sippy.SipURL import SipURL

from softswitch.sip.causes import Cause, q850_number, reason_phrase
from softswitch.sip.session_timer import SessionTimer, is_too_small
from softswitch.sip.transactions import Address, TransactionManager

log = logging.getLogger(__name__)

ALLOWED = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "UPDATE")
NAME = "softswitch"


class Phase(Enum):
    """Where the INVITE session is."""

    CALLING = auto()
    """We sent an INVITE that has no final answer."""
    RINGING = auto()
    """We have an INVITE that we did not answer finally."""
    CONFIRMED = auto()
    CANCELLED = auto()
    """We withdrew our INVITE; its final answer is to come."""
    ENDED = auto()


class DialogEvents(Protocol):
    """What a dialog tells its leg. Session descriptions are text; None means that the message had none."""

    def progressed(self, status: int, description: str | None) -> None: ...
    def answered(self, description: str | None) -> None: ...
    def refused(self, status: int, phrase: str, q850: int | None) -> None: ...
    def cancelled(self, q850: int | None) -> None: ...
    def hung_up(self, q850: int | None) -> None: ...
    def acknowledged(self, description: str | None) -> None: ...
    def not_acknowledged(self) -> None: ...
    def session_expired(self) -> None:
        """The other side did not refresh the session, or did not answer our refresh (RFC 4028)."""

    def reoffered(self, description: str | None) -> str | None:
        """Their re-INVITE or UPDATE; returns our answer or, without a description, our offer; None refuses (488)."""

    def offer_settled(self, status: int, description: str | None) -> None:
        """The final answer to our re-INVITE."""

    def keys_pressed(self, digit: str, duration_ms: int) -> None: ...


class Dialog:
    """Made by `Dialog.incoming` or `Dialog.outgoing`. Sends what it is told, tells `events` what came."""

    def __init__(self, transactions: TransactionManager, events: DialogEvents) -> None:
        self._transactions = transactions
        self._events = events
        self.phase = Phase.CALLING
        self.local_tag = token_hex(8)
        self.call_id = ""
        self._local: Any = None
        self._remote: Any = None
        self._target: Any = None
        self._routes: list[Any] = []
        self._next_hop: tuple[Address, str] | None = None
        self._cseq = SipCSeq.genRandCSeq() % 100000 + 1
        self._remote_cseq = -1
        self._invite: Any = None
        self._invite_transaction: Any = None
        self._pending_reinvite: Any = None
        self._open_offer: Any = None
        self._we_offered = False
        self._awaits_ack = False
        self._registered = False
        self._their_methods: frozenset[str] = frozenset()
        self._session = SessionTimer(self._refresh, self._events.session_expired, transactions.minimum_session_seconds)

    @classmethod
    def incoming(cls, transactions: TransactionManager, request: Any, transaction: Any, events: DialogEvents) -> Dialog:
        """The dialog of an INVITE that came in; 100 is sent."""
        dialog = cls(transactions, events)
        dialog._accept(request, transaction)
        return dialog

    @classmethod
    def outgoing(cls, transactions: TransactionManager, events: DialogEvents) -> Dialog:
        return cls(transactions, events)

    # What the leg orders

    def invite(self, call: OutgoingCall) -> None:
        """Send the INVITE."""
        self.call_id = call.call_id or token_hex(16)
        self._target = call.target
        self._local = SipFrom(address=SipAddress(name=call.from_name or None, url=call.from_uri, hadbrace=True))
        self._local.setTag(self.local_tag)
        self._remote = SipTo(address=SipAddress(url=call.to_uri, hadbrace=True))
        self._next_hop = (call.next_hop, "udp") if call.next_hop else None
        self._register()
        request = self._request("INVITE", call.description)
        request.appendHeaders([header(name, value) for name, value in call.headers])
        self._invite_transaction = self._transactions.newTransaction(
            request, resp_cb=self._invite_answered, cb_ifver=2, laddress=None
        )

    def progress(self, status: int, description: str | None = None) -> None:
        """Answer the INVITE provisionally: 180 or 183."""
        if self.phase is Phase.RINGING:
            self._respond(self._invite, self._invite_transaction, status, description=description)

    def answer(self, description: str) -> None:
        """Answer the INVITE with 200."""
        if self.phase is not Phase.RINGING:
            return
        self.phase = Phase.CONFIRMED
        self._awaits_ack = True
        self._confirm(self._invite, self._invite_transaction, description)

    @property
    def to_tag(self) -> str:
        """The tag of who was called: ours when we were; empty before the other side has said its own."""
        return self.local_tag if self._invite is not None else str(self._remote.getTag() or "")

    def end(self, cause: Cause, status: int | None = None) -> str:
        """Refuse, withdraw or hang up, whichever the phase asks for.

        Returns FreeSWITCH's word for it (`sip_hangup_disposition`), empty when there was nothing left to end.
        """
        phase, self_ended = self.phase, Phase.ENDED
        if phase is Phase.RINGING:
            self.phase = self_ended
            self._respond(self._invite, self._invite_transaction, status or 480, reason=_reason(cause))
            self._forget()
            return "send_refuse"
        if phase is Phase.CALLING:
            self.phase = Phase.CANCELLED
            reason = [header("Reason", _reason(cause))]
            self._transactions.cancelTransaction(self._invite_transaction, extra_headers=reason)
            return "send_cancel"
        if phase is Phase.CONFIRMED:
            self._send_bye(cause)
            return "send_bye"
        return ""

    def reoffer(self, description: str) -> bool:
        """Send a re-INVITE; False while another INVITE is under way (the caller tries again when it is settled)."""
        if self.phase is not Phase.CONFIRMED or self._pending_reinvite is not None or self._awaits_ack:
            return False
        request = self._request("INVITE", description)
        self._pending_reinvite = self._transactions.newTransaction(request, resp_cb=self._reinvite_answered, cb_ifver=2)
        return True

    def send_info(self, content_type: str, body: str) -> None:
        request = self._request("INFO", None)
        request.setBody(MsgBody(body, SipHeader(name="content-type", bodys=content_type).getBody()))
        self._transactions.newTransaction(request)

    # What sippy calls

    def isYours(self, request: Any) -> Dialog | None:
        """Whether an in-dialog request belongs here (sippy asks each dialog of the Call-ID)."""
        theirs, ours = request.getHFBody("from").getTag(), request.getHFBody("to").getTag()
        if ours != self.local_tag or (self._remote.getTag() is not None and theirs != self._remote.getTag()):
            return None
        return self

    def recvRequest(self, request: Any, transaction: Any) -> tuple[Any, Any, Any] | None:
        number, method = request.getHFBody("cseq").getCSeq()
        if number <= self._remote_cseq:
            return self._response(request, 500), None, None
        self._remote_cseq = number
        if self.phase is Phase.ENDED:
            return self._response(request, 481), None, None
        return self._receive(method, request, transaction)

    def _receive(self, method: str, request: Any, transaction: Any) -> tuple[Any, Any, Any] | None:
        if method == "BYE":
            return self._receive_bye(request)
        if method == "INVITE":
            return self._receive_reinvite(request, transaction)
        if method == "UPDATE":
            return self._receive_update(request)
        if method == "INFO":
            return self._receive_info(request)
        if method == "REFER":
            return self._response(request, 603), None, None
        if method in ("OPTIONS", "NOTIFY", "MESSAGE"):
            return self._response(request, 200 if method == "OPTIONS" else 405), None, None
        return self._response(request, 501), None, None

    def _receive_bye(self, request: Any) -> tuple[Any, Any, Any]:
        was, self.phase = self.phase, Phase.ENDED
        if was is Phase.RINGING:
            self._respond(self._invite, self._invite_transaction, 487)
        self._forget()
        self._events.hung_up(_q850(request))
        return self._response(request, 200), None, None

    def _receive_reinvite(self, request: Any, transaction: Any) -> tuple[Any, Any, Any] | None:
        if self.phase is not Phase.CONFIRMED or self._pending_reinvite is not None or self._open_offer is not None:
            return self._response(request, 491), None, None
        if is_too_small(request, self._session.minimum):
            return self._too_small(request), None, None
        self._learn_target(request)
        theirs = _body(request)
        ours = self._events.reoffered(theirs)
        if ours is None:
            return self._response(request, 488), None, None
        _stop_expiry(transaction)
        self._open_offer = transaction
        self._we_offered = theirs is None
        self._confirm(request, transaction, ours)
        return None, None, self._not_acknowledged

    def _receive_update(self, request: Any) -> tuple[Any, Any, Any]:
        if is_too_small(request, self._session.minimum):
            return self._too_small(request), None, None
        self._learn_target(request)
        theirs = _body(request)
        if theirs is None:
            return self._accept_update(request, None), None, None
        if self.phase is not Phase.CONFIRMED or self._pending_reinvite is not None:
            return self._response(request, 491), None, None
        ours = self._events.reoffered(theirs)
        return (self._response(request, 488) if ours is None else self._accept_update(request, ours)), None, None

    def _accept_update(self, request: Any, description: str | None) -> Any:
        response = self._response(request, 200, description)
        if self.phase is Phase.CONFIRMED:
            response.appendHeaders([header(name, value) for name, value in self._session.agree_as_server(request)])
        return response

    def _too_small(self, request: Any) -> Any:
        response = self._response(request, 422)
        response.appendHeader(header("Min-SE", str(self._session.minimum)))
        return response

    def _refresh(self) -> None:
        """Say that we are there: by UPDATE where the other side knows it, else by a re-INVITE with what holds now."""
        if self.phase is not Phase.CONFIRMED:
            return
        if "UPDATE" in self._their_methods:
            request = self._request("UPDATE", None)
            self._transactions.newTransaction(request, resp_cb=self._refreshed, cb_ifver=2)
        elif (offer := self._events.reoffered(None)) is None or not self.reoffer(offer):
            self._session.later()

    def _refreshed(self, response: Any, _transaction: Any) -> None:
        status, _ = response.getSCode()
        if status >= 200:
            self._take_refresh(status, response)

    def _take_refresh(self, status: int, response: Any) -> None:
        """Who no longer knows the call, or says nothing, has lost it; who is busy with another offer is asked again."""
        if status < 300:
            self._session.agree_as_client(response)
        elif status in (408, 481) and self.phase is Phase.CONFIRMED:
            self._events.session_expired()
        else:
            self._session.later()

    def _receive_info(self, request: Any) -> tuple[Any, Any, Any]:
        body = request.getBody()
        kind = body.getType() if body is not None and body.mtype is not None else ""
        pressed = _keys(kind, str(body)) if body is not None else None
        if pressed is not None:
            self._events.keys_pressed(*pressed)
        return self._response(request, 200 if pressed or body is None else 415), None, None

    def _invite_answered(self, response: Any, _transaction: Any) -> None:
        status, phrase = response.getSCode()
        if status < 200:
            self._progressed(status, response)
        elif status < 300:
            self._accepted(response)
        else:
            self._was_refused(status, phrase, response)

    def _progressed(self, status: int, response: Any) -> None:
        if self.phase is Phase.CALLING and status > 100:
            self._events.progressed(status, _body(response))

    def _accepted(self, response: Any) -> None:
        """200: the dialog stands. After a CANCEL that came too late it is ended at once (RFC 3261, 9.1)."""
        withdrawn = self.phase is not Phase.CALLING
        self.phase = Phase.CONFIRMED
        self._remote.setTag(response.getHFBody("to").getTag())
        self._learn_route(response)
        if withdrawn:
            self._send_bye(Cause.NORMAL_CLEARING)
            return
        self._session.agree_as_client(response)
        self._events.answered(_body(response))

    def _was_refused(self, status: int, phrase: str, response: Any) -> None:
        withdrawn = self.phase is not Phase.CALLING
        self.phase = Phase.ENDED
        self._forget()
        if not withdrawn:
            self._events.refused(status, phrase, _q850(response))

    def _reinvite_answered(self, response: Any, _transaction: Any) -> None:
        status, _ = response.getSCode()
        if status < 200:
            return
        self._pending_reinvite = None
        if status < 300:
            self._learn_target(response)
        if self._session.session is not None:
            self._take_refresh(status, response)
        if self.phase is Phase.CONFIRMED:
            self._events.offer_settled(status, _body(response))

    def _cancelled(self, _rtime: Any, request: Any) -> None:
        if self.phase is not Phase.RINGING:
            return
        self.phase = Phase.ENDED
        self._forget()
        self._events.cancelled(_q850(request) if request is not None else None)

    def _acknowledged(self, request: Any) -> None:
        self._open_offer, self._awaits_ack = None, False
        self._events.acknowledged(_body(request) if self._we_offered else None)
        self._we_offered = False

    def _not_acknowledged(self) -> None:
        self._open_offer = None
        if self.phase is Phase.CONFIRMED:
            self._events.not_acknowledged()

    # How it is done

    def _accept(self, request: Any, transaction: Any) -> None:
        self.phase = Phase.RINGING
        self.call_id = str(request.getHFBody("call-id"))
        self._invite, self._invite_transaction = request, transaction
        self._remote_cseq = request.getHFBody("cseq").getCSeqNum()
        self._local = SipFrom(address=request.getHFBody("to").getUri().getCopy())
        self._local.setTag(self.local_tag)
        self._remote = SipTo(address=request.getHFBody("from").getUri().getCopy())
        self._routes = [route.getCopy() for route in request.getHFBodys("record-route")]
        self._learn_target(request)
        if transaction.r487 is not None:
            transaction.r487.getHFBody("to").setTag(self.local_tag)
        _stop_expiry(transaction)
        self._we_offered = request.getBody() is None
        self._register()
        self._respond(request, transaction, 100)

    @property
    def transaction_result(self) -> tuple[None, Any, Any]:
        """What sippy wants back from whoever took an INVITE: whom to tell of CANCEL and of a missing ACK."""
        return None, self._cancelled, self._not_acknowledged

    def _register(self) -> None:
        self._transactions.regConsumer(self, self.call_id)
        self._registered = True

    def _forget(self) -> None:
        self._session.end()
        if self._registered:
            self._registered = False
            self._transactions.unregConsumer(self, self.call_id)

    def _send_bye(self, cause: Cause) -> None:
        self.phase = Phase.ENDED
        request = self._request("BYE", None)
        request.appendHeader(header("Reason", _reason(cause)))
        self._transactions.newTransaction(request)
        self._forget()

    def _learn_target(self, message: Any) -> None:
        if message.countHFs("allow"):
            allowed = ",".join(str(value.getBody()) for value in message.getHFs("allow"))
            self._their_methods = frozenset(method.strip().upper() for method in allowed.split(","))
        if message.countHFs("contact") and not message.getHFBody("contact").asterisk:
            self._target = message.getHFBody("contact").getUrl().getCopy()
        elif self._target is None:
            self._target = message.getHFBody("from").getUrl().getCopy()

    def _learn_route(self, response: Any) -> None:
        self._learn_target(response)
        self._routes = [route.getCopy() for route in reversed(response.getHFBodys("record-route"))]
        self._next_hop = None

    def _request(self, method: str, description: str | None) -> Any:
        target = self._next_hop
        if target is None:
            target = (self._routes[0] if self._routes else _Routeless(self._target)).getUrl().getTAddr()
        request = SipRequest(
            method=method,
            ruri=self._target.getCopy(),
            to=self._remote.getCopy(),
            fr0m=self._local.getCopy(),
            cseq=self._cseq,
            callid=SipCallId(self.call_id),
            contact=self._contact(),
            routes=tuple(route.getCopy() for route in self._routes),
            target=target,
            user_agent=NAME,
        )
        request.delHFs("expires")
        self._cseq += 1
        self._name_us(request.getHFBody("via"))
        if method == "INVITE":
            request.appendHeader(header("Allow", ", ".join(ALLOWED)))
        if method in ("INVITE", "UPDATE"):
            request.appendHeaders([header(name, value) for name, value in self._session.asks()])
        if description is not None:
            request.setBody(MsgBody(description))
        return request

    def _name_us(self, via: Any) -> None:
        host, port = self._transactions.local_address
        via.hostname, via.port, via.transport = host, port, "UDP"

    def _contact(self) -> Any:
        host, port = self._transactions.local_address
        return SipContact(address=SipAddress(url=SipURL(username=NAME, host=host, port=port), hadbrace=True))

    def _response(self, request: Any, status: int, description: str | None = None) -> Any:
        response = request.genResponse(status, reason_phrase_of(status), server=NAME)
        if status > 100:
            response.getHFBody("to").setTag(self.local_tag)
        if status in (180, 183, 200) and request.getMethod() in ("INVITE", "UPDATE"):
            response.appendHeader(SipHeader(name="contact", body=self._contact()))
        if status in (200, 405, 501):
            response.appendHeader(header("Allow", ", ".join(ALLOWED)))
        if description is not None:
            response.setBody(MsgBody(description))
        return response

    def _confirm(self, request: Any, transaction: Any, description: str) -> None:
        """200 to an INVITE; its ACK is to come."""
        response = self._response(request, 200, description)
        response.appendHeaders([header(name, value) for name, value in self._session.agree_as_server(request)])
        self._transactions.sendResponse(response, transaction, ack_cb=self._acknowledged)

    def _respond(
        self, request: Any, transaction: Any, status: int, description: str | None = None, reason: str | None = None
    ) -> None:
        response = self._response(request, status, description)
        if reason is not None:
            response.appendHeader(header("Reason", reason))
        self._transactions.sendResponse(response, transaction)


class _Routeless:
    """The remote target in the place of a route."""

    def __init__(self, url: Any) -> None:
        self._url = url

    def getUrl(self) -> Any:
        return self._url


class OutgoingCall:
    """What an INVITE of ours says. `next_hop` overrides where the request is sent (a gateway's proxy)."""

    def __init__(
        self,
        target: Any,
        to_uri: Any,
        from_uri: Any,
        from_name: str,
        description: str,
        headers: tuple[tuple[str, str], ...] = (),
        next_hop: Address | None = None,
        call_id: str | None = None,
    ) -> None:
        self.target = target
        self.to_uri = to_uri
        self.from_uri = from_uri
        self.from_name = from_name
        self.description = description
        self.headers = headers
        self.next_hop = next_hop
        self.call_id = call_id


def reason_phrase_of(status: int) -> str:
    return "Trying" if status == 100 else reason_phrase(status)


def one_line(value: str) -> str:
    """A value as it may stand in a header: nothing ends the line, not even for `str.splitlines`, which sippy uses."""
    return " ".join(value.split("\0")[0].splitlines()).strip()


class PlainHeader(SipGenericHF):  # type: ignore[misc]
    """A header whose name leaves as it was given: sippy would write `X-foo` for `X-Foo`."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(value, name)
        self.parsed = True
        self._name = name

    def getCanName(self, name: str, compact: bool = False) -> str:
        return self._name

    def getCopy(self) -> PlainHeader:
        return PlainHeader(self._name, self.body)


def header(name: str, value: str) -> Any:
    """A header line of ours."""
    return SipHeader(name=name, body=PlainHeader(name, one_line(value)))


def _reason(cause: Cause) -> str:
    return f'Q.850;cause={q850_number(cause)};text="{cause.name}"'


def _q850(message: Any) -> int | None:
    """The Q.850 number in a Reason header (RFC 3326), if there is one that can be read."""
    for line in message.getHFs("reason"):
        try:
            reason = line.getBody()
        except (ValueError, AssertionError, IndexError):
            continue
        if reason.protocol.upper() == "Q.850" and reason.cause is not None:
            return int(reason.cause)
    return None


def _body(message: Any) -> str | None:
    body = message.getBody()
    return None if body is None else str(body)


def _stop_expiry(transaction: Any) -> None:
    """sippy ends an unanswered INVITE after 300 s; how long a call may ring is for the dialplan to say."""
    if transaction.teE is not None:
        transaction.teE.cancel()
        transaction.teE = None


def _keys(kind: str, text: str) -> tuple[str, int] | None:
    """The digit and milliseconds in an INFO (`application/dtmf-relay` or `application/dtmf`)."""
    if kind == "application/dtmf":
        return (text.strip(), 250) if _is_key(text.strip()) else None
    if kind != "application/dtmf-relay":
        return None
    fields = dict(line.replace(" ", "").lower().split("=", 1) for line in text.splitlines() if "=" in line)
    digit, duration = fields.get("signal", "").upper(), fields.get("duration", "250")
    return (digit, int(duration) if duration.isdigit() else 250) if _is_key(digit) else None


def _is_key(text: str) -> bool:
    return len(text) == 1 and text in "0123456789*#ABCD"
