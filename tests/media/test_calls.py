"""Calls of the trunk through SBC and rtpengine: keys reach the menu, nothing is transcoded, rtpengine dies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallNumber
from cxcore.domain.quality import MeasuredBy
from tests.contract.sip_peer import Call
from tests.contract.sound import G722, PCMA
from tests.media.stage import BorderStage, border, chosen_engine, needs_border
from tests.system.stage import DIRECT, GENERAL, MENU, WELCOME, until

pytestmark = [pytest.mark.system, needs_border]

CALLER, ANNA, BRAM = 1230, 1700, 2150
ANNA_ID = AgentId("anna")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BorderStage]:
    with border(tmp_path_factory.mktemp("border"), name=chosen_engine()) as stage:
        stage.log_on("anna")
        yield stage


def talking(stage: BorderStage) -> tuple[Call, Call]:
    """A caller of the trunk and Anna, each saying a tone."""
    stage.sees("anna", "ready")
    caller = stage.calls(DIRECT)
    caller.wait_answered()
    caller.rtp.say(CALLER)
    device = stage.picks_up("anna", ANNA)
    caller.rtp.hear_tone(ANNA)
    device.rtp.hear_tone(CALLER)
    return caller, device


def ended(stage: BorderStage, caller: Call, device: Call) -> None:
    caller.bye()
    assert device.wait_ended()
    until(lambda: not stage.contacts(), "the contact is over")


def goes_by_rtpengine(stage: BorderStage, call: Call) -> bool:
    return call.rtp.remote is not None and call.rtp.remote[1] in stage.rtpengine.ports


def test_key_of_a_caller_of_the_trunk_reaches_the_menu(stage: BorderStage) -> None:
    """RFC 4733, which is all that the profiles know."""
    stage.sees("anna", "ready")
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.hear_tone(WELCOME)
    caller.rtp.hear_tone(MENU)
    assert goes_by_rtpengine(stage, caller)
    caller.rtp.press("1")
    device = stage.picks_up("anna", ANNA)
    caller.rtp.hear_tone(ANNA)
    assert caller.rtp.digits == [], "its own keys are not sent back"
    ended(stage, caller, device)


def test_keys_pressed_in_a_conversation_reach_the_other_side_through_the_sbc(stage: BorderStage) -> None:
    """An agent in the menu of a bank, and a caller in ours."""
    caller, device = talking(stage)
    assert goes_by_rtpengine(stage, caller)
    device.rtp.press("5#")
    until(lambda: caller.rtp.digits == ["5", "#"], "the keys of the agent reach the trunk")
    caller.rtp.press("07")
    until(lambda: device.rtp.digits == ["0", "7"], "the keys of the caller reach the agent")
    ended(stage, caller, device)


def test_number_of_ours_that_an_agent_dials_is_answered_in_the_house(stage: BorderStage) -> None:
    stage.sees("anna", "ready")
    stage.does(CallNumber("bram", AgentId("bram"), DIRECT))
    bram = stage.picks_up("bram", BRAM)
    anna = stage.picks_up("anna", ANNA)
    bram.rtp.hear_tone(ANNA)
    anna.rtp.hear_tone(BRAM)
    assert stage.street.expect_no_call(0), "the provider has nothing to do with it"
    bram.bye()
    assert anna.wait_ended()
    until(lambda: not stage.contacts(), "the contact is over")


def test_call_in_g711_is_transcoded_by_nobody(stage: BorderStage) -> None:
    caller, device = talking(stage)
    told = stage.rtpengine.asked({"command": "query", "call-id": caller.call_id})
    medias = [media for tag in told["tags"].values() for media in tag["medias"]]
    assert [media["codec"] for media in medias] == [b"PCMA/8000"] * 2
    assert not any(b"transcoding" in media["flags"] for media in medias)
    assert {packet.payload_type for packet in caller.rtp.packets[-50:]} == {PCMA}
    esl = stage.engine.login()
    names = [line.split(",")[0] for line in esl.api("show channels").splitlines()[1:] if "," in line]
    codecs = {esl.variable(name, f"{way}_codec") for name in names for way in ("read", "write")}
    esl.close()
    assert codecs == {"PCMA"}
    ended(stage, caller, device)


def test_call_in_g722_is_transcoded_by_nobody(stage: BorderStage) -> None:
    stage.sees("anna", "ready")
    caller = stage.calls(DIRECT, codecs=(PCMA, G722))
    caller.wait_answered()
    caller.rtp.say(CALLER)
    device = stage.rings("anna")
    device.codecs = (G722, PCMA)
    device.answer()
    device.rtp.say(ANNA)
    caller.rtp.hear_tone(ANNA)
    device.rtp.hear_tone(CALLER)
    told = stage.rtpengine.asked({"command": "query", "call-id": caller.call_id})
    medias = [media for tag in told["tags"].values() for media in tag["medias"]]
    assert [media["codec"] for media in medias] == [b"G722/8000"] * 2
    assert not any(b"transcoding" in media["flags"] for media in medias)
    until(lambda: _came_as_sent(caller, device) and _came_as_sent(device, caller), "the octets of each reach the other")
    ended(stage, caller, device)


def _came_as_sent(speaker: Call, listener: Call) -> bool:
    return b"".join(packet.payload for packet in listener.rtp.packets[-25:]) in b"".join(speaker.rtp.said)


def test_trunk_is_offered_the_codecs_of_its_profile_in_their_order(stage: BorderStage) -> None:
    stage.sees("anna", "ready")
    stage.does(CallNumber("anna", ANNA_ID, "+31612345678"))
    device = stage.rings("anna")
    device.codecs = (G722, PCMA)
    device.answer()
    device.rtp.say(ANNA)
    called = stage.street.expect_call()
    offer = called.invite.sdp if called.invite else None
    assert offer and [number for number in offer.payload_types if number < 96] == [PCMA, G722]
    called.answer()
    called.rtp.say(CALLER)
    called.rtp.hear_tone(ANNA)
    device.rtp.hear_tone(CALLER)
    until(lambda: {packet.payload_type for packet in device.rtp.packets[-20:]} == {PCMA}, "the agent speaks G.711 too")
    ended(stage, called, device)


def test_call_under_way_is_heard_again_when_rtpengine_is_back(
    stage: BorderStage,
) -> None:
    caller, device = talking(stage)
    assert goes_by_rtpengine(stage, caller)
    stage.rtpengine.kill()
    assert caller.rtp.wait_silence() and device.rtp.wait_silence()
    until(lambda: not stage.part("relay").healthy, "the alarm is raised")
    stage.rtpengine.start()
    caller.rtp.hear_tone(ANNA)
    device.rtp.hear_tone(CALLER)
    assert goes_by_rtpengine(stage, caller)
    until(lambda: stage.part("relay").healthy, "the alarm is over")
    ended(stage, caller, device)


def test_call_under_way_ends_as_usual_while_rtpengine_is_away_and_calls_go_past_it(stage: BorderStage) -> None:
    caller, device = talking(stage)
    stage.rtpengine.kill()
    assert caller.rtp.wait_silence() and device.rtp.wait_silence()
    ended(stage, caller, device)
    until(lambda: stage.measures()[-1].measured_by is MeasuredBy.SWITCH, "the switch's own measure")

    caller, device = talking(stage)
    assert not goes_by_rtpengine(stage, caller), "past it, while it is away"
    ended(stage, caller, device)

    stage.rtpengine.start()
    until(lambda: _goes_by_again(stage), "calls go by rtpengine again")


def _goes_by_again(stage: BorderStage) -> bool:
    caller, device = talking(stage)
    found = goes_by_rtpengine(stage, caller)
    ended(stage, caller, device)
    return found
