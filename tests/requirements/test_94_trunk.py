"""Requirement 94: GT Vast, the fixed telephony of the municipalities, is connected.

The shipped profile, with calls in and out, and the number that the called party sees. The provider's side is acted out:
what it wants has no public specification, and the profile says what is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts import sbc_site
from tests.config.test_sbc_trunk import GENERAL, OUTSIDE, OWN, TrunkStage
from tests.contract.sip_peer import wait_until

PROFILE = (sbc_site.CONFIGURATION / "profiles" / "gt-vast.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def line_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrunkStage]:
    profile = PROFILE.replace("relay_sound: yes", "relay_sound: no")
    profile = profile.replace("options_seconds: 60", "options_seconds: 1")
    stage = TrunkStage(tmp_path_factory.mktemp("gt-vast"), profile, addresses=2)
    yield stage
    stage.close()


def test_call_comes_in_on_a_number_of_the_site(line_out: TrunkStage) -> None:
    call = line_out.trunk.call("0715550100", caller="0612345678")
    arrived = line_out.sbc.switch.expect_call()
    assert arrived.invite is not None
    assert arrived.invite.start.startswith(f"INVITE sip:{GENERAL}@")
    assert f"<sip:{OUTSIDE}@" in arrived.invite.get("P-Asserted-Identity")
    arrived.answer()
    call.wait_answered()
    call.bye()
    assert arrived.wait_ended(3)


def test_call_goes_out_with_a_number_of_the_site(line_out: TrunkStage) -> None:
    invite = line_out.goes_out(OUTSIDE, OWN)
    assert invite.start.startswith(f"INVITE sip:{OUTSIDE}@")
    assert f"<sip:{OWN}@" in invite.get("P-Asserted-Identity")


def test_forwarded_call_tells_for_which_number(line_out: TrunkStage) -> None:
    assert f"<sip:{GENERAL}@" in line_out.goes_out(OUTSIDE, OWN, {"X-CX-Forwarded-From": GENERAL}).get("Diversion")


def test_line_is_watched(line_out: TrunkStage) -> None:
    addresses = [trunk.address for trunk in line_out.trunks]
    assert wait_until(lambda: all(line_out.sbc.status()["peers"].get(each) == "answers" for each in addresses), 15)
