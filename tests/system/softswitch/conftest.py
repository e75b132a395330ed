"""One running softswitch for all tests of this folder, and the people that call through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from tests.system.softswitch.esl_client import EslClient
from tests.system.softswitch.process import PASSWORD, Softswitch, write_tone
from tests.system.softswitch.sip_phone import Message, Phone


@dataclass
class Party:
    """A leg as both sides see it."""

    uuid: str
    phone: Phone
    sdp: str
    """The description that the switch sent: where it wants sound."""


@dataclass
class Floor:
    """The steps that nearly every test begins with."""

    switch: Softswitch
    esl: EslClient
    folder: Path
    phones: list[Phone] = field(default_factory=list)

    def phone(self, host: str = "127.0.0.1") -> Phone:
        made = Phone(host)
        self.phones.append(made)
        return made

    def arrives(self, number: str = "+31715550100", **options: str | None) -> tuple[str, Phone]:
        """A call comes in and the controller takes it."""
        phone = self.phone()
        phone.call(self.switch.sip, number, **options)  # type: ignore[arg-type]
        return self.parked(phone), phone

    def parked(self, phone: Phone) -> str:
        uuid = self.esl.wait("CHANNEL_PARK", variable_sip_call_id=phone.call_id).uuid
        self.esl.api(f"sched_del {uuid}")
        return uuid

    def caller(self) -> Party:
        uuid, phone = self.arrives()
        assert self.esl.api(f"uuid_answer {uuid}") == "+OK\n"
        ok = phone.expect(200, method="INVITE")
        phone.ack(ok)
        self.esl.wait("CHANNEL_ANSWER", uuid)
        return Party(uuid, phone, ok.body)

    def dial(self, variables: str = "") -> tuple[str, Phone, str]:
        """Order a call to a new phone; the leg's uuid, the phone and the job."""
        phone, uuid = self.phone(), str(uuid4())
        listed = ",".join(part for part in (f"origination_uuid={uuid}", variables) if part)
        job = self.esl.bgapi(f"originate {{{listed}}}sofia/cx/anna@{phone.address} &park()")
        return uuid, phone, job

    def agent(self, variables: str = "") -> Party:
        uuid, phone, job = self.dial(variables)
        invite = phone.take_call()
        phone.answer(invite)
        assert self.esl.answer_of(job) == f"+OK {uuid}\n"
        self.esl.wait("CHANNEL_PARK", uuid)
        return Party(uuid, phone, invite.body)

    def bridge(self, one: Party, other: Party) -> None:
        assert self.esl.api(f"uuid_bridge {one.uuid} {other.uuid}") == f"+OK {other.uuid}\n"
        self.esl.wait("CHANNEL_BRIDGE", one.uuid)
        self.esl.wait("CHANNEL_STATE", other.uuid, Channel_State="CS_EXCHANGE_MEDIA")

    def tone(self, seconds: float = 0.3) -> str:
        path = self.folder / f"tone-{seconds}.wav"
        return str(path if path.exists() else write_tone(path, 500, seconds))


@pytest.fixture(scope="session")
def softswitch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Softswitch]:
    process = Softswitch(tmp_path_factory.mktemp("softswitch"), "--controller-timeout-seconds", "2")
    process.wait_ready()
    yield process
    assert process.stop() == 0, "\n".join(process.lines)
    assert not any("Traceback" in line for line in process.lines), "\n".join(process.lines)


@pytest.fixture
def esl(softswitch: Softswitch) -> Iterator[EslClient]:
    client = EslClient.signed_in(softswitch.event_socket_port, PASSWORD)
    yield client
    client.close()


@pytest.fixture
def floor(softswitch: Softswitch, esl: EslClient, tmp_path: Path) -> Iterator[Floor]:
    made = Floor(softswitch, esl, tmp_path)
    yield made
    esl.api("hupall")
    for phone in made.phones:
        phone.close()


@pytest.fixture
def phone() -> Iterator[Phone]:
    made = Phone()
    yield made
    made.close()


__all__ = ["Floor", "Message", "Party"]
