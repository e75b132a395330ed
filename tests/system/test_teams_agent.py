"""An agent whose telephone is Teams, through the SBC and rtpengine to the switch, with SRTP on the side of Teams.

And what Teams does within a call: another telephone there takes it over (INVITE with Replaces).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.config.sbc_stage import KAMAILIO
from tests.contract import engines
from tests.contract.sip_peer import Message
from tests.media.rtpengine import RTPENGINE
from tests.ports import free_port
from tests.system.conftest import on_stage
from tests.system.stage import Stage
from tests.teams.conftest import TeamsStage
from tests.teams.peer import KEY, answer, offer
from tests.teams.secure_line import SecureLine
from tests.teams.test_inwards import TeamsCall

pytestmark = pytest.mark.system
CALLER, AGENT, OTHER = 1230, 1700, 2150
CUSTOMER = "+31612345678"


@dataclass
class Border:
    """The core's stage with Teams before it."""

    stage: Stage
    teams: TeamsStage
    lines: list[SecureLine] = field(default_factory=list)

    def line(self, says: int) -> SecureLine:
        line = SecureLine(KEY)
        line.rtp.say(says)
        self.lines.append(line)
        return line


@pytest.fixture(scope="module", params=list(engines.START))
def border(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Border]:
    name, folder = str(request.param), tmp_path_factory.mktemp("teams-agent")
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    if (KAMAILIO is None or RTPENGINE is None) and not os.environ.get("CI"):
        pytest.skip("kamailio or rtpengine is not installed; make setup installs both")
    port = free_port()
    site = engines.prepare_site(folder, f"127.0.0.1:{port}", "+31715550199")
    with engines.running(name, site) as engine:
        teams = TeamsStage(folder, port=str(port), switches=f"127.0.0.1:{site.sip_port}")
        devices = {"anna": "sip:+31715550177@sip.pstnhub.microsoft.com"}
        with on_stage(Stage(engine, folder / "core", devices, sbc=f"127.0.0.1:{port}")) as stage:
            border = Border(stage, teams)
            yield border
        for line in border.lines:
            line.close()
        teams.close()


def test_another_telephone_of_teams_takes_over_the_agents_call_and_the_caller_hears_it(border: Border) -> None:
    stage, entrance = border.stage, border.teams.entrances[0]
    stage.log_on("anna")
    caller = stage.waits(CALLER)
    connection, invite = entrance.expect_invite()
    desk = border.line(AGENT)
    desk.learn(invite.body.decode())
    taken = answer(invite, 200, "OK", offer(desk.port))
    connection.send(taken)
    caller.rtp.hear_tone(AGENT)
    desk.rtp.hear_tone(CALLER)

    other = TeamsCall(border.teams, entrance.dial_in("127.0.0.1", border.teams.sbc.door("tls")), CUSTOMER)
    line = border.line(OTHER)
    ours, theirs = invite.tag("From"), Message.parse(taken.encode()).tag("To")
    guessed = TeamsCall(border.teams, other.connection, CUSTOMER)
    guessed.invite({"Replaces": f"{invite.call_id};to-tag={ours};from-tag=guessed", "Require": "replaces"})
    assert guessed.final().status == 481, "whoever knows the Call-ID alone is no part of the call"
    replaced = f"{invite.call_id};to-tag={ours};from-tag={theirs}"
    other.invite({"Replaces": replaced, "Require": "replaces"}, offer(line.port))
    taken_over = other.accept()
    line.learn(taken_over.body.decode())
    caller.rtp.hear_tone(OTHER)
    line.rtp.hear_tone(CALLER)
    entrance.wait(lambda message: message.start.startswith("BYE ") and message.call_id == invite.call_id)
    assert (stage.agent("anna").state, len(stage.contacts())) == ("talking", 1)
    caller.bye()
    entrance.wait(lambda message: message.start.startswith("BYE ") and message.call_id == other.call_id)
    stage.sees("anna", "wrap-up")
