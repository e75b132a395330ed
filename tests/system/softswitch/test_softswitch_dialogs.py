"""Requests in and outside a dialog: what we speak, and how we refuse what we do not."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading

import pytest

from tests.ports import free_port
from tests.system.softswitch.conftest import Floor
from tests.system.softswitch.esl_client import EslClient, NothingCame
from tests.system.softswitch.process import PASSWORD
from tests.system.softswitch.sip_phone import Message, Phone
from tests.system.softswitch.sip_phone import NothingCame as NoMessage

pytestmark = pytest.mark.system


def outside(floor: Floor, phone: Phone, method: str, headers: str = "") -> Message:
    phone.switch = floor.switch.sip
    phone.local = f"<sip:someone@example.org>;tag={phone.tag}"
    phone.remote = f"<sip:switch@127.0.0.1:{floor.switch.sip[1]}>"
    phone.target = f"sip:switch@127.0.0.1:{floor.switch.sip[1]}"
    phone.call_id = f"outside-{method}-{phone.tag}"
    phone.request(method, headers=headers)
    return phone.receive()


def test_options_is_answered_with_what_we_allow(floor: Floor, phone: Phone) -> None:
    answer = outside(floor, phone, "OPTIONS")
    assert answer.status == 200
    assert "INVITE" in answer.get("Allow")


@pytest.mark.parametrize(
    ("method", "status"), [("REGISTER", 405), ("SUBSCRIBE", 405), ("REFER", 603), ("BYE", 481), ("FROBNICATE", 501)]
)
def test_what_we_do_not_do_is_refused_cleanly(floor: Floor, phone: Phone, method: str, status: int) -> None:
    answer = outside(floor, phone, method)
    assert answer.status == status
    if status in (405, 501):
        assert "INVITE" in answer.get("Allow")


def test_an_extension_that_the_caller_requires_is_refused_with_420(floor: Floor, phone: Phone) -> None:
    phone.call(floor.switch.sip, headers="Require: 100rel\r\n")
    refused = phone.expect(420)
    assert refused.get("Unsupported") == "100rel"


@pytest.mark.parametrize("hold", ["sendonly", "inactive"])
def test_given_a_call_when_the_caller_holds_and_resumes_then_both_are_told(floor: Floor, hold: str) -> None:
    caller = floor.caller()
    phone = caller.phone
    phone.request("INVITE", phone.sdp(hold))
    held = phone.expect(200, method="INVITE")
    phone.ack(held)
    assert f"a={'recvonly' if hold == 'sendonly' else 'inactive'}" in held.body
    assert floor.esl.wait("CHANNEL_HOLD", caller.uuid)["Channel-Call-State"] == "HELD"
    phone.request("INVITE", phone.sdp("sendrecv"))
    resumed = phone.expect(200, method="INVITE")
    phone.ack(resumed)
    assert "a=sendrecv" in resumed.body
    floor.esl.wait("CHANNEL_UNHOLD", caller.uuid)


def test_given_an_old_telephone_when_it_holds_with_address_zero_then_that_is_hold(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.request("INVITE", caller.phone.sdp(host="0.0.0.0"))  # noqa: S104
    caller.phone.ack(caller.phone.expect(200, method="INVITE"))
    floor.esl.wait("CHANNEL_HOLD", caller.uuid)


def test_given_a_call_when_the_codec_changes_then_sound_goes_on_in_the_new_one(floor: Floor) -> None:
    caller = floor.caller()
    phone = caller.phone
    phone.request("INVITE", phone.sdp(codecs="0 101"))
    changed = phone.expect(200, method="INVITE")
    phone.ack(changed)
    assert "RTP/AVP 0 101" in changed.body
    floor.esl.execute(caller.uuid, "playback", floor.tone(2.0))
    with phone.talking(changed.body):
        assert phone.hears(1.0)
    assert floor.esl.api(f"uuid_getvar {caller.uuid} read_codec") == "PCMU"


def test_given_an_answer_without_ack_when_another_codec_is_wanted_then_it_is_offered_after_the_ack(
    floor: Floor,
) -> None:
    uuid, phone = floor.arrives(sdp=floor.phone().sdp(codecs="9 8 101"))
    floor.esl.api(f"uuid_answer {uuid}")
    ok = phone.expect(200, method="INVITE")
    assert floor.esl.api(f"uuid_media_reneg {uuid} =PCMA,PCMU,G722") == "+OK Success\n"
    with pytest.raises(NoMessage):
        phone.expect_request("INVITE", 0.3)
    phone.ack(ok)
    offer = phone.expect_request("INVITE")
    assert "RTP/AVP 8 0 9 101" in offer.body


def test_given_a_call_when_a_re_invite_offers_nothing_we_speak_then_the_call_stays_as_it_was(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.request("INVITE", caller.phone.sdp(codecs="18"))
    assert caller.phone.expect(488, method="INVITE")
    assert floor.esl.api(f"uuid_exists {caller.uuid}") == "true"


def test_given_a_call_when_a_re_invite_has_no_description_then_we_offer(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.request("INVITE")
    offered = caller.phone.expect(200, method="INVITE")
    assert "m=audio" in offered.body
    caller.phone.ack(offered, caller.phone.sdp())


def test_given_a_call_when_update_refreshes_it_then_it_is_answered(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.request("UPDATE")
    assert caller.phone.expect(200, method="UPDATE").body == ""
    caller.phone.request("UPDATE", caller.phone.sdp("sendonly"))
    assert "a=recvonly" in caller.phone.expect(200, method="UPDATE").body


def test_given_a_call_when_refer_comes_then_it_is_declined_and_the_call_stands(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.request("REFER", headers="Refer-To: <sip:elsewhere@example.org>\r\n")
    assert caller.phone.expect(603, method="REFER")
    assert floor.esl.api(f"uuid_exists {caller.uuid}") == "true"


@pytest.mark.parametrize(
    ("kind", "body"), [("application/dtmf-relay", "Signal=7\r\nDuration=160\r\n"), ("application/dtmf", "7")]
)
def test_given_a_call_when_keys_come_by_info_then_they_are_heard(floor: Floor, kind: str, body: str) -> None:
    caller = floor.caller()
    caller.phone.request("INFO", body, headers=f"Content-Type: {kind}\r\n")
    assert caller.phone.expect(200, method="INFO")
    pressed = floor.esl.wait("DTMF", caller.uuid)
    assert (pressed["DTMF-Digit"], pressed["DTMF-Source"]) == ("7", "ENDPOINT")


def test_given_a_call_when_an_unknown_method_comes_then_501_names_what_we_allow(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.request("FROBNICATE")
    assert "BYE" in caller.phone.expect(501, method="FROBNICATE").get("Allow")


def test_given_two_re_invites_at_once_then_the_second_is_put_off(floor: Floor) -> None:
    caller = floor.caller()
    caller.phone.request("INVITE", caller.phone.sdp())
    first = caller.phone.expect(200, method="INVITE")
    caller.phone.request("INVITE", caller.phone.sdp())
    assert caller.phone.expect(491, method="INVITE")
    caller.phone.ack(first)


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed (package sip-tester)")
def test_given_sipp_as_caller_when_each_call_is_answered_then_all_succeed(floor: Floor) -> None:
    """sipp's own `uac` scenario: another SIP stack than ours and the tests'."""
    stop = threading.Event()
    controller = EslClient.signed_in(floor.switch.event_socket_port, PASSWORD, "plain CHANNEL_PARK")

    def answer_all() -> None:
        while not stop.is_set():
            try:
                parked = controller.wait("CHANNEL_PARK", limit=0.2)
            except NothingCame:
                continue
            controller.api(f"sched_del {parked.uuid}")
            controller.api(f"uuid_answer {parked.uuid}")

    thread = threading.Thread(target=answer_all, daemon=True)
    thread.start()
    host, port = floor.switch.sip
    command = ["sipp", "-sn", "uac", f"{host}:{port}", "-i", host, "-p", str(free_port()), "-m", "10", "-r", "20",
               "-d", "200", "-nostdin", "-timeout", "15s"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=floor.folder, check=False)
    stop.set()
    thread.join(2)
    controller.close()
    assert done.returncode == 0, re.sub(r"\x1b\S*", "", done.stdout[-1500:])
