"""Requirement 62: between client and server TLS 1.2 or higher."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest

from tests.config.sbc_stage import Sbc
from tests.tls_versions import speaks


@pytest.fixture(scope="module")
def sbc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbc]:
    sbc = Sbc(tmp_path_factory.mktemp("tls"))
    yield sbc
    sbc.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_are_refused(sbc: Sbc, version: ssl.TLSVersion) -> None:
    assert not speaks(sbc.door("tls"), version)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(sbc: Sbc, version: ssl.TLSVersion) -> None:
    assert speaks(sbc.door("tls"), version)
