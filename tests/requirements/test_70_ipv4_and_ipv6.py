"""Requirement 70: IPv4 and IPv6.

A caller over IPv6, SIP and sound, talks to an agent whose phone is on IPv4. Provider and Teams may be reached over IPv6
while the switch is on IPv4, and the other way round: the SBC and rtpengine translate.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.sbc_stage import KAMAILIO, Sbc
from tests.config.test_sbc_trunk import GENERAL, OUTSIDE, TrunkStage
from tests.contract.sip_peer import Call, SipParty
from tests.media.rtpengine import RTPENGINE, Rtpengine
from tests.system.stage import DIRECT, HOLD_MUSIC, Stage
from tests.teams.certificates import make_authority, make_certificate
from tests.teams.conftest import LOOPBACKS, OUR_NAME
from tests.teams.peer import TeamsPeer, answer, host_of, offer

pytestmark = pytest.mark.system
USER = "+31715550177"


def test_caller_over_ipv6_talks_to_an_agent_on_ipv4(stage: Stage) -> None:
    street = SipParty(stage.engine.sip_address_ipv6, host="::1")
    caller = street.call(DIRECT)
    caller.wait_answered()
    caller.rtp.say(1230)
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    stage.log_on("anna")
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    caller.bye()
    assert device.wait_ended()
    street.close()


@pytest.fixture(scope="module")
def rtpengine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if (KAMAILIO is None or RTPENGINE is None) and not os.environ.get("CI"):
        pytest.skip("kamailio or rtpengine is not installed; make setup installs both")
    with Rtpengine(tmp_path_factory.mktemp("rtpengine"), *LOOPBACKS) as running:
        yield running.control


@pytest.fixture(scope="module", params=[("::1", "127.0.0.1"), ("127.0.0.9", "::1")], ids=["IPv6", "IPv4"])
def border(
    request: pytest.FixtureRequest, rtpengine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TrunkStage, SipParty]]:
    """A trunk on one IP version, a switch on the other."""
    outside, inside = request.param
    trunk, switch = SipParty(("127.0.0.1", 9), host=outside), SipParty(("127.0.0.1", 9), host=inside)
    addresses = {"trunk": trunk.address, "switches": switch.address, "rtpengine": rtpengine}
    stage = TrunkStage(tmp_path_factory.mktemp("versions"), "options_seconds: 0\n", addresses=0, **addresses)
    trunk.engine = ("::1" if ":" in outside else "127.0.0.1", stage.sbc.port)
    switch.engine = (inside, stage.sbc.port)
    stage.trunks.append(trunk)
    yield stage, switch
    switch.close()
    stage.close()


def talk(caller: Call, called: Call) -> None:
    """Both hear each other, and the called party hangs up."""
    called.answer()
    caller.wait_answered()
    caller.rtp.say(1230)
    called.rtp.say(1700)
    caller.rtp.hear_tone(1700)
    called.rtp.hear_tone(1230)
    called.bye()
    assert caller.wait_ended()


def test_provider_on_one_version_calls_a_switch_on_the_other(border: tuple[TrunkStage, SipParty]) -> None:
    stage, switch = border
    caller = stage.trunk.call(GENERAL)
    talk(caller, switch.expect_call())


def test_switch_on_one_version_calls_a_provider_on_the_other(border: tuple[TrunkStage, SipParty]) -> None:
    stage, switch = border
    caller = switch.call(OUTSIDE, caller=GENERAL)
    talk(caller, stage.trunk.expect_call())


def test_teams_is_reached_over_ipv6_by_a_switch_on_ipv4(rtpengine: str, tmp_path: Path) -> None:
    make_authority(tmp_path)
    for name in ("sbc", "teams"):
        make_certificate(tmp_path, name)
    (tmp_path / "sbc").mkdir()
    for kind, file in (("certificate.pem", "sbc.pem"), ("key.pem", "sbc.key")):
        shutil.copyfile(tmp_path / file, tmp_path / "sbc" / kind)
    entrance = TeamsPeer("::1", tmp_path)
    known = {"teams_name": OUR_NAME, "teams_peers": entrance.address, "teams_networks": "::1/128"}
    trusted = {"tls_authorities": str(tmp_path / "authority.pem"), "rtpengine": rtpengine}
    sbc = Sbc(tmp_path / "sbc", allowed_networks="127.0.0.1/32", **known, **trusted)
    call = sbc.switch.call(USER, caller=OUTSIDE, place=entrance.address)
    connection, invite = entrance.expect_invite()
    assert re.search(r"^c=IN IP6 ::1", invite.body.decode(), re.M)
    assert host_of(invite.get("Contact")) == OUR_NAME
    connection.send(answer(invite, 200, "OK", offer().replace("IP4 127.0.0.1", "IP6 ::1")))
    taken = call.wait_answered()
    assert taken.sdp is not None and taken.sdp.host == "127.0.0.1"
    call.bye()
    entrance.wait(lambda message: message.start.startswith("BYE "))
    sbc.close()
    entrance.close()
