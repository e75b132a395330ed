"""An SBC with three entrances of Teams before it, a switch behind it, and rtpengine beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.sbc_stage import KAMAILIO, Sbc
from tests.contract import engines
from tests.contract.sip_peer import SipParty
from tests.media.rtpengine import RTPENGINE, Rtpengine
from tests.teams.certificates import make_authority, make_certificate
from tests.teams.floor import TeamsFloor, teams_floor
from tests.teams.peer import TeamsPeer

LOOPBACKS = ("127.0.0.1", "::1")
OUR_NAME = "localhost"
"""Stands for the SBC's name in the tenant; it must be one that this machine can look up."""


class TeamsStage:
    """Three entrances of Teams in order, the SBC, its switch and a trunk."""

    def __init__(self, folder: Path, **values: str) -> None:
        make_authority(folder)
        for name, usage in (("sbc", "serverAuth,clientAuth"), ("teams", "serverAuth,clientAuth")):
            make_certificate(folder, name, usage)
        make_certificate(folder, "server-only", "serverAuth")
        self.folder = folder
        self.entrances = [TeamsPeer(f"127.0.0.{11 + each}", folder) for each in range(3)]
        self.trunk = SipParty(("127.0.0.1", 9), host="127.0.0.9")
        (folder / "trunk.yml").write_text("options_seconds: 0\n", encoding="utf-8")
        self.rtpengine = Rtpengine(folder, *LOOPBACKS)
        (folder / "sbc").mkdir()
        for kind, file in (("certificate.pem", "sbc.pem"), ("key.pem", "sbc.key")):
            shutil.copyfile(folder / file, folder / "sbc" / kind)
        wanted = {
            "teams_name": OUR_NAME,
            "teams_peers": ",".join(each.address for each in self.entrances),
            "teams_networks": "127.0.0.8/29",
            "teams_options_seconds": "1",
            "tls_authorities": str(folder / "authority.pem"),
            "trunk": self.trunk.address,
            "trunk_profile": str(folder / "trunk.yml"),
            "own_numbers": "+3171555*",
            "shown_number": "+31715550100",
            "rtpengine": self.rtpengine.control,
            "allowed_networks": "127.0.0.1/32",
        }
        self.sbc = Sbc(folder / "sbc", **(wanted | values))
        self.trunk.engine = ("127.0.0.1", self.sbc.port)

    def close(self) -> None:
        self.sbc.close()
        self.trunk.close()
        for each in self.entrances:
            each.close()
        self.rtpengine.close()


@pytest.fixture(scope="session")
def teams_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamsStage]:
    if (KAMAILIO is None or RTPENGINE is None) and not os.environ.get("CI"):
        pytest.skip("kamailio or rtpengine is not installed; make setup installs both")
    stage = TeamsStage(tmp_path_factory.mktemp("teams"))
    yield stage
    stage.close()


@pytest.fixture
def teams(teams_stage: TeamsStage) -> TeamsStage:
    """The same for each test, with nothing left over from the last."""
    for entrance in teams_stage.entrances:
        while not entrance.expect_no_invite(0.0):
            pass
        entrance.messages.clear()
    return teams_stage


@pytest.fixture(scope="session", params=list(engines.START))
def whole_floor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamsFloor]:
    name = str(request.param)
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    with teams_floor(tmp_path_factory.mktemp(f"teams-{name}"), name) as floor:
        yield floor


@pytest.fixture
def floor(whole_floor: TeamsFloor) -> TeamsFloor:
    """The product behind Teams, the same for each test, on each engine that is here."""
    whole_floor.peer.messages.clear()
    return whole_floor
