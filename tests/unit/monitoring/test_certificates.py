"""A certificate that ends soon is told of in time."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxcore.domain.health import CERTIFICATE_NOTICE, read_certificate
from cxcore.monitoring.certificates import CertificateWatch, end_of
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def certificate(file: Path, days: int) -> datetime:
    """A certificate that openssl makes, good for so many days; its end as openssl tells it."""
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sbc.gemeente.example.nl"]
    subprocess.run(
        [*make, "-days", str(days), "-keyout", f"{file}.key", "-out", str(file)], check=True, capture_output=True
    )
    told = subprocess.run(["openssl", "x509", "-noout", "-enddate", "-in", str(file)], check=True, capture_output=True)
    end = told.stdout.decode().strip().removeprefix("notAfter=")
    return datetime.strptime(end, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)


@pytest.mark.parametrize("days", [1, 47, 200, 9999, 20000])
def test_end_is_the_one_that_openssl_tells(tmp_path: Path, days: int) -> None:
    """Those beyond 2049 are written in another form."""
    assert certificate(tmp_path / "certificate.pem", days) == end_of(tmp_path / "certificate.pem")


def test_first_of_a_chain_counts(tmp_path: Path) -> None:
    own, authority = tmp_path / "own.pem", tmp_path / "authority.pem"
    end = certificate(own, 47)
    certificate(authority, 4000)
    (tmp_path / "chain.pem").write_text("subject=/CN=sbc\n" + own.read_text() + authority.read_text(), encoding="ascii")
    assert end_of(tmp_path / "chain.pem") == end


def test_file_that_holds_none_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.pem").write_text(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", encoding="ascii"
    )
    (tmp_path / "noise.pem").write_bytes(bytes(range(256)))
    files = {name: tmp_path / name for name in ("missing.pem", "broken.pem", "noise.pem")}
    assert list(CertificateWatch(files, FakeClock()).readings()) == []


def test_one_that_ends_soon_is_told_by_name_and_day() -> None:
    ends = {"the SBC": NOW + CERTIFICATE_NOTICE - timedelta(hours=1), "the pages": NOW + timedelta(days=90)}
    told = read_certificate(ends, NOW)
    assert not told.healthy
    assert told.reason == "the certificate of the SBC ends on 2026-12-11; renew it"


def test_one_that_is_over_says_so() -> None:
    assert "ended on 2026-11-30" in read_certificate({"the pages": NOW - timedelta(days=1)}, NOW).reason


def test_certificates_that_last_are_well(tmp_path: Path) -> None:
    certificate(tmp_path / "certificate.pem", 9999)
    watch = CertificateWatch({"the SBC": tmp_path / "certificate.pem"}, FakeClock())
    assert [(reading.part, reading.healthy) for reading in watch.readings()] == [("certificate", True)]
