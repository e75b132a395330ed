"""Messaging services in memory and behind HTTP: the port `cxcore.ports.messenger`, and Meta's side of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cxcore.ports.messenger import MessageRefused, MessengerAway

TOKEN = "EAAG-a-token-of-the-test"
"""What the acted API wants behind `Bearer`."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a service took."""

    via: str
    to: str
    text: str
    reference: str


@dataclass(slots=True)
class FakeMessenger:
    """Takes everything, until it is told otherwise."""

    sent: list[Sent] = field(default_factory=list)
    away: bool = False
    refuses: str = ""

    def send(self, via: str, to: str, text: str, reference: str) -> None:
        """Keep it."""
        if self.away:
            raise MessengerAway("the service is away")
        if self.refuses:
            raise MessageRefused(self.refuses)
        self.sent.append(Sent(via, to, text, reference))


@dataclass(slots=True)
class CloudApi:
    """Meta's Cloud API as far as it takes texts; acted out for tests. `answers` are given in turn, then 200."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    answers: list[tuple[int, int | None]] = field(default_factory=list)
    """A status of HTTP, and a code of the API."""
    asked: int = 0
    authorised: list[str] = field(default_factory=list)

    def answer(self, path: str, authorization: str, body: bytes) -> tuple[int, object]:
        """Take a request: its status and its answer, as in reference/messages and support/error-codes."""
        self.asked += 1
        self.authorised.append(authorization)
        status, code = self.answers.pop(0) if self.answers else (200, None)
        if authorization != f"Bearer {TOKEN}":
            status, code = 401, 190
        if status != 200:
            return status, {"error": {"message": "said by the test", "type": "OAuthException", "code": code}}
        said = json.loads(body)
        assert (said["messaging_product"], said["type"]) == ("whatsapp", "text")
        via = path.removeprefix("/v26.0/").removesuffix("/messages")
        to = said.get("to") or said["recipient"]
        self.sent.append(Sent(via, to, said["text"]["body"], said["biz_opaque_callback_data"]))
        return 200, {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out{len(self.sent)}"}]}


@contextmanager
def cloud_api() -> Iterator[CloudApi]:
    """The API on a port of this machine."""
    api = CloudApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = api.answer(self.path, self.headers["Authorization"], body)
            answer = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}/v26.0"
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
