"""Requirement 62: between client and server TLS 1.2 or higher."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import pytest

from tests.config.sbc_stage import Sbc


@pytest.fixture(scope="module")
def sbc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    sbc = Sbc(tmp_path_factory.mktemp("tls"))
    yield sbc
    sbc.close()


def speaks(sbc: Sbc, version: ssl.TLSVersion) -> bool:
    """Whether SIP phones, Teams and softphones can connect with this version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = version
    with socket.create_connection(("127.0.0.1", sbc.door("tls")), 5) as plain:
        try:
            with context.wrap_socket(plain) as spoken:
                return spoken.version() is not None
        except OSError:
            return False


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_are_refused(sbc: Sbc, version: ssl.TLSVersion) -> None:
    assert not speaks(sbc, version)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(sbc: Sbc, version: ssl.TLSVersion) -> None:
    assert speaks(sbc, version)
