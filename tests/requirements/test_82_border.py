"""Requirement 82: an SBC with firewall functions stands at each interface with providers, internet and Microsoft."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.config.sbc_stage import Sbc, line
from tests.config.test_sbc_trunk import GENERAL, OUTSIDE
from tests.teams.conftest import TeamsStage
from tests.teams.peer import TeamsPeer
from tests.teams.test_inwards import TeamsCall


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    sbc = Sbc(tmp_path_factory.mktemp("border"), allowed_networks="127.0.0.1/32")
    yield sbc
    sbc.close()


def test_stranger_of_the_internet_reaches_nothing(guarded: Sbc) -> None:
    with line(guarded, "udp", source="127.0.0.9") as stranger:
        stranger.send("INVITE", f"sip:{GENERAL}@{stranger.door}")
        assert stranger.final().status == 403
    assert guarded.switch.expect_no_call(0.1)
    assert guarded.status()["refused"]["it is in no allowed network"] >= 1


def test_who_only_says_to_be_microsoft_is_refused(teams: TeamsStage) -> None:
    peer = TeamsPeer("127.0.0.44", teams.folder)
    TeamsCall(teams, peer.dial_in("127.0.0.1", teams.sbc.door("tls")), GENERAL).invite()
    assert peer.wait(lambda message: message.status >= 200).status == 403
    peer.close()


def test_provider_sees_nothing_of_what_stands_behind(teams: TeamsStage) -> None:
    call = teams.sbc.switch.call(OUTSIDE, caller=GENERAL)
    arrived = teams.trunk.expect_call()
    assert arrived.invite is not None
    told = "".join(value for _, value in arrived.invite.headers) + arrived.invite.body.decode()
    assert teams.sbc.switch.address not in told
    assert f"m=audio {call.rtp.port} " not in told, "the sound comes from the SBC too"
    arrived.reject(486)
    call.wait_final()
