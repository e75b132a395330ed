"""A Teams user who is an agent of the whole product: TLS and SRTP with the SBC, callers of the trunk opposite."""

from __future__ import annotations

import base64
import re
import shutil
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.contract.sip_peer import Call, Message, Sdp
from tests.contract.sound import DECODE, RtpStream
from tests.media.stage import BorderStage, border
from tests.media.voice import ReportingStream, plain_socket
from tests.system.stage import DIRECT
from tests.teams.certificates import make_authority, make_certificate
from tests.teams.peer import TeamsPeer, answer, offer, request
from tests.teams.srtp import Direction, SrtpSocket, key_in, new_key

OUR_NAME = "localhost"
USER = "+31715550177"
ADDRESS = f"sip:{USER}@sip.pstnhub.microsoft.com"


class SecureStream(ReportingStream):
    """The sound of a Teams user: SRTP on the wire, RTCP on the same port."""

    def __init__(self) -> None:
        self.key = new_key()
        super().__init__("127.0.0.11")

    @property
    def wire(self) -> SrtpSocket:
        """What is really sent and received."""
        return self._socket  # type: ignore[return-value]

    def description(self, direction: str = "sendrecv") -> str:
        """As Teams offers and answers."""
        return re.sub(r"127\.0\.0\.1\b", self.host, offer(self.port, direction, self.key))

    def learn(self, description: str) -> None:
        """Send where the other side wants it, and open what it sends with its key."""
        sdp = Sdp.parse(description)
        self.payload_type = next(each for each in sdp.payload_types if each in DECODE)
        self.wire.receiving = Direction(key_in(description))
        self.remote = (sdp.host, sdp.port)

    def _bound_socket(self) -> socket.socket:
        self._rtcp, sending = plain_socket(), Direction(base64.b64decode(self.key))
        return SrtpSocket(RtpStream._bound_socket(self), sending)  # type: ignore[return-value]

    def _send_report(self, octets: bytes) -> None:
        if self.remote is not None:
            self.wire.sendto(octets, self.remote)

    def _hear_report(self) -> None:
        time.sleep(0.02)
        while self.wire.reports:
            self._take_report(self.wire.reports.pop(0))


class TeamsCall:
    """One call to a user of Teams, as the entrance takes it."""

    def __init__(self, peer: TeamsPeer) -> None:
        self.peer, self.rtp = peer, SecureStream()
        self.connection, invite = peer.expect_invite()
        self.invite = _with_tag(invite, uuid.uuid4().hex[:10])
        self.rtp.learn(invite.body.decode())

    def progress_in_silence(self) -> None:
        """183 with a description, and SRTP packets that hold silence."""
        self.connection.send(answer(self.invite, 183, "Session Progress", self.rtp.description()))

    def pick_up(self, speaks: int) -> None:
        self.connection.send(answer(self.invite, 200, "OK", self.rtp.description()))
        self.peer.wait(lambda message: message.start.startswith("ACK ") and message.call_id == self.invite.call_id)
        self.rtp.say(speaks)

    def reinvite(self, direction: str, cseq: int) -> Message:
        """Change the direction, as Teams' hold does; what the SBC answers."""
        dialogue = {"From": self.invite.get("To"), "To": self.invite.get("From"), "Call-ID": self.invite.call_id}
        dialogue["Route"] = ", ".join(self.invite.all("Record-Route"))
        self.rtp.sending = direction == "sendrecv"
        self.connection.send(
            request("INVITE", self.invite.contact, dialogue, cseq, body=self.rtp.description(direction))
        )
        found = self.peer.wait(lambda message: message.status >= 200 and message.cseq == cseq)
        self.connection.send(request("ACK", self.invite.contact, dialogue, cseq))
        if found.body:
            self.rtp.learn(found.body.decode())
        return found

    def wait_ended(self) -> Message:
        return self.peer.wait(lambda message: message.start.startswith("BYE "))

    def close(self) -> None:
        self.rtp.close()


def _with_tag(invite: Message, tag: str) -> Message:
    headers = ((name, f"{value};tag={tag}" if name == "To" else value) for name, value in invite.headers)
    return replace(invite, headers=tuple(headers))


class TeamsFloor:
    """The stage with an entrance of Teams; Anna is a Teams user, Bram has a telephone."""

    def __init__(self, stage: BorderStage, peer: TeamsPeer) -> None:
        self.stage, self.peer = stage, peer
        self._calls: list[TeamsCall] = []

    def rings(self) -> TeamsCall:
        """Anna's Teams is called."""
        self._calls.append(TeamsCall(self.peer))
        return self._calls[-1]

    def talking(self, caller_says: int, anna_says: int) -> tuple[Call, TeamsCall]:
        """A caller of the trunk and Anna, each saying a tone."""
        self.stage.log_on("anna")
        self.stage.sees("anna", "ready")
        caller = self.stage.calls(DIRECT)
        caller.wait_answered()
        caller.rtp.say(caller_says)
        call = self.rings()
        call.pick_up(anna_says)
        caller.rtp.hear_tone(anna_says)
        call.rtp.hear_tone(caller_says)
        return caller, call

    def close(self) -> None:
        for call in self._calls:
            call.close()


@contextmanager
def teams_floor(folder: Path, name: str) -> Iterator[TeamsFloor]:
    """Everything, started and stopped."""
    make_authority(folder)
    for whose in ("sbc", "teams"):
        make_certificate(folder, whose)
    (folder / "sbc").mkdir()
    for kind, file in (("certificate.pem", "sbc.pem"), ("key.pem", "sbc.key")):
        shutil.copyfile(folder / file, folder / "sbc" / kind)
    peer = TeamsPeer("127.0.0.11", folder)
    values = {"teams_name": OUR_NAME, "teams_peers": peer.address, "teams_networks": "127.0.0.11/32"}
    values |= {"tls_authorities": str(folder / "authority.pem"), "teams_options_seconds": "1"}
    with border(folder, name=name, sbc_values=values, users={"anna": {"device": ADDRESS}}) as stage:
        floor = TeamsFloor(stage, peer)
        try:
            yield floor
        finally:
            floor.close()
            peer.close()

