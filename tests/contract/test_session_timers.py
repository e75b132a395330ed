"""Session timers (RFC 4028): a refresh is answered and the sound goes on; a call that is not refreshed ends."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Floor
from tests.contract.engines import SHORTEST_SESSION_SECONDS as SHORT
from tests.contract.sip_peer import Message, describe, wait_until

KNOWS = {"Supported": "timer"}


def session(answer: Message) -> str:
    return answer.get("Session-Expires").replace(" ", "")


def only_softswitch(floor: Floor) -> None:
    if floor.engine.name != "softswitch":
        pytest.skip("FreeSWITCH takes no session below two minutes")


def test_session_that_the_caller_asks_for_is_agreed_and_the_caller_refreshes(floor: Floor) -> None:
    caller = floor.caller(headers=KNOWS | {"Session-Expires": "1800"})
    answer = caller.call.wait_answered()
    assert session(answer) == "1800;refresher=uac"
    assert answer.get("Require") == "timer"


def test_caller_that_asks_for_no_session_gets_none(floor: Floor) -> None:
    answer = floor.caller(headers=KNOWS).call.wait_answered()
    assert (session(answer), answer.get("Require")) == ("", "")


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_refresh_is_answered_and_the_sound_goes_on(floor: Floor, method: str) -> None:
    asked = KNOWS | {"Session-Expires": "1800;refresher=uac"}
    caller = floor.caller(headers=asked)
    agent = floor.agent()
    floor.bridge(caller, agent)
    body = describe(caller.rtp, caller.call.codecs[:1]) if method == "INVITE" else ""
    number = caller.call._request(method, body, asked)
    answer = caller.call.wait("answer", lambda message: message.status >= 200 and message.cseq == number)
    assert (answer.status, session(answer)) == (200, "1800;refresher=uac")
    assert caller.rtp.hear_tone(1700).tones == {1700}
    assert agent.rtp.hear_tone(1230).tones == {1230}


def test_session_that_is_too_short_is_refused_with_the_shortest(floor: Floor) -> None:
    call = floor.party.call("+31715550100", headers=KNOWS | {"Session-Expires": "2"})
    refused = call.wait_final()
    assert refused.status == 422
    assert int(refused.get("Min-SE")) == (SHORT if floor.engine.name == "softswitch" else 120)


def test_call_that_is_not_refreshed_ends(floor: Floor) -> None:
    only_softswitch(floor)
    caller = floor.caller(headers=KNOWS | {"Session-Expires": str(SHORT)})
    assert caller.call.wait_ended(SHORT + 2)
    ended = floor.esl.wait_event("CHANNEL_HANGUP", caller.uuid)
    assert ended["Hangup-Cause"] == "NORMAL_CLEARING"


def test_called_party_that_promised_to_refresh_and_does_not_is_let_go(floor: Floor) -> None:
    only_softswitch(floor)
    uuid, _ = floor.dial()
    call = floor.party.expect_call()
    assert call.invite is not None and "timer" in call.invite.get("Supported")
    call._respond(200, "OK", describe(call.rtp, call.codecs[:1]), {"Session-Expires": f"{SHORT};refresher=uas"})
    assert call.wait_ended(SHORT + 2)
    assert floor.esl.wait_event("CHANNEL_HANGUP", uuid)["Hangup-Cause"] == "NORMAL_CLEARING"


@pytest.mark.parametrize("allowed", ["INVITE, ACK, BYE", "INVITE, ACK, BYE, UPDATE"])
def test_switch_that_is_to_refresh_does_so_in_the_way_the_other_side_knows(floor: Floor, allowed: str) -> None:
    only_softswitch(floor)
    caller = floor.caller(headers={"Allow": allowed, "Session-Expires": f"{SHORT};refresher=uas"})
    method = "UPDATE" if "UPDATE" in allowed else "INVITE"

    def refreshes() -> list[Message]:
        return [message for message in caller.call.messages if message.method == method and not message.status]

    assert wait_until(lambda: bool(refreshes()), SHORT)
    assert session(refreshes()[0]) == f"{SHORT};refresher=uac"
    assert not caller.call.ended.is_set()
