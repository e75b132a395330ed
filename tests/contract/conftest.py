"""The switch contract suite: each test runs against softswitch and, where it is installed, FreeSWITCH."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.esl import Esl, Event
from tests.contract.sip_peer import Call, SipParty
from tests.contract.sound import PCMA, PCMU, RtpStream

OVERFLOW_NUMBER = "+31715550199"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which engines were there, so that a green run does not look like more than it is."""
    for name, missing in engines.MISSING.items():
        terminalreporter.write_line(f"switch contract: {name}: {missing() or 'tested'}")


@dataclass(frozen=True, slots=True)
class Running:
    """What lives as long as the engine: the party that its gateway leads to, a connection for heartbeats."""

    engine: Engine
    trunk: SipParty
    heartbeats: Esl


@pytest.fixture(scope="session", params=list(engines.START))
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The engine, started once."""
    name = str(request.param)
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    trunk = SipParty(("127.0.0.1", 9))
    site = engines.prepare_site(tmp_path_factory.mktemp(name), trunk.address, OVERFLOW_NUMBER)
    trunk.engine = ("127.0.0.1", site.sip_port)
    with engines.running(name, site) as engine:
        heartbeats = engine.login()
        heartbeats.subscribe("HEARTBEAT")
        yield Running(engine, trunk, heartbeats)
        heartbeats.close()
    trunk.close()


@pytest.fixture
def engine(running: Running) -> Engine:
    return running.engine


@pytest.fixture
def trunk(running: Running) -> SipParty:
    """The party behind the gateway: the SBC, as the engine sees it."""
    return running.trunk


@pytest.fixture
def heartbeats(running: Running) -> Esl:
    """Has listened since the engine started, so that no test need wait for the next beat."""
    return running.heartbeats


@pytest.fixture
def esl(engine: Engine) -> Iterator[Esl]:
    """A connection that hears every event. When the test is over, every call is ended."""
    connection = engine.login()
    connection.subscribe("ALL")
    yield connection
    _end_all_calls(connection)
    connection.close()


def _end_all_calls(connection: Esl) -> None:
    """Until the end of each leg was told, so that the next test hears nothing of this one."""
    connection.api("hupall NORMAL_CLEARING")
    for leg in {event.uuid for event in connection.events if event.name == "CHANNEL_CREATE"}:
        if "CHANNEL_DESTROY" not in connection.names(leg):
            connection.wait_event("CHANNEL_DESTROY", leg)


@pytest.fixture
def party(engine: Engine) -> Iterator[SipParty]:
    """Whoever calls and is called in a test: one SIP address."""
    peer = SipParty(engine.sip_address)
    yield peer
    peer.close()


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg as both sides see it: its uuid on the switch, the call at the party's end."""

    uuid: str
    call: Call

    @property
    def rtp(self) -> RtpStream:
        return self.call.rtp


class Floor:
    """The steps that nearly every test begins with."""

    def __init__(self, engine: Engine, esl: Esl, party: SipParty) -> None:
        self.engine = engine
        self.esl = esl
        self.party = party

    def arrive(self, number: str = "+31715550100", **options: object) -> Leg:
        """A call arrives and the controller takes it; it is not answered yet."""
        call = self.party.call(number, **options)  # type: ignore[arg-type]
        parked = self.parked(call)
        self.esl.ok(f"sched_del {parked.uuid}")
        return Leg(parked.uuid, call)

    def parked(self, call: Call) -> Event:
        """The CHANNEL_PARK of this call."""
        return self.esl.wait_event("CHANNEL_PARK", where={"variable_sip_call_id": call.call_id})

    def caller(self, speaks: int | None = 1230, **options: object) -> Leg:
        """A caller in an answered call, who says a tone."""
        leg = self.arrive(**options)  # type: ignore[arg-type]
        self.esl.ok(f"uuid_answer {leg.uuid}")
        leg.call.wait_answered()
        self.esl.wait_event("CHANNEL_ANSWER", leg.uuid)
        leg.rtp.say(speaks)
        return leg

    def agent(
        self,
        speaks: int | None = 1700,
        variables: str = "",
        user: str = "agent",
        codecs: tuple[int, ...] = (PCMA, PCMU),
    ) -> Leg:
        """A called party who answers at once, waits in a park and says a tone."""
        uuid, job = self.dial(variables, user)
        call = self.party.expect_call()
        call.codecs = codecs
        call.answer()
        assert self.esl.job_answer(job).strip() == f"+OK {uuid}"
        self.esl.wait_event("CHANNEL_PARK", uuid)
        call.rtp.say(speaks)
        return Leg(uuid, call)

    def dial(self, variables: str = "", user: str = "agent") -> tuple[str, str]:
        """`originate` in the background to the party; the leg's uuid and the job's."""
        uuid = self.esl.api("create_uuid").strip()
        listed = ",".join(filter(None, [f"origination_uuid={uuid}", "originate_timeout=5", variables]))
        job = self.esl.bgapi(f"originate {{{listed}}}{self.engine.dial_string(self.party, user)} &park()")
        return uuid, job

    def bridge(self, one: Leg, other: Leg) -> None:
        self.esl.ok(f"uuid_bridge {one.uuid} {other.uuid}")
        self.esl.wait_event("CHANNEL_BRIDGE")

    def talking(self, **options: object) -> tuple[Leg, Leg]:
        """A caller and an agent in conversation: 1230 Hz and 1700 Hz."""
        caller, agent = self.caller(**options), self.agent()  # type: ignore[arg-type]
        self.bridge(caller, agent)
        return caller, agent


@pytest.fixture
def floor(engine: Engine, esl: Esl, party: SipParty) -> Floor:
    return Floor(engine, esl, party)
