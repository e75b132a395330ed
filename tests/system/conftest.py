"""Each test of the product runs on softswitch and, where it is installed, on FreeSWITCH."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.sip_peer import SipParty, wait_until
from tests.system.stage import Stage


@pytest.fixture(scope="session")
def trunk() -> Iterator[SipParty]:
    """Where calls to numbers outside arrive."""
    party = SipParty(("127.0.0.1", 9))
    yield party
    party.close()


@pytest.fixture(scope="session", params=list(engines.START))
def system_engine(
    request: pytest.FixtureRequest, trunk: SipParty, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The engine, started once for all tests of the product."""
    name = str(request.param)
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    site = engines.prepare_site(tmp_path_factory.mktemp(f"system-{name}"), trunk.address, "+31715550199")
    trunk.engine = ("127.0.0.1", site.sip_port)
    with engines.running(name, site) as engine:
        yield engine


@pytest.fixture
def stage(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    """A core of its own for each test; when the test is over every call is ended."""
    with on_stage(Stage(system_engine, tmp_path)) as stage:
        yield stage


@contextmanager
def on_stage(stage: Stage) -> Iterator[Stage]:
    """The stage while its core runs; afterwards every call is ended."""
    try:
        stage.open()
        yield stage
    finally:
        stage.close()
    esl = stage.engine.login()
    esl.api("hupall NORMAL_CLEARING")
    wait_until(lambda: esl.api("show channels count").strip().startswith("0 total"), 5)
    esl.close()
