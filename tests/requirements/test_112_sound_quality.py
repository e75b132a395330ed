"""Requirement 112: calls have a MOS of 4 or more, measured and reported.

The E-model itself is held to the values of G.107 in `tests/unit/domain/test_quality.py`, alarms and whose legs are
measured in `tests/unit/services/test_sound.py`, the contact's page in `tests/web/test_timeline.py`, the figures by day
and line in `tests/storage/test_reports.py` and `tests/web/test_pages.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.events import QualityMeasured
from cxcore.domain.quality import MOS_GOAL, MeasuredBy, mos, rating
from cxcore.domain.sound_quality import CALLER
from tests.contract.sip_peer import Call, NothingCame, SipParty
from tests.media.namespace import Namespace, NotPermitted
from tests.media.stage import BorderStage, border, chosen_engine, needs_border
from tests.media.voice import ReportingStream
from tests.system.stage import DIRECT, until

pytestmark = [pytest.mark.system, needs_border]

TALK_SECONDS = 17.0
LOSSES = (0.0, 0.01, 0.02)
JITTER_MS = 20
AGENTS = ("anna", "bram", "karel")
DELAY_MS = 20 + 20 + 2 * JITTER_MS
"""From mouth to ear: the line, one packet, the buffer for its jitter."""



@dataclass(frozen=True, slots=True)
class Line:
    """A provider's line and how it is."""

    voice: ReportingStream
    loss: Callable[[], float]
    """The share of its packets that were really lost."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is kept of one conversation."""

    caller: QualityMeasured
    agent: QualityMeasured
    loss: float


@pytest.fixture(params=["made by the caller", "made by the network"])
def lines(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[Line]]]:
    """Three lines of 0, 1 and 2 % loss and 20 ms of jitter, and the address at which rtpengine takes their sound."""
    with ExitStack() as stack:
        try:
            yield _own_lines(stack) if request.param == "made by the caller" else _lines_of_places(stack)
        except NotPermitted as refusal:
            pytest.skip(str(refusal))


def _lost_share(voice: ReportingStream) -> float:
    return voice.lost / voice.sent


def _own_lines(stack: ExitStack) -> tuple[str, list[Line]]:
    voices = [ReportingStream(loss=loss, jitter=JITTER_MS) for loss in LOSSES]
    for voice in voices:
        stack.callback(voice.close)
    return "127.0.0.1", [Line(voice, partial(_lost_share, voice)) for voice in voices]


def _lines_of_places(stack: ExitStack) -> tuple[str, list[Line]]:
    places = []
    for loss in LOSSES:
        places.append(Namespace(100 * loss, JITTER_MS))
        stack.callback(places[-1].close)
    voices = [ReportingStream(place.there, make_socket=place.socket) for place in places]
    for voice in voices:
        stack.callback(voice.close)
    return places[0].here, [Line(voice, place.loss) for voice, place in zip(voices, places, strict=True)]


def measured(stage: BorderStage, lines: list[Line]) -> list[Measured]:
    """One conversation over each line, all at the same time, and what is kept of them."""
    stage.log_on(*AGENTS)
    for name in AGENTS:
        stage.sees(name, "ready")
    begun = [_begin(stage, line) for line in lines]
    time.sleep(TALK_SECONDS)
    for caller, _ in begun:
        caller.bye()
    until(lambda: len(stage.measures()) == 2 * len(lines), "two measures of each conversation")
    facts = stage.measures()
    return [_of(facts, agent, line.loss()) for (_, agent), line in zip(begun, lines, strict=True)]


def _begin(stage: BorderStage, line: Line) -> tuple[Call, AgentId]:
    caller = stage.street.call(DIRECT, rtp=line.voice)
    caller.wait_answered()
    line.voice.say(1230)
    agent = _who_picks_up(stage)
    line.voice.hear_tone(1700)
    return caller, agent


def _who_picks_up(stage: BorderStage) -> AgentId:
    found: list[str] = []

    def one_rings() -> bool:
        found.extend(name for name, party in stage.devices.items() if not found and _answers(party))
        return bool(found)

    until(one_rings, "a device rings")
    return AgentId(found[0])


def _answers(device: SipParty) -> bool:
    try:
        call = device.expect_call(0.02)
    except NothingCame:
        return False
    call.answer()
    call.rtp.say(1700)
    return True


def _of(facts: list[QualityMeasured], agent: AgentId, loss: float) -> Measured:
    (of_agent,) = (fact for fact in facts if fact.party == agent)
    (of_caller,) = (fact for fact in facts if fact.party == CALLER and fact.contact_id == of_agent.contact_id)
    return Measured(of_caller, of_agent, loss)


def test_shown_quality_of_lines_with_loss_and_jitter_follows_the_e_model(
    lines: tuple[str, list[Line]], tmp_path: Path
) -> None:
    rtp_host, bad_lines = lines
    with border(tmp_path, name=chosen_engine(), rtp_host=rtp_host, agents=AGENTS) as stage:
        found = measured(stage, bad_lines)
    for each in found:
        assert each.caller.measured_by is MeasuredBy.BORDER
        assert each.caller.mos == pytest.approx(mos(rating(each.loss, DELAY_MS)), abs=0.1), each
        assert each.caller.loss == pytest.approx(each.loss, abs=0.01), found
        assert 3 <= (each.caller.jitter or 0) <= 2 * JITTER_MS, found
        assert each.caller.heard_mos == pytest.approx(mos(rating(0.0, DELAY_MS)), abs=0.1), "only the way in is bad"
        assert each.agent.measured_by is MeasuredBy.SWITCH, "its sound does not go by the border"
    assert found[0].caller.mos > found[2].caller.mos >= MOS_GOAL
