"""A telephone that dies without a goodbye keeps nobody: neither the agent nor, where the agent's died, the caller."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cxcore.domain.contact import ContactId, Outcome
from cxcore.domain.events import ContactEnded, ConversationInterrupted, Fact
from cxcore.domain.leg import HangUpCause
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.sip_peer import SipParty
from tests.system.conftest import on_stage
from tests.system.stage import HOLD_MUSIC, Stage, until

pytestmark = pytest.mark.system
TIMEOUT_SECONDS = 3


@pytest.fixture(scope="module", params=list(engines.START))
def impatient_engine(
    request: pytest.FixtureRequest, trunk: SipParty, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine that waits three seconds for sound, where a site waits a minute."""
    name = str(request.param)
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    site = engines.prepare_site(tmp_path_factory.mktemp(f"impatient-{name}"), trunk.address, "+31715550199")
    with engines.running(name, replace(site, media_timeout_seconds=TIMEOUT_SECONDS)) as engine:
        yield engine


@pytest.fixture
def impatient(impatient_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    with on_stage(Stage(impatient_engine, tmp_path)) as stage:
        yield stage


def _facts(stage: Stage, contact_id: str) -> list[Fact]:
    with stage.storage() as storage:
        return list(storage.reports.history(ContactId(contact_id)))


def test_agent_is_free_again_soon_after_the_callers_telephone_died(impatient: Stage) -> None:
    impatient.log_on("anna")
    caller = impatient.waits()
    device = impatient.picks_up("anna")
    caller.rtp.hear_tone(1700)
    contact_id = impatient.contacts()[0].contact_id
    caller.rtp.sending = False
    died = time.monotonic()
    impatient.sees("anna", "wrap-up")
    assert TIMEOUT_SECONDS - 1 < time.monotonic() - died < TIMEOUT_SECONDS + 2
    assert device.wait_ended()
    until(lambda: any(isinstance(fact, ContactEnded) for fact in _facts(impatient, contact_id)), "the end is kept")
    (ended,) = [fact for fact in _facts(impatient, contact_id) if isinstance(fact, ContactEnded)]
    assert (ended.cause, ended.outcome) == (HangUpCause.MEDIA_TIMEOUT, Outcome.ANSWERED)


def test_waiting_caller_whose_telephone_died_is_offered_to_nobody(impatient: Stage) -> None:
    caller = impatient.waits()
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    caller.rtp.sending = False
    until(lambda: not impatient.contacts(), "the line is empty")
    impatient.log_on("anna")
    assert impatient.devices["anna"].expect_no_call(1)


def test_caller_whose_agents_telephone_died_hears_music_and_reaches_a_colleague(impatient: Stage) -> None:
    impatient.log_on("anna")
    caller = impatient.waits()
    device = impatient.picks_up("anna")
    caller.rtp.hear_tone(1700)
    contact_id = impatient.contacts()[0].contact_id
    device.rtp.sending = False
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    impatient.log_on("bram")
    impatient.picks_up("bram", speaks=1370)
    caller.rtp.hear_tone(1370)
    until(
        lambda: any(isinstance(fact, ConversationInterrupted) for fact in _facts(impatient, contact_id)),
        "the history tells that the telephone gave no sound",
    )


def test_conversation_outlives_a_spot_without_network(impatient: Stage) -> None:
    impatient.log_on("anna")
    caller = impatient.waits()
    device = impatient.picks_up("anna")
    caller.rtp.hear_tone(1700)
    for rtp in (caller.rtp, device.rtp):
        rtp.sending = False
        time.sleep(TIMEOUT_SECONDS * 2 / 3)
        rtp.sending = True
        time.sleep(0.5)
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    assert impatient.agent("anna").state == "talking"
