"""How long certificates last, read from their files: one that ends unseen takes Teams and softphones along."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cxcore.domain.health import Reading, read_certificate
from cxcore.ports.clock import Clock

FIRST = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.S)
TIME = rb"(?:\x17\x0d[0-9]{12}Z|\x18\x0f[0-9]{14}Z)"
VALIDITY = re.compile(rb"\x30[\x1e-\x22]" + TIME + rb"(?:\x17\x0d([0-9]{12})Z|\x18\x0f([0-9]{14})Z)", re.S)
"""notBefore and notAfter, each a UTCTime (until 2049) or a GeneralizedTime (RFC 5280 section 4.1.2.5)."""


class CertificateWatch:
    """`files` says whose certificate stands where (PEM, its own first). Of one that cannot be read nothing is told: the
    part may run on another machine, and who serves it says so by itself."""

    def __init__(self, files: Mapping[str, Path], clock: Clock) -> None:
        self._files, self._clock = files, clock

    def readings(self) -> Iterator[Reading]:
        """How the one is that ends first; nothing where there is none."""
        ends = {whose: end for whose, file in self._files.items() if (end := end_of(file)) is not None}
        if ends:
            yield read_certificate(ends, self._clock.now())


def end_of(file: Path) -> datetime | None:
    """Until when the first certificate of a PEM file is good; None where there is none that can be read."""
    try:
        first = FIRST.search(file.read_text(encoding="ascii"))
        found = VALIDITY.search(ssl.PEM_cert_to_DER_cert(first[0])) if first else None
    except (OSError, ValueError):
        return None
    if found is None:
        return None
    text = found[2] or (b"20" + found[1])
    return datetime.strptime(text.decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
