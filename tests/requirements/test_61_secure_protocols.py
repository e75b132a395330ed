"""Requirement 61: network protocols are secured as the list of the Forum Standaardisatie says.

HTTPS with TLS 1.2 or higher, and HSTS, of the pages themselves; that of telephony shows requirement 62. DNSSEC and port
443 belong to the hosting (docs/operations/installation.md).
"""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from admin_web.settings import WebSettings
from tests.teams.certificates import make_authority, make_certificate
from tests.tls_versions import speaks
from tests.web.conftest import make_desk

SERVER = """
from gevent import monkey; monkey.patch_all()
import sys
from pathlib import Path
from admin_web.server import make_server
from admin_web.settings import WebSettings
certificate, key = map(Path, sys.argv[1:])
settings = WebSettings(bytes(32), port=0, certificate=certificate, certificate_key=key, https=True)
server = make_server(lambda environ, start: (start("200 OK", []), [b""])[1], settings)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(scope="module")
def https_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("https")
    make_authority(folder)
    certificate = make_certificate(folder, "pages")
    words = [sys.executable, "-c", SERVER, str(certificate), str(folder / "pages.key")]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    yield int(server.stdout.readline())
    server.terminate()
    server.wait(10)
    server.stdout.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_pages_refuse_older_tls(https_port: int, version: ssl.TLSVersion) -> None:
    assert not speaks(https_port, version)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_pages_speak_tls_1_2_and_1_3(https_port: int, version: ssl.TLSVersion) -> None:
    assert speaks(https_port, version)


def test_browser_is_told_to_stay_with_https_for_a_year() -> None:
    answer = make_desk(WebSettings(bytes(32), https=True)).visitor().get("/sign-in")
    found = re.search(r"max-age=(\d+)", answer.headers["Strict-Transport-Security"])
    assert found is not None and int(found[1]) >= 31_536_000
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
