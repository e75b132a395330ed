"""Requirement 2: all telephone traffic of the municipality, in and out, fixed and mobile."""

from __future__ import annotations

import pytest

from tests.config.test_sbc_trunk import GENERAL, TrunkStage, dialled
from tests.requirements.test_94_trunk import line_out

__all__ = ["line_out"]

PARTIES = {
    "fixed": "+31206661234",
    "mobile": "+31612345678",
    "abroad": "+4930123456",
    "business": "+31880001234",
}


@pytest.mark.parametrize("party", PARTIES.values(), ids=PARTIES.keys())
def test_call_comes_in_from_every_kind_of_line(line_out: TrunkStage, party: str) -> None:
    assert f"<sip:{party}@" in line_out.comes_in(GENERAL, party).get("P-Asserted-Identity")


@pytest.mark.parametrize("party", [*PARTIES.values(), "08001351", "14071", "116117"])
def test_call_goes_out_to_every_kind_of_line(line_out: TrunkStage, party: str) -> None:
    assert dialled(line_out.goes_out(party, GENERAL)) == party
