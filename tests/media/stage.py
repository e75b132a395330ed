"""The product behind its border: a trunk, Kamailio, rtpengine, an engine, and a core that asks rtpengine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cxcore.domain.events import QualityMeasured
from cxcore.runner.clock import SystemClock
from tests.config.sbc_stage import KAMAILIO, Sbc
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.sip_peer import SipParty
from tests.media.rtpengine import RTPENGINE, Rtpengine
from tests.ports import free_port
from tests.system.stage import Stage

NUMBERS = {"own_numbers": "+3171555*", "shown_number": "+31715550100"}

needs_border = pytest.mark.skipif(
    (KAMAILIO is None or RTPENGINE is None) and not os.environ.get("CI"),
    reason="kamailio or rtpengine is not installed; make setup installs both",
)


class BorderStage(Stage):
    """A stage whose callers come in by the trunk: `street` is the provider."""

    def __init__(self, engine: Engine, folder: Path, rtpengine: Rtpengine, sbc: Sbc, street: SipParty, **site: Any):
        self.rtpengine, self.sbc = rtpengine, sbc
        super().__init__(engine, folder, **site)
        self.street.close()
        self.street = street

    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super()._settings()
        settings["switch"]["trunk"] = f"127.0.0.1:{self.sbc.port}"
        return settings | {"sbc": {"rtpengine": {"control": self.rtpengine.control}}}

    def measures(self) -> list[QualityMeasured]:
        """How the conversations of the last hour sounded, as it is kept."""
        now = SystemClock().now()
        with self.storage() as storage:
            lines = storage.reports.contacts(now - timedelta(hours=1), now + timedelta(hours=1))
            facts = [fact for line in lines for fact in storage.reports.history(line.contact_id)]
        return [fact for fact in facts if isinstance(fact, QualityMeasured)]

    def measures_of(self, party: str) -> list[QualityMeasured]:
        """Those of one party."""
        return [fact for fact in self.measures() if fact.party == party]


@contextmanager
def border(
    folder: Path,
    *,
    name: str = "softswitch",
    profile: str = "relay_sound: yes\noptions_seconds: 0\n",
    rtp_host: str = "127.0.0.1",
    sbc_values: dict[str, str] | None = None,
    **site: Any,
) -> Iterator[BorderStage]:
    """Everything, started and stopped. `site` is for `Stage`."""
    port = free_port()
    street = SipParty(("127.0.0.1", port), host="127.0.0.9")
    (folder / "profile.yml").write_text(profile, encoding="utf-8")
    prepared = engines.prepare_site(folder / "engine", f"127.0.0.1:{port}", "+31715550199")
    with Rtpengine(folder, rtp_host) as rtpengine, engines.running(name, prepared) as engine:
        values = {"port": str(port), "hosts": "127.0.0.1", "rtpengine": rtpengine.control, **NUMBERS}
        values |= {"trunk": street.address, "trunk_profile": str(folder / "profile.yml")}
        values |= {"switches": f"127.0.0.1:{prepared.sip_port}", "allowed_networks": "127.0.0.1/32"}
        sbc = Sbc(folder / "sbc", **(values | (sbc_values or {})))
        stage = BorderStage(engine, folder, rtpengine, sbc, street, **site)
        try:
            stage.open()
            yield stage
        finally:
            stage.close()
            sbc.close()


def chosen_engine() -> str:
    """The first that is here and was not left out."""
    return next((name for name in engines.START if not engines.MISSING[name]()), "softswitch")
